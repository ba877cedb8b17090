#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/lcu.h"
#include "near.h"

static struct lcu_traffic per_second(double new_per_second, double active, double gb_per_hour,
                                     double rules, double requests_per_second)
{
    double requests = requests_per_second * 3600;
    return (struct lcu_traffic){
        .seconds = 3600,
        .new_connections = new_per_second * 3600,
        .active_connections = active,
        .bytes = gb_per_hour * LCU_BINARY_GB,
        .requests = requests,
        .rules_evaluated = lcu_rules_evaluated(rules, requests),
    };
}

static struct lcu_units application(struct lcu_traffic hour)
{
    return lcu_of_hour(lcu_capacity(LCU_APPLICATION, LCU_ANY), &hour, LCU_BINARY_GB);
}

static void the_worked_application_example(void **state)
{
    (void)state;
    struct lcu_units u = application(per_second(100, 3000, 2, 20, 500));
    assert_near(u.by[LCU_NEW], 4, 1e-12);
    assert_near(u.by[LCU_ACTIVE], 1, 1e-12);
    assert_near(u.by[LCU_BYTES], 2, 1e-12);
    assert_near(u.by[LCU_RULES], 5, 1e-12);
    assert_near(u.units, 5, 1e-12);
    assert_int_equal(u.binding, LCU_RULES);
    assert_near(u.second, 4, 1e-12);
    assert_near(u.units * 0.008, 0.04, 1e-12);
}

static void the_worked_network_example(void **state)
{
    (void)state;
    /* 100 new TCP connections a second of 3 minutes and 1,000 bytes each: 18,000 are open. */
    struct lcu_traffic traffic[LCU_PROTOCOLS] = {[LCU_TCP] = {.seconds = 3600,
                                                              .new_connections = 360000,
                                                              .active_connections = 18000,
                                                              .bytes = 360000.0 * 1000}};
    struct lcu_total t = lcu_of_balancer(LCU_NETWORK, traffic, LCU_DECIMAL_GB);
    assert_near(t.by_protocol[LCU_TCP].by[LCU_NEW], .125, 1e-12);
    assert_near(t.by_protocol[LCU_TCP].by[LCU_ACTIVE], .18, 1e-12);
    assert_near(t.by_protocol[LCU_TCP].by[LCU_BYTES], .36, 1e-12);
    assert_near(t.units, .36, 1e-12);
    assert_near(t.units * 0.006, 0.00216, 1e-12);
}

static void the_worked_lambda_example(void **state)
{
    (void)state;
    struct lcu_traffic hour = per_second(5, 0, 0, 0, 0);
    hour.lambda_bytes = 1.2 * LCU_BINARY_GB;
    struct lcu_units u = application(hour);
    assert_near(u.units, 3, 1e-12);
    assert_int_equal(u.binding, LCU_BYTES);
}

static void lambda_and_other_bytes_add_up(void **state)
{
    (void)state;
    struct lcu_traffic hour = per_second(0, 0, 2, 0, 0);
    hour.lambda_bytes = 0.4 * LCU_BINARY_GB;
    assert_near(application(hour).units, 3, 1e-12);
}

static void the_first_ten_rules_are_free(void **state)
{
    (void)state;
    assert_near(application(per_second(0, 0, 0, 10, 5000)).units, 0, 0);
    assert_near(application(per_second(0, 0, 0, 3, 5000)).units, 0, 0);
    assert_near(application(per_second(0, 0, 0, 11, 5000)).units, 5, 1e-12);
}

static void protocols_of_a_network_balancer_add_up(void **state)
{
    (void)state;
    struct lcu_traffic traffic[LCU_PROTOCOLS] = {
        [LCU_TCP] = {.seconds = 3600, .new_connections = 800.0 * 3600}, /* 1 */
        [LCU_UDP] = {.seconds = 3600, .active_connections = 100000},    /* 2 */
        [LCU_TLS] = {
            .seconds = 3600, .new_connections = 150.0 * 3600, .bytes = LCU_BINARY_GB}};
    struct lcu_total t = lcu_of_balancer(LCU_NETWORK, traffic, LCU_BINARY_GB);
    assert_near(t.units, 6, 1e-12);
    assert_int_equal(t.largest, LCU_TLS);
    struct lcu_shares shares = {0};
    lcu_shares_add(&shares, &t);
    assert_near(shares.units_by[LCU_NEW], 4, 1e-12);
    assert_near(shares.units_by[LCU_ACTIVE], 2, 1e-12);
    assert_near(shares.avoidable_by[LCU_NEW], 1 + 2, 1e-12);
    assert_int_equal(lcu_shares_top(&shares), LCU_NEW);
}

static void a_gateway_hour(void **state)
{
    (void)state;
    struct lcu_traffic traffic[LCU_PROTOCOLS] = {[LCU_ANY] = {.seconds = 3600,
                                                              .new_connections = 1200.0 * 3600,
                                                              .active_connections = 180000,
                                                              .bytes = 2.5 * LCU_BINARY_GB}};
    assert_near(lcu_of_balancer(LCU_GATEWAY, traffic, LCU_BINARY_GB).units, 3, 1e-12);
    assert_null(lcu_capacity(LCU_GATEWAY, LCU_TCP));
}

static void a_gb_is_as_large_as_it_is_told(void **state)
{
    (void)state;
    struct lcu_traffic hour = {.seconds = 3600, .bytes = 5e9};
    const struct lcu_capacity *alb = lcu_capacity(LCU_APPLICATION, LCU_ANY);
    assert_near(lcu_of_hour(alb, &hour, LCU_DECIMAL_GB).units, 5, 1e-12);
    assert_near(lcu_of_hour(alb, &hour, LCU_BINARY_GB).units, 4.656613, 5e-7);
}

