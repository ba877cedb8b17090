#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * The own runs, repeats as one; and what the terms of a shape miss, as a Gaussian
 * process over clusters: what own runs show of it, and what that says of the candidates
 * (universal kriging, with the terms as its trend: sizing_learn.c).
 */

/*
 * Misfit of two clusters is alike when their sizes are, whatever the type: the law by which
 * times follow size is no exact sum of the terms. A smaller part of it is alike only where
 * memory per core and worker are too.
 */
static double alike(const struct point *a, const struct point *b)
{
    double size = log(a->cores / b->cores) / 1.2;
    double memory = log(a->gib_per_core / b->gib_per_core) / 0.5;
    double worker = log(a->vcpus / b->vcpus) / 0.9;
    double same_size = exp(-0.5 * size * size);
    return same_size * (SIZING_SIZE_MISFIT * SIZING_SIZE_MISFIT +
                        SIZING_MISFIT * SIZING_MISFIT *
                            exp(-0.5 * (memory * memory + worker * worker)));
}

void cholesky(double *m, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = m[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= m[i * n + k] * m[j * n + k];
            m[i * n + j] = i == j ? sqrt(fmax(sum, 1e-12)) : sum / m[j * n + j];
        }
}

void solve_lower(double *x, const double *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
}

static void invert(double *out, const double *l, size_t n)
{
    double *x = mem_alloc(n * sizeof *x);
    double *half = mem_alloc(n * n * sizeof *half); /* L^-1 by columns */
    for (size_t j = 0; j < n; j++) {
        memset(x, 0, n * sizeof *x);
        x[j] = 1;
        solve_lower(x, l, n);
        for (size_t i = 0; i < n; i++)
            half[i * n + j] = x[i];
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            out[i * n + j] = 0;
            for (size_t k = 0; k < n; k++)
                out[i * n + j] += half[k * n + i] * half[k * n + j];
        }
    free(x);
    free(half);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void take_typical(struct own *o)
{
    double *seconds = mem_alloc(o->count * sizeof *seconds);
    double *work = mem_alloc(o->count * sizeof *work);
    for (size_t i = 0; i < o->count; i++) {
        seconds[i] = o->runs[i].seconds;
        work[i] = o->runs[i].seconds * o->runs[i].at.cores;
    }
    qsort(seconds, o->count, sizeof *seconds, by_number);
    qsort(work, o->count, sizeof *work, by_number);
    o->typical_seconds = seconds[o->count / 2];
    o->typical_work = work[o->count / 2];
    free(seconds);
    free(work);
}

static double log_work(const struct observation *run)
{
    return log(run->seconds * run->at.cores * run->at.speed / run->at.input);
}

/*
 * Errors of the terms are relative to the runs' times. Taken relative to noisy times, many
 * runs pull the coefficients to zero: their noise stands in the regressors (attenuation).
 */
static void smooth_seconds(struct own *o)
{
    size_t n = o->count;
    double level = 0;
    for (size_t i = 0; i < n; i++)
        level += o->weight[i] / o->weights * log_work(&o->runs[i]);
    for (size_t i = 0; i < n; i++) {
        double noise = 0;
        for (size_t j = 0; j < n; j++)
            noise += o->inverse[i * n + j] * (log_work(&o->runs[j]) - level);
        o->smooth[i] = o->runs[i].seconds * exp(-o->noise * o->noise / o->repeats[i] * noise);
    }
}

void own_relate(struct own *o, double noise)
{
    size_t n = o->count;
    o->noise = noise;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            o->covariance[i * n + j] = alike(&o->runs[i].at, &o->runs[j].at) +
                                       (i == j ? noise * noise / o->repeats[i] : 0);
    memcpy(o->cholesky, o->covariance, n * n * sizeof(double));
    cholesky(o->cholesky, n);
    invert(o->inverse, o->cholesky, n);
    o->weights = 0;
    for (size_t j = 0; j < n; j++) {
        o->weight[j] = 0;
        for (size_t i = 0; i < n; i++)
            o->weight[j] += o->inverse[i * n + j];
        o->weights += o->weight[j];
    }
    smooth_seconds(o);
}

static void relate_candidate(struct own *o, const struct point *at, size_t c)
{
    size_t n = o->count;
    double *gain = o->gain + c * n;
    o->residual[c] = alike(at, at);
    for (size_t j = 0; j < n; j++) {
        double to_run = alike(at, &o->runs[j].at);
        for (size_t i = 0; i < n; i++)
            gain[i] += to_run * o->inverse[j * n + i];
    }
    for (size_t i = 0; i < n; i++)
        o->residual[c] -= gain[i] * alike(at, &o->runs[i].at);
    o->residual[c] = fmax(o->residual[c], 0);
}

void own_relate_candidates(struct own *o, const struct sizing_forecast *f)
{
    for (size_t c = 0; c < f->count; c++)
        relate_candidate(o, &f->points[c], c);
}

static bool same_cluster(const struct point *a, const struct point *b)
{
    return a->vcpus == b->vcpus && a->gib_per_core == b->gib_per_core &&
           a->workers == b->workers && a->speed == b->speed && a->disk == b->disk &&
           a->network == b->network;
}

/* Takes a run into the repeats of its cluster with about its input (log), or as the first. */
static void take_run(struct own *o, const struct observation *run, double tolerance)
{
    size_t i = 0;
    while (i < o->count && !(same_cluster(&o->runs[i].at, &run->at) &&
                             fabs(log(o->runs[i].at.input / run->at.input)) <= tolerance))
        i++;
    if (i == o->count) {
        o->runs[o->count] = *run;
        o->repeats[o->count++] = 1;
        return;
    }
    struct observation *mean = &o->runs[i];
    double share = 1 / ++o->repeats[i], off = log(run->seconds / mean->seconds);
    o->scatter += (1 - share) * off * off;
    o->scattered++;
    mean->seconds *= exp(share * off);
    mean->at.input *= exp(share * log(run->at.input / mean->at.input));
}

/* Years of nightly runs are few clusters, and their inputs are alike: as many points as can
 * be told apart, and few enough for arithmetic that grows with their cube. */
static void take_runs(struct own *o, const struct observation *runs, size_t count)
{
    enum { MANY = 64 };
    const double finest = 0.02, coarsest = 1;
    for (double tolerance = finest; tolerance < coarsest; tolerance *= 2) {
        o->count = 0;
        o->scatter = o->scattered = 0;
        for (size_t i = 0; i < count; i++)
            if (runs[i].completed)
                take_run(o, &runs[i], tolerance);
        if (o->count <= MANY)
            return;
    }
}

void own_open(struct own *o, const struct sizing_forecast *f, const struct observation *runs,
              size_t count)
{
    *o = (struct own){.runs = mem_alloc((count + 1) * sizeof *o->runs),
                      .repeats = mem_alloc((count + 1) * sizeof *o->repeats)};
    take_runs(o, runs, count);
    size_t n = o->count;
    if (n == 0)
        return;
    take_typical(o);
    o->covariance = mem_alloc(n * n * sizeof(double));
    o->cholesky = mem_alloc(n * n * sizeof(double));
    o->inverse = mem_alloc(n * n * sizeof(double));
    o->weight = mem_alloc(n * sizeof(double));
    o->smooth = mem_alloc(n * sizeof(double));
    o->gain = mem_alloc(f->count * n * sizeof(double));
    o->residual = mem_alloc(f->count * sizeof(double));
}

void own_release(struct own *o)
{
    free(o->runs);
    free(o->repeats);
    free(o->covariance);
    free(o->cholesky);
    free(o->inverse);
    free(o->weight);
    free(o->smooth);
    free(o->gain);
    free(o->residual);
}
