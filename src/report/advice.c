#include <stdlib.h>
#include <string.h>

#include "advice_json.h"
#include "alike.h"
#include "report/advice_report.h"

static const struct column recommendation_columns[] = {
    {"id", "Id", ALIGN_LEFT, 0, false},
    {"title", "What to do", ALIGN_LEFT, 0, true},
    {"monthly_saving", "USD/month", ALIGN_RIGHT, 0, false},
    {"low", "Low", ALIGN_RIGHT, 2, false},
    {"high", "High", ALIGN_RIGHT, 2, false},
    {"list_saving", "At list", ALIGN_RIGHT, 4, false},
    {"one_off", "One-off", ALIGN_RIGHT, 4, false},
    {"effort", "Effort", ALIGN_LEFT, 3, false},
    {"risk", "Risk", ALIGN_LEFT, 3, true},
    {"confidence", "Sure", ALIGN_LEFT, 5, false},
    {"kind", "Kind", ALIGN_LEFT, 6, true},
};
enum { RECOMMENDATION_COLUMNS = sizeof recommendation_columns / sizeof *recommendation_columns };

static struct cell risk_cell(struct report *report, const struct recommendation *r)
{
    static const char *const names[] = {"none", "low", "medium", "high", "very high"};
    if (!r->risk)
        return cell_text(report, "none");
    return cell_printf(report, "%s (%s)", names[r->risk], r->risk_dimension);
}

static void put_group(struct report *report, struct table *table, const struct estate *estate,
                      const struct alike *l)
{
    const struct recommendation *r = l->first;
    struct row *row = table_row(report, table);
    struct cell cells[RECOMMENDATION_COLUMNS] = {
        cell_text(report, r->id),
        alike_title(report, l, estate),
        cell_money(l->saving.expected),
        cell_money(l->saving.low),
        cell_money(l->saving.high),
        cell_money(l->list),
        cell_money(l->one_off),
        cell_text(report, level_name(r->effort)),
        risk_cell(report, r),
        cell_text(report, level_name(r->confidence)),
        cell_text(report, r->kind),
    };
    memcpy(row->cells, cells, sizeof cells);
}

static void put_sum(struct report *report, struct table *table, const struct advice *advice)
{
    struct money_range sum = advice_counted_saving(advice);
    struct row *row = table_row(report, table);
    row->is_total = true;
    row->cells[0] = cell_text(report, "Together");
    row->cells[1] = cell_text(report, "nothing counted twice");
    row->cells[2] = cell_money(sum.expected);
    row->cells[3] = cell_money(sum.low);
    row->cells[4] = cell_money(sum.high);
}

static bool has_several_efforts(const struct advice *advice)
{
    const struct recommendation *first = NULL;
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        if (r->counted && first && r->effort != first->effort)
            return true;
        first = r->counted && !first ? r : first;
    }
    return false;
}

/* How much there is to win for how much work: where to begin. */
static void put_efforts(struct report *report, struct section *section,
                        const struct advice *advice)
{
    static const struct column columns[] = {
        {"effort", "By effort", ALIGN_LEFT, 0, false},
        {"recommendations", "Number", ALIGN_RIGHT, 0, false},
        {"monthly_saving", "USD/month", ALIGN_RIGHT, 0, false},
        {"safe", "Of it at low risk or none", ALIGN_RIGHT, 0, false},
    };
    if (!has_several_efforts(advice))
        return;
    struct table *table = section_table(report, section, "efforts", "", columns, 4);
    for (int effort = LEVEL_VERY_LOW; effort <= LEVEL_VERY_HIGH; effort++) {
        struct money saving = MONEY_ZERO, safe = MONEY_ZERO;
        size_t count = 0;
        for (size_t i = 0; i < advice->recommendations.count; i++) {
            const struct recommendation *r = &advice->recommendations.at[i];
            if (!r->counted || (int)r->effort != effort)
                continue;
            count++;
            saving = money_add(saving, r->counted_saving.expected);
            safe = r->risk <= 1 ? money_add(safe, r->counted_saving.expected) : safe;
        }
        if (!count)
            continue;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, level_name((enum level)effort));
        row->cells[1] = cell_count((double)count);
        row->cells[2] = cell_money(saving);
        row->cells[3] = cell_money(safe);
    }
    table_total(report, table, "Together", 2, 2);
}

