#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "advice_scene.h"
#include "near.h"

/* Two weeks from 2026-01-05 00:00, a Monday. us-east-1: 0.0225 + 0.008 (ALB), 0.006 (NLB). */
enum { HOURS = 336, FIRST_HOUR = 490992 };
#define ARN "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/"

extern const struct recommender recommender_elb;

static uint32_t add_balancer(struct scene *s, const char *tail)
{
    struct estate *e = s->estate;
    uint32_t index = estate_resource(e, intern_printf(e->symbols, ARN "%s", tail));
    struct resource *r = &e->resources.at[index];
    r->type = intern(e->symbols, strchr(tail, '/') ? "aws_lb" : "aws_elb");
    r->name = intern(e->symbols, tail);
    r->region = intern(e->symbols, "us-east-1");
    return index;
}

static struct node *attrs_of(struct scene *s, uint32_t resource)
{
    struct resource *r = &s->estate->resources.at[resource];
    if (!r->attrs)
        r->attrs = node_new(&s->estate->arena, NODE_MAP);
    return (struct node *)(uintptr_t)r->attrs;
}

static void put_text(struct scene *s, uint32_t resource, const char *key, const char *value)
{
    struct arena *arena = &s->estate->arena;
    node_add(arena, attrs_of(s, resource), key, node_string(arena, value));
}

static void put_bool(struct scene *s, uint32_t resource, const char *key, bool value)
{
    struct arena *arena = &s->estate->arena;
    node_add(arena, attrs_of(s, resource), key, node_bool_new(arena, value));
}

static uint32_t add_sku(struct scene *s, const char *measure)
{
    struct estate *e = s->estate;
    struct sku *sku = VEC_PUSH(&e->skus);
    *sku = (struct sku){.service = intern(e->symbols, "AWSELB"),
                        .measure = intern(e->symbols, measure),
                        .region = intern(e->symbols, "us-east-1"),
                        .charge = CHARGE_USAGE};
    return (uint32_t)e->skus.count - 1;
}

/* `quantity` in each hour at `usd` each. */
static void add_bill(struct scene *s, uint32_t resource, const char *measure, double quantity,
                     double usd)
{
    uint32_t sku = add_sku(s, measure);
    for (int h = 0; h < HOURS; h++) {
        struct money cost = money_of(quantity * usd);
        VEC_ADD(&s->estate->lines,
                ((struct cost_line){.resource = resource,
                                    .sku = sku,
                                    .hour = FIRST_HOUR + h,
                                    .hours = 1,
                                    .rows = 1,
                                    .quantity = money_of(quantity),
                                    .cost = {cost, cost, cost, cost, cost}}));
    }
}

static void add_hours(struct scene *s, uint32_t resource, double units)
{
    add_bill(s, resource, "LoadBalancerUsage", 1, 0.0225);
    if (units > 0)
        add_bill(s, resource, "LCUUsage", units, 0.008);
}

/* The same value in every step of the window. */
static void add_series(struct scene *s, const char *subject, const char *metric,
                       const char *stat, int step, double value)
{
    struct estate *e = s->estate;
    size_t n = (size_t)(HOURS * 3600 / step);
    struct metric_series *m = VEC_PUSH(&e->series);
    *m = (struct metric_series){.resource = NOTHING,
                                .subject = intern(e->symbols, subject),
                                .metric = intern(e->symbols, metric),
                                .stat = intern(e->symbols, stat),
                                .step = step,
                                .count = n,
                                .times = ARENA_ARRAY(&e->arena, int64_t, n),
                                .values = ARENA_ARRAY(&e->arena, double, n)};
    for (size_t i = 0; i < n; i++) {
        m->times[i] = (int64_t)FIRST_HOUR * 3600 + (int64_t)i * step;
        m->values[i] = value;
    }
}

static double usd(struct money m)
{
    return money_double(m);
}

static void an_unused_one_goes_and_saves_its_hours(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/idle/1");
    add_hours(s, lb, 0);
    add_series(s, "app/idle/1", "RequestCount", "Sum", 3600, 0);
    add_series(s, "app/idle/1", "NewConnectionCount", "Sum", 3600, 0);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.idle");
    assert_non_null(r);
    assert_near(usd(recommendation_saving(r).expected), 730 * 0.0225, 1e-6);
    assert_near(usd(r->list.after.expected), 0, 1e-9);
    assert_int_equal(r->confidence, LEVEL_HIGH);
    assert_int_equal(r->action, ACTION_STOP);
    assert_says(r->artefacts.at[0].text,
                "delete-load-balancer --load-balancer-arn " ARN "app/idle/1");
}

