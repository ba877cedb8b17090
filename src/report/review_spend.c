#include "review_parts.h"

static const struct column month_columns[] = {
    {"month", "Month", ALIGN_LEFT, 0, false},
    {"unblended", "Unblended", ALIGN_RIGHT, 0, false},
    {"amortized", "Amortized", ALIGN_RIGHT, 0, false},
    {"net_unblended", "Net unbl.", ALIGN_RIGHT, 2, false},
    {"net_amortized", "Net amort.", ALIGN_RIGHT, 2, false},
    {"list", "List", ALIGN_RIGHT, 1, false},
    {"hours", "Hours", ALIGN_RIGHT, 3, false},
};

static const char *const basis_keys[BASIS_COUNT] = {"unblended", "amortized", "net_unblended",
                                                    "net_amortized", "list"};

static struct node *json_bases(struct report *report, const struct money total[BASIS_COUNT])
{
    struct node *map = node_new(&report->arena, NODE_MAP);
    for (int b = 0; b < BASIS_COUNT; b++)
        result_money(report, map, basis_keys[b], total[b]);
    return map;
}

static void put_bases(struct row *row, const struct money total[BASIS_COUNT])
{
    for (int b = 0; b < BASIS_COUNT; b++)
        row->cells[1 + b] = cell_money(total[b]);
}

static void put_months(struct report *report, struct section *section, const struct spend *spend)
{
    struct table *table = section_table(report, section, "months", "", month_columns, 7);
    struct node *list = result_list(report, "months");
    for (size_t i = 0; i < spend->months.count; i++) {
        const struct spend_month *m = &spend->months.at[i];
        char name[MONTH_TEXT];
        month_format(name, m->month);
        struct row *row = table_row(report, table);
        row->cells[0] = cell_printf(report, "%s%s", name, m->complete ? "" : " (part)");
        put_bases(row, m->total);
        row->cells[6] = cell_count(m->hours);
        struct node *item = result_item(report, list);
        result_text(report, item, "month", name);
        node_add(&report->arena, item, "complete", node_bool_new(&report->arena, m->complete));
        result_number(report, item, "hours", m->hours);
        node_add(&report->arena, item, "totals", json_bases(report, m->total));
    }
    if (spend->months.count > 1)
        table_total(report, table, "Total", 1, BASIS_COUNT);
    node_add(&report->arena, report->json, "totals", json_bases(report, spend->total));
}

static bool reconciles(const struct spend_reconciliation *r)
{
    bool exact = true;
    for (int b = 0; b < BASIS_COUNT; b++)
        exact = exact && r->exact[b];
    return exact;
}

static void put_difference(struct report *report, struct section *section,
                           const struct spend_reconciliation *r)
{
    for (int b = 0; b < BASIS_COUNT; b++) {
        struct buf off = BUF_INIT;
        if (r->exact[b])
            continue;
        money_format_exact(&off, money_sub(r->summed[b], r->stated[b]));
        section_text(report, section,
                     "NOT RECONCILED on the %s basis: the groups differ from the rows by %s.",
                     basis_name((enum basis)b), buf_text(&off));
        buf_release(&off);
    }
}

static void put_reconciliation(struct report *report, struct section *section,
                               const struct spend *spend)
{
    const struct spend_reconciliation *r = &spend->reconciliation;
    struct buf total = BUF_INIT;
    money_format_exact(&total, r->stated[BASIS_UNBLENDED]);
    if (reconciles(r))
        section_text(report, section,
                     "Reconciled: the sums here equal the %llu row%s of the bills to the last "
                     "digit on every basis (unblended %s). Cents are rounded so that what is "
                     "shown adds up.",
                     (unsigned long long)r->rows, r->rows == 1 ? "" : "s", buf_text(&total));
    else
        put_difference(report, section, r);
    if (r->bad_rows)
        section_text(report, section,
                     "%llu row%s could not be read and %s in no sum; the first are listed below.",
                     (unsigned long long)r->bad_rows, r->bad_rows == 1 ? "" : "s",
                     r->bad_rows == 1 ? "is" : "are");
    if (r->rounded)
        section_text(report, section,
                     "%llu amounts had more than 18 decimals and were rounded there.",
                     (unsigned long long)r->rounded);
    buf_release(&total);
    struct arena *arena = &report->arena;
    struct node *map = node_add(arena, report->json, "reconciliation", node_new(arena, NODE_MAP));
    node_add(arena, map, "exact", node_bool_new(arena, reconciles(r)));
    result_number(report, map, "rows", (double)r->rows);
    result_number(report, map, "bad_rows", (double)r->bad_rows);
    result_number(report, map, "rounded_amounts", (double)r->rounded);
    node_add(arena, map, "stated", json_bases(report, r->stated));
    node_add(arena, map, "summed", json_bases(report, r->summed));
}

