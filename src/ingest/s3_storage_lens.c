#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_export.h"
#include "ingest/ingest.h"
#include "s3_publish.h"

/*
 * The CSV metrics export of S3 Storage Lens. Rows of the level BUCKET are summed
 * over storage classes for the newest day; ACCOUNT and PREFIX rows say the same
 * bytes again and are left out.
 */
enum {
    COLUMN_DATE,
    COLUMN_REGION,
    COLUMN_TYPE,
    COLUMN_BUCKET,
    COLUMN_NAME,
    COLUMN_VALUE,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    "report_date", "aws_region", "record_type", "bucket_name", "metric_name", "metric_value"};

static const struct {
    const char *metric, *usage;
} metrics[] = {
    {"StorageBytes", "bytes"},
    {"ObjectCount", "objects"},
    {"NonCurrentVersionStorageBytes", "noncurrent_bytes"},
    {"NonCurrentVersionObjectCount", "noncurrent_objects"},
    {"DeleteMarkerObjectCount", "delete_markers"},
    {"IncompleteMultipartUploadStorageBytes", "incomplete_upload_bytes"},
    {"IncompleteMPUStorageBytesOlderThan7Days", "incomplete_upload_bytes_over_7_days"},
    {"TotalLifecycleRuleCount", "lifecycle_rules"},
};
enum { METRICS = sizeof metrics / sizeof *metrics };

struct bucket {
    sym name, region;
    double value[METRICS];
    bool seen[METRICS];
};

struct lens {
    struct csv_export export;
    struct estate *into;
    day newest;
    VEC(struct bucket) buckets; /* of that day */
    struct map by_name;
};

static struct bucket *bucket_of(struct lens *l, const char *name, const char *region)
{
    size_t index = l->buckets.count;
    if (map_get(&l->by_name, name, strlen(name), &index))
        return &l->buckets.at[index];
    struct bucket *b = VEC_PUSH(&l->buckets);
    b->name = intern(l->into->symbols, name);
    map_put(&l->by_name, b->name, strlen(name), index);
    b->region = region[0] ? intern(l->into->symbols, region) : NULL;
    return b;
}

static int metric_named(const char *name)
{
    for (int m = 0; m < METRICS; m++)
        if (strcmp(metrics[m].metric, name) == 0)
            return m;
    return -1;
}

static bool take_row(void *into)
{
    struct lens *l = into;
    const char *text[COLUMNS];
    day on;
    char *end;
    for (size_t c = 0; c < COLUMNS; c++)
        text[c] = csv_export_text(&l->export, c);
    int metric = metric_named(text[COLUMN_NAME]);
    if (strcmp(text[COLUMN_TYPE], "BUCKET") != 0 || metric < 0)
        return true;
    double value = strtod(text[COLUMN_VALUE], &end);
    if (!day_parse(&on, text[COLUMN_DATE], strlen(text[COLUMN_DATE])) ||
        end == text[COLUMN_VALUE] || *end != '\0' || !(value >= 0) || !isfinite(value) ||
        text[COLUMN_BUCKET][0] == '\0')
        return false;
    if (on > l->newest) {
        l->newest = on;
        l->buckets.count = 0;
        map_release(&l->by_name);
    }
    if (on < l->newest)
        return true;
    struct bucket *b = bucket_of(l, text[COLUMN_BUCKET], text[COLUMN_REGION]);
    b->value[metric] += value;
    b->seen[metric] = true;
    return true;
}

static void publish(struct lens *l)
{
    struct arena *arena = &l->into->arena;
    char text[DAY_TEXT];
    for (size_t i = 0; i < l->buckets.count; i++) {
        const struct bucket *b = &l->buckets.at[i];
        uint32_t resource = s3_bucket(l->into, b->name);
        struct resource *r = &l->into->resources.at[resource];
        struct node *map = node_new(arena, NODE_MAP);
        r->region = r->region ? r->region : b->region;
        node_add(arena, map, "taken_on", node_string(arena, day_format(text, l->newest)));
        node_add(arena, map, "source", node_string(arena, l->export.path));
        for (int m = 0; m < METRICS; m++)
            if (b->seen[m])
                node_add(arena, map, metrics[m].usage, node_number_new(arena, b->value[m]));
        s3_usage_set(l->into, resource, "s3_lens", map);
    }
    csv_export_note(&l->export, l->into);
}

static bool read_lens(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct lens l = {.into = into};
    bool ok = csv_export_open(&l.export, arena_strdup(&into->arena, path), column_names,
                              COLUMNS, err) &&
              csv_export_each(&l.export, take_row, &l,
                              "a date, a bucket or a value cannot be read", options->strict, err);
    if (ok)
        publish(&l);
    csv_close(l.export.csv);
    VEC_FREE(&l.buckets);
    map_release(&l.by_name);
    return ok;
}

static int matches(const struct probe *probe)
{
    return strncmp(probe->bytes, "version_number,configuration_id,report_date", 43) == 0 ? 2
                                                                                         : 0;
}

extern const struct ingest_format ingest_s3_storage_lens;
const struct ingest_format ingest_s3_storage_lens = {
    .name = "S3 Storage Lens",
    .summary = "CSV metrics export: incomplete uploads, versions and rules by bucket",
    .matches = matches,
    .read = read_lens,
};
