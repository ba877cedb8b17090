#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool put(struct err *err, enum err_code code, const char *prefix, const char *format,
                va_list args)
{
    if (!err)
        return false;
    err->code = code;
    int used = snprintf(err->text, sizeof err->text, "%s", prefix);
    if (used >= 0 && (size_t)used < sizeof err->text)
        vsnprintf(err->text + used, sizeof err->text - (size_t)used, format, args);
    return false;
}

bool err_set(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(err, ERR_FAILED, "", format, args);
    va_end(args);
    return false;
}

bool err_usage(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(err, ERR_USAGE, "", format, args);
    va_end(args);
    return false;
}

bool err_at(struct err *err, const char *file, size_t line, size_t column, const char *format,
            ...)
{
    char where[512];
    if (line && column)
        snprintf(where, sizeof where, "%s:%zu:%zu: ", file, line, column);
    else if (line)
        snprintf(where, sizeof where, "%s:%zu: ", file, line);
    else
        snprintf(where, sizeof where, "%s: ", file);
    va_list args;
    va_start(args, format);
    put(err, ERR_FAILED, where, format, args);
    va_end(args);
    return false;
}

bool err_row(struct err *err, const char *file, size_t row, const char *column,
             const char *format, ...)
{
    char where[512];
    snprintf(where, sizeof where, column ? "%s: row %zu, column %s: " : "%s: row %zu: ", file,
             row, column);
    va_list args;
    va_start(args, format);
    put(err, ERR_FAILED, where, format, args);
    va_end(args);
    return false;
}

bool err_within(struct err *err, const char *format, ...)
{
    if (!err)
        return false;
    char context[512];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    char inner[sizeof err->text];
    memcpy(inner, err->text, sizeof inner);
    size_t used = strlen(context);
    memcpy(err->text, context, used);
    int room = (int)(sizeof err->text - used - 3);
    snprintf(err->text + used, sizeof err->text - used, ": %.*s", room, inner);
    if (err->code == ERR_NONE)
        err->code = ERR_FAILED;
    return false;
}
