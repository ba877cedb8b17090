#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "measure.h"
#include "store.h"

enum { DAY_HOURS = 24 };

/* What the review recorded about one accepted recommendation. */
struct before {
    const char *action;
    struct use use;
    struct money commitments;
    int32_t until; /* end of its window */
    bool is_cluster;
    VEC(const char *) keys;
    const char *account;
};

struct measuring {
    struct history *history;
    const struct estate *estate;
    const struct spend *spend;
    const struct advice *advice;
    bool *taken;        /* resources that an earlier decision's figure holds */
    size_t commitments; /* accepted decisions that buy commitments */
};

static void before_release(struct before *b)
{
    use_release(&b->use);
    VEC_FREE(&b->keys);
}

static bool ask(struct query **out, struct measuring *m, const struct decision *d,
                const char *sql, struct err *err)
{
    if (!query_open(out, m->history->db, sql, err))
        return false;
    query_day(*out, 1, d->review);
    query_text(*out, 2, d->id);
    return true;
}

static bool read_keys(struct before *b, struct measuring *m, const struct decision *d,
                      struct err *err)
{
    struct query *query;
    bool row, ok = ask(&query, m, d,
                       "SELECT key, account FROM advice_resource WHERE day = ? AND id = ?"
                       " ORDER BY position",
                       err);
    while (ok && (ok = query_next(query, &row, err)) && row) {
        VEC_ADD(&b->keys, column_or_empty(query, 0, m->history));
        if (!b->account)
            b->account = column_text(query, 1, &m->history->arena);
    }
    query_close(query);
    return ok;
}

static bool read_use(struct before *b, struct measuring *m, const struct decision *d,
                     struct err *err)
{
    struct query *query;
    bool row, ok = ask(&query, m, d,
                       "SELECT unit, quantity, cost FROM advice_use WHERE day = ? AND id = ?"
                       " ORDER BY unit",
                       err);
    while (ok && (ok = query_next(query, &row, err)) && row) {
        struct unit_use *u = VEC_PUSH(&b->use.units);
        u->unit = column_or_empty(query, 0, m->history);
        u->quantity = column_real(query, 1);
        ok = column_money(&u->cost, query, 2, m->history, err);
        b->use.cost = money_add(b->use.cost, u->cost);
    }
    query_close(query);
    return ok;
}

static bool read_before(struct before *b, struct measuring *m, const struct decision *d,
                        struct err *err)
{
    struct query *query;
    bool row,
        ok = ask(&query, m, d,
                 "SELECT action, days_ran, days_seen, is_cluster, until_hour, commitments"
                 " FROM advice JOIN review USING(day) WHERE day = ? AND id = ?",
                 err);
    *b = (struct before){.action = ""};
    if (ok && (ok = query_next(query, &row, err)) && row) {
        b->action = column_or_empty(query, 0, m->history);
        b->use.days_ran = (int)column_integer(query, 1);
        b->use.days_seen = (int)column_integer(query, 2);
        b->is_cluster = column_integer(query, 3) != 0;
        b->until = (int32_t)column_integer(query, 4);
        ok = column_money(&b->commitments, query, 5, m->history, err);
    }
    query_close(query);
    return ok && read_keys(b, m, d, err) && read_use(b, m, d, err);
}

/* What would be saved if each unit were still used as much as before, and what is by use. */
static struct money by_units(const struct use *before, const struct use *after)
{
    double by_use = 0;
    for (size_t i = 0; i < before->units.count; i++) {
        const struct unit_use *b = &before->units.at[i], *a = use_of_unit(after, b->unit);
        if (a && b->quantity > 0 && a->quantity > 0)
            by_use += money_double(b->cost) / b->quantity * (b->quantity - a->quantity);
    }
    return money_of(by_use);
}

/* Of clusters, whose node hours are what the advice changes: by the days that they ran. */
static bool by_days(struct money *by_use, const struct use *before, const struct use *after)
{
    if (before->days_ran <= 0 || after->days_ran <= 0 || !before->days_seen ||
        !after->days_seen)
        return false;
    double share_before = (double)before->days_ran / before->days_seen;
    double share_after = (double)after->days_ran / after->days_seen;
    *by_use = money_times(before->cost, 1 - share_after / share_before);
    return true;
}

static bool use_is_the_advice(const struct before *b)
{
    static const enum action actions[] = {ACTION_STOP, ACTION_SCHEDULE, ACTION_REROUTE};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (!strcmp(b->action, action_name(actions[i])))
            return true;
    return false;
}

static void tell_use_apart(struct realised *r, const struct before *b, const struct use *after)
{
    if (!after->units.count) {
        r->why = "it is no longer on the bill";
    } else if (use_is_the_advice(b)) {
        r->why = "less use is the advice itself";
    } else if (b->is_cluster) {
        r->use_known = by_days(&r->by_use, &b->use, after);
        r->why = r->use_known ? "use by the days that it ran"
                              : "the bill does not say on which days it ran";
    } else {
        r->use_known = true;
        r->by_use = by_units(&b->use, after);
        r->why = "use by the quantities on the bill";
    }
    r->saved = money_sub(money_sub(r->before, r->after), r->by_use);
}

