/*
 * s3_inventory [MILLION-ROWS [FOLDER [TIMES]]]: makes an S3 Inventory of so many objects
 * (2; an existing FOLDER is used again), half of its parts listed folder by folder, half
 * in no order: partitioned tables, Unity Catalog's storage with random prefixes, delivered
 * logs, uploads with odd names. Every part is listed TIMES times (1) under other names.
 * Then measures, each in a process of its own and on two threads: inflating the parts and
 * nothing else, and reading the inventory. Prints seconds, million rows a second, peak
 * memory and the ratio.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "base/buf.h"
#include "base/when.h"
#include "ingest/ingest.h"
#include "io/files.h"
#include "io/stream.h"

extern const struct ingest_format ingest_s3_inventory;

enum {
    PARTS = 16,
    THREADS = 2,
    RUNS = 3,
    BLOCK = 128 * 1024,
    FILES_A_FOLDER = 200,
    TABLES = 150
};

struct measure {
    double seconds, cpu_seconds;
    long peak_kb;
};

struct part {
    char path[1024];
    uint64_t rows;
    unsigned number;
    bool made;
};

static uint64_t next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t x = *seed;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    return x ^ (x >> 27);
}

static uint64_t mix(uint64_t x)
{
    return next(&x);
}

static void print_uuid(char to[37], uint64_t of)
{
    uint64_t a = mix(of), b = mix(a);
    snprintf(to, 37, "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff), (unsigned)(b >> 52),
             (unsigned long long)(b & 0xffffffffffffu));
}

/* A file that a job wrote into a partition of a table: all of its files share the job's id. */
static int table_key(char *to, size_t room, uint64_t folder, uint64_t r)
{
    char on[DAY_TEXT], job[37];
    day_format(on, day_of(2024, 1, 1) + (day)(folder / TABLES % 700));
    print_uuid(job, folder);
    return snprintf(to, room,
                    "warehouse/db%02u/table%03u/dt%%3D%s/part-%05u-%s.c000.snappy.parquet",
                    (unsigned)(folder % TABLES / 10), (unsigned)(folder % TABLES), on,
                    (unsigned)(r % 200), job);
}