struct kind_sum {
    const char *name;
    size_t length;
    struct money_range saving;
};

/* The part of a kind before the dot: the recommender. */
static struct kind_sum *sum_for(struct kind_sum *sums, size_t *count, const char *kind)
{
    size_t length = strcspn(kind, ".");
    for (size_t i = 0; i < *count; i++)
        if (sums[i].length == length && !strncmp(sums[i].name, kind, length))
            return &sums[i];
    sums[*count] = (struct kind_sum){kind, length, money_range_of(MONEY_ZERO)};
    return &sums[(*count)++];
}

static int by_saving(const void *a, const void *b)
{
    const struct kind_sum *x = a, *y = b;
    int order = money_cmp(y->saving.expected, x->saving.expected);
    return order ? order : strncmp(x->name, y->name, x->length);
}

static void put_kind_chart(struct report *report, struct section *section,
                           const struct advice *advice)
{
    size_t count = 0, n = advice->recommendations.count;
    struct kind_sum *sums = ARENA_ARRAY(&report->arena, struct kind_sum, n);
    for (size_t i = 0; i < n; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        if (!r->counted)
            continue;
        struct kind_sum *sum = sum_for(sums, &count, r->kind);
        sum->saving = money_range_add(sum->saving, r->counted_saving);
    }
    if (count < 2)
        return;
    qsort(sums, count, sizeof *sums, by_saving);
    struct chart *chart = section_chart(report, section, CHART_RANGE_BARS,
                                        "Monthly saving by kind", "USD", 3, count);
    static const char *const names[] = {"low", "expected", "high"};
    for (size_t s = 0; s < 3; s++)
        chart->series[s] = names[s];
    for (size_t k = 0; k < count; k++) {
        chart->categories[k] = arena_strndup(&report->arena, sums[k].name, sums[k].length);
        chart->values[k] = money_double(sums[k].saving.low);
        chart->values[count + k] = money_double(sums[k].saving.expected);
        chart->values[2 * count + k] = money_double(sums[k].saving.high);
    }
}

static void put_stranded(struct report *report, struct section *section,
                         const struct advice *advice)
{
    struct money sum = MONEY_ZERO;
    day until = 0;
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        sum = r->counted ? money_add(sum, r->stranded) : sum;
        until = r->counted && r->stranded_until > until ? r->stranded_until : until;
    }
    if (money_is_zero(sum))
        return;
    char end[DAY_TEXT];
    section_text(report, section,
                 "Running commitments keep another %s USD a month from being saved%s%s.",
                 money_text(report, sum), until ? " until " : "; their end is not known",
                 until ? day_format(end, until) : "");
}

void report_recommendations(struct report *report, const struct estate *estate,
                            const struct advice *advice)
{
    struct section *section = report_section(report, "recommendations", "Recommendations");
    struct node *list = node_add(&report->arena, report->json, "recommendations",
                                 node_new(&report->arena, NODE_LIST));
    struct table *table = section_table(report, section, "recommendations", "",
                                        recommendation_columns, RECOMMENDATION_COLUMNS);
    table->empty = advice->refused ? "None."
                                   : "None: nothing that was looked at would save money.";
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        node_add(&report->arena, list, NULL, json_recommendation(report, estate, r));
    }
    size_t count;
    const struct alike *groups = alike_groups(&count, report, estate, advice, NULL);
    for (size_t i = 0; i < count; i++)
        put_group(report, table, estate, &groups[i]);
    if (table->rows.count) {
        put_sum(report, table, advice);
        section_text(report, section, "%s",
                     estate->bills.count
                         ? "Savings are what the next bills show, after commitments and "
                           "contract rates. advisor explain ID leads from a line here to "
                           "prices, formulas and bill rows, and prints what to paste."
                         : "Savings are reckoned from what the map declares. advisor explain ID "
                           "--map MAP leads from a line here to prices and formulas, and prints "
                           "what to paste.");
        put_efforts(report, section, advice);
    }
    put_stranded(report, section, advice);
    put_kind_chart(report, section, advice);
    alike_put_uncounted(report, section, advice, NULL);
}

