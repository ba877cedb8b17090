#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/doc.h"
#include "pricing/book.h"
#include "pricing/cost.h"

/* One resource of us-east-1, and what it costs in a month of 730 hours. */
struct example {
    const char *address, *attrs, *usage;
    double baseline, by_use;
    size_t unpriced, usage_missing;
};

static const struct example examples[] = {
    /* 2 GB x 730 x 0.007; 1 vCPU x 100 x 0.064 */
    {"aws_apprunner_service.a", "{}", "{\"monthly_active_instance_hours\": 100}", 10.22, 6.40,
     0, 0},
    {"aws_apprunner_service.b",
     "{\"instance_configuration\": [{\"cpu\": \"2 vCPU\", \"memory\": \"4 GB\"}]}", NULL,
     20.44, 0, 0, 1},
    /* the first 10,000 users are free; 2,000 x 0.0055 */
    {"aws_cognito_user_pool.a", "{\"user_pool_tier\": \"LITE\"}",
     "{\"monthly_active_users\": 12000}", 0, 11.00, 0, 0},
    {"aws_cognito_user_pool.b", "{}", "{\"monthly_active_users\": 12000}", 0, 0, 1, 0},
    /* every 5 minutes: 8,760 runs x 0.0012; every 2 hours: 365 */
    {"aws_synthetics_canary.a", "{\"schedule\": [{\"expression\": \"rate(5 minutes)\"}]}",
     NULL, 10.512, 0, 0, 0},
    {"aws_synthetics_canary.b", "{\"schedule\": [{\"expression\": \"rate(2 hours)\"}]}", NULL,
     0.438, 0, 0, 0},
    {"aws_synthetics_canary.c", "{\"schedule\": [{\"expression\": \"rate(0 minute)\"}]}", NULL,
     0, 0, 0, 1},
    /* 0.30 x 730 */
    {"aws_dx_connection.a", "{\"bandwidth\": \"1Gbps\"}", NULL, 219, 0, 0, 0},
    {"aws_dx_connection.b", "{\"bandwidth\": \"400Gbps\"}", NULL, 0, 0, 1, 0},
    /* at least 1 GB x 730 x 0.125 */
    {"aws_elasticache_serverless_cache.a", "{\"engine\": \"redis\"}", NULL, 91.25, 0, 0, 1},
    /* 100 x 730 x 0.00013 + 50 x 730 x 0.00065 = 9.49 + 23.725 */
    {"aws_keyspaces_table.a",
     "{\"capacity_specification\": [{\"throughput_mode\": \"PROVISIONED\","
     " \"read_capacity_units\": 100, \"write_capacity_units\": 50}]}",
     "{\"storage_gb\": 40}", 33.215, 10, 0, 0},
    /* 0.75 x 730; 20 partitions x 730 x 0.0015 */
    {"aws_msk_serverless_cluster.a", "{}", "{\"partitions\": 20}", 547.50, 21.90, 0, 3},
    {"aws_kendra_index.a", "{\"edition\": \"DEVELOPER_EDITION\"}", NULL, 821.25, 0, 0, 0},
    {"aws_vpclattice_service.a", "{}", NULL, 18.25, 0, 0, 2},
    /* 0.12 x 730; its storage has no price in the book */
    {"aws_timestreaminfluxdb_db_instance.a",
     "{\"db_instance_type\": \"db.influx.medium\", \"allocated_storage\": 20}", NULL, 87.60, 0,
     1, 0},
    /* 2 x 730 x (0.192 + 0.048) */
    {"aws_emr_instance_group.a", "{\"instance_type\": \"m5.xlarge\", \"instance_count\": 2}",
     NULL, 350.40, 0, 0, 0},
    {"aws_s3_directory_bucket.a", "{}", "{\"storage_gb\": 1000}", 0, 110, 0, 4},
    {"aws_route53_traffic_policy_instance.a", "{}", NULL, 50, 0, 0, 0},
    {"aws_fms_policy.a", "{}", NULL, 100, 0, 0, 0},
    {"aws_ec2_transit_gateway_connect.a", "{}", NULL, 36.50, 0, 0, 0},
    {"aws_lightsail_database.a", "{\"relational_database_bundle_id\": \"small_ha_2_0\"}", NULL,
     58.8745, 0, 0, 0},
    /* an unknown load is no load of 0: nothing is said of what lies above the free amount */
    {"aws_sns_topic.a", "{}", NULL, 0, 0, 0, 7},
    {"aws_sns_topic.b", "{}", "{\"monthly_requests\": 3000000}", 0, 1.00, 0, 6},
    /* the first type stands for the fleet: 4 instances of weight 2 for a capacity of 8,
     * 4 x 730 x 0.04366 (spot) + 4 x 50 x 0.08 */
    {"aws_spot_fleet_request.a",
     "{\"target_capacity\": 8, \"launch_specification\": [{\"instance_type\": \"m5.large\","
     " \"weighted_capacity\": \"2\", \"root_block_device\": [{\"volume_type\": \"gp3\","
     " \"volume_size\": 50}]}]}",
     NULL, 143.4872, 0, 0, 0},
    /* 24 DPUs x 730 x 0.30; 8 x 0.30; 2 x 2 x 2 vCPU x 730 x 0.132 */
    {"aws_athena_capacity_reservation.a", "{\"target_dpus\": 24}", NULL, 5256, 0, 0, 0},
    {"aws_cloudfront_monitoring_subscription.a", "{}", NULL, 2.40, 0, 0, 0},
    {"aws_docdbelastic_cluster.a", "{\"shard_capacity\": 2, \"shard_count\": 2}", NULL,
     770.88, 0, 0, 2},
    {"aws_appsync_api_cache.a", "{\"type\": \"LARGE_4X\"}", NULL, 1736.67, 0, 0, 0},
    {"aws_codepipeline.a", "{}", NULL, 1, 0, 0, 0},
    {"aws_codepipeline.b", "{\"pipeline_type\": \"V2\"}",
     "{\"monthly_action_minutes\": 500}", 0, 1, 0, 0},
    {"aws_shield_subscription.a", "{}", NULL, 3000, 0, 0, 0},
    {"aws_prometheus_scraper.a", "{}", NULL, 29.20, 0, 0, 1},
    {"aws_ebs_fast_snapshot_restore.a", "{}", NULL, 547.50, 0, 0, 0},
    {"aws_verifiedaccess_endpoint.a", "{}", NULL, 197.10, 0, 0, 1},
    /* 4 of 16 vCPUs */
    {"aws_batch_compute_environment.a",
     "{\"compute_resources\": [{\"type\": \"EC2\", \"min_vcpus\": 16,"
     " \"instance_type\": [\"m5.xlarge\"]}]}",
     NULL, 560.64, 0, 0, 1},
    {"aws_directory_service_region.a", "{\"region_name\": \"us-east-1\"}", NULL, 292, 0, 0,
     0},
    /* 0.69 x 730 */
    {"aws_storagegateway_gateway.a", "{\"gateway_type\": \"FILE_FSX_SMB\"}", NULL, 503.70, 0,
     0, 0},
};

