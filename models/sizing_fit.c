#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* What is expected of a figure by whether the workload reads its data again. */
static double by_iterative(const struct workload *w, double iterative, double other)
{
    double belief = iterative_belief(w->iterative, w->class_name);
    return belief * iterative + (1 - belief) * other;
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
    s.recompute = by_iterative(w, SIZING_RECOMPUTE_ITERATIVE, SIZING_RECOMPUTE_OTHER);
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

/*
 * The completed runs, a row each: the columns of a shape over the seconds that the run took,
 * those for the further memories per core beside them, and the sums of their products over
 * all runs. Of one pair of thresholds to the next only the working set's column changes.
 */
enum { TABLE_COLUMNS = COLUMNS + TIGHTS - 1 };

struct table {
    size_t count;
    const struct observation **runs;
    double (*rows)[TABLE_COLUMNS];
    double products[TABLE_COLUMNS][TABLE_COLUMNS], sums[TABLE_COLUMNS];
    size_t same_tight[TIGHTS]; /* the first one with the same column */
};

static size_t tight_column(size_t tight)
{
    return tight == 0 ? COL_TIGHT : COLUMNS + tight - 1;
}

static void take_products(struct table *t, size_t column)
{
    double products[TABLE_COLUMNS] = {0}, sum = 0;
    for (size_t i = 0; i < t->count; i++) {
        double at = t->rows[i][column];
        sum += at;
        for (size_t j = 0; j < TABLE_COLUMNS; j++)
            products[j] += at * t->rows[i][j];
    }
    t->sums[column] = sum;
    for (size_t j = 0; j < TABLE_COLUMNS; j++)
        t->products[column][j] = t->products[j][column] = products[j];
}

static bool same_columns(const struct table *t, size_t a, size_t b)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i][a] != t->rows[i][b])
            return false;
    return true;
}

static void table_open(struct table *t, const struct workload *w, size_t completed)
{
    *t = (struct table){.runs = mem_alloc(completed * sizeof *t->runs),
                        .rows = mem_alloc(completed * sizeof *t->rows)};
    for (size_t i = 0; i < w->runs.count; i++) {
        const struct observation *o = &w->runs.at[i];
        if (!o->completed)
            continue;
        double columns[COLUMNS], *row = t->rows[t->count];
        for (size_t k = 0; k < TIGHTS; k++) {
            point_columns(columns, &o->at, 0, tight_gib[k]);
            row[tight_column(k)] = columns[COL_TIGHT];
        }
        columns[COL_TIGHT] = row[tight_column(0)];
        memcpy(row, columns, sizeof columns);
        for (size_t j = 0; j < TABLE_COLUMNS; j++)
            row[j] /= o->seconds;
        t->runs[t->count++] = o;
    }
    for (size_t j = 0; j < TABLE_COLUMNS; j++)
        take_products(t, j);
    for (size_t k = 0; k < TIGHTS; k++)
        while (!same_columns(t, tight_column(k), tight_column(t->same_tight[k])))
            t->same_tight[k]++;
}

static void table_release(struct table *t)
{
    free(t->runs);
    free(t->rows);
}

/* Puts a working set into the table; false when its column is what it was. */
static bool change_set(struct table *t, double set)
{
    bool changed = false;
    for (size_t i = 0; i < t->count; i++) {
        double slow = point_misfit(&t->runs[i]->at, set) * t->rows[i][COL_WORK];
        changed |= slow != t->rows[i][COL_SLOW];
        t->rows[i][COL_SLOW] = slow;
    }
    if (changed)
        take_products(t, COL_SLOW);
    return changed;
}

/*
 * Fits the working set in the table with one memory per core; returns the log of its
 * likelihood. `beta` holds the fit of another pair, or zeros: where to start from.
 */
