#include "review_parts.h"

enum { MOVERS_SHOWN = 10, ANOMALIES_SHOWN = 10 };

static void put_mover(struct report *report, struct table *table, struct node *list,
                      const struct estate *estate, const struct spend_mover *m, bool shown)
{
    const struct resource *r = &estate->resources.at[m->resource];
    struct node *item = result_item(report, list);
    result_text(report, item, "resource", r->key);
    result_text(report, item, "cause", mover_cause_name(m->cause));
    result_money(report, item, "before", m->before);
    result_money(report, item, "after", m->after);
    result_money(report, item, "change", m->change);
    result_money(report, item, "by_usage", m->by_usage);
    result_money(report, item, "by_price", m->by_price);
    if (!shown)
        return;
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, resource_label(r));
    row->cells[1] = cell_text(report, mover_cause_name(m->cause));
    row->cells[2] = cell_money(m->before);
    row->cells[3] = cell_money(m->after);
    row->cells[4] = cell_money(m->change);
}

static void put_mover_chart(struct report *report, struct section *section,
                            const struct estate *estate, const struct spend *spend)
{
    size_t count = spend->movers.count < MOVERS_SHOWN ? spend->movers.count : MOVERS_SHOWN;
    if (!count)
        return;
    struct chart *chart =
        section_chart(report, section, CHART_BARS, "Change of monthly cost", "USD", 1, count);
    chart->series[0] = "change";
    for (size_t i = 0; i < count; i++) {
        const struct spend_mover *m = &spend->movers.at[i];
        chart->categories[i] = resource_label(&estate->resources.at[m->resource]);
        chart->values[i] = money_double(m->change);
    }
}

static void put_movers(struct report *report, const struct estate *estate,
                       const struct spend *spend)
{
    static const struct column columns[] = {
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"cause", "Cause", ALIGN_LEFT, 0, false},
        {"before", "Before", ALIGN_RIGHT, 0, false},
        {"after", "After", ALIGN_RIGHT, 0, false},
        {"change", "Change", ALIGN_RIGHT, 0, false},
    };
    struct node *list = result_list(report, "movers");
    if (spend->before_month == spend->after_month)
        return;
    char before[MONTH_TEXT], after[MONTH_TEXT];
    struct section *section = report_section(report, "movers", "What moved");
    section_text(report, section,
                 "Amortized cost of %s against %s, both scaled to a month of %.0f hours; "
                 "clusters with their nodes.",
                 month_format(after, spend->after_month),
                 month_format(before, spend->before_month), estate->hours_per_month);
    struct table *table = section_table(report, section, "movers", "", columns, 5);
    for (size_t i = 0; i < spend->movers.count; i++)
        put_mover(report, table, list, estate, &spend->movers.at[i], i < MOVERS_SHOWN);
    put_mover_chart(report, section, estate, spend);
}

static void put_anomalies(struct report *report, const struct estate *estate,
                          const struct spend *spend)
{
    static const struct column columns[] = {
        {"day", "Day", ALIGN_LEFT, 0, false},
        {"service", "Service", ALIGN_LEFT, 0, false},
        {"cost", "Cost", ALIGN_RIGHT, 0, false},
        {"usual", "Usual", ALIGN_RIGHT, 0, false},
        {"resource", "Most of it", ALIGN_LEFT, 1, true},
    };
    struct node *list = result_list(report, "anomalies");
    if (!spend->anomalies.count)
        return;
    struct section *section = report_section(report, "anomalies", "Unusual days");
    struct table *table = section_table(report, section, "anomalies", "", columns, 5);
    for (size_t i = 0; i < spend->anomalies.count; i++) {
        const struct spend_anomaly *a = &spend->anomalies.at[i];
        char on[DAY_TEXT];
        const char *name = a->resource == NOTHING
                               ? ""
                               : resource_label(&estate->resources.at[a->resource]);
        struct node *item = result_item(report, list);
        result_text(report, item, "day", day_format(on, a->on));
        result_text(report, item, "service", a->service);
        result_money(report, item, "cost", a->cost);
        result_money(report, item, "usual", a->usual);
        result_text(report, item, "resource", name);
        if (i >= ANOMALIES_SHOWN)
            continue;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, on);
        row->cells[1] = cell_text(report, sym_or_empty(a->service));
        row->cells[2] = cell_money(a->cost);
        row->cells[3] = cell_money(a->usual);
        row->cells[4] = cell_text(report, name);
    }
}

void review_changes(struct report *report, const struct estate *estate,
                    const struct spend *spend)
{
    put_movers(report, estate, spend);
    put_anomalies(report, estate, spend);
}
