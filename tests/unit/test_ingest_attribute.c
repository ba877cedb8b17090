#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "map_text.h"

static const char map_text[] =
    "layer_map: 1\n"
    "tenants:\n"
    "- {id: t1, tags: {Tenant: t1}, s3_prefixes: [s3://lake/t1/, s3://own]}\n"
    "- {id: t10, accounts: ['999'], s3_prefixes: s3://lake/t10/, workspaces: ['77']}\n"
    "layers:\n"
    "  storage:\n"
    "    buckets: [{id: raw, name: raw, tenant: t1}]\n"
    "  compute:\n"
    "    clusters:\n"
    "    - {id: etl, kind: job, tags: {Cluster: etl}, phases: [{name: load}]}\n"
    "    - {id: any, kind: job, ids: ['0601-*']}\n"
    "  load_balancing:\n"
    "    lbs: [{id: front, name: web}]\n"
    "attribution:\n"
    "  rules:\n"
    "  - {services: AmazonRDS, layer: storage, tenant: t10}\n"
    "  - {tags: {Team: 'a*'}, phase: etl-load}\n";

/* A small bill by hand: one resource and one line each. */
static uint32_t add(struct estate *bill, const char *id, const char *type, const char *service,
                    const char *measure)
{
    uint32_t index = estate_resource(bill, id);
    struct resource *r = &bill->resources.at[index];
    r->id = r->key;
    r->type = intern(bill->symbols, type);
    struct sku *sku = VEC_PUSH(&bill->skus);
    sku->service = intern(bill->symbols, service);
    sku->measure = intern(bill->symbols, measure);
    struct cost_line *line = VEC_PUSH(&bill->lines);
    line->resource = index;
    line->sku = (uint32_t)(bill->skus.count - 1);
    line->hours = 1;
    line->cost[BASIS_AMORTIZED] = money_of(1);
    return index;
}

static void tag(struct estate *bill, uint32_t resource, const char *key, const char *value)
{
    const struct node *had = bill->resources.at[resource].tags;
    struct node *tags = had ? node_copy(&bill->arena, had) : node_new(&bill->arena, NODE_MAP);
    node_add(&bill->arena, tags, key, node_string(&bill->arena, value));
    bill->resources.at[resource].tags = tags;
}

static void apply(struct estate *bill, bool with_map)
{
    struct err err = ERR_INIT;
    struct layer_map *map = with_map ? map_of_text(map_text, &err) : NULL;
    if (with_map && !map)
        fail_msg("%s", err.text);
    if (!map_apply(bill, map, &err))
        fail_msg("%s", err.text);
    layer_map_free(map); /* nothing in the bill may point into it */
}

static void is(const struct estate *bill, uint32_t resource, const char *by, enum layer layer,
               uint32_t tenant)
{
    const struct resource *r = &bill->resources.at[resource];
    assert_string_equal(sym_or_empty(r->mapped_by), by);
    assert_int_equal(r->layer, layer);
    assert_int_equal(r->tenant, tenant);
}

static void entries_and_rules(void **state)
{
    (void)state;
    struct estate *bill = estate_open();
    uint32_t raw = add(bill, "arn:aws:s3:::raw", "aws_s3_bucket", "AmazonS3", "x");
    uint32_t other = add(bill, "raw", "aws_instance", "AmazonEC2", "BoxUsage:m6i.large");
    uint32_t web =
        add(bill, "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/50dc",
            "aws_lb", "AWSELB", "LCUUsage");
    uint32_t db =
        add(bill, "arn:aws:rds:us-east-1:1:db:x", NULL, "AmazonRDS", "InstanceUsage");
    uint32_t node = add(bill, "i-1", "aws_instance", "AmazonEC2", "BoxUsage:m6i.large");
    tag(bill, node, "Cluster", "etl");
    uint32_t run = add(bill, "0601-1234", "databricks_cluster", "Databricks", "JOBS");
    uint32_t team = add(bill, "i-2", "aws_instance", "AmazonEC2", "BoxUsage:m6i.large");
    tag(bill, team, "Team", "alpha");
    apply(bill, true);
    is(bill, raw, "map:raw", LAYER_STORAGE, 0);
    is(bill, other, "default", LAYER_COMPUTE, NOTHING); /* the name is a bucket's */
    is(bill, web, "map:front", LAYER_LOAD_BALANCING, NOTHING);
    is(bill, db, "rule:1", LAYER_STORAGE, 1);
    is(bill, node, "map:etl", LAYER_COMPUTE, NOTHING);
    is(bill, run, "map:any", LAYER_COMPUTE, NOTHING);
    is(bill, team, "rule:2", LAYER_COMPUTE, NOTHING);
    assert_int_equal(bill->phases.count, 1);
    assert_int_equal(bill->resources.at[node].phase, 0);
    assert_int_equal(bill->resources.at[team].phase, 0);
    assert_int_equal(bill->phases.at[0].cluster, node);
    estate_free(bill);
}

/* Of several entries whose tags fit, the first of the document; all tags of it must be there.
 */
