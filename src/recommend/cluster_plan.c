#include "recommend/cluster_plan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "cluster.h"
#include "recommend/sizing_inputs.h"

enum { PLAN_CANDIDATES = 64, PLAN_TYPES = 9, PLAN_SCENARIOS = 60 };

static const double sizes[] = {2, 3, 4, 6, 8, 12, 16};

struct plan {
    struct cluster_run run;
    struct cluster_shape shape;
    const struct phase *phase; /* the first that says how much it reads */
    struct sizing_candidate candidates[PLAN_CANDIDATES];
    double usd[PLAN_CANDIDATES];
    size_t count;
    double workers; /* that the map states; NaN: to be chosen */
};

static bool allowed(const struct phase *p, const char *type)
{
    for (size_t i = 0; i < p->allowed_types.count; i++)
        if (glob_match(p->allowed_types.at[i], type))
            return true;
    return p->allowed_types.count == 0;
}

/* Ordinary nodes of a middle size; the map's allow-list may name others. */
static bool fits(const struct plan *plan, const struct instance_type *t)
{
    bool listed = plan->phase->allowed_types.count > 0;
    bool usual = t->vcpus >= 4 && t->vcpus <= 16 && t->memory_gib / t->vcpus >= 3;
    bool arm = !strcmp(t->arch, "arm64");
    return sizing_can_work(t) && t->current_generation && t->memory_gib >= 16 &&
           (listed || (usual && !arm)) && allowed(plan->phase, t->name);
}

struct option {
    const struct instance_type *type;
    double usd;
};

static int by_price_of_a_core(const void *a, const void *b)
{
    const struct option *x = a, *y = b;
    double p = x->usd / x->type->vcpus, q = y->usd / y->type->vcpus;
    return p < q ? -1 : p > q ? 1 : strcmp(x->type->name, y->type->name);
}

static void add_candidate(struct plan *plan, const struct option *o, double workers)
{
    const struct instance_type *t = o->type;
    const struct sizing_candidate *last = &plan->candidates[plan->count ? plan->count - 1 : 0];
    bool again =
        plan->count && last->instance_type == t->name && fabs(last->workers - workers) < 0.5;
    if (again || workers < 1)
        return;
    plan->candidates[plan->count] =
        (struct sizing_candidate){t->name, workers, sizing_hardware_of(t)};
    plan->usd[plan->count++] = o->usd * (workers + 1);
}

static void find_candidates(struct plan *plan)
{
    VEC(struct option) all = {0};
    const struct instance_type *t;
    for (size_t cursor = 0; (t = catalogue_next(plan->run.in->book, NULL, &cursor));) {
        double usd = fits(plan, t) ? cluster_node_usd(&plan->run, &plan->shape, t->name) : NAN;
        if (!isnan(usd))
            VEC_ADD(&all, ((struct option){t, usd}));
    }
    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, by_price_of_a_core);
    for (size_t i = 0; i < all.count && i < PLAN_TYPES; i++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            add_candidate(plan, &all.at[i], isnan(plan->workers) ? sizes[s] : plan->workers);
    VEC_FREE(&all);
}

static struct node *attrs_of(struct estate *estate, struct resource *r)
{
    struct node *attrs =
        r->attrs ? node_copy(&estate->arena, r->attrs) : node_new(&estate->arena, NODE_MAP);
    r->attrs = attrs;
    return attrs;
}

/* Without declared minutes the forecast's own make the hours, as uncertain as they are. */
static void set_hours(struct estate *estate, struct resource *r, const struct phase *p,
                      const struct sizing_quantiles *minutes)
{
    static const char *const names[] = {"min", "typ", "max"};
    const double values[] = {minutes->p10, minutes->p50, minutes->p90};
    struct arena *arena = &estate->arena;
    struct node *usage = r->usage ? node_copy(arena, r->usage) : node_new(arena, NODE_MAP);
    r->usage = usage;
    if (node_get(usage, "monthly_hours") || !(p->runs_per_month > 0))
        return;
    struct node *hours = node_add(arena, usage, "monthly_hours", node_new(arena, NODE_MAP));
    for (size_t i = 0; i < 3; i++)
        node_add(arena, hours, names[i],
                 node_number_new(arena, p->runs_per_month * values[i] / 60));
}

