#include <math.h>
#include <string.h>

#include "review_parts.h"

static const struct column columns[] = {
    {"commitment", "Commitment", ALIGN_LEFT, 0, true},
    {"kind", "Kind", ALIGN_LEFT, 1, false},
    {"usd_per_hour", "USD/h", ALIGN_RIGHT, 2, false},
    {"used", "Used", ALIGN_RIGHT, 0, false},
    {"unused", "Unused", ALIGN_RIGHT, 0, false},
    {"covered", "Covers, list", ALIGN_RIGHT, 1, false},
    {"until", "Until", ALIGN_LEFT, 0, false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *const kinds[] = {
    [COMMITMENT_COMPUTE_PLAN] = "Compute Savings Plan",
    [COMMITMENT_EC2_PLAN] = "EC2 Savings Plan",
    [COMMITMENT_RESERVATION] = "reservation",
    [COMMITMENT_OTHER_PLAN] = "Savings Plan",
};

static struct commitment_month whole(const struct commitment *c)
{
    struct commitment_month sum = {.month = 0};
    for (size_t i = 0; i < c->month_count; i++) {
        const struct commitment_month *m = &c->months[i];
        sum.committed = money_add(sum.committed, m->committed);
        sum.used = money_add(sum.used, m->used);
        sum.covered_list = money_add(sum.covered_list, m->covered_list);
        sum.covered_amortized = money_add(sum.covered_amortized, m->covered_amortized);
    }
    return sum;
}

static double share_used(const struct commitment_month *m)
{
    double committed = money_double(m->committed);
    return committed > 0 ? money_double(m->used) / committed : NAN;
}

static void put_use(struct report *report, struct row *row, const struct commitment_month *m)
{
    double used = share_used(m);
    row->cells[3] = isnan(used) ? cell_unknown(report, NULL) : cell_percent(used);
    if (!isnan(used))
        row->cells[4] = cell_money(money_sub(m->committed, m->used));
    if (!money_is_zero(m->covered_list))
        row->cells[5] = cell_money(m->covered_list);
}

static void json_use(struct report *report, struct node *item, const struct commitment_month *m)
{
    double used = share_used(m);
    result_money(report, item, "committed", m->committed);
    result_money(report, item, "unused", money_sub(m->committed, m->used));
    if (!isnan(used))
        result_number(report, item, "utilisation", used);
    result_money(report, item, "covered_list", m->covered_list);
    result_money(report, item, "covered_amortized", m->covered_amortized);
}

/* What stands behind the last slash tells an ARN from others; JSON has it whole. */
static const char *name_of(const char *arn)
{
    const char *slash = strrchr(arn, '/');
    return slash && slash[1] ? slash + 1 : arn;
}

static void put_row(struct report *report, struct table *table, const struct commitment *c,
                    const struct commitment_month *all)
{
    char end[DAY_TEXT];
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, name_of(c->arn));
    row->cells[1] = cell_text(report, kinds[c->kind]);
    if (!money_is_zero(c->usd_per_hour))
        row->cells[2] = cell_printf(report, "%.4f", money_double(c->usd_per_hour));
    put_use(report, row, all);
    row->cells[6] = cell_text(report, c->end ? day_format(end, c->end) : "unknown");
    for (size_t i = 0; c->month_count > 1 && i < c->month_count; i++) {
        char month[MONTH_TEXT];
        struct row *part = table_row(report, table);
        part->indent = 1;
        part->cells[0] = cell_text(report, month_format(month, c->months[i].month));
        put_use(report, part, &c->months[i]);
    }
}

static void put_json(struct report *report, struct node *list, const struct commitment *c,
                     const struct commitment_month *all)
{
    char text[DAY_TEXT], month[MONTH_TEXT];
    struct node *item = result_item(report, list);
    result_text(report, item, "id", c->arn);
    result_text(report, item, "kind", kinds[c->kind]);
    if (!money_is_zero(c->usd_per_hour))
        result_money(report, item, "per_hour", c->usd_per_hour);
    if (c->end)
        result_text(report, item, "until", day_format(text, c->end));
    json_use(report, item, all);
    struct node *months = node_add(&report->arena, item, "months",
                                   node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < c->month_count; i++) {
        struct node *part = result_item(report, months);
        result_text(report, part, "month", month_format(month, c->months[i].month));
        json_use(report, part, &c->months[i]);
    }
}

/* Those that the bill tells of; what is only declared has no use to show. */
void review_commitments(struct report *report, const struct estate *estate)
{
    struct node *list = result_list(report, "commitments");
    struct section *section = NULL;
    struct table *table = NULL;
    struct money unused = MONEY_ZERO;
    for (size_t i = 0; i < estate->commitments.count; i++) {
        const struct commitment *c = &estate->commitments.at[i];
        if (!c->month_count || !c->arn)
            continue;
        if (!section) {
            section = report_section(report, "commitments", "Reservations and savings plans");
            table = section_table(report, section, "commitments", "", columns, COLUMNS);
        }
        struct commitment_month all = whole(c);
        unused = money_add(unused, money_sub(all.committed, all.used));
        put_row(report, table, c, &all);
        put_json(report, list, c, &all);
    }
    if (!money_is_zero(unused))
        section_text(report, section, "%s of what was committed paid for nothing.",
                     money_text(report, unused));
}
