#include "bill_fixture.h"

#define FOCUS                                                                                  \
    "BilledCost,EffectiveCost,ListCost,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,"      \
    "BillingCurrency,ServiceName,SkuId,ResourceId,SubAccountId,RegionId,ProviderName,"         \
    "CommitmentDiscountStatus,CommitmentDiscountCategory,ChargeFrequency,PricingCategory,"     \
    "ConsumedQuantity,Tags"
#define DAY "2026-01-05 00:00:00,2026-01-06 00:00:00"

static const char focus_rows[] =
    "1,1,2,Usage," DAY ",USD,EC2,S1,i-1,1,eu-west-1,AWS,NULL,NULL,Usage-Based,Dynamic,3,"
    "\"{\"\"Team\"\": \"\"ads\"\"}\"\n"
    "0,0.7,1,Usage," DAY ",USD,EC2,S1,i-1,1,eu-west-1,AWS,Used,Spend,Usage-Based,Committed,1,\n"
    "0,0.3,0,Usage," DAY ",USD,EC2,S1,sp-1,1,eu-west-1,AWS,Unused,Spend,Usage-Based,Committed,1,\n"
    "1E0,0,1,Purchase," DAY ",USD,SP,S2,sp-1,1,,AWS,,Spend,Recurring,Standard,1,NULL\n"
    "0.5,0.5,0.5,Tax," DAY ",USD,EC2,,NULL,1,,AWS,,,One-Time,,,\n"
    "-2,-2,-2,Credit," DAY ",USD,EC2,,NULL,1,,AWS,,,One-Time,,,\n";

static void check_focus(struct fixture *f, const char *more, const char *format)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s%s\n%s", FOCUS, more, focus_rows);
    fixture_write(f, "focus.csv", buf_text(&text));
    const struct estate *e = fixture_load(f, "focus.csv");
    assert_string_equal(f->err.text, "");
    assert_string_equal(e->bills.at[0].format, format);
    assert_total(e, BASIS_UNBLENDED, "0.50");
    assert_total(e, BASIS_AMORTIZED, "0.50");
    assert_total(e, BASIS_LIST, "1.50"); /* without the commitment's purchase */
    assert_string_equal(resource_tag(resource_of(e, "i-1"), "Team"), "ads");
    buf_release(&text);
}

static void test_focus_versions(void **state)
{
    (void)state;
    static const char *const wanted[] = {"Team"};
    struct fixture f;
    fixture_open(&f);
    f.options.wanted_tags = wanted;
    f.options.wanted_tag_count = 1;
    check_focus(&f, ",ContractedCost", "FOCUS 1.0");
    check_focus(&f, ",ContractedCost,SkuMeter", "FOCUS 1.1");
    check_focus(&f, ",ContractedCost,PricingCurrency", "FOCUS 1.2");
    unsigned charges[CHARGE_COUNT] = {0};
    for (size_t i = 0; i < f.estate->skus.count; i++)
        charges[f.estate->skus.at[i].charge]++;
    assert_int_equal(charges[CHARGE_PLAN_USAGE], 1);
    assert_int_equal(charges[CHARGE_PLAN_FEE], 2); /* unused, and the recurring purchase */
    assert_int_equal(charges[CHARGE_TAX] + charges[CHARGE_CREDIT], 2);
    fixture_write(&f, "old.csv", "ChargeType,BilledCost\nUsage,1\n");
    fixture_load(&f, "old.csv");
    assert_non_null(strstr(f.err.text, "older than 1.0"));
    fixture_close(&f);
}

#define USAGE                                                                                  \
    "record_id,workspace_id,sku_name,cloud,usage_start_time,usage_end_time,custom_tags,"       \
    "usage_unit,usage_quantity,usage_metadata,record_type,billing_origin_product\n"
#define SPAN "2026-01-05T07:00:00.000+00:00,2026-01-05T08:00:00.000+00:00"