static void choose(struct plan *plan, struct estate *estate, uint32_t resource,
                   const struct sizing_choice *choice)
{
    struct resource *r = &estate->resources.at[resource];
    const struct sizing_option *best = &choice->options[0];
    const struct sizing_option *next = &choice->options[choice->option_count > 1 ? 1 : 0];
    const struct sizing_candidate *c = &plan->candidates[best->candidate],
                                  *lost = &plan->candidates[next->candidate];
    struct node *attrs = attrs_of(estate, r);
    if (!node_get(attrs, "node_type_id"))
        node_add(&estate->arena, attrs, "node_type_id",
                 node_string(&estate->arena, c->instance_type));
    if (!node_get(attrs, "num_workers") && !node_get(attrs, "autoscale"))
        node_add(&estate->arena, attrs, "num_workers",
                 node_number_new(&estate->arena, c->workers));
    set_hours(estate, r, plan->phase, &best->minutes);
    estate_note(estate, NOTE_INFO, r->source,
                "%s declares no nodes: the model takes %.0f x %s, %.0f minutes a run (%.0f to "
                "%.0f), fails with %.0f %%; runner-up %.0f x %s%s%s",
                resource_label(r), c->workers, c->instance_type, best->minutes.p50,
                best->minutes.p10, best->minutes.p90, best->failure_probability * 100,
                lost->workers, lost->instance_type, choice->abstained ? "; unsure: " : "",
                choice->abstained ? choice->abstained : "");
}

static bool plan_cluster(struct plan *plan, struct estate *estate, uint32_t resource,
                         struct err *err)
{
    const struct phase *p = plan->phase;
    struct sizing_forecast *forecast = NULL;
    struct sizing_choice choice = {0};
    find_candidates(plan);
    if (!plan->count)
        return true; /* nothing has a price there: the estimate says so */
    struct sizing_request request = {.workload = p->workload,
                                     .algorithm = p->algorithm,
                                     .class_name = sizing_class_text(p->class),
                                     .iterative = sizing_iterative(p->iterative),
                                     .input_gb = p->input_gb,
                                     .candidates = plan->candidates,
                                     .candidate_count = plan->count,
                                     .most_scenarios = PLAN_SCENARIOS};
    if (!sizing_forecast_open(&forecast, plan->run.history, &request, err))
        return false;
    sizing_rank(&choice, forecast, plan->usd, (struct sizing_limits){p->max_minutes, NAN});
    if (choice.option_count)
        choose(plan, estate, resource, &choice);
    sizing_choice_release(&choice);
    sizing_forecast_free(forecast);
    return true;
}

static bool lacks_nodes(const struct resource *r)
{
    static const char *const kinds[] = {"job", "all_purpose", "pipeline"};
    const char *kind = node_text(node_get(r->usage, "kind"), "");
    bool nodes = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        nodes |= !strcmp(kinds[i], kind);
    return nodes && r->region &&
           (!node_get(r->attrs, "node_type_id") ||
            (!node_get(r->attrs, "num_workers") && !node_get(r->attrs, "autoscale")));
}

static const struct phase *declared_work(const struct estate *estate, uint32_t cluster)
{
    for (size_t i = 0; i < estate->phases.count; i++)
        if (estate->phases.at[i].cluster == cluster && estate->phases.at[i].input_gb > 0)
            return &estate->phases.at[i];
    return NULL;
}

bool cluster_plan(struct estate *estate, const struct book *book,
                  const struct recommend_options *options, struct err *err)
{
    struct recommend_input in = {estate, book, options};
    struct sizing_history *history = NULL;
    struct sizing_run *runs = NULL;
    bool ok = true;
    for (size_t i = 0; ok && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const struct phase *p = lacks_nodes(r) ? declared_work(estate, (uint32_t)i) : NULL;
        if (!p)
            continue;
        if (!history)
            runs = cluster_history_open(&history, &in);
        struct plan plan = {.run = {.in = &in, .history = history},
                            .phase = p,
                            .workers = node_number(node_get(r->attrs, "num_workers"), NAN)};
        plan.shape =
            (struct cluster_shape){.region = r->region,
                                   .sku = node_text(node_get(r->usage, "sku"), "JOBS_COMPUTE"),
                                   .tier = node_text(node_get(r->usage, "tier"), "premium"),
                                   .spot_discount = NAN};
        ok = plan_cluster(&plan, estate, (uint32_t)i, err);
        rate_cache_free(plan.run.rates);
    }
    sizing_history_free(history);
    free(runs);
    return ok;
}
