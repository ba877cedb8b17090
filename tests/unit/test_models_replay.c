#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/replay.h"

/* As two cores ran them: {start, seconds}. */
static const struct replay_task falling[] = {{0, 4}, {0, 3}, {3, 2}, {4, 1}};
static const struct replay_task even[] = {{0, 2}, {0, 2}, {2, 2}, {2, 2}};
static const struct replay_task later[] = {{5, 2}, {5, 2}, {7, 2}, {7, 2}};

static double on(const struct replay_log *log, double cores, double speed)
{
    struct replay_forecast f;
    struct err err = ERR_INIT;
    assert_true(replay_on(&f, log, cores, speed, &err));
    return f.seconds;
}

static void one_stage_in_waves(void **state)
{
    (void)state;
    const struct replay_stage stage = {falling, 4, NULL, 0};
    const struct replay_job job = {0, 5, &stage, 1};
    const struct replay_log log = {&job, 1, 5, 2};
    assert_true(fabs(on(&log, 2, 1) - 5) < 1e-9);  /* 4+1 beside 3+2 */
    assert_true(fabs(on(&log, 1, 1) - 10) < 1e-9);
    assert_true(fabs(on(&log, 99, 1) - 4) < 1e-9); /* the longest task */
    assert_true(fabs(on(&log, 2, 2) - 2.5) < 1e-9);
}

static void children_wait_and_the_driver_adds(void **state)
{
    (void)state;
    const size_t parent[] = {0};
    const struct replay_stage stages[] = {{falling, 4, NULL, 0}, {later, 4, parent, 1}};
    const struct replay_job job = {0, 9, stages, 2};
    const struct replay_log log = {&job, 1, 14, 2};
    struct replay_forecast f;
    assert_true(replay_on(&f, &log, 2, 1, NULL));
    assert_true(fabs(f.driver_seconds - 5) < 1e-9);
    assert_true(fabs(f.seconds - (5 + 5 + 4)) < 1e-9);
    assert_true(fabs(f.floor_seconds - (5 + 4 + 2)) < 1e-9);
    assert_true(fabs(f.core_seconds - 18) < 1e-9);
}

static void jobs_at_the_same_time_share_the_cores(void **state)
{
    (void)state;
    static const struct replay_task second[] = {{4, 2}, {4, 2}, {6, 2}, {6, 2}};
    static const struct replay_task third[] = {{10, 2}, {10, 2}, {12, 2}, {12, 2}};
    const struct replay_stage stages[] = {{even, 4, NULL, 0}, {second, 4, NULL, 0},
                                          {third, 4, NULL, 0}};
    const struct replay_job jobs[] = {
        {0, 8, &stages[0], 1}, {0, 8, &stages[1], 1}, {10, 14, &stages[2], 1}};
    const struct replay_log log = {jobs, 3, 14, 2};
    struct replay_forecast f;
    assert_true(replay_on(&f, &log, 2, 1, NULL));
    assert_true(fabs(f.driver_seconds - 2) < 1e-9); /* the gap from 8 to 10, counted once */
    assert_true(fabs(f.seconds - (2 + 8 + 4)) < 1e-9);
    assert_true(fabs(on(&log, 4, 1) - (2 + 4 + 2)) < 1e-9);
}

static void idle_cores_take_later_jobs(void **state)
{
    (void)state;
    /* While one long task holds up its child, the other core works for the next job. */
    static const struct replay_task one[] = {{0, 6}}, child[] = {{6, 2}}, other[] = {{1, 5}};
    const size_t parent[] = {0};
    const struct replay_stage first[] = {{one, 1, NULL, 0}, {child, 1, parent, 1}};
    const struct replay_stage next = {other, 1, NULL, 0};
    const struct replay_job jobs[] = {{0, 8, first, 2}, {1, 6, &next, 1}};
    const struct replay_log log = {jobs, 2, 8, 2};
    assert_true(fabs(on(&log, 2, 1) - 8) < 1e-9);
    assert_true(fabs(on(&log, 1, 1) - 13) < 1e-9);
}

static void damaged_logs_are_refused(void **state)
{
    (void)state;
    const size_t itself[] = {0};
    const struct replay_stage stage = {even, 4, itself, 1};
    const struct replay_job job = {0, 8, &stage, 1};
    const struct replay_log log = {&job, 1, 8, 2};
    struct replay_forecast f;
    struct err err = ERR_INIT;
    assert_false(replay_on(&f, &log, 2, 1, &err));
    assert_string_equal(err.text, "the stages of a job wait for each other: the log is damaged");
    const struct replay_log empty = {NULL, 0, 8, 2};
    assert_false(replay_on(&f, &empty, 2, 1, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_stage_in_waves),
        cmocka_unit_test(children_wait_and_the_driver_adds),
        cmocka_unit_test(jobs_at_the_same_time_share_the_cores),
        cmocka_unit_test(idle_cores_take_later_jobs),
        cmocka_unit_test(damaged_logs_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