static void write_usage(struct fixture *f)
{
    fixture_write(f, "usage.csv",
                  USAGE
                  "a,7,JOBS,AWS," SPAN ",\"{\"\"Team\"\":\"\"ads\"\"}\",DBU,1.5,"
                  "\"{\"\"cluster_id\"\":\"\"c-1\"\",\"\"job_id\"\":\"\"9\"\","
                  "\"\"node_type\"\":\"\"m5.xlarge\"\"}\",ORIGINAL,JOBS\n"
                  "b,7,JOBS,AWS," SPAN ",{},DBU,-1.5,\"{\"\"cluster_id\"\":\"\"c-1\"\"}\","
                  "RETRACTION,JOBS\n"
                  "c,7,JOBS,AWS," SPAN ",{},DBU,1.25,\"{\"\"cluster_id\"\":\"\"c-1\"\"}\","
                  "RESTATEMENT,JOBS\n"
                  "d,7,SQL,AWS," SPAN ",{},DBU,2,\"{\"\"warehouse_id\"\":\"\"w-1\"\"}\","
                  "ORIGINAL,SQL\n"
                  "e,7,NEW_SKU,AWS," SPAN ",{},DBU,3,{},ORIGINAL,OTHER\n");
    fixture_write(f, "prices.csv",
                  "price_start_time,price_end_time,sku_name,cloud,usage_unit,pricing\n"
                  "2020-01-01T00:00:00Z,2026-01-05T08:00:00Z,JOBS,AWS,DBU,"
                  "\"{\"\"default\"\":\"\"9\"\"}\"\n"
                  "2026-01-05T08:00:00Z,,JOBS,AWS,DBU,\"{\"\"default\"\":\"\"0.20\"\","
                  "\"\"effective_list\"\":{\"\"default\"\":\"\"0.15\"\"}}\"\n"
                  "2020-01-01T00:00:00Z,null,SQL,AWS,DBU,\"{\"\"default\"\":\"\"0.22\"\"}\"\n");
}

static void check_usage(const struct estate *e)
{
    /* 1.25 DBU x 0.15, the price from the end of the hour on, and 2 x 0.22 */
    assert_total(e, BASIS_LIST, "0.6275");
    assert_total(e, BASIS_AMORTIZED, "0.6275");
    assert_int_equal(cost_of(e, "c-1", BASIS_LIST).atto, 187500000000000000);
    assert_string_equal(resource_of(e, "c-1")->type, "databricks_cluster");
    assert_string_equal(resource_of(e, "w-1")->type, "databricks_sql_endpoint");
    assert_true(has_note(e, "1 rows have no list price"));
}

static void test_databricks_usage(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    write_usage(&f);
    fixture_write(&f, "clusters.csv",
                  "cluster_id,change_time,cluster_name,worker_node_type,worker_count,"
                  "min_autoscale_workers,max_autoscale_workers,aws_attributes,cluster_source\n"
                  "c-1,2026-01-02T00:00:00Z,new,m5.xlarge,,2,8,"
                  "\"{\"\"availability\"\":\"\"SPOT\"\"}\",JOB\n"
                  "c-1,2026-01-01T00:00:00Z,old,m4.xlarge,3,,,,UI\n");
    const struct estate *e = fixture_load(&f, "");
    assert_string_equal(f.err.text, "");
    check_usage(e);
    const struct resource *c = resource_of(e, "c-1");
    assert_string_equal(c->name, "new");
    assert_string_equal(node_text(node_get(c->attrs, "node_type_id"), ""), "m5.xlarge");
    assert_true(node_number(node_at(c->attrs, "autoscale.max_workers"), 0) == 8);
    assert_string_equal(node_text(node_at(c->attrs, "aws_attributes.availability"), ""), "SPOT");
    fixture_close(&f);
}

static void test_databricks_json(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "usage.json",
                  "[{\"record_id\":\"a\",\"sku_name\":\"JOBS\",\"cloud\":\"AWS\",\"usage_unit\":"
                  "\"DBU\",\"usage_quantity\":1.25,\"workspace_id\":\"7\",\"usage_start_time\":"
                  "\"2026-01-05T07:00:00Z\",\"usage_end_time\":\"2026-01-05T08:00:00Z\","
                  "\"usage_metadata\":{\"cluster_id\":\"c-1\"},\"custom_tags\":{\"a\":\"b,\\\"c\"}},"
                  "{\"record_id\":\"d\",\"sku_name\":\"SQL\",\"cloud\":\"AWS\",\"usage_unit\":"
                  "\"DBU\",\"usage_quantity\":\"2\",\"usage_start_time\":\"2026-01-05T07:00:00Z\","
                  "\"usage_end_time\":\"2026-01-05T08:00:00Z\",\"usage_metadata\":"
                  "{\"warehouse_id\":\"w-1\"}},"
                  "{\"record_id\":\"e\",\"sku_name\":\"NEW\",\"cloud\":\"AWS\",\"usage_unit\":"
                  "\"DBU\",\"usage_quantity\":3,\"usage_start_time\":\"2026-01-05T07:00:00Z\"}]");
    fixture_write(&f, "prices.json",
                  "{\"price_start_time\":\"2026-01-05T08:00:00Z\",\"price_end_time\":null,"
                  "\"sku_name\":\"JOBS\",\"cloud\":\"AWS\",\"usage_unit\":\"DBU\",\"pricing\":"
                  "{\"effective_list\":{\"default\":\"0.15\"}}}\n"
                  "{\"price_start_time\":\"2020-01-01T00:00:00Z\",\"sku_name\":\"SQL\",\"cloud\":"
                  "\"AWS\",\"usage_unit\":\"DBU\",\"pricing\":{\"default\":\"0.22\"}}\n");
    const struct estate *e = fixture_load(&f, "");
    assert_string_equal(f.err.text, "");
    check_usage(e);
    fixture_close(&f);
}

