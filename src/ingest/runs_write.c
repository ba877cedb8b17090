#include "runs_columns.h"

#include <math.h>
#include <string.h>

#include "base/json_text.h"
#include "base/map.h"
#include "io/files.h"

static void value_text(struct buf *out, const struct run *run, const struct run_column *c)
{
    static const char *const tristates[] = {"", "no", "yes"};
    const void *p = run_member(run, c);
    switch (c->kind) {
    case RUN_TEXT:
        buf_add(out, sym_or_empty(*(const sym *)p));
        return;
    case RUN_NUMBER:
        if (!isnan(*(const double *)p))
            buf_printf(out, "%.6g", *(const double *)p);
        return;
    case RUN_CLASS:
        if (*(const enum workload_class *)p != CLASS_UNKNOWN)
            buf_add(out, class_name(*(const enum workload_class *)p));
        return;
    case RUN_TRISTATE:
        buf_add(out, tristates[*(const enum tristate *)p]);
        return;
    case RUN_STATUS:
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

static void write_csv(struct buf *out, const struct run *runs, size_t count)
{
    struct buf value = BUF_INIT;
    for (size_t c = 0; c < RUN_COLUMNS; c++)
        buf_printf(out, "%s%s", c ? "," : "", run_columns[c].name);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        for (size_t c = 0; c < RUN_COLUMNS; c++) {
            buf_clear(&value);
            value_text(&value, &runs[i], &run_columns[c]);
            add_csv_field(out, buf_text(&value));
            buf_add_char(out, c + 1 < RUN_COLUMNS ? ',' : '\n');
        }
    buf_release(&value);
}

static void write_json(struct buf *out, const struct run *runs, size_t count)
{
    struct arena arena = ARENA_INIT;
    struct node *list = node_new(&arena, NODE_LIST);
    struct buf value = BUF_INIT;
    for (size_t i = 0; i < count; i++) {
        struct node *object = node_add(&arena, list, NULL, node_new(&arena, NODE_MAP));
        for (size_t c = 0; c < RUN_COLUMNS; c++) {
            buf_clear(&value);
            value_text(&value, &runs[i], &run_columns[c]);
            struct node *n = node_string(&arena, buf_text(&value));
            if (!value.length)
                n = node_new(&arena, NODE_NULL);
            else if (run_columns[c].kind == RUN_NUMBER) {
                n->kind = NODE_NUMBER;
                n->number = *(const double *)run_member(&runs[i], &run_columns[c]);
            }
            node_add(&arena, object, run_columns[c].name, n);
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
    write_csv(&row, run, 1);
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
    if (runs_are_json(path))
        write_json(&text, m->runs.at, m->runs.count);
    else
        write_csv(&text, m->runs.at, m->runs.count);
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
    bool ok = !append || !files_exists(path) || ingest_runs.read(old, path, &strict, err);
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