static void redirects_are_traffic(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/redirect/1"), 0);
    add_series(s, "app/redirect/1", "RequestCount", "Sum", 3600, 0);
    add_series(s, "app/redirect/1", "HTTP_Redirect_Count", "Sum", 3600, 5);
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.idle"));
}

static void one_without_healthy_targets_goes_whatever_knocks(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/orphan/1"), 0.1);
    add_series(s, "app/orphan/1", "RequestCount", "Sum", 3600, 9000);
    add_series(s, "app/orphan/1;targetgroup/t/1", "HealthyHostCount", "Maximum", 3600, 0);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.idle");
    assert_non_null(r);
    assert_says(r->title, "no healthy target");
    assert_near(usd(recommendation_saving(r).expected), 730 * (0.0225 + 0.1 * 0.008), 1e-6);
}

static void the_bill_alone_is_enough_to_suspect(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/quiet/1"), 0);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.idle");
    assert_non_null(r);
    assert_int_equal(r->confidence, LEVEL_MEDIUM);
    assert_int_equal(r->risk, 2);
}

static void three_days_are_needed(void **state)
{
    struct scene *s = *state;
    s->options.min_days = 20;
    add_hours(s, add_balancer(s, "app/young/1"), 0);
    ask(s, &recommender_elb);
    assert_int_equal(s->advice.recommendations.count, 0);
    assert_says(declined(s, "elb.idle"), "14.0 days of metrics or bill are too few");
}

/* The worked example of the pricing page: rules bind at 5 units, connections at 4. */
static void add_worked_example(struct scene *s, const char *tail, double billed)
{
    add_hours(s, add_balancer(s, tail), billed);
    add_series(s, tail, "NewConnectionCount", "Sum", 60, 100 * 60);
    add_series(s, tail, "ActiveConnectionCount", "Sum", 60, 3000);
    add_series(s, tail, "ProcessedBytes", "Sum", 60, 2 * 1073741824.0 / 60);
    add_series(s, tail, "RequestCount", "Sum", 60, 500 * 60);
    add_series(s, tail, "RuleEvaluations", "Sum", 60, 20 * 500 * 60);
}

static void computed_units_agree_with_the_bill(void **state)
{
    struct scene *s = *state;
    add_worked_example(s, "app/web/1", 5);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "1680.00 LCU-hours computed and 1680.00 billed");
    assert_says(declined(s, "elb.units"), "they agree");
    assert_says(declined(s, "elb.units"), "rule evaluations make 100 %");
    const struct recommendation *r = find(s, "elb.rules");
    assert_non_null(r);
    /* One unit over the next dimension: 730 x 0.008 at most, half of it expected. */
    assert_near(usd(recommendation_saving(r).high), 730 * 0.008, 1e-6);
    assert_near(usd(recommendation_saving(r).expected), 730 * 0.008 / 2, 1e-6);
}

static void a_difference_is_explained(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/web/1"), 5);
    add_series(s, "app/web/1", "NewConnectionCount", "Sum", 3600, 100 * 3600);
    add_series(s, "app/web/1", "RequestCount", "Sum", 3600, 500 * 3600);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "(-20.00 %)");
    assert_says(declined(s, "elb.units"), "lack RuleEvaluations");
}

static void minutes_and_hours_give_the_same_units(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/hourly/1"), 2);
    /* 6,000 connections, reported every minute and summed to the hour. */
    add_series(s, "app/hourly/1", "ActiveConnectionCount", "Sum", 3600, 6000 * 60);
    add_series(s, "app/hourly/1", "RequestCount", "Sum", 3600, 1);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "672.00 LCU-hours computed and 672.00 billed");
}

static uint32_t add_part(struct scene *s, const char *address, const char *type,
                         const char *attribute, const char *refers_to)
{
    struct estate *e = s->estate;
    uint32_t index = estate_resource(e, address);
    e->resources.at[index].type = intern(e->symbols, type);
    e->resources.at[index].address = intern(e->symbols, address);
    struct node *unknown =
        node_add(&e->arena, attrs_of(s, index), attribute, node_new(&e->arena, NODE_UNKNOWN));
    unknown->text = arena_strdup(&e->arena, refers_to);
    return index;
}

static void minutes_that_are_left_out_were_quiet(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/bursty/1"), 1);
    /* 6,000 connections in every other minute; of the others only requests are reported. */
    add_series(s, "app/bursty/1", "ActiveConnectionCount", "Sum", 60, 6000);
    struct metric_series *active = &s->estate->series.at[0];
    active->count /= 2;
    for (size_t i = 0; i < active->count; i++)
        active->times[i] = (int64_t)FIRST_HOUR * 3600 + (int64_t)i * 120;
    add_series(s, "app/bursty/1", "RequestCount", "Sum", 60, 1);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "336.00 LCU-hours computed and 336.00 billed");
}

