#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * What each scenario that is left foresees at every candidate: log seconds, how far they may
 * be off, and the probability of failure.
 */

double normal_cdf(double z)
{
    return 0.5 * erfc(-z / 1.4142135623730951);
}

/* What the shapes of one workload of the same algorithm miss at the candidates. */
struct missed {
    const struct workload *of;
    double *logs; /* [shape x candidates + candidate] */
};

/* Room for one scenario. */
struct outlook {
    double (*columns)[COLUMNS]; /* of the candidates; a scenario decides those of memory */
    /* Of the candidates: their columns as the misfit's share of the own runs tells them. */
    double (*told)[COLUMNS];
    double *log_error;    /* of the own runs */
    double *slow, *tight; /* columns of memory of the own runs, over smooth seconds */
    VEC(struct missed) missed;
};

/* Of the scenario's shape at every candidate; NULL: nothing is known of it. */
static const double *missed_by(struct outlook *b, const struct sizing_forecast *f,
                               const struct scenario *s)
{
    if (!s->same_algorithm)
        return NULL;
    size_t i = 0;
    while (i < b->missed.count && b->missed.at[i].of != s->of)
        i++;
    if (i == b->missed.count)
        VEC_ADD(&b->missed,
                ((struct missed){s->of, inherited_errors(s->of, f->points, f->count)}));
    return b->missed.at[i].logs + s->fitted * f->count;
}

static void outlook_open(struct outlook *b, const struct sizing_forecast *f,
                         const struct own *o)
{
    size_t n = o->count;
    *b = (struct outlook){.columns = mem_alloc(f->count * sizeof *b->columns),
                          .told = mem_alloc(f->count * sizeof *b->told),
                          .log_error = mem_alloc((n + 1) * sizeof *b->log_error),
                          .slow = mem_alloc((n + 1) * sizeof *b->slow),
                          .tight = mem_alloc((n + 1) * sizeof *b->tight)};
    for (size_t c = 0; c < f->count; c++)
        point_columns(b->columns[c], &f->points[c], 0, 0);
    for (size_t i = 0; i < n; i++) {
        double columns[COLUMNS];
        point_columns(columns, &o->runs[i].at, 0, 0);
        for (size_t c = 0; c < f->count; c++) {
            double gain = o->gain[c * n + i] / o->smooth[i];
            for (size_t j = 0; j < COLUMNS; j++)
                b->told[c][j] += gain * columns[j];
        }
    }
}

static void outlook_release(struct outlook *b)
{
    free(b->columns);
    free(b->told);
    free(b->log_error);
    free(b->slow);
    free(b->tight);
    for (size_t i = 0; i < b->missed.count; i++)
        free(b->missed.at[i].logs);
    VEC_FREE(&b->missed);
}

static void take_runs(struct outlook *b, const struct own *o, const struct shape *shape)
{
    for (size_t i = 0; i < o->count; i++) {
        double columns[COLUMNS], seconds = o->runs[i].seconds;
        point_columns(columns, &o->runs[i].at, shape->set_gib, shape->tight_gib);
        b->log_error[i] = log(seconds / columns_seconds(columns, shape->beta));
        b->slow[i] = columns[COL_SLOW] / o->smooth[i];
        b->tight[i] = columns[COL_TIGHT] / o->smooth[i];
    }
}

/* Inverts a lower triangle and scales its columns: what solves for it, once for many. */
static void invert_scaled(double out[COLUMNS][COLUMNS], const double *l, const double *scale)
{
    for (size_t j = 0; j < COLUMNS; j++)
        for (size_t i = 0; i < COLUMNS; i++) {
            double sum = i == j ? scale[j] : 0;
            for (size_t k = j; k < i; k++)
                sum -= l[i * COLUMNS + k] * out[k][j];
            out[i][j] = i < j ? 0 : sum / l[i * COLUMNS + i];
        }
}

/* Relative variance at a candidate of what the coefficients leave open there beyond what
 * the misfit's share of it already tells; `open` is how far. */
static double open_variance(const double open[COLUMNS], double inverse[COLUMNS][COLUMNS])
{
    double variance = 0;
    for (size_t j = 0; j < COLUMNS; j++) {
        double sum = 0;
        for (size_t k = 0; k <= j; k++)
            sum += inverse[j][k] * open[k];
        variance += sum * sum;
    }
    return variance;
}

