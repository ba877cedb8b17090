#include "alike.h"
#include "diff_pairs.h"

#include "advice_json.h"
#include "report/result.h"

static void put(struct report *report, struct node *map, const char *key, struct node *value)
{
    node_add(&report->arena, map, key, value);
}

static struct node *cost_node(struct report *report, const struct estate_cost *cost)
{
    struct node *n = node_new(&report->arena, NODE_MAP);
    put(report, n, "baseline", json_range(report, cost->baseline));
    put(report, n, "usage", json_range(report, cost->usage));
    put(report, n, "total", json_range(report, cost->total));
    return n;
}

static struct node *side_node(struct report *report, const struct cost_component *c)
{
    static const char *const states[] = {"priced", "by use", "unpriced"};
    struct node *n = node_new(&report->arena, NODE_MAP);
    result_text(report, n, "state", states[c->state]);
    result_number(report, n, "quantity_low", c->quantity.low);
    result_number(report, n, "quantity", c->quantity.expected);
    result_number(report, n, "quantity_high", c->quantity.high);
    put(report, n, "unit_price", json_money(report, c->unit_price));
    put(report, n, "monthly",
        c->state == COMPONENT_PRICED ? json_range(report, c->monthly)
                                     : node_new(&report->arena, NODE_NULL));
    put(report, n, "at_most",
        money_is_zero(c->at_most) ? node_new(&report->arena, NODE_NULL)
                                  : json_money(report, c->at_most));
    result_text(report, n, "price", c->price_key);
    result_text(report, n, "price_region", c->price_region);
    result_text(report, n, "price_source", c->price_source);
    char date[DAY_TEXT];
    result_text(report, n, "price_date", c->price_date ? day_format(date, c->price_date) : NULL);
    result_text(report, n, "formula", c->formula);
    result_text(report, n, "why", c->why);
    return n;
}

static struct node *pair_node(struct report *report, const struct component_pair *p)
{
    const struct cost_component *c = p->after ? p->after : p->before;
    struct node *n = node_new(&report->arena, NODE_MAP);
    result_text(report, n, "name", c->name);
    result_text(report, n, "group", c->group);
    result_text(report, n, "unit", c->unit);
    put(report, n, "usage_based", node_bool_new(&report->arena, c->usage_based));
    if (p->before)
        put(report, n, "before", side_node(report, p->before));
    if (p->after)
        put(report, n, "after", side_node(report, p->after));
    put(report, n, "difference", json_range(report, p->difference));
    return n;
}

/* An amount of which nothing is known is null, never 0. */
static struct node *amount_node(struct report *report, const struct resource_cost *cost,
                                struct money_range amount)
{
    bool open = money_is_zero(amount.low) && money_is_zero(amount.high) &&
                (cost->status == COST_USAGE_ONLY || cost->status == COST_UNPRICED ||
                 cost->status == COST_UNKNOWN_TYPE);
    return open ? node_new(&report->arena, NODE_NULL) : json_range(report, amount);
}

static struct node *change_node(struct report *report, const struct diff_input *in,
                                const struct resource_change *change)
{
    const struct resource *r = resource_of(in, change);
    const struct resource_cost *before = cost_before(in, change),
                               *after = cost_after(in, change);
    const struct resource_cost *cost = after ? after : before;
    struct node *n = node_new(&report->arena, NODE_MAP);
    struct node *components = node_new(&report->arena, NODE_LIST);
    struct node *attributes = node_new(&report->arena, NODE_LIST);
    struct component_pairs pairs;
    result_text(report, n, "address", r->key);
    result_text(report, n, "type", r->type);
    result_text(report, n, "region", r->region);
    result_text(report, n, "layer", layer_name(r->layer));
    result_text(report, n, "change", change_kind_name(change->kind));
    result_text(report, n, "previous_address", change->previous);
    result_text(report, n, "status", cost_status_name(cost->status));
    result_text(report, n, "why", cost->why);
    if (before)
        put(report, n, "before", amount_node(report, before, before->total));
    if (after)
        put(report, n, "after", amount_node(report, after, after->total));
    pair_components(&pairs, before, after);
    put(report, n, "difference", amount_node(report, cost, pairs.difference));
    for (size_t i = 0; i < pairs.all.count; i++)
        put(report, components, NULL, pair_node(report, &pairs.all.at[i]));
    VEC_FREE(&pairs.all);
    for (size_t i = 0; i < change->attributes.count; i++)
        put(report, attributes, NULL,
            node_string(&report->arena, change->attributes.at[i].path));
    put(report, n, "components", components);
    put(report, n, "changed_attributes", attributes);
    return n;
}

