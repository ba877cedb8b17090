#ifndef INGEST_RUNS_COLUMNS_H
#define INGEST_RUNS_COLUMNS_H

#include "ingest/runs.h"

enum run_column_kind { RUN_TEXT, RUN_NUMBER, RUN_CLASS, RUN_TRISTATE, RUN_STATUS };

struct run_column {
    const char *name;
    enum run_column_kind kind;
    size_t offset; /* in a struct run */
    bool required; /* the column */
    bool needed;   /* a value in each row */
};

enum { RUN_COLUMNS = 14 };

/* The columns in the order in which they are written. */
extern const struct run_column run_columns[RUN_COLUMNS];

/* What a run has in that column: a sym, a double, or the enum of the kind. */
const void *run_member(const struct run *run, const struct run_column *c);

/* Is a table of that name JSON? All others are CSV. */
bool runs_are_json(const char *path);

#endif
