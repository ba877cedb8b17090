#include "history_report.h"

#include <string.h>

#include "report/result.h"

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

enum { DAY_HOURS = 24 };

static const char *day_text(struct report *report, day d)
{
    char text[DAY_TEXT];
    return d ? arena_strdup(&report->arena, day_format(text, d)) : NULL;
}

static void put_day(struct report *report, struct node *map, const char *key, day d)
{
    result_text(report, map, key, day_text(report, d));
}

/* ---- realised savings ---- */

static const char *const state_names[] = {
    [REALISED_MEASURED] = "measured",       [REALISED_TOO_EARLY] = "too early",
    [REALISED_NOT_COVERED] = "not covered", [REALISED_WITH] = "with another",
    [REALISED_UNKNOWN] = "unknown",
};

static void json_realised(struct report *report, struct node *list, const struct realised *r)
{
    struct node *item = result_item(report, list);
    result_text(report, item, "id", r->decision.id);
    result_text(report, item, "title", r->decision.title);
    put_day(report, item, "accepted", r->decision.on);
    result_text(report, item, "by", r->decision.by);
    result_text(report, item, "state", state_names[r->state]);
    result_text(report, item, "why", r->why);
    node_add(&report->arena, item, "still_proposed",
             node_bool_new(&report->arena, r->still_proposed));
    node_add(&report->arena, item, "promised", json_range(report, r->decision.saving));
    if (r->state != REALISED_MEASURED)
        return;
    put_day(report, item, "from", r->from / DAY_HOURS);
    put_day(report, item, "until", r->until / DAY_HOURS);
    result_money(report, item, "before", money_round(r->before, 6));
    result_money(report, item, "after", money_round(r->after, 6));
    result_money(report, item, "saved", money_round(r->saved, 6));
    if (r->use_known)
        result_money(report, item, "by_use", money_round(r->by_use, 6));
}

static const char *how(struct report *report, const struct realised *r)
{
    char from[DAY_TEXT], until[DAY_TEXT];
    const char *still = r->still_proposed ? "; it is proposed again, unchanged" : "";
    if (r->state != REALISED_MEASURED)
        return arena_printf(&report->arena, "%s%s", r->why, still);
    return arena_printf(&report->arena, "%s to %s: %s%s",
                        day_format(from, r->from / DAY_HOURS),
                        day_format(until, r->until / DAY_HOURS - 1), r->why, still);
}

static void put_realised(struct report *report, struct table *table, const struct realised *r)
{
    bool measured = r->state == REALISED_MEASURED;
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, r->decision.id);
    row->cells[1] = cell_text(report, r->decision.title);
    row->cells[2] = cell_text(report, day_text(report, r->decision.on));
    row->cells[3] = cell_money(r->decision.saving.expected);
    row->cells[4] = measured ? cell_money(r->saved) : cell_unknown(report, NULL);
    if (measured && r->use_known)
        row->cells[5] = cell_money(r->by_use);
    row->cells[6] = cell_text(report, how(report, r));
}

