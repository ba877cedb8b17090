#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "advice_scene.h"
#include "near.h"
#include "pricing/ec2.h"

extern const struct recommender recommender_ec2;

enum { POINTS = 14 * 288, STEP = 300 };

static uint32_t add_instance(struct scene *s, const char *id, const char *type)
{
    struct estate *e = s->estate;
    uint32_t index = estate_resource(e, id);
    struct resource *r = &e->resources.at[index];
    struct node *attrs = node_new(&e->arena, NODE_MAP);
    node_add(&e->arena, attrs, "instance_type", node_string(&e->arena, type));
    r->type = intern(e->symbols, "aws_instance");
    r->id = r->key;
    r->region = intern(e->symbols, "us-east-1");
    r->attrs = attrs;
    return index;
}

/* `low` for most points, `high` for one in ten: the 95th percentile sees it, the median does
 * not. */
static void add_series(struct scene *s, const char *id, const char *metric, const char *stat,
                       double low, double high)
{
    struct estate *e = s->estate;
    struct metric_series *m = VEC_PUSH(&e->series);
    *m = (struct metric_series){.resource = NOTHING,
                                .subject = intern(e->symbols, id),
                                .metric = intern(e->symbols, metric),
                                .stat = intern(e->symbols, stat),
                                .step = STEP,
                                .count = POINTS,
                                .times = ARENA_ARRAY(&e->arena, int64_t, POINTS),
                                .values = ARENA_ARRAY(&e->arena, double, POINTS)};
    for (int i = 0; i < POINTS; i++) {
        m->times[i] = 1767571200 + (int64_t)i * STEP;
        m->values[i] = i % 10 == 5 ? high : low;
    }
}

static const struct recommendation *only(const struct scene *s, const char *kind)
{
    assert_int_equal(s->advice.recommendations.count, 1);
    const struct recommendation *r = &s->advice.recommendations.at[0];
    assert_string_equal(r->kind, kind);
    return r;
}

static const char *proposed(const struct recommendation *r)
{
    return node_text(node_get(r->proposed, "instance_type"), "");
}

static double hourly(const struct scene *s, const char *type)
{
    struct price price;
    assert_true(ec2_on_demand(&price, s->book, type, "us-east-1", NULL));
    return money_double(price.usd);
}

static void half_used_is_halved(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.4xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 10, 35);
    add_series(s, "i-1", "mem_used_percent", "Average", 30, 38);
    ask(s, &recommender_ec2);
    const struct recommendation *r = only(s, "ec2.rightsize");
    assert_string_equal(proposed(r), "m5.2xlarge");
    assert_near(money_double(recommendation_saving(r).expected),
                730 * (hourly(s, "m5.4xlarge") - hourly(s, "m5.2xlarge")), 1e-6);
    assert_int_equal(r->risk, 3);
    assert_string_equal(r->risk_dimension, "memory");
    assert_int_equal(r->alternatives.count, 2);
    assert_says(r->artefacts.at[0].text, "--instance-type m5.2xlarge");
}

static void the_percentile_decides_and_not_the_mean(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.4xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 5, 75);
    add_series(s, "i-1", "mem_used_percent", "Average", 30, 38);
    ask(s, &recommender_ec2);
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        assert_null(strstr(proposed(&s->advice.recommendations.at[i]), "m5.2xlarge"));
}

static void unknown_memory_is_kept(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "t3.nano");
    add_series(s, "i-1", "CPUUtilization", "Average", 1, 6);
    add_instance(s, "i-2", "m5.4xlarge");
    add_series(s, "i-2", "CPUUtilization", "Average", 10, 35);
    s->options.graviton_ok = false;
    ask(s, &recommender_ec2);
    assert_true(s->advice.recommendations.count >= 1);
    const struct recommendation *r = &s->advice.recommendations.at[0];
    assert_string_equal(sym_or_empty(s->estate->resources.at[r->resources.at[0]].id), "i-2");
    assert_null(strstr(proposed(r), "m5."));
    bool said = false;
    for (size_t i = 0; i < r->alternatives.count; i++)
        said = said || strstr(r->alternatives.at[i].why_not, "memory use is not known");
    assert_true(said);
}

static void every_dimension_must_fit(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.4xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 10, 20);
    add_series(s, "i-1", "mem_used_percent", "Average", 10, 20);
    /* 4.5 of the 5 Gbit/s that m5.4xlarge has without bursting. */
    add_series(s, "i-1", "NetworkIn", "Sum", 4.5e9 / 8 * STEP, 4.5e9 / 8 * STEP);
    ask(s, &recommender_ec2);
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        assert_null(strstr(proposed(&s->advice.recommendations.at[i]), "m5.2xlarge"));
}

