#include "recommend/cluster_plan.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "cluster_size.h"
#include "recommend/sizing_inputs.h"

enum { PLAN_TYPES = 9 };

static const double sizes[] = {2, 3, 4, 6, 8, 12, 16};

/* The shapes to choose from are the same for all clusters that leave the same open. */
struct shapes {
    char *key;
    size_t count;
    struct shape_option at[SIZING_OPTIONS];
};

struct planner {
    struct cluster_run run;
    VEC(struct shapes *) known;
    /* A few clusters are forecast side by side. */
    struct cluster_view views[SIZING_AT_ONCE];
    struct sizing_work works[SIZING_AT_ONCE];
    size_t count;
};

static bool has_allow_list(const struct cluster_view *v)
{
    for (size_t i = 0; i < v->phase_count; i++)
        if (v->run->in->estate->phases.at[v->phases[i]].allowed_types.count)
            return true;
    return false;
}

/* Ordinary nodes of a middle size, unless the map names a type or lists some. */
static bool fits(const struct cluster_view *v, const struct instance_type *t)
{
    bool usual = t->vcpus >= 4 && t->vcpus <= 16 && t->memory_gib / t->vcpus >= 3 &&
                 strcmp(t->arch, "arm64") != 0;
    if (v->shape.worker_type)
        return !strcmp(v->shape.worker_type, t->name);
    return sizing_can_work(t) && t->current_generation && t->memory_gib >= 16 &&
           (usual || has_allow_list(v)) && cluster_type_allowed(v, t->name);
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

/* A new cluster's driver keeps a worker's memory, and needs few of its cores. */
static void add_type(struct shapes *out, struct cluster_view *v, const struct option *o)
{
    bool stated = !isnan(v->shape.workers);
    size_t count = stated ? 1 : sizeof sizes / sizeof *sizes;
    struct cluster_view like = *v;
    struct cluster_shape shape = v->shape;
    shape.worker_type = o->type->name;
    if (!shape.driver_type)
        shape.driver_type = o->type->name;
    like.shape = shape;
    double driver = v->shape.driver_type
                        ? cluster_node_usd(v->run, &shape, v->shape.driver_type)
                        : cluster_choose_driver(&like, &shape);
    for (size_t i = 0; i < count && out->count < SIZING_OPTIONS; i++) {
        shape.workers = stated ? v->shape.workers : sizes[i];
        if (shape.workers >= 1)
            out->at[out->count++] = (struct shape_option){
                .type = o->type,
                .workers = shape.workers,
                .usd_per_hour = o->usd * shape.workers + driver,
                .shape = shape,
                .within = 1,
            };
    }
}

static void find_shapes(struct shapes *out, struct cluster_view *v)
{
    VEC(struct option) all = {0};
    const struct instance_type *t;
    for (size_t cursor = 0; (t = catalogue_next(v->run->in->book, NULL, &cursor));) {
        double usd = fits(v, t) ? cluster_node_usd(v->run, &v->shape, t->name) : NAN;
        if (!isnan(usd))
            VEC_ADD(&all, ((struct option){t, usd}));
    }
    VEC_SORT(&all, by_price_of_a_core);
    for (size_t i = 0; i < all.count && i < PLAN_TYPES; i++)
        add_type(out, v, &all.at[i]);
    VEC_FREE(&all);
}

static void write_key(struct buf *out, const struct cluster_view *v)
{
    const struct cluster_shape *s = &v->shape;
    buf_printf(out, "%s|%s|%s|%s|%s|%d|%g|%g|%s|%g|%g|%g|%g", sym_or_empty(s->worker_type),
               sym_or_empty(s->driver_type), s->region, s->sku, s->tier, s->photon,
               s->dbu_discount, s->workers, sym_or_empty(s->ebs_type), s->ebs_count,
               s->ebs_gib, s->ebs_iops, s->ebs_mb_per_s);
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        buf_add(out, p->allowed_types.count ? "|" : "");
        for (size_t t = 0; t < p->allowed_types.count; t++)
            buf_printf(out, ",%s", p->allowed_types.at[t]);
    }
}

static const struct shapes *shapes_for(struct planner *planner, struct cluster_view *v)
{
    struct buf key = BUF_INIT;
    const struct shapes *found = NULL;
    write_key(&key, v);
    for (size_t i = 0; i < planner->known.count && !found; i++)
        if (!strcmp(planner->known.at[i]->key, buf_text(&key)))
            found = planner->known.at[i];
    if (!found) {
        struct shapes *made = mem_alloc(sizeof *made);
        made->key = mem_strndup(key.text, key.length);
        find_shapes(made, v);
        VEC_ADD(&planner->known, made);
        found = made;
    }
    buf_release(&key);
    return found;
}

