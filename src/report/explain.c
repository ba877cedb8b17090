#include <string.h>

#include "advice_json.h"
#include "base/json_text.h"
#include "report/advice_report.h"

static void put_money_table(struct report *report, struct section *section,
                            const struct recommendation *r)
{
    static const struct column columns[] = {
        {"basis", "Per month of 730 h", ALIGN_LEFT, 0, false},
        {"now", "Now", ALIGN_RIGHT, 0, false},
        {"after", "After", ALIGN_RIGHT, 0, false},
        {"saving", "Saving", ALIGN_RIGHT, 0, false},
        {"low", "Low", ALIGN_RIGHT, 0, false},
        {"high", "High", ALIGN_RIGHT, 0, false},
    };
    const struct monthly *bases[] = {&r->list, &r->net};
    static const char *const names[] = {"at list prices", "on the next bill"};
    struct table *table = section_table(report, section, "money", "", columns, 6);
    for (size_t i = 0; i < 2; i++) {
        struct money_range saving = money_range_sub(bases[i]->now, bases[i]->after);
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, names[i]);
        row->cells[1] = cell_money(bases[i]->now.expected);
        row->cells[2] = cell_money(bases[i]->after.expected);
        row->cells[3] = cell_money(saving.expected);
        row->cells[4] = cell_money(saving.low);
        row->cells[5] = cell_money(saving.high);
    }
}

/* How the second row of the table follows from the first. */
static void put_paid_share(struct report *report, struct section *section,
                           const struct recommendation *r)
{
    double list = money_double(r->list.now.expected), net = money_double(r->net.now.expected);
    if (list > 0 && money_cmp(r->list.now.expected, r->net.now.expected))
        section_text(report, section,
                     "The bill has %s for what is %s at list prices, by commitments and "
                     "contract rates: %.6g of it. What is left is reckoned at the same rate.",
                     money_text(report, r->net.now.expected),
                     money_text(report, r->list.now.expected), net / list);
}

static void put_amount(struct report *report, struct section *section, const char *before,
                       struct money amount, const char *after)
{
    section_text(report, section, "%s%s USD%s", before, money_text(report, amount), after);
}

static void put_conditions(struct report *report, struct section *section,
                           const struct recommendation *r)
{
    char day_text[DAY_TEXT];
    if (!money_is_zero(r->stranded))
        put_amount(report, section, "Stranded by running commitments: ", r->stranded,
                   r->stranded_until
                       ? arena_printf(&report->arena, " a month, until %s.",
                                      day_format(day_text, r->stranded_until))
                       : " a month; their end is not known.");
    if (!money_is_zero(r->one_off.expected)) {
        double months = recommendation_payback_months(r);
        put_amount(report, section, "One-off cost of the change: ", r->one_off.expected,
                   months < 0 ? "; it is never earned back."
                              : arena_printf(&report->arena, "; earned back in %.1f months.",
                                             months));
    }
    if (r->counted)
        put_amount(report, section, "Counted in the sum of the report with ",
                   r->counted_saving.expected,
                   r->counted_why ? arena_printf(&report->arena, " a month: %s.", r->counted_why)
                                  : " a month.");
    else
        section_text(report, section, "Not counted in the sum of the report: %s.",
                     r->not_counted_why ? r->not_counted_why : "");
}

static void put_evidence(struct report *report, const struct recommendation *r)
{
    static const struct column columns[] = {
        {"kind", "Kind", ALIGN_LEFT, 0, false},
        {"label", "What", ALIGN_LEFT, 0, true},
        {"value", "Value", ALIGN_LEFT, 0, true},
        {"source", "From", ALIGN_LEFT, 0, true},
    };
    struct section *section = report_section(report, "evidence", "Where the numbers come from");
    struct table *table = section_table(report, section, "evidence", "", columns, 4);
    for (size_t i = 0; i < r->evidence.count; i++) {
        const struct evidence *e = &r->evidence.at[i];
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, evidence_kind_name(e->kind));
        row->cells[1] = cell_text(report, e->label);
        row->cells[2] = cell_text(report, e->value);
        row->cells[3] = cell_text(report, e->source);
    }
}