static void certificates_of_clients_halve_the_connections(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/mutual/1");
    add_hours(s, lb, 2);
    s->estate->resources.at[lb].address = intern(s->estate->symbols, "aws_lb.mutual");
    uint32_t listener = add_part(s, "aws_lb_listener.m", "aws_lb_listener",
                                 "load_balancer_arn", "aws_lb.mutual");
    struct node *mutual =
        node_add(&s->estate->arena, attrs_of(s, listener), "mutual_authentication",
                 node_new(&s->estate->arena, NODE_LIST));
    struct node *one =
        node_add(&s->estate->arena, mutual, NULL, node_new(&s->estate->arena, NODE_MAP));
    node_add(&s->estate->arena, one, "mode", node_string(&s->estate->arena, "verify"));
    add_series(s, "app/mutual/1", "ActiveConnectionCount", "Sum", 60, 3000);
    add_series(s, "app/mutual/1", "RequestCount", "Sum", 60, 1);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "672.00 LCU-hours computed and 672.00 billed");
}

static void half_the_connections_hint_at_certificates(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/mutual/1"), 2);
    add_series(s, "app/mutual/1", "ActiveConnectionCount", "Sum", 60, 3000);
    add_series(s, "app/mutual/1", "RequestCount", "Sum", 60, 1);
    add_series(s, "app/mutual/1", "RuleEvaluations", "Sum", 60, 1);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "336.00 LCU-hours computed and 672.00 billed");
    assert_says(declined(s, "elb.units"), "where clients show certificates");
}

static void a_hostile_name_stays_one_word(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/a;reboot/1"), 0);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.idle");
    assert_non_null(r);
    assert_says(r->artefacts.at[0].text, "--load-balancer-arn '" ARN "app/a;reboot/1'");
}

static void decimal_gigabytes_are_found_out(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/bytes/1"), 3);
    add_series(s, "app/bytes/1", "ProcessedBytes", "Sum", 3600, 3e9);
    add_series(s, "app/bytes/1", "RequestCount", "Sum", 3600, 1);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.units"), "GB of 10^9");
}

static void protocols_of_a_network_one_are_added(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "net/edge/1"), 3);
    add_series(s, "net/edge/1", "NewFlowCount", "Sum", 3600, (50 + 800) * 3600.0);
    add_series(s, "net/edge/1", "NewFlowCount_TLS", "Sum", 3600, 100 * 3600);
    add_series(s, "net/edge/1", "ProcessedBytes", "Sum", 3600, 0);
    ask(s, &recommender_elb);
    /* TLS 100/50 = 2, the rest is TCP: 750/800 = 0.9375. */
    assert_says(declined(s, "elb.units"), "987.00 LCU-hours computed and 1008.00 billed");
}

static void a_classic_one_is_compared_by_its_bytes(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "legacy");
    add_bill(s, lb, "LoadBalancerUsage", 1, 0.025);
    add_bill(s, lb, "DataProcessing-Bytes", 2, 0.008);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.kind");
    assert_non_null(r);
    /* Both cost 0.008 a GB; the hour is 0.0025 cheaper. Bytes are the least it can be. */
    assert_near(usd(recommendation_saving(r).expected), 730 * 0.0025, 1e-6);
    assert_near(usd(recommendation_saving(r).low), 0, 1e-6);
    assert_int_equal(r->confidence, LEVEL_LOW);
}

static void many_small_ones_become_one(void **state)
{
    struct scene *s = *state;
    static const char *const names[] = {"app/a/1", "app/b/1", "app/c/1"};
    for (int i = 0; i < 3; i++) {
        uint32_t lb = add_balancer(s, names[i]);
        add_hours(s, lb, 0.5);
        put_text(s, lb, "vpc_id", "vpc-1");
        put_bool(s, lb, "internal", true);
        add_series(s, names[i], "RequestCount", "Sum", 3600, 3600);
        add_series(s, names[i], i == 0 ? "NewConnectionCount" : "ProcessedBytes", "Sum", 3600,
                   i == 0 ? 12.5 * 3600 : 1073741824 / 2);
    }
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.merge");
    assert_non_null(r);
    assert_int_equal(r->resources.count, 3);
    /* Two hours of three, and max(0.5, 1.0) of units instead of 1.5. */
    assert_near(usd(recommendation_saving(r).expected), 730 * (2 * 0.0225 + 0.5 * 0.008),
                1e-6);
    assert_true(usd(recommendation_saving(r).low) <= usd(recommendation_saving(r).expected));
}

