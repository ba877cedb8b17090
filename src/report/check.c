#include "report/check.h"

#include <string.h>

#include "review_parts.h"
#include "sarif.h"

static void put_finding(struct report *report, struct table *table, const struct finding *f)
{
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, severity_name(f->severity));
    row->cells[1] = cell_text(report, f->policy);
    row->cells[2] = cell_text(report, f->subject ? f->subject : "(all)");
    row->cells[3] = cell_text(report, f->reason);
    if (!money_is_zero(f->monthly_cost.expected))
        row->cells[4] = cell_money(f->monthly_cost.expected);
}

static void json_finding(struct report *report, struct node *list, const struct finding *f)
{
    struct node *item = result_item(report, list);
    result_text(report, item, "policy", f->policy);
    result_text(report, item, "severity", severity_name(f->severity));
    result_text(report, item, "resource", f->subject);
    result_text(report, item, "reason", f->reason);
    result_text(report, item, "fix", f->fix);
    result_text(report, item, "file", f->source);
    if (f->line)
        result_number(report, item, "line", f->line);
    node_add(&report->arena, item, "monthly_cost", json_range(report, f->monthly_cost));
    if (f->waived_by)
        result_text(report, item, "waived_by", f->waived_by);
}

static void put_findings(struct report *report, const struct findings *findings)
{
    static const struct column columns[] = {
        {"severity", "Severity", ALIGN_LEFT, 0, false},
        {"policy", "Policy", ALIGN_LEFT, 0, false},
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"reason", "What is wrong", ALIGN_LEFT, 0, true},
        {"monthly_cost", "USD/month", ALIGN_RIGHT, 2, false},
    };
    struct section *section = report_section(report, "findings", "Broken policies");
    struct table *table = section_table(report, section, "findings", "", columns, 5);
    struct node *list = result_list(report, "findings");
    table->empty = "None.";
    for (size_t i = 0; i < findings->all.count; i++) {
        const struct finding *f = &findings->all.at[i];
        if (f->waived_by)
            continue;
        put_finding(report, table, f);
        json_finding(report, list, f);
    }
}

static bool is_first(const struct findings *findings, size_t at)
{
    const struct finding *f = &findings->all.at[at];
    for (size_t i = 0; i < at; i++) {
        const struct finding *other = &findings->all.at[i];
        if (!other->waived_by && !strcmp(other->policy, f->policy) && !strcmp(other->fix, f->fix))
            return false;
    }
    return !f->waived_by;
}

/* Each remedy once, however many resources need it. */
static void put_fixes(struct report *report, const struct findings *findings)
{
    static const struct column columns[] = {
        {"policy", "Policy", ALIGN_LEFT, 0, false},
        {"fix", "What mends it", ALIGN_LEFT, 0, true},
    };
    struct table *table = NULL;
    for (size_t i = 0; i < findings->all.count; i++) {
        if (!is_first(findings, i))
            continue;
        if (!table)
            table = section_table(report, report_section(report, "fixes", "How to mend it"),
                                  "fixes", "", columns, 2);
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, findings->all.at[i].policy);
        row->cells[1] = cell_text(report, findings->all.at[i].fix);
    }
}

static void put_waived(struct report *report, const struct findings *findings)
{
    static const struct column columns[] = {
        {"policy", "Policy", ALIGN_LEFT, 0, false},
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"waived_by", "Waived by", ALIGN_LEFT, 0, true},
    };
    struct node *list = result_list(report, "waived");
    struct table *table = NULL;
    for (size_t i = 0; i < findings->all.count; i++) {
        const struct finding *f = &findings->all.at[i];
        if (!f->waived_by)
            continue;
        if (!table)
            table = section_table(report, report_section(report, "waived", "Waived"), "waived", "",
                                  columns, 3);
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, f->policy);
        row->cells[1] = cell_text(report, f->subject ? f->subject : "(all)");
        row->cells[2] = cell_text(report, f->waived_by);
        json_finding(report, list, f);
    }
}

/* What could not be judged, so that silence is never taken for consent; waivers that ended. */
static void put_notes(struct report *report, const struct findings *findings)
{
    struct node *list = result_list(report, "notes");
    if (!findings->notes.count)
        return;
    struct section *section = report_section(report, "notes", "Notes");
    section->priority = 3;
    for (size_t i = 0; i < findings->notes.count; i++) {
        section_text(report, section, "%s", findings->notes.at[i].text);
        node_add(&report->arena, list, NULL,
                 node_string(&report->arena, findings->notes.at[i].text));
    }
}

static void put_counts(struct report *report, const struct findings *findings, size_t judged)
{
    size_t counts[SEVERITY_HIGH + 1] = {0}, waived = 0;
    for (size_t i = 0; i < findings->all.count; i++) {
        if (findings->all.at[i].waived_by)
            waived++;
        else
            counts[findings->all.at[i].severity]++;
    }
    size_t all = counts[SEVERITY_HIGH] + counts[SEVERITY_MEDIUM] + counts[SEVERITY_LOW];
    if (all)
        report_lead(report, "%zu resource%s judged: %zu finding%s of high severity, %zu medium, "
                            "%zu low; %zu waived.",
                    judged, judged == 1 ? "" : "s", counts[SEVERITY_HIGH],
                    counts[SEVERITY_HIGH] == 1 ? "" : "s", counts[SEVERITY_MEDIUM],
                    counts[SEVERITY_LOW], waived);
    else
        report_lead(report, "%zu resource%s judged: every policy holds; %zu waived.", judged,
                    judged == 1 ? "" : "s", waived);
    struct arena *arena = &report->arena;
    struct node *map = node_add(arena, report->json, "counts", node_new(arena, NODE_MAP));
    result_number(report, map, "resources", (double)judged);
    for (int s = SEVERITY_HIGH; s >= SEVERITY_LOW; s--)
        result_number(report, map, severity_name((enum severity)s), (double)counts[s]);
    result_number(report, map, "waived", (double)waived);
}

void report_check(struct report *report, const struct findings *findings,
                  const struct policy_text *policies, size_t policy_count, size_t judged)
{
    result_text(report, report->json, "schema_version", "1");
    result_text(report, report->json, "report", "check");
    put_counts(report, findings, judged);
    put_findings(report, findings);
    put_fixes(report, findings);
    put_waived(report, findings);
    put_notes(report, findings);
    report->sarif = sarif_of(report, findings, policies, policy_count);
}
