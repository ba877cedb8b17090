#include <math.h>
#include <stdlib.h>

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

/*
 * A working set stands for all in its cell, and between two runs of which one fits the cell
 * may be all there is: within theirs the scenarios lie at places that fill them evenly, as
 * multiples of the golden ratio do.
 */
static void spread_sets(struct beliefs *b)
{
    const double golden = 0.6180339887498949;
    for (size_t i = 0; i < b->scenarios.count; i++) {
        struct scenario *s = &b->scenarios.at[i];
        double place = golden * (double)(i + 1);
        s->shape.set_gib *= exp(s->set_cell * (place - floor(place) - 0.5));
    }
}

/* Room for one scenario's arithmetic. */
struct bench {
    double (*columns)[COLUMNS]; /* of the runs; a scenario decides those of memory */
    double *times;              /* of the runs over smooth ones, whitened */
    double *log_error, *square, *room;
    /* Whitened columns over smooth seconds, each with the products with the others and times;
     * only those of memory change from scenario to scenario. */
    double *white[COLUMNS];
    double products[COLUMNS][COLUMNS], moments[COLUMNS];
};

/* x becomes L^-1 x: of errors that are alike, errors of one size that are not. */
static void whiten(double *x, const struct own *o)
{
    solve_lower(x, o->cholesky, o->count);
}

