#ifndef ESTATE_DIFF_H
#define ESTATE_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "estate/estate.h"

/* What happens to a resource between two estates. */
enum change_kind {
    CHANGE_NONE, /* in both, with the same attributes and tags */
    CHANGE_ADDED,
    CHANGE_REMOVED,
    CHANGE_UPDATED,   /* in both, something differs */
    CHANGE_REPLACED,  /* destroyed and made anew under the same address */
    CHANGE_FORGOTTEN, /* no longer managed; it goes on and goes on costing */
    CHANGE_KINDS
};

/* What a plan says about one resource beyond its values before and after. */
struct planned_action {
    sym key; /* of the resource in both estates */
    enum change_kind kind;
    sym previous; /* address that it is moved from; NULL when it stays */
};

/*
 * An infrastructure change as it was read: two estates and what the plan says of it.
 * Attributes of `before` may live in the arena of `after`.
 */
struct change {
    struct estate *before, *after;
    bool has_before; /* false: the input knows one state only, so nothing can be compared */
    bool incomplete; /* the plan ended in an error or holds resources back */
    VEC(struct planned_action)
    actions; /* only those that need saying: replaced, moved, forgotten */
};

void change_init(struct change *change); /* opens both estates */
void change_release(struct change *change);

struct attribute_change {
    const char *path;             /* "root_block_device.0.volume_size", "tags.Owner" */
    const struct node *from, *to; /* NULL where it is not there */
};

struct resource_change {
    enum change_kind kind;
    uint32_t before, after; /* indexes into the estates' resources, or NOTHING */
    sym previous;           /* moved from; NULL */
    VEC(struct attribute_change) attributes;
};

struct estate_diff {
    struct arena arena;
    VEC(struct resource_change) all; /* every resource of either estate, by address */
    size_t by_kind[CHANGE_KINDS];
};

/* Resources are the same when their keys are. Unknown values differ from known ones. */
void estate_diff(struct estate_diff *out, const struct change *change);
void estate_diff_release(struct estate_diff *diff);

const char *change_kind_name(enum change_kind kind); /* "added" */

#endif
