#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/sizing.h"

/* Times of one iterative workload over the sizes of one type, and nothing else known. */

static const struct sizing_hardware hardware = {8, 32, NAN, NAN, NAN, NAN};

enum { MOST_RUNS = 16 };

struct size {
    double workers, minutes; /* NaN: failed */
};

static struct sizing_run run_of(struct size size)
{
    return (struct sizing_run){.workload = "w", .class_name = "training", .iterative = 1,
                               .input_gb = NAN, .instance_type = "t",
                               .workers = size.workers, .minutes = size.minutes,
                               .status = isnan(size.minutes) ? SIZING_FAILED : SIZING_OK,
                               .cpu_pct = NAN, .memory_peak_gib = NAN, .shuffle_gb = NAN,
                               .spill_gb = NAN, .cached_gb = NAN, .hardware = hardware};
}

static struct sizing_option foresee(const struct size *ran, size_t count, double workers)
{
    struct sizing_run runs[MOST_RUNS];
    struct sizing_history *h;
    struct sizing_forecast *f;
    struct sizing_option option;
    struct sizing_candidate candidate = {"t", workers, hardware};
    const struct sizing_request request = {.workload = "w", .class_name = "training",
                                           .iterative = 1, .input_gb = NAN,
                                           .candidates = &candidate, .candidate_count = 1};
    for (size_t i = 0; i < count; i++)
        runs[i] = run_of(ran[i]);
    sizing_history_open(&h, runs, count);
    assert_true(sizing_forecast_open(&f, h, &request, NULL));
    sizing_outlook(&option, f, &workers, (struct sizing_limits){NAN, NAN});
    sizing_forecast_free(f);
    sizing_history_free(h);
    return option;
}

static double width(const struct sizing_option *o)
{
    return o->minutes.p90 / o->minutes.p10;
}

/* A law that no sum of the terms follows, but the runs do without scatter: between them there
 * is little to doubt. */
static void runs_that_agree_leave_little_doubt_between_them(void **state)
{
    static const double workers[] = {2, 3, 4, 6, 8, 12, 16, 24, 32};
    enum { COUNT = sizeof workers / sizeof *workers };
    struct size ran[COUNT];
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        ran[i] = (struct size){workers[i], 30 * pow(workers[i], -0.6)};
    struct sizing_option o = foresee(ran, COUNT, 10);
    assert_true(fabs(o.minutes.p50 / (30 * pow(10, -0.6)) - 1) < 0.02);
    assert_true(width(&o) < 1.08);
}

/* A public series (regression of scout): the data do not fit 8 workers, but 12. On 10 they
 * may or may not; they did, in 3 minutes. */
static void a_cliff_between_two_runs_may_lie_on_either_side(void **state)
{
    const struct size ran[] = {{4, 29.5}, {6, 19.4}, {8, 20.1}, {12, 3.03}};
    (void)state;
    struct sizing_option o = foresee(ran, 4, 10);
    assert_true(o.minutes.p10 < 4);
    assert_true(o.minutes.p90 > 10);
}

static void repeats_show_their_noise(void **state)
{
    const struct size alike[] = {{8, 5}, {8, 5.02}}, apart[] = {{8, 4.2}, {8, 5.9}};
    (void)state;
    struct sizing_option quiet = foresee(alike, 2, 8), noisy = foresee(apart, 2, 8);
    assert_true(width(&quiet) < 1.2);
    assert_true(width(&noisy) > 1.3);
    assert_true(noisy.minutes.p50 > 4.2 && noisy.minutes.p50 < 5.9);
}

/* What failed on 4 workers and went well on 8 goes well on more, and fails on fewer than 4. */
static void more_workers_than_went_well_do_not_fail(void **state)
{
    const struct size ran[] = {{4, NAN}, {8, 5}};
    const struct size odd[] = {{8, 5}, {16, NAN}};
    (void)state;
    for (double workers = 8; workers < 100; workers += 4)
        assert_true(foresee(ran, 2, workers).failure_probability < 0.04);
    double on_two = foresee(ran, 2, 2).failure_probability;
    assert_true(on_two > 0.5);
    assert_true(foresee(ran, 2, 6).failure_probability < on_two);
    assert_true(foresee(odd, 2, 12).failure_probability < 0.04);
    assert_true(foresee(odd, 2, 24).failure_probability > 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_that_agree_leave_little_doubt_between_them),
        cmocka_unit_test(a_cliff_between_two_runs_may_lie_on_either_side),
        cmocka_unit_test(repeats_show_their_noise),
        cmocka_unit_test(more_workers_than_went_well_do_not_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
