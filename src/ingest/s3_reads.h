#ifndef INGEST_S3_READS_H
#define INGEST_S3_READS_H

#include <stddef.h>
#include <stdint.h>

#include "estate/estate.h"
#include "s3_tally.h"

/*
 * Reads of objects, summed by bucket, prefix and age. The age is known where the
 * logs saw the object written, or where its key holds a date; other reads are kept
 * apart. Memory grows with the prefixes, and with the writes up to a million.
 */
struct s3_reads;

struct s3_reads *s3_reads_open(void);
void s3_reads_free(struct s3_reads *reads);

/* Times are seconds since 1970; keys are decoded. */
void s3_reads_get(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                  const char *key, size_t length, int64_t at, uint64_t bytes);
void s3_reads_put(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                  const char *key, size_t length, int64_t at);
/* Other requests show that the log covers their time. */
void s3_reads_seen(struct s3_reads *reads, const char *bucket, size_t bucket_length,
                   int64_t at);

/* One access evidence for every bucket and prefix, in the order of their names. */
void s3_reads_publish(const struct s3_reads *reads, struct estate *into, const char *source);

/* A date between 2006 and `today` in a key: 2026-01-31, 2026/01/31 or 20260131. */
bool s3_key_date(day *out, const char *key, size_t length, day today);

#endif