/* What a cluster's instances and volumes cost is the cluster's: it stands in for them. */
static bool belongs(const struct estate *estate, uint32_t resource, const bool *about)
{
    uint32_t parent = estate->resources.at[resource].parent;
    return about[resource] || (parent != NOTHING && about[parent]);
}

static const bool *marks_of(struct report *report, const struct estate *estate,
                            const struct recommendation *r)
{
    bool *about = ARENA_ARRAY(&report->arena, bool, estate->resources.count + 1);
    for (size_t i = 0; i < r->resources.count; i++)
        about[r->resources.at[i]] = true;
    return about;
}

static void add_lines(struct cost_line *by_sku, const struct estate *estate, uint32_t resource)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    for (size_t i = 0; i < count; i++) {
        struct cost_line *sum = &by_sku[lines[i].sku];
        sum->rows += lines[i].rows;
        sum->quantity = money_add(sum->quantity, lines[i].quantity);
        for (int b = 0; b < BASIS_COUNT; b++)
            sum->cost[b] = money_add(sum->cost[b], lines[i].cost[b]);
    }
}

static void put_sum(struct report *report, struct table *table, const struct sku *sku,
                    const struct cost_line *sum)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, sym_or_empty(sku->usage_type));
    row->cells[1] = cell_text(report, charge_name(sku->charge));
    row->cells[2] = cell_count((double)sum->rows);
    row->cells[3] = cell_number(money_double(sum->quantity));
    row->cells[4] = cell_text(report, sku->unit);
    row->cells[5] = cell_price(sum->cost[BASIS_UNBLENDED]);
    row->cells[6] = cell_price(sum->cost[BASIS_AMORTIZED]);
    row->cells[7] = cell_price(sum->cost[BASIS_LIST]);
}

static void put_window(struct report *report, struct section *section,
                       const struct estate *estate)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    double hours = estate_window_hours(estate);
    if (hours > 0)
        section_text(report, section,
                     "Window: %s to %s, %.0f hours; a month is %.0f hours, so the factor is "
                     "%.6g. GB-months scale to their own calendar months.",
                     time_format(from, (int64_t)estate->first_hour * 3600),
                     time_format(to, (int64_t)estate->last_hour * 3600), hours,
                     estate->hours_per_month, estate->hours_per_month / hours);
}

static void put_bill_lines(struct report *report, const struct estate *estate,
                           const struct recommendation *r)
{
    static const struct column columns[] = {
        {"usage_type", "Usage type", ALIGN_LEFT, 0, true},
        {"charge", "Charge", ALIGN_LEFT, 2, false},
        {"rows", "Rows", ALIGN_RIGHT, 3, false},
        {"quantity", "Quantity", ALIGN_RIGHT, 0, false},
        {"unit", "Unit", ALIGN_LEFT, 1, false},
        {"unblended", "Unblended", ALIGN_RIGHT, 0, false},
        {"amortized", "Amortized", ALIGN_RIGHT, 0, false},
        {"list", "List", ALIGN_RIGHT, 2, false},
    };
    if (!estate->bills.count)
        return; /* of an estimate */
    struct section *section = report_section(report, "bill", "Bill rows behind it");
    struct table *table = section_table(report, section, "bill", "", columns, 8);
    table->empty = "The bill has no rows for this resource.";
    struct cost_line *by_sku =
        ARENA_ARRAY(&report->arena, struct cost_line, estate->skus.count + 1);
    const bool *about = marks_of(report, estate, r);
    for (uint32_t i = 0; i < estate->resources.count; i++)
        if (belongs(estate, i, about))
            add_lines(by_sku, estate, i);
    for (size_t i = 0; i < estate->skus.count; i++)
        if (by_sku[i].rows)
            put_sum(report, table, &estate->skus.at[i], &by_sku[i]);
    put_window(report, section, estate);
}