/* Three that carry 1,000, 500 and 250 requests a second and have 8 rules each. */
static void add_three_with_rules(struct scene *s)
{
    static const char *const names[] = {"app/a/1", "app/b/1", "app/c/1"};
    struct arena *arena = &s->estate->arena;
    for (int i = 0; i < 3; i++) {
        uint32_t lb = add_balancer(s, names[2 - i]);
        struct node *usage = node_new(arena, NODE_MAP);
        node_add(arena, usage, "rules", node_number_new(arena, 8));
        s->estate->resources.at[lb].usage = usage;
        add_hours(s, lb, 0.5);
        put_text(s, lb, "vpc_id", "vpc-1");
        put_bool(s, lb, "internal", true);
        add_series(s, names[2 - i], "RequestCount", "Sum", 3600, 250 * (1 << i) * 3600.0);
        add_series(s, names[2 - i], "ProcessedBytes", "Sum", 3600, 0x1p29);
    }
}

static void merging_shares_the_free_rules(void **state)
{
    struct scene *s = *state;
    add_three_with_rules(s);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.merge");
    assert_non_null(r);
    assert_int_equal(r->resources.at[0], estate_find(s->estate, ARN "app/a/1"));
    /* a passes 8 rules, b 16, c 24: 1000 x 8 + 500 x 16 + 250 x 24 = 22,000, of 1,750
     * requests 17,500 are free: 4.5 units instead of 1.5 of bytes. At worst 24 each: 24.5. */
    double hours = 2 * 0.0225;
    assert_near(usd(recommendation_saving(r).expected), 730 * (hours - (4.5 - 1.5) * 0.008),
                1e-6);
    assert_near(usd(recommendation_saving(r).low), 730 * (hours - (24.5 - 1.5) * 0.008), 1e-6);
}

static void quotas_stop_a_merger(void **state)
{
    struct scene *s = *state;
    struct arena *arena = &s->estate->arena;
    struct node *parameters = node_new(arena, NODE_MAP);
    struct node *elb = node_add(arena, parameters, "elb", node_new(arena, NODE_MAP));
    node_add(arena, elb, "targets_quota", node_number_new(arena, 25));
    s->options.parameters = parameters;
    add_three_with_rules(s);
    for (char name = 'a'; name <= 'c'; name++)
        add_series(s, intern_printf(s->estate->symbols, "app/%c/1;targetgroup/t/1", name),
                   "HealthyHostCount", "Maximum", 3600, 10);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.merge");
    assert_non_null(r);
    assert_int_equal(r->resources.count, 2);
    bool said = false;
    for (size_t i = 0; i < r->evidence.count; i++)
        said |= strstr(r->evidence.at[i].value, "2 of 3 are merged; one more would break the "
                                                "quota of 25 targets") != NULL;
    assert_true(said);
}

static void stages_are_not_merged(void **state)
{
    struct scene *s = *state;
    struct arena *arena = &s->estate->arena;
    static const char *const names[] = {"app/a/1", "app/b/1"};
    for (int i = 0; i < 2; i++) {
        uint32_t lb = add_balancer(s, names[i]);
        struct node *tags = node_new(arena, NODE_MAP);
        node_add(arena, tags, "Environment", node_string(arena, i ? "prod" : "test"));
        s->estate->resources.at[lb].tags = tags;
        add_hours(s, lb, 0.5);
        put_text(s, lb, "vpc_id", "vpc-1");
        put_bool(s, lb, "internal", true);
        add_series(s, names[i], "RequestCount", "Sum", 3600, 3600);
    }
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.merge"));
}

static void tenants_are_not_merged(void **state)
{
    struct scene *s = *state;
    for (int i = 0; i < 2; i++) {
        uint32_t lb = add_balancer(s, i ? "app/a/1" : "app/b/1");
        add_hours(s, lb, 0.5);
        put_text(s, lb, "vpc_id", "vpc-1");
        put_bool(s, lb, "internal", true);
        s->estate->resources.at[lb].tenant = (uint32_t)i;
    }
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.merge"));
}

static void an_unknown_network_is_said_with_its_bound(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/a/1"), 0.5);
    add_hours(s, add_balancer(s, "app/b/1"), 0.5);
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.merge"));
    assert_int_equal(s->advice.notes.count, 1);
    assert_says(s->advice.notes.at[0].text, "at most 16.4");
}

static void a_wasted_reservation_shrinks(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/ready/1");
    add_hours(s, lb, 50);
    struct arena *arena = &s->estate->arena;
    struct node *capacity = node_new(arena, NODE_MAP);
    node_add(arena, capacity, "capacity_units", node_number_new(arena, 1000));
    node_add(arena, attrs_of(s, lb), "minimum_load_balancer_capacity", capacity);
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.reservation");
    assert_non_null(r);
    /* 1,000 to 100 LCU, the least there is: both above what is used. */
    assert_near(usd(recommendation_saving(r).expected), 730 * 900 * 0.008, 1e-5);
    assert_says(r->artefacts.at[0].text, "CapacityUnits=100");
}