void report_declined(struct report *report, const struct estate *estate,
                     const struct advice *advice)
{
    static const struct column columns[] = {
        {"kind", "Looked at", ALIGN_LEFT, 0, false},
        {"resource", "Resource", ALIGN_LEFT, 0, true},
        {"reason", "Why nothing is proposed", ALIGN_LEFT, 0, true},
    };
    enum { SHOWN = 40 };
    struct arena *arena = &report->arena;
    struct node *list =
        node_add(arena, report->json, "not_recommended", node_new(arena, NODE_LIST));
    struct section *section =
        report_section(report, "not-recommended", "Looked at and not recommended");
    section->priority = 3;
    struct table *table = section_table(report, section, "not_recommended", "", columns, 3);
    for (size_t i = 0; i < advice->declined.count; i++) {
        const struct declined *d = &advice->declined.at[i];
        const char *name = d->resource == NOTHING
                               ? "(all)"
                               : resource_label(&estate->resources.at[d->resource]);
        struct node *map = node_add(arena, list, NULL, node_new(arena, NODE_MAP));
        node_add(arena, map, "kind", node_string(arena, d->kind));
        node_add(arena, map, "resource", node_string(arena, name));
        node_add(arena, map, "reason", node_string(arena, d->reason));
        if (i >= SHOWN)
            continue;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, d->kind);
        row->cells[1] = cell_text(report, name);
        row->cells[2] = cell_text(report, d->reason);
    }
    if (advice->declined.count > SHOWN)
        section_text(report, section, "%zu more are in --format json.",
                     advice->declined.count - SHOWN);
}

static const char *note_kind_text(enum note_kind kind)
{
    static const char *const names[] = {"not read", "warning", "unknown", "unpriced", "note"};
    return names[kind];
}

static void put_note(struct report *report, struct node *list, struct table *table,
                     const struct note *note)
{
    struct arena *arena = &report->arena;
    struct node *map = node_add(arena, list, NULL, node_new(arena, NODE_MAP));
    node_add(arena, map, "kind", node_string(arena, note_kind_text(note->kind)));
    node_add(arena, map, "text", node_string(arena, note->text));
    if (note->source)
        node_add(arena, map, "source", node_string(arena, note->source));
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, note_kind_text(note->kind));
    bool names_it = !note->source || !strncmp(note->text, note->source, strlen(note->source));
    row->cells[1] = names_it ? cell_text(report, note->text)
                             : cell_printf(report, "%s: %s", note->source, note->text);
}

void report_notes(struct report *report, const struct estate *estate,
                  const struct advice *advice)
{
    static const struct column columns[] = {
        {"kind", "Kind", ALIGN_LEFT, 0, false},
        {"text", "What to know", ALIGN_LEFT, 0, true},
    };
    struct node *list = node_add(&report->arena, report->json, "unknown",
                                 node_new(&report->arena, NODE_LIST));
    struct section *section = report_section(report, "unknown", "Unknown, unread, unpriced");
    section->priority = 2;
    struct table *table = section_table(report, section, "unknown", "", columns, 2);
    for (size_t i = 0; i < estate->notes.count; i++)
        put_note(report, list, table, &estate->notes.at[i]);
    for (size_t i = 0; advice && i < advice->notes.count; i++)
        put_note(report, list, table, &advice->notes.at[i]);
}
