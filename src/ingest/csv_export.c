#include "csv_export.h"

bool csv_export_open(struct csv_export *e, const char *path, const char *const *names,
                     size_t count, struct err *err)
{
    *e = (struct csv_export){.path = path};
    if (!csv_open(&e->csv, path, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        e->column[i] = csv_column(e->csv, names[i]);
        if (e->column[i] == (size_t)-1)
            return err_set(err, "%s: has no column %s", path, names[i]);
    }
    return true;
}

const char *csv_export_text(const struct csv_export *e, size_t name)
{
    return csv_text(e->csv, e->column[name]);
}

bool csv_export_each(struct csv_export *e, bool (*take)(void *into), void *into,
                     const char *why, bool strict, struct err *err)
{
    bool more = true;
    while (csv_next(e->csv, &more, err)) {
        if (!more)
            return true;
        if (take(into))
            continue;
        if (e->bad++ == 0)
            err_row(&e->first_bad, e->path, csv_row(e->csv), NULL, "%s", why);
        if (strict)
            return err_set(err, "%s", e->first_bad.text);
    }
    return false;
}

void csv_export_note(const struct csv_export *e, struct estate *into)
{
    estate_note_many(into, NOTE_UNREAD, NULL, e->bad,
                     "%llu rows are not counted; the first: %s", (unsigned long long)e->bad,
                     e->first_bad.text);
}
