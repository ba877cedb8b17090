#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Small and odd CSV files, read by libcsv, a row at a time: a header row gives
 * the columns their names. Spaces belong to the field; empty lines are skipped;
 * rows end with LF, CRLF or CR. A header row without a comma but with semicolons or tabs
 * says that those keep the fields apart. Bulk files go through io/csv_scan.h.
 */
struct csv;

struct csv_field {
    const char *text; /* NUL-terminated, good until the next csv_next() */
    size_t length;
    bool quoted; /* an empty field that was written as "" */
};

bool csv_open(struct csv **out, const char *path, struct err *err); /* reads the header */
bool csv_open_text(struct csv **out, const char *name, const char *text, size_t length,
                   struct err *err); /* the text is borrowed until csv_close() */
void csv_close(struct csv *csv);

size_t csv_columns(const struct csv *csv);
const char *csv_column_name(const struct csv *csv, size_t column);
/* The column of that name; (size_t)-1 when the file has none. */
size_t csv_column(const struct csv *csv, const char *name);

/* The next row; *more is false at the end. Fails for damaged input only. */
bool csv_next(struct csv *csv, bool *more, struct err *err);
size_t csv_row(const struct csv *csv);        /* from 1; the header is row 1 */
size_t csv_field_count(const struct csv *csv); /* of this row: may differ from the header's */
struct csv_field csv_at(const struct csv *csv, size_t column); /* "" when there is none */
const char *csv_text(const struct csv *csv, size_t column);

enum { CSV_DECIMAL = 64 };
/* The text of a number: where commas do not keep fields apart, "1,5" reads as "1.5". */
const char *csv_decimal(const struct csv *csv, size_t column, char room[CSV_DECIMAL]);

#endif
