#ifndef INGEST_S3_PUBLISH_H
#define INGEST_S3_PUBLISH_H

#include "estate/estate.h"
#include "s3_tally.h"

/* The bucket of that name in the estate, made and typed when it is new. */
uint32_t s3_bucket(struct estate *into, const char *name);

/* Sets usage.<key> of a resource, keeping what its usage says already. */
void s3_usage_set(struct estate *into, uint32_t resource, const char *key, struct node *value);

/*
 * Adds the groups of a tally, sorted, and usage.s3_inventory: objects, bytes and
 * the properties that were counted. Unknown classes and folded prefixes are noted.
 */
void s3_publish_tally(struct estate *into, const struct tally *tally, const char *bucket,
                      day taken_on, const char *source);

#endif
