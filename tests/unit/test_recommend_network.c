#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "advice_scene.h"
#include "near.h"

extern const struct recommender recommender_network;

/* A NAT gateway that a month of 730 hours bills for `gb` at 0.045 USD. */
static struct resource *add_gateway(struct scene *s, double gb, double usd)
{
    struct estate *e = s->estate;
    uint32_t index = estate_resource(e, "nat-1");
    struct sku *sku = VEC_PUSH(&e->skus);
    sku->measure = sku->usage_type = intern(e->symbols, "NatGateway-Bytes");
    struct cost_line *line = VEC_PUSH(&e->lines);
    line->resource = index;
    line->hours = 730;
    line->quantity = money_of(gb);
    for (int b = 0; b < BASIS_COUNT; b++)
        line->cost[b] = money_of(usd);
    struct resource *r = &e->resources.at[index];
    r->type = intern(e->symbols, "aws_nat_gateway");
    r->region = intern(e->symbols, "us-east-1");
    return r;
}

static void declare_s3(struct scene *s, struct resource *r, double gb)
{
    struct arena *arena = &s->estate->arena;
    struct node *usage = node_new(arena, NODE_MAP);
    struct node *to = node_add(arena, usage, "to_services_gb", node_new(arena, NODE_MAP));
    node_add(arena, to, "s3", node_number_new(arena, gb));
    r->usage = usage;
}

static const char *formula(const struct recommendation *r)
{
    for (size_t i = 0; i < r->evidence.count; i++)
        if (r->evidence.at[i].kind == EVIDENCE_FORMULA)
            return r->evidence.at[i].value;
    return "";
}

static void what_goes_to_s3_is_saved(void **state)
{
    struct scene *s = *state;
    declare_s3(s, add_gateway(s, 1000, 45), 600);
    ask(s, &recommender_network);
    const struct recommendation *r = find(s, "network.s3_endpoint");
    assert_non_null(r);
    assert_near(money_double(recommendation_saving(r).expected), 600 * 0.045, 1e-9);
    assert_says(formula(r), "600 GB x 0.045 USD billed = 27.00 USD a month");
}

static void no_more_goes_to_s3_than_the_gateway_carries(void **state)
{
    struct scene *s = *state;
    declare_s3(s, add_gateway(s, 1000, 45), 5000);
    ask(s, &recommender_network);
    const struct recommendation *r = find(s, "network.s3_endpoint");
    assert_non_null(r);
    assert_near(money_double(recommendation_saving(r).expected), 45, 1e-9);
    assert_says(formula(r), "1000 GB x 0.045 USD billed = 45.00 USD a month");
}

static void money_for_no_bytes_is_no_price_of_a_byte(void **state)
{
    struct scene *s = *state;
    declare_s3(s, add_gateway(s, 0, 45), 600);
    ask(s, &recommender_network);
    assert_null(find(s, "network.s3_endpoint"));
}

static void what_the_map_does_not_say_has_a_bound(void **state)
{
    struct scene *s = *state;
    add_gateway(s, 1000, 45);
    ask(s, &recommender_network);
    assert_says(declined(s, "network.s3_endpoint"), "at most 45.00 USD a month");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_goes_to_s3_is_saved),
        TEST(no_more_goes_to_s3_than_the_gateway_carries),
        TEST(money_for_no_bytes_is_no_price_of_a_byte),
        TEST(what_the_map_does_not_say_has_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
