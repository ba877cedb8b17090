#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ingest/spark_phases.h"
#include "io/files.h"
#include "map_text.h"

/* Small logs made here, with figures that a hand can check. Times are seconds from 1000. */

struct maker {
    struct buf text;
    int next_task;
};

static long long ms(double second)
{
    return 1000000 + (long long)(second * 1000);
}

static void start(struct maker *m, int executors, int cores)
{
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"made\",\"App ID\":"
               "\"app-1\",\"Timestamp\":%lld,\"User\":\"u\"}\n",
               ms(0));
    for (int i = 0; i < executors; i++)
        buf_printf(&m->text,
                   "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":%lld,\"Executor "
                   "ID\":\"%d\",\"Executor Info\":{\"Host\":\"h%d\",\"Total Cores\":%d}}\n",
                   ms(0), i, i, cores);
}

static void job(struct maker *m, int id, int stage, double at, const char *properties)
{
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":%d,\"Submission Time\":%lld,"
               "\"Stage Infos\":[{\"Stage ID\":%d,\"Number of Tasks\":4}],\"Stage "
               "IDs\":[%d],\"Properties\":{%s}}\n",
               id, ms(at), stage, stage, properties);
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerStageSubmitted\",\"Stage Info\":{\"Stage ID\":%d,"
               "\"Stage Attempt ID\":0,\"Stage Name\":\"s\",\"Number of Tasks\":4,"
               "\"Submission Time\":%lld}}\n",
               stage, ms(at));
}

static void task(struct maker *m, int stage, int executor, double from, double to,
                 const char *reason, const char *metrics)
{
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":%d,\"Stage Attempt ID\":0,"
               "\"Task Type\":\"ResultTask\",\"Task End Reason\":{\"Reason\":\"%s\"},"
               "\"Task Info\":{\"Task ID\":%d,\"Launch Time\":%lld,\"Executor ID\":\"%d\","
               "\"Host\":\"h%d\",\"Locality\":\"ANY\",\"Finish Time\":%lld},\"Task "
               "Metrics\":{\"Executor Run Time\":%lld,\"Executor CPU Time\":%lld%s}}\n",
               stage, reason, m->next_task++, ms(from), executor, executor, ms(to),
               (long long)((to - from) * 1000), (long long)((to - from) * 5e8), metrics);
}

static void job_end(struct maker *m, int id, int stage, double at, const char *result)
{
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerStageCompleted\",\"Stage Info\":{\"Stage ID\":%d,"
               "\"Stage Attempt ID\":0,\"Stage Name\":\"s\",\"Number of Tasks\":4,"
               "\"Completion Time\":%lld}}\n",
               stage, ms(at));
    buf_printf(&m->text,
               "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":%d,\"Completion Time\":%lld,"
               "\"Job Result\":{\"Result\":\"%s\"}}\n",
               id, ms(at), result);
}

static void end(struct maker *m, double at)
{
    buf_printf(&m->text, "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":%lld}\n",
               ms(at));
}

static struct spark_log *read_text(struct maker *m)
{
    char path[] = "/tmp/advisor-phases-XXXXXX";
    int fd = mkstemp(path);
    struct err err = ERR_INIT;
    assert_true(fd >= 0 && close(fd) == 0);
    assert_true(files_write(path, buf_text(&m->text), m->text.length, &err));
    struct spark_source source = {0};
    const char *name = path;
    VEC_ADD(&source.parts, name);
    struct spark_log *log = NULL;
    if (!spark_log_read(&log, &source, &err))
        fail_msg("%s", err.text);
    VEC_FREE(&source.parts);
    unlink(path);
    buf_release(&m->text);
    return log;
}

static void near_to(double got, double want)
{
    if (!(fabs(got - want) <= 1e-9 * fmax(1, fabs(want))))
        fail_msg("%.17g is not %.17g", got, want);
}

#define SHUFFLED                                                                              \
    ",\"Shuffle Read Metrics\":{\"Remote Bytes Read\":300,\"Local Bytes Read\":100}"          \
    ",\"Disk Bytes Spilled\":40,\"Memory Bytes Spilled\":120,\"JVM GC Time\":100"

