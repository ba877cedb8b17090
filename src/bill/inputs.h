#ifndef BILL_INPUTS_H
#define BILL_INPUTS_H

#include "io/duckdb.h"
#include "run.h"

/*
 * What the paths stand for: the parts of all bills, each with its layout, in a
 * fixed order; and the list prices. Notes about what was passed over are kept
 * until the estate may be touched.
 */
struct inputs {
    struct bill_run *run;
    struct duckdb *db; /* opened for the first Parquet file */
    VEC(struct note) notes;
    VEC(char *) texts; /* of parts that were made in memory */
};

bool inputs_find(struct inputs *in, struct bill_run *run, struct err *err);
/* Its memory is not needed any more once all parts are read. */
void inputs_close_duckdb(struct inputs *in);
void inputs_release(struct inputs *in);

#endif
