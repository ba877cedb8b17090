#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json_text.h"
#include "base/near.h"
#include "ingest/runs.h"
#include "io/csv.h"
#include "io/doc.h"
#include "io/files.h"

enum kind { TEXT, NUMBER, CLASS, TRISTATE, STATUS };

/* The columns in the order in which they are written. */
static const struct column_of_run {
    const char *name;
    enum kind kind;
    size_t offset;
    bool required; /* the column */
    bool needed;   /* a value in each row */
} columns[] = {
    {"workload", TEXT, offsetof(struct run, workload), true, true},
    {"algorithm", TEXT, offsetof(struct run, algorithm), false, false},
    {"class", CLASS, offsetof(struct run, class), false, false},
    {"iterative", TRISTATE, offsetof(struct run, iterative), false, false},
    {"input_gb", NUMBER, offsetof(struct run, input_gb), false, false},
    {"instance_type", TEXT, offsetof(struct run, instance_type), true, false},
    {"workers", NUMBER, offsetof(struct run, workers), true, true},
    {"minutes", NUMBER, offsetof(struct run, minutes), true, true},
    {"status", STATUS, offsetof(struct run, status), false, false},
    {"cpu_pct", NUMBER, offsetof(struct run, cpu_pct), false, false},
    {"memory_peak_gib", NUMBER, offsetof(struct run, memory_peak_gib), false, false},
    {"shuffle_gb", NUMBER, offsetof(struct run, shuffle_gb), false, false},
    {"spill_gb", NUMBER, offsetof(struct run, spill_gb), false, false},
    {"cached_gb", NUMBER, offsetof(struct run, cached_gb), false, false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

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

static void *member(struct run *run, const struct column_of_run *c)
{
    return (char *)run + c->offset;
}

static const void *member_of(const struct run *run, const struct column_of_run *c)
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
static bool set_value(struct run *run, const struct column_of_run *c, const char *text,
                      struct reader *r)
{
    if (!*text)
        return true;
    switch (c->kind) {
    case TEXT:
        *(sym *)member(run, c) = intern(r->into->symbols, text);
        return true;
    case NUMBER:
        return set_number(member(run, c), text) || (!c->needed && is_negative(text, r));
    case CLASS:
        set_class(member(run, c), text, r);
        return true;
    case TRISTATE:
        return tristate_read(member(run, c), text);
    case STATUS:
        return set_status(member(run, c), text);
    }
    return false;
}

static const char *wanted(enum kind kind)
{
    static const char *const texts[] = {
        "a text", "a number of at least 0",
        "ingest, etl, training, serving, interactive or streaming", "yes or no",
        "ok, failed or oom"};
    return texts[kind];
}

static bool has(const struct run *run, const struct column_of_run *c)
{
    if (c->kind == TEXT)
        return *(const sym *)member_of(run, c) != NULL;
    return c->kind != NUMBER || !isnan(*(const double *)member_of(run, c));
}

/* A run must have taken some time on some machine, or it teaches nothing. */
static bool complete(const struct run *run, const char *path, size_t row, struct err *err)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].needed && !has(run, &columns[i]) &&
            !(run->status != RUN_OK && !strcmp(columns[i].name, "minutes")))
            return err_row(err, path, row, columns[i].name, "empty, but every run needs it");
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

static bool find_columns(size_t at[COLUMNS], struct csv *csv, const char *path,
                         struct err *err)
{
    for (size_t c = 0; c < COLUMNS; c++)
        at[c] = csv_column(csv, columns[c].name);
    for (size_t i = 0; i < csv_columns(csv); i++) {
        struct near near = {.word = csv_column_name(csv, i)};
        bool known = false;
        for (size_t c = 0; c < COLUMNS; c++) {
            known |= at[c] == i;
            if (at[c] == (size_t)-1)
                near_try(&near, columns[c].name);
        }
        if (!known && near.best)
            return err_row(err, path, 1, csv_column_name(csv, i),
                           "not a column of runs; did you mean %s?", near.best);
    }
    for (size_t c = 0; c < COLUMNS; c++)
        if (columns[c].required && at[c] == (size_t)-1)
            return err_row(err, path, 1, columns[c].name, "a table of runs needs this column");
    return true;
}

static bool read_row(struct run *run, struct reader *r, const struct csv *csv,
                     const size_t at[COLUMNS], struct err *err)
{
    *run = run_unknown();
    run->source = r->path;
    run->line = (unsigned)csv_row(csv);
    for (size_t c = 0; c < COLUMNS; c++) {
        char room[CSV_DECIMAL];
        const char *text =
            columns[c].kind == NUMBER ? csv_decimal(csv, at[c], room) : csv_text(csv, at[c]);
        if (!set_value(run, &columns[c], text, r))
            return err_row(err, r->path, csv_row(csv), columns[c].name, "'%.60s' is not %s",
                           text, wanted(columns[c].kind));
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
    size_t at[COLUMNS];
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
    for (size_t c = 0; c < COLUMNS; c++) {
        const struct node *value = node_get(object, columns[c].name);
        const char *text = node_text(value, "");
        if (node_is(value, NODE_BOOL))
            text = value->truth ? "yes" : "no";
        if (!set_value(run, &columns[c], text, r))
            return err_at(err, r->path, value->line, value->column, "%s '%.60s' is not %s",
                          columns[c].name, text, wanted(columns[c].kind));
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

static bool mentions(const struct probe *probe, const char *word, size_t length)
{
    return memmem(probe->bytes, length, word, strlen(word)) != NULL;
}

static int matches(const struct probe *probe)
{
    size_t length = probe->length;
    bool json = looks_like_json(probe->bytes, length);
    const char *newline = memchr(probe->bytes, '\n', length);
    if (!json && newline)
        length = (size_t)(newline - probe->bytes);
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].required && !mentions(probe, columns[i].name, length))
            return 0;
    return json ? 1 : 2;
}

static bool named_json(const char *path)
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
                     wanted(CLASS));
}