static double random_up_to(unsigned *seed, double most)
{
    *seed = *seed * 1103515245u + 12345u;
    return most * ((*seed >> 8) & 0xffff) / 65535.0;
}

static struct lcu_traffic random_hour(unsigned *seed)
{
    struct lcu_traffic t =
        per_second(random_up_to(seed, 200), random_up_to(seed, 20000), random_up_to(seed, 8),
                   random_up_to(seed, 40), random_up_to(seed, 500));
    t.lambda_bytes = random_up_to(seed, 3) * LCU_BINARY_GB;
    return t;
}

static struct lcu_traffic both(struct lcu_traffic a, struct lcu_traffic b)
{
    a.new_connections += b.new_connections;
    a.active_connections += b.active_connections;
    a.bytes += b.bytes;
    a.lambda_bytes += b.lambda_bytes;
    a.requests += b.requests;
    a.rules_evaluated += b.rules_evaluated;
    return a;
}

static void is_the_largest_dimension_and_never_grows_by_merging(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int i = 0; i < 5000; i++) {
        struct lcu_traffic a = random_hour(&seed), b = random_hour(&seed);
        struct lcu_units ua = application(a), ub = application(b),
                         merged = application(both(a, b));
        double largest = 0;
        for (int d = 0; d < LCU_DIMENSIONS; d++)
            largest = fmax(largest, ua.by[d]);
        assert_near(ua.units, largest, 0);
        assert_true(ua.second <= ua.units && ua.by[ua.binding] == ua.units);
        /* The larger of two sums is at most the sum of the larger ones. */
        assert_true(merged.units <= ua.units + ub.units + 1e-9);
        assert_true(merged.units >= fmax(ua.units, ub.units) -
                                        fmax(ua.by[LCU_RULES], ub.by[LCU_RULES]) - 1e-9);
    }
}

static void twice_the_traffic_is_twice_the_units(void **state)
{
    (void)state;
    unsigned seed = 11;
    for (int i = 0; i < 1000; i++) {
        struct lcu_traffic a = random_hour(&seed);
        assert_near(application(both(a, a)).units, 2 * application(a).units, 1e-9);
    }
}

static void shares_add_up_to_the_hours(void **state)
{
    (void)state;
    unsigned seed = 13;
    struct lcu_shares shares = {0};
    double sum = 0;
    for (int i = 0; i < 730; i++) {
        struct lcu_traffic traffic[LCU_PROTOCOLS] = {[LCU_ANY] = random_hour(&seed)};
        struct lcu_total t = lcu_of_balancer(LCU_APPLICATION, traffic, LCU_BINARY_GB);
        sum += t.units;
        lcu_shares_add(&shares, &t);
    }
    double by = 0, hours = 0;
    for (int d = 0; d < LCU_DIMENSIONS; d++) {
        by += shares.units_by[d];
        hours += shares.hours_by[d];
        assert_true(shares.avoidable_by[d] <= shares.units_by[d] + 1e-9);
    }
    assert_near(shares.units, sum, 1e-9);
    assert_near(by, sum, 1e-6);
    assert_near(hours, 730, 0);
}

static void a_part_of_an_hour_counts_for_its_part(void **state)
{
    (void)state;
    struct lcu_traffic half = {.seconds = 1800, .active_connections = 6000};
    assert_near(application(half).units, 1, 1e-12);
}

static void reserving_at_the_same_price_saves_nothing(void **state)
{
    (void)state;
    static const double units[] = {1, 2, 3, 4, 10};
    assert_near(lcu_cheapest_reservation(units, 5, 0.008, 0.008), 0, 0);
    struct lcu_reservation none = lcu_reserve(units, 5, 0, 0.008, 0.008);
    assert_near(none.cost, 20 * 0.008, 1e-12);
    for (double r = 0; r <= 12; r += 0.5)
        assert_true(lcu_reserve(units, 5, r, 0.008, 0.008).cost >= none.cost - 1e-12);
    assert_near(lcu_reserve(units, 5, 4, 0.008, 0.008).idle_unit_hours, 6, 1e-12);
    assert_near(lcu_reserve(units, 5, 4, 0.008, 0.008).over_unit_hours, 6, 1e-12);
}

static void the_break_even_is_a_quantile(void **state)
{
    (void)state;
    double units[100];
    for (int i = 0; i < 100; i++)
        units[i] = i * i / 100.0;
    for (double price = 0.001; price < 0.008; price += 0.0005) {
        double best = lcu_cheapest_reservation(units, 100, price, 0.008);
        double cost = lcu_reserve(units, 100, best, price, 0.008).cost;
        for (int i = 0; i < 100; i++)
            assert_true(cost <= lcu_reserve(units, 100, units[i], price, 0.008).cost + 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worked_application_example),
        cmocka_unit_test(the_worked_network_example),
        cmocka_unit_test(the_worked_lambda_example),
        cmocka_unit_test(lambda_and_other_bytes_add_up),
        cmocka_unit_test(the_first_ten_rules_are_free),
        cmocka_unit_test(protocols_of_a_network_balancer_add_up),
        cmocka_unit_test(a_gateway_hour),
        cmocka_unit_test(a_gb_is_as_large_as_it_is_told),
        cmocka_unit_test(is_the_largest_dimension_and_never_grows_by_merging),
        cmocka_unit_test(twice_the_traffic_is_twice_the_units),
        cmocka_unit_test(shares_add_up_to_the_hours),
        cmocka_unit_test(a_part_of_an_hour_counts_for_its_part),
        cmocka_unit_test(reserving_at_the_same_price_saves_nothing),
        cmocka_unit_test(the_break_even_is_a_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
