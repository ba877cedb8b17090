#include "estimate_report.h"

#include <math.h>

#include "report/advice_report.h"
#include "report/result.h"

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

static void put_range(struct report *report, struct node *map, const char *key,
                      struct money_range range)
{
    node_add(&report->arena, map, key, json_range(report, range));
}

/* The cells that every group has: expected, low, high and its part of the whole. */
static void put_cells(struct row *row, size_t first, struct money_range range,
                      struct money_range whole)
{
    double all = money_double(whole.expected);
    row->cells[first] = cell_money(range.expected);
    row->cells[first + 1] = cell_money(range.low);
    row->cells[first + 2] = cell_money(range.high);
    if (all > 0)
        row->cells[first + 3] = cell_percent(money_double(range.expected) / all);
}

#define GROUP_COLUMNS(key, title)                                                             \
    {key, title, ALIGN_LEFT, 0, true}, {"expected", "Expected", ALIGN_RIGHT, 0, false},       \
        {"low", "Low", ALIGN_RIGHT, 0, false}, {"high", "High", ALIGN_RIGHT, 0, false},       \
    {                                                                                         \
        "share", "Share", ALIGN_RIGHT, 1, false                                               \
    }

/* A group row in the table and in JSON. */
static struct row *put_group(struct report *report, struct table *table, struct node *list,
                             const char *key, const char *name, struct money_range range,
                             struct money_range whole)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, name);
    put_cells(row, 1, range, whole);
    struct node *item = result_item(report, list);
    result_text(report, item, key, name);
    put_range(report, item, "monthly", range);
    return row;
}

static void put_layer_chart(struct report *report, struct section *section,
                            const struct estimate *e, const int *layers, size_t count)
{
    static const char *const series[] = {"low", "expected", "high"};
    struct chart *chart = section_chart(report, section, CHART_RANGE_BARS,
                                        "Monthly cost by layer", "USD", 3, count);
    for (size_t s = 0; s < 3; s++)
        chart->series[s] = series[s];
    for (size_t i = 0; i < count; i++) {
        const struct money_range *r = &e->layers[layers[i]];
        chart->categories[i] = layer_name((enum layer)layers[i]);
        chart->values[i] = money_double(r->low);
        chart->values[count + i] = money_double(r->expected);
        chart->values[2 * count + i] = money_double(r->high);
    }
}

static void put_layers(struct report *report, const struct estimate *e)
{
    static const struct column columns[] = {GROUP_COLUMNS("layer", "Layer")};
    struct section *section = report_section(report, "layers", "By layer");
    struct table *table =
        section_table(report, section, "layers", "", columns, COUNT(columns));
    struct node *list = result_list(report, "layers");
    int shown[LAYER_COUNT];
    size_t count = 0;
    for (int l = 0; l < LAYER_COUNT; l++)
        if (!money_is_zero(e->layers[l].high)) {
            shown[count++] = l;
            put_group(report, table, list, "layer", layer_name((enum layer)l), e->layers[l],
                      e->total);
        }
    table_total(report, table, "Total", 1, 3);
    if (count)
        put_layer_chart(report, section, e, shown, count);
}

static struct money_range tenant_sum(const struct estate *estate, const struct estimate *e,
                                     uint32_t tenant)
{
    struct money_range sum = money_range_of(MONEY_ZERO);
    for (size_t i = 0; i < estate->resources.count; i++)
        if (estate->resources.at[i].tenant == tenant)
            sum = money_range_add(sum, e->by_resource[i]);
    return sum;
}

static void put_budget(struct report *report, struct section *section, struct row *row,
                       const struct tenant *tenant, struct money_range sum)
{
    struct money budget = tenant->budget_month;
    if (money_is_zero(budget))
        return;
    row->cells[5] = cell_money(budget);
    if (money_cmp(sum.high, budget) > 0)
        section_text(report, section, "%s %s its budget of %s%s.", tenant->name,
                     money_cmp(sum.expected, budget) > 0 ? "goes beyond" : "may go beyond",
                     money_text(report, budget),
                     money_cmp(sum.low, budget) > 0 ? " in any case" : "");
}

