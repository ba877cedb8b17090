#include "models/commitment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct commitment_choice commitment_evaluate(const double *on_demand, size_t count,
                                             double discount, double usd_per_hour)
{
    double before = 0, after = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        double demand = on_demand[i] * (1 - discount);
        before += on_demand[i];
        used += fmin(demand, usd_per_hour);
        after += usd_per_hour + fmax(0, demand - usd_per_hour) / (1 - discount);
    }
    struct commitment_choice c = {.usd_per_hour = usd_per_hour};
    if (!count)
        return c;
    c.before = before / (double)count;
    c.after = after / (double)count;
    c.utilisation = usd_per_hour > 0 ? used / (double)count / usd_per_hour : 0;
    c.coverage = before > 0 ? used / (before * (1 - discount)) : 0;
    return c;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct commitment_choice commitment_optimal(const double *on_demand, size_t count,
                                            double discount)
{
    if (!count)
        return commitment_evaluate(on_demand, count, discount, 0);
    double *sorted = mem_alloc(count * sizeof *sorted);
    memcpy(sorted, on_demand, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, ascending);
    size_t at = (size_t)ceil(discount * (double)count);
    double committed = sorted[at ? at - 1 : 0] * (1 - discount);
    free(sorted);
    return commitment_evaluate(on_demand, count, discount, committed);
}
