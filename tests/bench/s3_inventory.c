/*
 * s3_inventory [MILLION-ROWS [FOLDER]]: makes an S3 Inventory of so many objects (2; an
 * existing FOLDER is used again), half of its parts listed folder by folder, half in no
 * order, then measures, each in a process of its own and on two threads: inflating the
 * parts and nothing else, and reading the inventory. Prints seconds, million rows a
 * second, peak memory and the ratio.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
    BLOCK = 1 << 20,
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

static int print_row(char *to, size_t room, uint64_t *seed, uint64_t folder)
{
    static const char *const classes[] = {
        "STANDARD",  "STANDARD", "STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING",
        "GLACIER_IR"};
    char on[DAY_TEXT], modified[DAY_TEXT];
    uint64_t a = next(seed), b = next(seed), c = next(seed);
    day written = day_of(2024, 1, 1) + (day)(folder / TABLES % 700);
    unsigned class = (unsigned)(c >> 40) % 6;
    day_format(on, written);
    day_format(modified, written + (day)(a % 3));
    uint64_t size = (a >> 8) % 512 << (a >> 20) % 20;
    return snprintf(to, room,
                    "\"lake-production\",\"warehouse/db%02u/table%03u/dt%%3D%s/"
                    "part-%05u-%08x-%04x-%04x.c000.snappy.parquet\",\"%llu\","
                    "\"%sT%02u:%02u:%02u.000Z\",\"%016llx%016llx\",\"%s\",\"false\",\"\","
                    "\"SSE-KMS\",\"\",\"\",\"\",\"%s\",\"ENABLED\",\"\"\n",
                    (unsigned)(folder % TABLES / 10), (unsigned)(folder % TABLES), on,
                    (unsigned)(b % 100000), (unsigned)(b >> 32), (unsigned)(b >> 16 & 0xffff),
                    (unsigned)(c & 0xffff), (unsigned long long)size, modified,
                    (unsigned)(c >> 16 & 15), (unsigned)(c >> 20 & 31),
                    (unsigned)(c >> 25 & 31), (unsigned long long)b, (unsigned long long)c,
                    classes[class], class == 4 ? "FREQUENT" : "");
}

static void *make_part(void *argument)
{
    struct part *p = argument;
    uint64_t seed = 42 + p->number, folder = p->number * 1000;
    char line[1024];
    gzFile out = gzopen(p->path, "wb6");
    for (uint64_t i = 0; out && i < p->rows; i++) {
        bool listed = p->number % 2 == 0;
        folder = listed ? p->number * 1000 + i / FILES_A_FOLDER : next(&seed) % 100000;
        int n = print_row(line, sizeof line, &seed, folder);
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

static bool make_manifest(const char *path)
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
    for (unsigned i = 0; i < PARTS; i++)
        buf_printf(&text, "%s{\"key\":\"inventory/data/part-%02u.csv.gz\",\"size\":1}",
                   i ? "," : "", i);
    buf_add(&text, "]}\n");
    bool ok = files_write(path, buf_text(&text), text.length, NULL);
    buf_release(&text);
    return ok;
}

struct work {
    const struct part *parts;
    const char *manifest;
    atomic_size_t next;
};

static void *inflate_parts(void *argument)
{
    struct work *w = argument;
    char *block = malloc(BLOCK);
    size_t i, got;
    while (block && (i = atomic_fetch_add(&w->next, 1)) < PARTS) {
        struct stream *s;
        if (!stream_open(&s, w->parts[i].path, NULL))
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
                          const char *manifest)
{
    struct timespec from, to;
    struct rusage used;
    struct measure m = {0, 0, 0};
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t child = fork();
    if (child == 0) {
        struct work w = {.parts = parts, .manifest = manifest};
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
        parts[i].rows = (uint64_t)(rows / PARTS);
        snprintf(parts[i].path, sizeof parts[i].path, "%s/part-%02u.csv.gz", data, i);
    }
    if (!files_exists(manifest) &&
        (mkdir(data, 0700) != 0 || !make_parts(parts) || !make_manifest(manifest)))
        return 1;
    struct measure inflating = {0, 0, 0}, reading = {0, 0, 0};
    for (int i = 0; i < RUNS; i++) {
        keep_best(&inflating, run(inflate_all, parts, manifest));
        keep_best(&reading, run(read_all, parts, manifest));
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