static void add(struct estate *estate, const struct example *e)
{
    char type[80];
    struct err err = ERR_INIT;
    const struct node *attrs, *usage = NULL;
    uint32_t i = estate_resource(estate, e->address);
    struct resource *r = &estate->resources.at[i];
    size_t n = strcspn(e->address, ".");
    memcpy(type, e->address, n);
    type[n] = '\0';
    assert_true(doc_parse_json(&attrs, &estate->arena, "attributes", e->attrs,
                               strlen(e->attrs), &err));
    if (e->usage)
        assert_true(
            doc_parse_json(&usage, &estate->arena, "usage", e->usage, strlen(e->usage), &err));
    r->address = r->key;
    r->type = intern(estate->symbols, type);
    r->region = intern(estate->symbols, "us-east-1");
    r->attrs = attrs;
    r->usage = usage;
}

static void check(const struct resource_cost *cost, const struct example *e)
{
    double baseline = money_double(cost->baseline.expected);
    double by_use = money_double(cost->usage.expected);
    if (fabs(baseline - e->baseline) > 0.005 || fabs(by_use - e->by_use) > 0.005)
        fail_msg("%s: %.4f a month and %.4f by use, not %.4f and %.4f", e->address, baseline,
                 by_use, e->baseline, e->by_use);
    if (cost->unpriced != e->unpriced || cost->usage_missing != e->usage_missing)
        fail_msg("%s: %zu unpriced and %zu without usage, not %zu and %zu", e->address,
                 cost->unpriced, cost->usage_missing, e->unpriced, e->usage_missing);
}

static void each_costs_what_its_price_list_says(void **state)
{
    (void)state;
    struct book *book = NULL;
    struct err err = ERR_INIT;
    assert_true(book_open(&book, NULL, &err));
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        struct estate *estate = estate_open();
        struct estate_cost cost;
        add(estate, &examples[i]);
        if (!estate_cost(&cost, &estate->arena, book, estate, &err))
            fail_msg("%s: %s", examples[i].address, err.text);
        check(&cost.resources[0], &examples[i]);
        estate_free(estate);
    }
    book_free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_costs_what_its_price_list_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
