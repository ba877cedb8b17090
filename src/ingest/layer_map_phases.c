#include <math.h>
#include <string.h>

#include "base/pattern.h"
#include "layer_map_read.h"

enum { GIB = 1 << 30 };

static void read_demand(struct phase_demand *d, const struct node *n)
{
    static const struct {
        const char *key;
        size_t offset;
        double unit;
    } keys[] = {
        {"core_hours", offsetof(struct phase_demand, core_seconds), 3600},
        {"input_gb", offsetof(struct phase_demand, input_bytes), GIB},
        {"output_gb", offsetof(struct phase_demand, output_bytes), GIB},
        {"shuffle_gb", offsetof(struct phase_demand, shuffle_read_bytes), GIB},
        {"shuffle_gb", offsetof(struct phase_demand, shuffle_write_bytes), GIB},
        {"cached_gb", offsetof(struct phase_demand, cached_bytes), GIB},
        {"working_set_gb", offsetof(struct phase_demand, working_set_bytes), GIB},
        {"driver_minutes", offsetof(struct phase_demand, driver_seconds), 60},
        {"longest_task_minutes", offsetof(struct phase_demand, longest_task_seconds), 60},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *value = node_get(n, keys[i].key);
        if (value)
            *(double *)((char *)d + keys[i].offset) = value->number * keys[i].unit;
    }
}

/* The mean over the lists of runs: one run of the cluster, where the phase says nothing. */
static double run_minutes(const struct entry *e)
{
    const struct node *runs = node_get(e->node, "runs");
    struct range minutes = {NAN, NAN, NAN};
    if (runs && runs->count == 1)
        range_read(&minutes, node_get(runs->items[0], "minutes"));
    return minutes.expected;
}

static double typical_workers(const struct entry *e)
{
    struct range q;
    if (range_read(&q, node_at(e->node, "utilisation.workers_typ")) ||
        range_read(&q, node_get(e->node, "workers")))
        return q.expected;
    double least = node_number(node_get(e->node, "min_workers"), NAN);
    return (least + node_number(node_get(e->node, "max_workers"), NAN)) / 2;
}

static void read_numbers(struct phase *p, const struct entry *e, const struct node *n)
{
    p->share = node_number(node_get(n, "share"), NAN);
    p->input_gb = node_number(node_get(n, "input_gb"), NAN);
    p->max_minutes = node_number(node_get(n, "max_minutes"), NAN);
    p->workers = node_number(node_get(n, "workers"), typical_workers(e));
    p->runs_per_month =
        node_number(node_get(n, "runs_per_month"),
                    node_number(node_at(e->usage, "runs_per_month.typ"),
                                node_number(node_get(e->usage, "runs_per_month"), NAN)));
    double share = isnan(p->share) ? 1 : p->share;
    p->minutes = node_number(node_get(n, "minutes"), run_minutes(e) * share);
    read_demand(&p->demand, node_get(n, "demand"));
}

static bool read_owner(struct map_reader *r, struct phase *p, const struct entry *e,
                       const struct node *n)
{
    const struct node *tenant = node_get(n, "tenant");
    p->tenant = tenant ? map_tenant(r, node_text(tenant, NULL)) : entry_resource(r, e)->tenant;
    if (tenant && p->tenant == NOTHING)
        return map_fail(r, tenant, "there is no tenant '%s'", node_text(tenant, ""));
    return true;
}

static const struct node *text_at(const struct node *texts, size_t i)
{
    if (node_is(texts, NODE_LIST))
        return i < texts->count ? texts->items[i] : NULL;
    return i == 0 && !node_absent(texts) ? texts : NULL;
}

static bool read_match(struct map_reader *r, struct phase *p, const struct node *texts)
{
    const struct node *text;
    for (size_t i = 0; (text = text_at(texts, i)); i++) {
        struct pattern *pattern;
        struct err why = ERR_INIT;
        sym expression = map_text(r, text);
        if (!pattern_open(&pattern, sym_or_empty(expression), &why))
            return map_fail(r, text, "'match' is no usable regular expression: %s", why.text);
        pattern_free(pattern);
        VEC_ADD(&p->match, expression);
    }
    return true;
}

static bool read_phase(struct map_reader *r, struct entry *e, const struct node *n)
{
    struct phase p = phase_unknown();
    struct resource *cluster = entry_resource(r, e);
    p.name = map_text(r, node_get(n, "name"));
    p.id = map_text(r, node_get(n, "id"));
    p.id = p.id ? p.id : intern_printf(r->estate->symbols, "%s-%s", cluster->key, p.name);
    for (size_t i = 0; i < r->estate->phases.count; i++)
        if (r->estate->phases.at[i].id == p.id)
            return map_fail(r, n, "the phase '%s' is here twice", p.id);
    p.class = class_named(node_text(node_get(n, "class"), "unknown"));
    const struct node *iterative = node_get(n, "iterative");
    p.iterative = !iterative ? TRI_UNKNOWN : iterative->truth ? TRI_YES : TRI_NO;
    p.workload = map_text(r, node_get(n, "workload"));
    p.workload = p.workload ? p.workload : p.id;
    p.algorithm = map_text(r, node_get(n, "algorithm"));
    p.cluster = e->resource;
    p.cluster_id = cluster->id ? cluster->id : cluster->key;
    p.instance_type = map_text(r, node_get(e->node, "worker_type"));
    p.driver_type = map_text(r, node_get(e->node, "driver_type"));
    p.driver_type = p.driver_type ? p.driver_type : p.instance_type;
    p.photon = !strcmp(node_text(node_get(e->node, "runtime_engine"), ""), "PHOTON");
    p.source = r->path;
    p.line = n->line;
    read_numbers(&p, e, n);
    const struct node *types = node_get(n, "allowed_types"), *type;
    for (size_t i = 0; (type = text_at(types, i)); i++)
        VEC_ADD(&p.allowed_types, map_text(r, type));
    bool ok = read_owner(r, &p, e, n) && read_match(r, &p, node_get(n, "match"));
    if (ok)
        VEC_ADD(&r->estate->phases, p);
    else
        phase_release(&p);
    return ok;
}

bool map_read_phases(struct map_reader *r, struct entry *e)
{
    const struct node *phases = node_get(e->node, "phases");
    double share = 0;
    for (size_t i = 0; phases && i < phases->count; i++) {
        share += node_number(node_get(phases->items[i], "share"), 0);
        if (!read_phase(r, e, phases->items[i]))
            return false;
    }
    if (share > 1.0005)
        return map_fail(r, phases, "the shares of these phases add up to %g: more than 1",
                        share);
    if (phases && phases->count == 1)
        entry_resource(r, e)->phase = (uint32_t)(r->estate->phases.count - 1);
    return true;
}
