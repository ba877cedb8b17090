#include <math.h>
#include <stdlib.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * What may be true of a workload before it runs: every shape of every other
 * workload, weighed by how alike the two are, at several scales and working
 * sets; and a general picture, since a team's history is small. Runs of the same
 * algorithm at another input outweigh all else.
 */

/* How far one workload tells of another; logs. */
struct kinship {
    double weight;
    double shift;           /* of the work, by the inputs */
    double scale_sd;        /* work beyond that */
    double set_sd;          /* working set beyond the work */
    double set_follows;     /* how much of the scale the working set shares */
    size_t scale_points;
    bool inputs_known, same_algorithm;
};

static const double SAME_ALGORITHM = 30, OTHER_ITERATIVE = 0.1, OTHER_CLASS = 0.4;
static const double UNRELATED_SET_FOLLOWS = 0.5;

enum { SET_POINTS = 7, SCALE_POINTS = 5 };

/* How finely the beliefs are drawn: all of it, or few points where many clusters wait. */
struct detail {
    size_t set_points, scale_points, fitted;
};
static const struct detail fine = {SET_POINTS, SCALE_POINTS, MOST_FITTED}, coarse = {3, 3, 2};
enum { COARSE_BELOW = 512 }; /* scenarios asked for */

void normal_points(double *z, double *weight, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        z[i] = count > 1 ? -1.8 + 3.6 * (double)i / (double)(count - 1) : 0;
        weight[i] = exp(-0.5 * z[i] * z[i]);
        sum += weight[i];
    }
    for (size_t i = 0; i < count; i++)
        weight[i] /= sum;
}

struct set_per_gb set_per_gb(const char *class_name)
{
    static const struct set_per_gb training = SIZING_SET_PER_GB_TRAINING,
                                   other = SIZING_SET_PER_GB_OTHER;
    return same_text(class_name, "training") ? training : other;
}

static double work_per_gb(const struct sizing_request *r)
{
    return r->iterative == 0 ? SIZING_WORK_PER_GB_OTHER : SIZING_WORK_PER_GB_ITERATIVE;
}

static struct kinship kinship_of(const struct workload *w, const struct sizing_request *r)
{
    struct kinship k = {.weight = 1};
    bool target_known = r->input_gb > 0;
    k.same_algorithm = same_text(w->algorithm, r->algorithm);
    k.inputs_known = target_known && w->input_gb > 0;
    if (r->iterative >= 0 && w->iterative >= 0 && r->iterative != w->iterative)
        k.weight *= OTHER_ITERATIVE;
    if (r->class_name && w->class_name && !same_text(r->class_name, w->class_name))
        k.weight *= OTHER_CLASS;
    if (k.same_algorithm)
        k.weight *= SAME_ALGORITHM;
    if (k.inputs_known)
        k.shift = log(r->input_gb / w->input_gb);
    else if (target_known)
        /* Between the other's work and what such an input usually takes (log sd 1.5). */
        k.shift = log(work_per_gb(r) * r->input_gb / fmax(w->work, 100)) / (1 + 1.5 * 1.5);
    if (k.same_algorithm)
        k.scale_sd = k.inputs_known ? 0.2 : 0.7;
    else
        k.scale_sd = k.inputs_known ? 0.7 : 1.0;
    k.set_sd = k.same_algorithm ? (k.inputs_known ? 0.2 : 0.3) : 0.6;
    k.set_follows = k.same_algorithm ? 1 : UNRELATED_SET_FOLLOWS;
    k.scale_points = k.same_algorithm && k.inputs_known ? 3 : SCALE_POINTS;
    return k;
}

static void add(struct beliefs *b, const struct shape *shape, double belief, double scale_sd,
                bool same_algorithm)
{
    *VEC_PUSH(&b->scenarios) = (struct scenario){
        .shape = *shape,
        .belief = belief,
        .log_scale_sd = scale_sd,
        .threshold = b->thresholds.count - 1,
        .same_algorithm = same_algorithm,
    };
}

/* Centre and spread of the working set, by the other workload and by the input together. */
static void set_outlook(double *log_gib, double *sd, double set_gib, double scale,
                        const struct kinship *k, const struct sizing_request *r)
{
    double shift = k->inputs_known || !(r->input_gb > 0) ? k->shift : 0;
    *log_gib = log(set_gib) + shift + scale * k->set_follows;
    *sd = k->set_sd;
    if (!(r->input_gb > 0) || k->same_algorithm)
        return;
    /* Without its input the other's working set says nothing about this one's. */
    double own = k->inputs_known ? 1 / (k->set_sd * k->set_sd) : 0.01;
    struct set_per_gb per_gb = set_per_gb(r->class_name);
    double usual = 1 / (per_gb.log_sd * per_gb.log_sd);
    *log_gib = (*log_gib * own + log(r->input_gb * per_gb.gib) * usual) / (own + usual);
    *sd = sqrt(1 / (own + usual));
}

