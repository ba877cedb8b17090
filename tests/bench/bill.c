/*
 * bill MODE [--hour] [--exact] [--threads N] [--budget MB] FILE...: one measurement of one process.
 *   read     read() of the files, a thread each        inflate  ISA-L alone
 *   scan     rows found, fields projected, not summed   load     the bill into an estate
 *   duckdb   the same sums by DuckDB, CSV or Parquet, as doubles or --exact
 *   parquet  writes FILE... as the last one
 * Prints the seconds, the CPU seconds and the peak memory, then what was counted.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <isa-l.h>

#include "bill/bill.h"
#include "base/parallel.h"
#include "io/csv_bulk.h"
#include "io/duckdb.h"

enum { READ_BLOCK = 256 * 1024, INFLATE_BLOCK = 128 * 1024, FILES_MAX = 256 };

struct job {
    char **files;
    size_t count;
    atomic_size_t next;
    unsigned threads;
    bool by_hour, exact;
    size_t budget;
    atomic_ullong bytes;
};

static void count_file(struct job *job, const char *path)
{
    char *block = malloc(READ_BLOCK);
    int fd = open(path, O_RDONLY);
    for (ssize_t n; fd >= 0 && (n = read(fd, block, READ_BLOCK)) > 0;)
        atomic_fetch_add(&job->bytes, (unsigned long long)n);
    close(fd);
    free(block);
}

static void inflate_file(struct job *job, const char *path)
{
    static const size_t in_room = READ_BLOCK;
    unsigned char *in = malloc(in_room), *out = malloc(INFLATE_BLOCK);
    struct inflate_state *z = calloc(1, sizeof *z);
    int fd = open(path, O_RDONLY);
    isal_inflate_init(z);
    z->crc_flag = ISAL_GZIP;
    for (ssize_t n; fd >= 0 && (n = read(fd, in, in_room)) > 0;) {
        z->next_in = in;
        z->avail_in = (uint32_t)n;
        do {
            if (z->block_state == ISAL_BLOCK_FINISH) {
                isal_inflate_reset(z);
                z->crc_flag = ISAL_GZIP;
            }
            z->next_out = out;
            z->avail_out = INFLATE_BLOCK;
            if (isal_inflate(z) < 0)
                exit(1);
            atomic_fetch_add(&job->bytes, INFLATE_BLOCK - z->avail_out);
        } while (z->avail_in || !z->avail_out);
    }
    close(fd);
    free(z);
    free(in);
    free(out);
}

static void *run_reads(void *context)
{
    struct job *job = context;
    for (size_t i; (i = atomic_fetch_add(&job->next, 1)) < job->count;)
        count_file(job, job->files[i]);
    return NULL;
}

static void *run_inflates(void *context)
{
    struct job *job = context;
    for (size_t i; (i = atomic_fetch_add(&job->next, 1)) < job->count;)
        inflate_file(job, job->files[i]);
    return NULL;
}

static void in_threads(struct job *job, void *(*run)(void *))
{
    pthread_t threads[64];
    for (unsigned i = 0; i < job->threads; i++)
        pthread_create(&threads[i], NULL, run, job);
    for (unsigned i = 0; i < job->threads; i++)
        pthread_join(threads[i], NULL);
    printf("%llu bytes\n", (unsigned long long)job->bytes);
}

static bool touch_rows(void *worker, const struct csv_batch *batch, struct err *err)
{
    uint64_t *sum = worker;
    (void)err;
    for (size_t r = batch->first; r < batch->rows->count; r++)
        for (size_t f = 0; f < batch->plan->wanted_count; f++)
            *sum += csv_raw(batch->plan, batch->rows, r, f).length;
    return true;
}

static void scan(struct job *job)
{
    static const uint32_t columns[] = {8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 22, 92, 97};
    struct csv_part parts[FILES_MAX] = {0};
    uint64_t sums[64][8] = {{0}}, total = 0;
    void *workers[64];
    struct err err = ERR_INIT;
    struct csv_bulk_result result;
    for (size_t i = 0; i < job->count; i++) {
        parts[i].path = job->files[i];
        csv_plan_make(&parts[i].plan, csv_kernel_best(), ',', columns,
                      sizeof columns / sizeof *columns);
    }
    for (size_t i = 0; i < job->threads; i++)
        workers[i] = sums[i];
    struct csv_bulk bulk = {parts, job->count, job->threads, workers, touch_rows, 0, NULL, NULL};
    if (csv_bulk_run(&bulk, &result, &err) != CSV_BULK_DONE) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    for (size_t i = 0; i < job->threads; i++)
        total += sums[i][0];
    printf("%" PRIu64 " bytes, %" PRIu64 " of them wanted\n", result.bytes, total);
}

static void load(struct job *job)
{
    struct bill_options options = {.paths = (const char *const *)job->files,
                                   .path_count = job->count,
                                   .grain = job->by_hour ? BILL_BY_HOUR : BILL_BY_DAY,
                                   .threads = job->threads,
                                   .memory_budget = job->budget};
    struct estate *estate = estate_open();
    struct bill_summary summary;
    struct err err = ERR_INIT;
    if (!bill_load(estate, &options, &summary, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    struct money total = MONEY_ZERO;
    for (size_t i = 0; i < estate->lines.count; i++)
        total = money_add(total, estate->lines.at[i].cost[BASIS_AMORTIZED]);
    struct buf text = BUF_INIT;
    money_format_exact(&text, total);
    printf("%" PRIu64 " rows, %" PRIu64 " groups, %zu resources, amortized %s\n", summary.rows,
           summary.groups, estate->resources.count, buf_text(&text));
    buf_release(&text);
    bill_summary_release(&summary);
    estate_free(estate);
}

static void run_duckdb(struct job *job, const char *sql)
{
    struct duckdb *db;
    struct err err = ERR_INIT;
    struct buf out = BUF_INIT;
    if (!duckdb_open(&db, job->threads, &err) || !duckdb_csv(&out, db, sql, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    printf("%.200s", buf_text(&out));
    buf_release(&out);
    duckdb_close(db);
}

/*
 * The query that a bill's lines are: the sums by sku, place and day. `%s`: the time of a row as
 * a day, the type of the sums, the source. What is summed again outside is only there so that
 * DuckDB leaves no sum out.
 */
