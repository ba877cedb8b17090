#ifndef MODELS_QUANTILE_H
#define MODELS_QUANTILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Nearest-rank quantiles: the least sample whose weight, with all below it,
 * reaches p of the total weight. Always a value that was measured, never one
 * between two. Weights are the minutes (or hours) a sample stands for.
 */
struct weighted {
    double value, weight;
};

void weighted_sort(struct weighted *samples, size_t n); /* by value, then weight */

/*
 * 0 < p <= 1, samples sorted by weighted_sort(). False when no sample has a
 * weight above 0. Values must be finite.
 */
bool quantile_nearest_rank(double *out, const struct weighted *sorted, size_t n, double p);

/* What a report shows of a series, since an average alone misleads. */
struct spread {
    double mean, p50, p95, p99, p995, max;
    double weight; /* total */
    size_t count;
};

bool spread_of(struct spread *out, struct weighted *samples, size_t n); /* sorts the samples */

#endif
