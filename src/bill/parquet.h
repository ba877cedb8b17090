#ifndef BILL_PARQUET_H
#define BILL_PARQUET_H

#include "io/duckdb.h"
#include "run.h"

/*
 * Parquet bills: DuckDB reads the columns that a layout names and hands out its
 * vectors in its own threads; there they become rows as a scan makes them, and
 * are added up like those of any other bill. No row is ever kept.
 */
bool parquet_likely(const char *bytes, size_t length);

/* The names and types of a file's columns. */
bool parquet_header(struct header *out, struct duckdb *db, const char *path, struct err *err);
/* All rows as CSV, for small tables. */
bool parquet_rows(struct buf *out, struct duckdb *db, const char *path,
                  const struct header *header, struct err *err);
/* Every Parquet part of the run, into the workers: as many as `db` has threads, or more. */
bool parquet_read_all(struct bill_run *run, struct duckdb *db, struct bill_worker *workers,
                      size_t count, struct err *err);

#endif
