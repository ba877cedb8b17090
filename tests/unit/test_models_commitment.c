#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/commitment.h"

static void steady_demand_is_committed_whole(void **state)
{
    (void)state;
    double demand[] = {10, 10, 10, 10};
    struct commitment_choice c = commitment_optimal(demand, 4, 0.28);
    assert_float_equal(c.usd_per_hour, 7.2, 1e-12);
    assert_float_equal(c.before, 10, 1e-12);
    assert_float_equal(c.after, 7.2, 1e-12);
    assert_float_equal(c.utilisation, 1, 1e-12);
    assert_float_equal(c.coverage, 1, 1e-12);
}

/* By hand: d = 0.5, D = {0, 1, 2, 3}; the sums over the hours are 12, 10, 10, 12 for c = 0..3. */
static void the_quantile_is_the_least(void **state)
{
    (void)state;
    double demand[] = {6, 0, 2, 4};
    struct commitment_choice c = commitment_optimal(demand, 4, 0.5);
    assert_float_equal(c.usd_per_hour, 1, 1e-12);
    assert_float_equal(c.after * 4, 10, 1e-12);
    assert_float_equal(c.utilisation, 0.75, 1e-12);
}

static void nothing_among_all_demands_is_cheaper(void **state)
{
    (void)state;
    double demand[97];
    for (size_t i = 0; i < 97; i++)
        demand[i] = (double)((i * 37 + 11) % 101) / 7.0;
    for (double d = 0.1; d < 0.75; d += 0.09) {
        double best = commitment_optimal(demand, 97, d).after;
        for (size_t i = 0; i < 97; i++) {
            double other = commitment_evaluate(demand, 97, d, demand[i] * (1 - d)).after;
            assert_true(best <= other + 1e-9);
        }
    }
}

static void no_hours_no_commitment(void **state)
{
    (void)state;
    struct commitment_choice c = commitment_optimal(NULL, 0, 0.28);
    assert_true(c.usd_per_hour <= 0 && c.before <= 0 && c.after <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_demand_is_committed_whole),
        cmocka_unit_test(the_quantile_is_the_least),
        cmocka_unit_test(nothing_among_all_demands_is_cheaper),
        cmocka_unit_test(no_hours_no_commitment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