static void reserving_is_never_a_saving(void **state)
{
    struct scene *s = *state;
    add_worked_example(s, "app/web/1", 5);
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.reservation"), "so none is cheapest");
    assert_null(find(s, "elb.reservation"));
}

static void crossing_zones_costs_a_network_one(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "net/edge/1");
    add_hours(s, lb, 10);
    put_bool(s, lb, "enable_cross_zone_load_balancing", true);
    struct arena *arena = &s->estate->arena;
    struct node *subnets = node_new(arena, NODE_LIST);
    for (int i = 0; i < 3; i++)
        node_add(arena, subnets, NULL, node_string(arena, "subnet"));
    node_add(arena, attrs_of(s, lb), "subnets", subnets);
    add_series(s, "net/edge/1", "ProcessedBytes", "Sum", 3600, 10 * 1073741824.0);
    add_series(s, "net/edge/1", "NewFlowCount", "Sum", 3600, 36000);
    for (int z = 0; z < 3; z++) {
        char subject[64];
        snprintf(subject, sizeof subject, "net/edge/1;targetgroup/t/1;us-east-1%c", 'a' + z);
        add_series(s, subject, "HealthyHostCount", "Minimum", 3600, 2);
    }
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.cross_zone");
    assert_non_null(r);
    /* 7,300 GB x 2/3 x 2 directions x 0.01. */
    assert_near(usd(recommendation_saving(r).expected), 7300 * 2 / 3.0 * 2 * 0.01, 1e-5);
    assert_near(usd(recommendation_saving(r).low), 0, 1e-9);
}

static void too_few_targets_are_said(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/busy/1");
    add_hours(s, lb, 3);
    struct arena *arena = &s->estate->arena;
    struct node *usage = node_new(arena, NODE_MAP);
    node_add(arena, usage, "slots_per_target", node_number_new(arena, 4));
    node_add(arena, usage, "azs", node_number_new(arena, 3));
    s->estate->resources.at[lb].usage = usage;
    add_series(s, "app/busy/1", "RequestCount", "Sum", 60, 200 * 60);
    add_series(s, "app/busy/1", "TargetResponseTime", "Average", 60, 0.05);
    add_series(s, "app/busy/1;targetgroup/t/1", "HealthyHostCount", "Minimum", 60, 3);
    add_series(s, "app/busy/1", "RejectedConnectionCount", "Sum", 60, 1);
    ask(s, &recommender_elb);
    /* 10 Erlangs: 12 places keep P(wait > 0.1 s) below 1 %: 3 targets of 4, with a zone
     * lost 6. */
    const struct recommendation *r = find(s, "elb.fleet");
    assert_non_null(r);
    assert_says(r->title, "Run 6 targets behind app/busy/1 instead of 3");
    assert_near(usd(recommendation_saving(r).expected), 0, 1e-9);
    assert_non_null(find(s, "elb.undersized"));
}

/* A busy load balancer over three zones, 10 Erlangs, and `targets` m6i.large behind it. */
static uint32_t add_fleet(struct scene *s, int targets)
{
    struct estate *e = s->estate;
    uint32_t lb = add_balancer(s, "app/busy/1");
    e->resources.at[lb].address = intern(e->symbols, "aws_lb.busy");
    add_hours(s, lb, 3);
    struct node *usage = node_new(&e->arena, NODE_MAP);
    node_add(&e->arena, usage, "slots_per_target", node_number_new(&e->arena, 4));
    node_add(&e->arena, usage, "azs", node_number_new(&e->arena, 3));
    e->resources.at[lb].usage = usage;
    add_series(s, "app/busy/1", "RequestCount", "Sum", 60, 200 * 60);
    add_series(s, "app/busy/1", "TargetResponseTime", "Average", 60, 0.05);
    add_series(s, "app/busy/1;targetgroup/t/1", "HealthyHostCount", "Minimum", 60, targets);
    add_part(s, "aws_lb_listener.https", "aws_lb_listener", "load_balancer_arn",
             "aws_lb.busy");
    add_part(s, "aws_lb_target_group.t", "aws_lb_target_group", "vpc_id", "");
    uint32_t rule = add_part(s, "aws_lb_listener_rule.r", "aws_lb_listener_rule",
                             "listener_arn", "aws_lb_listener.https");
    struct node *actions = node_new(&e->arena, NODE_LIST);
    struct node *action = node_add(&e->arena, actions, NULL, node_new(&e->arena, NODE_MAP));
    struct node *to =
        node_add(&e->arena, action, "target_group_arn", node_new(&e->arena, NODE_UNKNOWN));
    to->text = "aws_lb_target_group.t";
    node_add(&e->arena, attrs_of(s, rule), "action", actions);
    for (int i = 0; i < targets; i++) {
        const char *id = intern_printf(e->symbols, "i-%017d", i);
        uint32_t instance = estate_resource(e, id);
        e->resources.at[instance].type = intern(e->symbols, "aws_instance");
        e->resources.at[instance].id = id;
        e->resources.at[instance].region = intern(e->symbols, "us-east-1");
        put_text(s, instance, "instance_type", "m6i.large");
        uint32_t attachment = add_part(
            s, intern_printf(e->symbols, "aws_lb_target_group_attachment.a[%d]", i),
            "aws_lb_target_group_attachment", "target_group_arn", "aws_lb_target_group.t");
        put_text(s, attachment, "target_id", id);
    }
    return lb;
}

