#ifndef INGEST_S3_INVENTORY_TRAITS_H
#define INGEST_S3_INVENTORY_TRAITS_H

#include "s3_inventory.h"

/*
 * What the columns from the storage class on say of an object. They stand side by
 * side and few combinations occur, so their text is looked up as a whole.
 */
struct traits {
    uint8_t class;
    uint8_t properties; /* bits by enum tally_property */
    bool regular;       /* every value stands in quotes, and none is missing at the end */
};

struct trait_span {
    bool listed;
    uint32_t first, last; /* columns, from 0 */
};

struct trait_span trait_span_of(const struct inventory_schema *schema);

struct trait_cache;

struct trait_cache *trait_cache_open(struct tally *tally,
                                     const struct inventory_schema *schema);
void trait_cache_free(struct trait_cache *cache);

/*
 * `text`: the span's columns, or those up to the row's end, as they stand in the
 * file, with quotes and commas.
 */
struct traits trait_cache_find(struct trait_cache *cache, const char *text, size_t length);

#endif
