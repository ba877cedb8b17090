#include "review_parts.h"

/* Layers that cost nothing are left out; the unmapped one comes last. */
static size_t shown_layers(const struct spend_group *out[LAYER_COUNT], const struct spend *spend)
{
    size_t count = 0;
    for (int i = 1; i <= LAYER_COUNT; i++) {
        const struct spend_group *layer = &spend->layers[i % LAYER_COUNT];
        if (layer->resources || !money_is_zero(layer->total[BASIS_AMORTIZED]))
            out[count++] = layer;
    }
    return count;
}

static const char *layer_text(const struct spend *spend, const struct spend_group *layer)
{
    return layer_name((enum layer)(layer - spend->layers));
}

static void put_layer_chart(struct report *report, struct section *section,
                            const struct spend *spend, const struct spend_group *const *layers,
                            size_t count)
{
    size_t months = spend->months.count;
    if (!months || !count)
        return;
    struct chart *chart = section_chart(report, section, CHART_STACKED_BARS,
                                        "Amortized cost by layer and month", "USD", count, months);
    for (size_t m = 0; m < months; m++) {
        char name[MONTH_TEXT];
        month_format(name, spend->months.at[m].month);
        chart->categories[m] = arena_strdup(&report->arena, name);
    }
    for (size_t i = 0; i < count; i++) {
        chart->series[i] = layer_text(spend, layers[i]);
        for (size_t m = 0; m < months; m++)
            chart->values[i * months + m] = money_double(layers[i]->by_month[m]);
    }
}

static void put_layer(struct report *report, struct table *table, struct node *list,
                      const struct spend_group *layer, const char *name)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, name);
    row->cells[1] = cell_money(layer->total[BASIS_AMORTIZED]);
    row->cells[2] = cell_money(layer->total[BASIS_UNBLENDED]);
    row->cells[3] = cell_money(layer->total[BASIS_LIST]);
    row->cells[4] = cell_money(layer->by_default);
    row->cells[5] = cell_count((double)layer->resources);
    struct node *item = result_item(report, list);
    result_text(report, item, "layer", name);
    result_money(report, item, "amortized", layer->total[BASIS_AMORTIZED]);
    result_money(report, item, "unblended", layer->total[BASIS_UNBLENDED]);
    result_money(report, item, "by_default", layer->by_default);
    result_number(report, item, "resources", (double)layer->resources);
}

static void put_beside(struct report *report, struct table *table, const struct spend *spend)
{
    struct money beside[BASIS_COUNT];
    if (!spend_beside_usage(beside, spend))
        return;
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, BESIDE_USAGE);
    row->cells[1] = cell_money(beside[BASIS_AMORTIZED]);
    row->cells[2] = cell_money(beside[BASIS_UNBLENDED]);
    row->cells[3] = cell_money(beside[BASIS_LIST]);
}

static void put_layers(struct report *report, const struct spend *spend)
{
    static const struct column columns[] = {
        {"layer", "Layer", ALIGN_LEFT, 0, false},
        {"amortized", "Amortized", ALIGN_RIGHT, 0, false},
        {"unblended", "Unblended", ALIGN_RIGHT, 1, false},
        {"list", "List", ALIGN_RIGHT, 2, false},
        {"by_default", "By its kind", ALIGN_RIGHT, 2, false},
        {"resources", "Resources", ALIGN_RIGHT, 1, false},
    };
    const struct spend_group *layers[LAYER_COUNT];
    size_t count = shown_layers(layers, spend);
    struct section *section = report_section(report, "layers", "By layer");
    struct table *table = section_table(report, section, "layers", "", columns, 6);
    struct node *list = result_list(report, "layers");
    struct money by_default = MONEY_ZERO;
    for (size_t i = 0; i < count; i++) {
        put_layer(report, table, list, layers[i], layer_text(spend, layers[i]));
        by_default = money_add(by_default, layers[i]->by_default);
    }
    put_beside(report, table, spend);
    table_total(report, table, "Total", 1, 4);
    if (!money_is_zero(by_default))
        section_text(report, section,
                     "%s got its layer from its kind of service, not from a layer map: "
                     "name those resources in the map to say where they belong.",
                     money_text(report, by_default));
    put_layer_chart(report, section, spend, layers, count);
}

/* What the window came to, as a month of the estate's hours: what a budget is held against. */
static struct money a_month(const struct estate *estate, struct money total)
{
    double hours = estate_window_hours(estate);
    return hours > 0 ? money_times(total, estate->hours_per_month / hours) : total;
}

static void put_tenant_row(struct report *report, struct table *table, struct node *list,
                           const struct estate *estate, const struct spend_tenant *t)
{
    const struct tenant *tenant = &estate->tenants.at[t->tenant];
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, tenant->name ? tenant->name : tenant->id);
    row->cells[1] = cell_money(t->direct);
    row->cells[2] = cell_money(t->shared);
    row->cells[3] = cell_money(t->total);
    row->cells[4] = cell_percent(t->share);
    row->cells[5] = cell_money(a_month(estate, t->total));
    if (!money_is_zero(tenant->budget_month))
        row->cells[6] = cell_money(tenant->budget_month);
    struct node *item = result_item(report, list);
    result_text(report, item, "tenant", tenant->id);
    result_money(report, item, "direct", t->direct);
    result_money(report, item, "shared", t->shared);
    result_money(report, item, "total", t->total);
}

