#ifndef INGEST_S3_PREFIX_CACHE_H
#define INGEST_S3_PREFIX_CACHE_H

#include "s3_tally.h"

/*
 * Which prefix of a tally a key counts under, for keys by the hundred million:
 * keys of one folder after the other cost a comparison, keys in no order a hash of
 * the folders that decide. Gives what tally_prefix_of() gives for the decoded key.
 */
struct prefix_cache;

struct prefix_cache *prefix_cache_open(struct tally *tally);
void prefix_cache_free(struct prefix_cache *cache);

/*
 * `key` as it stands in the file, URL-encoded. 64 bytes behind its end may be read,
 * and its bytes stay where they are until prefix_cache_moved().
 */
uint32_t prefix_cache_find(struct prefix_cache *cache, const char *key, size_t length);
void prefix_cache_moved(struct prefix_cache *cache);

#endif
