#include <string.h>

#include "store.h"

static const char *const state_names[] = {
    [DECISION_ACCEPTED] = "accepted",
    [DECISION_REJECTED] = "rejected",
    [DECISION_SNOOZED] = "snoozed",
};

const char *decision_state_name(enum decision_state state)
{
    return state_names[state];
}

bool decision_sets_aside(const struct decision *decision, day on)
{
    return decision->state != DECISION_ACCEPTED && (!decision->until || decision->until >= on);
}

/* The newest review that has advice whose id begins so, and that whole id. */
struct found {
    const char *id, *alike, *review;
};

static bool find(struct found *out, struct history *history, const char *id, struct err *err)
{
    struct query *query;
    size_t count = 0;
    bool row, ok = query_open(&query, history->db,
                              "SELECT id, alike, max(day) FROM advice"
                              " WHERE substr(id, 1, length(?1)) = ?1 GROUP BY id LIMIT 3",
                              err);
    if (!ok)
        return false;
    query_text(query, 1, id);
    while ((ok = query_next(query, &row, err)) && row && count++ < 2) {
        out->id = column_or_empty(query, 0, history);
        out->alike = column_or_empty(query, 1, history);
        out->review = column_or_empty(query, 2, history);
    }
    query_close(query);
    if (ok && (count > 1 || !*id))
        return err_usage(err, "several recommendations have an id that begins with '%s'", id);
    if (ok && !count)
        return err_usage(err,
                         "%s: no recorded review has a recommendation %s; advisor history "
                         "lists them",
                         history->path, id);
    return ok;
}

static bool put(struct history *history, const struct decision *decision, const char *id,
                const char *review, struct err *err)
{
    struct query *query;
    if (!query_open(&query, history->db,
                    "INSERT INTO decision(id, state, decided, until, review, by, reason)"
                    " VALUES(?, ?, ?, ?, ?, ?, ?)",
                    err))
        return false;
    query_text(query, 1, id);
    query_text(query, 2, decision_state_name(decision->state));
    query_day(query, 3, decision->on);
    query_day(query, 4, decision->until);
    query_text(query, 5, review);
    query_text(query, 6, decision->by);
    query_text(query, 7, decision->reason);
    bool ok = query_run(query, err);
    query_close(query);
    return ok;
}

/* The ids of one review that are alike; the found one alone where only it is meant. */
static bool put_each(size_t *count, struct history *history, const struct decision *decision,
                     const struct found *found, bool and_alike, struct err *err)
{
    struct query *query;
    bool row, ok = query_open(&query, history->db,
                              "SELECT id FROM advice WHERE day = ? AND (id = ? OR alike = ?)"
                              " ORDER BY id",
                              err);
    if (!ok)
        return false;
    query_text(query, 1, found->review);
    query_text(query, 2, found->id);
    query_text(query, 3, and_alike ? found->alike : NULL);
    *count = 0;
    while (ok && (ok = query_next(query, &row, err)) && row) {
        ok = put(history, decision, column_or_empty(query, 0, history), found->review, err);
        (*count)++;
    }
    query_close(query);
    return ok;
}

bool history_decide(size_t *count, struct history *history, const struct decision *decision,
                    bool and_alike, struct err *err)
{
    struct found found = {0};
    return database_begin(history->db, err) && find(&found, history, decision->id, err) &&
           put_each(count, history, decision, &found, and_alike, err) &&
           database_commit(history->db, err);
}

static bool read_state(enum decision_state *out, const char *name, struct history *history,
                       struct err *err)
{
    for (int s = DECISION_ACCEPTED; s <= DECISION_SNOOZED; s++)
        if (!strcmp(state_names[s], name)) {
            *out = (enum decision_state)s;
            return true;
        }
    return err_set(err, "%s: '%.40s' is no decision", history->path, name);
}

static bool read_decision(struct decision *out, const struct query *query,
                          struct history *history, struct err *err)
{
    out->id = column_or_empty(query, 0, history);
    out->by = column_or_empty(query, 5, history);
    out->reason = column_or_empty(query, 6, history);
    out->title = column_or_empty(query, 7, history);
    return read_state(&out->state, column_or_empty(query, 1, history), history, err) &&
           column_day(&out->on, query, 2, history, err) &&
           column_day(&out->until, query, 3, history, err) &&
           column_day(&out->review, query, 4, history, err) &&
           column_range(&out->saving, query, 8, history, err);
}

bool history_decisions(struct decisions *out, struct history *history, bool last_only,
                       struct err *err)
{
    struct query *query;
    bool row, ok = query_open(&query, history->db,
                              "SELECT d.id, state, decided, until, review, by, reason, title,"
                              " saving_low, saving, saving_high FROM decision d"
                              " LEFT JOIN advice a ON a.day = d.review AND a.id = d.id"
                              " WHERE NOT ?1 OR number ="
                              " (SELECT max(number) FROM decision e WHERE e.id = d.id)"
                              " ORDER BY number",
                              err);
    if (!ok)
        return false;
    query_integer(query, 1, last_only);
    while (ok && (ok = query_next(query, &row, err)) && row)
        ok = read_decision(VEC_PUSH(&out->all), query, history, err);
    query_close(query);
    return ok;
}