static void put_unowned_row(struct report *report, struct table *table, const char *name,
                            struct money total)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, name);
    row->cells[3] = cell_money(total);
}

static void put_budgets(struct report *report, struct section *section,
                        const struct estate *estate, const struct spend *spend)
{
    for (size_t i = 0; i < spend->tenants.count; i++) {
        const struct tenant *tenant = &estate->tenants.at[spend->tenants.at[i].tenant];
        struct money over = money_sub(a_month(estate, spend->tenants.at[i].total),
                                      tenant->budget_month);
        if (money_is_zero(tenant->budget_month) || over.atto <= 0)
            continue;
        section_text(report, section, "%s is %s a month above its budget of %s.",
                     tenant->name ? tenant->name : tenant->id, money_text(report, over),
                     money_text(report, tenant->budget_month));
    }
}

static void put_tenants(struct report *report, const struct estate *estate,
                        const struct spend *spend)
{
    static const struct column columns[] = {
        {"tenant", "Tenant", ALIGN_LEFT, 0, false},
        {"direct", "Its own", ALIGN_RIGHT, 0, false},
        {"shared", "Of the shared", ALIGN_RIGHT, 0, false},
        {"total", "Together", ALIGN_RIGHT, 0, false},
        {"share", "Share", ALIGN_RIGHT, 2, false},
        {"month", "A month", ALIGN_RIGHT, 1, false},
        {"budget_month", "Budget", ALIGN_RIGHT, 1, false},
    };
    struct money beside[BASIS_COUNT];
    struct node *list = result_list(report, "tenants");
    if (!spend->tenants.count)
        return;
    struct section *section = report_section(report, "tenants", "By tenant");
    struct table *table = section_table(report, section, "tenants", "", columns, 7);
    for (size_t i = 0; i < spend->tenants.count; i++)
        put_tenant_row(report, table, list, estate, &spend->tenants.at[i]);
    put_unowned_row(report, table, "(nobody's)", spend->unattributed);
    if (spend_beside_usage(beside, spend))
        put_unowned_row(report, table, BESIDE_USAGE, beside[BASIS_AMORTIZED]);
    table_total(report, table, "Total", 1, 3);
    table_add_across(table, 1, 3);
    section_text(report, section,
                 "The shared part, %s, is divided by %s%s. Nobody's is what has no tenant and "
                 "what the map does not name.",
                 money_text(report, spend->shared), spend->shared_by,
                 spend->shared_by_fallback ? ", since the key asked for is 0 for every tenant"
                                           : "");
    put_budgets(report, section, estate, spend);
}

static void put_phases(struct report *report, const struct estate *estate,
                       const struct spend *spend)
{
    static const struct column columns[] = {
        {"phase", "Phase", ALIGN_LEFT, 0, true},
        {"class", "Class", ALIGN_LEFT, 1, false},
        {"ec2", "EC2", ALIGN_RIGHT, 0, false},
        {"ebs", "EBS", ALIGN_RIGHT, 0, false},
        {"dbu", "DBU", ALIGN_RIGHT, 0, false},
        {"other", "Other", ALIGN_RIGHT, 2, false},
        {"total", "Together", ALIGN_RIGHT, 0, false},
    };
    struct node *list = result_list(report, "phases");
    if (!spend->phases.count)
        return;
    struct section *section = report_section(report, "phases", "By phase");
    struct table *table = section_table(report, section, "phases", "", columns, 7);
    for (size_t i = 0; i < spend->phases.count; i++) {
        const struct spend_phase *p = &spend->phases.at[i];
        const struct phase *phase = &estate->phases.at[p->phase];
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, phase->name ? phase->name : phase->id);
        row->cells[1] = cell_text(report, class_name(phase->class));
        row->cells[2] = cell_money(p->ec2);
        row->cells[3] = cell_money(p->ebs);
        row->cells[4] = cell_money(p->dbu);
        row->cells[5] = cell_money(p->other);
        row->cells[6] = cell_money(p->total);
        struct node *item = result_item(report, list);
        result_text(report, item, "phase", phase->id);
        result_text(report, item, "class", class_name(phase->class));
        result_money(report, item, "ec2", p->ec2);
        result_money(report, item, "ebs", p->ebs);
        result_money(report, item, "dbu", p->dbu);
        result_money(report, item, "other", p->other);
        result_money(report, item, "total", p->total);
    }
    table_total(report, table, "Total", 2, 5);
    table_add_across(table, 2, 5);
    if (!money_is_zero(spend->no_phase))
        section_text(report, section, "Another %s of the compute layer belongs to no phase.",
                     money_text(report, spend->no_phase));
}

void review_owners(struct report *report, const struct estate *estate, const struct spend *spend)
{
    put_layers(report, spend);
    put_tenants(report, estate, spend);
    put_phases(report, estate, spend);
}
