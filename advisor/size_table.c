#include "size_table.h"

#include <math.h>
#include <stdlib.h>

#include "base/near.h"

bool size_number(double *out, const struct csv *csv, const char *path, const char *column,
                 struct err *err)
{
    char room[CSV_DECIMAL], *end;
    const char *text = csv_decimal(csv, csv_column(csv, column), room);
    *out = NAN;
    if (!*text)
        return true;
    double value = strtod(text, &end);
    if (*end || end == text || isnan(value))
        return err_row(err, path, csv_row(csv), column, "'%s' is not a number", text);
    if (value < 0)
        return err_row(err, path, csv_row(csv), column, "'%s' is less than 0", text);
    if (value > SIZE_MOST)
        return err_row(err, path, csv_row(csv), column, "'%s' is more than %g", text, SIZE_MOST);
    *out = value;
    return true;
}

const char *size_text(struct session *session, const struct csv *csv, const char *column)
{
    const char *text = csv_text(csv, csv_column(csv, column));
    return *text ? arena_strdup(&session->arena, text) : NULL;
}

bool size_needs_columns(const struct csv *csv, const char *path, const char *const *names,
                        struct err *err)
{
    for (; *names; names++) {
        struct near near = {.word = *names};
        if (csv_column(csv, *names) != (size_t)-1)
            continue;
        for (size_t i = 0; i < csv_columns(csv); i++)
            near_try(&near, csv_column_name(csv, i));
        return err_usage(err, "%s: there is no column '%s'%s%s%s", path, *names,
                         near.best ? "; is it the one named '" : "",
                         near.best ? near.best : "", near.best ? "'?" : "");
    }
    return true;
}