static void take_shapes(struct sizing_work *w, struct cluster_view *v,
                        const struct shapes *shapes)
{
    memset(w, 0, sizeof *w);
    w->view = v;
    w->most_scenarios = sizing_scenarios(v->run->clusters);
    sizing_take_phases(w);
    w->count = shapes->count;
    for (size_t i = 0; i < shapes->count; i++) {
        const struct shape_option *o = &shapes->at[i];
        w->options[i] = *o;
        w->usd[i] = o->usd_per_hour;
        w->candidates[i] =
            (struct sizing_candidate){o->type->name, o->workers, sizing_hardware_of(o->type)};
    }
}

static void set_text(struct estate *estate, struct node *attrs, const char *key,
                     const char *text)
{
    if (!node_get(attrs, key))
        node_add(&estate->arena, attrs, key, node_string(&estate->arena, text));
}

/* Without declared hours the forecast's own minutes make them, as uncertain as they are. */
static void set_usage(struct estate *estate, struct resource *r, const struct sizing_work *w,
                      size_t chosen)
{
    static const char *const names[] = {"min", "typ", "max"};
    double hours[3] = {0, 0, 0};
    struct arena *arena = &estate->arena;
    struct node *usage = r->usage ? node_copy(arena, r->usage) : node_new(arena, NODE_MAP);
    r->usage = usage;
    node_add(arena, usage, CLUSTER_PLANNED, node_bool_new(arena, true));
    for (size_t p = 0; p < w->phase_count; p++) {
        const struct sizing_quantiles *m = &w->minutes[p][chosen];
        const double minutes[3] = {m->p10, m->p50, m->p90};
        double runs = sizing_phase(w, p)->runs_per_month;
        for (size_t q = 0; q < 3 && runs > 0; q++)
            hours[q] += runs * minutes[q] / 60;
    }
    if (node_get(usage, "monthly_hours") || !(hours[1] > 0))
        return;
    struct node *map = node_add(arena, usage, "monthly_hours", node_new(arena, NODE_MAP));
    for (size_t i = 0; i < 3; i++)
        node_add(arena, map, names[i], node_number_new(arena, hours[i]));
    if (w->starts > 0 && !node_get(usage, "runs_per_month"))
        node_add(arena, usage, "runs_per_month", node_number_new(arena, w->starts));
}

/* The cost of the cluster is split among its phases by their minutes. */
static void set_minutes(struct estate *estate, const struct sizing_work *w, size_t chosen)
{
    for (size_t p = 0; p < w->phase_count; p++) {
        struct phase *phase = &estate->phases.at[w->phases[p]];
        if (isnan(phase->minutes))
            phase->minutes = w->minutes[p][chosen].p50;
    }
}

/* Each phase with its time and the price of it: EC2, volumes and DBUs. */
static void write_phases(struct buf *out, const struct sizing_work *w, size_t chosen)
{
    for (size_t p = 0; p < w->phase_count; p++) {
        const struct phase *phase = sizing_phase(w, p);
        const struct sizing_quantiles *m = &w->minutes[p][chosen];
        double usd = m->p50 / 60 * w->options[chosen].usd_per_hour;
        buf_printf(out, "%s%s %.0f minutes a run (%.0f to %.0f)", p ? "; " : "",
                   phase->name ? phase->name : sym_or_empty(phase->id), m->p50, m->p10,
                   m->p90);
        if (isnan(usd))
            buf_add(out, ", its price not known");
        else
            buf_printf(out, ", %.2f USD", usd);
    }
}

/* Where nothing keeps the limits, what comes nearest to it: something has to be priced. */
static size_t nearest(const struct sizing_work *w)
{
    size_t best = sizing_cheapest(w, false);
    if (sizing_usable(&w->options[best]))
        return best;
    for (size_t i = 0; i < w->count; i++) {
        const struct shape_option *o = &w->options[i], *b = &w->options[best];
        if (o->within * (1 - o->failure) > b->within * (1 - b->failure) + 1e-9)
            best = i;
    }
    return best;
}

static size_t runner_up(const struct sizing_work *w, size_t chosen)
{
    size_t next = chosen;
    for (size_t i = 0; i < w->count; i++)
        if (i != chosen && (next == chosen || w->options[i].usd[1] < w->options[next].usd[1]))
            next = i;
    return next;
}