static void put_charges(struct report *report, const struct spend *spend)
{
    static const struct column columns[] = {
        {"charge", "Kind of charge", ALIGN_LEFT, 0, false},
        {"unblended", "Unblended", ALIGN_RIGHT, 0, false},
        {"amortized", "Amortized", ALIGN_RIGHT, 0, false},
        {"list", "List", ALIGN_RIGHT, 1, false},
    };
    struct section *section =
        report_section(report, "charges", "What credits, commitments and fees do to it");
    struct table *table = section_table(report, section, "charges", "", columns, 4);
    struct node *list = result_list(report, "charges");
    for (int c = 0; c < CHARGE_COUNT; c++) {
        const struct money *total = spend->by_charge[c];
        bool any = false;
        for (int b = 0; b < BASIS_COUNT; b++)
            any = any || !money_is_zero(total[b]);
        if (!any)
            continue;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, charge_name((enum charge)c));
        row->cells[1] = cell_money(total[BASIS_UNBLENDED]);
        row->cells[2] = cell_money(total[BASIS_AMORTIZED]);
        row->cells[3] = cell_money(total[BASIS_LIST]);
        struct node *item = result_item(report, list);
        result_text(report, item, "charge", charge_name((enum charge)c));
        node_add(&report->arena, item, "totals", json_bases(report, total));
    }
    table_total(report, table, "Total", 1, 3);
    struct money credits = money_add(spend->by_charge[CHARGE_CREDIT][BASIS_UNBLENDED],
                                     spend->by_charge[CHARGE_REFUND][BASIS_UNBLENDED]);
    if (!money_is_zero(credits))
        section_text(report, section, "Credits and refunds pay %s of it: without them the bill "
                                      "would be %s unblended.",
                     money_text(report, money_neg(credits)),
                     money_text(report, money_sub(spend->total[BASIS_UNBLENDED], credits)));
    if (!money_is_zero(spend->covered_list))
        section_text(report, section,
                     "Reservations and savings plans cover usage of %s at list prices for %s.",
                     money_text(report, spend->covered_list),
                     money_text(report, spend->covered_amortized));
}

#define GROUP_COLUMNS(title)                                                                  \
    {                                                                                         \
        {"name", title, ALIGN_LEFT, 0, true}, {"amortized", "Amortized", ALIGN_RIGHT, 0, false}, \
            {"unblended", "Unblended", ALIGN_RIGHT, 1, false},                                \
            {"list", "List", ALIGN_RIGHT, 1, false},                                          \
    }

static const struct column service_columns[] = GROUP_COLUMNS("Service");
static const struct column account_columns[] = GROUP_COLUMNS("Account");

static void put_group_row(struct report *report, struct table *table, struct cell name,
                          const struct money total[BASIS_COUNT])
{
    struct row *row = table_row(report, table);
    row->cells[0] = name;
    row->cells[1] = cell_money(total[BASIS_AMORTIZED]);
    row->cells[2] = cell_money(total[BASIS_UNBLENDED]);
    row->cells[3] = cell_money(total[BASIS_LIST]);
}

/* Groups hold usage alone: with what is charged beside it they make the whole bill. */
static void put_groups(struct report *report, const struct spend *spend, const char *key,
                       const char *heading, const struct column *columns,
                       const struct spend_group *groups, size_t count)
{
    enum { MOST = 12 };
    struct section *section = report_section(report, key, heading);
    struct table *table = section_table(report, section, key, "", columns, 4);
    struct node *list = result_list(report, key);
    struct money more[BASIS_COUNT] = {MONEY_ZERO}, beside[BASIS_COUNT];
    for (size_t i = 0; i < count; i++) {
        const char *name = groups[i].name ? groups[i].name : "(not stated)";
        struct node *item = result_item(report, list);
        result_text(report, item, "name", name);
        node_add(&report->arena, item, "totals", json_bases(report, groups[i].total));
        if (i < MOST)
            put_group_row(report, table, cell_text(report, name), groups[i].total);
        for (int b = 0; i >= MOST && b < BASIS_COUNT; b++)
            more[b] = money_add(more[b], groups[i].total[b]);
    }
    if (count > MOST)
        put_group_row(report, table, cell_printf(report, "%zu more", count - MOST), more);
    if (spend_beside_usage(beside, spend))
        put_group_row(report, table, cell_text(report, BESIDE_USAGE), beside);
    table_total(report, table, "Total", 1, 3);
}

static void put_currencies(struct report *report, struct section *section,
                           const struct spend *spend)
{
    if (spend->currencies.count < 2)
        return;
    for (size_t i = 0; i < spend->currencies.count; i++)
        section_text(report, section,
                     "In %s: %s unblended. Currencies are never mixed; only one is analysed below.",
                     sym_or_empty(spend->currencies.at[i].currency),
                     money_text(report, spend->currencies.at[i].total[BASIS_UNBLENDED]));
}

void review_spend(struct report *report, const struct estate *estate, const struct spend *spend)
{
    (void)estate;
    struct section *section = report_section(report, "spend", "What was spent");
    put_months(report, section, spend);
    put_currencies(report, section, spend);
    put_reconciliation(report, section, spend);
    put_charges(report, spend);
    put_groups(report, spend, "services", "By service", service_columns, spend->services.at,
               spend->services.count);
    if (spend->accounts.count > 1)
        put_groups(report, spend, "accounts", "By account", account_columns,
                   spend->accounts.at, spend->accounts.count);
}
