#include "diff_changes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alike.h"
#include "sarif.h"

static const struct column sum_columns[] = {
    {"kind", "Monthly cost, USD", ALIGN_LEFT, 0, false},
    {"before", "Before", ALIGN_RIGHT, 0, false},
    {"after", "After", ALIGN_RIGHT, 0, false},
    {"difference", "Difference", ALIGN_RIGHT, 0, false},
    {"committed", "After commitments", ALIGN_RIGHT, 0, false}, /* where they are known */
};

/* Of these, what one state has. */
static const size_t state_kept[] = {0, 2};
static const struct column state_columns[] = {
    {"kind", "Monthly cost, USD", ALIGN_LEFT, 0, false},
    {"after", "A month", ALIGN_RIGHT, 0, false},
};

static const struct column advice_columns[] = {
    {"id", "Id", ALIGN_LEFT, 0, false},
    {"title", "What to do", ALIGN_LEFT, 0, true},
    {"resource", "Resource", ALIGN_LEFT, 2, true},
    {"monthly_saving", "USD/month", ALIGN_RIGHT, 0, false},
};

static const struct column policy_columns[] = {
    {"policy", "Policy", ALIGN_LEFT, 0, false},
    {"severity", "Severity", ALIGN_LEFT, 0, false},
    {"resource", "Resource", ALIGN_LEFT, 0, true},
    {"reason", "Why", ALIGN_LEFT, 0, true},
    {"fix", "What to do", ALIGN_LEFT, 3, true},
};

static const struct column open_columns[] = {
    {"resource", "Resource", ALIGN_LEFT, 0, true},
    {"what", "What", ALIGN_LEFT, 0, true},
    {"why", "Why", ALIGN_LEFT, 0, true},
};

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

/* What a reader with a minute must know besides the sum. */
static const char *besides(struct report *report, const struct diff_figures *f)
{
    struct buf b = BUF_INIT;
    if (f->broken_policies)
        buf_printf(&b, " It breaks %zu %s.", f->broken_policies,
                   f->broken_policies == 1 ? "policy" : "policies");
    if (f->new_advice)
        buf_printf(&b, " %zu new %s would take %s off it.", f->new_advice,
                   f->new_advice == 1 ? "recommendation" : "recommendations",
                   money_text(report, f->new_saving));
    if (f->unpriced + f->unknown_types)
        buf_printf(&b, " %zu %s no price here.", f->unpriced + f->unknown_types,
                   f->unpriced + f->unknown_types == 1 ? "resource has" : "resources have");
    if (f->usage_missing)
        buf_printf(&b, " What %zu %s by use is not known here.", f->usage_missing,
                   f->usage_missing == 1 ? "resource costs" : "resources cost");
    const char *text = arena_strdup(&report->arena, buf_text(&b));
    buf_release(&b);
    return text;
}

static void put_lead(struct report *report, const struct diff_input *in,
                     const struct diff_figures *f)
{
    const char *total = money_text(report, in->after->total.expected);
    bool nothing_known = money_is_zero(in->after->total.high) && f->usage_missing;
    if (!in->change->has_before && nothing_known) {
        report_lead(report, "%zu %s by use, which is not known here.", in->after->count,
                    in->after->count == 1 ? "resource costs" : "resources cost");
        return;
    }
    if (!in->change->has_before) {
        report_lead(report, "%zu %s USD %s a month%s.", in->after->count,
                    in->after->count == 1 ? "resource costs" : "resources cost", total,
                    f->unpriced + f->unknown_types ? " at least" : "");
        return;
    }
    int sign = money_cmp(f->increase.expected, MONEY_ZERO);
    struct money size = sign < 0 ? money_neg(f->increase.expected) : f->increase.expected;
    char percent[48] = "";
    if (!isnan(f->increase_percent))
        snprintf(percent, sizeof percent, " (%+.1f %%)", f->increase_percent);
    if (!sign)
        report_lead(report, "The monthly cost stays at USD %s%s.%s", total,
                    f->unpriced + f->unknown_types ? " as far as it is known" : "",
                    besides(report, f));
    else
        report_lead(report, "The monthly cost goes %s by USD %s%s%s, from %s to %s.%s",
                    sign > 0 ? "up" : "down", money_text(report, size), percent,
                    money_is_zero(f->left_out) ? "" : " as far as it is known",
                    money_text(report, in->before->total.expected), total,
                    besides(report, f));
}

