#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "models/forecast.h"
#include "near.h"

static void a_flat_week_stays_as_it_is(void **state)
{
    (void)state;
    static const double week[7] = {100, 110, 120, 110, 100, 40, 20};
    double daily[56];
    for (int i = 0; i < 56; i++)
        daily[i] = week[i % 7];
    struct forecast f;
    assert_true(forecast_daily(&f, daily, 56, 0, FORECAST_QUARTER_DAYS, NULL));
    assert_near(f.expected, 600 / 7.0, 1e-6);
    assert_near(f.low, f.expected, 1e-6);
    assert_near(f.high, f.expected, 1e-6);
    assert_near(f.growth, 1, 1e-9);
    assert_near(f.weekday[5], 40 - 600 / 7.0, 1e-6);
    assert_near(f.explained, 1, 1e-9);
}

static void a_trend_goes_on_and_levels_off(void **state)
{
    (void)state;
    double daily[100], ahead = 0;
    for (int i = 0; i < 100; i++)
        daily[i] = 1000 + 5 * i;
    for (int h = 1; h <= 91; h++)
        ahead += 100 * (1 - exp(-h / 100.0)) / 91;
    struct forecast f;
    assert_true(forecast_daily(&f, daily, 100, 3, 91, NULL));
    assert_near(f.slope_per_day, 5, 1e-9);
    assert_near(f.expected, 1000 + 5 * (99 + ahead), 1e-6);
    assert_true(f.expected < 1000 + 5 * (99 + 46));
    assert_near(f.recent, 1000 + 5 * 85.5, 1e-9);
}

static double noise(unsigned *seed)
{
    double sum = 0;
    for (int i = 0; i < 12; i++) {
        *seed = *seed * 1103515245u + 12345u;
        sum += ((*seed >> 8) & 0xffff) / 65536.0;
    }
    return sum - 6;
}

/* Eighty of a hundred quarters ought to fall into an 80 % band. */
static void the_band_holds_what_it_says(void **state)
{
    (void)state;
    unsigned seed = 5;
    int inside = 0, rounds = 400;
    for (int round = 0; round < rounds; round++) {
        double daily[90], truth = 0;
        for (int i = 0; i < 90; i++)
            daily[i] = 500 + (i % 7 > 4 ? -200 : 0) + 40 * noise(&seed);
        for (int i = 90; i < 181; i++)
            truth += (500 + (i % 7 > 4 ? -200 : 0) + 40 * noise(&seed)) / 91;
        struct forecast f;
        assert_true(forecast_daily(&f, daily, 90, 0, 91, NULL));
        inside += truth >= f.low && truth <= f.high;
    }
    assert_in_range(inside, rounds * 70 / 100, rounds * 98 / 100);
}

static void gaps_are_left_out(void **state)
{
    (void)state;
    double daily[60];
    for (int i = 0; i < 60; i++)
        daily[i] = i % 5 == 0 ? NAN : 10;
    struct forecast f;
    assert_true(forecast_daily(&f, daily, 60, 2, 91, NULL));
    assert_int_equal(f.days, 48);
    assert_near(f.expected, 10, 1e-9);
}

static void a_short_history_claims_less(void **state)
{
    (void)state;
    double daily[] = {10, 12, 11, 13, 12, 14};
    struct forecast f;
    struct err err = ERR_INIT;
    assert_true(forecast_daily(&f, daily, 6, 0, 91, &err));
    assert_false(f.has_trend);
    assert_near(f.expected, 12, 1e-9);
    assert_true(f.low < 12 && f.high > 12);
    assert_false(forecast_daily(&f, daily, 2, 0, 91, &err));
    assert_non_null(strstr(err.text, "3 are needed"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flat_week_stays_as_it_is),
        cmocka_unit_test(a_trend_goes_on_and_levels_off),
        cmocka_unit_test(the_band_holds_what_it_says),
        cmocka_unit_test(gaps_are_left_out),
        cmocka_unit_test(a_short_history_claims_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
