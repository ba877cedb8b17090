/*
 * elb_log [MB [FOLDER]]: makes access logs of an application load balancer of that size
 * before compression (1000; an existing FOLDER is used again), then measures, each in a
 * process of its own and on two threads: inflating the files and nothing else, and reading
 * them into traffic by the minute. Prints seconds, MB/s, peak memory and the ratio.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "ingest/elb_log.h"
#include "io/files.h"
#include "io/stream.h"

enum { FILES = 64, THREADS = 2, RUNS = 3, BLOCK = 1024 * 1024 };

struct measure {
    double seconds;
    long peak_kb;
};

static unsigned next(unsigned *seed)
{
    *seed = *seed * 1103515245u + 12345u;
    return *seed >> 8;
}

static int print_line(char *to, size_t room, unsigned *seed, unsigned file, unsigned second)
{
    static const char *const agents[] = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36",
        "databricks-sql-connector/3.1.2 (linux; x86_64)",
        "python-requests/2.31.0",
    };
    unsigned r = next(seed), minute = second / 60 % 60, hour = second / 3600 % 24;
    return snprintf(
        to, room,
        "h2 2026-03-%02uT%02u:%02u:%02u.%06uZ app/marketplace/50dc6c495c0c9188 "
        "10.%u.%u.%u:%u 10.0.%u.%u:8443 0.%03u 0.%03u 0.000 %u %u %u %u "
        "\"GET https://data.example.com:443/v1/tables/%08x/rows?cursor=%u HTTP/2.0\" \"%s\" "
        "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 "
        "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/rows/"
        "73e2d6bc24d8a067 "
        "\"Root=1-58337262-%08x%016x\" \"data.example.com\" "
        "\"arn:aws:acm:eu-west-1:123456789012:certificate/"
        "12345678-1234-1234-1234-123456789012\" "
        "%u 2026-03-%02uT%02u:%02u:%02u.000000Z \"forward\" \"-\" \"-\" \"10.0.%u.%u:8443\" "
        "\"200\" \"-\" \"-\" TID_%08x%016x\n",
        1 + file % 28, hour, minute, second % 60, r % 1000000, r % 200, r / 7 % 250,
        r / 11 % 250, 1024 + r % 60000, r % 3, 10 + r % 8, r % 3, 1 + next(seed) % 400,
        r % 100 ? 200 : 503, r % 100 ? 200 : 503, 100 + r % 900, 500 + next(seed) % 60000,
        next(seed), r, agents[r % 3], next(seed), r, 1 + r % 40, 1 + file % 28, hour, minute,
        second % 60, r % 3, 10 + r % 8, next(seed), r);
}

static bool make_file(const char *folder, unsigned file, size_t bytes)
{
    char path[1024], line[2048];
    unsigned seed = 17 + file;
    size_t written = 0;
    snprintf(path, sizeof path,
             "%s/123456789012_elasticloadbalancing_eu-west-1_app.marketplace.50dc_%02u.log.gz",
             folder, file);
    gzFile out = gzopen(path, "wb6");
    for (unsigned i = 0; out && written < bytes; i++) {
        int n = print_line(line, sizeof line, &seed, file, i / 200);
        written += (size_t)n;
        gzwrite(out, line, (unsigned)n);
    }
    return out && gzclose(out) == Z_OK;
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
    struct measure m = {0, 0};
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
        best.peak_kb = m.peak_kb > best.peak_kb ? m.peak_kb : best.peak_kb;
    }
    return best;
}

static void print(const char *name, struct measure m, double megabytes)
{
    printf("%-16s %6.2f s %8.0f MB/s %6.1f MB peak\n", name, m.seconds, megabytes / m.seconds,
           (double)m.peak_kb / 1024);
}

int main(int argc, char **argv)
{
    double megabytes = argc > 1 ? atof(argv[1]) : 1000;
    char made[] = "/tmp/elb-log-bench-XXXXXX";
    const char *folder = argc > 2 ? argv[2] : mkdtemp(made);
    struct arena arena = ARENA_INIT;
    struct path_list files = {0};
    if (!files_is_folder(folder) && mkdir(folder, 0700) != 0)
        return 1;
    if (!files_list(&files, &arena, folder, false, NULL) || files.paths.count == 0) {
        for (unsigned i = 0; i < FILES; i++)
            if (!make_file(folder, i, (size_t)(megabytes * 1e6 / FILES)))
                return 1;
        path_list_release(&files);
        files_list(&files, &arena, folder, false, NULL);
    }
    struct measure inflating = best_of(inflate_all, &files),
                   reading = best_of(read_all, &files);
    print("inflating alone", inflating, megabytes);
    print("reading", reading, megabytes);
    printf("ratio %.2f\n", reading.seconds / inflating.seconds);
    for (size_t i = 0; argc <= 2 && i < files.paths.count; i++)
        remove(files.paths.at[i]);
    if (argc <= 2)
        rmdir(folder);
    path_list_release(&files);
    arena_release(&arena);
    return 0;
}