static void add_fitted(struct beliefs *b, const struct fitted *f, double belief, double scale,
                       const struct kinship *k, const struct detail *d,
                       const struct sizing_request *r)
{
    struct shape shape = f->shape;
    shape_scale(&shape, k->shift + scale);
    if (shape.set_gib == 0) {
        add(b, &shape, belief, 0.5 * k->scale_sd, k->same_algorithm);
        return;
    }
    double z[SET_POINTS], weight[SET_POINTS], centre, sd;
    set_outlook(&centre, &sd, f->shape.set_gib, scale, k, r);
    normal_points(z, weight, d->set_points);
    for (size_t i = 0; i < d->set_points; i++) {
        shape.set_gib = exp(centre + z[i] * sd);
        add(b, &shape, belief * weight[i], 0.5 * k->scale_sd, k->same_algorithm);
    }
}

static void add_workload(struct beliefs *b, const struct workload *w, double weight,
                         const struct detail *d, const struct sizing_request *r)
{
    struct kinship k = kinship_of(w, r);
    double z[SCALE_POINTS], share[SCALE_POINTS];
    size_t points = k.scale_points < d->scale_points ? k.scale_points : d->scale_points;
    normal_points(z, share, points);
    for (size_t i = 0; i < points; i++) {
        double scale = z[i] * k.scale_sd;
        double follows = (k.inputs_known ? k.shift : 0) + scale * k.set_follows;
        threshold_shift(VEC_PUSH(&b->thresholds), &w->threshold, follows, k.set_sd);
        for (size_t f = 0; f < w->fitted_count && f < d->fitted; f++)
            add_fitted(b, &w->fitted[f], weight * k.weight * share[i] * w->fitted[f].belief,
                       scale, &k, d, r);
    }
}

/* The general picture's dimensions: each value with its belief. */
struct choice {
    double value, belief;
};
static const struct choice serial_iterative[] = SIZING_SERIAL_ITERATIVE;
static const struct choice serial_other[] = SIZING_SERIAL_OTHER;
static const struct choice tight_iterative[] = {{3, 0.5}, {0, 0.5}};
static const struct choice tight_other[] = {{0, 0.85}, {3, 0.15}};

struct general {
    double work, set_gib, set_log_sd, recompute;
    const struct choice *serial, *tight; /* two of each */
    bool iterative;
};
enum { SERIAL_CHOICES = 2, TIGHT_CHOICES = 2 };

/* `serial`: what no machine shortens, in the time that the work takes 32 cores. */
static struct shape general_shape(const struct general *g, double scale, double serial)
{
    double work = g->work * exp(scale), waits = serial * work / 32;
    return (struct shape){.beta = {
                              [COL_START] = SIZING_START_SECONDS + waits,
                              [COL_WORK] = work,
                              [COL_SLOW] = g->recompute * work,
                              [COL_TIGHT] = 0.3 * work,
                              [COL_DISK] = 0.02 * work,
                              [COL_WORKER] = SIZING_WORKER_SECONDS,
                              [COL_CORE] = SIZING_CORE_SECONDS +
                                           SIZING_SERIAL_COORDINATION * waits / 32,
                          }};
}

static void add_general_shape(struct beliefs *b, struct shape shape, double set_gib, double belief,
                              const struct general *g)
{
    double some = g->iterative ? 0.85 : SIZING_SET_BELIEF_OTHER;
    for (size_t t = 0; t < TIGHT_CHOICES; t++) {
        double share = belief * g->tight[t].belief;
        shape.tight_gib = g->tight[t].value;
        shape.set_gib = set_gib;
        add(b, &shape, share * some, 1.5, false);
        shape.set_gib = 0;
        add(b, &shape, share * (1 - some), 1.5, false);
    }
}

static struct general general_picture(const struct sizing_history *h,
                                      const struct sizing_request *r)
{
    bool iterative = r->iterative != 0, known = r->input_gb > 0;
    struct set_per_gb per_gb = set_per_gb(r->class_name);
    struct general g = {
        .work = SIZING_WORK_UNKNOWN,
        .set_gib = known ? r->input_gb * per_gb.gib : SIZING_SET_UNKNOWN,
        .set_log_sd = per_gb.log_sd,
        .recompute = iterative ? SIZING_RECOMPUTE_ITERATIVE : SIZING_RECOMPUTE_OTHER,
        .serial = iterative ? serial_iterative : serial_other,
        .tight = iterative ? tight_iterative : tight_other,
        .iterative = iterative,
    };
    if (known) {
        g.work = work_per_gb(r) * r->input_gb;
        return g;
    }
    double sum = 0, count = 0;
    for (size_t i = 0; i < h->workloads.count; i++) {
        const struct workload *w = &h->workloads.at[i];
        if (w->work > 0 && w->iterative == r->iterative && !same_text(w->name, r->workload)) {
            sum += log(fmax(w->work, 100));
            count++;
        }
    }
    if (count > 0)
        g.work = exp(sum / count);
    return g;
}

