#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * Runs fail for want of memory below some usable size: which one is a
 * distribution over a grid of sizes, a factor 1.3 apart.
 */

static const double LEAST_GIB = 4, GRID_STEP = 0.2624; /* ln 1.3 */
static const double RAMP = 0.15; /* log width from "fails" to "holds" */
static const double SURE_FAILURE = 0.89;

double threshold_gib(size_t i)
{
    return i == 0 ? 0 : LEAST_GIB * exp(GRID_STEP * (double)(i - 1));
}

static void normalise(struct threshold *t)
{
    double sum = 0;
    for (size_t i = 0; i < THRESHOLDS; i++)
        sum += t->belief[i];
    for (size_t i = 0; i < THRESHOLDS; i++)
        t->belief[i] = sum > 0 ? t->belief[i] / sum : i == 0;
}

/* Adds `share` of belief round a size; an infinite sd is "anywhere". */
static void add_belief(struct threshold *t, double share, double median_gib, double log_sd)
{
    double weight[THRESHOLDS] = {0}, sum = 0;
    for (size_t i = 1; i < THRESHOLDS; i++) {
        double z = isinf(log_sd) ? 0 : (log(threshold_gib(i)) - log(median_gib)) / log_sd;
        weight[i] = exp(-0.5 * z * z);
        sum += weight[i];
    }
    for (size_t i = 1; i < THRESHOLDS; i++)
        t->belief[i] += sum > 1e-9 ? share * weight[i] / sum : 0;
}

void threshold_start(struct threshold *out, double certain, double median_gib, double log_sd)
{
    *out = (struct threshold){{1 - certain}};
    add_belief(out, certain, median_gib, log_sd);
    normalise(out);
}

static double failure_at(size_t i, double usable_gib)
{
    if (i == 0)
        return SIZING_CHANCE_FAILURE;
    double shortage = log(threshold_gib(i) / usable_gib) / RAMP;
    return SIZING_CHANCE_FAILURE + SURE_FAILURE / (1 + exp(-shortage));
}

double threshold_failure(const struct threshold *t, double usable_gib)
{
    double sum = 0;
    for (size_t i = 0; i < THRESHOLDS; i++)
        if (t->belief[i] > 1e-9)
            sum += t->belief[i] * failure_at(i, usable_gib);
    return sum;
}

double threshold_learn(struct threshold *t, const struct observation *runs, size_t count)
{
    double most = -INFINITY, likelihood[THRESHOLDS], sum = 0;
    for (size_t i = 0; i < THRESHOLDS; i++) {
        likelihood[i] = 0;
        for (size_t r = 0; r < count; r++) {
            /* A larger input needs its share more. */
            double p = failure_at(i, runs[r].at.usable_gib / runs[r].at.input);
            if (runs[r].completed)
                likelihood[i] += log1p(-p);
            else if (!runs[r].at_limit)
                likelihood[i] += log(runs[r].oom && i == 0 ? p / 10 : p);
        }
        most = fmax(most, likelihood[i]);
    }
    for (size_t i = 0; i < THRESHOLDS; i++) {
        t->belief[i] *= exp(likelihood[i] - most);
        sum += t->belief[i];
    }
    normalise(t);
    return log(sum) + most;
}

void threshold_shift(struct threshold *out, const struct threshold *from, double log_shift,
                     double log_sd)
{
    *out = (struct threshold){{from->belief[0]}};
    for (size_t i = 1; i < THRESHOLDS; i++)
        if (from->belief[i] > 1e-6)
            add_belief(out, from->belief[i], threshold_gib(i) * exp(log_shift),
                       hypot(log_sd, RAMP));
    normalise(out);
}
