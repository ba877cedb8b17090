#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

enum { MOST_SCENARIOS = 2048 };

/* What the request leaves open, the workload's own runs may tell. */
static struct sizing_request complete(const struct sizing_request *r, const struct workload *own)
{
    struct sizing_request full = *r;
    full.input_gb = is_figure(r->input_gb) ? r->input_gb : NAN;
    if (!own)
        return full;
    if (!full.algorithm)
        full.algorithm = own->algorithm;
    if (!full.class_name)
        full.class_name = own->class_name;
    if (full.iterative < 0)
        full.iterative = own->iterative;
    if (isnan(full.input_gb))
        full.input_gb = own->input_gb;
    return full;
}

static bool take_candidates(struct sizing_forecast *f, const struct sizing_history *h,
                            const struct sizing_request *r, struct err *err)
{
    if (r->candidate_count == 0)
        return err_set(err, "there is no candidate cluster to choose from");
    f->count = r->candidate_count;
    f->points = mem_alloc(f->count * sizeof *f->points);
    f->candidates = mem_alloc(f->count * sizeof *f->candidates);
    f->own = mem_alloc(f->count * sizeof *f->own);
    f->proven = mem_alloc(f->count * sizeof *f->proven);
    for (size_t i = 0; i < f->count; i++) {
        const struct sizing_candidate *c = &r->candidates[i];
        if (!is_figure(c->workers) || !is_figure(c->hardware.vcpus) ||
            !is_figure(c->hardware.memory_gib))
            return err_set(err, "candidate %zu (%s): workers, vCPUs and memory must be known",
                           i + 1, c->instance_type ? c->instance_type : "no type");
        f->candidates[i] = *c;
        point_of(&f->points[i], c->instance_type, c->workers, &c->hardware);
        f->points[i].speed *= exp(history_speed(h, &f->points[i]));
    }
    return true;
}

/* More workers of a type lack nothing that fewer had: what completed on fewer, with as much
 * input, does so here, unless it failed on more of them since. */
static bool proven(const struct point *at, const struct observation *runs, size_t count)
{
    const double same = 0.02;
    double workers = 0;
    bool completed = false;
    for (size_t i = 0; i < count; i++) {
        const struct observation *run = &runs[i];
        bool tells = run->completed ? run->at.input > 1 - same : run->at.input < 1 + same;
        if (!tells || !same_text(run->at.type, at->type) || run->at.workers > at->workers ||
            run->at.workers < workers)
            continue;
        completed = run->completed || (completed && run->at.workers == workers);
        workers = run->at.workers;
    }
    return completed;
}

/* The own runs, their input against the request's. */
static struct observation *take_own(struct sizing_forecast *f, const struct workload *own,
                                    const struct sizing_request *r, size_t *count)
{
    *count = own ? own->runs.count : 0;
    struct observation *runs = mem_alloc((*count + 1) * sizeof *runs);
    f->cached_set_gib = own ? own->cached_gb * SIZING_SET_PER_CACHED_GB : NAN;
    double ratio = own && own->input_gb > 0 && r->input_gb > 0 ? own->input_gb / r->input_gb : 1;
    for (size_t i = 0; i < *count; i++) {
        runs[i] = own->runs.at[i];
        runs[i].at.input *= ratio;
        bool same_input = fabs(runs[i].at.input - 1) < 0.02;
        f->own_completed += runs[i].completed;
        f->own_failed += !runs[i].completed;
        for (size_t c = 0; c < f->count && same_input; c++)
            if (same_text(f->points[c].type, runs[i].at.type) &&
                f->points[c].workers == runs[i].at.workers && f->own[c] <= 0)
                f->own[c] = runs[i].completed ? 1 : -1;
    }
    for (size_t c = 0; c < f->count; c++)
        f->proven[c] = proven(&f->points[c], runs, *count);
    return runs;
}

bool sizing_forecast_open(struct sizing_forecast **out, const struct sizing_history *h,
                          const struct sizing_request *request, struct err *err)
{
    struct sizing_forecast *f = mem_alloc(sizeof *f);
    const struct workload *own = history_workload(h, request->workload);
    struct sizing_request r = complete(request, own);
    *out = NULL;
    if (!take_candidates(f, h, &r, err)) {
        sizing_forecast_free(f);
        return false;
    }
    size_t own_count;
    struct observation *runs = take_own(f, own, &r, &own_count);
    f->noise = noise_expected(h, own);
    f->limit_seconds = h->limit_seconds;
    f->limit_belief = SIZING_LIMIT_BELIEF;
    for (size_t i = 0; i < own_count; i++)
        f->limit_belief = runs[i].at_limit ? 1 : f->limit_belief;
    beliefs_form(&f->beliefs, h, &r, r.most_scenarios ? r.most_scenarios : MOST_SCENARIOS);
    f->nothing_known = own_count == 0 && isnan(r.input_gb) && f->beliefs.others == 0 &&
                       f->beliefs.same_algorithm == 0;
    forecast_learn(f, runs, own_count);
    signals_apply_disks(f, runs, own_count);
    free(runs);
    *out = f;
    return true;
}

void sizing_forecast_free(struct sizing_forecast *f)
{
    if (!f)
        return;
    beliefs_release(&f->beliefs);
    free(f->points);
    free(f->candidates);
    free(f->own);
    free(f->proven);
    free(f->mean);
    free(f->sd);
    free(f->failure);
    free(f);
}

double sizing_probability(const struct sizing_forecast *f, size_t candidate, double minutes)
{
    double sum = 0;
    if (!(minutes > 0))
        return 0;
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        size_t k = i * f->count + candidate;
        sum += f->beliefs.scenarios.at[i].belief *
               normal_cdf((log(60 * minutes) - f->mean[k]) / f->sd[k]);
    }
    return sum;
}

struct weighed {
    double value, weight;
};

static int by_value(const void *a, const void *b)
{
    const struct weighed *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static double weighed_quantile(const struct weighed *sorted, size_t n, double p)
{
    double below = 0;
    for (size_t i = 0; i < n; i++) {
        below += sorted[i].weight;
        if (below >= p)
            return sorted[i].value;
    }
    return n ? sorted[n - 1].value : 0;
}

void sizing_evidence(struct sizing_evidence *out, const struct sizing_forecast *f)
{
    const struct beliefs *b = &f->beliefs;
    *out = (struct sizing_evidence){
        .own_completed = f->own_completed,
        .own_failed = f->own_failed,
        .same_algorithm = b->same_algorithm,
        .other_workloads = b->others,
        .scenarios = b->scenarios.count,
        .local_files_gb = f->local_files_gb,
        .short_of_disk = f->short_of_disk,
        .time_limit_minutes = isinf(f->limit_seconds) ? NAN : f->limit_seconds / 60,
    };
    struct weighed *sets = mem_alloc((b->scenarios.count + 1) * sizeof *sets);
    for (size_t i = 0; i < b->scenarios.count; i++) {
        sets[i] = (struct weighed){b->scenarios.at[i].shape.set_gib, b->scenarios.at[i].belief};
        if (b->scenarios.at[i].same_algorithm)
            out->weight_same_algorithm += b->scenarios.at[i].belief;
    }
    qsort(sets, b->scenarios.count, sizeof *sets, by_value);
    out->working_set_p10 = weighed_quantile(sets, b->scenarios.count, 0.1);
    out->working_set_gib = weighed_quantile(sets, b->scenarios.count, 0.5);
    out->working_set_p90 = weighed_quantile(sets, b->scenarios.count, 0.9);
    free(sets);
}
