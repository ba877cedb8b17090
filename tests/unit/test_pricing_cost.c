#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../pricing/components.h"
#include "built_in_book.h"
#include "io/doc.h"
#include "near.h"
#include "pricing/cost.h"

static struct estate *estate;
static struct err err;

static int open_estate(void **state)
{
    (void)state;
    estate = estate_open();
    return 0;
}

static int free_estate(void **state)
{
    (void)state;
    estate_free(estate);
    return 0;
}

static const struct node *json(const char *text)
{
    const struct node *n;
    assert_true(doc_parse_json(&n, &estate->arena, "test", text, strlen(text), &err));
    return n;
}

static uint32_t add(const char *address, const char *attrs, const char *usage)
{
    uint32_t i = estate_resource(estate, address);
    struct resource *r = &estate->resources.at[i];
    char type[80];
    size_t n = strcspn(address, ".");
    memcpy(type, address, n);
    type[n] = '\0';
    r->address = r->key;
    r->type = intern(estate->symbols, type);
    r->region = intern(estate->symbols, "us-east-1");
    r->attrs = json(attrs);
    r->usage = usage ? json(usage) : NULL;
    return i;
}

static struct resource_cost priced(uint32_t resource)
{
    struct resource_cost cost;
    struct pricer *pricer = pricer_open(book, estate);
    if (!resource_cost(&cost, &estate->arena, pricer, resource, &err))
        fail_msg("%s", err.text);
    pricer_free(pricer);
    return cost;
}

static void near_cents(struct money_range r, double expected)
{
    assert_float_equal(money_double(r.expected), expected, 0.005);
}

/* 730 x 0.045 and 100 GB x 0.045, as AWS lists them for us-east-1. */
static void a_gateway_costs_by_the_hour_and_by_use(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("aws_nat_gateway.a", "{}", "{\"monthly_data_processed_gb\": 100}"));
    assert_int_equal(c.status, COST_PRICED);
    assert_int_equal(c.count, 2);
    near_cents(c.baseline, 32.85);
    near_cents(c.usage, 4.50);
    near_cents(c.total, 37.35);
}

static void missing_usage_is_not_zero(void **state)
{
    (void)state;
    struct resource_cost c = priced(add("aws_nat_gateway.a", "{}", NULL));
    assert_int_equal(c.usage_missing, 1);
    assert_int_equal(c.components[1].state, COMPONENT_USAGE);
    assert_true(isnan(c.components[1].quantity.expected));
    assert_float_equal(money_double(c.components[1].unit_price), 0.045, 1e-12);
}

static void a_type_that_nobody_knows_is_not_free(void **state)
{
    (void)state;
    assert_int_equal(priced(add("aws_made_up.a", "{}", NULL)).status, COST_UNKNOWN_TYPE);
    assert_int_equal(priced(add("aws_iam_role.a", "{}", NULL)).status, COST_FREE);
    assert_int_equal(priced(add("databricks_grants.a", "{}", NULL)).status, COST_FREE);
    assert_int_equal(priced(add("aws_launch_template.a", "{}", NULL)).status, COST_PARENT);
}

/* 3 of 6,000 million GB-seconds and the rest at the second rate: 6e9 x 0.0000166667 + 1e9 x
 * 0.000015. */
static void tiers_become_components_of_their_own(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("aws_lambda_function.f", "{\"memory_size\": 1024}",
                   "{\"monthly_requests\": 7000000000, \"request_duration_ms\": 1000}"));
    const struct cost_component *first = &c.components[c.count - 2],
                                *next = &c.components[c.count - 1];
    assert_string_equal(first->name, "Duration (first 6B)");
    assert_float_equal(first->quantity.expected, 6e9, 1);
    assert_string_equal(next->name, "Duration (next 9B)");
    assert_float_equal(money_double(next->monthly.expected), 15000, 0.01);
}

static void ephemeral_storage_above_the_free_half_gb_costs_by_time(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("aws_lambda_function.f", "{\"ephemeral_storage\": [{\"size\": 1536}]}",
                   "{\"monthly_requests\": 1000000, \"request_duration_ms\": 2000}"));
    assert_string_equal(c.components[1].name, "Ephemeral storage");
    assert_float_equal(c.components[1].quantity.expected, 2e6, 1e-6);
}

/* 10,000 new connections a second are 400 units; active, bytes and rules are far below. */
static void the_largest_dimension_is_the_one_billed(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("aws_lb.a", "{\"load_balancer_type\": \"application\"}",
                   "{\"new_connections\": 10000, \"active_connections\": 1000, "
                   "\"processed_bytes_gb\": 1000, \"rule_evaluations\": 300}"));
    assert_float_equal(c.components[1].quantity.expected, 400, 1e-9);
    near_cents(c.usage, 400 * 730 * 0.008);
}