static void put_alternatives(struct report *report, const struct recommendation *r)
{
    static const struct column columns[] = {
        {"title", "Alternative", ALIGN_LEFT, 0, true},
        {"saving", "USD/month", ALIGN_RIGHT, 0, false},
        {"why_not", "Why it lost", ALIGN_LEFT, 0, true},
    };
    if (!r->alternatives.count)
        return;
    struct section *section = report_section(report, "alternatives", "What else was weighed");
    struct table *table = section_table(report, section, "alternatives", "", columns, 3);
    for (size_t i = 0; i < r->alternatives.count; i++) {
        const struct alternative *a = &r->alternatives.at[i];
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, a->title);
        row->cells[1] = cell_money(a->monthly_saving.expected);
        row->cells[2] = cell_text(report, a->why_not);
    }
}

static void put_artefacts(struct report *report, const struct recommendation *r)
{
    if (!r->artefacts.count)
        return;
    struct section *section = report_section(report, "apply", "Apply it");
    for (size_t i = 0; i < r->artefacts.count; i++)
        section_code(report, section, r->artefacts.at[i].format, r->artefacts.at[i].name,
                     r->artefacts.at[i].text);
}

static void put_change(struct report *report, struct section *section, const char *label,
                       const struct node *attributes)
{
    if (!attributes)
        return;
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < attributes->count; i++) {
        const struct node *item = attributes->items[i];
        buf_add(&text, i ? ", " : "");
        if (strcmp(item->key, "*"))
            buf_printf(&text, "%s: ", item->key);
        if (item->kind == NODE_STRING)
            buf_add(&text, item->text);
        else
            json_write(&text, item, false);
    }
    section_text(report, section, "%s: %s", label, buf_text(&text));
    buf_release(&text);
}

/* Where somebody wrote it down: the map's entry, else the plan or state that it is from. */
static void put_place(struct report *report, const struct resource *r)
{
    if (r->declared)
        report_fact(report, "Declared in", "%s", r->declared);
    else if (r->source && r->address)
        report_fact(report, "Declared in", "%s, %s", r->source, r->address);
}

void report_explanation(struct report *report, const struct estate *estate,
                        const struct recommendation *r)
{
    const struct resource *resource = &estate->resources.at[r->resources.at[0]];
    report_lead(report, "%s", r->title);
    report_fact(report, "Id", "%s", r->id);
    report_fact(report, "Kind", "%s, %s", r->kind, action_name(r->action));
    size_t others = r->resources.count - 1;
    report_fact(report, "Resource", "%s%s", resource->key,
                others ? arena_printf(&report->arena, " and %zu other%s", others,
                                      others == 1 ? "" : "s")
                       : "");
    put_place(report, resource);
    report_fact(report, "Layer", "%s", layer_name(resource->layer));
    if (resource->tenant != NOTHING && !others)
        report_fact(report, "Tenant", "%s", estate->tenants.at[resource->tenant].id);
    report_fact(report, "Effort", "%s%s", level_name(r->effort),
                r->restart ? ", with a restart" : "");
    report_fact(report, "Way back", "%s", r->way_back);
    report_fact(report, "Risk", "%d of 4%s%s", r->risk, r->risk ? ", " : "", r->risk_dimension);
    report_fact(report, "Confidence", "%s%s%s", level_name(r->confidence),
                *r->confidence_why ? ": " : "", r->confidence_why);
    struct section *section = report_section(report, "saving", "What it saves");
    put_change(report, section, "Now", r->current);
    put_change(report, section, "Proposed", r->proposed);
    put_money_table(report, section, r);
    put_paid_share(report, section, r);
    put_conditions(report, section, r);
    put_evidence(report, r);
    put_bill_lines(report, estate, r);
    put_alternatives(report, r);
    put_artefacts(report, r);
    node_add(&report->arena, report->json, "recommendation",
             json_recommendation(report, estate, r));
}
