#ifndef BILL_PARQUET_H
#define BILL_PARQUET_H

#include "io/duckdb.h"
#include "run.h"

/*
 * Parquet bills: DuckDB adds the rows up by what makes a line (sku, place, span
 * of time), with the columns that the format's table names, and its result is
 * read as a bill of fewer rows that says how many each stands for.
 */
bool parquet_likely(const char *bytes, size_t length);

/* The names of a file's columns, as a header row of CSV. */
bool parquet_header(struct buf *out, struct duckdb *db, const char *path, struct err *err);
/* All rows as they are, for small tables. */
bool parquet_rows(struct buf *out, struct duckdb *db, const char *path, struct err *err);
/* The sums, by the layout's columns. */
bool parquet_sums(struct buf *out, struct duckdb *db, const char *path,
                  const struct layout *layout, const struct bill_options *options,
                  struct err *err);

/* The query behind parquet_sums(). */
void parquet_query(struct buf *out, const char *path, const struct layout *layout,
                   const struct bill_options *options);

#endif
