/*
 * clusters [COUNT] [FOLDER]: makes a month of COUNT (10 000) Databricks job clusters in
 * FOLDER (/tmp): a bill with a line a node, a layer map with one or two phases each and a
 * history of 1 500 runs of 300 workloads; and as many planned clusters that declare their work
 * but no nodes. Times `advisor review` over the first and `advisor estimate` over the second
 * in each output format: wall and CPU seconds and peak memory, medians of 3.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 3, WORKLOADS = 300, RUNS_EACH = 5, TYPES = 6 };

static const char *const types[TYPES] = {"m5.2xlarge",  "r5.2xlarge", "c5.4xlarge",
                                         "m5d.2xlarge", "i3.2xlarge", "r6i.4xlarge"};
static const double usd_per_hour[TYPES] = {0.384, 0.504, 0.68, 0.452, 0.624, 1.008};
static const int vcpus[TYPES] = {8, 8, 16, 8, 8, 16};
static const char *const classes[] = {"ingest", "etl", "training"};

/* The same numbers on every machine. */
static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static FILE *create(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (!out) {
        perror(path);
        exit(1);
    }
    return out;
}

struct cluster {
    int type, workers, phases, workload;
    double hours;
};

static struct cluster cluster_of(int index)
{
    uint64_t seed = (uint64_t)index * 2654435761u + 1;
    uniform(&seed);
    struct cluster c = {.type = (int)(uniform(&seed) * TYPES),
                        .workers = 2 + (int)(uniform(&seed) * 14),
                        .phases = 1 + (int)(uniform(&seed) * 2),
                        .workload = (int)(uniform(&seed) * WORKLOADS)};
    c.hours = 20 + floor(uniform(&seed) * 180);
    return c;
}

static void write_bill(const char *folder, int count)
{
    FILE *out = create(folder, "bill.csv");
    fputs("identity/LineItemId,bill/PayerAccountId,lineItem/UsageAccountId,"
          "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,"
          "lineItem/ProductCode,lineItem/UsageType,lineItem/Operation,lineItem/ResourceId,"
          "lineItem/UsageAmount,lineItem/CurrencyCode,lineItem/UnblendedCost,"
          "product/instanceType,product/region,pricing/publicOnDemandCost,"
          "resourceTags/user:Vendor,resourceTags/user:ClusterId,resourceTags/user:ClusterName,"
          "resourceTags/user:JobId\n",
          out);
    for (int i = 0; i < count; i++) {
        struct cluster c = cluster_of(i);
        for (int node = 0; node <= c.workers; node++)
            fprintf(out,
                    "l%d-%d,111122223333,111122223333,Usage,2026-09-01T00:00:00Z,"
                    "2026-10-01T00:00:00Z,AmazonEC2,BoxUsage:%s,RunInstances,i-%08x%04x,"
                    "%.1f,USD,%.6f,%s,us-east-1,%.6f,Databricks,0901-000000-c%06d,"
                    "job-%d-run-1,%d\n",
                    i, node, types[c.type], (unsigned)i, (unsigned)node, c.hours,
                    c.hours * usd_per_hour[c.type], types[c.type],
                    c.hours * usd_per_hour[c.type], i, i, i);
    }
    fclose(out);
}

/* Both maps; that of planned clusters names no nodes. */
static void write_map(const char *folder, const char *name, int count, int planned)
{
    FILE *out = create(folder, name);
    fputs("layer_map: 1\nname: many-clusters\nregions: [{code: us-east-1}]\nlayers:\n"
          "  compute:\n    clusters:\n",
          out);
    for (int i = 0; i < count; i++) {
        struct cluster c = cluster_of(i);
        fprintf(out, "      - id: c%06d\n        kind: job\n", i);
        if (!planned)
            fprintf(out,
                    "        tags: {JobId: \"%d\"}\n        worker_type: %s\n"
                    "        workers: %d\n        runs: [{per_month: 30, minutes: %.0f}]\n",
                    i, types[c.type], c.workers, c.hours * 2);
        fputs("        phases:\n", out);
        for (int p = 0; p < c.phases; p++)
            fprintf(out,
                    "          - {name: c%06d-p%d, class: %s, algorithm: w%d, input_gb: %d, "
                    "runs_per_month: 30}\n",
                    i, p, classes[(c.workload + p) % 3], c.workload, 20 + i % 400);
    }
    fclose(out);
}

