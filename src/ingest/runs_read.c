#include "runs_columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/near.h"
#include "io/csv.h"
#include "io/doc.h"
#include "io/files.h"

const struct run_column run_columns[RUN_COLUMNS] = {
    {"workload", RUN_TEXT, offsetof(struct run, workload), true, true},
    {"algorithm", RUN_TEXT, offsetof(struct run, algorithm), false, false},
    {"class", RUN_CLASS, offsetof(struct run, class), false, false},
    {"iterative", RUN_TRISTATE, offsetof(struct run, iterative), false, false},
    {"input_gb", RUN_NUMBER, offsetof(struct run, input_gb), false, false},
    {"instance_type", RUN_TEXT, offsetof(struct run, instance_type), true, false},
    {"workers", RUN_NUMBER, offsetof(struct run, workers), true, true},
    {"minutes", RUN_NUMBER, offsetof(struct run, minutes), true, true},
    {"status", RUN_STATUS, offsetof(struct run, status), false, false},
    {"cpu_pct", RUN_NUMBER, offsetof(struct run, cpu_pct), false, false},
    {"memory_peak_gib", RUN_NUMBER, offsetof(struct run, memory_peak_gib), false, false},
    {"shuffle_gb", RUN_NUMBER, offsetof(struct run, shuffle_gb), false, false},
    {"spill_gb", RUN_NUMBER, offsetof(struct run, spill_gb), false, false},
    {"cached_gb", RUN_NUMBER, offsetof(struct run, cached_gb), false, false},
};

struct reader {
    struct estate *into;
    const char *path;
    bool strict;
    uint64_t bad;
    uint64_t negatives;   /* optional figures below 0 */
    uint64_t odd_classes; /* rows whose class is none of ours */
    char odd_class[64];   /* the first of them */
};

enum { BAD_ROWS_SAID = 5 }; /* the others are counted */

static void *member(struct run *run, const struct run_column *c)
{
    return (char *)run + c->offset;
}

const void *run_member(const struct run *run, const struct run_column *c)
{
    return (const char *)run + c->offset;
}

static bool set_number(double *out, const char *text)
{
    char *end;
    double number = strtod(text, &end);
    if (end == text || *end || !isfinite(number) || number < 0)
        return false;
    *out = number;
    return true;
}

static bool set_status(enum run_status *out, const char *text)
{
    for (int s = RUN_OK; s <= RUN_OUT_OF_MEMORY; s++)
        if (!strcasecmp(text, run_status_name((enum run_status)s))) {
            *out = (enum run_status)s;
            return true;
        }
    return false;
}

/* Exports write -1 for what they do not know: the run teaches without it. */
static bool is_negative(const char *text, struct reader *r)
{
    char *end;
    double number = strtod(text, &end);
    bool negative = end != text && !*end && number < 0;
    r->negatives += negative;
    return negative;
}

/* A class of the team's own says nothing of the work, but its run still teaches. */
static void set_class(enum workload_class *out, const char *text, struct reader *r)
{
    *out = class_named(text);
    if (*out != CLASS_UNKNOWN || !strcasecmp(text, "unknown"))
        return;
    if (r->odd_classes++ == 0)
        snprintf(r->odd_class, sizeof r->odd_class, "%s", text);
}

/* An empty text leaves the figure unknown. */
static bool set_value(struct run *run, const struct run_column *c, const char *text,
                      struct reader *r)
{
    if (!*text)
        return true;
    switch (c->kind) {
    case RUN_TEXT:
        *(sym *)member(run, c) = intern(r->into->symbols, text);
        return true;
    case RUN_NUMBER:
        return set_number(member(run, c), text) || (!c->needed && is_negative(text, r));
    case RUN_CLASS:
        set_class(member(run, c), text, r);
        return true;
    case RUN_TRISTATE:
        return tristate_read(member(run, c), text);
    case RUN_STATUS:
        return set_status(member(run, c), text);
    }
    return false;
}

static const char *wanted(enum run_column_kind kind)
{
    static const char *const texts[] = {
        "a text", "a number of at least 0",
        "ingest, etl, training, serving, interactive or streaming", "yes or no",
        "ok, failed or oom"};
    return texts[kind];
}

static bool has(const struct run *run, const struct run_column *c)
{
    if (c->kind == RUN_TEXT)
        return *(const sym *)run_member(run, c) != NULL;
    return c->kind != RUN_NUMBER || !isnan(*(const double *)run_member(run, c));
}

/* A run must have taken some time on some machine, or it teaches nothing. */
static bool complete(const struct run *run, const char *path, size_t row, struct err *err)
{
    for (size_t i = 0; i < RUN_COLUMNS; i++)
        if (run_columns[i].needed && !has(run, &run_columns[i]) &&
            !(run->status != RUN_OK && !strcmp(run_columns[i].name, "minutes")))
            return err_row(err, path, row, run_columns[i].name, "empty, but every run needs it");
    if (run->workers <= 0)
        return err_row(err, path, row, "workers",
                       "0: a run takes at least one machine; a single node is 1");
    if (run->status == RUN_OK && run->minutes <= 0)
        return err_row(err, path, row, "minutes", "0: a completed run takes time");
    return true;
}

static bool keep(struct reader *r, bool good, const struct run *run, struct err *err)
{
    if (good) {
        VEC_ADD(&r->into->runs, *run);
        return true;
    }
    if (r->strict)
        return false;
    if (r->bad++ < BAD_ROWS_SAID)
        estate_note(r->into, NOTE_UNREAD, NULL, "%s", err->text);
    return true;
}

