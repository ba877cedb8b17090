#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "estate/estate.h"

static uint32_t add_sku(struct estate *estate, const char *measure, enum charge charge)
{
    struct sku *sku = VEC_PUSH(&estate->skus);
    sku->measure = intern(estate->symbols, measure);
    sku->charge = charge;
    return (uint32_t)(estate->skus.count - 1);
}

static void add_line(struct estate *estate, uint32_t resource, uint32_t sku, int32_t hour,
                     double usd)
{
    struct cost_line line = {.resource = resource, .sku = sku, .hour = hour, .hours = 24,
                             .rows = 1, .quantity = money_of(2)};
    line.cost[BASIS_AMORTIZED] = money_of(usd);
    VEC_ADD(&estate->lines, line);
}

static void a_key_gives_one_resource(void **state)
{
    (void)state;
    struct estate *estate = estate_open();
    uint32_t a = estate_resource(estate, "i-1");
    assert_int_equal(estate_resource(estate, "i-1"), a);
    assert_int_not_equal(estate_resource(estate, "i-2"), a);
    assert_int_equal(estate_find(estate, "i-3"), NOTHING);
    estate_free(estate);
}

static void a_month_is_scaled_from_the_window(void **state)
{
    (void)state;
    struct estate *estate = estate_open();
    uint32_t a = estate_resource(estate, "i-1"), b = estate_resource(estate, "i-2");
    uint32_t box = add_sku(estate, "BoxUsage:m6i.large", CHARGE_USAGE);
    uint32_t tax = add_sku(estate, "", CHARGE_TAX);
    add_line(estate, b, box, 24, 5);
    add_line(estate, a, box, 0, 3);
    add_line(estate, a, tax, 480, 100);
    add_line(estate, a, box, 24, 1);
    estate_index(estate);
    assert_true(estate_window_hours(estate) >= 48 && estate_window_hours(estate) <= 48);
    struct money cost;
    double quantity;
    assert_true(estate_monthly_cost(&cost, estate, a, BASIS_AMORTIZED));
    double off = money_double(cost) - 4 * 730.0 / 48;
    assert_true(off < 1e-12 && off > -1e-12);
    assert_true(estate_monthly_measure(&cost, &quantity, estate, b, "BoxUsage:m6i.large",
                                       BASIS_AMORTIZED));
    assert_true(quantity > 30.41 && quantity < 30.42);
    assert_false(estate_monthly_measure(&cost, &quantity, estate, b, "other", BASIS_AMORTIZED));
    estate_free(estate);
}

static void series_are_found_by_resource(void **state)
{
    (void)state;
    struct estate *estate = estate_open();
    uint32_t a = estate_resource(estate, "i-1"), b = estate_resource(estate, "i-2");
    VEC_ADD(&estate->series, ((struct metric_series){.resource = NOTHING, .metric = "Lost"}));
    VEC_ADD(&estate->series,
            ((struct metric_series){.resource = b, .metric = "CPU", .stat = "p99"}));
    VEC_ADD(&estate->series,
            ((struct metric_series){.resource = b, .metric = "CPU", .stat = "Average"}));
    estate_index(estate);
    size_t count;
    estate_series(estate, a, &count);
    assert_int_equal(count, 0);
    estate_series(estate, b, &count);
    assert_int_equal(count, 2);
    assert_string_equal(estate_metric(estate, b, "CPU", "p99")->stat, "p99");
    assert_null(estate_metric(estate, b, "CPU", "Sum"));
    estate_free(estate);
}

static void children_are_found_by_parent(void **state)
{
    (void)state;
    struct estate *estate = estate_open();
    uint32_t cluster = estate_resource(estate, "cluster");
    uint32_t a = estate_resource(estate, "i-1"), alone = estate_resource(estate, "i-2");
    uint32_t b = estate_resource(estate, "i-3");
    estate->resources.at[a].parent = estate->resources.at[b].parent = cluster;
    estate_index(estate);
    size_t count;
    const uint32_t *children = estate_children(estate, cluster, &count);
    assert_int_equal(count, 2);
    assert_int_equal(children[0], a);
    assert_int_equal(children[1], b);
    estate_children(estate, alone, &count);
    assert_int_equal(count, 0);
    estate_free(estate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_gives_one_resource),
        cmocka_unit_test(a_month_is_scaled_from_the_window),
        cmocka_unit_test(series_are_found_by_resource),
        cmocka_unit_test(children_are_found_by_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
