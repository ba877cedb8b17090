#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "cluster.h"
#include "pricing/databricks.h"
#include "recommend/sizing_inputs.h"

enum { MOST_TYPES = 12, MOST_CANDIDATES = 80, MOST_PHASES = 16 };

/* Scenarios that a forecast follows; fewer where many clusters have to be sized. */
enum { MOST_SCENARIOS = 60, MANY_CLUSTERS = 50, FEW_SCENARIOS = 16 };

#define MOST_FAILURE 0.10 /* probability that a proposed shape may fail with */
/* Times the present cores, or one over it: no further from what ran. */
#define MOST_CORES 2.0
/* Of the present cost; below it the model cannot tell two shapes apart. */
#define LEAST_SAVING 0.05

/* One shape to choose, and what the phases of the cluster would cost on it in a month. */
struct shape_option {
    const struct instance_type *type;
    double workers, usd_per_hour;
    double usd[3];  /* low, expected, high: p10, p50, p90 of every phase */
    double failure; /* the worst phase */
    double over;    /* minutes above a phase's limit, 0 none */
    enum sizing_term binding;
};

struct sizing_work {
    struct cluster_view *view;
    struct shape_option options[MOST_CANDIDATES];
    struct sizing_candidate candidates[MOST_CANDIDATES];
    double usd[MOST_CANDIDATES];
    size_t count; /* options[0] is the present shape */
    const char *abstained, *probe_why;
    size_t probe;
    bool has_probe;
    size_t own_runs;
};

static bool named(const struct node *patterns, const char *type)
{
    if (node_is(patterns, NODE_STRING))
        return glob_match(patterns->text, type);
    for (size_t i = 0; patterns && i < patterns->count; i++)
        if (glob_match(node_text(patterns->items[i], ""), type))
            return true;
    return false;
}

/* The map's allow-lists of all phases, and the configuration's. */
static bool allowed(const struct cluster_view *v, const char *type)
{
    const struct node *parameters = v->run->in->options->parameters;
    const struct node *types = node_get(node_get(parameters, "cluster"), "types");
    if (types && !named(types, type))
        return false;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        bool any = p->allowed_types.count == 0;
        for (size_t t = 0; t < p->allowed_types.count; t++)
            any |= glob_match(p->allowed_types.at[t], type);
        if (!any)
            return false;
    }
    return true;
}

/* Shuffle files and the disk cache live on local disks: who has them keeps them. */
static bool keeps_disks(const struct cluster_view *v, const struct instance_type *t,
                        const struct instance_type *now)
{
    bool needs = now->local_kind != LOCAL_NONE && v->shape.ebs_count <= 0;
    return !needs || t->local_kind != LOCAL_NONE;
}

/* Nodes below 16 GiB leave Spark next to nothing; burstable ones run out of credits. */
static bool fit_for_workers(const struct cluster_view *v, const struct instance_type *t,
                            const struct instance_type *now)
{
    bool arm = !strcmp(t->arch, "arm64"), arm_now = !strcmp(now->arch, "arm64");
    return sizing_can_work(t) && t->current_generation && t->memory_gib >= 16 &&
           (!arm || arm_now || v->run->in->options->graviton_ok) &&
           t->vcpus * 2 >= now->vcpus && t->vcpus <= now->vcpus * 2 &&
           keeps_disks(v, t, now) && allowed(v, t->name);
}

struct priced_type {
    const struct instance_type *type;
    double usd, score;
};

static int by_score(const void *a, const void *b)
{
    const struct priced_type *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score < y->score ? -1 : 1;
    return strcmp(x->type->name, y->type->name);
}

/* The cheapest of each memory class by vCPU, so that no kind of machine is left out. */
static size_t choose_types(struct priced_type *out, struct cluster_view *v,
                           const struct instance_type *now)
{
    VEC(struct priced_type) all = {0};
    const struct instance_type *t;
    size_t count = 0, taken[3] = {0, 0, 0};
    for (size_t cursor = 0; (t = catalogue_next(v->run->in->book, NULL, &cursor));) {
        if (!fit_for_workers(v, t, now))
            continue;
        double usd = cluster_node_usd(v->run, &v->shape, t->name);
        if (!isnan(usd))
            VEC_ADD(&all, ((struct priced_type){t, usd, usd / t->vcpus}));
    }
    if (all.count)
        qsort(all.at, all.count, sizeof *all.at, by_score);
    for (size_t i = 0; i < all.count && count < MOST_TYPES; i++) {
        double ratio = all.at[i].type->memory_gib / all.at[i].type->vcpus;
        size_t class = ratio < 3 ? 0 : ratio < 6 ? 1 : 2;
        if (taken[class]++ < MOST_TYPES / 3)
            out[count++] = all.at[i];
    }
    VEC_FREE(&all);
    return count;
}

