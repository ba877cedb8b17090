/* An S3 inventory of the three buckets, and a storage class analysis of the raw one. */
#include <math.h>

#include "world.h"

#define GIB 1073741824.0

struct bucket {
    const char *name, *storage_class;
    double gib, object_mib;
    const char *const *prefixes;
    int prefix_count;
    int oldest_days;
};

static const char *const raw[] = {"orders/", "clicks/", "listings/"};
static const char *const curated[] = {"north/orders/", "harbor/orders/", "summit/orders/"};
static const char *const archive[] = {"2024/", "2025/"};

static const struct bucket buckets[] = {
    {"acme-market-raw", "STANDARD", 40960, 512, raw, 3, 720},
    {"acme-market-curated", "STANDARD", 12288, 256, curated, 3, 400},
    {"acme-market-archive", "GLACIER_IR", 20480, 512, archive, 2, 900},
};

static void put_date(struct out *out, long day_number_from_1970, int hour)
{
    int year = 2026, month = 9;
    long first = day_number(2, 1);
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    while (day_number_from_1970 < first) {
        if (--month == 0) {
            month = 12;
            year--;
        }
        first -= days[month - 1] + (month == 2 && year % 4 == 0);
    }
    out_printf(out, "%04d-%02d-%02ldT%02d:00:00.000Z", year, month, day_number_from_1970 - first + 1, hour);
}

static void put_object(struct out *out, const struct bucket *b, const char *key, double bytes,
                       long created, int hour)
{
    out_printf(out, "\"%s\",\"%s\",\"%.0f\",\"", b->name, key, bytes);
    put_date(out, created, hour);
    out_printf(out, "\",\"%s\",\"false\"\n", b->storage_class);
}

/* Delta tables: a log beside the data, so that no rule may move files by age. */
static void put_delta_log(struct out *out, const struct bucket *b, long today)
{
    for (int p = 0; p < b->prefix_count; p++)
        for (int v = 0; v < 50; v++) {
            char key[160];
            snprintf(key, sizeof key, "%s_delta_log/%020d.json", b->prefixes[p], v);
            put_object(out, b, key, 9000 + v, today - 50 + v, 3);
        }
}

static bool write_bucket(const char *folder, const struct bucket *b)
{
    char name[256];
    struct dice dice = {(uint64_t)b->oldest_days};
    long today = day_number(MONTHS - 1, days_in(MONTHS - 1));
    long objects = (long)(b->gib * 1024 / b->object_mib);
    snprintf(name, sizeof name, "inventory/%s/daily/data/part-0.csv.gz", b->name);
    struct out *out = out_open(folder, name);
    if (!out)
        return false;
    for (long i = 0; i < objects; i++) {
        char key[160];
        long age = i * b->oldest_days / objects;
        snprintf(key, sizeof key, "%spart-%06ld.parquet", b->prefixes[i % b->prefix_count], i);
        double bytes = floor(b->object_mib * GIB / 1024 * dice_between(&dice, 0.9, 1.1));
        put_object(out, b, key, bytes, today - age, (int)(i % 24));
    }
    if (b->prefixes == curated)
        put_delta_log(out, b, today);
    if (!out_close(out))
        return false;
    snprintf(name, sizeof name, "inventory/%s/daily/2026-09-30T00-00Z/manifest.json", b->name);
    if (!(out = out_open(folder, name)))
        return false;
    out_printf(out,
               "{\"sourceBucket\":\"%s\",\"destinationBucket\":\"arn:aws:s3:::acme-inventory\","
               "\"version\":\"2016-11-30\",\"creationTimestamp\":\"%ld000\",\"fileFormat\":\"CSV\","
               "\"fileSchema\":\"Bucket, Key, Size, LastModifiedDate, StorageClass, IsMultipartUploaded\","
               "\"files\":[{\"key\":\"%s/daily/data/part-0.csv.gz\",\"size\":0}]}\n",
               b->name, today * 86400, b->name);
    return out_close(out);
}

/* What is read is read within two weeks of its arrival. */
static bool write_analysis(const char *folder)
{
    static const struct {
        const char *age;
        double stored_share, read_share_per_day;
    } ages[] = {{"000-014", 15 / 720.0, 0.08},  {"015-029", 15 / 720.0, 0.01}, {"030-044", 15 / 720.0, 0},
                {"045-059", 15 / 720.0, 0},     {"060-074", 15 / 720.0, 0},    {"075-089", 15 / 720.0, 0},
                {"090-119", 30 / 720.0, 0},     {"120-149", 30 / 720.0, 0},    {"150-179", 30 / 720.0, 0},
                {"180-364", 185 / 720.0, 0},    {"365-729", 355 / 720.0, 0},   {"730+", 0, 0}};
    struct out *out = out_open(folder, "class-analysis/acme-market-raw.csv");
    if (!out)
        return false;
    out_printf(out, "Date,ConfigId,Filter,StorageClass,ObjectAge,ObjectCount,DataUploaded_MB,Storage_MB,"
                    "DataRetrieved_MB,GetRequestCount,CumulativeAccessRatio,ObjectAgeForSIATransition,"
                    "RecommendedObjectAgeForSIATransition\n");
    for (int day = 1; day <= 30; day++)
        for (int i = 0; i < 12; i++) {
            double stored = buckets[0].gib * 1024 * ages[i].stored_share;
            out_printf(out, "09-%02d-2026,whole,,STANDARD,%s,,,%.2f,%.2f,%.0f,,,\n", day, ages[i].age,
                       stored, stored * ages[i].read_share_per_day,
                       stored * ages[i].read_share_per_day / 8);
        }
    return out_close(out);
}

bool write_inventory(const char *folder)
{
    const double stock_gib = buckets[0].gib * (720 - 30) / 720;
    plant("s3.", "acme-market-raw", stock_gib * (USD_S3_GB - 0.004),
          "what is older than 30 days is never read: Glacier Instant Retrieval holds it for 0.004");
    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        if (!write_bucket(folder, &buckets[i]))
            return false;
    return write_analysis(folder);
}
