#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bill/bill.h"
#include "init.h"
#include "ingest/ingest.h"
#include "io/files.h"
#include "io/stream.h"

enum { BEGINNING = 64 * 1024, MOST_FILES = 20000 };

const char *input_key(enum input_kind kind)
{
    static const char *const keys[INPUT_KINDS] = {"other", "bills", "metrics", "inventory",
                                                  "logs",  "runs",  "plans",   "map"};
    return keys[kind];
}

/* Which key of the configuration takes a format; what is not listed is an inventory. */
static enum input_kind kind_of_format(const char *name)
{
    static const struct {
        const char *name;
        enum input_kind kind;
    } kinds[] = {
        {"cloudwatch", INPUT_METRICS},
        {"metric table", INPUT_METRICS},
        {"load balancer log", INPUT_LOGS},
        {"Spark event log", INPUT_LOGS},
        {"runs", INPUT_RUNS},
        {"layer map", INPUT_MAP},
        {"terraform plan", INPUT_PLANS},
        {"terraform state", INPUT_PLANS},
        {"cloudformation", INPUT_PLANS},
        {"bundle", INPUT_PLANS},
        {"usage file", INPUT_OTHER},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].name, name))
            return kinds[i].kind;
    return INPUT_INVENTORY;
}

static bool is_bill(const char *path)
{
    struct stream *stream;
    char *text = mem_alloc(BEGINNING + 1);
    size_t used = 0, got = 1;
    bool found = false;
    if (stream_look(&stream, path, NULL)) {
        while (used < BEGINNING && got &&
               stream_read(stream, text + used, BEGINNING - used, &got, NULL))
            used += got;
        found = bill_recognise(text, used) != NULL;
        stream_close(stream);
    }
    free(text);
    return found;
}

static enum input_kind kind_of(const char *path)
{
    const struct ingest_format *format = NULL;
    if (is_bill(path))
        return INPUT_BILLS;
    if (!ingest_detect(&format, path, NULL) || !format)
        return INPUT_OTHER;
    return kind_of_format(format->name);
}

struct file {
    const char *path;
    enum input_kind kind;
};

struct files {
    VEC(struct file) list;
};

/* The length of the folder that begins at `from` of a path, with its slash; 0: a file. */
static size_t folder_length(const char *path, size_t from)
{
    const char *slash = strchr(path + from, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* The only kind below a folder besides files that nothing reads; INPUT_KINDS: several. */
static enum input_kind only_kind(const struct file *files, size_t count)
{
    enum input_kind kind = INPUT_OTHER;
    for (size_t i = 0; i < count; i++) {
        if (files[i].kind == INPUT_OTHER || files[i].kind == kind)
            continue;
        if (kind != INPUT_OTHER)
            return INPUT_KINDS;
        kind = files[i].kind;
    }
    return kind;
}

static void add(struct found_inputs *out, enum input_kind kind, const char *path)
{
    if (kind != INPUT_OTHER)
        VEC_ADD(&out->paths[kind].texts, path);
}

/* Files are sorted, so those of a folder stand together. */
static void collapse(struct found_inputs *out, struct arena *arena, const struct file *files,
                     size_t count, size_t from)
{
    for (size_t i = 0, end; i < count; i = end) {
        size_t folder = folder_length(files[i].path, from);
        end = i + 1;
        if (!folder) {
            add(out, files[i].kind, files[i].path);
            continue;
        }
        while (end < count && !strncmp(files[end].path, files[i].path, folder))
            end++;
        enum input_kind kind = only_kind(files + i, end - i);
        if (kind == INPUT_KINDS || kind == INPUT_MAP)
            collapse(out, arena, files + i, end - i, folder);
        else
            add(out, kind, arena_strndup(arena, files[i].path, folder - 1));
    }
}

static bool skipped(const char *path)
{
    return !strcmp(path, "advisor.yaml") || !strcmp(path, "advisor.db");
}

bool init_find(struct found_inputs *out, struct session *session, struct err *err)
{
    struct path_list list = {0};
    struct files files = {0};
    if (!files_list(&list, &session->arena, ".", true, err))
        return false;
    for (size_t i = 0; i < list.paths.count && i < MOST_FILES; i++) {
        const char *path = list.paths.at[i];
        path += strncmp(path, "./", 2) ? 0 : 2;
        if (skipped(path))
            continue;
        struct file file = {path, kind_of(path)};
        out->files[file.kind]++;
        VEC_ADD(&files.list, file);
    }
    collapse(out, &session->arena, files.list.at, files.list.count, 0);
    VEC_FREE(&files.list);
    path_list_release(&list);
    return true;
}

void found_inputs_release(struct found_inputs *found)
{
    for (int k = 0; k < INPUT_KINDS; k++)
        VEC_FREE(&found->paths[k].texts);
}