/* Mean and sd of log seconds at every candidate, after own runs. */
static void foresee(struct sizing_forecast *f, size_t at, const struct learnt *learnt,
                    const struct own *o, struct outlook *b)
{
    const struct shape *shape = &f->beliefs.scenarios.at[at].shape;
    double inverse[COLUMNS][COLUMNS];
    size_t n = o->count;
    take_runs(b, o, shape);
    invert_scaled(inverse, learnt->precision, learnt->sd);
    for (size_t c = 0; c < f->count; c++) {
        double *columns = b->columns[c], *told = b->told[c], open[COLUMNS], correction = 0;
        point_memory(columns, &f->points[c], shape->set_gib, shape->tight_gib);
        double seconds = columns_seconds(columns, shape->beta);
        told[COL_SLOW] = told[COL_TIGHT] = 0;
        for (size_t i = 0; i < n; i++) {
            double gain = o->gain[c * n + i];
            correction += gain * b->log_error[i];
            told[COL_SLOW] += gain * b->slow[i];
            told[COL_TIGHT] += gain * b->tight[i];
        }
        /* Relative to the time foreseen, as the runs' are to theirs: what the terms miss here
         * as they do at the runs is no doubt of the coefficients. */
        double foreseen = seconds * exp(correction);
        for (size_t j = 0; j < COLUMNS; j++)
            open[j] = columns[j] / foreseen - told[j];
        double missed = o->residual[c] + open_variance(open, inverse);
        f->mean[at * f->count + c] = log(seconds) + correction;
        /* Times are positive: a large relative error is long, not below nothing. */
        f->sd[at * f->count + c] = sqrt(log1p(learnt->spread * missed + o->noise * o->noise));
    }
}

/* How far apart the scales lie that scenarios are drawn at; logs. */
static const double BETWEEN_SCALES = 0.5;

static void foresee_unrun(struct sizing_forecast *f, size_t at, struct outlook *b)
{
    const struct scenario *s = &f->beliefs.scenarios.at[at];
    const double *missed = missed_by(b, f, s);
    double sd = hypot(fmin(s->log_scale_sd, BETWEEN_SCALES), 0.15);
    for (size_t c = 0; c < f->count; c++) {
        point_memory(b->columns[c], &f->points[c], s->shape.set_gib, s->shape.tight_gib);
        f->mean[at * f->count + c] = log(columns_seconds(b->columns[c], s->shape.beta)) +
                                    (missed ? missed[c] : 0);
        f->sd[at * f->count + c] = sd;
    }
}

/* Of every threshold that a scenario has, at every candidate. */
static double *foresee_failures(const struct sizing_forecast *f)
{
    const struct beliefs *b = &f->beliefs;
    double *failure = mem_alloc(b->thresholds.count * f->count * sizeof *failure);
    bool *done = mem_alloc(b->thresholds.count * sizeof *done);
    double *at = mem_alloc(THRESHOLDS * f->count * sizeof *at);
    for (size_t c = 0; c < f->count; c++) {
        double of_point[THRESHOLDS];
        threshold_failures_at(of_point, &f->points[c]);
        for (size_t i = 0; i < THRESHOLDS; i++)
            at[i * f->count + c] = of_point[i];
    }
    for (size_t i = 0; i < b->scenarios.count; i++) {
        size_t t = b->scenarios.at[i].threshold;
        if (!done[t])
            threshold_failure(failure + t * f->count, &b->thresholds.at[t], at, f->count);
        done[t] = true;
    }
    free(at);
    free(done);
    return failure;
}

static void apply_proven(struct sizing_forecast *f, size_t at)
{
    for (size_t c = 0; c < f->count; c++)
        if (f->proven[c])
            f->failure[at * f->count + c] =
                fmin(f->failure[at * f->count + c], SIZING_PROVEN_FAILURE);
}

/* A time limit fails what would have run longer. */
static void apply_limit(struct sizing_forecast *f, size_t at)
{
    if (isinf(f->limit_seconds))
        return;
    double log_limit = log(f->limit_seconds);
    for (size_t c = 0; c < f->count; c++) {
        size_t k = at * f->count + c;
        double late = normal_cdf((f->mean[k] - log_limit) / f->sd[k]);
        f->failure[k] = 1 - (1 - f->failure[k]) * (1 - f->limit_belief * late);
    }
}

/* What was tried on a candidate is known there. */
static void apply_own(struct sizing_forecast *f, size_t at)
{
    for (size_t c = 0; c < f->count; c++) {
        double *failure = &f->failure[at * f->count + c];
        if (f->own[c] > 0)
            *failure = fmin(*failure, SIZING_PROVEN_FAILURE);
        else if (f->own[c] < 0)
            *failure = fmax(*failure, 0.9);
    }
}

void forecast_foresee(struct sizing_forecast *f, const struct own *o,
                      const struct learnt *learnt)
{
    struct outlook b;
    size_t cells = f->beliefs.scenarios.count * f->count;
    f->mean = mem_alloc(cells * sizeof *f->mean);
    f->sd = mem_alloc(cells * sizeof *f->sd);
    f->failure = mem_alloc(cells * sizeof *f->failure);
    double *failure = foresee_failures(f);
    outlook_open(&b, f, o);
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        if (o->count > 0)
            foresee(f, i, &learnt[i], o, &b);
        else
            foresee_unrun(f, i, &b);
        memcpy(f->failure + i * f->count,
               failure + f->beliefs.scenarios.at[i].threshold * f->count,
               f->count * sizeof *failure);
        apply_proven(f, i);
        apply_limit(f, i);
        apply_own(f, i);
    }
    outlook_release(&b);
    free(failure);
}
