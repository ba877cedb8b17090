#ifndef INGEST_S3_INVENTORY_H
#define INGEST_S3_INVENTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/when.h"
#include "io/duckdb.h"
#include "s3_tally.h"

/* The columns of S3 Inventory that are read; the others are skipped over. */
enum inventory_column {
    INVENTORY_KEY,
    INVENTORY_SIZE,
    INVENTORY_MODIFIED,
    INVENTORY_LATEST,
    INVENTORY_MARKER,
    INVENTORY_CLASS,
    INVENTORY_REPLICATION,
    INVENTORY_ENCRYPTION,
    INVENTORY_BUCKET_KEY,
    INVENTORY_LOCK,
    INVENTORY_TIER,
    INVENTORY_COLUMNS
};

/* Where they stand in the rows of one inventory. */
struct inventory_schema {
    int position[INVENTORY_COLUMNS]; /* from 0; -1: not listed */
    uint32_t columns;
};

/*
 * Reads a schema as the manifest states it: names separated by commas (CSV).
 * Fails when key, size or modification date is missing.
 */
bool inventory_schema_read(struct inventory_schema *out, const char *text, struct err *err);

enum { INVENTORY_BAD_SHOWN = 3 };

/* What reading one part gave, besides the tally. */
struct inventory_part {
    const char *path;
    uint64_t stated_bytes, bytes; /* of the file: by the manifest, 0 when it is silent; read */
    uint64_t rows, bad_rows;
    struct err bad[INVENTORY_BAD_SHOWN]; /* the first bad rows */
    bool failed;                         /* damaged or unreadable: `err` says why */
    struct err err;
};

/* Counts the rows of a CSV part. Ages are counted to `taken_on`. Failure is in the part. */
void inventory_part_read(struct tally *tally, struct inventory_part *part,
                         const struct inventory_schema *schema, day taken_on);

/* The same of a Parquet part; `schema` is the manifest's message text. */
void inventory_parquet_read(struct tally *tally, struct inventory_part *part,
                            struct duckdb *db, const char *schema, day taken_on);

#endif