static int unity_key(char *to, size_t room, uint64_t folder, uint64_t r)
{
    static const char letters[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char catalog[37], table[37], file[37];
    print_uuid(catalog, folder % 3);
    print_uuid(table, folder % TABLES + 1000);
    print_uuid(file, r);
    if (r % 64 == 0)
        return snprintf(to, room, "__unitystorage/catalogs/%s/tables/%s/_delta_log/%020u.json",
                        catalog, table, (unsigned)(r >> 8 & 0xffff));
    return snprintf(
        to, room, "__unitystorage/catalogs/%s/tables/%s/%c%c/part-%05u-%s.c000.snappy.parquet",
        catalog, table, letters[folder / 62 % 62], letters[folder % 62],
        (unsigned)(r >> 40 & 0xff), file);
}

static int log_key(char *to, size_t room, uint64_t folder, uint64_t r)
{
    struct date on = date_of(day_of(2024, 1, 1) + (day)(folder % 700));
    return snprintf(to, room,
                    "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/%04d/%02d/%02d/"
                    "123456789012_elasticloadbalancing_eu-west-1_app.web-%u.%016llx_"
                    "%04d%02d%02dT%02u%02uZ_10.0.%u.%u_%08x.log.gz",
                    on.year, on.month, on.day, (unsigned)(folder % 12),
                    (unsigned long long)mix(folder % 12), on.year, on.month, on.day,
                    (unsigned)(r % 24), (unsigned)(r / 24 % 12 * 5), (unsigned)(r >> 8 & 3),
                    (unsigned)(r >> 10 & 0xff), (unsigned)(r >> 32));
}

static int upload_key(char *to, size_t room, uint64_t folder, uint64_t r)
{
    static const char *const names[] = {"R%C3%A9sum%C3%A9+%28final%29", "invoice",
                                        "%22quoted%22+name", "export"};
    static const char *const ends[] = {"csv", "json", "json.gz", "pdf"};
    return snprintf(to, room, "landing/tenant+%03u/%016llx/%s-%u.%s", (unsigned)(folder % 40),
                    (unsigned long long)mix(folder), names[r % 4], (unsigned)(r >> 40),
                    ends[r >> 2 & 3]);
}

static uint64_t size_of(uint64_t r)
{
    return (r >> 8) % 512 << (r >> 20) % 20;
}

static int print_row(char *to, size_t room, uint64_t *seed, unsigned kind, uint64_t folder)
{
    static int (*const keys[])(char *, size_t, uint64_t, uint64_t) = {table_key, unity_key,
                                                                      log_key, upload_key};
    static const char *const classes[] = {"STANDARD", "STANDARD",    "STANDARD",
                                          "STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING",
                                          "STANDARD", "GLACIER_IR"};
    char key[512], modified[DAY_TEXT], pieces[16] = "";
    uint64_t r = next(seed), tag = next(seed), low = next(seed);
    unsigned class = (unsigned)(low >> 40) % 8;
    bool multipart = size_of(r) > 8 << 20;
    keys[kind % 4](key, sizeof key, folder, r);
    day_format(modified, day_of(2024, 1, 1) + (day)(folder / TABLES % 700) + (day)(r % 3));
    if (multipart)
        snprintf(pieces, sizeof pieces, "-%u", (unsigned)(size_of(r) >> 23) + 1);
    return snprintf(to, room,
                    "\"lake-production\",\"%s\",\"%llu\",\"%sT%02u:%02u:%02u.000Z\","
                    "\"%016llx%016llx%s\",\"%s\",\"%s\",\"\",\"%s\",\"\",\"\",\"\",\"%s\","
                    "\"%s\",\"%s\"\n",
                    key, (unsigned long long)size_of(r), modified, (unsigned)(low >> 16 & 15),
                    (unsigned)(low >> 20 & 31), (unsigned)(low >> 25 & 31),
                    (unsigned long long)tag, (unsigned long long)low, pieces, classes[class],
                    multipart ? "true" : "false", kind % 4 == 2 ? "SSE-S3" : "SSE-KMS",
                    class == 5 ? "FREQUENT" : "", kind % 4 == 3 ? "DISABLED" : "ENABLED",
                    low % 7 ? "" : "CRC64NVME");
}

static void *make_part(void *argument)
{
    struct part *p = argument;
    uint64_t seed = 42 + p->number, folder;
    char line[1024];
    gzFile out = gzopen(p->path, "wb6");
    for (uint64_t i = 0; out && i < p->rows; i++) {
        bool listed = p->number % 2 == 0;
        folder = listed ? p->number * 1000 + i / FILES_A_FOLDER : next(&seed) % 100000;
        int n = print_row(line, sizeof line, &seed, p->number / 2, folder);
        if (gzwrite(out, line, (unsigned)n) != n)
            return NULL;
    }
    p->made = out && gzclose(out) == Z_OK;
    return NULL;
}

static bool make_parts(struct part *parts)
{
    for (int i = 0; i < PARTS; i += THREADS) {
        pthread_t other;
        bool started = pthread_create(&other, NULL, make_part, &parts[i + 1]) == 0;
        make_part(&parts[i]);
        if (started)
            pthread_join(other, NULL);
        if (!parts[i].made || !parts[i + 1].made)
            return false;
    }
    return true;
}

/* The parts once more under other names, as links: rows that cost no space. */
static bool link_parts(const struct part *parts, unsigned times)
{
    char path[1100];
    for (unsigned i = PARTS; i < PARTS * times; i++) {
        snprintf(path, sizeof path, "%.*s/part-%05u.csv.gz",
                 (int)(path_base(parts[0].path) - parts[0].path - 1), parts[0].path, i);
        if (link(parts[i % PARTS].path, path) != 0)
            return false;
    }
    return true;
}

static bool make_manifest(const char *path, unsigned times)
{
    struct buf text = BUF_INIT;
    buf_add(&text, "{\"sourceBucket\":\"lake-production\",\"destinationBucket\":"
                   "\"arn:aws:s3:::inventory\",\"version\":\"2016-11-30\","
                   "\"creationTimestamp\":\"1767225600000\",\"fileFormat\":\"CSV\","
                   "\"fileSchema\":\"Bucket, Key, Size, LastModifiedDate, ETag, StorageClass, "
                   "IsMultipartUploaded, ReplicationStatus, EncryptionStatus, "
                   "ObjectLockRetainUntilDate, ObjectLockMode, ObjectLockLegalHoldStatus, "
                   "IntelligentTieringAccessTier, BucketKeyStatus, ChecksumAlgorithm\","
                   "\"files\":[");
    for (unsigned i = 0; i < PARTS * times; i++)
        buf_printf(&text, "%s{\"key\":\"inventory/data/part-%05u.csv.gz\"}",
                   i ? "," : "", i);
    buf_add(&text, "]}\n");
    bool ok = files_write(path, buf_text(&text), text.length, NULL);
    buf_release(&text);
    return ok;
}

struct work {
    const struct part *parts;
    const char *manifest;
    size_t count; /* of parts, listed ones */
    atomic_size_t next;
};

static void *inflate_parts(void *argument)
{
    struct work *w = argument;
    char *block = malloc(BLOCK);
    size_t i, got;
    while (block && (i = atomic_fetch_add(&w->next, 1)) < w->count) {
        struct stream *s;
        if (!stream_open(&s, w->parts[i % PARTS].path, NULL))
            continue;
        while (stream_read(s, block, BLOCK, &got, NULL) && got)
            ;
        stream_close(s);
    }
    free(block);
    return NULL;
}

static void inflate_all(struct work *w)
{
    pthread_t other;
    bool started = pthread_create(&other, NULL, inflate_parts, w) == 0;
    inflate_parts(w);
    if (started)
        pthread_join(other, NULL);
}

static void read_all(struct work *w)
{
    struct estate *estate = estate_open();
    struct ingest_options options = {0};
    struct err err = ERR_INIT;
    if (!ingest_s3_inventory.read(estate, w->manifest, &options, &err))
        fprintf(stderr, "s3_inventory: %s\n", err.text);
    for (size_t i = 0; i < estate->notes.count; i++)
        fprintf(stderr, "s3_inventory: %s\n", estate->notes.at[i].text);
    estate_free(estate);
}

static struct measure run(void (*what)(struct work *), const struct part *parts,
                          const char *manifest, unsigned times)
{
    struct timespec from, to;
    struct rusage used;
    struct measure m = {0, 0, 0};
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t child = fork();
    if (child == 0) {
        struct work w = {.parts = parts, .manifest = manifest, .count = PARTS * times};
        what(&w);
        _exit(0);
    }
    if (child < 0 || wait4(child, &status, 0, &used) < 0)
        return m;
    clock_gettime(CLOCK_MONOTONIC, &to);
    m.seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    m.cpu_seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    m.peak_kb = used.ru_maxrss;
    return m;
}

static void keep_best(struct measure *best, struct measure m)
{
    if (best->seconds <= 0 || m.seconds < best->seconds)
        best->seconds = m.seconds;
    if (best->cpu_seconds <= 0 || m.cpu_seconds < best->cpu_seconds)
        best->cpu_seconds = m.cpu_seconds;
    if (m.peak_kb > best->peak_kb)
        best->peak_kb = m.peak_kb;
}

static void print(const char *name, struct measure m, double rows)
{
    printf("%-16s %7.2f s %7.2f million rows/s %7.2f CPU s %6.1f MB peak\n", name, m.seconds,
           rows / 1e6 / m.seconds, m.cpu_seconds, (double)m.peak_kb / 1024);
}

int main(int argc, char **argv)
{
    unsigned times = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
    double rows = (argc > 1 ? atof(argv[1]) : 2) * 1e6;
    char made[] = "/tmp/s3-inventory-bench-XXXXXX", data[900], manifest[900];
    const char *folder = argc > 2 ? argv[2] : mkdtemp(made);
    struct part parts[PARTS] = {0};
    if (!files_is_folder(folder) && mkdir(folder, 0700) != 0)
        return 1;
    snprintf(data, sizeof data, "%s/data", folder);
    snprintf(manifest, sizeof manifest, "%s/manifest.json", folder);
    for (unsigned i = 0; i < PARTS; i++) {
        parts[i].number = i;
        parts[i].rows = (uint64_t)(rows / PARTS / times);
        snprintf(parts[i].path, sizeof parts[i].path, "%s/part-%05u.csv.gz", data, i);
    }
    if (!files_exists(manifest) &&
        (mkdir(data, 0700) != 0 || !make_parts(parts) || !link_parts(parts, times) ||
         !make_manifest(manifest, times)))
        return 1;
    struct measure inflating = {0, 0, 0}, reading = {0, 0, 0};
    for (int i = 0; i < RUNS; i++) {
        keep_best(&inflating, run(inflate_all, parts, manifest, times));
        keep_best(&reading, run(read_all, parts, manifest, times));
    }
    print("inflating alone", inflating, rows);
    print("reading", reading, rows);
    printf("ratio %.2f, of CPU time %.2f\n", reading.seconds / inflating.seconds,
           reading.cpu_seconds / inflating.cpu_seconds);
    for (unsigned i = 0; argc <= 2 && i < PARTS; i++)
        remove(parts[i].path);
    if (argc <= 2) {
        remove(manifest);
        rmdir(data);
        rmdir(folder);
    }
    return 0;
}