static bool read_runs(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct reader r = {.into = into,
                       .path = arena_strdup(&into->arena, path),
                       .strict = options && options->strict};
    bool ok = named_json(path) ? read_json(&r, err) : read_csv(&r, err);
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

static void value_text(struct buf *out, const struct run *run, const struct column_of_run *c)
{
    static const char *const tristates[] = {"", "no", "yes"};
    const void *p = member_of(run, c);
    switch (c->kind) {
    case TEXT:
        buf_add(out, sym_or_empty(*(const sym *)p));
        return;
    case NUMBER:
        if (!isnan(*(const double *)p))
            buf_printf(out, "%.6g", *(const double *)p);
        return;
    case CLASS:
        if (*(const enum workload_class *)p != CLASS_UNKNOWN)
            buf_add(out, class_name(*(const enum workload_class *)p));
        return;
    case TRISTATE:
        buf_add(out, tristates[*(const enum tristate *)p]);
        return;
    case STATUS:
        buf_add(out, run_status_name(*(const enum run_status *)p));
        return;
    }
}

static void add_csv_field(struct buf *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        buf_add(out, text);
        return;
    }
    buf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_add_char(out, '"');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '"');
}

void runs_write_csv(struct buf *out, const struct run *runs, size_t count)
{
    struct buf value = BUF_INIT;
    for (size_t c = 0; c < COLUMNS; c++)
        buf_printf(out, "%s%s", c ? "," : "", columns[c].name);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < COLUMNS; c++) {
            buf_clear(&value);
            value_text(&value, &runs[i], &columns[c]);
            add_csv_field(out, buf_text(&value));
            buf_add_char(out, c + 1 < COLUMNS ? ',' : '\n');
        }
    buf_release(&value);
}

void runs_write_json(struct buf *out, const struct run *runs, size_t count)
{
    struct arena arena = ARENA_INIT;
    struct node *list = node_new(&arena, NODE_LIST);
    struct buf value = BUF_INIT;
    for (size_t i = 0; i < count; i++) {
        struct node *object = node_add(&arena, list, NULL, node_new(&arena, NODE_MAP));
        for (size_t c = 0; c < COLUMNS; c++) {
            buf_clear(&value);
            value_text(&value, &runs[i], &columns[c]);
            struct node *n = node_string(&arena, buf_text(&value));
            if (!value.length)
                n = node_new(&arena, NODE_NULL);
            else if (columns[c].kind == NUMBER) {
                n->kind = NODE_NUMBER;
                n->number = *(const double *)member_of(&runs[i], &columns[c]);
            }
            node_add(&arena, object, columns[c].name, n);
        }
    }
    json_write(out, list, true);
    buf_release(&value);
    arena_release(&arena);
}

struct merged {
    VEC(struct run) runs;
    struct map seen; /* rows as they are written */
    struct arena keys;
};

static bool add_once(struct merged *m, const struct run *run)
{
    struct buf row = BUF_INIT;
    size_t known;
    runs_write_csv(&row, run, 1);
    bool again = map_get(&m->seen, buf_text(&row), row.length, &known);
    if (!again) {
        const char *key = arena_strndup(&m->keys, buf_text(&row), row.length);
        map_put(&m->seen, key, row.length, 1);
        VEC_ADD(&m->runs, *run);
    }
    buf_release(&row);
    return !again;
}

static bool write_file(const struct merged *m, const char *path, struct err *err)
{
    struct buf text = BUF_INIT;
    if (named_json(path))
        runs_write_json(&text, m->runs.at, m->runs.count);
    else
        runs_write_csv(&text, m->runs.at, m->runs.count);
    bool ok = files_write(path, buf_text(&text), text.length, err);
    buf_release(&text);
    return ok;
}

bool runs_save(size_t *added, const char *path, const struct run *runs, size_t count,
               bool append, struct err *err)
{
    struct estate *old = estate_open();
    struct merged merged = {0};
    struct ingest_options strict = {.strict = true};
    bool ok = !append || !files_exists(path) || read_runs(old, path, &strict, err);
    *added = 0;
    for (size_t i = 0; i < old->runs.count; i++)
        add_once(&merged, &old->runs.at[i]);
    for (size_t i = 0; ok && i < count; i++)
        *added += add_once(&merged, &runs[i]);
    ok = ok && write_file(&merged, path, err);
    VEC_FREE(&merged.runs);
    map_release(&merged.seen);
    arena_release(&merged.keys);
    estate_free(old);
    return ok;
}