static const char *amount(struct report *report, struct money m)
{
    struct buf text = BUF_INIT;
    money_format(&text, m, 2);
    const char *copy = arena_strdup(&report->arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

/* The section that was added last goes behind the one with that key. */
static void move_behind(struct report *report, const char *key)
{
    size_t last = report->sections.count - 1;
    struct section moved = report->sections.at[last];
    for (size_t at = 0; at < last; at++)
        if (!strcmp(report->sections.at[at].key, key)) {
            memmove(&report->sections.at[at + 2], &report->sections.at[at + 1],
                    (last - at - 1) * sizeof moved);
            report->sections.at[at + 1] = moved;
            return;
        }
}

static void put_realised_sum(struct report *report, struct table *table,
                             const struct realised_list *realised)
{
    struct row *sum = table_row(report, table);
    sum->is_total = true;
    sum->cells[0] = cell_text(report, "Together");
    sum->cells[1] = cell_text(report, "what could be measured");
    sum->cells[3] = cell_money(realised->promised);
    sum->cells[4] = cell_money(realised->saved);
}

void report_realised(struct report *report, const struct realised_list *realised,
                     const char *currency)
{
    static const struct column columns[] = {
        {"id", "Id", ALIGN_LEFT, 0, false},
        {"title", "What was accepted", ALIGN_LEFT, 0, true},
        {"accepted", "Accepted", ALIGN_LEFT, 3, false},
        {"promised", "Promised", ALIGN_RIGHT, 0, false},
        {"saved", "Saved", ALIGN_RIGHT, 0, false},
        {"by_use", "By use", ALIGN_RIGHT, 0, false},
        {"how", "How it was measured", ALIGN_LEFT, 1, true},
    };
    struct node *list = result_list(report, "realised");
    if (!realised->all.count)
        return;
    struct section *section = report_section(report, "realised", "What earlier advice saved");
    struct table *table =
        section_table(report, section, "realised", "", columns, COUNT(columns));
    for (size_t i = 0; i < realised->all.count; i++) {
        put_realised(report, table, &realised->all.at[i]);
        json_realised(report, list, &realised->all.at[i]);
    }
    put_realised_sum(report, table, realised);
    section_text(
        report, section,
        "%s a month, amortized, on the bill: each resource's cost before, in the window "
        "of the review that proposed it, less its cost in the hours since. By use: what "
        "comes from running or holding more or less than then, which is not the advice's.",
        currency);
    move_behind(report, "recommendations");
    if (!money_is_zero(realised->promised))
        report_lead(report,
                    "%s Advice accepted earlier saves %s of the promised %s %s a month.",
                    report->lead ? report->lead : "", amount(report, realised->saved),
                    amount(report, realised->promised), currency);
}

/* ---- what a history holds ---- */

static void put_reviews(struct report *report, const struct history_reviews *reviews)
{
    static const struct column columns[] = {
        {"day", "Review", ALIGN_LEFT, 0, false},
        {"from", "Bill from", ALIGN_LEFT, 2, false},
        {"until", "Until", ALIGN_LEFT, 2, false},
        {"spent", "Spent", ALIGN_RIGHT, 0, false},
        {"saving", "Would save a month", ALIGN_RIGHT, 0, false},
        {"advice", "Recommendations", ALIGN_RIGHT, 1, false},
    };
    struct node *list = result_list(report, "reviews");
    struct section *section = report_section(report, "reviews", "Reviews");
    struct table *table =
        section_table(report, section, "reviews", "", columns, COUNT(columns));
    table->empty = "None is recorded.";
    for (size_t i = 0; i < reviews->all.count; i++) {
        const struct history_review *r = &reviews->all.at[i];
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, day_text(report, r->on));
        row->cells[1] = cell_text(report, day_text(report, r->from / DAY_HOURS));
        row->cells[2] = cell_text(report, day_text(report, r->until / DAY_HOURS));
        row->cells[3] = cell_money(r->spent);
        row->cells[4] = cell_money(r->saving.expected);
        row->cells[5] = cell_count((double)r->advice);
        struct node *item = result_item(report, list);
        put_day(report, item, "day", r->on);
        result_text(report, item, "name", r->name);
        result_text(report, item, "currency", r->currency);
        result_text(report, item, "book", r->book);
        put_day(report, item, "from", r->from / DAY_HOURS);
        put_day(report, item, "until", r->until / DAY_HOURS);
        result_money(report, item, "spent", r->spent);
        node_add(&report->arena, item, "monthly_saving", json_range(report, r->saving));
        result_number(report, item, "recommendations", (double)r->advice);
    }
}

static void json_decision(struct report *report, struct node *list, const struct decision *d)
{
    struct node *item = result_item(report, list);
    result_text(report, item, "id", d->id);
    result_text(report, item, "decision", decision_state_name(d->state));
    put_day(report, item, "on", d->on);
    put_day(report, item, "until", d->until);
    put_day(report, item, "review", d->review);
    result_text(report, item, "by", d->by);
    result_text(report, item, "reason", d->reason);
    result_text(report, item, "title", d->title);
    node_add(&report->arena, item, "monthly_saving", json_range(report, d->saving));
}

static void put_decisions(struct report *report, const struct decisions *decisions)
{
    static const struct column columns[] = {
        {"id", "Id", ALIGN_LEFT, 0, false},
        {"title", "What", ALIGN_LEFT, 0, true},
        {"monthly_saving", "USD/month", ALIGN_RIGHT, 1, false},
        {"decision", "Decision", ALIGN_LEFT, 0, false},
        {"on", "On", ALIGN_LEFT, 0, false},
        {"until", "Until", ALIGN_LEFT, 2, false},
        {"by", "By", ALIGN_LEFT, 0, true},
        {"reason", "Reason", ALIGN_LEFT, 1, true},
    };
    struct node *list = result_list(report, "decisions");
    struct section *section = report_section(report, "decisions", "Decisions");
    struct table *table =
        section_table(report, section, "decisions", "", columns, COUNT(columns));
    table->empty = "None.";
    for (size_t i = 0; i < decisions->all.count; i++) {
        const struct decision *d = &decisions->all.at[i];
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, d->id);
        row->cells[1] = cell_text(report, d->title);
        row->cells[2] = cell_money(d->saving.expected);
        row->cells[3] = cell_text(report, decision_state_name(d->state));
        row->cells[4] = cell_text(report, day_text(report, d->on));
        row->cells[5] = cell_text(report, day_text(report, d->until));
        row->cells[6] = cell_text(report, d->by);
        row->cells[7] = cell_text(report, d->reason);
        json_decision(report, list, d);
    }
}