static double product(const double *x, const double *y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

/* Seconds of a run over its smooth ones, for small noise. */
static double relative(const struct own *o, size_t i)
{
    return 1 + log(o->runs[i].seconds / o->smooth[i]);
}

static void take_column(struct bench *b, size_t j, const struct own *o)
{
    for (size_t i = 0; i < o->count; i++)
        b->white[j][i] = b->columns[i][j] / o->smooth[i];
    whiten(b->white[j], o);
    b->moments[j] = product(b->white[j], b->times, o->count);
    for (size_t k = 0; k < COLUMNS; k++)
        b->products[j][k] = b->products[k][j] = product(b->white[j], b->white[k], o->count);
}

static void bench_open(struct bench *b, const struct own *o)
{
    size_t n = o->count;
    *b = (struct bench){.columns = mem_alloc((n + 1) * sizeof *b->columns),
                        .times = mem_alloc((n + 1) * sizeof *b->times),
                        .log_error = mem_alloc((n + 1) * sizeof *b->log_error),
                        .square = mem_alloc((n * n + 1) * sizeof *b->square),
                        .room = mem_alloc((n + 1) * sizeof *b->room)};
    for (size_t j = 0; j < COLUMNS; j++)
        b->white[j] = mem_alloc((n + 1) * sizeof *b->white[j]);
    for (size_t i = 0; i < n; i++) {
        point_columns(b->columns[i], &o->runs[i].at, 0, 0);
        b->times[i] = relative(o, i);
    }
    whiten(b->times, o);
    for (size_t j = 0; j < COLUMNS; j++)
        take_column(b, j, o);
}

static void bench_release(struct bench *b)
{
    free(b->columns);
    free(b->times);
    free(b->log_error);
    free(b->square);
    free(b->room);
    for (size_t j = 0; j < COLUMNS; j++)
        free(b->white[j]);
}

/* The most likely scale of the scenario's work, as a log, by a few Newton steps. */
static double profile_scale(struct scenario *s, const struct own *o, struct bench *b)
{
    double scale = 0, prior = 1 / (s->log_scale_sd * s->log_scale_sd);
    for (int step = 0; step < 4; step++) {
        struct shape scaled = s->shape;
        double pull = 0;
        shape_scale(&scaled, scale);
        for (size_t i = 0; i < o->count; i++)
            pull += o->weight[i] *
                    log(o->runs[i].seconds / columns_seconds(b->columns[i], scaled.beta));
        scale += (pull - scale * prior) / (o->weights + prior);
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

/* Ridge fit round the scenario; leaves the posterior precision's Cholesky factor, in sd units. */
static void fit_shape(struct shape *shape, double *precision, const double sd[COLUMNS],
                      const struct bench *b)
{
    double moment[COLUMNS], beta[COLUMNS];
    for (size_t j = 0; j < COLUMNS; j++) {
        beta[j] = shape->beta[j] / sd[j];
        moment[j] = beta[j] + b->moments[j] * sd[j];
        for (size_t k = 0; k < COLUMNS; k++)
            precision[j * COLUMNS + k] = (j == k) + b->products[j][k] * (sd[j] * sd[k]);
    }
    nnls_solve_gram(beta, precision, moment, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++)
        shape->beta[j] = beta[j] * sd[j];
    cholesky(precision, COLUMNS);
}

/* The variance of misfit that the runs show over what was assumed: the squares of what the
 * others leave of each, in sds that they leave (S^-1 r over the root of S^-1's diagonal);
 * `square` is S's factor, `error` L^-1 r, as the likelihood left them. */
static double spread_of(const struct bench *b, size_t n)
{
    const double freedom = SIZING_FREEDOM, *square = b->square, *error = b->log_error;
    double sum = 0, *column = b->room;
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
    return (freedom * SIZING_SPREAD + sum) / (freedom + (double)n);
}

/* Log marginal likelihood of the runs under the scenario, Student-like so that no single
 * run can rule a scenario out for good. */
static double likelihood(const struct shape *prior, const double sd[COLUMNS],
                         const struct own *o, struct bench *b)
{
    const double freedom = SIZING_FREEDOM;
    size_t n = o->count;
    double distance = 0, volume = 0;
    for (size_t i = 0; i < n; i++) {
        double open[COLUMNS], seconds = o->smooth[i];
        b->log_error[i] =
            relative(o, i) - columns_seconds(b->columns[i], prior->beta) / seconds;
        for (size_t j = 0; j < COLUMNS; j++)
            open[j] = b->columns[i][j] * sd[j] * sd[j] / seconds;
        for (size_t k = 0; k <= i; k++)
            b->square[i * n + k] =
                o->covariance[i * n + k] +
                product(open, b->columns[k], COLUMNS) / o->smooth[k];
    }
    cholesky(b->square, n);
    solve_lower(b->log_error, b->square, n);
    for (size_t i = 0; i < n; i++) {
        distance += b->log_error[i] * b->log_error[i];
        volume += log(b->square[i * n + i]);
    }
    return -0.5 * (freedom + (double)n) * log1p(distance / freedom) - volume;
}

/* Scales a scenario to the runs; returns the log of how likely they are under it. */
static double weigh(struct scenario *s, struct learnt *learnt, const struct own *o,
                    struct bench *b)
{
    for (size_t i = 0; i < o->count; i++)
        point_memory(b->columns[i], &o->runs[i].at, s->shape.set_gib, s->shape.tight_gib);
    double scale = profile_scale(s, o, b);
    shape_scale(&s->shape, scale);
    openness(learnt->sd, s->shape.beta, o);
    return likelihood(&s->shape, learnt->sd, o, b) -
           0.5 * (scale / s->log_scale_sd) * (scale / s->log_scale_sd);
}

/* Its coefficients by the runs, after its scale. */
static void learn_shape(struct scenario *s, struct learnt *learnt, const struct own *o,
                        struct bench *b)
{
    learnt->spread = spread_of(b, o->count);
    take_column(b, COL_SLOW, o);
    take_column(b, COL_TIGHT, o);
    fit_shape(&s->shape, learnt->precision, learnt->sd, b);
}

/* How likely the runs are with one noise, by every `stride`th scenario; log. */
static double noise_likelihood(struct own *o, double noise, const struct beliefs *beliefs,
                               size_t stride)
{
    struct bench b;
    double most = -INFINITY, sum = 0;
    own_relate(o, noise);
    bench_open(&b, o);
    for (size_t i = 0; i < beliefs->scenarios.count; i += stride) {
        struct scenario s = beliefs->scenarios.at[i];
        struct learnt learnt;
        double one = log(s.belief) + weigh(&s, &learnt, o, &b);
        if (one == -INFINITY)
            continue;
        sum = one > most ? sum * exp(most - one) + 1 : sum + exp(one - most);
        most = fmax(most, one);
    }
    bench_release(&b);
    return sum > 0 ? most + log(sum) - 0.5 * o->scatter / (noise * noise) -
                         o->scattered * log(noise)
                   : -INFINITY;
}

/* Relates runs and candidates by the noise that the runs show: the geometric mean of what
 * it may be. */
static void relate_by_noise(struct own *o, const struct sizing_forecast *f)
{
    enum { SAMPLE = 64 };
    double level[NOISE_LEVELS], belief[NOISE_LEVELS], likely[NOISE_LEVELS];
    double most = -INFINITY, sum = 0, mean = 0;
    size_t stride = 1 + f->beliefs.scenarios.count / SAMPLE;
    bool several = o->count > 1 || o->scattered > 0;
    noise_levels(level, belief, f->noise);
    for (size_t l = 0; l < NOISE_LEVELS; l++) {
        likely[l] = several ? noise_likelihood(o, level[l], &f->beliefs, stride) : 0;
        most = fmax(most, likely[l]);
    }
    for (size_t l = 0; l < NOISE_LEVELS; l++) {
        double weight = belief[l] * (isinf(most) ? 1 : exp(likely[l] - most));
        sum += weight;
        mean += weight * log(level[l]);
    }
    own_relate(o, exp(mean / sum));
    own_relate_candidates(o, f);
}

/* Every threshold learns from the own runs once; scenarios share them. */
static void learn_thresholds(struct beliefs *b, double *log_belief,
                             const struct observation *own, size_t count)
{
    double log_likelihood[THRESHOLDS];
    threshold_likelihoods(log_likelihood, own, count);
    for (size_t t = 0; t < b->thresholds.count; t++)
        log_belief[t] = threshold_learn(&b->thresholds.at[t], log_likelihood);
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

/* A scenario without weight only costs time. */
static void drop_unlikely(struct beliefs *b, struct learnt *learnt)
{
    size_t keep = 0;
    double sum = 0;
    for (size_t i = 0; i < b->scenarios.count; i++) {
        if (b->scenarios.at[i].belief < 2e-5)
            continue;
        b->scenarios.at[keep] = b->scenarios.at[i];
        learnt[keep] = learnt[i];
        sum += b->scenarios.at[keep++].belief;
    }
    b->scenarios.count = keep;
    for (size_t i = 0; i < keep; i++)
        b->scenarios.at[i].belief /= sum;
}

/* Logs of the scenarios' beliefs after the own runs, up to a constant. */
static void learn_scenarios(double *log_belief, struct learnt *learnt,
                            struct sizing_forecast *f, const struct own *o,
                            const struct observation *own, size_t count)
{
    const double nothing = -28; /* log of a share that no digit of the others shows */
    struct beliefs *beliefs = &f->beliefs;
    struct bench b;
    double *of_threshold = mem_alloc((beliefs->thresholds.count + 1) * sizeof *of_threshold);
    double most = -INFINITY;
    bench_open(&b, o);
    learn_thresholds(beliefs, of_threshold, own, count);
    for (size_t i = 0; i < beliefs->scenarios.count; i++) {
        struct scenario *s = &beliefs->scenarios.at[i];
        log_belief[i] = log(s->belief) + of_threshold[s->threshold];
        if (o->count > 0)
            log_belief[i] += weigh(s, &learnt[i], o, &b);
        if (log_belief[i] < most + nothing)
            continue; /* what follows makes none likelier */
        if (o->count > 0)
            learn_shape(s, &learnt[i], o, &b);
        log_belief[i] += limit_likelihood(f, s, own, count) +
                         signals_likelihood(s, f->cached_set_gib, own, count);
        most = fmax(most, log_belief[i]);
    }
    bench_release(&b);
    free(of_threshold);
}

void forecast_learn(struct sizing_forecast *f, const struct observation *own, size_t count)
{
    struct own o;
    size_t scenarios = f->beliefs.scenarios.count;
    double *log_belief = mem_alloc(scenarios * sizeof *log_belief);
    struct learnt *learnt = mem_alloc(scenarios * sizeof *learnt);
    own_open(&o, f, own, count);
    if (o.count > 1)
        spread_sets(&f->beliefs);
    if (o.count > 0)
        relate_by_noise(&o, f);
    learn_scenarios(log_belief, learnt, f, &o, own, count);
    normalise(&f->beliefs, log_belief);
    drop_unlikely(&f->beliefs, learnt);
    forecast_foresee(f, &o, learnt);
    free(log_belief);
    free(learnt);
    own_release(&o);
}
