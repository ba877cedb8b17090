#include <string.h>

#include "measure.h"
#include "store.h"

/* What says that two recommendations are alike: all but the name of the thing. */
static const char *alike_key(struct arena *arena, const struct estate *estate,
                             const struct recommendation *r)
{
    const char *label = resource_label(&estate->resources.at[r->resources.at[0]]);
    const char *at = strstr(r->title, label);
    size_t before = at ? (size_t)(at - r->title) : strlen(r->title);
    return arena_printf(arena, "%s %d %.*s|%s", r->kind, r->risk, (int)before, r->title,
                        at ? at + strlen(label) : "");
}

/* Its nodes come and go, so hours do not say how much it worked. */
static bool is_cluster(const struct resource *r)
{
    return r->type && !strncmp(r->type, "databricks_", 11);
}

/* One statement for each table, used for every recommendation. */
struct recorder {
    struct history *history;
    const struct estate *estate;
    day on;
    struct query *advice, *resource, *use;
};

/* Estimates: to a millionth, beyond that digits mean nothing. */
static void query_estimate(struct query *query, int parameter, struct money_range range)
{
    enum { DECIMALS = 6 };
    query_money(query, parameter, money_round(range.low, DECIMALS));
    query_money(query, parameter + 1, money_round(range.expected, DECIMALS));
    query_money(query, parameter + 2, money_round(range.high, DECIMALS));
}

static bool put_resources(struct recorder *rec, const struct recommendation *r,
                          struct err *err)
{
    for (size_t i = 0; i < r->resources.count; i++) {
        const struct resource *resource = &rec->estate->resources.at[r->resources.at[i]];
        query_day(rec->resource, 1, rec->on);
        query_text(rec->resource, 2, r->id);
        query_integer(rec->resource, 3, (int64_t)i);
        query_text(rec->resource, 4, resource->key);
        query_text(rec->resource, 5, resource->account);
        if (!query_run(rec->resource, err))
            return false;
    }
    return true;
}

static bool put_use(struct recorder *rec, const struct recommendation *r,
                    const struct use *use, struct err *err)
{
    for (size_t i = 0; i < use->units.count; i++) {
        query_day(rec->use, 1, rec->on);
        query_text(rec->use, 2, r->id);
        query_text(rec->use, 3, use->units.at[i].unit);
        query_real(rec->use, 4, use->units.at[i].quantity);
        query_money(rec->use, 5, use->units.at[i].cost);
        if (!query_run(rec->use, err))
            return false;
    }
    return true;
}

static bool put_advice(struct recorder *rec, const struct recommendation *r, struct err *err)
{
    struct use use;
    struct money_range saving = r->counted ? r->counted_saving : recommendation_saving(r);
    const struct resource *subject = &rec->estate->resources.at[r->resources.at[0]];
    use_measure(&use, rec->estate, r->resources.at, r->resources.count,
                rec->estate->first_hour);
    query_day(rec->advice, 1, rec->on);
    query_text(rec->advice, 2, r->id);
    query_text(rec->advice, 3, r->kind);
    query_text(rec->advice, 4, action_name(r->action));
    query_text(rec->advice, 5, r->title);
    query_text(rec->advice, 6, alike_key(&rec->history->arena, rec->estate, r));
    query_integer(rec->advice, 7, r->counted);
    query_estimate(rec->advice, 8, saving);
    query_integer(rec->advice, 11, use.days_ran);
    query_integer(rec->advice, 12, use.days_seen);
    query_integer(rec->advice, 13, is_cluster(subject));
    bool ok = query_run(rec->advice, err) && put_resources(rec, r, err) &&
              put_use(rec, r, &use, err);
    use_release(&use);
    return ok;
}

