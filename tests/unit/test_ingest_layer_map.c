#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/ingest.h"
#include "map_text.h"
#include "near.h"

static const char whole[] =
    "layer_map: 1\n"
    "name: acme\n"
    "hours_per_month: 720\n"
    "accounts: [{id: 111122223333, tenant: t1}]\n"
    "regions: [{code: eu-west-1}, {code: us-east-1, primary: true}]\n"
    "tenants:\n"
    "- {id: t1, name: Acme, tags: {Tenant: t1}, s3_prefixes: s3://lake/t1/, budget_month: 25}\n"
    "databricks: {tier: ENTERPRISE, dbu_discount: {'*': 0.1, JOBS: 0.25}}\n"
    "layers:\n"
    "  storage:\n"
    "    buckets:\n"
    "    - id: raw\n"
    "      name: acme-raw\n"
    "      versioning: true\n"
    "      storage:\n"
    "      - {class: STANDARD, gb: {min: 1, typ: 2, max: 4}, noncurrent_gb: 1}\n"
    "      - {class: STANDARD_IA, gb: 10, read_gb_month: 3}\n"
    "      puts_per_month: 100\n"
    "      lists_per_month: 20\n"
    "      lifecycle:\n"
    "        Rules:\n"
    "        - ID: old\n"
    "          Status: Enabled\n"
    "          Filter: {Prefix: x/}\n"
    "          Transitions: [{Days: 30, StorageClass: STANDARD_IA}]\n"
    "          AbortIncompleteMultipartUpload: {DaysAfterInitiation: 7}\n"
    "  orchestration:\n"
    "    functions:\n"
    "    - {id: fn, memory_mb: 512, arch: arm64, invocations_per_month: 1e6, avg_ms: 20}\n"
    "  compute:\n"
    "    clusters:\n"
    "    - id: etl\n"
    "      kind: job\n"
    "      tenant: t1\n"
    "      region: eu-west-1\n"
    "      worker_type: m6i.xlarge\n"
    "      min_workers: 2\n"
    "      max_workers: 6\n"
    "      ebs: {size_gb: 100}\n"
    "      runs: [{per_month: 30, minutes: {min: 30, max: 90}}]\n"
    "      phases:\n"
    "      - {name: load, class: ingest, share: 0.25, demand: {shuffle_gb: 2}}\n"
    "      - {name: train, class: training, iterative: true, share: 0.75, max_minutes: 45}\n"
    "  governance:\n"
    "    iam_roles:\n"
    "    - {id: role, trust: ['arn:aws:iam::1:root'],\n"
    "       policies: [{actions: ['s3:*'], resources: '*'}]}\n"
    "  load_balancing:\n"
    "    lbs:\n"
    "    - {id: front, kind: classic, scheme: internal, gb_per_h: {ec2: 2, lambda: 1}}\n"
    "commitments:\n"
    "- {kind: ri, hourly: 0.5, instance_type: m6i.xlarge, count: 3, end: 2027-03-01}\n";

static struct layer_map *open_map(const char *text)
{
    struct err err = ERR_INIT;
    struct layer_map *map = map_of_text(text, &err);
    if (!map)
        fail_msg("%s", err.text);
    return map;
}

static const struct resource *at(const struct layer_map *map, const char *key)
{
    uint32_t index = estate_find(map->estate, key);
    assert_int_not_equal(index, NOTHING);
    return &map->estate->resources.at[index];
}

static void equals(const struct node *from, const char *path, double want)
{
    assert_near(node_number(node_at(from, path), -1), want, 1e-9);
}

static void says(const struct node *from, const char *path, const char *want)
{
    assert_string_equal(node_text(node_at(from, path), "(nothing)"), want);
}

static void the_head(void **state)
{
    (void)state;
    struct layer_map *map = open_map(whole);
    const struct estate *e = map->estate;
    assert_string_equal(e->name, "acme");
    assert_string_equal(e->currency, "USD");
    assert_near(e->hours_per_month, 720, 0);
    assert_string_equal(map->primary_region, "us-east-1");
    assert_string_equal(map->tier, "enterprise");
    assert_int_equal(e->tenants.count, 1);
    assert_string_equal(e->tenants.at[0].accounts.at[0], "111122223333");
    assert_string_equal(e->tenants.at[0].prefixes.at[0], "s3://lake/t1/");
    assert_near(layer_map_dbu_discount(map, "JOBS_COMPUTE"), 0.25, 0);
    assert_near(layer_map_dbu_discount(map, "JOBSX"), 0.1, 0);
    assert_int_equal(e->commitments.count, 1);
    assert_int_equal(e->commitments.at[0].kind, COMMITMENT_RESERVATION);
    assert_int_equal(e->commitments.at[0].end, day_of(2027, 3, 1));
    layer_map_free(map);
}

static void a_bucket(void **state)
{
    (void)state;
    struct layer_map *map = open_map(whole);
    const struct resource *raw = at(map, "raw");
    assert_string_equal(raw->type, "aws_s3_bucket");
    assert_string_equal(raw->region, "us-east-1");
    assert_int_equal(raw->layer, LAYER_STORAGE);
    says(raw->attrs, "bucket", "acme-raw");
    equals(raw->usage, "standard.storage_gb.min", 2);
    equals(raw->usage, "standard.storage_gb.max", 5);
    equals(raw->usage, "standard_infrequent_access.monthly_data_retrieval_gb", 3);
    equals(raw->usage, "standard.monthly_tier_1_requests", 120);
    const struct resource *rules = at(map, "raw/lifecycle");
    assert_string_equal(rules->type, "aws_s3_bucket_lifecycle_configuration");
    says(rules->attrs, "rule.0.id", "old");
    says(rules->attrs, "rule.0.filter.prefix", "x/");
    says(rules->attrs, "rule.0.transition.0.storage_class", "STANDARD_IA");
    equals(rules->attrs, "rule.0.abort_incomplete_multipart_upload.days_after_initiation", 7);
    layer_map_free(map);
}