static void put_tenants(struct report *report, const struct estate *estate,
                        const struct estimate *e)
{
    static const struct column columns[] = {GROUP_COLUMNS("tenant", "Tenant"),
                                            {"budget_month", "Budget", ALIGN_RIGHT, 1, false}};
    if (!estate->tenants.count)
        return;
    struct section *section = report_section(report, "tenants", "By tenant");
    bool budgets = false;
    for (size_t t = 0; t < estate->tenants.count; t++)
        budgets = budgets || !money_is_zero(estate->tenants.at[t].budget_month);
    struct table *table = section_table(report, section, "tenants", "", columns,
                                        COUNT(columns) - !budgets);
    struct node *list = result_list(report, "tenants");
    for (size_t t = 0; t < estate->tenants.count; t++) {
        const struct tenant *tenant = &estate->tenants.at[t];
        struct money_range sum = tenant_sum(estate, e, (uint32_t)t);
        struct row *row = put_group(report, table, list, "tenant", tenant->name, sum, e->total);
        put_budget(report, section, row, tenant, sum);
    }
    put_group(report, table, list, "tenant", "shared", tenant_sum(estate, e, NOTHING), e->total);
    table_total(report, table, "Total", 1, 3);
}

static void put_phases(struct report *report, const struct estate *estate,
                       const struct estimate *e)
{
    static const struct column columns[] = {
        GROUP_COLUMNS("phase", "Phase"),
        {"class", "Class", ALIGN_LEFT, 1, false},
        {"cluster", "Cluster", ALIGN_LEFT, 1, true},
    };
    if (!e->phases.count)
        return;
    struct section *section = report_section(report, "phases", "By phase");
    struct table *table =
        section_table(report, section, "phases", "", columns, COUNT(columns));
    struct node *list = result_list(report, "phases");
    for (size_t i = 0; i < e->phases.count; i++) {
        const struct phase *p = &estate->phases.at[e->phases.at[i].phase];
        struct row *row =
            put_group(report, table, list, "phase", p->id, e->phases.at[i].total, e->total);
        row->cells[0] = cell_text(report, p->name ? p->name : p->id);
        row->cells[5] = cell_text(report, class_name(p->class));
        row->cells[6] = cell_text(report, resource_label(&estate->resources.at[p->cluster]));
    }
}

static void json_line(struct report *report, struct node *list, const struct resource *r,
                      const struct cost_component *c)
{
    static const char *const states[] = {"priced", "usage missing", "unpriced"};
    struct arena *arena = &report->arena;
    struct node *item = result_item(report, list);
    char date[DAY_TEXT];
    result_text(report, item, "resource", r->key);
    result_text(report, item, "type", r->type);
    result_text(report, item, "layer", layer_name(r->layer));
    result_text(report, item, "region", r->region);
    result_text(report, item, "component", c->name);
    result_text(report, item, "state", states[c->state]);
    result_text(report, item, "unit", c->unit);
    if (!isnan(c->quantity.expected)) {
        struct node *q = node_add(arena, item, "quantity", node_new(arena, NODE_MAP));
        node_add(arena, q, "low", node_number_new(arena, c->quantity.low));
        node_add(arena, q, "expected", node_number_new(arena, c->quantity.expected));
        node_add(arena, q, "high", node_number_new(arena, c->quantity.high));
    }
    node_add(arena, item, "unit_price", json_money(report, c->unit_price));
    if (c->state == COMPONENT_PRICED)
        put_range(report, item, "monthly", c->monthly);
    result_text(report, item, "formula", c->formula);
    result_text(report, item, "why", c->why);
    result_text(report, item, "price_key", c->price_key);
    result_text(report, item, "price_region", c->price_region);
    result_text(report, item, "price_source", c->price_source);
    if (c->price_date)
        result_text(report, item, "price_date", day_format(date, c->price_date));
}

