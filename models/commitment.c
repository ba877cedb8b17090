#include "models/commitment.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* Adds one hour under a plan of `left` USD to the sums in *c. */
static void add_hour(struct commitment_choice *c, const struct commitment_demand *demand,
                     size_t hour, double left)
{
    const double *on_demand = &demand->on_demand[hour * demand->classes];
    for (size_t k = 0; k < demand->classes; k++) {
        double rate = 1 - demand->discount[k];
        double served = fmin(left, on_demand[k] * rate);
        left -= served;
        c->before += on_demand[k];
        c->after += on_demand[k] - served / rate;
        c->utilisation += served;
        c->coverage += served / rate;
    }
}

struct commitment_choice commitment_evaluate(const struct commitment_demand *demand,
                                             double usd_per_hour)
{
    struct commitment_choice c = {.usd_per_hour = usd_per_hour};
    double hours = (double)demand->hours;
    if (!demand->hours)
        return c;
    for (size_t h = 0; h < demand->hours; h++)
        add_hour(&c, demand, h, usd_per_hour);
    c.coverage = c.before > 0 ? c.coverage / c.before : 0;
    c.utilisation = usd_per_hour > 0 ? c.utilisation / hours / usd_per_hour : 0;
    c.before /= hours;
    c.after = c.after / hours + usd_per_hour;
    return c;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Bends nearer than this are one: between them only rounding decides. */
static const double least_step_usd = 1e-9;

/* Where the cost may bend: 0 and every hour's need up to each class, ascending, each once. */
static double *bends(const struct commitment_demand *demand, size_t *count)
{
    double *at = mem_alloc((demand->hours * demand->classes + 1) * sizeof *at);
    size_t n = 1, kept = 1;
    for (size_t h = 0; h < demand->hours; h++) {
        double need = 0;
        for (size_t k = 0; k < demand->classes; k++)
            at[n++] = need += demand->on_demand[h * demand->classes + k] *
                              (1 - demand->discount[k]);
    }
    qsort(at, n, sizeof *at, ascending);
    for (size_t i = 1; i < n; i++)
        if (at[i] > at[kept - 1] + least_step_usd)
            at[kept++] = at[i];
    *count = kept;
    return at;
}

struct commitment_choice commitment_optimal(const struct commitment_demand *demand)
{
    size_t count, low = 0;
    double *at = bends(demand, &count);
    for (size_t high = count - 1; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (commitment_evaluate(demand, at[middle + 1]).after <
            commitment_evaluate(demand, at[middle]).after)
            low = middle + 1;
        else
            high = middle;
    }
    struct commitment_choice best = commitment_evaluate(demand, at[low]);
    free(at);
    return best;
}
