#include "s3_inventory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "ingest/ingest.h"
#include "io/csv_bulk.h"
#include "io/doc.h"
#include "io/files.h"
#include "io/remote.h"
#include "s3_publish.h"

enum { THREADS_MAX = 8, FOLDERS_UP = 8 };

/* One inventory on its way into the estate. */
struct inventory {
    struct estate *into;
    const char *manifest, *bucket, *destination, *format;
    day taken_on;
    bool strict;
    struct inventory_schema schema;
    VEC(struct inventory_part) parts;
    struct tally tally;
};

static const char *folder_above(struct arena *arena, const char *folder)
{
    if (strcmp(folder, ".") == 0)
        return "..";
    if (strcmp(path_base(folder), "..") == 0)
        return arena_printf(arena, "%s/..", folder);
    return path_folder(arena, folder);
}

/* The data lies beside the manifest, or where its key says below some folder above it. */
static const char *find_part(struct arena *arena, const struct inventory *v, const char *key)
{
    if (remote_is(v->manifest)) {
        const char *named = arena_printf(arena, "s3://%s/%s", v->destination, key);
        if (files_exists(named))
            return named;
    }
    const char *folder = path_folder(arena, v->manifest);
    const char *beside = path_join(arena, folder, path_base(key));
    if (files_exists(beside))
        return beside;
    for (int up = 0; up < FOLDERS_UP; up++, folder = folder_above(arena, folder)) {
        const char *data = path_join(arena, path_join(arena, folder, "data"), path_base(key));
        const char *whole = path_join(arena, folder, key);
        if (files_exists(data))
            return data;
        if (files_exists(whole))
            return whole;
    }
    return NULL;
}

static bool list_parts(struct inventory *v, const struct node *files, struct err *err)
{
    size_t missing = 0;
    for (size_t i = 0; i < files->count; i++) {
        const char *key = node_text(node_get(files->items[i], "key"), "");
        const char *path = find_part(&v->into->arena, v, key);
        if (path) {
            double bytes = node_number(node_get(files->items[i], "size"), 0);
            struct inventory_part *part = VEC_PUSH(&v->parts);
            part->path = path;
            part->stated_bytes = bytes > 0 && bytes < 0x1p63 ? (uint64_t)bytes : 0;
            continue;
        }
        missing++;
        if (v->strict)
            return err_set(err, "%s: the data file %s is missing", v->manifest, key);
        estate_note(v->into, NOTE_UNREAD, v->manifest,
                    "the data file %.200s of the inventory is missing: its objects are not "
                    "counted",
                    key);
    }
    if (missing == files->count && missing > 0)
        return err_set(err,
                       "%s: none of its %zu data files is here: put them beside it or in "
                       "the data folder that their keys name",
                       v->manifest, files->count);
    return true;
}

static bool read_manifest(struct inventory *v, const struct node *doc,
                          const struct ingest_options *options, struct err *err)
{
    const struct node *files = node_get(doc, "files");
    double created = node_number(node_get(doc, "creationTimestamp"), -1);
    v->bucket = node_text(node_get(doc, "sourceBucket"), "");
    v->format = node_text(node_get(doc, "fileFormat"), "");
    v->destination = node_text(node_get(doc, "destinationBucket"), "");
    v->destination =
        strrchr(v->destination, ':') ? strrchr(v->destination, ':') + 1 : v->destination;
    if (v->bucket[0] == '\0' || !node_is(files, NODE_LIST))
        return err_set(err, "%s: names no sourceBucket or no files", v->manifest);
    v->taken_on = options->reporting_day;
    if (v->taken_on == 0 && !(created > 0 && created < 1e14))
        return err_set(err, "%s: its creationTimestamp is no time: give a reporting date",
                       v->manifest);
    if (v->taken_on == 0)
        v->taken_on = (day)(created / (86400.0 * 1000));
    return list_parts(v, files, err);
}

struct worker {
    struct inventory *inventory;
    atomic_size_t *next;
    struct tally tally;
};

static void *work(void *argument)
{
    struct worker *w = argument;
    struct inventory *v = w->inventory;
    size_t part;
    while ((part = atomic_fetch_add(w->next, 1)) < v->parts.count)
        inventory_part_read(&w->tally, &v->parts.at[part], &v->schema, v->taken_on);
    return NULL;
}

/* Parts are read side by side, each thread into its own tally; sums do not mind the order. */
static void read_parts(struct inventory *v)
{
    struct worker workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    bool started[THREADS_MAX] = {false};
    atomic_size_t next = 0;
    size_t count = parallel_cores();
    count = count > THREADS_MAX ? THREADS_MAX : count;
    count = count > v->parts.count ? v->parts.count : count;
    for (size_t i = 0; i < count; i++) {
        workers[i] = (struct worker){.inventory = v, .next = &next};
        tally_init(&workers[i].tally);
        started[i] = i > 0 && pthread_create(&threads[i], NULL, work, &workers[i]) == 0;
    }
    if (count > 0)
        work(&workers[0]);
    for (size_t i = 0; i < count; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        tally_merge(&v->tally, &workers[i].tally);
        tally_release(&workers[i].tally);
    }
}

/* A part that was read to its end may still be another one, or a piece that ends well. */
static void note_size(struct inventory *v, const struct inventory_part *p)
{
    if (!p->failed && p->stated_bytes && p->bytes != p->stated_bytes)
        estate_note(v->into, NOTE_WARNING, p->path,
                    "the file has %llu bytes where the manifest says %llu: it is incomplete, "
                    "or not the one that is meant",
                    (unsigned long long)p->bytes, (unsigned long long)p->stated_bytes);
}

