#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_beliefs.h"

/*
 * What may be true of a workload before it runs: every shape of every other
 * workload, weighed by how alike the two are, at several scales and working
 * sets; and a general picture, since a team's history is small. Runs of the same
 * algorithm at another input outweigh all else.
 */

static const double FARTHEST = 1.8; /* sd */
/* From one working set that is drawn to the next. */
static double set_cell(double sd)
{
    return 2 * FARTHEST * sd / (SET_POINTS - 1);
}

void normal_points(double *z, double *weight, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        z[i] = count > 1 ? -FARTHEST + 2 * FARTHEST * (double)i / (double)(count - 1) : 0;
        weight[i] = exp(-0.5 * z[i] * z[i]);
        sum += weight[i];
    }
    for (size_t i = 0; i < count; i++)
        weight[i] /= sum;
}

/*
 * Of some hundred thousand scenarios that may be thought of, a few thousand matter. So each
 * is first a draft, its place and its belief; the likeliest are drawn.
 */
struct draft {
    double belief;
    uint32_t source;            /* a workload of the history; beyond: a general picture */
    uint8_t scale, shape, set;  /* which point of each */
};

struct normal {
    double z[SET_POINTS], weight[SET_POINTS];
};

struct drawing {
    const struct sizing_history *history;
    const struct sizing_request *request;
    struct normal normal[SET_POINTS + 1]; /* by their number */
    struct kinship *kin;                  /* of each workload; weight 0: it has no say */
    struct general general[2]; /* not iterative, iterative */
    VEC(struct draft) drafts;
    size_t most;  /* scenarios to draw */
    double least; /* belief below which a scenario only costs time */
    float bar;    /* belief below which so many likelier ones are known */
    size_t room;  /* drafts after which the bar is raised */
    size_t *thresholds; /* by source and points: one over its index; 0 = not drawn yet */
    struct beliefs *out;
};

/* The n-th largest of the values, whose order it changes; n < count. */
static float largest(float *values, size_t count, size_t n)
{
    size_t first = 0, end = count;
    while (end - first > 1) {
        float pivot = values[first + (end - first) / 2];
        size_t above = first, below = end, i = first;
        while (i < below) { /* larger ones, then equals, then smaller ones */
            float value = values[i];
            if (value > pivot) {
                values[i++] = values[above];
                values[above++] = value;
            } else if (value < pivot) {
                values[i] = values[--below];
                values[below] = value;
            } else {
                i++;
            }
        }
        if (n >= above && n < below)
            return pivot;
        first = n < above ? first : below;
        end = n < above ? above : end;
    }
    return values[first];
}

/* Drops all but the `most` likeliest, and what is as likely as the last of them. */
static void raise_bar(struct drawing *d)
{
    size_t keep = 0;
    if (d->drafts.count <= d->most)
        return;
    float *beliefs = mem_alloc(d->drafts.count * sizeof *beliefs);
    for (size_t i = 0; i < d->drafts.count; i++)
        beliefs[i] = (float)d->drafts.at[i].belief;
    d->bar = largest(beliefs, d->drafts.count, d->most - 1);
    free(beliefs);
    for (size_t i = 0; i < d->drafts.count; i++)
        if ((float)d->drafts.at[i].belief >= d->bar)
            d->drafts.at[keep++] = d->drafts.at[i];
    d->drafts.count = keep;
    d->room = 4 * keep;
}

static void add_draft(struct drawing *d, double belief, size_t source, size_t scale,
                      size_t shape, size_t set)
{
    if (belief <= d->least || (float)belief < d->bar)
        return;
    VEC_ADD(&d->drafts, ((struct draft){belief, (uint32_t)source, (uint8_t)scale,
                                        (uint8_t)shape, (uint8_t)set}));
    if (d->drafts.count > d->room)
        raise_bar(d);
}