static void too_many_targets_cost_their_price(void **state)
{
    struct scene *s = *state;
    add_fleet(s, 12);
    ask(s, &recommender_elb);
    /* 6 do (12 places of 4 each are 3, with a zone lost 6): 6 x 730 h x 0.096, and 8 GB of
     * gp2 at 0.10 that each brings along. */
    const struct recommendation *r = find(s, "elb.fleet");
    assert_non_null(r);
    assert_says(r->title, "Run 6 targets behind app/busy/1 instead of 12");
    assert_near(usd(recommendation_list_saving(r).expected), 6 * (730 * 0.096 + 0.8), 1e-6);
    assert_int_equal(r->resources.count, 12);
}

static void a_spike_is_headroom(void **state)
{
    struct scene *s = *state;
    add_fleet(s, 12);
    for (size_t i = 0; i < s->estate->series.count; i++)
        if (strcmp(s->estate->series.at[i].metric, "RequestCount") == 0)
            s->estate->series.at[i].values[700] = 400 * 60;
    ask(s, &recommender_elb);
    /* One minute of 14 days is no 99.5th percentile, but no target is added within it: 20
     * Erlangs and 24 places, 6 targets, 9 with a zone lost. */
    const struct recommendation *r = find(s, "elb.fleet");
    assert_says(r->title, "Run 9 targets behind app/busy/1 instead of 12");
}

static void busy_targets_stay(void **state)
{
    struct scene *s = *state;
    add_fleet(s, 12);
    for (int i = 0; i < 12; i++)
        add_series(s, intern_printf(s->estate->symbols, "i-%017d", i), "CPUUtilization",
                   "Average", 3600, 58);
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.fleet"));
    assert_says(declined(s, "elb.fleet"), "12 targets run and 12 would do");
}

static void shared_targets_are_left_alone(void **state)
{
    struct scene *s = *state;
    add_fleet(s, 12);
    uint32_t other = add_balancer(s, "app/other/1");
    s->estate->resources.at[other].address = intern(s->estate->symbols, "aws_lb.other");
    uint32_t group = estate_find(s->estate, "aws_lb_target_group.t");
    struct node *arns = node_new(&s->estate->arena, NODE_LIST);
    node_add(&s->estate->arena, arns, NULL,
             node_string(&s->estate->arena, s->estate->resources.at[other].key));
    node_add(&s->estate->arena, attrs_of(s, group), "load_balancer_arns", arns);
    ask(s, &recommender_elb);
    assert_null(find(s, "elb.fleet"));
    assert_says(declined(s, "elb.fleet"), "they serve another load balancer too");
}

static void the_shape_of_the_traffic_is_told(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/web/1"), 1);
    add_series(s, "app/web/1", "RequestCount", "Sum", 3600, 100);
    struct metric_series *m = &s->estate->series.at[0];
    for (int h = 0; h < HOURS; h++)
        m->values[h] = h % 24 == 14 ? 580 : h % 24 == 3 ? 20 : 100; /* 2,800 a day */
    ask(s, &recommender_elb);
    const char *said = declined(s, "elb.traffic");
    assert_says(said, "highest at 14:00 UTC (5.0 x the mean) and lowest at 03:00");
    assert_says(said, "within 3600 s it grows 5.8 x at most");
    assert_says(said, "next quarter +0 % (+0 to +0)");
}

static void one_without_outside_clients_becomes_internal(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/web/1");
    struct arena *arena = &s->estate->arena;
    add_hours(s, lb, 1);
    put_bool(s, lb, "internal", false);
    struct node *usage = node_new(arena, NODE_MAP);
    node_add(arena, usage, "azs", node_number_new(arena, 3));
    s->estate->resources.at[lb].usage = usage;
    add_series(s, "app/web/1", "RequestCount", "Sum", 3600, 100);
    add_series(s, "app/web/1", "PrivateClientCount", "Sum", 3600, 100);
    for (size_t i = 0; i < s->estate->series.count; i++)
        s->estate->series.at[i].space = intern(s->estate->symbols, "access-log");
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.address");
    assert_non_null(r);
    assert_near(usd(recommendation_saving(r).expected), 3 * 730 * 0.005, 1e-6);
}

