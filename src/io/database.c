#include "io/database.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/files.h"

struct database {
    sqlite3 *handle;
    char *path;
};

struct query {
    sqlite3_stmt *statement;
    struct database *db;
};

enum { WAIT_MS = 5000 };

static bool failed(const struct database *db, struct err *err)
{
    int code = sqlite3_errcode(db->handle);
    switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return err_set(err, "%s: it is damaged, or no database at all", db->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, "%s: another program is writing to it; try again", db->path);
    case SQLITE_READONLY:
        return err_set(err, "%s: it, or its folder, cannot be written to", db->path);
    case SQLITE_CANTOPEN:
        return err_set(err, "%s: it cannot be opened", db->path);
    default:
        return err_set(err, "%s: %s", db->path, sqlite3_errmsg(db->handle));
    }
}

/* What could run by itself, or is not as SQLite left it, is not our file any more. */
static bool is_sound(struct database *db, struct err *err)
{
    int64_t strangers;
    struct query *check;
    bool row, ok;
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!query_open(&check, db, "PRAGMA quick_check(1)", err))
        return false;
    ok = query_next(check, &row, err);
    const char *said = ok && row ? (const char *)sqlite3_column_text(check->statement, 0) : "";
    if (ok && strcmp(said ? said : "", "ok") != 0)
        ok = err_set(err, "%s: it is damaged: %.200s", db->path, said ? said : "");
    query_close(check);
    if (!ok || !database_number(&strangers, db,
                                "SELECT count(*) FROM sqlite_schema "
                                "WHERE type IN ('trigger', 'view') OR sql LIKE '%VIRTUAL%'",
                                err))
        return false;
    return !strangers ||
           err_set(err, "%s: it holds triggers or views, which advisor never makes", db->path);
}

bool database_open(struct database **out, const char *path, enum database_access access,
                   struct err *err)
{
    static const int flags[] = {
        [DATABASE_READ] = SQLITE_OPEN_READONLY,
        [DATABASE_WRITE] = SQLITE_OPEN_READWRITE,
        [DATABASE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    if (files_is_folder(path))
        return err_set(err, "%s: this is a folder, and a file is meant", path);
    struct database *db = mem_alloc(sizeof *db);
    db->path = mem_strdup(path);
    if (sqlite3_open_v2(path, &db->handle, flags[access], NULL) != SQLITE_OK) {
        db->handle ? failed(db, err) : err_set(err, "%s: it cannot be opened", path);
        database_close(db);
        return false;
    }
    sqlite3_busy_timeout(db->handle, WAIT_MS);
    if (!is_sound(db, err)) {
        database_close(db);
        return false;
    }
    *out = db;
    return true;
}

void database_close(struct database *db)
{
    if (!db)
        return;
    sqlite3_close(db->handle);
    free(db->path);
    free(db);
}

bool database_run(struct database *db, const char *sql, struct err *err)
{
    return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK || failed(db, err);
}

bool database_begin(struct database *db, struct err *err)
{
    return database_run(db, "BEGIN IMMEDIATE", err);
}

bool database_commit(struct database *db, struct err *err)
{
    return database_run(db, "COMMIT", err);
}

bool database_number(int64_t *out, struct database *db, const char *sql, struct err *err)
{
    struct query *query;
    bool row;
    if (!query_open(&query, db, sql, err))
        return false;
    bool ok = query_next(query, &row, err);
    *out = ok && row ? column_integer(query, 0) : 0;
    query_close(query);
    return ok;
}

static bool copy_into(struct database *db, const char *path, struct err *err)
{
    struct database copy = {NULL, (char *)path};
    sqlite3_backup *backup = NULL;
    int code = sqlite3_open_v2(
        path, &copy.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW,
        NULL);
    if (code == SQLITE_OK)
        backup = sqlite3_backup_init(copy.handle, "main", db->handle, "main");
    if (backup) {
        code = sqlite3_backup_step(backup, -1);
        sqlite3_backup_finish(backup);
    }
    bool ok = backup && code == SQLITE_DONE;
    if (!ok)
        err_set(err, "%s: the backup could not be written: %s", path, sqlite3_errstr(code));
    sqlite3_close(copy.handle);
    return ok;
}

bool database_backup(struct database *db, const char *path, struct err *err)
{
    struct arena arena = ARENA_INIT;
    if (files_exists(path))
        return err_set(err, "%s: it is there already; name a new file", path);
    const char *part = arena_printf(&arena, "%s.part", path);
    unlink(part);
    bool ok = copy_into(db, part, err);
    if (ok && rename(part, path) != 0)
        ok = err_set(err, "%s: the backup could not be put there", path);
    if (!ok)
        unlink(part);
    arena_release(&arena);
    return ok;
}

bool query_open(struct query **out, struct database *db, const char *sql, struct err *err)
{
    sqlite3_stmt *statement;
    *out = NULL;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) != SQLITE_OK)
        return failed(db, err);
    *out = mem_alloc(sizeof **out);
    (*out)->statement = statement;
    (*out)->db = db;
    return true;
}

void query_close(struct query *query)
{
    if (query)
        sqlite3_finalize(query->statement);
    free(query);
}

void query_text(struct query *query, int parameter, const char *text)
{
    sqlite3_bind_text(query->statement, parameter, text, -1, SQLITE_TRANSIENT);
}

void query_real(struct query *query, int parameter, double number)
{
    sqlite3_bind_double(query->statement, parameter, number);
}

void query_integer(struct query *query, int parameter, int64_t number)
{
    sqlite3_bind_int64(query->statement, parameter, number);
}

bool query_next(struct query *query, bool *row, struct err *err)
{
    int code = sqlite3_step(query->statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE || failed(query->db, err);
}

bool query_run(struct query *query, struct err *err)
{
    bool row = true;
    bool ok = true;
    while (ok && row)
        ok = query_next(query, &row, err);
    sqlite3_reset(query->statement);
    return ok;
}

const char *column_text(const struct query *query, int column, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    return text ? arena_strdup(arena, text) : NULL;
}

double column_real(const struct query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

int64_t column_integer(const struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}