static void draft_workload(struct drawing *d, size_t source)
{
    const struct workload *w = &d->history->workloads.at[source];
    const struct kinship *k = &d->kin[source];
    for (size_t i = 0; i < k->scale_points; i++)
        for (size_t f = 0; f < w->fitted_count; f++) {
            double share = d->normal[k->scale_points].weight[i];
            double belief = k->weight * share * w->fitted[f].belief;
            size_t sets = w->fitted[f].shape.set_gib == 0 ? 1 : SET_POINTS;
            if (belief <= d->least || (float)belief < d->bar)
                break; /* the next shapes are believed less */
            for (size_t s = 0; s < sets; s++)
                add_draft(d, belief * d->normal[sets].weight[s], source, i, f, s);
        }
}

static void draft_general(struct drawing *d, bool iterative, double weight)
{
    if (!(weight > 0))
        return;
    d->general[iterative] = general_picture(d->history, d->request, iterative);
    const struct normal *scales = &d->normal[SCALE_POINTS],
                        *sets = &d->normal[SET_POINTS];
    for (size_t i = 0; i < SCALE_POINTS; i++)
        for (size_t k = 0; k < SET_POINTS; k++)
            for (size_t o = 0; o < GENERAL_SHAPES; o++)
                add_draft(d,
                          weight * scales->weight[i] * sets->weight[k] *
                              general_choices(&d->general[iterative], o).belief,
                          d->history->lessons + iterative, i, o, k);
}

static void draw_workload(struct scenario *out, struct drawing *d, const struct draft *at)
{
    const struct workload *w = &d->history->workloads.at[at->source];
    const struct kinship *k = &d->kin[at->source];
    double scale = d->normal[k->scale_points].z[at->scale] * k->scale_sd;
    size_t *threshold = &d->thresholds[at->source * SCALE_POINTS + at->scale];
    if (!*threshold) {
        double follows = k->set_shift + scale * k->set_follows;
        threshold_shift(VEC_PUSH(&d->out->thresholds), &w->threshold, follows, k->set_sd);
        *threshold = d->out->thresholds.count;
    }
    *out = (struct scenario){.shape = w->fitted[at->shape].shape,
                             .belief = at->belief,
                             .log_scale_sd = 0.5 * k->scale_sd,
                             .threshold = *threshold - 1,
                             .same_algorithm = k->same_algorithm,
                             .of = w,
                             .fitted = at->shape};
    shape_scale(&out->shape, k->shift + scale);
    if (out->shape.set_gib > 0) {
        double centre, sd;
        set_outlook(&centre, &sd, &w->fitted[at->shape], scale, k, d->request);
        out->shape.set_gib = exp(centre + d->normal[SET_POINTS].z[at->set] * sd);
        out->set_cell = set_cell(sd);
    }
}

