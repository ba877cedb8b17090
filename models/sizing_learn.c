#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "models/nnls.h"
#include "sizing_parts.h"

/*
 * Each own run narrows the scenarios. Given a scenario, relative errors of the
 * runs are normal: noise of a run, plus a misfit of the terms that is smooth over
 * size and type (a Gaussian process shared by all scenarios), plus what the
 * scenario's coefficients leave open. The scenario's scale is profiled first, its
 * coefficients then fitted by non-negative least squares with the scenario as the
 * ridge, and its belief multiplied by the (heavy-tailed) marginal likelihood.
 */

double normal_cdf(double z)
{
    return 0.5 * erfc(-z / 1.4142135623730951);
}

/* Room for one scenario's arithmetic. */
struct bench {
    double *columns; /* runs x COLUMNS */
    double *white;   /* the same over seconds, whitened */
    double *ones;    /* whitened 1s */
    double *log_error, *square;
};

/* The most likely scale of the scenario's work, as a log, by a few Newton steps. */
static double profile_scale(struct scenario *s, const struct own *o, struct bench *b)
{
    size_t n = o->count;
    double scale = 0, sum = 0, prior = 1 / (s->log_scale_sd * s->log_scale_sd);
    for (size_t i = 0; i < n * n; i++)
        sum += o->inverse[i];
    for (int step = 0; step < 4; step++) {
        struct shape scaled = s->shape;
        double pull = 0;
        shape_scale(&scaled, scale);
        for (size_t i = 0; i < n; i++)
            b->log_error[i] =
                log(o->runs[i]->seconds / columns_seconds(b->columns + i * COLUMNS, scaled.beta));
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                pull += o->inverse[i * n + j] * b->log_error[j];
        scale += (pull - scale * prior) / (sum + prior);
    }
    return scale;
}

/* How far each coefficient may be from the scenario's. */
static void openness(double sd[COLUMNS], const double *beta, const struct own *o)
{
    const double share = 0.35, work = o->typical_work, seconds = o->typical_seconds;
    const double floor[COLUMNS] = {0.1 * seconds,          0.05 * work, 0.15 * work,
                                   0.05 * work,            0.03 * work, 0.03 * work,
                                   0.1 + 0.0002 * seconds, 0.01 + 0.0001 * seconds};
    for (size_t j = 0; j < COLUMNS; j++)
        sd[j] = (j == COL_WORK ? 0.25 : share) * beta[j] + floor[j];
}

static void whiten(const struct own *o, struct bench *b)
{
    size_t n = o->count;
    for (size_t i = 0; i < n; i++) {
        b->ones[i] = 1;
        for (size_t j = 0; j < COLUMNS; j++)
            b->white[i * COLUMNS + j] = b->columns[i * COLUMNS + j] / o->runs[i]->seconds;
        for (size_t k = 0; k < i; k++) {
            double l = o->cholesky[i * n + k];
            b->ones[i] -= l * b->ones[k];
            for (size_t j = 0; j < COLUMNS; j++)
                b->white[i * COLUMNS + j] -= l * b->white[k * COLUMNS + j];
        }
        b->ones[i] /= o->cholesky[i * n + i];
        for (size_t j = 0; j < COLUMNS; j++)
            b->white[i * COLUMNS + j] /= o->cholesky[i * n + i];
    }
}

/* Ridge fit round the scenario; leaves the posterior precision's Cholesky factor, in units of sd. */
static void fit_shape(struct shape *shape, double *precision, const double sd[COLUMNS],
                      const struct own *o, const struct bench *b)
{
    double moment[COLUMNS], beta[COLUMNS];
    memset(precision, 0, COLUMNS * COLUMNS * sizeof *precision);
    for (size_t j = 0; j < COLUMNS; j++) {
        moment[j] = beta[j] = shape->beta[j] / sd[j];
        for (size_t i = 0; i < o->count; i++)
            moment[j] += b->white[i * COLUMNS + j] * b->ones[i] * sd[j];
        for (size_t k = 0; k < COLUMNS; k++) {
            double sum = j == k;
            for (size_t i = 0; i < o->count; i++)
                sum += b->white[i * COLUMNS + j] * b->white[i * COLUMNS + k] * sd[j] * sd[k];
            precision[j * COLUMNS + k] = sum;
        }
    }
    nnls_solve_gram(beta, precision, moment, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++)
        shape->beta[j] = beta[j] * sd[j];
    cholesky(precision, COLUMNS);
}

/* Sum of the squares of what the other runs leave of each, in sds that they leave (S^-1 r
 * over the root of S^-1's diagonal); `square` is S's factor, `error` L^-1 r. */
static double left_out(const double *square, const double *error, double *column, size_t n)
{
    double sum = 0;
    for (size_t j = 0; j < n; j++) {
        double precision = 0, weighed = 0;
        for (size_t i = j; i < n; i++) { /* column j of L^-1 */
            column[i] = i == j;
            for (size_t k = j; k < i; k++)
                column[i] -= square[i * n + k] * column[k];
            column[i] /= square[i * n + i];
            precision += column[i] * column[i];
            weighed += column[i] * error[i];
        }
        sum += weighed * weighed / precision;
    }
    return sum;
}