static void add_option(struct sizing_work *w, const struct instance_type *t, double workers,
                       double usd_per_hour)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->options[i].type == t && fabs(w->options[i].workers - workers) < 0.5)
            return;
    if (w->count == MOST_CANDIDATES || workers < 1)
        return;
    w->options[w->count] =
        (struct shape_option){.type = t, .workers = workers, .usd_per_hour = usd_per_hour};
    w->candidates[w->count] =
        (struct sizing_candidate){t->name, workers, sizing_hardware_of(t)};
    w->usd[w->count++] = usd_per_hour;
}

static void find_options(struct sizing_work *w, const struct instance_type *now)
{
    static const double factors[] = {1, 0.75, 0.5, 1.5, 2};
    struct cluster_view *v = w->view;
    struct priced_type types[MOST_TYPES];
    double n = fmax(1, round(v->shape.workers));
    double most = cluster_parameter(v, "max_workers", 4 * n);
    double driver = cluster_node_usd(v->run, &v->shape, v->shape.driver_type);
    double here = cluster_node_usd(v->run, &v->shape, now->name);
    size_t count = choose_types(types, v, now);
    add_option(w, now, n, here * n + driver);
    for (size_t f = 1; f < sizeof factors / sizeof *factors; f++)
        if (round(n * factors[f]) <= most)
            add_option(w, now, round(n * factors[f]), here * round(n * factors[f]) + driver);
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            double workers = round(n * factors[f]);
            double cores = workers * types[i].type->vcpus / (n * now->vcpus);
            if (workers <= most && cores <= MOST_CORES && cores * MOST_CORES >= 1)
                add_option(w, types[i].type, workers, types[i].usd * (workers + 1));
        }
}

static double runs_of(const struct phase *p)
{
    return isnan(p->runs_per_month) ? 1 : p->runs_per_month;
}

/* Adds what one phase costs on every option. False: the model has nothing to say. */
static bool add_phase(struct sizing_work *w, const struct phase *p, struct err *err)
{
    struct sizing_request request = {.workload = p->id,
                                     .algorithm = p->algorithm,
                                     .class_name = sizing_class_text(p->class),
                                     .iterative = sizing_iterative(p->iterative),
                                     .input_gb = p->input_gb,
                                     .candidates = w->candidates,
                                     .candidate_count = w->count,
                                     .most_scenarios = w->view->run->clusters > MANY_CLUSTERS
                                                           ? FEW_SCENARIOS
                                                           : MOST_SCENARIOS};
    struct sizing_forecast *forecast = NULL;
    struct sizing_choice choice = {0};
    struct sizing_evidence evidence;
    if (!sizing_forecast_open(&forecast, w->view->run->history, &request, err))
        return false;
    sizing_rank(&choice, forecast, w->usd, (struct sizing_limits){NAN, NAN});
    sizing_evidence(&evidence, forecast);
    w->own_runs += evidence.own_completed;
    for (size_t i = 0; i < choice.option_count; i++) {
        const struct sizing_option *from = &choice.options[i];
        struct shape_option *to = &w->options[from->candidate];
        const double minutes[3] = {from->minutes.p10, from->minutes.p50, from->minutes.p90};
        for (int q = 0; q < 3; q++)
            to->usd[q] += runs_of(p) * minutes[q] / 60 * to->usd_per_hour *
                          (1 + from->failure_probability);
        to->failure = fmax(to->failure, from->failure_probability);
        if (!isnan(p->max_minutes))
            to->over = fmax(to->over, from->minutes.p50 - p->max_minutes);
        to->binding = from->binding;
    }
    if (choice.abstained && !w->abstained)
        w->abstained = arena_strdup(&w->view->run->out->arena, choice.abstained);
    if (choice.has_probe && !w->has_probe) {
        w->has_probe = true;
        w->probe = choice.probe;
        w->probe_why = arena_strdup(&w->view->run->out->arena, sym_or_empty(choice.probe_why));
    }
    sizing_choice_release(&choice);
    sizing_forecast_free(forecast);
    return true;
}