static const char duckdb_query[] =
    "SELECT CAST(count(*) AS VARCHAR) AS groups, CAST(sum(quantity) AS VARCHAR) AS quantity, "
    "CAST(sum(cost) AS VARCHAR) AS cost, CAST(sum(list) AS VARCHAR) AS list, "
    "CAST(sum(amortized) AS VARCHAR) AS amortized "
    "FROM (SELECT \"lineItem/LineItemType\", \"lineItem/ProductCode\", "
    "\"lineItem/UsageType\", \"lineItem/Operation\", \"product/region\", \"pricing/unit\", "
    "\"lineItem/CurrencyCode\", \"bill/BillingEntity\", \"lineItem/ResourceId\", "
    "\"lineItem/UsageAccountId\", \"lineItem/AvailabilityZone\", \"resourceTags/user:Name\", "
    "\"resourceTags/user:Vendor\", \"resourceTags/user:ClusterId\", "
    "\"resourceTags/user:ClusterName\", \"resourceTags/user:Creator\", "
    "\"resourceTags/user:JobId\", \"resourceTags/user:RunName\", %s AS day, "
    "sum(CAST(\"lineItem/UsageAmount\" AS %s)) AS quantity, "
    "sum(CAST(\"lineItem/UnblendedCost\" AS %s)) AS cost, "
    "sum(CAST(\"pricing/publicOnDemandCost\" AS %s)) AS list, "
    "sum(CAST(CASE \"lineItem/LineItemType\" WHEN 'SavingsPlanCoveredUsage' "
    "THEN \"savingsPlan/SavingsPlanEffectiveCost\" WHEN 'DiscountedUsage' "
    "THEN \"reservation/EffectiveCost\" ELSE \"lineItem/UnblendedCost\" END AS %s)) "
    "AS amortized, count(*) FROM ";