static void add_general(struct beliefs *b, const struct sizing_history *h, double weight,
                        const struct detail *d, const struct sizing_request *r)
{
    struct general g = general_picture(h, r);
    double zs[SCALE_POINTS], ws[SCALE_POINTS], zm[SET_POINTS], wm[SET_POINTS];
    bool known = r->input_gb > 0;
    normal_points(zs, ws, d->scale_points);
    normal_points(zm, wm, d->set_points);
    for (size_t i = 0; i < d->scale_points; i++)
        for (size_t k = 0; k < d->set_points; k++) {
            double set = log(g.set_gib) + (known ? 0 : UNRELATED_SET_FOLLOWS * zs[i]) +
                         g.set_log_sd * zm[k];
            /* Some also fail somewhere below half their set; the others spill. */
            threshold_start(VEC_PUSH(&b->thresholds),
                            g.iterative ? SIZING_MEMORY_FAILURE_ITERATIVE
                                        : SIZING_MEMORY_FAILURE_OTHER,
                            0.5 * exp(set + 0.7 * zs[i]), SIZING_MEMORY_FAILURE_SD);
            for (size_t o = 0; o < SERIAL_CHOICES; o++)
                add_general_shape(b, general_shape(&g, zs[i], g.serial[o].value), exp(set),
                                  weight * ws[i] * wm[k] * g.serial[o].belief, &g);
        }
}

/* Likeliest first. The last digits of a belief are chance, and must not decide who stays. */
static int by_belief(const void *a, const void *b)
{
    const struct scenario *x = a, *y = b;
    float p = (float)x->belief, q = (float)y->belief;
    if (p < q || p > q)
        return p > q ? -1 : 1;
    if (x->shape.set_gib != y->shape.set_gib)
        return x->shape.set_gib < y->shape.set_gib ? -1 : 1;
    for (size_t j = 0; j < COLUMNS; j++)
        if (x->shape.beta[j] != y->shape.beta[j])
            return x->shape.beta[j] < y->shape.beta[j] ? -1 : 1;
    return 0;
}

static void keep_likely(struct beliefs *b, size_t most)
{
    double sum = 0;
    qsort(b->scenarios.at, b->scenarios.count, sizeof *b->scenarios.at, by_belief);
    for (size_t i = 0; i < b->scenarios.count; i++)
        sum += b->scenarios.at[i].belief;
    size_t keep = 0;
    while (keep < b->scenarios.count && keep < most &&
           b->scenarios.at[keep].belief > 2e-5 * sum)
        keep++;
    b->scenarios.count = keep;
    sum = 0;
    for (size_t i = 0; i < keep; i++)
        sum += b->scenarios.at[i].belief;
    for (size_t i = 0; i < keep; i++)
        b->scenarios.at[i].belief /= sum;
}

/* Two inputs of one algorithm are one lesson about others, not two. */
static double lesson_share(const struct sizing_history *h, const struct workload *w,
                           const struct sizing_request *r)
{
    double alike = 0;
    for (size_t i = 0; i < h->workloads.count; i++) {
        const struct workload *o = &h->workloads.at[i];
        if (o->fitted_count && !same_text(o->name, r->workload))
            alike += o == w || same_text(o->algorithm, w->algorithm);
    }
    return 1 / alike;
}

void beliefs_form(struct beliefs *out, const struct sizing_history *h,
                  const struct sizing_request *r, size_t most)
{
    const struct detail *d = most < COARSE_BELOW ? &coarse : &fine;
    *out = (struct beliefs){0};
    double sum = 0;
    for (size_t i = 0; i < h->workloads.count; i++) {
        const struct workload *w = &h->workloads.at[i];
        if (!w->fitted_count || same_text(w->name, r->workload))
            continue;
        if (same_text(w->algorithm, r->algorithm))
            out->same_algorithm++;
        else
            out->others++;
        double share = lesson_share(h, w, r);
        sum += share * kinship_of(w, r).weight;
        add_workload(out, w, share, d, r);
    }
    double general = r->iterative != 0 ? SIZING_GENERAL_ITERATIVE : SIZING_GENERAL_OTHER;
    /* The same algorithm leaves little room for generalities, unless its scale is open. */
    if (out->same_algorithm)
        general = r->input_gb > 0 ? 0.02 : 0.05;
    add_general(out, h, sum > 0 ? sum * general / (1 - general) : 1, d, r);
    keep_likely(out, most);
}

void beliefs_release(struct beliefs *b)
{
    VEC_FREE(&b->scenarios);
    VEC_FREE(&b->thresholds);
}