/* Log marginal likelihood of the runs under the scenario, Student-like so that no single
 * run can rule a scenario out for good. `spread`: the variance that the runs show, each
 * against the others, over what was assumed. */
static double likelihood(double *spread, const struct shape *prior, const double sd[COLUMNS],
                         const struct own *o, struct bench *b)
{
    const double freedom = SIZING_FREEDOM;
    size_t n = o->count;
    double distance = 0, volume = 0;
    for (size_t i = 0; i < n; i++) {
        const double *x = b->columns + i * COLUMNS;
        b->log_error[i] = 1 - columns_seconds(x, prior->beta) / o->runs[i]->seconds;
        for (size_t k = 0; k <= i; k++) {
            const double *y = b->columns + k * COLUMNS;
            double sum = 0;
            for (size_t j = 0; j < COLUMNS; j++)
                sum += x[j] * sd[j] * sd[j] * y[j];
            b->square[i * n + k] = o->covariance[i * n + k] +
                                   sum / (o->runs[i]->seconds * o->runs[k]->seconds);
        }
    }
    cholesky(b->square, n);
    solve_lower(b->log_error, b->square, n);
    for (size_t i = 0; i < n; i++) {
        distance += b->log_error[i] * b->log_error[i];
        volume += log(b->square[i * n + i]);
    }
    *spread = (freedom + left_out(b->square, b->log_error, b->ones, n)) / (freedom + (double)n);
    return -0.5 * (freedom + (double)n) * log1p(distance / freedom) - volume;
}

/* Relative variance at a candidate of what the coefficients leave open there beyond what
 * the misfit's share of it already tells. */
static double open_variance(const double columns[COLUMNS], double seconds, size_t candidate,
                            const double *precision, const double sd[COLUMNS],
                            const struct own *o, const struct bench *b)
{
    double half[COLUMNS], variance = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        half[j] = columns[j] / seconds;
    for (size_t i = 0; i < o->count; i++) {
        double gain = o->gain[candidate * o->count + i] / o->runs[i]->seconds;
        for (size_t j = 0; j < COLUMNS; j++)
            half[j] -= gain * b->columns[i * COLUMNS + j];
    }
    for (size_t j = 0; j < COLUMNS; j++)
        half[j] *= sd[j];
    solve_lower(half, precision, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++)
        variance += half[j] * half[j];
    return variance;
}

/* Mean and sd of log seconds at every candidate. */
static void foresee(struct sizing_forecast *f, size_t at, const struct shape *shape,
                    const double *precision, const double sd[COLUMNS], double spread,
                    const struct own *o, struct bench *b)
{
    for (size_t i = 0; i < o->count; i++)
        b->log_error[i] =
            log(o->runs[i]->seconds / columns_seconds(b->columns + i * COLUMNS, shape->beta));
    for (size_t c = 0; c < f->count; c++) {
        double columns[COLUMNS], correction = 0;
        point_columns(columns, &f->points[c], shape->set_gib, shape->tight_gib);
        double seconds = columns_seconds(columns, shape->beta);
        double variance = o->residual[c] + SIZING_NOISE * SIZING_NOISE +
                          open_variance(columns, seconds, c, precision, sd, o, b);
        for (size_t i = 0; i < o->count; i++)
            correction += o->gain[c * o->count + i] * b->log_error[i];
        f->mean[at * f->count + c] = log(seconds) + correction;
        /* Times are positive: a large relative error is long, not below nothing. */
        f->sd[at * f->count + c] = sqrt(log1p(spread * variance));
    }
}

static double learn_times(struct sizing_forecast *f, size_t at, const struct own *o,
                          struct bench *b)
{
    struct scenario *s = &f->beliefs.scenarios.at[at];
    double sd[COLUMNS], precision[COLUMNS * COLUMNS];
    for (size_t i = 0; i < o->count; i++)
        point_columns(b->columns + i * COLUMNS, &o->runs[i]->at, s->shape.set_gib,
                      s->shape.tight_gib);
    double scale = profile_scale(s, o, b);
    shape_scale(&s->shape, scale);
    openness(sd, s->shape.beta, o);
    double spread;
    double log_belief = likelihood(&spread, &s->shape, sd, o, b) -
                        0.5 * (scale / s->log_scale_sd) * (scale / s->log_scale_sd);
    whiten(o, b);
    fit_shape(&s->shape, precision, sd, o, b);
    foresee(f, at, &s->shape, precision, sd, spread, o, b);
    return log_belief;
}

static void foresee_unrun(struct sizing_forecast *f, size_t at)
{
    const struct scenario *s = &f->beliefs.scenarios.at[at];
    for (size_t c = 0; c < f->count; c++) {
        f->mean[at * f->count + c] = log(shape_seconds(&s->shape, &f->points[c]));
        f->sd[at * f->count + c] = hypot(s->log_scale_sd, 0.15);
    }
}