static void a_front_pays_where_few_requests_carry_much(void **state)
{
    struct scene *s = *state;
    static const char *const names[] = {"app/large/1", "app/small/1"};
    for (int i = 0; i < 2; i++) {
        uint32_t lb = add_balancer(s, names[i]);
        add_hours(s, lb, 10);
        put_bool(s, lb, "internal", false);
        /* 5 TB a month, in a million requests or in a thousand million. */
        add_bill(s, lb, "DataTransfer-Out-Bytes", 5120.0 / 730, 0.09);
        add_series(s, names[i], "RequestCount", "Sum", 3600, (i ? 1e9 : 1e6) / 730);
    }
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.front");
    assert_non_null(r);
    assert_says(r->title, "app/large/1");
    assert_near(usd(recommendation_saving(r).low), 0, 1e-9);
    assert_says(declined(s, "elb.front"), "5120.0 GB a month leave it");
    /* 730 h x 0.025 + 5,120 GB x the premium within North America, 0.015. */
    assert_says(declined(s, "elb.front"), "Global Accelerator adds 95.05 USD a month");
}

/* 1.2 GB an hour, `lambda` GB of it to functions, 1,800 requests an hour. */
static uint32_t add_functions(struct scene *s, double lambda)
{
    uint32_t lb = add_balancer(s, "app/fn/1");
    double units = 1.2 - lambda + lambda / 0.4;
    add_hours(s, lb, units);
    add_series(s, "app/fn/1", "ProcessedBytes", "Sum", 3600, 1.2 * 0x1p30);
    add_series(s, "app/fn/1", "LambdaTargetProcessedBytes", "Sum", 3600, lambda * 0x1p30);
    add_series(s, "app/fn/1", "RequestCount", "Sum", 3600, 1800);
    add_series(s, "app/fn/1", "NewConnectionCount", "Sum", 3600, 5 * 3600);
    return lb;
}

static void functions_alone_need_no_load_balancer(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_functions(s, 1.2);
    struct node *usage = node_new(&s->estate->arena, NODE_MAP);
    node_add(&s->estate->arena, usage, "rules", node_number_new(&s->estate->arena, 0));
    s->estate->resources.at[lb].usage = usage;
    ask(s, &recommender_elb);
    /* 3 units: 730 x (0.0225 + 3 x 0.008) = 33.945; an HTTP API 1.314 million x 1.00. */
    assert_says(declined(s, "elb.units"), "1008.00 LCU-hours computed and 1008.00 billed");
    const struct recommendation *r = find(s, "elb.lambda");
    assert_non_null(r);
    assert_says(r->title, "by function URLs");
    assert_near(usd(recommendation_saving(r).expected), 33.945, 1e-6);
    assert_near(usd(recommendation_saving(r).low), 33.945 - 1.314, 1e-6);
}

static void functions_beside_others_cost_their_units(void **state)
{
    struct scene *s = *state;
    add_functions(s, 0.8);
    ask(s, &recommender_elb);
    /* 0.4 + 0.8 / 0.4 = 2.4 units; without Lambda 0.4 of bytes. */
    const struct recommendation *r = find(s, "elb.lambda");
    assert_non_null(r);
    assert_near(usd(recommendation_saving(r).expected), 730 * (2.4 - 0.4) * 0.008, 1e-6);
}

static void one_without_a_listener_is_an_orphan(void **state)
{
    struct scene *s = *state;
    static const char *const addresses[] = {"aws_lb.served", "aws_lb.orphan"};
    for (int i = 0; i < 2; i++) {
        uint32_t lb = estate_resource(s->estate, addresses[i]);
        struct resource *r = &s->estate->resources.at[lb];
        r->type = intern(s->estate->symbols, "aws_lb");
        r->address = r->key;
        r->region = intern(s->estate->symbols, "us-east-1");
    }
    add_part(s, "aws_lb_listener.https", "aws_lb_listener", "load_balancer_arn",
             "aws_lb.served");
    for (int i = 0; i < 30; i++)
        add_part(s, intern_printf(s->estate->symbols, "aws_lb_listener_rule.r[%d]", i),
                 "aws_lb_listener_rule", "listener_arn", "aws_lb_listener.https");
    struct node *usage = node_new(&s->estate->arena, NODE_MAP);
    node_add(&s->estate->arena, usage, "requests_per_second",
             node_number_new(&s->estate->arena, 500));
    s->estate->resources.at[estate_find(s->estate, "aws_lb.served")].usage = usage;
    ask(s, &recommender_elb);
    const struct recommendation *r = find(s, "elb.idle");
    assert_non_null(r);
    assert_says(r->title, "aws_lb.orphan: it has no listener in what is planned");
    assert_near(usd(recommendation_list_saving(r).expected), 730 * 0.0225, 1e-6);
    /* 20 rules above the free ones at 500 requests a second: 10 units. */
    assert_says(declined(s, "elb.units"), "7300.00 LCU-hours a month");
}