static double fit_pair(double beta[COLUMNS], const struct table *t, size_t tight,
                       const struct scale *s)
{
    double gram[COLUMNS * COLUMNS], moment[COLUMNS], mean[COLUMNS], sd[COLUMNS];
    const double weight = 1 / (SIZING_NOISE * SIZING_NOISE);
    double square = (double)s->completed * weight;
    size_t from[COLUMNS];
    usual(mean, sd, s, t->sums[COL_SLOW] / t->sums[COL_WORK]);
    for (size_t j = 0; j < COLUMNS; j++) {
        from[j] = j == COL_TIGHT ? tight_column(tight) : j;
        /* In units of sd, so that all columns have about one length. */
        moment[j] = t->sums[from[j]] * weight * sd[j] + mean[j] / sd[j];
        square += mean[j] / sd[j] * (mean[j] / sd[j]);
        for (size_t k = 0; k <= j; k++)
            gram[j * COLUMNS + k] = gram[k * COLUMNS + j] =
                t->products[from[j]][from[k]] * (weight * sd[j] * sd[k]);
        gram[j * COLUMNS + j] += 1;
        beta[j] /= sd[j];
    }
    nnls_solve_gram(beta, gram, moment, COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++) {
        double row = -2 * moment[j];
        for (size_t k = 0; k < COLUMNS; k++)
            row += gram[j * COLUMNS + k] * beta[k];
        square += row * beta[j];
    }
    for (size_t j = 0; j < COLUMNS; j++)
        beta[j] *= sd[j];
    return -0.5 * square;
}

/* How plausible each working set is before any run: index 0 is none. */
static void set_beliefs(double belief[SETS], const struct workload *w)
{
    bool known = w->input_gb > 0;
    double centre =
        known ? log(w->input_gb * set_per_gb(w->class_name).gib) : log(SIZING_SET_UNKNOWN);
    double sd = known ? 1.2 : SIZING_SET_UNKNOWN_SD, sum = 0;
    double some = by_iterative(w, SIZING_SET_BELIEF_ITERATIVE, SIZING_SET_BELIEF_OTHER);
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
    double set_log_sd, belief, best;
};

/*
 * "Always fitted" and "never fitted" look the same in the runs, as do all sets on either side
 * of what ran. So these are sides, weighed by what was believed of them before: no set at
 * all, one below what ran, one above it.
 */
enum { NONE, BELOW, ABOVE, SIDES };
struct side {
    struct pair pairs[TIGHTS];
    double prior, log_set, square; /* sums over its sets, by their prior */
};

static void add_to(struct pair *into, const struct shape *shape, double belief)
{
    if (belief > into->best) {
        into->shape = *shape;
        into->best = belief;
    }
    into->belief += belief;
}

