#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "io/files.h"
#include "io/json_walk.h"
#include "io/stream.h"
#include "spark_state.h"

/* One file on its way into a source: what its name and first line tell. */
struct candidate {
    const char *path;
    const char *group;   /* files of one application share it; NULL: alone */
    long long number;    /* its place in the group */
    const char *context; /* Databricks: the SparkContext id, or NULL */
    bool compacted;
};

struct finder {
    struct arena *arena;
    VEC(struct candidate) files;
    struct map seen; /* paths: a file named twice is read once */
    struct spark_sources *out;
};

void spark_sources_release(struct spark_sources *sources)
{
    for (size_t i = 0; i < sources->at.count; i++) {
        VEC_FREE(&sources->at.at[i].parts);
        VEC_FREE(&sources->at.at[i].notes);
    }
    VEC_FREE(&sources->at);
    VEC_FREE(&sources->ignored);
}

static bool starts(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* What lies beside event logs and is none. */
static bool is_sibling(const char *base)
{
    return starts(base, "appstatus_") || starts(base, "stdout") || starts(base, "stderr") ||
           starts(base, "log4j") || strstr(base, ".log.") || base[0] == '.';
}

/* "events_12_app-1.zstd" in "eventlog_v2_app-1" is part 12. */
static bool is_rolling(struct candidate *c, struct arena *arena)
{
    const char *base = path_base(c->path), *folder = path_folder(arena, c->path);
    if (!starts(base, "events_") || !starts(path_base(folder), "eventlog_v2_"))
        return false;
    char *end;
    c->number = strtoll(base + 7, &end, 10);
    if (end == base + 7 || *end != '_')
        return false;
    size_t n = strlen(base);
    c->compacted = n > 8 && !strcmp(base + n - 8, ".compact");
    c->group = folder;
    return true;
}

/* The timestamp of "eventlog-2026-01-31--19-00" as a number; the bare name comes last. */
static bool is_delivered(const char *base, long long *order)
{
    static const char form[] = "dddd-dd-dd--dd-dd";
    if (!starts(base, "eventlog"))
        return false;
    base += 8;
    *order = INT64_MAX;
    if (!*base || *base == '.')
        return true;
    if (*base++ != '-')
        return false;
    *order = 0;
    for (size_t i = 0; form[i]; i++) {
        bool digit = isdigit((unsigned char)base[i]) != 0;
        if (form[i] == 'd' ? !digit : base[i] != form[i])
            return false;
        if (digit)
            *order = *order * 10 + (base[i] - '0');
    }
    return true;
}

/* The context id and the rollover number of a first line by Databricks. */
static bool read_context(struct candidate *c, struct arena *arena, const char *line,
                         size_t length)
{
    struct json_walk w = json_walk_over(line, length);
    struct json_span key, event = {0};
    int64_t rollover = 0;
    const char *context = NULL;
    if (!json_enter(&w, '{'))
        return false;
    while (json_key(&w, &key)) {
        const char *from = w.at;
        if (json_span_is(key, "Event"))
            json_string(&w, &event);
        else if (json_span_is(key, "Rollover Number"))
            json_integer(&w, &rollover);
        else if (json_skip(&w) && json_span_is(key, "SparkContext Id"))
            context = arena_strndup(arena, from, (size_t)(w.at - from));
    }
    if (!context || !event.length || !json_span_is(event, "DBCEventLoggingListenerMetadata"))
        return false;
    c->context = c->group = context;
    c->number = rollover;
    return true;
}

static void read_first_line(struct candidate *c, struct arena *arena)
{
    char bytes[4096];
    struct stream *s;
    size_t got = 0;
    if (!stream_look(&s, c->path, NULL))
        return;
    if (stream_read(s, bytes, sizeof bytes, &got, NULL) && got) {
        const char *newline = memchr(bytes, '\n', got);
        read_context(c, arena, bytes, newline ? (size_t)(newline - bytes) : got);
    }
    stream_close(s);
}

/* A file that the user named is read whatever its name. */
static void add_file(struct finder *f, const char *path, bool named)
{
    struct candidate c = {.path = path};
    size_t before;
    if (map_get(&f->seen, path, strlen(path), &before))
        return;
    map_put(&f->seen, path, strlen(path), 1);
    if (!named && is_sibling(path_base(path))) {
        VEC_ADD(&f->out->ignored, path);
        return;
    }
    if (!is_rolling(&c, f->arena)) {
        read_first_line(&c, f->arena);
        if (!c.group && is_delivered(path_base(path), &c.number))
            c.group = path_folder(f->arena, path);
    }
    VEC_ADD(&f->files, c);
}

/* Delivered files without a first line of their own follow their folder's only context. */
static void adopt_strays(struct finder *f)
{
    for (size_t i = 0; i < f->files.count; i++) {
        struct candidate *stray = &f->files.at[i];
        if (stray->context || !stray->group || starts(path_base(stray->path), "events_"))
            continue;
        const struct candidate *owner = NULL;
        bool several = false;
        for (size_t k = 0; k < f->files.count; k++) {
            const struct candidate *c = &f->files.at[k];
            if (!c->context || strcmp(path_folder(f->arena, c->path), stray->group) != 0)
                continue;
            several |= owner && strcmp(owner->context, c->context) != 0;
            owner = c;
        }
        if (!owner || several)
            continue;
        stray->group = owner->group;
        stray->number = 0;
        for (size_t k = 0; k < f->files.count; k++) {
            const struct candidate *c = &f->files.at[k];
            long long mine, other;
            if (c->context && !strcmp(c->group, stray->group) &&
                is_delivered(path_base(c->path), &other) &&
                is_delivered(path_base(stray->path), &mine) && other < mine &&
                c->number > stray->number)
                stray->number = c->number;
        }
    }
}

static int by_group_and_number(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (!a->group != !b->group)
        return a->group ? -1 : 1;
    int order = a->group ? strcmp(a->group, b->group) : 0;
    if (!order && a->group && a->number != b->number)
        order = a->number < b->number ? -1 : 1;
    if (!order && a->compacted != b->compacted)
        order = a->compacted ? -1 : 1;
    return order ? order : strcmp(a->path, b->path);
}

/* Files 0..n of one application; doubles and what a compaction replaced are left out. */
static void add_group(struct finder *f, const struct candidate *files, size_t count)
{
    struct spark_source *source = VEC_PUSH(&f->out->at);
    size_t first = 0;
    for (size_t i = 0; i < count; i++)
        if (files[i].compacted)
            first = i;
    bool numbered = files[0].context || starts(path_base(files[0].path), "events_");
    long long expected = files[0].context ? 0 : 1;
    for (size_t i = first; i < count; i++) {
        bool stray = files[0].context && !files[i].context;
        bool again = i > first && files[i].number == files[i - 1].number && !stray &&
                     (numbered || files[i].number != INT64_MAX);
        if (again && files[first].compacted && i == first + 1)
            continue;
        if (again) {
            VEC_ADD(&source->notes,
                    arena_printf(f->arena, "%s: the same part as %s; read once", files[i].path,
                                 files[i - 1].path));
            continue;
        }
        if (stray)
            VEC_ADD(&source->notes,
                    arena_printf(f->arena,
                                 "%s: no first line of its own; taken as a part of %s",
                                 files[i].path, files[0].path));
        else if (numbered && files[i].number > expected && !files[first].compacted)
            VEC_ADD(&source->notes,
                    arena_printf(f->arena,
                                 "%s: part %lld follows part %lld; what is between is missing",
                                 files[i].path, files[i].number, expected - 1));
        if (numbered && !stray && files[i].number < INT64_MAX)
            expected = files[i].number + 1;
        VEC_ADD(&source->parts, files[i].path);
    }
}

static void group_files(struct finder *f)
{
    size_t n = f->files.count;
    VEC_SORT(&f->files, by_group_and_number);
    for (size_t i = 0, k; i < n; i = k) {
        const char *group = f->files.at[i].group;
        for (k = i + 1; group && k < n && f->files.at[k].group; k++)
            if (strcmp(f->files.at[k].group, group) != 0)
                break;
        add_group(f, &f->files.at[i], k - i);
    }
}

static int by_first_part(const void *left, const void *right)
{
    const struct spark_source *a = left, *b = right;
    return strcmp(a->parts.at[0], b->parts.at[0]);
}

bool spark_sources_find(struct spark_sources *out, struct arena *arena,
                        const char *const *paths, size_t count, struct err *err)
{
    *out = (struct spark_sources){0};
    struct finder f = {.arena = arena, .out = out};
    struct path_list list = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        size_t before = list.paths.count;
        ok = files_expand(&list, arena, paths[i], err);
        for (size_t k = before; ok && k < list.paths.count; k++)
            add_file(&f, list.paths.at[k], !strcmp(list.paths.at[k], paths[i]));
    }
    if (ok) {
        adopt_strays(&f);
        group_files(&f);
        VEC_SORT(&out->at, by_first_part);
    }
    path_list_release(&list);
    VEC_FREE(&f.files);
    map_release(&f.seen);
    if (!ok)
        spark_sources_release(out);
    return ok;
}

bool spark_folder_is_log(const char *folder)
{
    struct arena arena = ARENA_INIT;
    struct path_list list = {0};
    size_t parts = 0, others = 0;
    long long order;
    bool rolling = starts(path_base(folder), "eventlog_v2_");
    if (!rolling && files_list(&list, &arena, folder, false, NULL))
        for (size_t i = 0; i < list.paths.count; i++) {
            const char *base = path_base(list.paths.at[i]);
            if (is_delivered(base, &order) && !files_is_folder(list.paths.at[i]))
                parts++;
            else if (!is_sibling(base))
                others++;
        }
    path_list_release(&list);
    arena_release(&arena);
    return rolling || (parts && !others);
}
