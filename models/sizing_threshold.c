#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * Why runs of a workload fail: for want of memory, below some usable size of the
 * cluster; for want of something else that each worker has of its own (disk
 * above all), below some number of workers; or for no reason that repeats. Which
 * size or number is a distribution over two grids, a factor 1.3 apart.
 */

static const double LEAST_GIB = 4, LEAST_WORKERS = 2.5, GRID_STEP = 0.2624; /* ln 1.3 */
static const double LOG_LEAST_GIB = 1.3862943611198906; /* ln 4 */
static const double LOG_LEAST_WORKERS = 0.9162907318741551; /* ln 2.5 */
static const double RAMP = 0.15; /* log width from "fails" to "holds" */
static const double SURE_FAILURE = 0.89;

static bool is_memory(size_t i)
{
    return i > 0 && i < THRESHOLD_WORKERS;
}

static double log_threshold(size_t i)
{
    return is_memory(i) ? LOG_LEAST_GIB + GRID_STEP * (double)(i - 1)
                        : LOG_LEAST_WORKERS + GRID_STEP * (double)(i - THRESHOLD_WORKERS);
}

static void normalise(struct threshold *t)
{
    double sum = 0;
    for (size_t i = 0; i < THRESHOLDS; i++)
        sum += t->belief[i];
    for (size_t i = 0; i < THRESHOLDS; i++)
        t->belief[i] = sum > 0 ? t->belief[i] / sum : i == 0;
}

/* Adds `share` of belief round a size to one of the grids; an infinite sd is "anywhere". */
static void add_belief(struct threshold *t, bool memory, double share, double median,
                       double log_sd)
{
    double weight[THRESHOLDS], sum = 0, log_median = log(median);
    size_t first = memory ? 1 : THRESHOLD_WORKERS, end = memory ? THRESHOLD_WORKERS : THRESHOLDS;
    for (size_t i = first; i < end; i++) {
        double z = isinf(log_sd) ? 0 : (log_threshold(i) - log_median) / log_sd;
        weight[i] = exp(-0.5 * z * z);
        sum += weight[i];
    }
    for (size_t i = first; i < end; i++)
        t->belief[i] += sum > 1e-9 ? share * weight[i] / sum : 0;
}

void threshold_start(struct threshold *out, double memory, double median_gib, double log_sd)
{
    *out = (struct threshold){{1 - memory - SIZING_WORKER_FAILURE}};
    add_belief(out, true, memory, median_gib, log_sd);
    add_belief(out, false, SIZING_WORKER_FAILURE, 1, INFINITY);
    normalise(out);
}

/* Logistic in the log of what there is, so that from one threshold to the next the odds fall
 * by one factor. */
static void failures(double *out, double has, double least, size_t count)
{
    double odds = pow(has / least, 1 / RAMP), step = exp(-GRID_STEP / RAMP);
    for (size_t i = 0; i < count; i++, odds *= step)
        out[i] = SIZING_CHANCE_FAILURE + SURE_FAILURE / (1 + odds);
}

void threshold_failures_at(double out[THRESHOLDS], const struct point *at)
{
    out[0] = SIZING_CHANCE_FAILURE;
    failures(out + 1, at->usable_gib / at->input, LEAST_GIB, THRESHOLD_WORKERS - 1);
    failures(out + THRESHOLD_WORKERS, at->workers / at->input, LEAST_WORKERS,
             THRESHOLDS - THRESHOLD_WORKERS);
}

void threshold_failure(double *restrict out, const struct threshold *t,
                       const double *restrict failures_at, size_t count)
{
    for (size_t c = 0; c < count; c++)
        out[c] = 0;
    for (size_t i = 0; i < THRESHOLDS; i++) {
        double belief = t->belief[i];
        if (!(belief > 0))
            continue;
        for (size_t c = 0; c < count; c++)
            out[c] += belief * failures_at[i * count + c];
    }
}

static double likelihood(size_t i, double p, const struct observation *run)
{
    if (run->completed)
        return 1 - p;
    if (run->at_limit) /* it may also just have been slow */
        return 0.25 + 0.75 * p;
    return run->oom && !is_memory(i) ? p / 10 : p;
}

void threshold_likelihoods(double out[THRESHOLDS], const struct observation *runs, size_t count)
{
    enum { BATCH = 64 }; /* likelihoods above 0.001 whose product is far from 0 */
    for (size_t i = 0; i < THRESHOLDS; i++)
        out[i] = 0;
    for (size_t first = 0; first < count; first += BATCH) {
        double product[THRESHOLDS], p[THRESHOLDS];
        for (size_t i = 0; i < THRESHOLDS; i++)
            product[i] = 1;
        for (size_t r = first; r < count && r < first + BATCH; r++) {
            threshold_failures_at(p, &runs[r].at);
            for (size_t i = 0; i < THRESHOLDS; i++)
                product[i] *= likelihood(i, p[i], &runs[r]);
        }
        for (size_t i = 0; i < THRESHOLDS; i++)
            out[i] += log(product[i]);
    }
}

double threshold_learn(struct threshold *t, const double log_likelihood[THRESHOLDS])
{
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < THRESHOLDS; i++)
        if (t->belief[i] > 0)
            most = fmax(most, log_likelihood[i]);
    for (size_t i = 0; i < THRESHOLDS; i++)
        if (t->belief[i] > 0)
            sum += t->belief[i] *= exp(log_likelihood[i] - most);
    normalise(t);
    return sum > 0 ? log(sum) + most : -INFINITY;
}

/*
 * kernel[k + REACH]: a normal density (but for its scale) k steps from where the belief was.
 * Going out from its centre each value is the last one times a ratio that itself falls by
 * one factor.
 */
enum { REACH = THRESHOLD_WORKERS };
static void fill_kernel(double kernel[2 * REACH + 1], double log_shift, double sd)
{
    double step = GRID_STEP / sd, centre = fmin(fmax(round(log_shift / GRID_STEP), -REACH), REACH);
    double z = (centre * GRID_STEP - log_shift) / sd, fall = exp(-step * step);
    int from = (int)centre + REACH;
    kernel[from] = exp(-0.5 * z * z);
    for (int way = -1; way <= 1; way += 2) {
        double ratio = exp(-step * (0.5 * step + way * z));
        for (int k = from + way; k >= 0 && k <= 2 * REACH; k += way) {
            kernel[k] = kernel[k - way] * ratio;
            ratio *= fall;
        }
    }
}

/* Both grids have one step, so that a shift is the same kernel from every point. */
void threshold_shift(struct threshold *out, const struct threshold *from, double log_shift,
                     double log_sd)
{
    double kernel[2 * REACH + 1];
    fill_kernel(kernel, log_shift, hypot(log_sd, RAMP));
    *out = (struct threshold){{from->belief[0]}};
    for (size_t i = 1; i < THRESHOLDS; i++) {
        size_t first = is_memory(i) ? 1 : THRESHOLD_WORKERS;
        size_t end = is_memory(i) ? THRESHOLD_WORKERS : THRESHOLDS;
        double sum = 0;
        if (from->belief[i] <= 1e-6)
            continue;
        for (size_t j = first; j < end; j++)
            sum += kernel[REACH + j - i];
        double share = sum > 1e-9 ? from->belief[i] / sum : 0;
        for (size_t j = first; j < end; j++)
            out->belief[j] += share * kernel[REACH + j - i];
    }
    normalise(out);
}
