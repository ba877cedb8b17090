#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "models/nnls.h"
#include "sizing_parts.h"

/*
 * The shapes that explain the runs of one workload. Given the two memory
 * thresholds the time is linear in the coefficients, so each pair of thresholds
 * of a grid is one non-negative least squares fit of relative errors with a
 * ridge towards what such coefficients usually are; the pairs are then weighed
 * by how well they fit and by how plausible they are.
 */

enum { SETS = 34, TIGHTS = 3 };
static const double LEAST_SET = 4, SET_STEP = 0.18232; /* ln 1.2 */
static const double tight_gib[TIGHTS] = SIZING_TIGHT_GIB;
static const double tight_belief[TIGHTS] = SIZING_TIGHT_BELIEF;

static double set_gib(size_t i)
{
    return i == 0 ? 0 : LEAST_SET * exp(SET_STEP * (double)(i - 1));
}

/* What is typical of the runs at hand. */
struct scale {
    double work; /* core-seconds, a first guess */
    double seconds;
    double least_usable, most_usable; /* of the completed runs, at the reference input */
    double recompute;
    size_t completed;
};

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(values, n, sizeof *values, by_number);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static struct scale scale_of(const struct workload *w)
{
    double *work = mem_alloc((w->runs.count + 1) * sizeof *work);
    double *seconds = mem_alloc((w->runs.count + 1) * sizeof *seconds);
    struct scale s = {.least_usable = INFINITY};
    for (size_t i = 0; i < w->runs.count; i++) {
        const struct observation *o = &w->runs.at[i];
        if (!o->completed)
            continue;
        work[s.completed] = o->seconds * o->at.cores * o->at.speed / o->at.input;
        seconds[s.completed++] = o->seconds;
        s.least_usable = fmin(s.least_usable, o->at.usable_gib / o->at.input);
        s.most_usable = fmax(s.most_usable, o->at.usable_gib / o->at.input);
    }
    s.work = 0.7 * median(work, s.completed); /* the rest waits or coordinates */
    s.seconds = median(seconds, s.completed);
    s.recompute =
        w->iterative == 0 ? SIZING_RECOMPUTE_OTHER : SIZING_RECOMPUTE_ITERATIVE;
    free(work);
    free(seconds);
    return s;
}

/* Mean and sd of each coefficient before the runs are seen, when `slow` of them do not fit. */
static void usual(double mean[COLUMNS], double sd[COLUMNS], const struct scale *s, double slow)
{
    double work = s->work / (1 + s->recompute * slow);
    const double means[COLUMNS] = {20, work, s->recompute * work, 0.15 * work, 0, 0, 2, 0.1};
    const double sds[COLUMNS] = {40 + 0.05 * s->seconds,
                                 work,
                                 s->recompute * work,
                                 0.25 * work,
                                 0.1 * s->work,
                                 0.1 * s->work,
                                 2,
                                 0.2 + 0.01 * s->seconds};
    for (size_t j = 0; j < COLUMNS; j++) {
        mean[j] = means[j];
        sd[j] = sds[j];
    }
}

/* Fits one pair of thresholds; returns the log of its likelihood. */
static double fit_pair(struct shape *shape, const struct workload *w, const struct scale *s)
{
    double gram[COLUMNS * COLUMNS] = {0}, moment[COLUMNS] = {0}, mean[COLUMNS], sd[COLUMNS];
    double slow = 0, work = 0, square = (double)s->completed;
    for (size_t i = 0; i < w->runs.count; i++) {
        const struct observation *o = &w->runs.at[i];
        double columns[COLUMNS];
        if (!o->completed)
            continue;
        point_columns(columns, &o->at, shape->set_gib, shape->tight_gib);
        slow += columns[COL_SLOW] / o->seconds;
        work += columns[COL_WORK] / o->seconds;
        for (size_t j = 0; j < COLUMNS; j++) {
            columns[j] /= o->seconds;
            moment[j] += columns[j];
            for (size_t k = 0; k <= j; k++)
                gram[j * COLUMNS + k] += columns[j] * columns[k];
        }
    }
    usual(mean, sd, s, slow / work);
    const double weight = 1 / (SIZING_NOISE * SIZING_NOISE);
    square *= weight;
    for (size_t j = 0; j < COLUMNS; j++) {
        /* In units of sd, so that all columns have about one length. */
        moment[j] = moment[j] * weight * sd[j] + mean[j] / sd[j];
        square += mean[j] / sd[j] * (mean[j] / sd[j]);
        for (size_t k = 0; k <= j; k++) {
            gram[j * COLUMNS + k] *= weight * sd[j] * sd[k];
            gram[k * COLUMNS + j] = gram[j * COLUMNS + k];
        }
        gram[j * COLUMNS + j] += 1;
    }
    nnls_solve_gram(shape->beta, gram, moment, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++) {
        double row = -2 * moment[j];
        for (size_t k = 0; k < COLUMNS; k++)
            row += gram[j * COLUMNS + k] * shape->beta[k];
        square += row * shape->beta[j];
    }
    for (size_t j = 0; j < COLUMNS; j++)
        shape->beta[j] *= sd[j];
    return -0.5 * square;
}

