#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/commitment.h"

static struct commitment_demand one_class(const double *on_demand, size_t hours,
                                          const double *discount)
{
    return (struct commitment_demand){hours, 1, on_demand, discount};
}

static void steady_demand_is_committed_whole(void **state)
{
    (void)state;
    const double demand[] = {10, 10, 10, 10}, discount = 0.28;
    struct commitment_demand d = one_class(demand, 4, &discount);
    struct commitment_choice c = commitment_optimal(&d);
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
    const double demand[] = {6, 0, 2, 4}, discount = 0.5;
    struct commitment_demand d = one_class(demand, 4, &discount);
    struct commitment_choice c = commitment_optimal(&d);
    assert_float_equal(c.usd_per_hour, 1, 1e-12);
    assert_float_equal(c.after * 4, 10, 1e-12);
    assert_float_equal(c.utilisation, 0.75, 1e-12);
}

/*
 * By hand: 10 USD at 50 % and 10 at 20 %. Of 9 USD an hour 5 serve the first class
 * whole, 4 serve 5 of the second; 5 are left on demand, so the hour costs 14.
 */
static void the_highest_discount_is_served_first(void **state)
{
    (void)state;
    const double demand[] = {10, 10}, discounts[] = {0.5, 0.2};
    struct commitment_demand d = {1, 2, demand, discounts};
    struct commitment_choice c = commitment_evaluate(&d, 9);
    assert_float_equal(c.before, 20, 1e-12);
    assert_float_equal(c.after, 14, 1e-12);
    assert_float_equal(c.utilisation, 1, 1e-12);
    assert_float_equal(c.coverage, 0.75, 1e-12);
    assert_float_equal(commitment_optimal(&d).usd_per_hour, 13, 1e-12);
}

/*
 * By hand: the second class is there every other hour only. Past 5 USD a further one
 * saves 1.25 in half of the hours and is wasted in the others: 5 is best.
 */
static void a_low_discount_that_comes_and_goes_is_left_on_demand(void **state)
{
    (void)state;
    const double demand[] = {10, 10, 10, 0}, discounts[] = {0.5, 0.2};
    struct commitment_demand d = {2, 2, demand, discounts};
    struct commitment_choice c = commitment_optimal(&d);
    assert_float_equal(c.usd_per_hour, 5, 1e-12);
    assert_float_equal(c.after, 10, 1e-12);
}

static void nothing_on_a_fine_grid_is_cheaper(void **state)
{
    (void)state;
    enum { HOURS = 97, CLASSES = 3 };
    double demand[HOURS * CLASSES];
    for (size_t i = 0; i < HOURS * CLASSES; i++)
        demand[i] = (double)((i * 37 + 11) % 101) / 7.0;
    for (double d = 0.1; d < 0.65; d += 0.09) {
        const double discounts[CLASSES] = {d + 0.2, d + 0.05, d};
        struct commitment_demand all = {HOURS, CLASSES, demand, discounts};
        double best = commitment_optimal(&all).after;
        for (double c = 0; c < 45; c += 0.05)
            assert_true(best <= commitment_evaluate(&all, c).after + 1e-9);
    }
}

static void no_hours_no_commitment(void **state)
{
    (void)state;
    const double discount = 0.28;
    struct commitment_demand d = one_class(NULL, 0, &discount);
    struct commitment_choice c = commitment_optimal(&d);
    assert_true(c.usd_per_hour <= 0 && c.before <= 0 && c.after <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steady_demand_is_committed_whole),
        cmocka_unit_test(the_quantile_is_the_least),
        cmocka_unit_test(the_highest_discount_is_served_first),
        cmocka_unit_test(a_low_discount_that_comes_and_goes_is_left_on_demand),
        cmocka_unit_test(nothing_on_a_fine_grid_is_cheaper),
        cmocka_unit_test(no_hours_no_commitment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