static void share_out(struct side sides[SIDES])
{
    double prior = 0;
    for (size_t k = 0; k < SIDES; k++)
        prior += sides[k].prior;
    for (size_t t = 0; t < TIGHTS && prior > 0; t++) {
        double all = 0;
        for (size_t k = 0; k < SIDES; k++)
            all += sides[k].pairs[t].belief;
        for (size_t k = 0; k < SIDES; k++)
            sides[k].pairs[t].belief = all * sides[k].prior / prior;
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
    size_t likely = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (pairs[i].belief > 0.003)
            pairs[likely++] = pairs[i];
    qsort(pairs, likely, sizeof *pairs, by_belief);
    w->fitted_count = likely < MOST_FITTED ? likely : MOST_FITTED;
    for (size_t i = 0; i < w->fitted_count; i++) {
        w->fitted[i] = (struct fitted){pairs[i].shape, pairs[i].set_log_sd, pairs[i].belief};
        sum += pairs[i].belief;
    }
    for (size_t i = 0; i < w->fitted_count; i++)
        w->fitted[i].belief /= sum;
    w->work = w->fitted_count ? w->fitted[0].shape.beta[COL_WORK] : NAN;
}

static int side_of(size_t set, const struct scale *s)
{
    return set == 0                              ? NONE
           : set_gib(set) < 0.95 * s->least_usable ? BELOW
           : set_gib(set) > 1.1 * s->most_usable   ? ABOVE
                                                   : SIDES;
}

static void add_set(struct side *side, size_t set, double belief)
{
    double log_set = set ? log(set_gib(set)) : 0;
    side->prior += belief;
    side->log_set += belief * log_set;
    side->square += belief * log_set * log_set;
}

/* A side's set is where it was believed to be. */
static void place_set(struct side *side, bool none)
{
    double mean = side->log_set / side->prior;
    for (size_t t = 0; t < TIGHTS; t++) {
        struct pair *p = &side->pairs[t];
        p->shape.set_gib = none ? 0 : exp(mean);
        p->set_log_sd = sqrt(fmax(side->square / side->prior - mean * mean, 0));
    }
}

static void weigh(struct workload *w, const struct scale *s, const struct pair *grid,
                  const double *set_belief)
{
    struct side sides[SIDES] = {0};
    struct pair pairs[(SETS + SIDES) * TIGHTS];
    size_t count = 0;
    for (size_t i = 0; i < SETS; i++) {
        int side = side_of(i, s);
        if (side < SIDES)
            add_set(&sides[side], i, set_belief[i]);
        for (size_t t = 0; t < TIGHTS; t++) {
            const struct pair *p = &grid[i * TIGHTS + t];
            if (side < SIDES)
                add_to(&sides[side].pairs[t], &p->shape, p->belief);
            else
                pairs[count++] = *p;
        }
    }
    share_out(sides);
    for (size_t k = 0; k < SIDES; k++) {
        if (!(sides[k].prior > 0))
            continue;
        place_set(&sides[k], k == NONE);
        for (size_t t = 0; t < TIGHTS; t++)
            pairs[count++] = sides[k].pairs[t];
    }
    keep_best(w, pairs, count);
}

struct fit {
    double beta[COLUMNS], log_likelihood;
};

static void fit_tights(struct fit fits[TIGHTS], const struct table *t, const struct scale *s)
{
    for (size_t k = 0; k < TIGHTS; k++)
        if (t->same_tight[k] < k)
            fits[k] = fits[t->same_tight[k]];
        else
            fits[k].log_likelihood = fit_pair(fits[k].beta, t, k, s);
}

/* Fits every pair of the grid; leaves the logs of their beliefs. */
static void fit_grid(struct pair *grid, const struct workload *w, const struct scale *s,
                     const double *set_belief)
{
    struct table t;
    struct fit fits[TIGHTS] = {0};
    table_open(&t, w, s->completed);
    fit_tights(fits, &t, s);
    for (size_t i = 0; i < SETS; i++) {
        if (change_set(&t, set_gib(i)))
            fit_tights(fits, &t, s);
        for (size_t k = 0; k < TIGHTS; k++) {
            struct pair *p = &grid[i * TIGHTS + k];
            p->shape = (struct shape){.set_gib = set_gib(i), .tight_gib = tight_gib[k]};
            memcpy(p->shape.beta, fits[k].beta, sizeof fits[k].beta);
            p->belief = fits[k].log_likelihood + log(set_belief[i] * tight_belief[k]);
        }
    }
    table_release(&t);
}

void workload_fit(struct workload *w)
{
    struct scale s = scale_of(w);
    double set_belief[SETS], run_likelihoods[THRESHOLDS], most = -INFINITY, sum = 0;
    struct pair grid[SETS * TIGHTS] = {0};
    threshold_start(&w->threshold, 0.3, 1, INFINITY);
    threshold_likelihoods(run_likelihoods, w->runs.at, w->runs.count);
    threshold_learn(&w->threshold, run_likelihoods);
    w->fitted_count = 0;
    w->work = NAN;
    if (s.completed == 0)
        return;
    set_beliefs(set_belief, w);
    fit_grid(grid, w, &s, set_belief);
    for (size_t i = 0; i < SETS * TIGHTS; i++)
        most = fmax(most, grid[i].belief);
    /* Runs of one workload share their misfit: 12 of them say no more than the rest adds. */
    double temper = fmax(1, (double)s.completed / 12);
    for (size_t i = 0; i < SETS * TIGHTS; i++)
        sum += grid[i].belief = exp((grid[i].belief - most) / temper);
    for (size_t i = 0; i < SETS * TIGHTS; i++)
        grid[i].belief /= sum;
    weigh(w, &s, grid, set_belief);
}
