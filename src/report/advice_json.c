#include "advice_json.h"

#include "report/result.h"

static void put_resource(struct report *report, struct node *list, const struct resource *r)
{
    struct node *map = result_item(report, list);
    result_text(report, map, "key", r->key);
    result_text(report, map, "name", resource_label(r));
    result_text(report, map, "type", r->type);
    result_text(report, map, "address", r->address);
    result_text(report, map, "account", r->account);
    result_text(report, map, "region", r->region);
}

static void put_monthly(struct report *report, struct node *map, const char *key,
                        const struct monthly *m)
{
    struct node *basis = node_add(&report->arena, map, key, node_new(&report->arena, NODE_MAP));
    node_add(&report->arena, basis, "now", json_range(report, m->now));
    node_add(&report->arena, basis, "after", json_range(report, m->after));
    node_add(&report->arena, basis, "saving",
             json_range(report, money_range_sub(m->now, m->after)));
}

static void put_node(struct report *report, struct node *map, const char *key,
                     const struct node *value)
{
    struct arena *arena = &report->arena;
    node_add(arena, map, key, value ? node_copy(arena, value) : node_new(arena, NODE_NULL));
}

static struct node *put_list(struct report *report, struct node *map, const char *key)
{
    return node_add(&report->arena, map, key, node_new(&report->arena, NODE_LIST));
}

static void put_evidence(struct report *report, struct node *map, const struct evidence *at,
                         size_t count)
{
    struct node *list = put_list(report, map, "evidence");
    for (size_t i = 0; i < count; i++) {
        struct node *e = node_add(&report->arena, list, NULL, node_new(&report->arena, NODE_MAP));
        result_text(report, e, "kind", evidence_kind_name(at[i].kind));
        result_text(report, e, "label", at[i].label);
        result_text(report, e, "value", at[i].value);
        result_text(report, e, "source", at[i].source);
    }
}

static void put_alternatives(struct report *report, struct node *map,
                             const struct recommendation *r)
{
    struct node *list = put_list(report, map, "alternatives");
    for (size_t i = 0; i < r->alternatives.count; i++) {
        const struct alternative *a = &r->alternatives.at[i];
        struct node *n = node_add(&report->arena, list, NULL, node_new(&report->arena, NODE_MAP));
        result_text(report, n, "title", a->title);
        node_add(&report->arena, n, "monthly_saving", json_range(report, a->monthly_saving));
        result_text(report, n, "why_not", a->why_not);
    }
}

static void put_artefacts(struct report *report, struct node *map, const struct recommendation *r)
{
    struct node *list = put_list(report, map, "artefacts");
    for (size_t i = 0; i < r->artefacts.count; i++) {
        const struct artefact *a = &r->artefacts.at[i];
        struct node *n = node_add(&report->arena, list, NULL, node_new(&report->arena, NODE_MAP));
        result_text(report, n, "format", a->format);
        result_text(report, n, "name", a->name);
        result_text(report, n, "text", a->text);
    }
}

static void put_owner(struct report *report, const struct estate *estate, struct node *map,
                      const struct resource *r)
{
    result_text(report, map, "layer", layer_name(r->layer));
    result_text(report, map, "tenant",
             r->tenant == NOTHING ? NULL : estate->tenants.at[r->tenant].id);
    result_text(report, map, "phase", r->phase == NOTHING ? NULL : estate->phases.at[r->phase].id);
}

static void put_money_part(struct report *report, struct node *map,
                           const struct recommendation *r)
{
    struct arena *arena = &report->arena;
    put_monthly(report, map, "list", &r->list);
    put_monthly(report, map, "net", &r->net);
    struct node *stranded = node_add(arena, map, "stranded", node_new(arena, NODE_MAP));
    char until[DAY_TEXT];
    node_add(arena, stranded, "monthly", json_money(report, r->stranded));
    result_text(report, stranded, "until",
             r->stranded_until ? day_format(until, r->stranded_until) : NULL);
    node_add(arena, map, "one_off", json_range(report, r->one_off));
    double months = recommendation_payback_months(r);
    node_add(arena, map, "payback_months",
             months < 0 ? node_new(arena, NODE_NULL) : node_number_new(arena, months));
    node_add(arena, map, "counted", node_bool_new(arena, r->counted));
    node_add(arena, map, "counted_saving", json_range(report, r->counted_saving));
    result_text(report, map, "counted_why", r->counted_why);
    result_text(report, map, "not_counted_why", r->not_counted_why);
}

static void put_judgement(struct report *report, struct node *map, const struct recommendation *r)
{
    struct arena *arena = &report->arena;
    result_text(report, map, "effort", level_name(r->effort));
    node_add(arena, map, "restart_needed", node_bool_new(arena, r->restart));
    result_text(report, map, "way_back", r->way_back);
    struct node *risk = node_add(arena, map, "risk", node_new(arena, NODE_MAP));
    node_add(arena, risk, "level", node_number_new(arena, r->risk));
    result_text(report, risk, "dimension", r->risk_dimension);
    struct node *confidence = node_add(arena, map, "confidence", node_new(arena, NODE_MAP));
    result_text(report, confidence, "level", level_name(r->confidence));
    result_text(report, confidence, "why", r->confidence_why);
}

/* A plan can be about thousands: those with the most of it say enough. */
enum { MOST_RESOURCES = 100 };

struct node *json_recommendation(struct report *report, const struct estate *estate,
                                 const struct recommendation *r)
{
    struct arena *arena = &report->arena;
    struct node *map = node_new(arena, NODE_MAP);
    result_text(report, map, "id", r->id);
    result_text(report, map, "kind", r->kind);
    result_text(report, map, "action", action_name(r->action));
    result_text(report, map, "title", r->title);
    struct node *resources = put_list(report, map, "resources");
    for (size_t i = 0; i < r->resources.count && i < MOST_RESOURCES; i++)
        put_resource(report, resources, &estate->resources.at[r->resources.at[i]]);
    node_add(arena, map, "resource_count", node_number_new(arena, (double)r->resources.count));
    put_owner(report, estate, map, &estate->resources.at[r->resources.at[0]]);
    put_node(report, map, "current", r->current);
    put_node(report, map, "proposed", r->proposed);
    put_money_part(report, map, r);
    put_judgement(report, map, r);
    put_evidence(report, map, r->evidence.at, r->evidence.count);
    put_alternatives(report, map, r);
    put_artefacts(report, map, r);
    struct node *conflicts = put_list(report, map, "conflicts");
    for (size_t i = 0; i < r->conflicts.count; i++)
        node_add(arena, conflicts, NULL, node_string(arena, r->conflicts.at[i]));
    return map;
}

