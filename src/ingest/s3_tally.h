#ifndef INGEST_S3_TALLY_H
#define INGEST_S3_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/sym.h"
#include "base/vec.h"
#include "estate/objects.h"

/*
 * Objects counted by prefix, class, state, age and size, in memory that grows
 * with the prefixes, not with the objects: with more than TALLY_GROUPS groups
 * all prefixes lose their deepest folder. What comes out does not depend on the
 * order of the objects. One per thread; merged at the end.
 */
enum {
    TALLY_GROUPS = 2048,
    TALLY_DEPTH = 4,
    TALLY_CLASSES = 16,
    TALLY_STATES = 3,
    TALLY_ROOTS = 50000
};

struct tally_prefix {
    sym text;
    uint32_t group[TALLY_CLASSES][TALLY_STATES]; /* index + 1 into groups; 0: none yet */
};

struct tally_group {
    uint32_t prefix;
    uint8_t class, state;
    struct object_bin bins[AGE_BINS][SIZE_BINS];
};

/* Objects of a bucket with some property, as the optional columns say. */
enum tally_property {
    TALLY_KMS_WITHOUT_BUCKET_KEY,
    TALLY_REPLICATED,
    TALLY_LOCKED,
    TALLY_TIER_FREQUENT,
    TALLY_TIER_INFREQUENT,
    TALLY_TIER_ARCHIVE_INSTANT,
    TALLY_TIER_ARCHIVE,
    TALLY_TIER_DEEP_ARCHIVE,
    TALLY_PROPERTIES
};

struct tally {
    struct intern *strings;
    int depth;
    VEC(struct tally_prefix) prefixes;
    VEC(struct tally_group) groups;
    struct map prefix_by_text;
    sym class_name[TALLY_CLASSES];
    size_t class_length[TALLY_CLASSES];
    size_t classes;
    VEC(sym) roots;
    struct map root_by_text;
    bool too_many_roots;
    struct object_bin property[TALLY_PROPERTIES];
    uint64_t generation; /* changes when prefix indexes become stale */
};

void tally_init(struct tally *t);
void tally_release(struct tally *t);

/* Index into t->prefixes for a decoded key; notes a table root that the key gives away. */
uint32_t tally_prefix_of(struct tally *t, const char *key, size_t length);
/* A class by its name; the last index collects what comes after too many unknown ones. */
uint8_t tally_class(struct tally *t, const char *name, size_t length);
bool tally_class_known(uint8_t class);

/*
 * The group's histogram. May fold prefixes, after which indexes and pointers of
 * earlier calls are stale: compare t->generation.
 */
struct tally_group *tally_group(struct tally *t, uint32_t prefix, uint8_t class,
                                enum object_state state);
void tally_merge(struct tally *into, const struct tally *from);

int tally_age_bin(int days);
int tally_size_bin(uint64_t bytes);

/* Group indexes sorted by prefix, class name and state; freed by the caller. */
uint32_t *tally_sorted(const struct tally *t);
/* The first table root, by bytes, that overlaps the prefix; NULL when it is free. */
sym tally_root_of(const struct tally *t, const char *prefix);

#endif
