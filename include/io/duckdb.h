#ifndef IO_DUCKDB_H
#define IO_DUCKDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* Runs a statement for what it does. */
bool duckdb_do(struct duckdb *db, const char *sql, struct err *err);

/*
 * Runs a query whose columns are all VARCHAR and appends the result as CSV, a
 * header first. NULL becomes an empty field.
 */
bool duckdb_csv(struct buf *out, struct duckdb *db, const char *sql, struct err *err);

/* Whether the library can read the file: one on another machine it cannot. */
bool duckdb_reads(const char *path, struct err *err);

/* A value of a VARCHAR column, in valid UTF-8. */
struct duckdb_text {
    uint32_t length;
    char bytes[12]; /* up to 12 stand here themselves; of more, 4 and a pointer to all */
};

static inline const char *duckdb_text_bytes(const struct duckdb_text *text)
{
    const char *all;
    memcpy(&all, text->bytes + 4, sizeof all);
    return text->length <= sizeof text->bytes ? text->bytes : all;
}

/* One column of some rows: values of the type that the query gave it. */
struct duckdb_vector {
    const void *values;    /* struct duckdb_text, double, int64_t ... */
    const uint64_t *valid; /* a bit a row, 0 for NULL; NULL when no row is */
};

static inline bool duckdb_is_null(const struct duckdb_vector *vector, size_t row)
{
    return vector->valid && !(vector->valid[row / 64] >> row % 64 & 1);
}

enum { DUCKDB_COLUMNS_MAX = 128 };
struct duckdb_chunk {
    size_t rows, columns;
    struct duckdb_vector vectors[DUCKDB_COLUMNS_MAX];
};

/* Who takes what DuckDB reads: called in several of its threads at once. */
struct duckdb_reader {
    void *context;
    /* Some rows, in no order; good during the call. */
    bool (*on_chunk)(void *context, const struct duckdb_chunk *chunk, struct err *err);
    /* The numbers of some texts: `which` is what the columns give DUCKDB_NUMBER. */
    void (*number)(void *context, unsigned which, const struct duckdb_vector *texts,
                   size_t rows, uint32_t *numbers);
};

/*
 * In the columns of duckdb_each(), `advisor_number(which, text)` is what the reader's
 * number() says, a uint32_t. DuckDB asks once for a text that a file keeps in a
 * dictionary, so that rows come as numbers, with no text copied.
 */
#define DUCKDB_NUMBER "advisor_number"

/*
 * Hands out `SELECT columns FROM source` while DuckDB reads it, without a result
 * being made. At most DUCKDB_COLUMNS_MAX columns.
 */
bool duckdb_each(struct duckdb *db, const char *columns, const char *source,
                 const struct duckdb_reader *reader, struct err *err);

/* A text as SQL writes it: 'it''s', and a name: "a ""b""". */
void duckdb_quote(struct buf *out, const char *text);
void duckdb_quote_name(struct buf *out, const char *name);

#endif