static struct node *counts_node(struct report *report, const struct estate_cost *cost)
{
    static const char *const keys[COST_STATUSES] = {"priced", "free",     "usage_only",
                                                    "parent", "unpriced", "unknown_type"};
    struct node *n = node_new(&report->arena, NODE_MAP);
    result_number(report, n, "resources", (double)cost->count);
    for (int i = 0; i < COST_STATUSES; i++)
        result_number(report, n, keys[i], (double)cost->by_status[i]);
    return n;
}

static struct node *advice_node(struct report *report, const struct estate *estate,
                                const struct advice *advice, const struct advice *other)
{
    struct node *list = node_new(&report->arena, NODE_LIST);
    for (size_t i = 0; advice && i < advice->recommendations.count; i++)
        if (!alike_is_in(other, advice->recommendations.at[i].id))
            put(report, list, NULL,
                json_recommendation(report, estate, &advice->recommendations.at[i]));
    return list;
}

static struct node *policies_node(struct report *report, const struct estate *estate,
                                  const struct findings *findings,
                                  const struct estate *of_other, const struct findings *other)
{
    struct node *list = node_new(&report->arena, NODE_LIST);
    for (size_t i = 0; findings && i < findings->all.count; i++) {
        const struct finding *f = &findings->all.at[i];
        if (f->waived_by || findings_have(other, of_other, f, estate))
            continue;
        struct node *n = node_new(&report->arena, NODE_MAP);
        result_text(report, n, "policy", f->policy);
        result_text(report, n, "severity", severity_name(f->severity));
        result_text(report, n, "address",
                 f->resource == NOTHING ? f->subject : estate->resources.at[f->resource].key);
        result_text(report, n, "reason", f->reason);
        result_text(report, n, "fix", f->fix);
        result_text(report, n, "source", f->source);
        result_number(report, n, "line", f->line);
        put(report, list, NULL, n);
    }
    return list;
}

void report_diff_json(struct report *report, const struct diff_input *in)
{
    const struct estate *before = in->change->before, *after = in->change->after;
    struct diff_figures f = diff_figures_of(in);
    struct node *root = report->json;
    struct node *resources = node_new(&report->arena, NODE_LIST);
    struct node *advice = node_new(&report->arena, NODE_MAP);
    struct node *policies = node_new(&report->arena, NODE_MAP);
    struct node *notes = node_new(&report->arena, NODE_LIST);
    result_text(report, root, "command", "diff");
    put(report, root, "has_before", node_bool_new(&report->arena, in->change->has_before));
    put(report, root, "incomplete", node_bool_new(&report->arena, in->change->incomplete));
    put(report, root, "before", cost_node(report, in->before));
    put(report, root, "after", cost_node(report, in->after));
    put(report, root, "difference", json_range(report, f.increase));
    result_number(report, root, "difference_percent", f.increase_percent);
    if (in->commitments) {
        put(report, root, "difference_after_commitments",
            json_range(report, in->commitments->difference));
        put(report, root, "absorbed_by_commitments",
            json_money(report, in->commitments->absorbed));
        put(report, root, "stranded_commitments",
            json_money(report, in->commitments->stranded));
    }
    put(report, root, "counts", counts_node(report, in->after));
    for (size_t i = 0; i < in->diff->all.count; i++)
        put(report, resources, NULL, change_node(report, in, &in->diff->all.at[i]));
    put(report, root, "resources", resources);
    put(report, advice, "new",
        advice_node(report, after, in->advice_after, in->advice_before));
    put(report, advice, "resolved",
        advice_node(report, before, in->advice_before, in->advice_after));
    put(report, root, "recommendations", advice);
    put(report, policies, "broken",
        policies_node(report, after, in->findings_after, before, in->findings_before));
    put(report, policies, "fixed",
        policies_node(report, before, in->findings_before, after, in->findings_after));
    put(report, root, "policies", policies);
    for (size_t i = 0; i < after->notes.count; i++)
        put(report, notes, NULL, node_string(&report->arena, after->notes.at[i].text));
    put(report, root, "notes", notes);
}
