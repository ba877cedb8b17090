#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

/* What kind of failure: the program maps it to an exit code. */
enum err_code {
    ERR_NONE,
    ERR_FAILED, /* an input or the outside world */
    ERR_USAGE,  /* the command line, the configuration or the map */
};

/* One failure: a whole sentence, fit to print after "advisor: ". */
struct err {
    enum err_code code;
    char text[1024];
};

#define ERR_INIT {ERR_NONE, ""}

/*
 * All of these return false, so that a report is the return:
 * `return err_set(err, "...")`. A NULL err is accepted. The setters overwrite;
 * err_within() puts context before what is there.
 */
bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool err_usage(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "file:line:column: ..."; a line or column of 0 is left out. */
bool err_at(struct err *err, const char *file, size_t line, size_t column, const char *format,
            ...) __attribute__((format(printf, 5, 6)));

/* "file: row 12, column Name: ..."; column may be NULL. */
bool err_row(struct err *err, const char *file, size_t row, const char *column,
             const char *format, ...) __attribute__((format(printf, 5, 6)));

/* "<context>: <what was there>". */
bool err_within(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
