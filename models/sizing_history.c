#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

static bool usable(const struct sizing_run *r)
{
    return r->workload && r->instance_type && is_figure(r->workers) &&
           is_figure(r->hardware.vcpus) && is_figure(r->hardware.memory_gib) &&
           (is_figure(r->minutes) || r->status != SIZING_OK);
}

static struct workload *workload_of(struct sizing_history *h, const struct sizing_run *r)
{
    size_t at;
    if (!map_get(&h->by_name, r->workload, strlen(r->workload), &at)) {
        at = h->workloads.count;
        struct workload *w = VEC_PUSH(&h->workloads);
        w->name = r->workload;
        w->iterative = -1;
        w->own_only = true;
        w->cached_gb = NAN;
        map_put(&h->by_name, r->workload, strlen(r->workload), at);
    }
    return &h->workloads.at[at];
}

/* Facts that every row repeats: the row that knows one settles it, whatever its place. */
static void settle(struct workload *w, const struct sizing_run *r)
{
    if (r->algorithm && (!w->algorithm || strcmp(r->algorithm, w->algorithm) < 0))
        w->algorithm = r->algorithm;
    if (r->class_name && (!w->class_name || strcmp(r->class_name, w->class_name) < 0))
        w->class_name = r->class_name;
    if (r->iterative >= 0 && r->iterative > w->iterative)
        w->iterative = r->iterative;
    w->own_only &= r->own_only;
    if (is_figure(r->cached_gb))
        w->cached_gb = fmax(isnan(w->cached_gb) ? 0 : w->cached_gb, r->cached_gb);
}

/* Unknown figures come first, so that the order is one. */
static double or_none(double figure)
{
    return isnan(figure) ? -1 : figure;
}

static int by_figures(const void *a, const void *b)
{
    const struct observation *x = a, *y = b;
    const double keys[][2] = {
        {x->at.vcpus, y->at.vcpus},     {x->at.gib_per_core, y->at.gib_per_core},
        {x->at.workers, y->at.workers}, {x->at.speed, y->at.speed},
        {x->at.disk, y->at.disk},       {x->at.network, y->at.network},
        {or_none(x->seconds), or_none(y->seconds)},
        {x->completed, y->completed},
        {x->at.input, y->at.input},
        {or_none(x->cpu_share), or_none(y->cpu_share)},
        {or_none(x->spill_gb), or_none(y->spill_gb)},
        {or_none(x->memory_peak_gib), or_none(y->memory_peak_gib)},
        {or_none(x->shuffle_gb), or_none(y->shuffle_gb)},
        {or_none(x->at.local_gb), or_none(y->at.local_gb)},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i][0] != keys[i][1])
            return keys[i][0] < keys[i][1] ? -1 : 1;
    return 0;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median input is the reference; at.input holds GB until here. */
static void refer_inputs(struct workload *w)
{
    double *known = mem_alloc((w->runs.count + 1) * sizeof *known);
    size_t count = 0;
    for (size_t i = 0; i < w->runs.count; i++)
        if (w->runs.at[i].at.input > 0)
            known[count++] = w->runs.at[i].at.input;
    qsort(known, count, sizeof *known, by_number);
    w->input_gb = count ? known[count / 2] : NAN;
    for (size_t i = 0; i < w->runs.count; i++) {
        double *input = &w->runs.at[i].at.input;
        *input = *input > 0 && count ? *input / w->input_gb : 1;
    }
    free(known);
}

/* None at all is known too. */
static double known_gb(double gb)
{
    return (gb >= 0 && gb < 1e-6) || is_figure(gb) ? gb : NAN;
}

static void add_runs(struct sizing_history *h, const struct sizing_run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sizing_run *r = &runs[i];
        if (!usable(r)) {
            h->left_out++;
            continue;
        }
        struct workload *w = workload_of(h, r);
        struct observation *o = VEC_PUSH(&w->runs);
        settle(w, r);
        point_of(&o->at, r->instance_type, r->workers, &r->hardware);
        o->at.input = is_figure(r->input_gb) ? r->input_gb : NAN;
        o->seconds = is_figure(r->minutes) ? 60 * r->minutes : NAN;
        o->completed = r->status == SIZING_OK;
        o->oom = r->status == SIZING_OOM;
        o->cpu_share = r->cpu_pct > 0 && r->cpu_pct <= 100 ? r->cpu_pct / 100 : NAN;
        o->memory_peak_gib = is_figure(r->memory_peak_gib) ? r->memory_peak_gib : NAN;
        o->input_gb = o->at.input;
        o->shuffle_gb = known_gb(r->shuffle_gb);
        o->spill_gb = known_gb(r->spill_gb);
    }
}