static bool usable(const struct shape_option *o)
{
    return o->failure <= MOST_FAILURE && o->over <= 0 && o->usd[1] > 0;
}

/* The cheapest shape on the whole; with `sure`, of those that are cheaper nine times in ten.
 */
static size_t cheapest(const struct sizing_work *w, bool sure)
{
    size_t best = 0;
    for (size_t i = 1; i < w->count; i++) {
        const struct shape_option *o = &w->options[i];
        if (!usable(o) || (sure && o->usd[2] > w->options[0].usd[1]))
            continue;
        if (o->usd[1] < w->options[best].usd[1] || !usable(&w->options[best]))
            best = i;
    }
    return best;
}

static const char *shape_text(struct arena *arena, const struct shape_option *o)
{
    return arena_printf(arena, "%.0f x %s", o->workers, o->type->name);
}

static void add_alternatives(struct sizing_work *w, struct recommendation *r, size_t chosen,
                             double scale)
{
    enum { SHOWN = 4 };
    struct advice *out = w->view->run->out;
    bool shown[MOST_CANDIDATES] = {false};
    const struct shape_option *best = &w->options[chosen];
    shown[0] = shown[chosen] = true;
    for (int n = 0; n < SHOWN; n++) {
        size_t next = 0;
        for (size_t i = 1; i < w->count; i++)
            if (!shown[i] && (!next || w->options[i].usd[1] < w->options[next].usd[1]))
                next = i;
        if (!next)
            return;
        shown[next] = true;
        const struct shape_option *o = &w->options[next];
        double saving = (w->options[0].usd[1] - o->usd[1]) * scale;
        const char *why =
            o->failure > MOST_FAILURE
                ? arena_printf(&out->arena, "it fails with a probability of %.0f %%",
                               o->failure * 100)
            : o->over > 0
                ? arena_printf(&out->arena, "it takes %.1f minutes more than allowed", o->over)
                : arena_printf(&out->arena, "it costs %.2f USD a month more",
                               (o->usd[1] - best->usd[1]) * scale);
        alternative_add(out, r, money_range_of(money_of(saving)), shape_text(&out->arena, o),
                        why);
    }
}

static int risk_of(const struct shape_option *o, const struct instance_type *now,
                   const char **dimension)
{
    bool other = strcmp(o->type->maker, now->maker) != 0;
    bool arm = !strcmp(o->type->arch, "arm64") && strcmp(now->arch, "arm64") != 0;
    int memory = o->failure > 0.05 ? 3 : o->failure > 0.02 ? 2 : 1;
    int cpu = arm ? 3 : other ? 2 : 1;
    *dimension = cpu > memory ? "cpu" : "memory";
    return cpu > memory ? cpu : memory;
}

static struct money_range scaled(const double usd[3], double by)
{
    return (struct money_range){money_of(usd[0] * by), money_of(usd[1] * by),
                                money_of(usd[2] * by)};
}

static void add_evidence(struct sizing_work *w, struct recommendation *r,
                         const struct shape_option *o, double scale)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    const struct shape_option *now = &w->options[0];
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Phases",
                 "%zu, with %zu runs of their own", v->phase_count, w->own_runs);
    evidence_add(out, r, EVIDENCE_MODEL, "models/sizing", "Now",
                 "%s: %.2f USD a month by the model (%.2f to %.2f), %.2f in fact",
                 shape_text(&out->arena, now), now->usd[1], now->usd[0], now->usd[2],
                 v->usd_month);
    evidence_add(out, r, EVIDENCE_MODEL, "models/sizing", "Proposed",
                 "%s: %.2f (%.2f to %.2f), fails with %.1f %%, bound by %s",
                 shape_text(&out->arena, o), o->usd[1], o->usd[0], o->usd[2], o->failure * 100,
                 sizing_term_name(o->binding));
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Cost after",
                 "%.2f x %.2f / %.2f = %.2f USD a month", v->usd_month, o->usd[1], now->usd[1],
                 o->usd[1] * scale);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Failure at most", "%.0f %%",
                 MOST_FAILURE * 100);
}

