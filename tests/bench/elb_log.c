/*
 * elb_log [MB [FOLDER [TIMES]]]: makes access logs of that size before compression (1000;
 * an existing FOLDER is used again): of application load balancers mostly, some network and
 * Classic ones. Every file is there TIMES times (1) under other names. Then measures, each in
 * a process of its own and on two threads: inflating the files and nothing else, and reading
 * them into traffic by the minute. Prints seconds, MB/s, peak memory and the ratio.
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

#include "ingest/elb_log.h"
#include "io/files.h"
#include "io/stream.h"

enum { FILES = 64, THREADS = 2, RUNS = 3, BLOCK = 128 * 1024, NODES = 8 };

struct measure {
    double seconds, cpu_seconds;
    long peak_kb;
};

static uint64_t next(uint64_t *seed)
{
    *seed += 0x9e3779b97f4a7c15u;
    uint64_t x = *seed;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* Where a line's client and target are, what was asked and when it was answered. */
struct request {
    uint64_t r, tag, low;
    unsigned day, second, micro, status;
    char client[32], target[32];
};

static struct request make_request(uint64_t *seed, unsigned file, unsigned second)
{
    struct request q = {.r = next(seed), .tag = next(seed), .low = next(seed)};
    q.day = 1 + file % 28;
    q.second = second % 86400;
    q.micro = (unsigned)(q.low % 1000000);
    q.status = q.r % 100 < 94 ? 200 : q.r % 100 < 97 ? 304 : q.r % 100 < 99 ? 404 : 503;
    snprintf(q.client, sizeof q.client, "%u.%u.%u.%u:%u", 52 + (unsigned)(q.r >> 8) % 40,
             (unsigned)(q.r >> 14) & 255, (unsigned)(q.r >> 22) & 255,
             (unsigned)(q.r >> 30) & 255, 1024 + (unsigned)(q.r >> 38) % 60000);
    snprintf(q.target, sizeof q.target, "10.0.%u.%u:8443", (unsigned)(q.low >> 20) % 3,
             10 + (unsigned)(q.low >> 22) % 24);
    return q;
}

static const char *const agents[] = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
    "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
    "databricks-sql-connector/3.1.2 (linux; x86_64)",
    "python-requests/2.31.0",
    "Mozilla/5.0 (compatible; \\\"quoted\\\" bot; +https://bot.example.com/\\x22about\\x22)",
    "okhttp/4.12.0",
    "-",
};
enum { AGENTS = sizeof agents / sizeof *agents };

static int application_line(char *to, size_t room, const struct request *q)
{
    static const char *const types[] = {"h2", "https", "h2", "http",
                                        "h2", "wss",   "h2", "https"};
    static const char *const paths[] = {
        "rows?cursor=", "schema?at=", "rows/batch?filter=%22a%22&n=", "events?since="};
    bool answered = q->status != 503;
    unsigned group = (unsigned)(q->tag % 6);
    char times[32] = "-1 -1 -1";
    if (answered)
        snprintf(times, sizeof times, "0.00%u %u.%03u 0.000", (unsigned)(q->low >> 30) % 3,
                 (unsigned)(q->low >> 32) % 60 == 0, (unsigned)(q->low >> 38) % 400);
    return snprintf(
        to, room,
        "%s 2026-03-%02uT%02u:%02u:%02u.%06uZ app/marketplace/50dc6c495c0c9188 %s %s %s %u %s "
        "%u %u \"%s https://data.example.com:443/v1/tables/%08x/%s%u HTTP/2.0\" \"%s\" %s "
        "TLSv1.%u "
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/rows-%u/"
        "73e2d6bc24d8a06%u \"Root=1-%08x-%08x%016llx\" \"%s.example.com\" "
        "\"arn:aws:acm:eu-west-1:123456789012:certificate/"
        "12345678-1234-1234-1234-123456789012\" "
        "%u 2026-03-%02uT%02u:%02u:%02u.%06uZ \"%s\" \"-\" \"-\" \"%s\" \"%s\" \"-\" \"-\" "
        "TID_%016llx%016llx\n",
        types[q->tag >> 8 & 7], q->day, q->second / 3600, q->second / 60 % 60, q->second % 60,
        q->micro, q->client, answered ? q->target : "-", times, q->status,
        answered ? "200" : "-", 100 + (unsigned)(q->tag >> 12) % 900,
        500 + (unsigned)(q->tag >> 22) % 60000, q->tag & 0x800 ? "GET" : "POST",
        (unsigned)(q->tag >> 32) & 0xfff, paths[q->tag >> 40 & 3], (unsigned)(q->low >> 8),
        agents[(q->tag >> 44) % AGENTS],
        q->tag & 0x400 ? "TLS_AES_128_GCM_SHA256" : "ECDHE-RSA-AES128-GCM-SHA256",
        q->tag & 0x400 ? 3 : 2, group, group, 0x69a00000 + q->second, (unsigned)q->r,
        (unsigned long long)q->tag, group < 4 ? "data" : "api", 1 + group * 5, q->day,
        q->second / 3600, q->second / 60 % 60, q->second % 60, q->micro / 2,
        answered ? "forward" : "waf,forward", answered ? q->target : "-",
        answered ? "200" : "-", (unsigned long long)q->low, (unsigned long long)q->r);
}