/*
 * Failed runs that all end at one time, later than any that completed, met a
 * time limit: at least two within 1 % of the longest.
 */
static double find_limit(const struct sizing_history *h)
{
    double longest = 0, completed = 0;
    size_t at_limit = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < h->workloads.count; i++)
            for (size_t k = 0; k < h->workloads.at[i].runs.count; k++) {
                const struct observation *o = &h->workloads.at[i].runs.at[k];
                if (o->completed)
                    completed = fmax(completed, o->seconds);
                else if (!o->oom && o->seconds > 0 && pass == 0)
                    longest = fmax(longest, o->seconds);
                else if (!o->oom && o->seconds >= 0.99 * longest)
                    at_limit++;
            }
    return at_limit >= 2 && completed <= 1.01 * longest ? longest : INFINITY;
}

static void mark_limit(struct sizing_history *h)
{
    h->limit_seconds = find_limit(h);
    for (size_t i = 0; i < h->workloads.count; i++)
        for (size_t k = 0; k < h->workloads.at[i].runs.count; k++) {
            struct observation *o = &h->workloads.at[i].runs.at[k];
            o->at_limit = !o->completed && !o->oom && o->seconds >= 0.99 * h->limit_seconds;
        }
}

/* Those that teach others first, in an order that no name and no order of rows decides. */
static int by_runs(const void *a, const void *b)
{
    const struct workload *x = a, *y = b;
    if (x->own_only != y->own_only)
        return x->own_only ? 1 : -1;
    if (x->runs.count != y->runs.count)
        return x->runs.count < y->runs.count ? -1 : 1;
    for (size_t i = 0; i < x->runs.count; i++) {
        int order = by_figures(&x->runs.at[i], &y->runs.at[i]);
        if (order)
            return order;
    }
    return 0;
}

static void sort_workloads(struct sizing_history *h)
{
    VEC_SORT(&h->workloads, by_runs);
    for (size_t i = 0; i < h->workloads.count; i++)
        map_put(&h->by_name, h->workloads.at[i].name, strlen(h->workloads.at[i].name), i);
    while (h->lessons < h->workloads.count && !h->workloads.at[h->lessons].own_only)
        h->lessons++;
}

const struct workload *history_workload(const struct sizing_history *h, const char *name)
{
    size_t at;
    return name && map_get(&h->by_name, name, strlen(name), &at) ? &h->workloads.at[at] : NULL;
}

static void count_alike(struct sizing_history *h)
{
    struct map algorithms = MAP_INIT; /* -> how many */
    for (size_t i = 0; i < h->lessons; i++) {
        struct workload *w = &h->workloads.at[i];
        size_t before = 0;
        if (!w->fitted_count || !w->algorithm)
            continue;
        map_get(&algorithms, w->algorithm, strlen(w->algorithm), &before);
        map_put(&algorithms, w->algorithm, strlen(w->algorithm), before + 1);
    }
    for (size_t i = 0; i < h->lessons; i++) {
        struct workload *w = &h->workloads.at[i];
        w->alike = 1;
        if (w->fitted_count && w->algorithm)
            map_get(&algorithms, w->algorithm, strlen(w->algorithm), &w->alike);
    }
    map_release(&algorithms);
}

static void fit_one(void *workloads, size_t which)
{
    workload_fit((struct workload *)workloads + which);
}

static void fit_all(struct sizing_history *h)
{
    enum { WORTH_A_THREAD = 16 };
    size_t cores = parallel_cores(), most = h->lessons / WORTH_A_THREAD + 1;
    parallel_run(cores < most ? cores : most, h->lessons, fit_one, h->workloads.at);
}

void sizing_history_open(struct sizing_history **out, const struct sizing_run *runs, size_t count)
{
    struct sizing_history *h = mem_alloc(sizeof *h);
    add_runs(h, runs, count);
    mark_limit(h);
    for (size_t i = 0; i < h->workloads.count; i++) {
        struct workload *w = &h->workloads.at[i];
        refer_inputs(w);
        qsort(w->runs.at, w->runs.count, sizeof *w->runs.at, by_figures);
    }
    sort_workloads(h);
    fit_all(h);
    history_learn_speeds(h);
    fit_all(h);
    history_learn_noise(h);
    count_alike(h);
    *out = h;
}

void sizing_history_free(struct sizing_history *h)
{
    if (!h)
        return;
    for (size_t i = 0; i < h->workloads.count; i++)
        VEC_FREE(&h->workloads.at[i].runs);
    VEC_FREE(&h->workloads);
    VEC_FREE(&h->speeds);
    map_release(&h->by_name);
    free(h);
}

size_t sizing_history_left_out(const struct sizing_history *h)
{
    return h->left_out;
}
