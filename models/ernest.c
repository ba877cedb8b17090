#include "models/ernest.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "models/nnls.h"

enum { TERMS = 4 };

static void terms(double *row, double share, double machines)
{
    row[0] = 1;
    row[1] = share / machines;
    row[2] = log(machines);
    row[3] = machines;
}

bool ernest_fit(struct ernest *out, const struct ernest_run *runs, size_t count, struct err *err)
{
    *out = (struct ernest){0};
    if (count == 0)
        return err_set(err, "a scaling curve needs at least one run");
    for (size_t i = 0; i < count; i++)
        if (!(runs[i].machines > 0) || !(runs[i].share > 0) || !(runs[i].seconds > 0))
            return err_set(err, "run %zu of a scaling curve: machines, share and seconds "
                                "must all be above 0", i + 1);
    double *rows = mem_alloc(count * TERMS * sizeof *rows);
    double *seconds = mem_alloc(count * sizeof *seconds);
    for (size_t i = 0; i < count; i++) {
        terms(rows + i * TERMS, runs[i].share, runs[i].machines);
        seconds[i] = runs[i].seconds;
    }
    double x[TERMS];
    bool ok = nnls_solve(x, rows, seconds, count, TERMS, err);
    if (ok)
        *out = (struct ernest){x[0], x[1], x[2], x[3]};
    free(rows);
    free(seconds);
    return ok;
}

double ernest_seconds(const struct ernest *model, double share, double machines)
{
    double row[TERMS];
    terms(row, share, machines);
    return model->serial * row[0] + model->work * row[1] + model->tree * row[2] +
           model->machine * row[3];
}