/* 110.96 for the instance, 46 for 400 GB, and what goes beyond the included 12,000 and 500 MB/s. */
static void a_database_pays_for_throughput_beyond_what_its_volume_has(void **state)
{
    (void)state;
    static const char *const attrs =
        "{\"instance_class\": \"db.m6g.large\", \"engine\": \"mysql\", \"storage_type\": \"gp3\","
        " \"allocated_storage\": %d, \"iops\": 12000, \"storage_throughput\": %d}";
    char text[256];
    snprintf(text, sizeof text, attrs, 400, 500);
    near_cents(priced(add("aws_db_instance.a", text, NULL)).total, 110.96 + 46);
    snprintf(text, sizeof text, attrs, 400, 600);
    near_cents(priced(add("aws_db_instance.b", text, NULL)).total, 110.96 + 46 + 100 * 0.08);
}

static void a_group_costs_what_its_template_says(void **state)
{
    (void)state;
    add("aws_launch_template.t",
        "{\"id\": \"lt-1\", \"instance_type\": \"m5.large\", "
        "\"block_device_mappings\": [{\"ebs\": [{\"volume_size\": 10, \"volume_type\": "
        "\"gp3\"}]}]}",
        NULL);
    struct resource_cost c =
        priced(add("aws_autoscaling_group.g",
                   "{\"min_size\": 1, \"max_size\": 4, \"desired_capacity\": 3, "
                   "\"launch_template\": [{\"id\": \"lt-1\"}]}",
                   NULL));
    assert_int_equal(c.count, 2);
    assert_string_equal(c.components[0].group, "aws_launch_template.t");
    near_cents(c.total, 3 * 730 * 0.096 + 30 * 0.08);
}

/* Two workers at least, eight at most, priced at the least when nobody says what is typical.
 */
static void a_cluster_is_instances_volumes_and_dbus(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("databricks_cluster.c",
                   "{\"node_type_id\": \"m5.xlarge\", \"autoscale\": [{\"min_workers\": 2, "
                   "\"max_workers\": 8}], "
                   "\"aws_attributes\": [{\"availability\": \"ON_DEMAND\"}]}",
                   "{\"monthly_hours\": 100}"));
    assert_int_equal(c.status, COST_PRICED);
    assert_int_equal(c.count, 4);
    const struct cost_component *workers = &c.components[2];
    assert_float_equal(workers->quantity.low, 200, 1e-9);
    assert_float_equal(workers->quantity.high, 800, 1e-9);
    near_cents((struct money_range){.expected = workers->monthly.high}, 800 * 0.192);
}

static void quantities_that_cannot_be_have_no_amount(void **state)
{
    (void)state;
    static const char *const attrs[][2] = {
        {"{\"size\": 1e300, \"type\": \"gp2\"}", "a quantity of 1e+300 cannot be"},
        {"{\"size\": -5, \"type\": \"gp2\"}", "a quantity of -5 cannot be"}};
    for (size_t i = 0; i < 2; i++) {
        struct resource_cost c = priced(add(i ? "aws_ebs_volume.b" : "aws_ebs_volume.a",
                                            attrs[i][0], NULL));
        assert_int_equal(c.status, COST_UNPRICED);
        assert_string_equal(c.why, attrs[i][1]);
        near_cents(c.total, 0);
    }
}

static double dbus_of_a_node(const char *address, const char *attrs)
{
    struct resource_cost c = priced(add(address, attrs, "{\"monthly_hours\": 1}"));
    const struct cost_component *driver = &c.components[1];
    assert_int_equal(driver->state, COMPONENT_PRICED);
    assert_true(!strncmp(driver->name, "DBU driver", 10));
    return driver->quantity.expected;
}

/* An m5.xlarge has 0.69 DBU an hour; Photon takes twice as many, of pipelines 2.9 times. */
static void photon_is_told_by_engine_or_version(void **state)
{
    (void)state;
#define NODE "\"node_type_id\": \"m5.xlarge\", \"num_workers\": 1"
    assert_near(dbus_of_a_node("databricks_cluster.a", "{" NODE "}"), 0.69, 1e-9);
    assert_near(dbus_of_a_node("databricks_cluster.b",
                                      "{" NODE ", \"spark_version\": \"9.1.x-photon-scala2.12\"}"),
                       2 * 0.69, 1e-9);
    assert_near(dbus_of_a_node("databricks_cluster.c",
                                      "{" NODE ", \"spark_version\": \"9.1.x-photon-scala2.12\","
                                      " \"runtime_engine\": \"STANDARD\"}"),
                       0.69, 1e-9);
    assert_near(dbus_of_a_node("databricks_pipeline.d",
                                      "{\"photon\": true, \"cluster\": [{" NODE "}]}"),
                       2.9 * 0.69, 1e-9);
#undef NODE
}