static void advise(struct sizing_work *w, size_t chosen, const struct instance_type *now)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    const struct shape_option *o = &w->options[chosen];
    double scale = v->usd_month / w->options[0].usd[1];
    char from[24], to[24];
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.size", ACTION_RESIZE, v->resource);
    r->title = arena_printf(&out->arena, "Run %s on %.0f x %s instead of %.0f x %s", v->label,
                            o->workers, o->type->name, w->options[0].workers, now->name);
    struct money_range after = scaled(o->usd, scale);
    after.high = money_max(after.expected, money_min(after.high, money_of(v->usd_month)));
    saving_set(r, v->run->in, money_range_of(money_of(v->usd_month)), after);
    r->effort = strcmp(o->type->arch, now->arch) ? LEVEL_HIGH : LEVEL_LOW;
    r->risk = risk_of(o, now, &r->risk_dimension);
    r->confidence = w->own_runs > 2 ? LEVEL_HIGH : w->own_runs ? LEVEL_MEDIUM : LEVEL_LOW;
    r->confidence_why = arena_printf(&out->arena, "%zu runs of its own", w->own_runs);
    add_evidence(w, r, o, scale);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Price now");
    add_alternatives(w, r, chosen, scale);
    struct cluster_shape shape = v->shape;
    shape.worker_type = o->type->name;
    if (o->type != now)
        shape.driver_type = o->type->name;
    shape.workers = o->workers;
    snprintf(from, sizeof from, "%.0f", w->options[0].workers);
    snprintf(to, sizeof to, "%.0f", o->workers);
    cluster_change(v, r, "node_type_id", now->name, o->type->name);
    cluster_change(v, r, "num_workers", from, to);
    cluster_artefacts(v, r, &shape, NULL, v->autotermination);
}

/* Cheaper on the whole, but nine times in ten is asked for before anyone moves a cluster. */
static void decline_unsure(struct sizing_work *w, size_t best)
{
    struct cluster_view *v = w->view;
    const struct shape_option *o = &w->options[best], *now = &w->options[0];
    double scale = v->usd_month / now->usd[1];
    advice_decline(v->run->out, "cluster.size", v->resource,
                   "%s would probably save %.2f USD a month (%.2f to %.2f): not sure enough "
                   "with %zu of its own runs to learn from; one run on it would tell",
                   shape_text(&v->run->out->arena, o), (now->usd[1] - o->usd[1]) * scale,
                   (now->usd[1] - o->usd[2]) * scale, (now->usd[1] - o->usd[0]) * scale,
                   w->own_runs);
}

static bool worth_it(const struct sizing_work *w, size_t option)
{
    const struct cluster_view *v = w->view;
    double share = 1 - w->options[option].usd[1] / w->options[0].usd[1];
    return option && share >= LEAST_SAVING &&
           share * v->usd_month >= v->run->in->options->min_monthly_usd;
}

static void decide(struct sizing_work *w, const struct instance_type *now)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    size_t best = cheapest(w, false), sure = cheapest(w, true);
    if (w->abstained)
        advice_decline(out, "cluster.size", v->resource, "%s%s%s", w->abstained,
                       w->has_probe ? "; one run would tell, on " : "",
                       w->has_probe ? shape_text(&out->arena, &w->options[w->probe]) : "");
    else if (worth_it(w, sure))
        advise(w, sure, now);
    else if (worth_it(w, best))
        decline_unsure(w, best);
    else
        advice_decline(out, "cluster.size", v->resource,
                       "%.0f x %s is right: of %zu other shapes none saves %.0f %% or more",
                       w->options[0].workers, now->name, w->count - 1, LEAST_SAVING * 100);
}

void cluster_advise_size(struct cluster_view *v)
{
    struct advice *out = v->run->out;
    const struct instance_type *now = catalogue_find(v->run->in->book, v->shape.worker_type);
    struct err err = ERR_INIT;
    bool ok = true;
    if (v->shape.workers < 0.5)
        return; /* a single node: its driver is all there is */
    if (!now || v->phase_count > MOST_PHASES) {
        advice_decline(out, "cluster.size", v->resource,
                       now ? "it has more phases than can be sized together"
                           : "the catalogue does not know its instance type");
        return;
    }
    struct sizing_work *w = mem_alloc(sizeof *w);
    w->view = v;
    find_options(w, now);
    for (size_t i = 0; ok && i < v->phase_count; i++)
        ok = add_phase(w, &v->run->in->estate->phases.at[v->phases[i]], &err);
    if (ok)
        decide(w, now);
    else
        advice_decline(out, "cluster.size", v->resource, "%s", err.text);
    free(w);
}
