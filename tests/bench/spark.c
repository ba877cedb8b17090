/*
 * spark [MB] [FOLDER]: makes an event log of that size (500) in FOLDER (/tmp) and
 * reads it four ways, each in a process of its own: read() with a test of every
 * line's first bytes (the limit), the log reader, the reader over two copies at
 * once, and jansson parsing each line. All sum the same task figures, which must be
 * equal. Prints seconds (median of 5; jansson once), peak memory, and the ratios.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ingest/spark_log.h"

enum { RUNS = 5, TASKS_A_STAGE = 200, ACCUMULABLES = 24 };

struct sums {
    int64_t tasks, run_ms, cpu_ns, input_bytes, shuffle_bytes, spilled_bytes;
};

struct outcome {
    struct sums sums;
    double seconds;
    long peak_kib;
};

static void put_accumulables(FILE *out, long task)
{
    for (int i = 0; i < ACCUMULABLES; i++)
        fprintf(out,
                "%s{\"ID\":%d,\"Name\":\"%s %d\",\"Update\":\"%ld\",\"Value\":\"%ld\","
                "\"Internal\":true,\"Count Failed Values\":true%s}",
                i ? "," : "", i,
                i % 3 ? "internal.metrics.shuffle.read" : "duration [\\\"total\\\"]", i,
                task % 977 * i, task * i, i % 3 ? "" : ",\"Metadata\":\"sql\"");
}

static void put_task(FILE *out, long task, long stage, long at)
{
    long run = 200 + task * 7919 % 4000;
    fprintf(
        out,
        "{\"Event\":\"SparkListenerTaskStart\",\"Stage ID\":%ld,\"Stage Attempt ID\":0,\"Task "
        "Info\":{\"Task ID\":%ld,\"Index\":%ld,\"Attempt\":0,\"Partition ID\":%ld,\"Launch "
        "Time\":%ld,\"Executor ID\":\"%ld\",\"Host\":\"worker-%ld.internal\",\"Locality\":"
        "\"PROCESS_LOCAL\",\"Speculative\":false,\"Getting Result Time\":0,\"Finish Time\":0,"
        "\"Failed\":false,\"Killed\":false,\"Accumulables\":[]}}\n",
        stage, task, task % TASKS_A_STAGE, task % TASKS_A_STAGE, at, task % 8, task % 8);
    fprintf(
        out,
        "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":%ld,\"Stage Attempt ID\":0,\"Task "
        "Type\":\"ShuffleMapTask\",\"Task End Reason\":{\"Reason\":\"Success\"},\"Task "
        "Info\":{\"Task ID\":%ld,\"Index\":%ld,\"Attempt\":0,\"Partition ID\":%ld,\"Launch "
        "Time\":%ld,\"Executor ID\":\"%ld\",\"Host\":\"worker-%ld.internal\",\"Locality\":"
        "\"PROCESS_LOCAL\",\"Speculative\":false,\"Getting Result Time\":0,\"Finish "
        "Time\":%ld,\"Failed\":false,\"Killed\":false,\"Accumulables\":[",
        stage, task, task % TASKS_A_STAGE, task % TASKS_A_STAGE, at, task % 8, task % 8,
        at + run + 30);
    put_accumulables(out, task);
    fprintf(
        out,
        "]},\"Task Executor Metrics\":{\"JVMHeapMemory\":%ld,\"JVMOffHeapMemory\":78231144,"
        "\"OnHeapExecutionMemory\":0,\"OffHeapExecutionMemory\":0,\"OnHeapStorageMemory\":"
        "888434,"
        "\"OffHeapStorageMemory\":0,\"OnHeapUnifiedMemory\":888434,\"OffHeapUnifiedMemory\":0,"
        "\"DirectPoolMemory\":14688,\"MappedPoolMemory\":0,\"ProcessTreeJVMVMemory\":0,"
        "\"ProcessTreeJVMRSSMemory\":0,\"ProcessTreePythonVMemory\":0,"
        "\"ProcessTreePythonRSSMemory\":0,\"ProcessTreeOtherVMemory\":0,"
        "\"ProcessTreeOtherRSSMemory\":0,\"MinorGCCount\":5,\"MinorGCTime\":41,"
        "\"MajorGCCount\":3,\"MajorGCTime\":131,\"TotalGCTime\":172},",
        1000000 + task);
    fprintf(
        out,
        "\"Task Metrics\":{\"Executor Deserialize Time\":12,\"Executor Deserialize CPU "
        "Time\":9000000,\"Executor Run Time\":%ld,\"Executor CPU Time\":%ld,\"Peak Execution "
        "Memory\":%ld,\"Result Size\":2318,\"JVM GC Time\":3,\"Result Serialization Time\":1,"
        "\"Memory Bytes Spilled\":0,\"Disk Bytes Spilled\":%ld,\"Shuffle Read "
        "Metrics\":{\"Remote Blocks Fetched\":7,\"Local Blocks Fetched\":1,\"Fetch Wait "
        "Time\":2,\"Remote Bytes Read\":%ld,\"Remote Bytes Read To Disk\":0,\"Local Bytes "
        "Read\":%ld,\"Total Records Read\":900},\"Shuffle Write Metrics\":{\"Shuffle Bytes "
        "Written\":%ld,\"Shuffle Write Time\":1200000,\"Shuffle Records "
        "Written\":800},\"Input "
        "Metrics\":{\"Bytes Read\":%ld,\"Records Read\":1000},\"Output Metrics\":{\"Bytes "
        "Written\":0,\"Records Written\":0},\"Updated Blocks\":[]}}\n",
        run, run * 800000, task * 100 % 999999, task % 50 ? 0 : task, task * 31 % 70000,
        task * 17 % 9000, task * 13 % 50000, task * 97 % 1000000);
}

static void put_stage(FILE *out, long stage, long at)
{
    static const char info[] =
        "\"Stage Info\":{\"Stage ID\":%ld,\"Stage Attempt ID\":0,\"Stage Name\":\"save at "
        "Job.scala:1\",\"Number of Tasks\":%d,\"RDD Info\":[{\"RDD ID\":%ld,\"Name\":\"Map\","
        "\"Storage Level\":{\"Use Disk\":false,\"Use Memory\":false}}],\"Parent IDs\":[],"
        "\"Details\":\"%.*s\",\"Submission Time\":%ld%s%ld,\"Accumulables\":[]}}\n";
    static char details[3000];
    memset(details, 'x', sizeof details);
    fprintf(
        out,
        "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":%ld,\"Submission Time\":%ld,\"Stage "
        "Infos\":[],\"Stage IDs\":[%ld],\"Properties\":{\"spark.jobGroup.id\":\"g\"}}\n",
        stage, at, stage);
    fprintf(out, "{\"Event\":\"SparkListenerStageSubmitted\",");
    fprintf(out, info, stage, TASKS_A_STAGE, stage, (int)sizeof details, details, at,
            ",\"Other\":", 0L);
    for (long i = 0; i < TASKS_A_STAGE; i++)
        put_task(out, stage * TASKS_A_STAGE + i, stage, at + i * 20);
    fprintf(out, "{\"Event\":\"SparkListenerStageCompleted\",");
    fprintf(out, info, stage, TASKS_A_STAGE, stage, (int)sizeof details, details, at,
            ",\"Completion Time\":", at + 9000);
    fprintf(out,
            "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":%ld,\"Completion Time\":%ld,\"Job "
            "Result\":{\"Result\":\"JobSucceeded\"}}\n",
            stage, at + 9000);
}

static void make_log(const char *path, long long size)
{
    FILE *out = fopen(path, "w");
    long at = 1767225600000;
    if (!out) {
        perror(path);
        exit(1);
    }
    fprintf(out,
            "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"bench\",\"App ID\":"
            "\"app-1\",\"Timestamp\":%ld,\"User\":\"u\"}\n",
            at);
    for (int i = 0; i < 8; i++)
        fprintf(out,
                "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":%ld,\"Executor "
                "ID\":\"%d\",\"Executor Info\":{\"Host\":\"worker-%d.internal\",\"Total "
                "Cores\":16}}\n",
                at, i, i);
    for (long stage = 0; ftello(out) < size; stage++)
        put_stage(out, stage, at + stage * 10000);
    fprintf(out, "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":%ld}\n", at);
    fclose(out);
}

typedef void reading(const char *path, struct sums *sums);

static void read_barely(const char *path, struct sums *sums)
{
    enum { ROOM = 256 * 1024 };
    static const char end[] = "{\"Event\":\"SparkListenerTaskEnd\",";
    static char bytes[ROOM];
    size_t held = 0;
    ssize_t got;
    int fd = open(path, O_RDONLY);
    while ((got = read(fd, bytes + held, ROOM - held)) > 0) {
        held += (size_t)got;
        char *line = bytes, *newline;
        while ((newline = memchr(line, '\n', (size_t)(bytes + held - line)))) {
            sums->tasks += newline - line >= 32 && !memcmp(line, end, sizeof end - 1);
            line = newline + 1;
        }
        held -= (size_t)(line - bytes);
        memmove(bytes, line, held);
    }
    close(fd);
}

static void add_log(const struct spark_log *log, struct sums *sums)
{
    for (size_t i = 0; i < log->stages.count; i++) {
        const struct spark_totals *t = &log->stages.at[i].good;
        sums->tasks += t->tasks;
        sums->run_ms += t->run_ms;
        sums->cpu_ns += t->cpu_ns;
        sums->input_bytes += t->input_bytes;
        sums->shuffle_bytes += t->remote_bytes + t->local_bytes + t->shuffle_write_bytes;
        sums->spilled_bytes += t->disk_spilled;
    }
}

static void read_files(struct sums *sums, const char **paths, size_t count)
{
    struct spark_sources sources = {0};
    struct spark_log *logs[2];
    struct err errs[2] = {ERR_INIT, ERR_INIT};
    for (size_t i = 0; i < count; i++) {
        struct spark_source *source = VEC_PUSH(&sources.at);
        VEC_ADD(&source->parts, paths[i]);
    }
    spark_logs_read(logs, errs, &sources, 2);
    for (size_t i = 0; i < count; i++)
        if (logs[i])
            add_log(logs[i], sums);
}

static void read_as_log(const char *path, struct sums *sums)
{
    read_files(sums, &path, 1);
}

/* The second copy is found to be the same application, so its sums are not added. */
static void read_two(const char *path, struct sums *sums)
{
    char copy[600];
    snprintf(copy, sizeof copy, "%s.copy", path);
    const char *paths[] = {path, copy};
    read_files(sums, paths, 2);
}