static void draw_general(struct scenario *out, struct drawing *d, const struct draft *at)
{
    size_t picture = at->source - d->history->lessons;
    const struct general *g = &d->general[picture];
    struct general_choices c = general_choices(g, at->shape);
    double z = d->normal[SCALE_POINTS].z[at->scale];
    bool known = d->request->input_gb > 0;
    double set = log(g->set_gib) + (known ? 0 : UNRELATED_SET_FOLLOWS * z) +
                 g->set_log_sd * d->normal[SET_POINTS].z[at->set];
    size_t *threshold =
        &d->thresholds[d->history->lessons * SCALE_POINTS +
                       (picture * SCALE_POINTS + at->scale) * SET_POINTS + at->set];
    if (!*threshold) {
        /* Some also fail somewhere below half their set; the others spill. */
        threshold_start(VEC_PUSH(&d->out->thresholds),
                        g->iterative ? SIZING_MEMORY_FAILURE_ITERATIVE
                                     : SIZING_MEMORY_FAILURE_OTHER,
                        0.5 * exp(set + 0.7 * z), SIZING_MEMORY_FAILURE_SD);
        *threshold = d->out->thresholds.count;
    }
    *out = (struct scenario){.shape = general_shape(g, z, c.serial.value),
                             .belief = at->belief,
                             .log_scale_sd = 1.5,
                             .threshold = *threshold - 1};
    out->shape.tight_gib = c.tight.value;
    out->shape.set_gib = c.fits ? 0 : exp(set);
    out->set_cell = set_cell(g->set_log_sd);
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

static void draw_likely(struct drawing *d)
{
    struct beliefs *b = d->out;
    size_t sources = d->history->lessons;
    raise_bar(d);
    d->thresholds = mem_alloc((sources + 2 * SET_POINTS) * SCALE_POINTS * sizeof *d->thresholds);
    for (size_t i = 0; i < d->drafts.count; i++) {
        const struct draft *at = &d->drafts.at[i];
        (at->source >= sources ? draw_general : draw_workload)(VEC_PUSH(&b->scenarios), d, at);
    }
    free(d->thresholds);
    VEC_SORT(&b->scenarios, by_belief);
    if (b->scenarios.count > d->most)
        b->scenarios.count = d->most;
    double sum = 0;
    for (size_t i = 0; i < b->scenarios.count; i++)
        sum += b->scenarios.at[i].belief;
    for (size_t i = 0; i < b->scenarios.count; i++)
        b->scenarios.at[i].belief /= sum;
}

/* Two inputs of one algorithm are one lesson about others, not two; own runs are none. */
static double lesson_share(const struct workload *w, const struct workload *own)
{
    bool counted = own && own->fitted_count && same_text(own->algorithm, w->algorithm);
    return 1 / (double)(w->alike - counted);
}

/*
 * Another input of the same algorithm tells all: so it is believed with TOLD, however many
 * others there are. Else it is as if there were none, and other workloads and the general
 * picture share what is left. The beliefs of all sum to 1; returns the general picture's.
 */
static double share_out(struct drawing *d)
{
    double same = 0, others = 0;
    for (size_t i = 0; i < d->history->lessons; i++)
        *(d->kin[i].same_algorithm ? &same : &others) += d->kin[i].weight;
    double told = same > 0 ? SIZING_TOLD_BY_SAME : 0, general = 1;
    if (others > 0)
        general = SIZING_GENERAL_OTHER +
                  iterative_belief(d->request->iterative, d->request->class_name) *
                      (SIZING_GENERAL_ITERATIVE - SIZING_GENERAL_OTHER);
    double to_others = (1 - told) * (1 - general);
    for (size_t i = 0; i < d->history->lessons; i++)
        d->kin[i].weight *= d->kin[i].same_algorithm ? told / same
                            : others > 0             ? to_others / others
                                                     : 0;
    return (1 - told) * general;
}

/* Weighs the workloads by how alike they are. */
static void find_kin(struct drawing *d)
{
    const struct sizing_history *h = d->history;
    const struct workload *own = history_workload(h, d->request->workload);
    d->kin = mem_alloc((h->lessons + 1) * sizeof *d->kin);
    for (size_t i = 0; i < h->lessons; i++) {
        const struct workload *w = &h->workloads.at[i];
        if (!w->fitted_count || w == own)
            continue;
        d->kin[i] = kinship_of(w, d->request);
        d->kin[i].weight *= lesson_share(w, own);
        if (d->kin[i].same_algorithm)
            d->out->same_algorithm++;
        else
            d->out->others++;
    }
}

void beliefs_form(struct beliefs *out, const struct sizing_history *h,
                  const struct sizing_request *r, size_t most)
{
    struct drawing d = {.history = h,
                        .request = r,
                        .least = 2e-5,
                        .most = most,
                        .room = 4 * most,
                        .out = out};
    *out = (struct beliefs){0};
    for (size_t i = 1; i <= SET_POINTS; i++)
        normal_points(d.normal[i].z, d.normal[i].weight, i);
    find_kin(&d);
    double weight = share_out(&d), iterative = iterative_belief(r->iterative, r->class_name);
    draft_general(&d, false, weight * (1 - iterative));
    draft_general(&d, true, weight * iterative);
    for (size_t i = 0; i < h->lessons; i++)
        if (d.kin[i].weight > d.least)
            draft_workload(&d, i);
    draw_likely(&d);
    VEC_FREE(&d.drafts);
    free(d.kin);
}

void beliefs_release(struct beliefs *b)
{
    VEC_FREE(&b->scenarios);
    VEC_FREE(&b->thresholds);
}