static void test_databricks_usage_log(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "log.csv",
                  "workspaceId,timestamp,clusterId,clusterName,clusterNodeType,"
                  "clusterOwnerUserId,clusterCustomTags,sku,dbus,machineHours,clusterOwnerUserName,"
                  "tags\n"
                  "7,2026-01-05T08:00:00Z,c-1,etl,m5.xlarge,1,{},JOBS,1.25,2,x,"
                  "\"{\"\"ClusterName\"\":\"\"etl\"\"}\"\n");
    const struct estate *e = fixture_load(&f, "log.csv");
    assert_string_equal(f.err.text, "");
    assert_int_equal(e->lines.count, 1);
    assert_int_equal(e->lines.at[0].hour / 24, day_of(2026, 1, 5));
    assert_true(money_double(e->lines.at[0].quantity) == 1.25);
    assert_string_equal(resource_of(e, "c-1")->name, "etl");
    assert_string_equal(node_text(node_get(resource_of(e, "c-1")->attrs, "node_type_id"), ""),
                        "m5.xlarge");
    fixture_close(&f);
}

#define CUR "lineItem/UnblendedCost,lineItem/ProductCode,lineItem/UsageStartDate,"             \
            "lineItem/LineItemType\n"
#define OLD "aaaaaaaa-0000-0000-0000-000000000001"
#define NEW "aaaaaaaa-0000-0000-0000-000000000002"

static void write_manifest(struct fixture *f, const char *name, const char *delivery,
                           const char *keys)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "{\"assemblyId\":\"%s\",\"reportName\":\"r\",\"billingPeriod\":{\"start\":"
               "\"20260101T000000.000Z\"},\"reportKeys\":[%s]}", delivery, keys);
    fixture_write(f, name, buf_text(&text));
    buf_release(&text);
}

static void test_the_manifest_decides(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "p/r/20260101-20260201/" OLD "/r-1.csv",
                  CUR "5,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_write(&f, "p/r/20260101-20260201/" NEW "/r-1.csv",
                  CUR "7,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_write(&f, "p/r/20260101-20260201/" NEW "/r-2.csv",
                  "lineItem/ProductCode," CUR "AmazonEC2,0.5,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    write_manifest(&f, "p/r/20260101-20260201/r-Manifest.json", NEW,
                   "\"p/r/20260101-20260201/" NEW "/r-1.csv\","
                   "\"p/r/20260101-20260201/" NEW "/r-2.csv\"");
    write_manifest(&f, "p/r/20260101-20260201/" OLD "/r-Manifest.json", OLD,
                   "\"p/r/20260101-20260201/" OLD "/r-1.csv\"");
    assert_total(fixture_load(&f, ""), BASIS_UNBLENDED, "7.50");
    assert_int_equal(unlink(fixture_path(&f, "p/r/20260101-20260201/" NEW "/r-1.csv")), 0);
    fixture_load(&f, "");
    assert_false(f.ok);
    assert_non_null(strstr(f.err.text, "the part p/r/20260101-20260201/" NEW "/r-1.csv"));
    assert_int_equal(unlink(fixture_path(&f, "p/r/20260101-20260201/r-Manifest.json")), 0);
    assert_int_equal(
        unlink(fixture_path(&f, "p/r/20260101-20260201/" OLD "/r-Manifest.json")), 0);
    assert_total(fixture_load(&f, ""), BASIS_UNBLENDED, "0.50");
    assert_true(has_note(f.estate, "there is no manifest"));
    fixture_close(&f);
}