static void add_files(struct buf *sql, char **files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_add(sql, i ? ", " : "");
        duckdb_quote(sql, files[i]);
    }
}

static void sum_by_duckdb(struct job *job)
{
    struct buf sql = BUF_INIT;
    bool parquet = strstr(job->files[0], ".parquet") != NULL;
    const char *sums = job->exact ? "DECIMAL(38, 15)" : "DOUBLE";
    buf_printf(&sql, duckdb_query, parquet ? "date_trunc('day', \"lineItem/UsageStartDate\")"
                                           : "substr(\"lineItem/UsageStartDate\", 1, 10)",
               sums, sums, sums, sums);
    buf_add(&sql, parquet ? "read_parquet([" : "read_csv([");
    add_files(&sql, job->files, job->count);
    buf_add(&sql, parquet ? "]) GROUP BY ALL)" : "], all_varchar = true) GROUP BY ALL)");
    run_duckdb(job, buf_text(&sql));
    buf_release(&sql);
}

/* With the types that AWS gives its columns: amounts are DOUBLE, times are TIMESTAMP. */
static const char *const double_columns[] = {
    "lineItem/UsageAmount", "lineItem/UnblendedCost", "lineItem/BlendedCost",
    "pricing/publicOnDemandCost", "reservation/EffectiveCost",
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "reservation/UnusedRecurringFee",
    "savingsPlan/SavingsPlanEffectiveCost", "savingsPlan/TotalCommitmentToDate",
    "savingsPlan/UsedCommitment"};

static void write_parquet(struct job *job)
{
    struct buf sql = BUF_INIT;
    struct duckdb *db;
    struct err err = ERR_INIT;
    buf_add(&sql, "COPY (SELECT * REPLACE (");
    for (size_t i = 0; i < sizeof double_columns / sizeof *double_columns; i++)
        buf_printf(&sql, "CAST(\"%s\" AS DOUBLE) AS \"%s\", ", double_columns[i],
                   double_columns[i]);
    buf_add(&sql, "CAST(\"lineItem/UsageStartDate\" AS TIMESTAMP) AS \"lineItem/UsageStartDate\", "
                  "CAST(\"lineItem/UsageEndDate\" AS TIMESTAMP) AS \"lineItem/UsageEndDate\") "
                  "FROM read_csv([");
    add_files(&sql, job->files, job->count - 1);
    buf_add(&sql, "], all_varchar = true)) TO ");
    duckdb_quote(&sql, job->files[job->count - 1]);
    buf_add(&sql, " (FORMAT parquet)");
    if (!duckdb_open(&db, job->threads, &err) || !duckdb_do(db, buf_text(&sql), &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    duckdb_close(db);
    buf_release(&sql);
}

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    double start = seconds(CLOCK_MONOTONIC);
    struct job job = {.threads = parallel_cores()};
    int i = 2;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--hour"))
            job.by_hour = true;
        else if (!strcmp(argv[i], "--exact"))
            job.exact = true;
        else if (!strcmp(argv[i], "--threads") && i + 1 < argc)
            job.threads = (unsigned)atoi(argv[++i]);
        else if (!strcmp(argv[i], "--budget") && i + 1 < argc)
            job.budget = (size_t)atoi(argv[++i]) << 20;
    }
    job.files = argv + i;
    job.count = (size_t)(argc - i);
    if (argc < 3 || !job.count || job.count > FILES_MAX || !job.threads || job.threads > 64)
        return 2;
    if (!strcmp(argv[1], "read"))
        in_threads(&job, run_reads);
    else if (!strcmp(argv[1], "inflate"))
        in_threads(&job, run_inflates);
    else if (!strcmp(argv[1], "scan"))
        scan(&job);
    else if (!strcmp(argv[1], "duckdb"))
        sum_by_duckdb(&job);
    else if (!strcmp(argv[1], "parquet"))
        write_parquet(&job);
    else
        load(&job);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("%.3f s %.3f s cpu %ld MB\n", seconds(CLOCK_MONOTONIC) - start,
           seconds(CLOCK_PROCESS_CPUTIME_ID), used.ru_maxrss / 1000);
    return 0;
}