static void declared_traffic_is_enough_for_an_estimate(void **state)
{
    struct scene *s = *state;
    struct arena *arena = &s->estate->arena;
    uint32_t lb = add_balancer(s, "app/planned/1");
    struct node *usage = node_new(arena, NODE_MAP), *rps = node_new(arena, NODE_MAP);
    node_add(arena, rps, "min", node_number_new(arena, 100));
    node_add(arena, rps, "typ", node_number_new(arena, 500));
    node_add(arena, rps, "max", node_number_new(arena, 1000));
    node_add(arena, usage, "requests_per_second", rps);
    node_add(arena, usage, "rule_evaluations", node_number_new(arena, 5000));
    node_add(arena, usage, "new_connections", node_number_new(arena, 100));
    s->estate->resources.at[lb].usage = usage;
    ask(s, &recommender_elb);
    /* 5,000 paid evaluations a second are 5 units, 100 new connections 4. */
    assert_says(declined(s, "elb.units"), "3650.00 LCU-hours a month by the declared traffic");
    const struct recommendation *rules = find(s, "elb.rules");
    assert_non_null(rules);
    assert_int_equal(rules->confidence, LEVEL_VERY_LOW);
    assert_near(usd(recommendation_saving(rules).high), 730 * 0.008, 1e-6);
}

static void logs_by_the_minute_size_what_hours_cannot(void **state)
{
    struct scene *s = *state;
    add_hours(s, add_balancer(s, "app/busy/1"), 3);
    add_series(s, "app/busy/1", "RequestCount", "Sum", 3600, 200 * 3600);
    add_series(s, "app/busy/1", "RequestCount", "Sum", 60, 200 * 60);
    add_series(s, "app/busy/1", "TargetProcessingTime", "Average", 60, 0.05);
    for (size_t i = 1; i < s->estate->series.count; i++)
        s->estate->series.at[i].space = intern(s->estate->symbols, "access-log");
    ask(s, &recommender_elb);
    assert_says(declined(s, "elb.fleet"), "need 12 places to work at once");
}

static void a_region_without_prices_is_said(void **state)
{
    struct scene *s = *state;
    uint32_t lb = add_balancer(s, "app/far/1");
    s->estate->resources.at[lb].region = intern(s->estate->symbols, "xx-nowhere-1");
    ask(s, &recommender_elb);
    assert_int_equal(s->advice.recommendations.count, 0);
    assert_int_equal(s->advice.notes.at[0].kind, NOTE_UNPRICED);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_unused_one_goes_and_saves_its_hours),
        CASE(redirects_are_traffic),
        CASE(one_without_healthy_targets_goes_whatever_knocks),
        CASE(the_bill_alone_is_enough_to_suspect),
        CASE(three_days_are_needed),
        CASE(computed_units_agree_with_the_bill),
        CASE(a_difference_is_explained),
        CASE(minutes_and_hours_give_the_same_units),
        CASE(minutes_that_are_left_out_were_quiet),
        CASE(certificates_of_clients_halve_the_connections),
        CASE(half_the_connections_hint_at_certificates),
        CASE(a_hostile_name_stays_one_word),
        CASE(decimal_gigabytes_are_found_out),
        CASE(protocols_of_a_network_one_are_added),
        CASE(a_classic_one_is_compared_by_its_bytes),
        CASE(many_small_ones_become_one),
        CASE(merging_shares_the_free_rules),
        CASE(quotas_stop_a_merger),
        CASE(stages_are_not_merged),
        CASE(tenants_are_not_merged),
        CASE(an_unknown_network_is_said_with_its_bound),
        CASE(a_wasted_reservation_shrinks),
        CASE(reserving_is_never_a_saving),
        CASE(crossing_zones_costs_a_network_one),
        CASE(too_few_targets_are_said),
        CASE(too_many_targets_cost_their_price),
        CASE(a_spike_is_headroom),
        CASE(busy_targets_stay),
        CASE(shared_targets_are_left_alone),
        CASE(the_shape_of_the_traffic_is_told),
        CASE(one_without_outside_clients_becomes_internal),
        CASE(a_front_pays_where_few_requests_carry_much),
        CASE(functions_alone_need_no_load_balancer),
        CASE(functions_beside_others_cost_their_units),
        CASE(one_without_a_listener_is_an_orphan),
        CASE(declared_traffic_is_enough_for_an_estimate),
        CASE(logs_by_the_minute_size_what_hours_cannot),
        CASE(a_region_without_prices_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