static void local_disks_are_kept_unless_unused(void **state)
{
    struct scene *s = *state;
    s->options.graviton_ok = false;
    add_instance(s, "i-1", "m5d.4xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 10, 20);
    add_series(s, "i-1", "mem_used_percent", "Average", 10, 20);
    ask(s, &recommender_ec2);
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        assert_string_not_equal(proposed(&s->advice.recommendations.at[i]), "m5d.2xlarge");
}

static void a_silent_one_is_stopped(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.large");
    add_series(s, "i-1", "CPUUtilization", "Average", 1, 2);
    add_series(s, "i-1", "NetworkIn", "Sum", 1000, 1000);
    add_series(s, "i-1", "NetworkOut", "Sum", 1000, 1000);
    ask(s, &recommender_ec2);
    const struct recommendation *r = only(s, "ec2.idle");
    assert_near(money_double(recommendation_saving(r).expected), 730 * hourly(s, "m5.large"),
                1e-6);
}

static void quiet_but_with_traffic_is_not_idle(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "t3.micro");
    add_series(s, "i-1", "CPUUtilization", "Average", 1, 2);
    add_series(s, "i-1", "NetworkIn", "Sum", 1e6, 1e6);
    ask(s, &recommender_ec2);
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        assert_string_not_equal(s->advice.recommendations.at[i].kind, "ec2.idle");
}

static void credits_must_last(void **state)
{
    struct scene *s = *state;
    s->options.graviton_ok = false;
    add_instance(s, "i-1", "t3.large");
    /* 28 % of two vCPUs on average: below t3.large's 30, above t3.medium's 20. */
    add_series(s, "i-1", "CPUUtilization", "Average", 28, 28);
    add_series(s, "i-1", "mem_used_percent", "Average", 10, 20);
    ask(s, &recommender_ec2);
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        assert_string_not_equal(proposed(&s->advice.recommendations.at[i]), "t3.medium");
}

static void a_full_one_grows(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.large");
    add_series(s, "i-1", "CPUUtilization", "Average", 60, 97);
    add_series(s, "i-1", "mem_used_percent", "Average", 30, 38);
    ask(s, &recommender_ec2);
    const struct recommendation *r = only(s, "ec2.undersized");
    assert_string_equal(proposed(r), "m5.xlarge");
    assert_true(recommendation_saving(r).expected.atto < 0);
}

static void another_processor_must_save_more(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "c6i.xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 30, 60);
    add_series(s, "i-1", "mem_used_percent", "Average", 50, 70);
    ask(s, &recommender_ec2);
    /* AMD saves 10 %, below the 15; Graviton 20, as a migration that may save nothing. */
    const struct recommendation *r = only(s, "ec2.graviton");
    assert_int_equal(r->risk, 3);
    assert_int_equal(r->effort, LEVEL_HIGH);
    assert_near(money_double(recommendation_saving(r).low), 0, 1e-9);
    assert_true(money_double(recommendation_saving(r).expected) >
                0.15 * 730 * hourly(s, "c6i.xlarge"));
}

static void without_graviton_it_stays(void **state)
{
    struct scene *s = *state;
    s->options.graviton_ok = false;
    add_instance(s, "i-1", "c6i.xlarge");
    add_series(s, "i-1", "CPUUtilization", "Average", 30, 60);
    add_series(s, "i-1", "mem_used_percent", "Average", 50, 70);
    ask(s, &recommender_ec2);
    assert_int_equal(s->advice.recommendations.count, 0);
    assert_says(s->advice.declined.at[0].reason, "c6i.xlarge stays");
}

static void workers_of_a_cluster_are_left_alone(void **state)
{
    struct scene *s = *state;
    uint32_t i = add_instance(s, "i-1", "m5.4xlarge");
    struct node *tags = node_new(&s->estate->arena, NODE_MAP);
    node_add(&s->estate->arena, tags, "Vendor", node_string(&s->estate->arena, "Databricks"));
    s->estate->resources.at[i].tags = tags;
    add_series(s, "i-1", "CPUUtilization", "Average", 10, 20);
    ask(s, &recommender_ec2);
    assert_int_equal(s->advice.recommendations.count + s->advice.declined.count, 0);
}

static void what_is_missing_is_said(void **state)
{
    struct scene *s = *state;
    add_instance(s, "i-1", "m5.4xlarge");
    add_instance(s, "i-2", "m5.4xlarge");
    add_instance(s, "i-3", "m99.huge");
    ask(s, &recommender_ec2);
    assert_int_equal(s->advice.recommendations.count + s->advice.declined.count, 0);
    assert_int_equal(s->advice.notes.count, 2);
    assert_says(s->advice.notes.at[0].text, "2 instances (the first is i-1) are not judged");
    assert_says(s->advice.notes.at[0].text, "no CPUUtilization");
    /* Without a bill 2 x 730 x 0.768, and 8 GB of gp2 each. */
    assert_says(s->advice.notes.at[0].text, "they cost at most 1122.88 USD a month");
    assert_says(s->advice.notes.at[1].text, "i-3 is not judged: ");
    assert_says(s->advice.notes.at[1].text, "not in the catalogue");
    assert_says(s->advice.notes.at[1].text, "it costs an amount that is not known");
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(half_used_is_halved),
        CASE(the_percentile_decides_and_not_the_mean),
        CASE(unknown_memory_is_kept),
        CASE(every_dimension_must_fit),
        CASE(local_disks_are_kept_unless_unused),
        CASE(a_silent_one_is_stopped),
        CASE(quiet_but_with_traffic_is_not_idle),
        CASE(credits_must_last),
        CASE(a_full_one_grows),
        CASE(another_processor_must_save_more),
        CASE(without_graviton_it_stays),
        CASE(workers_of_a_cluster_are_left_alone),
        CASE(what_is_missing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