static void put_sum_row(struct report *report, struct table *table, const char *label,
                        struct money_range before, struct money_range after,
                        struct money_range difference)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, label);
    row->cells[1] = diff_money_cell(before);
    row->cells[2] = diff_money_cell(after);
    row->cells[3] = diff_money_cell(difference);
}

static void put_commitments(struct report *report, struct section *section,
                            const struct change_commitments *c)
{
    if (c && !money_is_zero(c->absorbed))
        section_text(report, section,
                     "USD %s a month of it is taken by commitments that are paid in any case.",
                     money_text(report, c->absorbed));
    if (c && !money_is_zero(c->stranded))
        section_text(report, section,
                     "USD %s a month of what goes is covered by commitments that nothing else "
                     "takes up: it is paid on until they end.",
                     money_text(report, c->stranded));
}

/* A usage of which nothing is known has no row: it would read as one that costs nothing. */
static void put_sums(struct report *report, const struct diff_input *in,
                     const struct diff_figures *f)
{
    struct section *section = report_section(report, "cost", "Cost");
    struct table *table =
        section_table(report, section, "cost", "", sum_columns,
                      in->commitments ? COUNT(sum_columns) : COUNT(sum_columns) - 1);
    bool has_usage =
        !money_is_zero(in->before->usage.high) || !money_is_zero(in->after->usage.high);
    put_sum_row(report, table, "Baseline: provisioned, runs all month", in->before->baseline,
                in->after->baseline, f->baseline_increase);
    if (has_usage)
        put_sum_row(report, table, "Usage that is known", in->before->usage,
                    in->after->usage, f->usage_increase);
    put_sum_row(report, table, "Total", in->before->total, in->after->total, f->increase);
    struct row *total = &table->rows.at[table->rows.count - 1];
    total->is_total = true;
    if (in->commitments)
        total->cells[4] = diff_money_cell(in->commitments->difference);
    if (!in->change->has_before)
        diff_keep_columns(report, table, state_kept, state_columns, COUNT(state_columns));
    put_commitments(report, section, in->commitments);
    if (!money_is_zero(f->left_out))
        section_text(
            report, section,
            "USD %s of the cost before is of components whose cost after is not known; "
            "the difference leaves them out.",
            money_text(report, f->left_out));
    const size_t *n = in->after->by_status;
    section_text(report, section,
                 "%zu %s: %zu priced, %zu free, %zu by use alone, %zu with no cost of "
                 "their own, %zu unpriced, %zu of unknown type.",
                 in->after->count, in->after->count == 1 ? "resource" : "resources",
                 n[COST_PRICED], n[COST_FREE], n[COST_USAGE_ONLY], n[COST_PARENT],
                 n[COST_UNPRICED], n[COST_UNKNOWN_TYPE]);
    if (in->change->incomplete)
        section_text(report, section,
                     "The plan is incomplete, so these figures are of a part of the change.");
}

static bool has_new(const struct advice *advice, const struct advice *other)
{
    for (size_t i = 0; advice && i < advice->recommendations.count; i++)
        if (!alike_is_in(other, advice->recommendations.at[i].id))
            return true;
    return false;
}

static void put_advice(struct report *report, const char *key, const char *heading,
                       const struct estate *estate, const struct advice *advice,
                       const struct advice *other)
{
    size_t count;
    if (!has_new(advice, other))
        return;
    const struct alike *groups = alike_groups(&count, report, estate, advice, other);
    struct section *section = report_section(report, key, heading);
    section->priority = 2;
    struct table *table =
        section_table(report, section, key, "", advice_columns, COUNT(advice_columns));
    for (size_t i = 0; i < count; i++) {
        const struct recommendation *r = groups[i].first;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, r->id);
        row->cells[1] = alike_title(report, &groups[i], estate);
        if (r->resources.count)
            row->cells[2] =
                cell_text(report, resource_label(&estate->resources.at[r->resources.at[0]]));
        row->cells[3] = diff_money_cell(groups[i].saving);
    }
    alike_put_uncounted(report, section, advice, other);
}