static bool put_all_advice(struct history *history, day on, const struct estate *estate,
                           const struct advice *advice, struct err *err)
{
    struct recorder rec = {.history = history, .estate = estate, .on = on};
    struct database *db = history->db;
    bool ok =
        query_open(&rec.advice, db,
                   "INSERT INTO advice VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err) &&
        query_open(&rec.resource, db, "INSERT INTO advice_resource VALUES(?, ?, ?, ?, ?)",
                   err) &&
        query_open(&rec.use, db, "INSERT INTO advice_use VALUES(?, ?, ?, ?, ?)", err);
    for (size_t i = 0; ok && i < advice->recommendations.count; i++)
        ok = put_advice(&rec, &advice->recommendations.at[i], err);
    query_close(rec.advice);
    query_close(rec.resource);
    query_close(rec.use);
    return ok;
}

static bool put_review(struct history *history, const struct history_review *review,
                       struct err *err)
{
    struct query *query;
    if (!query_open(&query, history->db,
                    "INSERT INTO review VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err))
        return false;
    query_day(query, 1, review->on);
    query_text(query, 2, review->name);
    query_text(query, 3, review->currency);
    query_text(query, 4, review->book);
    query_integer(query, 5, review->from);
    query_integer(query, 6, review->until);
    query_money(query, 7, review->spent);
    query_estimate(query, 8, review->saving);
    query_money(query, 11, review->commitments);
    bool ok = query_run(query, err);
    query_close(query);
    return ok;
}

static bool forget_day(struct history *history, day on, struct err *err)
{
    static const char *const statements[] = {
        "DELETE FROM advice_use WHERE day = ?", "DELETE FROM advice_resource WHERE day = ?",
        "DELETE FROM advice WHERE day = ?", "DELETE FROM review WHERE day = ?"};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof statements / sizeof *statements; i++) {
        struct query *query;
        if (!query_open(&query, history->db, statements[i], err))
            return false;
        query_day(query, 1, on);
        ok = query_run(query, err);
        query_close(query);
    }
    return ok;
}

struct money commitments_monthly(const struct estate *estate, const struct spend *spend)
{
    double window = estate_window_hours(estate);
    struct money saved = money_sub(spend->covered_list, spend->covered_amortized);
    return window > 0 ? money_times(saved, estate->hours_per_month / window) : MONEY_ZERO;
}

bool history_record_review(struct history *history, day on, const char *book,
                           const struct estate *estate, const struct spend *spend,
                           const struct advice *advice, struct err *err)
{
    struct history_review review = {
        .on = on,
        .name = estate->name ? estate->name : "",
        .currency = estate->currency ? estate->currency : "USD",
        .book = book,
        .from = estate->first_hour,
        .until = estate->last_hour,
        .spent = spend->total[BASIS_AMORTIZED],
        .saving = advice_counted_saving(advice),
        .commitments = commitments_monthly(estate, spend),
    };
    return database_begin(history->db, err) && forget_day(history, on, err) &&
           put_review(history, &review, err) &&
           put_all_advice(history, on, estate, advice, err) &&
           database_commit(history->db, err);
}

static bool read_review(struct history_review *out, const struct query *query,
                        struct history *history, struct err *err)
{
    out->name = column_or_empty(query, 1, history);
    out->currency = column_or_empty(query, 2, history);
    out->book = column_or_empty(query, 3, history);
    out->from = (int32_t)column_integer(query, 4);
    out->until = (int32_t)column_integer(query, 5);
    out->advice = (size_t)column_integer(query, 11);
    return column_day(&out->on, query, 0, history, err) &&
           column_money(&out->spent, query, 6, history, err) &&
           column_range(&out->saving, query, 7, history, err) &&
           column_money(&out->commitments, query, 10, history, err);
}

bool history_reviews(struct history_reviews *out, struct history *history, struct err *err)
{
    struct query *query;
    bool row, ok = query_open(&query, history->db,
                              "SELECT review.*, count(id) FROM review"
                              " LEFT JOIN advice USING(day) GROUP BY review.day"
                              " ORDER BY review.day",
                              err);
    while (ok && (ok = query_next(query, &row, err)) && row)
        ok = read_review(VEC_PUSH(&out->all), query, history, err);
    query_close(query);
    return ok;
}

static bool read_advice(struct history_advice *out, const struct query *query,
                        struct history *history, struct err *err)
{
    out->id = column_or_empty(query, 1, history);
    out->kind = column_or_empty(query, 2, history);
    out->action = column_or_empty(query, 3, history);
    out->title = column_or_empty(query, 4, history);
    out->counted = column_integer(query, 5) != 0;
    return column_day(&out->on, query, 0, history, err) &&
           column_range(&out->saving, query, 6, history, err);
}

bool history_advices(struct history_advices *out, struct history *history, struct err *err)
{
    struct query *query;
    bool row, ok = query_open(&query, history->db,
                              "SELECT day, id, kind, action, title, counted, saving_low,"
                              " saving, saving_high FROM advice"
                              " ORDER BY day, counted DESC, CAST(saving AS REAL) DESC, id",
                              err);
    while (ok && (ok = query_next(query, &row, err)) && row)
        ok = read_advice(VEC_PUSH(&out->all), query, history, err);
    query_close(query);
    return ok;
}
