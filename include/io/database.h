#ifndef IO_DATABASE_H
#define IO_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * A SQLite database in one file. A file is hostile until proven otherwise: it is checked
 * for damage when it is opened, and what it brings along that would run by itself
 * (triggers, views) is refused. Another process that writes is waited for, some seconds.
 */
struct database;

enum database_access {
    DATABASE_READ,   /* the file must be there */
    DATABASE_WRITE,  /* the same, and is changed */
    DATABASE_CREATE, /* made when it is not there */
};

bool database_open(struct database **out, const char *path, enum database_access access,
                   struct err *err);
void database_close(struct database *db); /* NULL is fine; an open transaction is undone */

/* Statements without rows, several separated by semicolons. */
bool database_run(struct database *db, const char *sql, struct err *err);
/* A transaction that nobody else can write beside; end it, or close the database. */
bool database_begin(struct database *db, struct err *err);
bool database_commit(struct database *db, struct err *err);

/* A number that a PRAGMA or a SELECT of one row and one column gives. */
bool database_number(int64_t *out, struct database *db, const char *sql, struct err *err);

/* A snapshot into a new file, whole or not at all, while others read and write. */
bool database_backup(struct database *db, const char *path, struct err *err);

/* ---- statements with parameters or rows ---- */

struct query;

bool query_open(struct query **out, struct database *db, const char *sql, struct err *err);
void query_close(struct query *query); /* NULL is fine */

/* Parameters count from 1; a text is copied, NULL is a null. */
void query_text(struct query *query, int parameter, const char *text);
void query_real(struct query *query, int parameter, double number);
void query_integer(struct query *query, int parameter, int64_t number);

/* To the next row; *row is false behind the last. */
bool query_next(struct query *query, bool *row, struct err *err);
/* Runs a statement without rows, and makes it ready for other parameters. */
bool query_run(struct query *query, struct err *err);

/* Columns count from 0. A text is copied into the arena; of a null it is NULL. */
const char *column_text(const struct query *query, int column, struct arena *arena);
double column_real(const struct query *query, int column);
int64_t column_integer(const struct query *query, int column);

#endif
