#ifndef INGEST_CSV_EXPORT_H
#define INGEST_CSV_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "estate/estate.h"
#include "io/csv.h"

/* A CSV export of a service whose columns have fixed names, read row by row. */
struct csv_export {
    const char *path;
    struct csv *csv;
    size_t column[8]; /* where each name stands */
    uint64_t bad;     /* rows that could not be read */
    struct err first_bad;
};

/* Every name must be there. End with csv_close(e->csv), which takes NULL, in any case. */
bool csv_export_open(struct csv_export *e, const char *path, const char *const *names,
                     size_t count, struct err *err);
/* The text of the row at hand in column `name`. */
const char *csv_export_text(const struct csv_export *e, size_t name);
/*
 * Gives every row to take(), which says false where it cannot read one. Such rows are
 * counted, and the first is told with `why`; with `strict` it is an error.
 */
bool csv_export_each(struct csv_export *e, bool (*take)(void *into), void *into,
                     const char *why, bool strict, struct err *err);

/* How many rows are left out, and the first of them. */
void csv_export_note(const struct csv_export *e, struct estate *into);

#endif
