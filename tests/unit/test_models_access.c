#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/access.h"

static void assert_near(double got, double want)
{
    if (fabs(got - want) > 5e-4)
        fail_msg("got %.9g, want %.9g", got, want);
}

/* Limits of a Poisson count from Garwood's table. */
static void bounds_are_those_of_a_poisson_count(void **state)
{
    (void)state;
    static const struct {
        double events, low, high;
    } want[] = {
        {0, 0, 2.9957}, {1, 0.0513, 4.7439}, {5, 1.9701, 10.5130}, {10, 5.4254, 16.9622}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        struct access_rate r = access_rate(want[i].events, 1, 1);
        assert_near(r.low, want[i].low);
        assert_near(r.expected, want[i].events);
        assert_near(r.high, want[i].high);
    }
}

/* R: qgamma(c(.05, .95), c(100, 101)); the change of method leaves no step. */
static void large_and_broken_counts_have_bounds_too(void **state)
{
    (void)state;
    struct access_rate r = access_rate(100, 1, 1);
    assert_true(fabs(r.low - 84.1395) < 0.01);
    assert_true(fabs(r.high - 118.0794) < 0.01);
    double low = 0, high = 0;
    for (double events = 0; events < 1e4; events += events < 120 ? 0.037 : 313) {
        r = access_rate(events, 1, 1);
        assert_true(r.low >= low - 1e-3 && r.low <= events && r.high >= high - 1e-3 &&
                    r.high >= events);
        low = r.low;
        high = r.high;
    }
}

static void clusters_widen_and_exposure_scales(void **state)
{
    (void)state;
    struct access_rate r = access_rate(100, 1000, 20);
    assert_near(r.low, 1.9701 * 20 / 1000);
    assert_near(r.expected, 0.1);
    assert_near(r.high, 10.5130 * 20 / 1000);
}

static void no_evidence_is_no_number(void **state)
{
    (void)state;
    assert_true(isnan(access_rate(0, 0, 1).high));
    assert_true(isnan(access_rate(NAN, 1, 1).expected));
    assert_true(isnan(access_rate(1, 1, 0).expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_are_those_of_a_poisson_count),
        cmocka_unit_test(large_and_broken_counts_have_bounds_too),
        cmocka_unit_test(clusters_widen_and_exposure_scales),
        cmocka_unit_test(no_evidence_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