static void put_policies(struct report *report, const char *key, const char *heading,
                         const struct estate *estate, const struct findings *findings,
                         const struct estate *other_estate, const struct findings *other)
{
    struct table *table = NULL;
    for (size_t i = 0; findings && i < findings->all.count; i++) {
        const struct finding *f = &findings->all.at[i];
        if (f->waived_by || findings_have(other, other_estate, f, estate))
            continue;
        if (!table) {
            struct section *section = report_section(report, key, heading);
            section->priority = 1;
            table =
                section_table(report, section, key, "", policy_columns, COUNT(policy_columns));
        }
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, f->policy);
        row->cells[1] = cell_text(report, severity_name(f->severity));
        row->cells[2] = cell_text(report, f->subject ? f->subject : "(all)");
        row->cells[3] = cell_text(report, f->reason);
        row->cells[4] = cell_text(report, f->fix);
    }
}

static void put_open_row(struct report *report, struct table *table, const char *resource,
                         const char *what, const char *why)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, resource);
    row->cells[1] = cell_text(report, what);
    row->cells[2] = cell_text(report, why);
}

static void put_open_resource(struct report *report, struct table *table, const char *key,
                              const struct resource_cost *cost)
{
    if (cost->status == COST_UNKNOWN_TYPE || (cost->status == COST_UNPRICED && !cost->count))
        put_open_row(report, table, key, cost_status_name(cost->status), cost->why);
    for (size_t k = 0; k < cost->count; k++)
        if (cost->components[k].state == COMPONENT_UNPRICED)
            put_open_row(report, table, key,
                         diff_component_label(report, &cost->components[k]),
                         cost->components[k].why);
}

/* Everything whose price or quantity is not known: counted nowhere, so named here. */
static void put_open(struct report *report, const struct diff_input *in)
{
    const size_t *n = in->after->by_status;
    if (!n[COST_UNPRICED] && !n[COST_UNKNOWN_TYPE])
        return;
    struct section *section = report_section(report, "unpriced", "Not in the figures");
    struct table *table =
        section_table(report, section, "unpriced", "", open_columns, COUNT(open_columns));
    section->priority = 3;
    for (size_t i = 0; i < in->after->count; i++)
        put_open_resource(report, table, in->change->after->resources.at[i].key,
                          &in->after->resources[i]);
}

static void put_notes(struct report *report, const struct estate *estate)
{
    if (!estate->notes.count)
        return;
    struct section *section = report_section(report, "notes", "Notes");
    section->priority = 5;
    for (size_t i = 0; i < estate->notes.count; i++) {
        const struct note *n = &estate->notes.at[i];
        section_text(report, section, "%s%s%s", n->source ? n->source : "",
                     n->source ? ": " : "", n->text);
    }
}

/* Code scanning is told of what this change breaks, not of what was broken before. */
static struct node *broken_sarif(struct report *report, const struct diff_input *in)
{
    struct findings broken = {0};
    for (size_t i = 0; in->findings_after && i < in->findings_after->all.count; i++) {
        const struct finding *f = &in->findings_after->all.at[i];
        if (!findings_have(in->findings_before, in->change->before, f, in->change->after))
            VEC_ADD(&broken.all, *f);
    }
    struct node *sarif = sarif_of(report, &broken, in->policies, in->policy_count);
    findings_release(&broken);
    return sarif;
}

void report_diff(struct report *report, const struct diff_input *in)
{
    struct diff_figures figures = diff_figures_of(in);
    const struct estate *before = in->change->before, *after = in->change->after;
    put_lead(report, in, &figures);
    put_sums(report, in, &figures);
    diff_put_changes(report, in);
    put_policies(report, "broken_policies", "Broken policies", after, in->findings_after,
                 before, in->findings_before);
    put_advice(report, "new_advice", "New recommendations", after, in->advice_after,
               in->advice_before);
    put_advice(report, "resolved_advice", "Recommendations that this change settles", before,
               in->advice_before, in->advice_after);
    put_policies(report, "fixed_policies", "Policies that this change mends", before,
                 in->findings_before, after, in->findings_after);
    put_open(report, in);
    diff_put_by_use(report, in);
    put_notes(report, after);
    if (in->findings_after)
        report->sarif = broken_sarif(report, in);
}
