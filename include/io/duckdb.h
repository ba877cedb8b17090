#ifndef IO_DUCKDB_H
#define IO_DUCKDB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * DuckDB's C library, loaded when it is first needed: $ADVISOR_DUCKDB (the file),
 * then libduckdb.so in lib/advisor beside the program's folder, in lib inside it,
 * in ~/.local/lib/advisor, in build/lib. Not there: the error says how to get it.
 */
struct duckdb;

bool duckdb_open(struct duckdb **out, unsigned threads, struct err *err);
void duckdb_close(struct duckdb *db); /* NULL is fine */

/*
 * Runs a query whose columns are all VARCHAR and appends the result as CSV, a
 * header first. NULL becomes an empty field.
 */
bool duckdb_csv(struct buf *out, struct duckdb *db, const char *sql, struct err *err);

/* Whether the library can read the file: one on another machine it cannot. */
bool duckdb_reads(const char *path, struct err *err);

/* A text as SQL writes it: 'it''s', and a name: "a ""b""". */
void duckdb_quote(struct buf *out, const char *text);
void duckdb_quote_name(struct buf *out, const char *name);

#endif