static void put_component(struct report *report, struct table *table, const struct resource *r,
                          const struct cost_component *c)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, layer_name(r->layer));
    row->cells[1] = cell_text(report, r->key);
    row->cells[2] = c->group ? cell_printf(report, "%s: %s", c->group, c->name)
                             : cell_text(report, c->name);
    row->cells[3] = cell_number(c->quantity.expected);
    row->cells[4] = cell_text(report, c->unit);
    if (!money_is_zero(c->unit_price))
        row->cells[5] = cell_price(c->unit_price);
    row->cells[6] = c->state == COMPONENT_PRICED ? cell_money(c->monthly.expected)
                                                 : cell_unknown(report, NULL);
    if (c->state == COMPONENT_PRICED) {
        row->cells[7] = cell_money(c->monthly.low);
        row->cells[8] = cell_money(c->monthly.high);
    }
}

/* Components whose use nobody declared are in JSON only: the missing ones are a section. */
static void put_components(struct report *report, const struct estate *estate,
                           const struct estimate *e)
{
    static const struct column columns[] = {
        {"layer", "Layer", ALIGN_LEFT, 2, false},
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"component", "Component", ALIGN_LEFT, 0, true},
        {"quantity", "Quantity", ALIGN_RIGHT, 1, false},
        {"unit", "Unit", ALIGN_LEFT, 1, false},
        {"unit_price", "Unit price", ALIGN_RIGHT, 2, false},
        {"expected", "Expected", ALIGN_RIGHT, 0, false},
        {"low", "Low", ALIGN_RIGHT, 3, false},
        {"high", "High", ALIGN_RIGHT, 3, false},
    };
    struct section *section = report_section(report, "components", "Components");
    struct table *table =
        section_table(report, section, "components", "", columns, COUNT(columns));
    struct node *list = result_list(report, "components");
    table->empty = "The map declares nothing that costs money.";
    for (size_t i = 0; i < e->lines.count; i++) {
        const struct estimate_line *line = &e->lines.at[i];
        const struct resource *r = &estate->resources.at[line->resource];
        json_line(report, list, r, &line->component);
        if (line->component.state != COMPONENT_USAGE)
            put_component(report, table, r, &line->component);
    }
}

static void put_commitments(struct report *report, const struct estate *estate,
                            const struct estimate *e)
{
    static const char *const kinds[] = {"Compute Savings Plan", "EC2 Instance Savings Plan",
                                        "Reservation"};
    static const struct column columns[] = {
        {"commitment", "Commitment", ALIGN_LEFT, 0, true},
        {"cost", "Cost", ALIGN_RIGHT, 0, false},
        {"covers", "Takes over", ALIGN_RIGHT, 0, false},
        {"saving", "Saving", ALIGN_RIGHT, 0, false},
        {"low", "Low", ALIGN_RIGHT, 1, false},
        {"high", "High", ALIGN_RIGHT, 1, false},
    };
    if (!e->commitments.count)
        return;
    struct section *section = report_section(report, "commitments", "Commitments");
    struct table *table =
        section_table(report, section, "commitments", "", columns, COUNT(columns));
    struct node *list = result_list(report, "commitments");
    for (size_t i = 0; i < e->commitments.count; i++) {
        const struct estimate_commitment *c = &e->commitments.at[i];
        const struct commitment *of = &estate->commitments.at[c->commitment];
        const char *what = of->instance_type ? of->instance_type : of->family;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_printf(report, "%s%s%s", kinds[of->kind], what ? ", " : "",
                                    sym_or_empty(what));
        row->cells[1] = cell_money(c->cost);
        row->cells[2] = cell_money(c->covered.expected);
        row->cells[3] = cell_money(c->saving.expected);
        row->cells[4] = cell_money(c->saving.low);
        row->cells[5] = cell_money(c->saving.high);
        struct node *item = result_item(report, list);
        result_text(report, item, "kind", kinds[of->kind]);
        node_add(&report->arena, item, "cost", json_money(report, c->cost));
        put_range(report, item, "covered", c->covered);
        put_range(report, item, "saving", c->saving);
    }
    section_text(report, section,
                 "Spread evenly over the hours: load that comes in bursts uses less of them.");
}