static int network_line(char *to, size_t room, const struct request *q)
{
    return snprintf(
        to, room,
        "tls 2.0 2026-03-%02uT%02u:%02u:%02u net/edge/c6e77e28c25b2234 "
        "g3d4b5e8bb8464cd %s %s %u %u %u %u - "
        "arn:aws:acm:eu-west-1:123456789012:certificate/2a108f19-aded-46b0-8493-"
        "c63eb1ef4a99 - ECDHE-RSA-AES128-GCM-SHA256 tlsv12 - "
        "edge-%u.example.com h2 - \"h2\",\"http/1.1\" 2026-03-%02uT%02u:%02u:%02u\n",
        q->day, q->second / 3600, q->second / 60 % 60, q->second % 60, q->client, q->target,
        (unsigned)(q->low >> 32) % 90000, (unsigned)(q->low >> 50) % 20,
        100 + (unsigned)(q->tag >> 12) % 9000, (unsigned)(q->tag >> 22) % 600000,
        (unsigned)(q->tag >> 40) % 8, q->day, q->second / 3600, q->second / 60 % 60,
        q->second % 60);
}

static int classic_line(char *to, size_t room, const struct request *q)
{
    return snprintf(to, room,
                    "2026-03-%02uT%02u:%02u:%02u.%06uZ legacy-web %s %s 0.0000%02u 0.%06u "
                    "0.0000%02u %u %u %u %u \"GET https://www.example.com:443/p/%x HTTP/1.1\" "
                    "\"%s\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2\n",
                    q->day, q->second / 3600, q->second / 60 % 60, q->second % 60, q->micro,
                    q->client, q->target, (unsigned)(q->low >> 30) % 90 + 10,
                    (unsigned)(q->low >> 32) % 400000, (unsigned)(q->low >> 52) % 90 + 10,
                    q->status, q->status, (unsigned)(q->tag >> 12) % 900,
                    500 + (unsigned)(q->tag >> 22) % 60000, (unsigned)(q->tag >> 40),
                    agents[(q->tag >> 44) % AGENTS]);
}

/* One file in eight is of a network load balancer, one of a Classic one. */
static int print_line(char *to, size_t room, const struct request *q, unsigned file)
{
    return file % NODES == 6   ? network_line(to, room, q)
           : file % NODES == 7 ? classic_line(to, room, q)
                               : application_line(to, room, q);
}

static void name_file(char *to, size_t room, const char *folder, unsigned file)
{
    snprintf(to, room,
             "%s/123456789012_elasticloadbalancing_eu-west-1_app.marketplace.50dc_%04u.log.gz",
             folder, file);
}

static bool make_file(const char *folder, unsigned file, size_t bytes)
{
    char path[1024], line[4096];
    uint64_t seed = 17 + file;
    size_t written = 0;
    name_file(path, sizeof path, folder, file);
    gzFile out = gzopen(path, "wb6");
    for (unsigned i = 0; out && written < bytes; i++) {
        struct request q = make_request(&seed, file, i / 200);
        int n = print_line(line, sizeof line, &q, file);
        written += (size_t)n;
        gzwrite(out, line, (unsigned)n);
    }
    return out && gzclose(out) == Z_OK;
}

