#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "csv_export.h"
#include "ingest/ingest.h"
#include "io/files.h"
#include "s3_publish.h"

/*
 * The CSV export of S3 Storage Class Analysis: stored and retrieved bytes by day
 * and age group, of objects of 128 KiB and more. A megabyte is 2^20 bytes.
 */
enum {
    COLUMN_DATE,
    COLUMN_FILTER,
    COLUMN_AGE,
    COLUMN_STORED,
    COLUMN_READ,
    COLUMN_GETS,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    "Date", "Filter", "ObjectAge", "Storage_MB", "DataRetrieved_MB", "GetRequestCount"};

/* One filter of one export. */
struct filtered {
    sym prefix;
    day first, last;
    double read_bytes[AGE_BINS], requests[AGE_BINS], byte_days[AGE_BINS];
};

struct analysis {
    struct csv_export export;
    struct estate *into;
    VEC(struct filtered) filters;
    uint64_t tagged;
};

/* "06-30-2026", as the export writes it. */
static bool read_date(day *out, const char *text)
{
    char iso[DAY_TEXT];
    if (strlen(text) != 10 || text[2] != '-' || text[5] != '-')
        return false;
    memcpy(iso, text + 6, 4);
    iso[4] = '-';
    memcpy(iso + 5, text, 5);
    iso[10] = '\0';
    return day_parse(out, iso, 10);
}

/* "015-029" or "730+" in days; the last day is included. */
static bool read_ages(int *from, int *to, const char *text)
{
    char *end;
    long first = strtol(text, &end, 10);
    *from = (int)first;
    if (end == text || first < 0 || first > 100000)
        return false;
    if (strcmp(end, "+") == 0) {
        *to = object_age_bound_days[AGE_BINS - 1];
        return true;
    }
    const char *second = end + 1;
    if (*end != '-')
        return false;
    *to = (int)strtol(second, &end, 10);
    return end > second && *end == '\0' && *to >= *from && *to < 100000;
}

static bool read_number(double *out, const char *text)
{
    char *end;
    *out = text[0] ? strtod(text, &end) : 0;
    return text[0] == '\0' || (*end == '\0' && *out >= 0 && isfinite(*out));
}

/* The prefix of "prefix=logs/", "Prefix:logs/&tag..." or "logs/"; NULL when by tags alone. */
static const char *prefix_of(struct arena *arena, const char *filter)
{
    const char *at = strcasestr(filter, "prefix");
    if (!at)
        return strchr(filter, '=') ? NULL : filter;
    at += strlen("prefix");
    at += strspn(at, " =:");
    return arena_strndup(arena, at, strcspn(at, ",;&"));
}

static struct filtered *filter_of(struct analysis *a, const char *prefix, day on)
{
    sym name = intern(a->into->symbols, prefix);
    for (size_t i = 0; i < a->filters.count; i++)
        if (a->filters.at[i].prefix == name)
            return &a->filters.at[i];
    struct filtered *f = VEC_PUSH(&a->filters);
    f->prefix = name;
    f->first = f->last = on;
    return f;
}

/* An age group of the export may span several bins: each takes its part of the days. */
static void spread(struct filtered *f, int from, int to, double stored, double read,
                   double requests)
{
    double width = to == object_age_bound_days[AGE_BINS - 1] ? 3 * 365 : to + 1 - from;
    for (int a = 0, low = 0; a < AGE_BINS; low = object_age_bound_days[a++]) {
        double high = a == AGE_BINS - 1 ? low + 365 : object_age_bound_days[a];
        double share = (fmin(high, from + width) - fmax(low, from)) / width;
        if (share <= 0)
            continue;
        f->byte_days[a] += stored * share;
        f->read_bytes[a] += read * share;
        f->requests[a] += requests * share;
    }
}

static bool take_row(void *into)
{
    struct analysis *a = into;
    const char *text[COLUMNS];
    double stored, read, requests;
    int from, to;
    day on;
    for (size_t c = 0; c < COLUMNS; c++)
        text[c] = csv_export_text(&a->export, c);
    if (strcmp(text[COLUMN_AGE], "ALL") == 0)
        return true;
    const char *prefix = prefix_of(&a->into->arena, text[COLUMN_FILTER]);
    if (!prefix) {
        a->tagged++;
        return true;
    }
    if (!read_date(&on, text[COLUMN_DATE]) || !read_ages(&from, &to, text[COLUMN_AGE]) ||
        !read_number(&stored, text[COLUMN_STORED]) || !read_number(&read, text[COLUMN_READ]) ||
        !read_number(&requests, text[COLUMN_GETS]))
        return false;
    struct filtered *f = filter_of(a, prefix, on);
    f->first = on < f->first ? on : f->first;
    f->last = on > f->last ? on : f->last;
    spread(f, from, to, stored * 0x1p20, read * 0x1p20, requests);
    return true;
}

/*
 * The export does not name its bucket; its path does: a bucket that is known
 * already, else the file's own name without its ending.
 */
static uint32_t bucket_of(struct estate *into, const char *path)
{
    uint32_t found = NOTHING;
    size_t longest = 0;
    for (uint32_t i = 0; i < into->resources.count; i++) {
        const struct resource *r = &into->resources.at[i];
        if (r->type && strcmp(r->type, "aws_s3_bucket") == 0 && r->id &&
            strlen(r->id) > longest && strstr(path, r->id)) {
            found = i;
            longest = strlen(r->id);
        }
    }
    if (found != NOTHING)
        return found;
    const char *base = path_base(path);
    return s3_bucket(into, arena_strndup(&into->arena, base, strcspn(base, ".")));
}

static void publish(struct analysis *a)
{
    uint32_t bucket = bucket_of(a->into, a->export.path);
    for (size_t i = 0; i < a->filters.count; i++) {
        const struct filtered *f = &a->filters.at[i];
        struct access_evidence *e = VEC_PUSH(&a->into->access);
        e->bucket = bucket;
        e->prefix = f->prefix;
        e->days = f->last - f->first + 1;
        e->source = a->export.path;
        memcpy(e->read_bytes, f->read_bytes, sizeof e->read_bytes);
        memcpy(e->read_requests, f->requests, sizeof e->read_requests);
        memcpy(e->stored_byte_days, f->byte_days, sizeof e->stored_byte_days);
    }
    csv_export_note(&a->export, a->into);
    estate_note_many(a->into, NOTE_INFO, a->export.path, a->tagged,
                     "%llu rows are filtered by tags alone and are left out: no prefix to give "
                     "them to",
                     (unsigned long long)a->tagged);
}

static bool read_analysis(struct estate *into, const char *path,
                          const struct ingest_options *options, struct err *err)
{
    struct analysis a = {.into = into};
    bool ok = csv_export_open(&a.export, arena_strdup(&into->arena, path), column_names,
                              COLUMNS, err) &&
              csv_export_each(&a.export, take_row, &a,
                              "a date, an age group or a number cannot be read",
                              options->strict, err);
    if (ok)
        publish(&a);
    csv_close(a.export.csv);
    VEC_FREE(&a.filters);
    return ok;
}

static int matches(const struct probe *probe)
{
    return strstr(probe->bytes, "ObjectAge") && strstr(probe->bytes, "DataRetrieved_MB") ? 2
                                                                                         : 0;
}

extern const struct ingest_format ingest_s3_class_analysis;
const struct ingest_format ingest_s3_class_analysis = {
    .name = "S3 Storage Class Analysis",
    .summary = "CSV export of a class analysis: stored and retrieved bytes by age",
    .matches = matches,
    .read = read_analysis,
};