static void a_cluster_and_its_phases(void **state)
{
    (void)state;
    struct layer_map *map = open_map(whole);
    const struct resource *etl = at(map, "etl");
    assert_string_equal(etl->type, "databricks_cluster");
    assert_string_equal(etl->region, "eu-west-1");
    assert_int_equal(etl->tenant, 0);
    equals(etl->attrs, "autoscale.max_workers", 6);
    equals(etl->attrs, "aws_attributes.ebs_volume_size", 100);
    equals(etl->attrs, "aws_attributes.ebs_volume_count", 1);
    says(etl->usage, "sku", "JOBS_COMPUTE");
    equals(etl->usage, "dbu_discount", 0.25);
    equals(etl->usage, "monthly_hours.min", 15);
    equals(etl->usage, "monthly_hours.max", 45);
    equals(etl->usage, "runs_per_month", 30);
    assert_int_equal(map->estate->phases.count, 2);
    const struct phase *load = &map->estate->phases.at[0], *train = &map->estate->phases.at[1];
    assert_string_equal(load->id, "etl-load");
    assert_int_equal(load->class, CLASS_INGEST);
    assert_near(load->demand.shuffle_read_bytes, 2.0 * (1 << 30), 0);
    assert_near(load->workers, 4, 0);
    assert_near(load->minutes, 90 * 0.25, 1e-12);
    assert_int_equal(train->iterative, TRI_YES);
    assert_near(train->max_minutes, 45, 0);
    assert_int_equal(train->tenant, 0);
    layer_map_free(map);
}

static void the_other_layers(void **state)
{
    (void)state;
    struct layer_map *map = open_map(whole);
    const struct resource *fn = at(map, "fn"), *front = at(map, "front"), *role = at(map, "role");
    says(fn->attrs, "architectures.0", "arm64");
    equals(fn->attrs, "memory_size", 512);
    equals(fn->usage, "monthly_requests", 1e6);
    assert_string_equal(front->type, "aws_elb");
    assert_true(node_bool(node_get(front->attrs, "internal"), false));
    equals(front->usage, "monthly_data_processed_gb", 3 * 720);
    says(role->attrs, "inline_policy.policy",
         "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:*\"],"
         "\"Resource\":\"*\"}]}");
    says(role->attrs, "assume_role_policy",
         "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
         "\"arn:aws:iam::1:root\"},\"Action\":\"sts:AssumeRole\"}]}");
    layer_map_free(map);
}

static void refused(const char *text, const char *want)
{
    struct err err = ERR_INIT;
    assert_null(map_of_text(text, &err));
    assert_string_equal(err.text, want);
    assert_int_equal(err.code, ERR_USAGE);
}

static void what_is_refused(void **state)
{
    (void)state;
    refused("layer_map: 1\nlayers: {storage: {bukets: []}}\n",
            ":2:20: 'bukets' is not a key of storage: did you mean 'buckets'?");
    refused("{\"layer_map\": 1,\n \"layers\": {\"compute\": {\"clusters\": [{\"id\": \"a\"}]}}}",
            ":2:38: clusters has no 'kind': what it is billed as");
    refused("layer_map: 1\nlayers: {storage: {buckets: [{id: a}]}, network: {flows:\n"
            "  [{id: a, from: x, to: y}]}}\n",
            ":3:9: the id 'a' is here twice, first on line 2");
    refused("layer_map: 1\nlayers: {storage: {buckets: [{id: a, tenant: t9}]}}\n",
            ":2:46: there is no tenant 't9'");
    refused("layer_map: 1\nlayers: {compute: {clusters: [{id: a, kind: job, pool_ref: p}]}}\n",
            ":2:60: 'pool_ref' refers to 'p', which is no entry of this map");
    refused("layer_map: 1\nlayers: {compute: {clusters: [{id: a, kind: job, workers: 2,\n"
            "  min_workers: 1, max_workers: 3}]}}\n",
            ":2:59: a cluster has 'workers', or 'min_workers' and 'max_workers'");
    refused("layer_map: 1\nlayers: {compute: {clusters: [{id: a, kind: job, phases:\n"
            "  [{name: x, share: 0.7}, {name: y, share: 0.7}]}]}}\n",
            ":3:3: the shares of these phases add up to 1.4: more than 1");
}

static void told_by_its_content(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int sure;
    } probes[] = {
        {"# ours\nlayer_map: 1\n", 2},
        {"{ \"layer_map\" : 1 }", 2},
        {"my_layer_map: 1\n", 0},
        {"see the layer_map of acme\n", 0},
        {"", 0},
    };
    extern const struct ingest_format ingest_layer_map;
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        struct probe probe = {"f", probes[i].text, strlen(probes[i].text)};
        assert_int_equal(ingest_layer_map.matches(&probe), probes[i].sure);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head),          cmocka_unit_test(a_bucket),
        cmocka_unit_test(a_cluster_and_its_phases), cmocka_unit_test(the_other_layers),
        cmocka_unit_test(what_is_refused),   cmocka_unit_test(told_by_its_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