/* Both spellings and any order are the same columns; what differs is named. */
static void test_a_header_is_held_against_the_manifest(void **state)
{
    (void)state;
    static const char manifest[] =
        "{\"assemblyId\":\"\",\"reportName\":\"r\",\"billingPeriod\":{\"start\":"
        "\"20260101T000000.000Z\"},\"reportKeys\":[\"r-1.csv\",\"r-2.csv\"],\"columns\":["
        "{\"category\":\"lineItem\",\"name\":\"ProductCode\"},"
        "{\"category\":\"lineItem\",\"name\":\"UnblendedCost\"},"
        "{\"category\":\"lineItem\",\"name\":\"UsageStartDate\"},"
        "{\"category\":\"lineItem\",\"name\":\"LineItemType\"}]}";
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "r-Manifest.json", manifest);
    fixture_write(&f, "r-1.csv", CUR "5,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_write(&f, "r-2.csv",
                  "line_item_product_code,line_item_unblended_cost,line_item_usage_start_date,"
                  "line_item_line_item_type\nAmazonEC2,1,2026-01-05T07:00:00Z,Usage\n");
    assert_total(fixture_load(&f, ""), BASIS_UNBLENDED, "6.00");
    assert_false(has_note(f.estate, "its columns are not those of its manifest"));
    fixture_write(&f, "r-2.csv",
                  "lineItem/ProductCode,lineItem/UnblendedCost,lineItem/UsageStartDate,"
                  "resourceTags/user:Team\nAmazonEC2,1,2026-01-05T07:00:00Z,ads\n");
    assert_total(fixture_load(&f, ""), BASIS_UNBLENDED, "6.00");
    fixture_load(&f, "r-Manifest.json");
    assert_non_null(strstr(f.err.text, "give the folder that it lies in"));
    fixture_load(&f, "");
    assert_true(has_note(f.estate, "its columns are not those of its manifest: it lacks "
                                   "line_item_line_item_type; it has also "
                                   "resourceTags/user:Team"));
    fixture_close(&f);
}

static void test_data_export_folders(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write_gzip(&f, "x/data/BILLING_PERIOD=2026-01/x-00001.csv.gz",
                       CUR "1,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_write_gzip(&f, "x/data/BILLING_PERIOD=2026-02/x-00001.csv.gz",
                       CUR "2,AmazonEC2,2026-02-05T07:00:00Z,Usage\n");
    fixture_write_gzip(&f, "x/data/BILLING_PERIOD=2026-02/x-00002.csv.gz",
                       CUR "9,AmazonEC2,2026-02-05T07:00:00Z,Usage\n");
    for (int month = 1; month <= 2; month++) {
        char name[100], text[300];
        snprintf(name, sizeof name, "x/metadata/BILLING_PERIOD=2026-%02d/x-Manifest.json", month);
        snprintf(text, sizeof text, "{\"executionId\":\"e%d\",\"dataFiles\":[\"s3://b/x/data/"
                 "BILLING_PERIOD=2026-%02d/x-00001.csv.gz\"]}", month, month);
        fixture_write(&f, name, text);
    }
    assert_total(fixture_load(&f, ""), BASIS_UNBLENDED, "3.00");
    assert_string_equal(f.err.text, "");
    assert_true(has_note(f.estate, "lies beside a delivery whose manifest does not name it"));
    fixture_close(&f);
}

static void test_columns_change_between_months_and_doubles_are_told(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "2026-01.csv", CUR "1,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_write(&f, "2026-02.csv",
                  "lineItem/UsageStartDate,lineItem/ProductCode,lineItem/UnblendedCost,"
                  "reservation/EffectiveCost,lineItem/LineItemType\n"
                  "2026-02-05T07:00:00Z,AmazonEC2,0,0.25,DiscountedUsage\n");
    fixture_load(&f, "");
    assert_total(f.estate, BASIS_AMORTIZED, "1.25");
    fixture_write(&f, "copy.csv", CUR "1,AmazonEC2,2026-01-05T07:00:00Z,Usage\n");
    fixture_load(&f, "");
    assert_true(has_note(f.estate, "has the same rows, times and totals"));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_focus_versions),
        cmocka_unit_test(test_databricks_usage),
        cmocka_unit_test(test_databricks_json),
        cmocka_unit_test(test_databricks_usage_log),
        cmocka_unit_test(test_the_manifest_decides),
        cmocka_unit_test(test_a_header_is_held_against_the_manifest),
        cmocka_unit_test(test_data_export_folders),
        cmocka_unit_test(test_columns_change_between_months_and_doubles_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
