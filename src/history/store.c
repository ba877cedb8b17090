#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/files.h"

/* "advs": tells our files from other SQLite databases. */
enum { APPLICATION = 0x61647673, VERSION = 1 };

static const char schema[] =
    "CREATE TABLE review(day TEXT PRIMARY KEY, name TEXT, currency TEXT, book TEXT,"
    " from_hour INTEGER, until_hour INTEGER, spent TEXT,"
    " saving_low TEXT, saving TEXT, saving_high TEXT, commitments TEXT);"
    "CREATE TABLE advice(day TEXT REFERENCES review(day), id TEXT, kind TEXT, action TEXT,"
    " title TEXT, alike TEXT, counted INTEGER,"
    " saving_low TEXT, saving TEXT, saving_high TEXT,"
    " days_ran INTEGER, days_seen INTEGER, is_cluster INTEGER, PRIMARY KEY(day, id));"
    "CREATE TABLE advice_resource(day TEXT, id TEXT, position INTEGER, key TEXT, account TEXT,"
    " PRIMARY KEY(day, id, position));"
    "CREATE TABLE advice_use(day TEXT, id TEXT, unit TEXT, quantity REAL, cost TEXT,"
    " PRIMARY KEY(day, id, unit));"
    "CREATE TABLE decision(number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT, state TEXT,"
    " decided TEXT, until TEXT, review TEXT, by TEXT, reason TEXT);"
    "CREATE TABLE check_line(number INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT);"
    "PRAGMA application_id = 1633973875;"
    "PRAGMA user_version = 1;";

_Static_assert(APPLICATION == 1633973875, "the schema says the same");

static bool is_empty(bool *empty, struct history *history, struct err *err)
{
    int64_t tables;
    bool ok = database_number(&tables, history->db, "SELECT count(*) FROM sqlite_schema", err);
    *empty = ok && !tables;
    return ok;
}

static bool version_is_ours(struct history *history, struct err *err)
{
    int64_t application, version;
    if (!database_number(&application, history->db, "PRAGMA application_id", err) ||
        !database_number(&version, history->db, "PRAGMA user_version", err))
        return false;
    if (application != APPLICATION || version < 1)
        return err_set(err, "%s: it is a database, but no history of advisor", history->path);
    return version == VERSION ||
           err_set(err,
                   "%s: a newer advisor wrote it (schema %lld, this one knows %d): use that "
                   "one, or another file",
                   history->path, (long long)version, VERSION);
}

/* Two that begin at once: the second finds the tables made when its turn comes. */
static bool make(struct history *history, struct err *err)
{
    bool empty;
    if (!database_begin(history->db, err) || !is_empty(&empty, history, err))
        return false;
    return (!empty || database_run(history->db, schema, err)) &&
           database_commit(history->db, err);
}

bool history_open(struct history **out, const char *path, bool to_write, struct err *err)
{
    bool empty;
    *out = NULL;
    if (!to_write && !files_exists(path))
        return err_set(err, "%s: there is no history yet: advisor review --record begins one",
                       path);
    struct history *history = mem_alloc(sizeof *history);
    history->path = mem_strdup(path);
    bool ok =
        database_open(&history->db, path, to_write ? DATABASE_CREATE : DATABASE_READ, err) &&
        is_empty(&empty, history, err) && (!empty || !to_write || make(history, err)) &&
        version_is_ours(history, err);
    if (ok)
        *out = history;
    else
        history_close(history);
    return ok;
}

void history_close(struct history *history)
{
    if (!history)
        return;
    database_close(history->db);
    arena_release(&history->arena);
    free(history->path);
    free(history);
}

bool history_backup(struct history *history, const char *path, struct err *err)
{
    return database_backup(history->db, path, err);
}

void query_day(struct query *query, int parameter, day d)
{
    char text[DAY_TEXT];
    query_text(query, parameter, d ? day_format(text, d) : NULL);
}

void query_money(struct query *query, int parameter, struct money m)
{
    struct buf text = BUF_INIT;
    money_format_exact(&text, m);
    query_text(query, parameter, text.text);
    buf_release(&text);
}

bool column_day(day *out, const struct query *query, int column, struct history *history,
                struct err *err)
{
    const char *text = column_text(query, column, &history->arena);
    *out = 0;
    return !text || day_parse(out, text, strlen(text)) ||
           err_set(err, "%s: '%.40s' stands where a day should", history->path, text);
}

bool column_money(struct money *out, const struct query *query, int column,
                  struct history *history, struct err *err)
{
    const char *text = column_text(query, column, &history->arena);
    *out = MONEY_ZERO;
    return !text || money_parse(out, text, strlen(text), NULL) ||
           err_set(err, "%s: '%.40s' stands where an amount should", history->path, text);
}

bool column_range(struct money_range *out, const struct query *query, int column,
                  struct history *history, struct err *err)
{
    return column_money(&out->low, query, column, history, err) &&
           column_money(&out->expected, query, column + 1, history, err) &&
           column_money(&out->high, query, column + 2, history, err);
}

const char *column_or_empty(const struct query *query, int column, struct history *history)
{
    const char *text = column_text(query, column, &history->arena);
    return text ? text : "";
}