static bool find_columns(size_t at[RUN_COLUMNS], struct csv *csv, const char *path,
                         struct err *err)
{
    for (size_t c = 0; c < RUN_COLUMNS; c++)
        at[c] = csv_column(csv, run_columns[c].name);
    for (size_t i = 0; i < csv_columns(csv); i++) {
        struct near near = {.word = csv_column_name(csv, i)};
        bool known = false;
        for (size_t c = 0; c < RUN_COLUMNS; c++) {
            known |= at[c] == i;
            if (at[c] == (size_t)-1)
                near_try(&near, run_columns[c].name);
        }
        if (!known && near.best)
            return err_row(err, path, 1, csv_column_name(csv, i),
                           "not a column of runs; did you mean %s?", near.best);
    }
    for (size_t c = 0; c < RUN_COLUMNS; c++)
        if (run_columns[c].required && at[c] == (size_t)-1)
            return err_row(err, path, 1, run_columns[c].name, "a table of runs needs this column");
    return true;
}

static bool read_row(struct run *run, struct reader *r, const struct csv *csv,
                     const size_t at[RUN_COLUMNS], struct err *err)
{
    *run = run_unknown();
    run->source = r->path;
    run->line = (unsigned)csv_row(csv);
    for (size_t c = 0; c < RUN_COLUMNS; c++) {
        char room[CSV_DECIMAL];
        const char *text = run_columns[c].kind == RUN_NUMBER ? csv_decimal(csv, at[c], room)
                                                             : csv_text(csv, at[c]);
        if (!set_value(run, &run_columns[c], text, r))
            return err_row(err, r->path, csv_row(csv), run_columns[c].name, "'%.60s' is not %s",
                           text, wanted(run_columns[c].kind));
    }
    return complete(run, r->path, csv_row(csv), err);
}

static bool is_blank(const struct csv *csv)
{
    for (size_t i = 0; i < csv_field_count(csv); i++)
        if (csv_at(csv, i).length)
            return false;
    return true;
}

static bool read_csv(struct reader *r, struct err *err)
{
    struct csv *csv;
    size_t at[RUN_COLUMNS];
    if (!csv_open(&csv, r->path, err))
        return false;
    bool more = true, ok = find_columns(at, csv, r->path, err);
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        struct run run;
        if (!is_blank(csv))
            ok = keep(r, read_row(&run, r, csv, at, err), &run, err);
    }
    csv_close(csv);
    return ok;
}

static bool read_object(struct run *run, struct reader *r, const struct node *object,
                        struct err *err)
{
    *run = run_unknown();
    run->source = r->path;
    run->line = object->line;
    for (size_t c = 0; c < RUN_COLUMNS; c++) {
        const struct node *value = node_get(object, run_columns[c].name);
        const char *text = node_text(value, "");
        if (node_is(value, NODE_BOOL))
            text = value->truth ? "yes" : "no";
        if (!set_value(run, &run_columns[c], text, r))
            return err_at(err, r->path, value->line, value->column, "%s '%.60s' is not %s",
                          run_columns[c].name, text, wanted(run_columns[c].kind));
    }
    return complete(run, r->path, object->line, err);
}

static bool read_json(struct reader *r, struct err *err)
{
    const struct node *root;
    if (!doc_read(&root, &r->into->arena, r->path, err))
        return false;
    const struct node *list = node_is(root, NODE_MAP) ? node_get(root, "runs") : root;
    if (!node_is(list, NODE_LIST))
        return err_set(err, "%s: neither a list of runs nor an object with \"runs\"", r->path);
    for (size_t i = 0; i < list->count; i++) {
        struct run run;
        if (!keep(r, read_object(&run, r, list->items[i], err), &run, err))
            return false;
    }
    return true;
}

static bool looks_like_json(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r\n\xef\xbb\xbf", bytes[i]) && bytes[i])
        i++;
    return i < length && (bytes[i] == '{' || bytes[i] == '[');
}

static int matches(const struct probe *probe)
{
    struct probe head = *probe;
    bool json = looks_like_json(probe->bytes, probe->length);
    const char *newline = memchr(probe->bytes, '\n', probe->length);
    if (!json && newline)
        head.length = (size_t)(newline - probe->bytes);
    for (size_t i = 0; i < RUN_COLUMNS; i++)
        if (run_columns[i].required && !probe_holds(&head, run_columns[i].name))
            return 0;
    return json ? 1 : 2;
}

bool runs_are_json(const char *path)
{
    const char *base = path_base(path);
    return strstr(base, ".json") != NULL;
}

static void note_rest(struct reader *r)
{
    uint64_t more = r->bad > BAD_ROWS_SAID ? r->bad - BAD_ROWS_SAID : 0;
    estate_note_many(r->into, NOTE_UNREAD, NULL, more, "%s: %llu more row%s could not be read",
                     r->path, (unsigned long long)more, more == 1 ? "" : "s");
    estate_note_many(r->into, NOTE_INFO, NULL, r->negatives,
                     "%s: figures below 0 are taken as unknown: %llu", r->path,
                     (unsigned long long)r->negatives);
    estate_note_many(r->into, NOTE_INFO, NULL, r->odd_classes,
                     "%s: class '%s' is not %s; taken as unknown", r->path, r->odd_class,
                     wanted(RUN_CLASS));
}

static bool read_runs(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct reader r = {.into = into,
                       .path = arena_strdup(&into->arena, path),
                       .strict = options && options->strict};
    bool ok = runs_are_json(path) ? read_json(&r, err) : read_csv(&r, err);
    if (ok)
        note_rest(&r);
    return ok;
}

const struct ingest_format ingest_runs = {
    .name = "runs",
    .summary = "a table of past workload runs (CSV or JSON)",
    .matches = matches,
    .read = read_runs,
};
