#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../src/report/diff_pairs.h"

static struct cost_component unpriced(const char *key)
{
    return (struct cost_component){.name = "Instance usage",
                                   .state = COMPONENT_UNPRICED,
                                   .quantity = {730, 730, 730},
                                   .price_key = key,
                                   .why = "the price book has no such price"};
}

static size_t open_between(struct cost_component before, struct cost_component after)
{
    struct resource_cost x = {.components = &before, .count = 1};
    struct resource_cost y = {.components = &after, .count = 1};
    struct component_pairs pairs;
    pair_components(&pairs, &x, &y);
    assert_int_equal(pairs.all.at[0].same, pairs.open == 0);
    VEC_FREE(&pairs.all);
    return pairs.open;
}

/* The same price that nobody knows, before and after, is no difference that nobody knows. */
static void what_lacks_one_price_stays_the_same(void **state)
{
    (void)state;
    assert_int_equal(open_between(unpriced("rds x"), unpriced("rds x")), 0);
    assert_int_equal(open_between(unpriced("rds x"), unpriced("rds y")), 1);
    struct cost_component more = unpriced("rds x");
    more.quantity.expected = 1460;
    assert_int_equal(open_between(unpriced("rds x"), more), 1);
    struct cost_component unclear = unpriced("rds x");
    unclear.why = "engine_version is known only after apply";
    assert_int_equal(open_between(unpriced("rds x"), unclear), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_lacks_one_price_stays_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