static void entries_by_tags(void **state)
{
    (void)state;
    static const char text[] =
        "layer_map: 1\n"
        "layers:\n"
        "  compute:\n"
        "    clusters:\n"
        "    - {id: a, kind: job, tags: {Vendor: Databricks, JobId: '1'}}\n"
        "    - {id: b, kind: job, tags: {Vendor: Databricks, JobId: '2', Team: x}}\n"
        "    - {id: c, kind: job, tags: {JobId: '2', Vendor: 'Data*'}}\n"
        "    - {id: d, kind: job, tags: {JobId: '*'}}\n"
        "    - {id: e, kind: job, tags: {JobId: '3'}}\n";
    static const struct {
        const char *job, *team, *entry;
    } cases[] = {
        {"1", "x", "map:a"}, {"2", "x", "map:b"}, {"2", "y", "map:c"}, {"3", "x", "map:d"}};
    struct err err = ERR_INIT;
    struct estate *bill = estate_open();
    struct layer_map *map = map_of_text(text, &err);
    for (size_t i = 0; i < 4; i++) {
        const char *id = arena_printf(&bill->arena, "i-%zu", i);
        uint32_t node = add(bill, id, "aws_instance", "AmazonEC2", "BoxUsage:m6i.large");
        tag(bill, node, "Vendor", "Databricks");
        tag(bill, node, "JobId", cases[i].job);
        tag(bill, node, "Team", cases[i].team);
    }
    assert_true(map && map_apply(bill, map, &err));
    layer_map_free(map);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(bill->resources.at[i].mapped_by, cases[i].entry);
    estate_free(bill);
}

static void tenants_in_their_order(void **state)
{
    (void)state;
    struct estate *bill = estate_open();
    uint32_t account = add(bill, "a", NULL, "AmazonEC2", "x");
    bill->resources.at[account].account = intern(bill->symbols, "999");
    tag(bill, account, "Tenant", "t1"); /* the account comes first */
    uint32_t tagged = add(bill, "b", NULL, "AmazonEC2", "x");
    tag(bill, tagged, "Tenant", "t1");
    uint32_t workspace = add(bill, "c", NULL, "Databricks", "x");
    tag(bill, workspace, "DatabricksWorkspaceId", "77");
    uint32_t own = add(bill, "arn:aws:s3:::own", "aws_s3_bucket", "AmazonS3", "x");
    uint32_t ten = add(bill, "s3://lake/t10/x", NULL, "AmazonS3", "x");
    uint32_t lake = add(bill, "arn:aws:s3:::lake", "aws_s3_bucket", "AmazonS3", "x");
    uint32_t child = add(bill, "vol-1", "aws_ebs_volume", "AmazonEC2", "x");
    bill->resources.at[child].parent = tagged;
    apply(bill, true);
    is(bill, account, "default", LAYER_COMPUTE, 1);
    is(bill, tagged, "default", LAYER_COMPUTE, 0);
    is(bill, workspace, "default", LAYER_COMPUTE, 1);
    is(bill, own, "default", LAYER_STORAGE, 0);
    is(bill, ten, "default", LAYER_STORAGE, 1);
    is(bill, lake, "default", LAYER_STORAGE, NOTHING); /* shared by prefixes */
    is(bill, child, "default", LAYER_COMPUTE, 0);
    estate_free(bill);
}

static void layers_without_a_map(void **state)
{
    (void)state;
    static const struct {
        const char *type, *service, *measure;
        enum layer layer;
    } cases[] = {
        {NULL, "AmazonS3", "TimedStorage-ByteHrs", LAYER_STORAGE},
        {NULL, "Amazon Simple Storage Service", "x", LAYER_STORAGE},
        {NULL, "AmazonEC2", "NatGateway-Bytes", LAYER_NETWORK},
        {NULL, "AmazonEC2", "LoadBalancerUsage", LAYER_LOAD_BALANCING},
        {NULL, "AmazonEC2", "EBS:VolumeUsage.gp3", LAYER_COMPUTE},
        {NULL, "awskms", "KMS-Keys", LAYER_GOVERNANCE},
        {NULL, "AmazonCloudWatch", "x", LAYER_OBSERVABILITY},
        {NULL, "AWSLambda", "x", LAYER_ORCHESTRATION},
        {"aws_nat_gateway", "AmazonEC2", "x", LAYER_NETWORK},
        {"databricks_catalog", "x", "x", LAYER_GOVERNANCE},
        {"databricks_sql_endpoint", "x", "x", LAYER_COMPUTE},
        {NULL, "AmazonWorkMail", "x", LAYER_NONE},
    };
    struct estate *bill = estate_open();
    char id[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(id, sizeof id, "r%zu", i);
        add(bill, id, cases[i].type, cases[i].service, cases[i].measure);
    }
    apply(bill, false);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        is(bill, (uint32_t)i, cases[i].layer ? "default" : "", cases[i].layer, NOTHING);
    estate_free(bill);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_and_rules),
        cmocka_unit_test(entries_by_tags),
        cmocka_unit_test(tenants_in_their_order),
        cmocka_unit_test(layers_without_a_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