static int64_t integer(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void read_by_jansson(const char *path, struct sums *sums)
{
    FILE *in = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    while ((length = getline(&line, &room, in)) > 0) {
        json_t *event = json_loadb(line, (size_t)length, 0, NULL);
        const char *name = json_string_value(json_object_get(event, "Event"));
        if (name && !strcmp(name, "SparkListenerTaskEnd")) {
            const json_t *m = json_object_get(event, "Task Metrics");
            const json_t *read = json_object_get(m, "Shuffle Read Metrics");
            sums->tasks++;
            sums->run_ms += integer(m, "Executor Run Time");
            sums->cpu_ns += integer(m, "Executor CPU Time");
            sums->input_bytes += integer(json_object_get(m, "Input Metrics"), "Bytes Read");
            sums->shuffle_bytes +=
                integer(read, "Remote Bytes Read") + integer(read, "Local Bytes Read") +
                integer(json_object_get(m, "Shuffle Write Metrics"), "Shuffle Bytes Written");
            sums->spilled_bytes += integer(m, "Disk Bytes Spilled");
        }
        json_decref(event);
    }
    free(line);
    fclose(in);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* In a process of its own, so that its peak memory is its own. */
static struct outcome measure(reading *way, const char *path)
{
    int ends[2];
    struct outcome o = {0};
    struct rusage usage;
    int status;
    if (pipe(ends) != 0)
        exit(1);
    double from = now();
    pid_t child = fork();
    if (child == 0) {
        struct sums sums = {0};
        way(path, &sums);
        _exit(write(ends[1], &sums, sizeof sums) != (ssize_t)sizeof sums);
    }
    wait4(child, &status, 0, &usage);
    o.seconds = now() - from;
    o.peak_kib = usage.ru_maxrss;
    if (status != 0 || read(ends[0], &o.sums, sizeof o.sums) != (ssize_t)sizeof o.sums)
        exit(1);
    close(ends[0]);
    close(ends[1]);
    return o;
}

static int by_seconds(const void *left, const void *right)
{
    const struct outcome *a = left, *b = right;
    return a->seconds < b->seconds ? -1 : a->seconds > b->seconds;
}

static struct outcome median(reading *way, const char *path, int runs)
{
    struct outcome all[RUNS];
    for (int i = 0; i < runs; i++)
        all[i] = measure(way, path);
    qsort(all, (size_t)runs, sizeof *all, by_seconds);
    return all[runs / 2];
}

static void show(const char *name, struct outcome o, struct outcome base, double bytes)
{
    printf("%-34s %7.3f s %6.0f MB/s %6.1f MiB  x %5.2f\n", name, o.seconds,
           bytes / 1e6 / o.seconds, (double)o.peak_kib / 1024, o.seconds / base.seconds);
}

int main(int argc, char **argv)
{
    long long size = (argc > 1 ? atoll(argv[1]) : 500) * 1000000;
    char path[512], copy[600];
    snprintf(path, sizeof path, "%s/advisor-bench-spark.log", argc > 2 ? argv[2] : "/tmp");
    snprintf(copy, sizeof copy, "%s.copy", path);
    make_log(path, size);
    if (link(path, copy) != 0)
        perror(copy);
    struct outcome bare = median(read_barely, path, RUNS);
    struct outcome log = median(read_as_log, path, RUNS);
    struct outcome two = median(read_two, path, RUNS);
    struct outcome jansson = median(read_by_jansson, path, 1);
    show("read and test of a line's front", bare, bare, (double)size);
    show("event log reader", log, bare, (double)size);
    show("event log reader, two files", two, bare, (double)size * 2);
    show("jansson, every line", jansson, bare, (double)size);
    bool equal = !memcmp(&log.sums, &jansson.sums, sizeof log.sums) &&
                 bare.sums.tasks == log.sums.tasks;
    printf("jansson / reader: %.1f; sums of %" PRId64 " tasks %s\n",
           jansson.seconds / log.seconds, log.sums.tasks, equal ? "equal" : "DIFFER");
    unlink(path);
    unlink(copy);
    return equal ? 0 : 1;
}