/* An accepted step that was taken says nothing of the next one, though it has the same id. */
static bool is_decided(const struct decisions *decisions, const struct history_advice *a)
{
    for (size_t i = 0; i < decisions->all.count; i++) {
        const struct decision *d = &decisions->all.at[i];
        bool same_step =
            d->state != DECISION_ACCEPTED || !d->title || !strcmp(d->title, a->title);
        if (!strcmp(d->id, a->id) && same_step)
            return true;
    }
    return false;
}

/* All of a history for an export; to look at, what the newest review has undecided. */
static void put_advices(struct report *report, const struct history_lists *lists, bool whole)
{
    static const struct column columns[] = {
        {"id", "Id", ALIGN_LEFT, 0, false},
        {"title", "What to do", ALIGN_LEFT, 0, true},
        {"monthly_saving", "USD/month", ALIGN_RIGHT, 0, false},
        {"kind", "Kind", ALIGN_LEFT, 2, false},
        {"review", "Review", ALIGN_LEFT, 1, false},
    };
    size_t reviews = lists->reviews.all.count;
    day newest = reviews ? lists->reviews.all.at[reviews - 1].on : 0;
    struct node *list = result_list(report, "recommendations");
    struct section *section = report_section(report, "recommendations",
                                             whole ? "Recommendations" : "Not decided yet");
    struct table *table =
        section_table(report, section, "recommendations", "", columns, COUNT(columns));
    table->empty = "None.";
    for (size_t i = 0; i < lists->advices.all.count; i++) {
        const struct history_advice *a = &lists->advices.all.at[i];
        bool open = a->on == newest && a->counted && !is_decided(&lists->decisions, a);
        if (!whole && !open)
            continue;
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, a->id);
        row->cells[1] = cell_text(report, a->title);
        row->cells[2] = cell_money(a->saving.expected);
        row->cells[3] = cell_text(report, a->kind);
        row->cells[4] = cell_text(report, day_text(report, a->on));
        struct node *item = result_item(report, list);
        put_day(report, item, "review", a->on);
        result_text(report, item, "id", a->id);
        result_text(report, item, "kind", a->kind);
        result_text(report, item, "action", a->action);
        result_text(report, item, "title", a->title);
        node_add(&report->arena, item, "counted", node_bool_new(&report->arena, a->counted));
        node_add(&report->arena, item, "monthly_saving", json_range(report, a->saving));
    }
}

static void put_checks(struct report *report, const struct history_checks *checks, bool whole)
{
    static const struct column columns[] = {
        {"day", "Check", ALIGN_LEFT, 0, false},
        {"map", "Map", ALIGN_LEFT, 1, false},
        {"resources", "Resources", ALIGN_RIGHT, 1, false},
        {"high", "High", ALIGN_RIGHT, 0, false},
        {"medium", "Medium", ALIGN_RIGHT, 0, false},
        {"low", "Low", ALIGN_RIGHT, 0, false},
        {"waived", "Waived", ALIGN_RIGHT, 0, false},
        {"chain", "Chain", ALIGN_LEFT, 0, false},
        {"line", "As recorded", ALIGN_LEFT, 0, true},
    };
    struct node *list = result_list(report, "checks");
    struct section *section = report_section(report, "checks", "Recorded checks");
    struct table *table = section_table(report, section, "checks", "", columns,
                                        COUNT(columns) - (whole ? 0 : 1));
    table->empty = "None.";
    for (size_t i = 0; i < checks->all.count; i++) {
        const struct history_check *c = &checks->all.at[i];
        const double counts[] = {c->resources, c->high, c->medium, c->low, c->waived};
        struct row *row = table_row(report, table);
        struct node *item = result_item(report, list);
        row->cells[0] = cell_text(report, day_text(report, c->on));
        row->cells[1] = cell_printf(report, "%.12s", c->map);
        put_day(report, item, "day", c->on);
        result_text(report, item, "map", c->map);
        for (size_t k = 0; k < COUNT(counts); k++) {
            row->cells[2 + k] = cell_count(counts[k]);
            result_number(report, item, columns[2 + k].key, counts[k]);
        }
        row->cells[7] = cell_text(report, c->intact ? "intact" : "broken");
        if (whole)
            row->cells[8] = cell_text(report, c->line);
        node_add(&report->arena, item, "intact", node_bool_new(&report->arena, c->intact));
        result_text(report, item, "line", c->line);
    }
}

void report_history(struct report *report, const struct history_lists *lists, bool whole)
{
    result_text(report, report->json, "schema_version", "1");
    result_text(report, report->json, "report", "history");
    put_reviews(report, &lists->reviews);
    put_decisions(report, &lists->decisions);
    put_advices(report, lists, whole);
    put_checks(report, &lists->checks, whole);
}