static void choose(struct estate *estate, const struct sizing_work *w)
{
    struct resource *r = &estate->resources.at[w->view->resource];
    size_t chosen = nearest(w);
    const struct shape_option *o = &w->options[chosen],
                              *lost = &w->options[runner_up(w, chosen)];
    struct node *attrs =
        r->attrs ? node_copy(&estate->arena, r->attrs) : node_new(&estate->arena, NODE_MAP);
    struct buf phases = BUF_INIT;
    r->attrs = attrs;
    set_text(estate, attrs, "node_type_id", o->type->name);
    set_text(estate, attrs, "driver_node_type_id", o->shape.driver_type);
    if (!node_get(attrs, "num_workers") && !node_get(attrs, "autoscale"))
        node_add(&estate->arena, attrs, "num_workers",
                 node_number_new(&estate->arena, o->workers));
    set_usage(estate, r, w, chosen);
    set_minutes(estate, w, chosen);
    write_phases(&phases, w, chosen);
    if (o->within < SIZING_LEAST_WITHIN)
        buf_printf(&phases,
                   "; no shape is sure to keep the time limits, this one does with %.0f %%",
                   o->within * 100);
    estate_note(
        estate, NOTE_INFO, r->source,
        "%s declares no nodes: the model takes %.0f x %s and a driver %s: %s; fails with "
        "%.0f %%; runner-up %.0f x %s%s%s",
        resource_label(r), o->workers, o->type->name, o->shape.driver_type, buf_text(&phases),
        o->failure * 100, lost->workers, lost->type->name, w->abstained ? "; unsure: " : "",
        w->abstained ? w->abstained : "");
    buf_release(&phases);
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

/* Work is declared when a phase says how much it reads. */
static bool view_of(struct cluster_view *out, struct cluster_run *run, uint32_t resource)
{
    const struct estate *estate = run->in->estate;
    const struct resource *r = &estate->resources.at[resource];
    size_t first = run->first_phase[resource];
    bool declared = false;
    *out = (struct cluster_view){.run = run,
                                 .resource = resource,
                                 .r = r,
                                 .label = resource_label(r),
                                 .phases = run->phases + first,
                                 .phase_count = run->first_phase[resource + 1] - first};
    if (out->phase_count > SIZING_PHASES)
        out->phase_count = SIZING_PHASES;
    for (size_t i = 0; i < out->phase_count; i++)
        declared |= estate->phases.at[out->phases[i]].input_gb > 0;
    if (!declared || !lacks_nodes(r))
        return false;
    cluster_shape_read(&out->shape, r);
    if (!node_get(r->attrs, "driver_node_type_id"))
        out->shape.driver_type = NULL;
    out->shape.sku = out->shape.sku ? out->shape.sku : "JOBS_COMPUTE";
    return true;
}

static bool choose_all(struct planner *planner, struct estate *estate, struct err *err)
{
    if (planner->count && !planner->run.history)
        cluster_history_open(&planner->run, NULL);
    sizing_forecast_all(planner->works, planner->count);
    for (size_t i = 0; i < planner->count; i++) {
        const struct sizing_work *w = &planner->works[i];
        if (w->err.code != ERR_NONE)
            return err_set(err, "%s", w->err.text);
        choose(estate, w);
    }
    planner->count = 0;
    return true;
}

static bool plan_cluster(struct planner *planner, struct estate *estate, uint32_t resource,
                         struct err *err)
{
    struct cluster_view *v = &planner->views[planner->count];
    struct sizing_work *w = &planner->works[planner->count];
    if (!view_of(v, &planner->run, resource))
        return true;
    take_shapes(w, v, shapes_for(planner, v));
    if (!w->count)
        return true; /* nothing has a price there: the estimate says so */
    planner->count++;
    return planner->count < SIZING_AT_ONCE || choose_all(planner, estate, err);
}

static size_t count_open(struct planner *planner)
{
    size_t count = 0;
    struct cluster_view v;
    for (size_t i = 0; i < planner->run.in->estate->resources.count; i++)
        count += view_of(&v, &planner->run, (uint32_t)i);
    return count;
}

bool cluster_plan(struct estate *estate, const struct book *book,
                  const struct recommend_options *options, struct err *err)
{
    struct recommend_input in = {estate, book, options};
    struct advice scratch;
    struct planner *planner = mem_alloc(sizeof *planner);
    bool ok = true;
    advice_init(&scratch, estate);
    cluster_run_open(&planner->run, &scratch, &in);
    planner->run.clusters = count_open(planner);
    for (size_t i = 0; ok && i < estate->resources.count; i++)
        ok = plan_cluster(planner, estate, (uint32_t)i, err);
    ok = ok && choose_all(planner, estate, err);
    for (size_t i = 0; i < planner->known.count; i++) {
        free(planner->known.at[i]->key);
        free(planner->known.at[i]);
    }
    VEC_FREE(&planner->known);
    cluster_run_close(&planner->run);
    advice_release(&scratch);
    free(planner);
    return ok;
}
