#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/ingest.h"
#include "io/csv.h"
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
    struct estate *into;
    const char *path;
    struct csv *csv;
    size_t column[COLUMNS];
    day newest;
    VEC(struct bucket) buckets;
    uint64_t bad;
    struct err first_bad;
};

static struct bucket *bucket_of(struct lens *l, const char *name, const char *region)
{
    sym known = intern(l->into->symbols, name);
    for (size_t i = 0; i < l->buckets.count; i++)
        if (l->buckets.at[i].name == known)
            return &l->buckets.at[i];
    struct bucket *b = VEC_PUSH(&l->buckets);
    b->name = known;
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

static bool take_row(struct lens *l)
{
    const char *text[COLUMNS];
    day on;
    char *end;
    for (int c = 0; c < COLUMNS; c++)
        text[c] = csv_text(l->csv, l->column[c]);
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
    }
    if (on < l->newest)
        return true;
    struct bucket *b = bucket_of(l, text[COLUMN_BUCKET], text[COLUMN_REGION]);
    b->value[metric] += value;
    b->seen[metric] = true;
    return true;
}

static bool take_rows(struct lens *l, const struct ingest_options *options, struct err *err)
{
    bool more;
    for (;;) {
        if (!csv_next(l->csv, &more, err))
            return false;
        if (!more)
            return true;
        if (take_row(l))
            continue;
        if (l->bad++ == 0)
            err_row(&l->first_bad, l->path, csv_row(l->csv), NULL,
                    "a date, a bucket or a value cannot be read");
        if (options->strict)
            return err_set(err, "%s", l->first_bad.text);
    }
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
        node_add(arena, map, "source", node_string(arena, l->path));
        for (int m = 0; m < METRICS; m++)
            if (b->seen[m])
                node_add(arena, map, metrics[m].usage, node_number_new(arena, b->value[m]));
        s3_usage_set(l->into, resource, "s3_lens", map);
    }
    if (l->bad > 0)
        estate_note(l->into, NOTE_UNREAD, NULL, "%llu rows are not counted; the first: %s",
                    (unsigned long long)l->bad, l->first_bad.text);
}

static bool read_lens(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct lens l = {.into = into, .path = arena_strdup(&into->arena, path)};
    if (!csv_open(&l.csv, path, err))
        return false;
    bool ok = true;
    for (int c = 0; c < COLUMNS && ok; c++) {
        l.column[c] = csv_column(l.csv, column_names[c]);
        if (l.column[c] == (size_t)-1)
            ok = err_set(err, "%s: has no column %s", path, column_names[c]);
    }
    ok = ok && take_rows(&l, options, err);
    if (ok)
        publish(&l);
    csv_close(l.csv);
    VEC_FREE(&l.buckets);
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