/* Job from 10 to 30 on 2 x 2 slots, four tasks of 10, 10, 10 and 20 s. */
static void sums_up_a_phase(void **state)
{
    (void)state;
    struct maker m = {0};
    start(&m, 2, 2);
    job(&m, 0, 0, 10, "\"spark.job.description\":\"nightly\"");
    task(&m, 0, 0, 10, 20, "Success", SHUFFLED);
    task(&m, 0, 0, 10, 20, "Success", SHUFFLED);
    task(&m, 0, 1, 10, 20, "Success", SHUFFLED);
    task(&m, 0, 1, 10, 30, "Success", SHUFFLED);
    task(&m, 0, 1, 20, 25, "ExecutorLostFailure", "");
    job_end(&m, 0, 0, 30, "JobSucceeded");
    end(&m, 35);
    struct spark_log *log = read_text(&m);
    struct spark_phases phases;
    spark_phases_of(&phases, log, NULL);
    assert_int_equal(phases.at.count, 1);
    const struct spark_phase *p = &phases.at.at[0];
    assert_int_equal(p->class, CLASS_ETL);
    assert_string_equal(p->name, "etl");
    assert_string_equal(p->label, "nightly");
    assert_int_equal(p->from_ms, ms(10));
    assert_int_equal(p->to_ms, ms(30));
    near_to(p->offered_seconds, 80);
    near_to(p->used_seconds, 55);
    near_to(p->workers, 2);
    near_to(p->waves, 5 / 4.0);
    near_to(p->demand.core_seconds, 50);
    near_to(p->demand.cpu_seconds, 25);
    near_to(p->demand.gc_seconds, 0.4);
    near_to(p->demand.shuffle_read_bytes, 1600);
    near_to(p->demand.spill_bytes, 160);
    near_to(p->demand.longest_task_seconds, 20);
    near_to(p->demand.driver_seconds, 0);
    near_to(p->demand.failed_tasks, 1);
    near_to(p->demand.working_set_bytes, 480 / 2.0); /* no samples: what spilled, per worker */
    struct spark_ratios r = spark_ratios_of(p);
    near_to(r.slot_use, 55 / 80.0);
    near_to(r.cpu_fraction, 0.5);
    near_to(r.spill_ratio, 0.1);
    near_to(r.expansion, 3);
    near_to(r.remote_fraction, 0.75);
    near_to(r.cpu_percent, 100 * 25 / 80.0);
    spark_phases_release(&phases);
    spark_log_free(log);
}

