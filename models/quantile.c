#include "models/quantile.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    const struct weighted *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

void weighted_sort(struct weighted *samples, size_t n)
{
    if (n > 1)
        qsort(samples, n, sizeof *samples, by_value);
}

static double total_weight(const struct weighted *samples, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += samples[i].weight;
    return total;
}

bool quantile_nearest_rank(double *out, const struct weighted *sorted, size_t n, double p)
{
    double total = total_weight(sorted, n), below = 0;
    if (n == 0 || !(total > 0))
        return false;
    /* Weights are sums of minutes: the slack keeps 0.95 x 20 from asking for a 20th sample. */
    double wanted = p * total * (1 - 1e-12);
    for (size_t i = 0; i < n; i++) {
        below += sorted[i].weight;
        if (sorted[i].weight > 0 && below >= wanted) {
            *out = sorted[i].value;
            return true;
        }
    }
    *out = sorted[n - 1].value;
    return true;
}

bool spread_of(struct spread *out, struct weighted *samples, size_t n)
{
    weighted_sort(samples, n);
    struct spread s = {.weight = total_weight(samples, n), .count = n};
    if (n == 0 || !(s.weight > 0))
        return false;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += samples[i].value * samples[i].weight;
    s.mean = sum / s.weight;
    const struct {
        double *into, p;
    } wanted[] = {
        {&s.p50, 0.5}, {&s.p95, 0.95}, {&s.p99, 0.99}, {&s.p995, 0.995}, {&s.max, 1}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        quantile_nearest_rank(wanted[i].into, samples, n, wanted[i].p);
    *out = s;
    return true;
}
