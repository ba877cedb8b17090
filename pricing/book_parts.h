#ifndef PRICING_BOOK_PARTS_H
#define PRICING_BOOK_PARTS_H

#include "image.h"
#include "pricing/book.h"

enum { ATTRIBUTES_MAX = 8, KEY_ROOM = 512 };

struct attribute {
    const char *name, *value;
    size_t name_length, value_length;
};

/* What an override matches, taken apart once. */
struct override {
    const struct book_override *given;
    char *text; /* owns the parts */
    const char *service, *item, *region; /* NULL: any */
    char *names[ATTRIBUTES_MAX], *values[ATTRIBUTES_MAX];
    size_t attribute_count;
    char *key; /* "service item a=1;b=2" when it names one price; else NULL */
};

struct layer {
    const struct image *image;
    enum price_origin origin;
};

struct book {
    struct layer layers[2]; /* the first that has a price decides */
    size_t layer_count;
    struct image *folder; /* owned; NULL without --prices */
    struct override *overrides;
    size_t override_count;
    char version[64];
};

/* A price in the book before contract terms: its tiers and where they stand. */
struct found {
    const struct image *image;
    const struct image_row *row;
    const struct image_cell *cell;
    enum price_origin origin;
};

/* "service item a=1;b=2" with sorted attributes; 0 when that is not a key. */
size_t key_text(char out[KEY_ROOM], const struct price_key *key);

bool book_find(struct found *out, const struct book *book, const struct price_key *key);

struct image_tier found_tier(const struct found *found, size_t i);
size_t found_tier_count(const struct found *found);

bool overrides_open(struct book *book, const struct book_options *options, struct err *err);
void overrides_free(struct book *book);
/* The first override for this price; NULL when there is none. */
const struct override *override_for(const struct book *book, const char *key,
                                    const char *region);
/* A price that only the contract has: names it exactly, in this region or in all. */
const struct override *override_alone(const struct book *book, const char *key,
                                      const char *region);
struct money override_apply(const struct override *override, const char *unit,
                            struct money list);

/* How many things a unit's price is for: 1000 of "usd_per_1000_requests". */
double unit_per(const char *unit);

#endif