/* 2 x 0.192 an hour on demand; what draws from a pool is of the pool's market. */
static void a_pool_says_how_its_nodes_are_bought(void **state)
{
    (void)state;
    add("databricks_instance_pool.p",
        "{\"id\": \"pool-1\", \"node_type_id\": \"m5.xlarge\", \"min_idle_instances\": 2,"
        " \"aws_attributes\": [{\"availability\": \"ON_DEMAND\"}]}", NULL);
    near_cents(priced(estate_find(estate, "databricks_instance_pool.p")).total, 730 * 2 * 0.192);
    uint32_t cluster = add("databricks_cluster.c",
                           "{\"instance_pool_id\": \"databricks_instance_pool.p\","
                           " \"num_workers\": 1}",
                           "{\"monthly_hours\": 100}");
    struct resource_cost c = priced(cluster);
    assert_string_equal(c.components[0].name, "EC2 driver (m5.xlarge, on-demand)");
    near_cents(c.components[0].monthly, 100 * 0.192);
    c = priced(add("databricks_instance_pool.s",
                   "{\"node_type_id\": \"m5.xlarge\", \"min_idle_instances\": 2,"
                   " \"aws_attributes\": [{\"availability\": \"SPOT\"}]}", NULL));
    assert_string_equal(c.components[0].name, "EC2 idle (m5.xlarge, spot)");
    assert_true(money_double(c.total.expected) < 730 * 2 * 0.192);
}

/* The provider's default is a classic warehouse: 12 x 0.22 and its instances. */
static void a_warehouse_is_classic_unless_it_says_otherwise(void **state)
{
    (void)state;
    struct resource_cost c =
        priced(add("databricks_sql_endpoint.w", "{\"cluster_size\": \"Small\"}",
                   "{\"monthly_hours\": 10}"));
    near_cents(c.total, 10 * (12 * 0.22 + 1.248 + 4 * 0.624));
    c = priced(add("databricks_sql_endpoint.p",
                   "{\"cluster_size\": \"Small\", \"warehouse_type\": \"PRO\"}",
                   "{\"monthly_hours\": 10}"));
    near_cents(c.total, 10 * (12 * 0.55 + 1.248 + 4 * 0.624));
}

static void an_unknown_size_has_bounds_or_no_amount(void **state)
{
    (void)state;
    uint32_t i = add("aws_instance.i", "{\"instance_type\": \"m5.large\"}", NULL);
    struct node *attrs = node_new(&estate->arena, NODE_MAP);
    node_add(&estate->arena, attrs, "instance_type", node_new(&estate->arena, NODE_UNKNOWN));
    estate->resources.at[i].attrs = attrs;
    struct resource_cost c = priced(i);
    assert_int_equal(c.status, COST_UNPRICED);
    assert_string_equal(c.why, "instance_type is known only after apply");
}

/* Every section of the table is sound, for a resource of which nothing is known. */
static void every_section_can_be_read(void **state)
{
    (void)state;
    struct table_text name;
    size_t cursor = 0, sections = 0;
    while (components_next_section(&name, &cursor)) {
        char address[120];
        if (strncmp(name.text, "aws_", 4) && strncmp(name.text, "databricks_", 11))
            continue;
        snprintf(address, sizeof address, "%.*s.x", (int)name.length, name.text);
        priced(add(address, "{}", NULL));
        sections++;
    }
    assert_true(sections > 106);
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_estate, free_estate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_gateway_costs_by_the_hour_and_by_use),
        T(missing_usage_is_not_zero),
        T(a_type_that_nobody_knows_is_not_free),
        T(tiers_become_components_of_their_own),
        T(ephemeral_storage_above_the_free_half_gb_costs_by_time),
        T(the_largest_dimension_is_the_one_billed),
        T(a_database_pays_for_throughput_beyond_what_its_volume_has),
        T(a_group_costs_what_its_template_says),
        T(a_cluster_is_instances_volumes_and_dbus),
        T(quantities_that_cannot_be_have_no_amount),
        T(photon_is_told_by_engine_or_version),
        T(a_pool_says_how_its_nodes_are_bought),
        T(a_warehouse_is_classic_unless_it_says_otherwise),
        T(an_unknown_size_has_bounds_or_no_amount),
        T(every_section_can_be_read),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