static void splits_by_class_and_by_gaps(void **state)
{
    (void)state;
    static const char input[] = ",\"Input Metrics\":{\"Bytes Read\":1000},\"Output "
                                "Metrics\":{\"Bytes Written\":500}";
    struct maker m = {0};
    start(&m, 1, 2);
    for (int i = 0; i < 5;
         i++) { /* ingest 10..40, 50..80; etl 90..120; ingest 200..230; 300.. */
        double at[] = {10, 50, 90, 200, 300};
        job(&m, i, i, at[i], "");
        task(&m, i, 0, at[i], at[i] + 30, "Success", i == 2 ? SHUFFLED : input);
        job_end(&m, i, i, at[i] + 30, i == 4 ? "JobFailed" : "JobSucceeded");
    }
    end(&m, 400);
    struct spark_log *log = read_text(&m);
    struct spark_phases phases;
    spark_phases_of(&phases, log, NULL);
    static const char *const names[] = {"ingest", "etl",      "idle", "ingest 2",
                                        "idle",   "ingest 3", "idle"};
    assert_int_equal(phases.at.count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(phases.at.at[i].name, names[i]);
    near_to(phases.at.at[0].demand.driver_seconds, 10);
    assert_int_equal(phases.at.at[0].units, 2);
    assert_int_equal(phases.at.at[5].status, RUN_FAILED);
    spark_phases_release(&phases);
    spark_log_free(log);
}

static void sees_skew_and_streams_and_training(void **state)
{
    (void)state;
    struct maker m = {0};
    start(&m, 1, 12);
    job(&m, 0, 0, 0, "\"sql.streaming.queryId\":\"q\"");
    for (int i = 0; i < 12; i++) /* eleven of 10 s, one of 100 s: 100 - 10 beyond the 75th */
        task(&m, 0, 0, 0, i ? 10 : 100, "Success", "");
    job_end(&m, 0, 0, 100, "JobSucceeded");
    job(&m, 1, 1, 100, "\"spark.job.description\":\"train the model\"");
    task(&m, 1, 0, 100, 110, "Success", "");
    job_end(&m, 1, 1, 110, "JobSucceeded");
    job(&m, 2, 2, 110, "\"spark.job.description\":\"check constraints\"");
    task(&m, 2, 0, 110, 120, "Success", "");
    struct spark_log *log = read_text(&m);
    struct spark_phases phases;
    spark_phases_of(&phases, log, NULL);
    assert_int_equal(phases.at.count, 3);
    assert_int_equal(phases.at.at[0].class, CLASS_STREAMING);
    near_to(phases.at.at[0].demand.skew_seconds, 90);
    near_to(phases.at.at[0].skewed_stages, 1);
    assert_int_equal(phases.at.at[1].class, CLASS_TRAINING);
    assert_int_equal(phases.at.at[2].class, CLASS_UNKNOWN);
    assert_true(phases.at.at[2].incomplete);
    assert_false(phases.at.at[1].incomplete);
    struct estate *estate = estate_open();
    spark_log_into_estate(estate, log, &phases);
    spark_log_into_estate(estate, log, &phases);
    assert_int_equal(estate->phases.count, 3);
    assert_int_equal(estate->runs.count, 2); /* the open one has no end to learn from */
    assert_string_equal(estate->runs.at[1].workload, "made / training");
    near_to(estate->runs.at[1].minutes, 10 / 60.0);
    estate_free(estate);
    spark_phases_release(&phases);
    spark_log_free(log);
}

static void short_work_with_pauses_is_a_session(void **state)
{
    (void)state;
    for (int pauses = 0; pauses < 2; pauses++) {
        struct maker m = {0};
        start(&m, 1, 1);
        for (int i = 0; i < 6; i++) {
            double at = i * (pauses ? 20 : 5);
            job(&m, i, i, at, "");
            task(&m, i, 0, at, at + 5, "Success", SHUFFLED);
            job_end(&m, i, i, at + 5, "JobSucceeded");
        }
        struct spark_log *log = read_text(&m);
        struct spark_phases phases;
        spark_phases_of(&phases, log, NULL);
        assert_int_equal(phases.at.count, 1);
        assert_int_equal(phases.at.at[0].class, pauses ? CLASS_INTERACTIVE : CLASS_ETL);
        spark_phases_release(&phases);
        spark_log_free(log);
    }
}

static const char declared_map[] = "layer_map: 1\n"
                                   "layers:\n"
                                   "  compute:\n"
                                   "    clusters:\n"
                                   "    - id: c\n"
                                   "      kind: job\n"
                                   "      worker_type: m6i.xlarge\n"
                                   "      workers: 2\n"
                                   "      phases:\n"
                                   "      - {id: l, name: loading, iterative: true,\n"
                                   "         match: '^load'}\n";

/* "load" 10..40 that reads and 50..90 that shuffles, a trifle, then other work that shuffles.
 */
static void declared_work_is_one_phase(void **state)
{
    (void)state;
    static const struct {
        const char *properties;
        double from, to;
    } work[] = {{"\"spark.job.description\":\"load a\"", 10, 40},
                {"\"spark.job.description\":\"load b\"", 50, 90},
                {"", 91, 91.1},
                {"", 92, 132}};
    struct maker m = {0};
    struct err err = ERR_INIT;
    start(&m, 1, 2);
    for (int i = 0; i < 4; i++) {
        job(&m, i, i, work[i].from, work[i].properties);
        task(&m, i, 0, work[i].from, work[i].to, "Success",
             i == 1 || i == 3 ? SHUFFLED : ",\"Input Metrics\":{\"Bytes Read\":1000}");
        job_end(&m, i, i, work[i].to, "JobSucceeded");
    }
    end(&m, 140);
    struct spark_log *log = read_text(&m);
    struct layer_map *map = map_of_text(declared_map, &err);
    struct spark_labels *labels = spark_labels_open(map);
    struct spark_phases phases;
    spark_phases_of(&phases, log, labels);
    assert_int_equal(phases.at.count, 2);
    const struct spark_phase *p = &phases.at.at[0];
    assert_string_equal(p->name, "loading");
    assert_int_equal(p->class, CLASS_ETL); /* of its larger half */
    assert_int_equal(p->iterative, TRI_YES);
    assert_int_equal(p->units, 3);
    assert_string_equal(phases.at.at[1].name, "etl");
    assert_null(phases.at.at[1].declared);
    spark_phases_release(&phases);
    spark_labels_free(labels);
    layer_map_free(map);
    spark_log_free(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_up_a_phase),
        cmocka_unit_test(splits_by_class_and_by_gaps),
        cmocka_unit_test(sees_skew_and_streams_and_training),
        cmocka_unit_test(declared_work_is_one_phase),
        cmocka_unit_test(short_work_with_pauses_is_a_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