/* How plausible each working set is before any run: index 0 is none. */
static void set_beliefs(double belief[SETS], const struct workload *w)
{
    bool known = w->input_gb > 0;
    double centre = known ? log(w->input_gb * set_per_gb(w->class_name).gib) : log(SIZING_SET_UNKNOWN);
    double sd = known ? 1.2 : SIZING_SET_UNKNOWN_SD, sum = 0;
    double some = w->iterative == 0 ? SIZING_SET_BELIEF_OTHER : SIZING_SET_BELIEF_ITERATIVE;
    for (size_t i = 1; i < SETS; i++) {
        double z = (log(set_gib(i)) - centre) / sd;
        belief[i] = exp(-0.5 * z * z);
        sum += belief[i];
    }
    for (size_t i = 1; i < SETS; i++)
        belief[i] *= some / sum;
    belief[0] = 1 - some;
}

struct pair {
    struct shape shape;
    double belief, best;
};

/*
 * "Always fitted" and "never fitted" look the same in the runs, as do all sets
 * on either side of what ran: each side becomes one pair, weighed by its prior.
 */
struct sides {
    struct pair fits[TIGHTS], never[TIGHTS];
    double fits_prior, never_prior;
};

static void add_to(struct pair *into, const struct shape *shape, double belief)
{
    if (belief > into->best) {
        into->shape = *shape;
        into->best = belief;
    }
    into->belief += belief;
}

static void share_out(struct sides *s)
{
    double prior = s->fits_prior + s->never_prior;
    for (size_t t = 0; t < TIGHTS && prior > 0; t++) {
        double both = s->fits[t].belief + s->never[t].belief;
        if (s->never[t].best > 0) {
            s->fits[t].belief = both * s->fits_prior / prior;
            s->never[t].belief = both * s->never_prior / prior;
        }
    }
}

static int by_belief(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->belief != y->belief)
        return x->belief > y->belief ? -1 : 1;
    if (x->shape.set_gib != y->shape.set_gib)
        return x->shape.set_gib < y->shape.set_gib ? -1 : 1;
    return (x->shape.tight_gib > y->shape.tight_gib) - (x->shape.tight_gib < y->shape.tight_gib);
}

static void keep_best(struct workload *w, struct pair *pairs, size_t count)
{
    qsort(pairs, count, sizeof *pairs, by_belief);
    double sum = 0;
    w->fitted_count = 0;
    for (size_t i = 0; i < count && i < MOST_FITTED; i++)
        if (pairs[i].belief > 0.003) {
            w->fitted[w->fitted_count++] = (struct fitted){pairs[i].shape, pairs[i].belief};
            sum += pairs[i].belief;
        }
    for (size_t i = 0; i < w->fitted_count; i++)
        w->fitted[i].belief /= sum;
    w->work = w->fitted_count ? w->fitted[0].shape.beta[COL_WORK] : NAN;
}

static void weigh(struct workload *w, const struct scale *s, const struct pair *grid,
                  const double *set_belief)
{
    struct sides sides = {0};
    struct pair pairs[(SETS + 2) * TIGHTS];
    size_t count = 0;
    for (size_t i = 0; i < SETS; i++) {
        bool below = set_gib(i) < 0.95 * s->least_usable, above = set_gib(i) > 1.1 * s->most_usable;
        sides.fits_prior += below ? set_belief[i] : 0;
        sides.never_prior += above ? set_belief[i] : 0;
        for (size_t t = 0; t < TIGHTS; t++) {
            const struct pair *p = &grid[i * TIGHTS + t];
            if (below)
                add_to(&sides.fits[t], &p->shape, p->belief);
            else if (above)
                add_to(&sides.never[t], &p->shape, p->belief);
            else
                pairs[count++] = *p;
        }
    }
    share_out(&sides);
    for (size_t t = 0; t < TIGHTS; t++) {
        sides.fits[t].shape.set_gib = 0;
        sides.never[t].shape.set_gib = 1.6 * s->most_usable;
        pairs[count++] = sides.fits[t];
        pairs[count++] = sides.never[t];
    }
    keep_best(w, pairs, count);
}

void workload_fit(struct workload *w)
{
    struct scale s = scale_of(w);
    double set_belief[SETS], most = -INFINITY, sum = 0;
    struct pair grid[SETS * TIGHTS] = {0};
    threshold_start(&w->threshold, 0.3, 1, INFINITY);
    threshold_learn(&w->threshold, w->runs.at, w->runs.count);
    w->fitted_count = 0;
    w->work = NAN;
    if (s.completed == 0)
        return;
    set_beliefs(set_belief, w);
    for (size_t i = 0; i < SETS; i++)
        for (size_t t = 0; t < TIGHTS; t++) {
            struct pair *p = &grid[i * TIGHTS + t];
            p->shape.set_gib = set_gib(i);
            p->shape.tight_gib = tight_gib[t];
            p->belief = fit_pair(&p->shape, w, &s) + log(set_belief[i] * tight_belief[t]);
            most = fmax(most, p->belief);
        }
    /* Runs of one workload share their misfit: 12 of them say no more than the rest adds. */
    double temper = fmax(1, (double)s.completed / 12);
    for (size_t i = 0; i < SETS * TIGHTS; i++)
        sum += grid[i].belief = exp((grid[i].belief - most) / temper);
    for (size_t i = 0; i < SETS * TIGHTS; i++)
        grid[i].belief /= sum;
    weigh(w, &s, grid, set_belief);
}