/* Every threshold learns from the own runs once; scenarios share them. */
static double *learn_thresholds(struct sizing_forecast *f, double *log_belief,
                                const struct observation *own, size_t count)
{
    struct beliefs *b = &f->beliefs;
    double *failure = mem_alloc(b->thresholds.count * f->count * sizeof *failure);
    bool *used = mem_alloc(b->thresholds.count * sizeof *used);
    double (*at)[THRESHOLDS] = mem_alloc(f->count * sizeof *at);
    for (size_t c = 0; c < f->count; c++)
        threshold_failures_at(at[c], &f->points[c]);
    for (size_t i = 0; i < b->scenarios.count; i++)
        used[b->scenarios.at[i].threshold] = true;
    for (size_t t = 0; t < b->thresholds.count; t++) {
        if (!used[t])
            continue;
        log_belief[t] = threshold_learn(&b->thresholds.at[t], own, count);
        for (size_t c = 0; c < f->count; c++)
            failure[t * f->count + c] = threshold_failure(&b->thresholds.at[t], at[c]);
    }
    free(at);
    free(used);
    return failure;
}

/* A time limit fails what would have run longer. */
static void apply_limit(struct sizing_forecast *f, size_t at, double belief)
{
    if (isinf(f->limit_seconds))
        return;
    for (size_t c = 0; c < f->count; c++) {
        size_t k = at * f->count + c;
        double late = normal_cdf((f->mean[k] - log(f->limit_seconds)) / f->sd[k]);
        f->failure[k] = 1 - (1 - f->failure[k]) * (1 - belief * late);
    }
}

/* Own runs that met the limit tell for the scenarios in which they are slow. */
static double limit_likelihood(const struct sizing_forecast *f, const struct scenario *s,
                               const struct observation *own, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (own[i].at_limit) {
            double expected = log(shape_seconds(&s->shape, &own[i].at));
            sum += log(0.02 + 0.98 * normal_cdf((expected - log(f->limit_seconds)) / 0.2));
        }
    return sum;
}

/* What was tried on a candidate is known there. */
static void apply_own(struct sizing_forecast *f, size_t at)
{
    for (size_t c = 0; c < f->count; c++) {
        double *failure = &f->failure[at * f->count + c];
        if (f->own[c] > 0)
            *failure = fmin(*failure, 0.03);
        else if (f->own[c] < 0)
            *failure = fmax(*failure, 0.9);
    }
}

static void normalise(struct beliefs *b, const double *log_belief)
{
    double most = -INFINITY, sum = 0;
    for (size_t i = 0; i < b->scenarios.count; i++)
        most = fmax(most, log_belief[i]);
    for (size_t i = 0; i < b->scenarios.count; i++)
        sum += b->scenarios.at[i].belief = exp(log_belief[i] - most);
    for (size_t i = 0; i < b->scenarios.count; i++)
        b->scenarios.at[i].belief /= sum;
}

void forecast_learn(struct sizing_forecast *f, const struct observation *own, size_t count)
{
    struct own o;
    own_open(&o, f, own, count);
    size_t n = o.count, scenarios = f->beliefs.scenarios.count;
    struct bench b = {
        mem_alloc((n * COLUMNS + 1) * sizeof(double)), mem_alloc((n * COLUMNS + 1) * sizeof(double)),
        mem_alloc((n + 1) * sizeof(double)), mem_alloc((n + 1) * sizeof(double)),
        mem_alloc((n * n + 1) * sizeof(double))};
    double *of_threshold = mem_alloc((f->beliefs.thresholds.count + 1) * sizeof(double));
    double *log_belief = mem_alloc(scenarios * sizeof *log_belief);
    double *failure = learn_thresholds(f, of_threshold, own, count);
    bool met_limit = false;
    for (size_t i = 0; i < count; i++)
        met_limit = met_limit || own[i].at_limit;
    for (size_t i = 0; i < scenarios; i++) {
        struct scenario *s = &f->beliefs.scenarios.at[i];
        log_belief[i] = log(s->belief) + of_threshold[s->threshold];
        if (n > 0)
            log_belief[i] += learn_times(f, i, &o, &b);
        else
            foresee_unrun(f, i);
        log_belief[i] += limit_likelihood(f, s, own, count) +
                         signals_likelihood(s, f->cached_set_gib, own, count);
        memcpy(f->failure + i * f->count, failure + s->threshold * f->count,
               f->count * sizeof *failure);
        apply_limit(f, i, met_limit ? 1 : SIZING_LIMIT_BELIEF);
        apply_own(f, i);
    }
    normalise(&f->beliefs, log_belief);
    free(b.columns);
    free(b.white);
    free(b.ones);
    free(b.log_error);
    free(b.square);
    free(of_threshold);
    free(log_belief);
    free(failure);
    own_release(&o);
}