static bool make_files(const char *folder, size_t bytes, unsigned times)
{
    char from[1024], to[1024];
    for (unsigned i = 0; i < FILES; i++)
        if (!make_file(folder, i, bytes / FILES / times))
            return false;
    for (unsigned i = FILES; i < FILES * times; i++) {
        name_file(from, sizeof from, folder, i % FILES);
        name_file(to, sizeof to, folder, i);
        if (link(from, to) != 0)
            return false;
    }
    return true;
}

struct inflation {
    const char *const *paths;
    size_t count;
    atomic_size_t next;
};

static void *inflate_files(void *context)
{
    struct inflation *work = context;
    char *block = malloc(BLOCK);
    size_t i, got;
    while (block && (i = atomic_fetch_add(&work->next, 1)) < work->count) {
        struct stream *s;
        if (!stream_open(&s, work->paths[i], NULL))
            continue;
        while (stream_read(s, block, BLOCK, &got, NULL) && got)
            ;
        stream_close(s);
    }
    free(block);
    return NULL;
}

static void inflate_all(const char *const *paths, size_t count)
{
    struct inflation work = {.paths = paths, .count = count};
    pthread_t other;
    bool started = pthread_create(&other, NULL, inflate_files, &work) == 0;
    inflate_files(&work);
    if (started)
        pthread_join(other, NULL);
}

static void read_all(const char *const *paths, size_t count)
{
    struct estate *estate = estate_open();
    struct err err = ERR_INIT;
    if (!elb_log_read_files(estate, paths, count, THREADS, NULL, &err))
        fprintf(stderr, "elb_log: %s\n", err.text);
    estate_free(estate);
}

static struct measure run(void (*what)(const char *const *, size_t),
                          const struct path_list *files)
{
    struct timespec from, to;
    struct rusage used;
    struct measure m = {0, 0, 0};
    int status;
    clock_gettime(CLOCK_MONOTONIC, &from);
    pid_t child = fork();
    if (child == 0) {
        what(files->paths.at, files->paths.count);
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

static struct measure best_of(void (*what)(const char *const *, size_t),
                              const struct path_list *files)
{
    struct measure best = run(what, files);
    for (int i = 1; i < RUNS; i++) {
        struct measure m = run(what, files);
        best.seconds = m.seconds < best.seconds ? m.seconds : best.seconds;
        best.cpu_seconds = m.cpu_seconds < best.cpu_seconds ? m.cpu_seconds : best.cpu_seconds;
        best.peak_kb = m.peak_kb > best.peak_kb ? m.peak_kb : best.peak_kb;
    }
    return best;
}

static void print(const char *name, struct measure m, double megabytes)
{
    printf("%-16s %7.2f s %8.0f MB/s %7.2f CPU s %6.1f MB peak\n", name, m.seconds,
           megabytes / m.seconds, m.cpu_seconds, (double)m.peak_kb / 1024);
}

int main(int argc, char **argv)
{
    double megabytes = argc > 1 ? atof(argv[1]) : 1000;
    char made[] = "/tmp/elb-log-bench-XXXXXX";
    unsigned times = argc > 3 ? (unsigned)atoi(argv[3]) : 1;
    const char *folder = argc > 2 ? argv[2] : mkdtemp(made);
    struct arena arena = ARENA_INIT;
    struct path_list files = {0};
    if (!files_is_folder(folder) && mkdir(folder, 0700) != 0)
        return 1;
    if (!files_list(&files, &arena, folder, false, NULL) || files.paths.count == 0) {
        if (!make_files(folder, (size_t)(megabytes * 1e6), times))
            return 1;
        path_list_release(&files);
        files_list(&files, &arena, folder, false, NULL);
    }
    struct measure inflating = best_of(inflate_all, &files),
                   reading = best_of(read_all, &files);
    print("inflating alone", inflating, megabytes);
    print("reading", reading, megabytes);
    printf("ratio %.2f, of CPU time %.2f\n", reading.seconds / inflating.seconds,
           reading.cpu_seconds / inflating.cpu_seconds);
    for (size_t i = 0; argc <= 2 && i < files.paths.count; i++)
        remove(files.paths.at[i]);
    if (argc <= 2)
        rmdir(folder);
    path_list_release(&files);
    arena_release(&arena);
    return 0;
}