static bool report_parts(struct inventory *v, struct err *err)
{
    uint64_t rows = 0, bad = 0;
    size_t shown = 0;
    for (size_t i = 0; i < v->parts.count; i++) {
        const struct inventory_part *p = &v->parts.at[i];
        rows += p->rows;
        bad += p->bad_rows;
        note_size(v, p);
        if (v->strict && (p->failed || p->bad_rows > 0))
            return err_set(err, "%s", p->failed ? p->err.text : p->bad[0].text);
        if (p->failed)
            estate_note(v->into, NOTE_UNREAD, NULL, "%s (%llu rows before it are counted)",
                        p->err.text, (unsigned long long)p->rows);
        for (size_t b = 0; b < p->bad_rows && b < INVENTORY_BAD_SHOWN; b++, shown++)
            if (shown < INVENTORY_BAD_SHOWN)
                estate_note(v->into, NOTE_UNREAD, NULL, "%s", p->bad[b].text);
    }
    if (bad > 0)
        estate_note(v->into, NOTE_UNREAD, v->manifest,
                    "%llu of %llu inventory rows could not be read and are not counted",
                    (unsigned long long)bad, (unsigned long long)rows);
    return true;
}

static bool publish(struct inventory *v, struct err *err)
{
    if (!report_parts(v, err))
        return false;
    s3_publish_tally(v->into, &v->tally, v->bucket, v->taken_on, v->manifest);
    return true;
}

static bool read_parquet(struct inventory *v, const struct node *doc, struct err *err)
{
    struct duckdb *db;
    if (!duckdb_open(&db, parallel_cores(), err))
        return err_within(err, "%s", v->manifest);
    tally_init(&v->tally);
    for (size_t i = 0; i < v->parts.count; i++)
        inventory_parquet_read(&v->tally, &v->parts.at[i], db,
                               node_text(node_get(doc, "fileSchema"), ""), v->taken_on);
    bool ok = publish(v, err);
    tally_release(&v->tally);
    duckdb_close(db);
    return ok;
}

static bool read_csv(struct inventory *v, const struct node *doc, struct err *err)
{
    const char *schema = node_text(node_get(doc, "fileSchema"), "");
    if (!inventory_schema_read(&v->schema, schema, err))
        return err_within(err, "%s", v->manifest);
    tally_init(&v->tally);
    read_parts(v);
    bool ok = publish(v, err);
    tally_release(&v->tally);
    return ok;
}

static bool read_inventory(struct estate *into, const char *manifest,
                           const struct ingest_options *options, struct err *err)
{
    struct inventory v = {.into = into,
                          .manifest = arena_strdup(&into->arena, manifest),
                          .strict = options->strict};
    const struct node *doc;
    bool ok =
        doc_read(&doc, &into->arena, manifest, err) && read_manifest(&v, doc, options, err);
    if (ok && strcmp(v.format, "CSV") == 0)
        ok = read_csv(&v, doc, err);
    else if (ok && strcmp(v.format, "Parquet") == 0)
        ok = read_parquet(&v, doc, err);
    else if (ok)
        ok =
            err_set(err,
                    "%s: the inventory is in %.20s files, which nothing here reads: configure "
                    "it as CSV or Parquet, or rewrite its files as Parquet (Spark does: "
                    "spark.read.orc(...).write.parquet(...)) and name them and the format in "
                    "the manifest",
                    manifest, v.format[0] ? v.format : "unnamed");
    VEC_FREE(&v.parts);
    return ok;
}

/* "2019-08-26T22-00Z": the folder of one snapshot. */
static bool is_snapshot(const char *name)
{
    static const char shape[] = "0000-00-00T00-00Z";
    for (size_t i = 0; shape[i]; i++)
        if (shape[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != shape[i])
            return false;
    return name[sizeof shape - 1] == '/' || name[sizeof shape - 1] == '\0';
}

/* The manifests of the snapshots in a configuration's folder, oldest first. */
static size_t find_snapshots(const char **last, struct arena *arena, const char *folder)
{
    struct path_list files = {0};
    size_t found = 0;
    *last = NULL;
    if (files_list(&files, arena, folder, true, NULL))
        for (size_t i = 0; i < files.paths.count; i++) {
            const char *path = files.paths.at[i], *relative = path + strlen(folder);
            relative += strspn(relative, "/");
            const char *base = path_base(path);
            bool here = base == relative && is_snapshot(path_base(folder));
            bool below = is_snapshot(relative) && strchr(relative, '/') + 1 == base;
            if (strcmp(base, "manifest.json") == 0 && (here || below)) {
                *last = path;
                found++;
            }
        }
    path_list_release(&files);
    return found;
}

static bool matches_folder(const char *folder)
{
    struct arena arena = ARENA_INIT;
    const char *last;
    bool found = find_snapshots(&last, &arena, folder) > 0;
    arena_release(&arena);
    return found;
}

static bool read_path(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    if (!files_is_folder(path))
        return read_inventory(into, path, options, err);
    const char *last;
    size_t found = find_snapshots(&last, &into->arena, path);
    if (found == 0)
        return err_set(err, "%s: no manifest.json of an S3 Inventory in it", path);
    if (found > 1)
        estate_note(into, NOTE_INFO, path,
                    "%zu snapshots of the inventory: the newest one is read, %s", found, last);
    return read_inventory(into, last, options, err);
}

static int matches(const struct probe *probe)
{
    return strstr(probe->bytes, "\"sourceBucket\"") && strstr(probe->bytes, "\"fileSchema\"")
               ? 2
               : 0;
}

extern const struct ingest_format ingest_s3_inventory;
const struct ingest_format ingest_s3_inventory = {
    .name = "S3 Inventory",
    .summary = "manifest.json of an S3 Inventory and its CSV parts, by prefix, age and size",
    .matches = matches,
    .read = read_path,
    .matches_folder = matches_folder,
};
