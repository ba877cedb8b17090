#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../advisor/log_replay.c"
#include "io/files.h"

/* A log replayed on the slots that ran it must give back its own duration. */

static const char *eventlogs(struct arena *arena)
{
    const char *data = getenv("ADVISOR_DATA");
    return arena_printf(arena, "%s/spark/eventlogs", data ? data : "../shared/data");
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

struct errors {
    VEC(double) whole, jobs; /* of the application's time; of its time with tasks */
};

static void add_errors(struct errors *e, const struct spark_log *log)
{
    struct arena arena = ARENA_INIT;
    struct replay_log replay;
    struct replay_forecast f;
    replay_log_of(&replay, &arena, log, NULL);
    if (replay_on(&f, &replay, replay.cores, 1, NULL)) {
        double off = fabs(f.seconds - replay.seconds),
               busy = replay.seconds - f.driver_seconds;
        VEC_ADD(&e->whole, off / replay.seconds);
        if (busy > 5)
            VEC_ADD(&e->jobs, off / busy);
    }
    arena_release(&arena);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_size);
    return values[(count - 1) / 2];
}

static void real_logs_replay_to_their_own_duration(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    const char *folder = eventlogs(&arena);
    struct spark_sources sources;
    struct err err = ERR_INIT;
    if (!files_is_folder(folder)) {
        print_message("skipped: %s is not here\n", folder);
        arena_release(&arena);
        skip();
    }
    assert_true(spark_sources_find(&sources, &arena, &folder, 1, &err));
    struct spark_log **logs = calloc(sources.at.count, sizeof *logs);
    struct err *errs = calloc(sources.at.count, sizeof *errs);
    struct errors errors = {0};
    spark_logs_read(logs, errs, &sources, 2);
    for (size_t i = 0; i < sources.at.count; i++) {
        if (logs[i])
            add_errors(&errors, logs[i]);
        spark_log_free(logs[i]);
    }
    double whole = median(errors.whole.at, errors.whole.count);
    double jobs = median(errors.jobs.at, errors.jobs.count);
    print_message("median error: %.2f %% of the time of %zu applications, %.2f %% of the time "
                  "with tasks of the %zu that have more than 5 s of it\n",
                  100 * whole, errors.whole.count, 100 * jobs, errors.jobs.count);
    assert_true(errors.whole.count >= 70);
    assert_true(whole <= 0.02);
    assert_true(jobs <= 0.02);
    VEC_FREE(&errors.whole);
    VEC_FREE(&errors.jobs);
    spark_sources_release(&sources);
    arena_release(&arena);
    free(logs);
    free(errs);
}

/* Stage 1 waits for stage 0; 2 slots; tasks of 4 3 2 1 s, then one of 6 s: 5 + 6. */
static void parents_and_order_are_kept(void **state)
{
    (void)state;
    static const uint32_t seconds[] = {4, 3, 2, 1};
    static const int64_t launches[] = {2000, 2001, 5000, 6000}; /* on the slot that is free */
    struct spark_log log = {.started_ms = 1000, .ended_ms = 13000, .cluster.task_cpus = 1};
    struct spark_job *job = VEC_PUSH(&log.jobs);
    job->ended = true;
    job->ended_ms = 13000;
    VEC_PUSH(&log.stages)->id = 1; /* listed first, submitted last */
    VEC_PUSH(&log.stages)->id = 0;
    log.stages.at[0].submitted_ms = 6000;
    log.stages.at[1].submitted_ms = 1000;
    VEC_ADD(&log.stages.at[0].parents, 0);
    VEC_ADD(&log.stages.at[0].tasks,
            ((struct spark_task){.launch_ms = 7000, .duration_ms = 6000}));
    for (size_t i = 4; i-- > 0;) /* ended in another order than launched */
        VEC_ADD(&log.stages.at[1].tasks,
                ((struct spark_task){.launch_ms = launches[i],
                                     .duration_ms = seconds[i] * 1000}));
    struct arena arena = ARENA_INIT;
    struct replay_log replay;
    struct replay_forecast f;
    struct err err = ERR_INIT;
    replay_log_of(&replay, &arena, &log, NULL);
    assert_int_equal(replay.job_count, 1);
    assert_int_equal(replay.jobs[0].stage_count, 2);
    if (!replay_on(&f, &replay, 2, 1, &err))
        fail_msg("%s", err.text);
    assert_true(fabs(f.driver_seconds - 1) < 0.002);
    assert_true(fabs(f.seconds - 12) < 0.002);
    arena_release(&arena);
    for (size_t i = 0; i < 2; i++) {
        VEC_FREE(&log.stages.at[i].tasks);
        VEC_FREE(&log.stages.at[i].parents);
    }
    VEC_FREE(&log.stages);
    VEC_FREE(&log.jobs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parents_and_order_are_kept),
        cmocka_unit_test(real_logs_replay_to_their_own_duration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