static void write_runs(const char *folder)
{
    FILE *out = create(folder, "runs.csv");
    uint64_t seed = 1;
    fputs("workload,algorithm,class,iterative,input_gb,instance_type,workers,minutes,status\n",
          out);
    for (int w = 0; w < WORKLOADS; w++) {
        double input = 10 + floor(uniform(&seed) * 400),
               work = input * (10 + 90 * uniform(&seed));
        for (int r = 0; r < RUNS_EACH; r++) {
            int type = (int)(uniform(&seed) * TYPES), workers = 2 << (int)(uniform(&seed) * 4);
            double minutes = 1 + work / (workers * vcpus[type]) / 60 + 0.05 * workers;
            fprintf(out, "w%d,w%d,%s,%s,%.0f,%s,%d,%.3f,ok\n", w, w, classes[w % 3],
                    w % 3 == 2 ? "yes" : "no", input, types[type], workers, minutes);
        }
    }
    fclose(out);
}

struct outcome {
    double wall, cpu;
    long peak_kib;
    int status;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct outcome take(char *const *argv)
{
    struct outcome out = {0};
    struct rusage used;
    double from = now();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout))
            _exit(127);
        execv(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || wait4(child, &out.status, 0, &used) != child) {
        perror("fork");
        exit(1);
    }
    out.wall = now() - from;
    out.cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
              (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    out.peak_kib = used.ru_maxrss;
    return out;
}

static int by_wall(const void *a, const void *b)
{
    const struct outcome *x = a, *y = b;
    return (x->wall > y->wall) - (x->wall < y->wall);
}

static void measure(const char *name, char *const *argv)
{
    struct outcome rounds[ROUNDS];
    for (int i = 0; i < ROUNDS; i++)
        rounds[i] = take(argv);
    qsort(rounds, ROUNDS, sizeof *rounds, by_wall);
    const struct outcome *o = &rounds[ROUNDS / 2];
    printf("%-28s %8.2f %8.2f %8.1f   exit %d\n", name, o->wall, o->cpu,
           (double)o->peak_kib / 1024, WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 10000;
    char folder[400], program[512], bill[512], map[512], planned[512], runs[512];
    snprintf(folder, sizeof folder, "%s/advisor-clusters-%d", argc > 2 ? argv[2] : "/tmp",
             count);
    snprintf(program, sizeof program, "%s", argv[0]);
    char *slash = strstr(program, "/bench/");
    if (count < 1 || !slash) {
        fprintf(stderr, "usage: BUILD/bench/clusters [COUNT] [FOLDER]\n");
        return 2;
    }
    strcpy(slash, "/advisor");
    mkdir(folder, 0755);
    write_bill(folder, count);
    write_map(folder, "map.yaml", count, 0);
    write_map(folder, "planned.yaml", count, 1);
    write_runs(folder);
    snprintf(bill, sizeof bill, "%s/bill.csv", folder);
    snprintf(map, sizeof map, "%s/map.yaml", folder);
    snprintf(planned, sizeof planned, "%s/planned.yaml", folder);
    snprintf(runs, sizeof runs, "%s/runs.csv", folder);
    printf("%d clusters                seconds      CPU      MiB\n", count);
    measure("review, text",
            (char *[]){program, "review", "--bill", bill, "--map", map, "--runs", runs, NULL});
    measure("review, json", (char *[]){program, "review", "--bill", bill, "--map", map,
                                       "--runs", runs, "--format", "json", NULL});
    measure("review without a map",
            (char *[]){program, "review", "--bill", bill, "--runs", runs, NULL});
    measure("estimate, text", (char *[]){program, "estimate", planned, "--runs", runs, NULL});
    measure("estimate, json", (char *[]){program, "estimate", planned, "--runs", runs,
                                         "--format", "json", NULL});
    return 0;
}