static bool is_open(enum cost_status status)
{
    return status == COST_UNPRICED || status == COST_UNKNOWN_TYPE || status == COST_USAGE_ONLY;
}

static void put_open(struct report *report, const struct estate *estate,
                     const struct estimate *e)
{
    static const struct column columns[] = {
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"status", "Status", ALIGN_LEFT, 0, false},
        {"why", "Why", ALIGN_LEFT, 0, true},
    };
    struct node *list = result_list(report, "unpriced");
    size_t open = 0;
    for (size_t i = 0; i < estate->resources.count; i++)
        open += is_open(e->status[i]);
    if (!open)
        return;
    struct section *section = report_section(report, "unpriced", "Not or not wholly priced");
    struct table *table =
        section_table(report, section, "unpriced", "", columns, COUNT(columns));
    for (size_t i = 0; i < estate->resources.count; i++) {
        if (!is_open(e->status[i]))
            continue;
        const char *why = e->why[i] ? e->why[i] : "the map declares no use of it";
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, estate->resources.at[i].key);
        row->cells[1] = cell_text(report, cost_status_name(e->status[i]));
        row->cells[2] = cell_text(report, why);
        struct node *item = result_item(report, list);
        result_text(report, item, "resource", estate->resources.at[i].key);
        result_text(report, item, "status", cost_status_name(e->status[i]));
        result_text(report, item, "why", why);
    }
}

static void put_totals(struct report *report, const struct estimate *e)
{
    struct node *totals =
        node_add(&report->arena, report->json, "totals", node_new(&report->arena, NODE_MAP));
    put_range(report, totals, "monthly", e->total);
    put_range(report, totals, "monthly_after_commitments", e->after);
    for (int s = 0; s < COST_STATUSES; s++)
        node_add(&report->arena, totals,
                 arena_printf(&report->arena, "resources_%s",
                              cost_status_name((enum cost_status)s)),
                 node_number_new(&report->arena, (double)e->by_status[s]));
}

static void put_lead(struct report *report, const struct layer_map *map,
                     const struct estimate *e)
{
    size_t open = e->by_status[COST_UNPRICED] + e->by_status[COST_UNKNOWN_TYPE] +
                  e->by_status[COST_USAGE_ONLY];
    const char *between =
        !money_cmp(e->after.low, e->after.high)
            ? ""
            : arena_printf(&report->arena, ", between %s and %s", money_text(report, e->after.low),
                           money_text(report, e->after.high));
    report_lead(report, "%s costs about %s %s a month%s%s%s.%s",
                map->estate->name ? map->estate->name : map->path,
                money_text(report, e->after.expected), map->estate->currency, between,
                e->commitments.count ? "; without its commitments " : "",
                e->commitments.count ? money_text(report, e->total.expected) : "",
                open ? arena_printf(&report->arena,
                                    " %zu resource%s not or not wholly priced: the true cost is "
                                    "higher.",
                                    open, open == 1 ? " is" : "s are")
                     : "");
}

void report_estimate(struct report *report, const struct layer_map *map,
                     const struct estimate *estimate, const struct advice *advice)
{
    const struct estate *estate = map->estate;
    put_lead(report, map, estimate);
    node_add(&report->arena, report->json, "schema_version",
             node_number_new(&report->arena, 1));
    result_text(report, report->json, "name", estate->name);
    result_text(report, report->json, "currency", estate->currency);
    put_totals(report, estimate);
    put_layers(report, estimate);
    put_tenants(report, estate, estimate);
    put_phases(report, estate, estimate);
    put_commitments(report, estate, estimate);
    put_components(report, estate, estimate);
    put_open(report, estate, estimate);
    report_recommendations(report, estate, advice);
    report_declined(report, estate, advice);
    report_notes(report, estate, advice);
}
