#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/quantile.h"
#include "models/traffic.h"
#include "near.h"

static double at(struct weighted *samples, size_t n, double p)
{
    double value = NAN;
    weighted_sort(samples, n);
    assert_true(quantile_nearest_rank(&value, samples, n, p));
    return value;
}

static void nearest_rank_of_the_textbook(void **state)
{
    (void)state;
    struct weighted s[] = {{50, 1}, {15, 1}, {40, 1}, {20, 1}, {35, 1}};
    assert_near(at(s, 5, 0.05), 15, 0);
    assert_near(at(s, 5, 0.30), 20, 0);
    assert_near(at(s, 5, 0.40), 20, 0);
    assert_near(at(s, 5, 0.50), 35, 0);
    assert_near(at(s, 5, 1.00), 50, 0);
}

static void the_nineteenth_of_twenty_is_the_95th(void **state)
{
    (void)state;
    struct weighted s[20];
    for (int i = 0; i < 20; i++)
        s[i] = (struct weighted){20 - i, 5};
    assert_near(at(s, 20, 0.95), 19, 0);
    assert_near(at(s, 20, 0.951), 20, 0);
}

static void weight_is_time(void **state)
{
    (void)state;
    /* 90 for six minutes of a hundred: the 95th percentile sees it, the 90th does not. */
    struct weighted s[] = {{10, 94}, {90, 6}, {500, 0}};
    assert_near(at(s, 3, 0.95), 90, 0);
    assert_near(at(s, 3, 0.90), 10, 0);
    assert_near(at(s, 3, 1), 90, 0);
}

static void nothing_has_no_quantile(void **state)
{
    (void)state;
    struct weighted s[] = {{1, 0}};
    struct spread spread;
    double value;
    assert_false(quantile_nearest_rank(&value, s, 0, 0.5));
    assert_false(quantile_nearest_rank(&value, s, 1, 0.5));
    assert_false(spread_of(&spread, s, 1));
}

static void a_spread_shows_the_tail(void **state)
{
    (void)state;
    struct weighted s[200];
    for (int i = 0; i < 200; i++)
        s[i] = (struct weighted){i + 1, 1};
    struct spread spread;
    assert_true(spread_of(&spread, s, 200));
    assert_near(spread.mean, 100.5, 1e-12);
    assert_near(spread.p50, 100, 0);
    assert_near(spread.p95, 190, 0);
    assert_near(spread.p99, 198, 0);
    assert_near(spread.p995, 199, 0);
    assert_near(spread.max, 200, 0);
}

static void the_shape_of_a_working_day(void **state)
{
    (void)state;
    /* A week from Monday 2026-01-05, by the minute: 60 a minute from 8 to 18 on weekdays,
     * else 6. */
    static struct traffic_point points[7 * 1440];
    const int64_t monday = 1767571200;
    for (int i = 0; i < 7 * 1440; i++) {
        int hour = i / 60 % 24, weekday = i / 1440;
        points[i].start = monday + i * 60;
        points[i].value = weekday < 5 && hour >= 8 && hour < 18 ? 60 : 6;
    }
    points[2 * 1440 + 12 * 60].value = 240;
    struct traffic_shape shape;
    assert_true(traffic_shape_of(&shape, points, 7 * 1440, 60, 300));
    assert_near(shape.days, 7, 1e-9);
    assert_near(shape.peak, 240, 0);
    assert_int_equal(shape.peak_at, monday + (2 * 1440 + 12 * 60) * 60);
    assert_near(shape.by_weekday[6], 6, 0);
    assert_near(shape.by_hour[9], (5 * 60 + 2 * 6) / 7.0, 1e-9);
    assert_near(shape.burst_ratio, 240 / 63.0, 1e-9);
    assert_near(shape.ramp_ratio, 60 / 6.0, 1e-9);
    assert_near(shape.ramp_step, 180, 0);
}

static void hourly_points_show_no_burst(void **state)
{
    (void)state;
    struct traffic_point points[] = {{0, 10}, {3600, 40}, {7200, 10}};
    struct traffic_shape shape;
    assert_true(traffic_shape_of(&shape, points, 3, 3600, 3600));
    assert_near(shape.burst_ratio, 0, 0);
    assert_near(shape.ramp_ratio, 4, 1e-12);
    assert_true(isnan(shape.by_weekday[0]));
    assert_near(shape.by_weekday[3], 20, 1e-12);
    assert_false(traffic_shape_of(&shape, points, 0, 60, 300));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_rank_of_the_textbook),
        cmocka_unit_test(the_nineteenth_of_twenty_is_the_95th),
        cmocka_unit_test(weight_is_time),
        cmocka_unit_test(nothing_has_no_quantile),
        cmocka_unit_test(a_spread_shows_the_tail),
        cmocka_unit_test(the_shape_of_a_working_day),
        cmocka_unit_test(hourly_points_show_no_burst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
