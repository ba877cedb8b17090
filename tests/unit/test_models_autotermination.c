#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/autotermination.h"

static const double limits[] = {10, 15, 20, 30, 60, 120};

static struct idle_times times_of(const double *gaps, size_t count)
{
    return (struct idle_times){.gaps = gaps, .gap_count = count, .startup_minutes = 5};
}

/* Gaps of 5, 40 and 300 minutes and a tail of 90, limit 30: 5 + 30 + 30 + 30, two restarts. */
static void pays_what_it_waits_and_starts(void **state)
{
    (void)state;
    static const double gaps[] = {5, 40, 300}, tails[] = {90};
    struct idle_times t = times_of(gaps, 3);
    t.tails = tails;
    t.tail_count = 1;
    struct idle_cost cost = idle_cost_of(&t, 30);
    assert_true(cost.waiting_minutes == 95 && cost.restarts == 2 && cost.paid_minutes == 105);
    assert_true(idle_cost_of(&t, INFINITY).paid_minutes == 435);
}

static void waits_through_gaps_that_a_start_would_cost_more(void **state)
{
    (void)state;
    /* many of 12 minutes: ending at 10 pays 15 for each, at 15 pays 12 */
    static const double gaps[] = {12, 12, 12, 12, 12, 12, 12, 12, 600};
    struct idle_times t = times_of(gaps, 9);
    assert_true(limits[idle_limit_choose(&t, limits, 6, 1)] == 15);
}

static void takes_the_longest_that_saves_nearly_as_much(void **state)
{
    (void)state;
    static const double nights[] = {840, 840, 840, 840, 45};
    struct idle_times t = times_of(nights, 5);
    assert_true(limits[idle_limit_choose(&t, limits, 6, 1)] == 10);
    /* 10: paid 75 of 3405, saves 3330; 30: 175, saves 3230 = 97 %; 60: 305, 93 % */
    assert_true(limits[idle_limit_choose(&t, limits, 6, 0.95)] == 30);
}

static void without_gaps_any_limit_will_do(void **state)
{
    (void)state;
    struct idle_times t = times_of(NULL, 0);
    assert_true(idle_cost_of(&t, 10).paid_minutes == 0);
    assert_int_equal(idle_limit_choose(&t, limits, 6, 0.95), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pays_what_it_waits_and_starts),
        cmocka_unit_test(waits_through_gaps_that_a_start_would_cost_more),
        cmocka_unit_test(takes_the_longest_that_saves_nearly_as_much),
        cmocka_unit_test(without_gaps_any_limit_will_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
