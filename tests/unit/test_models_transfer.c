#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/transfer.h"

static void assert_near(double got, double want)
{
    if (fabs(got - want) > 1e-4 * fabs(want))
        fail_msg("got %.9g, want %.9g", got, want);
}

static void throughput_falls_with_distance_and_loss(void **state)
{
    (void)state;
    struct transfer_path path = {.rtt_ms = 100, .loss = 1e-4, .link_mbps = 1000};
    /* 11,680 bits x 1.22 / (0.1 s x 0.01) = 14.2496 Mbit/s. */
    assert_near(transfer_mbps(&path, 1), 14.2496);
    assert_near(transfer_mbps(&path, 8), 8 * 14.2496);
    assert_near(transfer_mbps(&path, 100), 1000);
    path.loss = 0;
    assert_near(transfer_mbps(&path, 1), 1000);
}

static void time_saved_must_be_worth_the_fee(void **state)
{
    (void)state;
    /* 100 GiB at 100 Mbit/s: 858,993,459,200 bits / 1e8 / 3,600 = 2.38609 h. */
    assert_near(transfer_hours(100, 100), 2.386093);
    /* At 400 Mbit/s a quarter: 1.78957 h saved for 4 USD. */
    assert_near(transfer_worth_per_hour(100, 0.04, 100, 400), 4 / 1.78957);
    assert_true(isinf(transfer_worth_per_hour(100, 0.04, 400, 400)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(throughput_falls_with_distance_and_loss),
        cmocka_unit_test(time_saved_must_be_worth_the_fee),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