static bool covers(const struct estate *estate, const char *account, int32_t from)
{
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        const char *own = estate->resources.at[line->resource].account;
        if (line->hour >= from && (!account || (own && !strcmp(own, account))))
            return true;
    }
    return false;
}

/* Only one purchase can be read off what all commitments save together. */
static void measure_commitment(struct realised *r, struct measuring *m, const struct before *b)
{
    r->why = "what all commitments take off list prices, before and after";
    r->state = m->commitments == 1 ? REALISED_MEASURED : REALISED_UNKNOWN;
    if (r->state == REALISED_UNKNOWN) {
        r->why = "several purchases were accepted, and they cannot be told apart";
        return;
    }
    r->saved = money_sub(commitments_monthly(m->estate, m->spend), b->commitments);
}

static void measure(struct realised *r, struct measuring *m, const struct before *b)
{
    uint32_t *found = mem_alloc((b->keys.count + 1) * sizeof *found);
    size_t count = 0;
    struct use after;
    r->state = REALISED_MEASURED;
    for (size_t i = 0; i < b->keys.count; i++) {
        uint32_t index = estate_find(m->estate, b->keys.at[i]);
        if (index == NOTHING)
            continue;
        if (m->taken[index])
            r->state = REALISED_WITH;
        found[count++] = index;
    }
    r->why = "its resource is measured with an earlier decision's";
    for (size_t i = 0; r->state == REALISED_MEASURED && i < count; i++)
        m->taken[found[i]] = true;
    if (r->state == REALISED_MEASURED) {
        use_measure(&after, m->estate, found, count, r->from);
        r->before = b->use.cost;
        r->after = after.cost;
        tell_use_apart(r, b, &after);
        use_release(&after);
    }
    free(found);
}

static bool is_proposed_again(const struct measuring *m, const struct decision *d)
{
    for (size_t i = 0; i < m->advice->recommendations.count; i++) {
        const struct recommendation *r = &m->advice->recommendations.at[i];
        if (!strcmp(r->id, d->id) && !strcmp(r->title, d->title ? d->title : ""))
            return true;
    }
    return false;
}

static bool judge(struct realised *r, struct measuring *m, struct err *err)
{
    struct before b;
    bool ok = read_before(&b, m, &r->decision, err);
    int32_t decided = (r->decision.on + 1) * DAY_HOURS; /* the day after */
    r->still_proposed = is_proposed_again(m, &r->decision);
    r->from = decided > b.until ? decided : b.until;
    r->from = r->from > m->estate->first_hour ? r->from : m->estate->first_hour;
    r->until = m->estate->last_hour;
    if (!ok || !b.keys.count) {
        r->state = REALISED_UNKNOWN;
        r->why = "the review that proposed it is not in the history";
    } else if (r->from >= r->until) {
        r->state = REALISED_TOO_EARLY;
        r->why = "the bill ends before it could show";
    } else if (!covers(m->estate, b.account, r->from)) {
        r->state = REALISED_NOT_COVERED;
        r->why = "the bill has no line of its account";
    } else if (!strcmp(b.action, action_name(ACTION_COMMIT))) {
        measure_commitment(r, m, &b);
    } else {
        measure(r, m, &b);
    }
    before_release(&b);
    return ok;
}

static int by_day(const void *a, const void *b)
{
    const struct realised *x = a, *y = b;
    if (x->decision.on != y->decision.on)
        return x->decision.on < y->decision.on ? -1 : 1;
    return strcmp(x->decision.id, y->decision.id);
}

static bool count_commitments(struct measuring *m, const struct realised_list *list,
                              struct err *err)
{
    bool ok = true;
    for (size_t i = 0; ok && i < list->all.count; i++) {
        struct before b;
        ok = read_before(&b, m, &list->all.at[i].decision, err);
        m->commitments += !strcmp(b.action, action_name(ACTION_COMMIT));
        before_release(&b);
    }
    return ok;
}

static bool judge_all(struct realised_list *out, struct measuring *m, struct err *err)
{
    bool ok = count_commitments(m, out, err);
    for (size_t i = 0; ok && i < out->all.count; i++) {
        struct realised *r = &out->all.at[i];
        ok = judge(r, m, err);
        if (r->state != REALISED_MEASURED)
            continue;
        out->saved = money_add(out->saved, r->saved);
        out->promised = money_add(out->promised, r->decision.saving.expected);
    }
    return ok;
}

bool history_realised(struct realised_list *out, struct history *history, day on,
                      const struct estate *estate, const struct spend *spend,
                      const struct advice *advice, struct err *err)
{
    struct decisions decisions = {0};
    struct measuring m = {
        .history = history, .estate = estate, .spend = spend, .advice = advice};
    if (!history_decisions(&decisions, history, true, err)) {
        VEC_FREE(&decisions.all);
        return false;
    }
    for (size_t i = 0; i < decisions.all.count; i++) {
        const struct decision *d = &decisions.all.at[i];
        if (d->state == DECISION_ACCEPTED && d->on < on && d->review < on)
            VEC_PUSH(&out->all)->decision = *d;
    }
    VEC_FREE(&decisions.all);
    VEC_SORT(&out->all, by_day);
    m.taken = mem_alloc(estate->resources.count * sizeof *m.taken + 1);
    bool ok = judge_all(out, &m, err);
    free(m.taken);
    return ok;
}
