#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cloudwatch.h"
#include "io/csv.h"

enum column { AT, SUBJECT, METRIC, STAT, VALUE, SPACE, UNIT, COLUMNS };

/* Every name that a column may have; the first four but STAT must be there. */
static const struct {
    enum column column;
    const char *name;
} headers[] = {
    {AT, "timestamp"},    {AT, "time"},          {SUBJECT, "resource"}, {SUBJECT, "lb"},
    {SUBJECT, "subject"}, {SUBJECT, "instance"}, {METRIC, "metric"},    {STAT, "stat"},
    {STAT, "statistic"},  {VALUE, "value"},      {SPACE, "namespace"},  {UNIT, "unit"},
};

struct table {
    struct estate *into;
    const struct ingest_options *options;
    struct csv *csv;
    struct series_set *set;
    size_t column[COLUMNS];
    uint64_t bad;
    char first_bad[400];
};

static bool has_name(const char *header, size_t length, const char *name)
{
    for (const char *at = header; at < header + length;) {
        size_t left = (size_t)(header + length - at);
        const char *comma = memchr(at, ',', left);
        size_t n = comma ? (size_t)(comma - at) : left;
        while (n && (at[n - 1] == '\r' || at[n - 1] == '"'))
            n--;
        const char *from = n && *at == '"' ? at + 1 : at;
        n -= (size_t)(from - at);
        if (n == strlen(name) && strncasecmp(from, name, n) == 0)
            return true;
        at = comma ? comma + 1 : header + length;
    }
    return false;
}

static int matches(const struct probe *probe)
{
    const char *end = memchr(probe->bytes, '\n', probe->length);
    size_t header = end ? (size_t)(end - probe->bytes) : probe->length;
    bool seen[COLUMNS] = {false};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        seen[headers[i].column] |= has_name(probe->bytes, header, headers[i].name);
    return seen[AT] && seen[SUBJECT] && seen[METRIC] && seen[VALUE] ? 2 : 0;
}

static void find_columns(struct table *t)
{
    for (int c = 0; c < COLUMNS; c++)
        t->column[c] = (size_t)-1;
    for (size_t c = 0; c < csv_columns(t->csv); c++)
        for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
            if (strcasecmp(csv_column_name(t->csv, c), headers[i].name) == 0)
                t->column[headers[i].column] = c;
}

static const char *text_of(const struct table *t, enum column c)
{
    return t->column[c] == (size_t)-1 ? "" : csv_text(t->csv, t->column[c]);
}

/* As the file spells it; the usual name of a column that its header lacks. */
static const char *name_of(const struct table *t, enum column c)
{
    size_t i = 0;
    if (t->column[c] != (size_t)-1)
        return csv_column_name(t->csv, t->column[c]);
    while (headers[i].column != c)
        i++;
    return headers[i].name;
}

static bool bad_row(struct table *t, enum column c, const char *why, struct err *err)
{
    char what[sizeof t->first_bad];
    snprintf(what, sizeof what, "row %zu, column %s: '%.60s' is not %s", csv_row(t->csv),
             name_of(t, c), text_of(t, c), why);
    if (t->bad++ == 0)
        memcpy(t->first_bad, what, sizeof what);
    return !(t->options && t->options->strict) || err_set(err, "%s", what);
}

static sym maybe(struct intern *symbols, const char *text)
{
    return *text ? intern(symbols, text) : NULL;
}

static bool take_row(struct table *t, struct err *err)
{
    struct intern *symbols = t->into->symbols;
    const char *at = text_of(t, AT), *value = text_of(t, VALUE), *metric = text_of(t, METRIC);
    int64_t seconds;
    char *end;
    if (!when_parse(&seconds, at, strlen(at)) || !when_is_recorded(seconds))
        return bad_row(t, AT, "a time in ISO 8601, 1970 to 2100", err);
    double number = strtod(value, &end);
    if (end == value || *end || strpbrk(value, "xX") || !cloudwatch_is_point(seconds, number))
        return bad_row(t, VALUE, "a number from 0 to below 1e18", err);
    if (!*metric || !*text_of(t, SUBJECT))
        return bad_row(t, *metric ? SUBJECT : METRIC, "a name", err);
    const char *stat = text_of(t, STAT);
    struct series_name name = {
        .subject = intern(symbols, text_of(t, SUBJECT)),
        .space = maybe(symbols, text_of(t, SPACE)),
        .metric = intern(symbols, metric),
        .stat = intern(symbols, *stat ? stat : cloudwatch_usual_stat(metric)),
        .unit = maybe(symbols, text_of(t, UNIT)),
    };
    series_set_add(t->set, series_set_find(t->set, &name), seconds, number);
    return true;
}

bool cloudwatch_read_table(struct estate *into, const char *path,
                           const struct ingest_options *options, struct err *err)
{
    struct table t = {.into = into, .options = options};
    if (!csv_open(&t.csv, path, err))
        return false;
    find_columns(&t);
    t.set = series_set_open(into, path);
    bool more = true, ok = true;
    while (ok && (ok = csv_next(t.csv, &more, err)) && more)
        ok = take_row(&t, err);
    if (ok)
        estate_note_many(into, NOTE_UNREAD, path, t.bad,
                         "%llu rows were left out, the first at %s", (unsigned long long)t.bad,
                         t.first_bad);
    series_set_close(t.set);
    csv_close(t.csv);
    return ok || err_within(err, "%s", path);
}

const struct ingest_format ingest_cloudwatch_table = {
    .name = "metric table",
    .summary = "metrics as a table of timestamp, resource, metric, stat and value",
    .matches = matches,
    .read = cloudwatch_read_table,
};
