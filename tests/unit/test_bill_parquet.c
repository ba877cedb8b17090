#include "bill_fixture.h"
#include "io/duckdb.h"

/* Parquet needs a library that is not on every machine. */
static struct duckdb *db;

static int open_library(void **state)
{
    struct err err = ERR_INIT;
    (void)state;
    if (!duckdb_open(&db, 2, &err))
        print_message("skipped: %s\n", err.text);
    return 0;
}

static int close_library(void **state)
{
    (void)state;
    duckdb_close(db);
    return 0;
}

/* Everything that the lines say, one text a line. */
static void describe(struct buf *out, const struct estate *e)
{
    for (size_t i = 0; i < e->lines.count; i++) {
        const struct cost_line *line = &e->lines.at[i];
        const struct sku *sku = &e->skus.at[line->sku];
        const struct resource *r = &e->resources.at[line->resource];
        buf_printf(out, "%s %s %s %s %s %d+%u %d rows:", r->key, sku->usage_type,
                   sku->operation ? sku->operation : "", sku->product_name ? sku->product_name : "",
                   charge_name(sku->charge), line->hour, line->hours, (int)line->rows);
        buf_add_char(out, ' ');
        money_format_exact(out, line->quantity);
        for (size_t b = 0; b < BASIS_COUNT; b++) {
            buf_add_char(out, ' ');
            money_format_exact(out, line->cost[b]);
        }
        for (size_t t = 0; r->tags && t < r->tags->count; t++)
            buf_printf(out, " %s=%s", r->tags->items[t]->key, r->tags->items[t]->text);
        buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < e->commitments.count; i++) {
        const struct commitment *c = &e->commitments.at[i];
        buf_printf(out, "%s x %g until %d: ", c->arn, c->count, (int)c->end);
        money_format_exact(out, c->usd_per_hour);
        buf_printf(out, " used %g\n", c->utilisation);
    }
    for (size_t i = 0; i < e->bills.count; i++)
        buf_printf(out, "%d amounts rounded\n", (int)e->bills.at[i].rounded);
}

static void copy(struct fixture *f, const char *select, const char *csv, const char *parquet)
{
    struct buf sql = BUF_INIT;
    buf_printf(&sql, "COPY (SELECT %s FROM read_csv(", select);
    duckdb_quote(&sql, fixture_path(f, csv));
    buf_add(&sql, ", all_varchar = true, header = true)) TO ");
    duckdb_quote(&sql, fixture_path(f, parquet));
    buf_add(&sql, " (FORMAT parquet)");
    if (!duckdb_do(db, buf_text(&sql), &f->err))
        fail_msg("%s", f->err.text);
    buf_release(&sql);
}

/* The CSV and what `select` makes of it in Parquet are one bill, to the last digit. */
static void check_same(const char *csv, const char *select, const char *parquet)
{
    struct fixture f;
    struct buf expected = BUF_INIT, got = BUF_INIT;
    fixture_open(&f);
    fixture_write(&f, "bill.csv", csv);
    describe(&expected, fixture_load(&f, "bill.csv"));
    assert_string_equal(f.err.text, "");
    assert_true(expected.length > 0);
    copy(&f, select, "bill.csv", parquet);
    describe(&got, fixture_load(&f, parquet));
    assert_string_equal(f.err.text, "");
    assert_string_equal(buf_text(&got), buf_text(&expected));
    assert_int_equal(f.summary.bad_rows, 0);
    buf_release(&expected);
    buf_release(&got);
    fixture_close(&f);
}

#define CUR                                                                                   \
    "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/Operation,"       \
    "lineItem/ResourceId,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UsageAmount," \
    "lineItem/UnblendedCost,pricing/publicOnDemandCost,bill/BillingEntity,"                   \
    "product/ProductName,reservation/EffectiveCost,reservation/ReservationARN,"               \
    "lineItem/LineItemDescription,resourceTags/user:Name,resourceTags/user:ClusterId\n"
#define HOUR "2026-01-05T07:00:00Z,2026-01-05T08:00:00Z"

static const char cur_rows[] = CUR
    "Usage,AmazonEC2,BoxUsage:m5.large,RunInstances,i-1," HOUR ",1,0.096,0.096,AWS,EC2,,,x,"
    "\"a, \"\"b\"\"\",c-1\n"
    "Usage,AmazonEC2,BoxUsage:m5.large,RunInstances,i-1," HOUR ",0.25,0.0240000012,0.024,AWS,EC2,,,"
    "x,\"a, \"\"b\"\"\",c-1\n"
    "DiscountedUsage,AmazonEC2,BoxUsage:m5.large,RunInstances,i-2," HOUR ",1,0,0.096,AWS,EC2,"
    "0.0612345678,arn:ri,x,\"\"\"quoted\"\"\",\n"
    "Usage,AmazonS3,\"Requests,Tier1\",PutObject,bucket," HOUR ",1E-7,5e-10,5E-10,AWS,S3,,,,,\n"
    "Fee,AmazonEC2,Upfront,,,2026-01-05T07:00:00Z,2027-01-05T07:00:00Z,1,600,,AWS,EC2,,arn:ri,,,\n"
    "Refund,ComputeSavingsPlans,Refund,,," HOUR ",,-7,,AWS,SP,,,"
    "Refund for one-time fee for Savings Plan ID: 1,,\n"
    "Usage,c3vkl2,MP:seconds,Hours,i-1," HOUR ",2,3.5,,AWS Marketplace,\"Tool, the\",,,,,\n";

static void test_texts_are_the_csv(void **state)
{
    (void)state;
    if (db)
        check_same(cur_rows, "*", "bill.parquet");
}

static void test_typed_columns_are_the_csv(void **state)
{
    (void)state;
    if (db)
        check_same(cur_rows,
                   "* REPLACE (CAST(\"lineItem/UsageAmount\" AS DOUBLE) AS \"lineItem/UsageAmount\","
                   " CAST(\"lineItem/UnblendedCost\" AS DOUBLE) AS \"lineItem/UnblendedCost\","
                   " CAST(\"pricing/publicOnDemandCost\" AS DECIMAL(28, 12))"
                   " AS \"pricing/publicOnDemandCost\","
                   " CAST(\"reservation/EffectiveCost\" AS DOUBLE) AS \"reservation/EffectiveCost\","
                   " CAST(\"lineItem/UsageStartDate\" AS TIMESTAMP) AS \"lineItem/UsageStartDate\","
                   " CAST(\"lineItem/UsageEndDate\" AS TIMESTAMP_NS) AS \"lineItem/UsageEndDate\","
                   " encode(\"lineItem/Operation\") AS \"lineItem/Operation\")",
                   "odd [1]*name's.parquet");
}

/* A fee's amounts are read as texts: how many instances, for how many hours. */
static void test_doubles_of_a_reservation(void **state)
{
    (void)state;
    if (db)
        check_same("lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,"
                   "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UnblendedCost,"
                   "reservation/ReservationARN,reservation/EffectiveCost,"
                   "reservation/AmortizedUpfrontFeeForBillingPeriod,"
                   "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,"
                   "reservation/UnusedRecurringFee,reservation/NumberOfReservations,"
                   "reservation/TotalReservedUnits\n"
                   "RIFee,AmazonEC2,HeavyUsage:c5.large,2026-01-01T00:00:00Z,"
                   "2026-01-31T23:59:59Z,44.64,arn:ri,,37.20,9.30,11.16,2,1488\n",
                   "* REPLACE (CAST(\"lineItem/UnblendedCost\" AS DOUBLE) AS"
                   " \"lineItem/UnblendedCost\","
                   " CAST(\"reservation/AmortizedUpfrontFeeForBillingPeriod\" AS DOUBLE) AS"
                   " \"reservation/AmortizedUpfrontFeeForBillingPeriod\","
                   " CAST(\"reservation/NumberOfReservations\" AS DOUBLE) AS"
                   " \"reservation/NumberOfReservations\","
                   " CAST(\"reservation/TotalReservedUnits\" AS DOUBLE) AS"
                   " \"reservation/TotalReservedUnits\")",
                   "bill.parquet");
}

/* Up to fifteen digits, which a double keeps, from 1e-22 to 1e16: some have to be rounded. */
static void test_doubles_of_any_size(void **state)
{
    (void)state;
    uint64_t random = 7;
    struct buf csv = BUF_INIT;
    buf_add(&csv, "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,"
                  "lineItem/ResourceId,lineItem/UsageStartDate,lineItem/UsageEndDate,"
                  "lineItem/UnblendedCost\n");
    for (int i = 0; i < 3000; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        uint64_t limit = 10;
        for (int n = i % 15; n > 0; n--)
            limit *= 10;
        buf_printf(&csv, "Usage,AmazonEC2,BoxUsage,i-%d," HOUR ",%s%llue%d\n", i,
                   i % 3 ? "" : "-", (unsigned long long)((random >> 8) % limit), 1 - i % 23);
    }
    if (db)
        check_same(buf_text(&csv),
                   "* REPLACE (CAST(\"lineItem/UnblendedCost\" AS DOUBLE) AS"
                   " \"lineItem/UnblendedCost\")",
                   "bill.parquet");
    buf_release(&csv);
}

static void test_maps_are_the_columns(void **state)
{
    (void)state;
    if (db)
        check_same(cur_rows,
                   "\"lineItem/LineItemType\" AS line_item_line_item_type,"
                   "\"lineItem/ProductCode\" AS line_item_product_code,"
                   "\"lineItem/UsageType\" AS line_item_usage_type,"
                   "\"lineItem/Operation\" AS line_item_operation,"
                   "\"lineItem/ResourceId\" AS line_item_resource_id,"
                   "CAST(\"lineItem/UsageStartDate\" AS TIMESTAMP) AS line_item_usage_start_date,"
                   "CAST(\"lineItem/UsageEndDate\" AS TIMESTAMP) AS line_item_usage_end_date,"
                   "CAST(\"lineItem/UsageAmount\" AS DOUBLE) AS line_item_usage_amount,"
                   "CAST(\"lineItem/UnblendedCost\" AS DOUBLE) AS line_item_unblended_cost,"
                   "CAST(\"pricing/publicOnDemandCost\" AS DOUBLE) AS pricing_public_on_demand_cost,"
                   "\"bill/BillingEntity\" AS bill_billing_entity,"
                   "map {'product_name': \"product/ProductName\"} AS product,"
                   "CAST(\"reservation/EffectiveCost\" AS DOUBLE) AS reservation_effective_cost,"
                   "\"reservation/ReservationARN\" AS reservation_reservation_a_r_n,"
                   "\"lineItem/LineItemDescription\" AS line_item_line_item_description,"
                   "map {'user_name': \"resourceTags/user:Name\","
                   " 'user:ClusterId': \"resourceTags/user:ClusterId\"} AS resource_tags",
                   "cur2.parquet");
}

static void test_a_struct_of_databricks(void **state)
{
    (void)state;
    if (db)
        check_same("record_id,workspace_id,sku_name,cloud,usage_start_time,usage_end_time,"
                   "custom_tags,usage_unit,usage_quantity,usage_metadata\n"
                   "r1,w1,JOBS,AWS,2026-01-05T07:00:00Z,2026-01-05T08:00:00Z,,DBU,1.5,"
                   "\"{\"\"cluster_id\"\":\"\"c-1\"\",\"\"job_id\"\":\"\"j, 7\"\"}\"\n",
                   "* REPLACE (CAST(usage_quantity AS DECIMAL(38, 18)) AS usage_quantity,"
                   " CAST(usage_start_time AS TIMESTAMP) AS usage_start_time,"
                   " {'cluster_id': 'c-1', 'job_id': 'j, 7', 'node_type': NULL} AS usage_metadata)",
                   "usage.parquet");
}

/* A folder of parts of two kinds, and columns that are called as DuckDB's own. */
static void test_many_files_keep_apart(void **state)
{
    (void)state;
    struct fixture f;
    if (!db)
        return;
    fixture_open(&f);
    fixture_write(&f, "csv/bill.csv", cur_rows);
    copy(&f, "*", "csv/bill.csv", "bills/1.parquet");
    copy(&f, "*, 7 AS file_index, 'x' AS filename", "csv/bill.csv", "bills/2.parquet");
    copy(&f, "* REPLACE (CAST(\"lineItem/UnblendedCost\" AS DOUBLE) * 2 AS"
         " \"lineItem/UnblendedCost\")", "csv/bill.csv", "bills/3.parquet");
    const struct estate *e = fixture_load(&f, "bills");
    assert_string_equal(f.err.text, "");
    static const char *const totals[] = {"596.6200000017", "596.6200000017", "1193.2400000034"};
    assert_int_equal(e->bills.count, 3);
    for (size_t i = 0; i < 3; i++) {
        struct buf text = BUF_INIT;
        money_format_exact(&text, e->bills.at[i].total[BASIS_UNBLENDED]);
        assert_string_equal(buf_text(&text), totals[i]);
        assert_int_equal(e->bills.at[i].rows, 7);
        buf_release(&text);
    }
    fixture_close(&f);
}

/* Of which rows of which file is asked of DuckDB, whatever the file says of its own. */
static void test_own_names_hide_nothing(void **state)
{
    (void)state;
    struct fixture f;
    if (!db)
        return;
    fixture_open(&f);
    fixture_write(&f, "csv/bill.csv", cur_rows);
    copy(&f, "7 AS File_Index, *, 7 AS file_row_number", "csv/bill.csv", "bills/1.parquet");
    copy(&f, "7 AS file_index, * REPLACE ('x' AS \"lineItem/UnblendedCost\")", "csv/bill.csv",
         "bills/2.parquet");
    const struct estate *e = fixture_load(&f, "bills");
    assert_string_equal(f.err.text, "");
    assert_int_equal(e->bills.at[0].rows, 7);
    assert_int_equal(e->bills.at[0].bad_rows, 0);
    assert_int_equal(f.summary.bad_rows, 7);
    assert_non_null(strstr(f.summary.bad_row_samples.at[0].text, "2.parquet: row 1, "));
    fixture_close(&f);
}

static void test_bad_rows_are_named(void **state)
{
    (void)state;
    struct fixture f;
    if (!db)
        return;
    fixture_open(&f);
    fixture_write(&f, "bill.csv", cur_rows);
    copy(&f,
         "* REPLACE (CASE \"lineItem/LineItemType\" WHEN 'Fee' THEN 'NaN'::DOUBLE"
         " ELSE CAST(\"lineItem/UnblendedCost\" AS DOUBLE) END AS \"lineItem/UnblendedCost\","
         " CASE \"lineItem/LineItemType\" WHEN 'Refund' THEN TIMESTAMP 'infinity'"
         " ELSE CAST(\"lineItem/UsageStartDate\" AS TIMESTAMP) END AS \"lineItem/UsageStartDate\")",
         "bill.csv", "bill.parquet");
    fixture_load(&f, "bill.parquet");
    assert_string_equal(f.err.text, "");
    assert_int_equal(f.summary.bad_rows, 2);
    assert_non_null(strstr(f.summary.bad_row_samples.at[0].text,
                           "bill.parquet: row 5, column lineItem/UnblendedCost: 'nan' is not a "
                           "number"));
    assert_non_null(strstr(f.summary.bad_row_samples.at[1].text, "row 6"));
    f.options.strict = true;
    fixture_load(&f, "bill.parquet");
    assert_non_null(strstr(f.err.text, "bill.parquet: row "));
    fixture_close(&f);
}

/* A list is no amount: it is said as JSON, and its bytes are never taken for a number or text. */
static void test_lists_are_no_amounts(void **state)
{
    (void)state;
    static const char *const lists[] = {"[7.5::DOUBLE, 8]", "['seven', 'and eight, as texts']"};
    static const char *const said[] = {"'[7.5,8.0]' is not a number",
                                       "'[\"seven\",\"and eight, as texts\"]' is not a number"};
    for (size_t i = 0; db && i < 2; i++) {
        struct fixture f;
        struct buf select = BUF_INIT;
        fixture_open(&f);
        fixture_write(&f, "bill.csv", cur_rows);
        buf_printf(&select, "* REPLACE (%s AS \"lineItem/UnblendedCost\")", lists[i]);
        copy(&f, buf_text(&select), "bill.csv", "bill.parquet");
        fixture_load(&f, "bill.parquet");
        assert_string_equal(f.err.text, "");
        assert_int_equal(f.summary.bad_rows, 7);
        const char *sample = f.summary.bad_row_samples.at[0].text;
        if (!strstr(sample, said[i]))
            fail_msg("%s", sample);
        buf_release(&select);
        fixture_close(&f);
    }
}

static void test_damage_is_said(void **state)
{
    (void)state;
    struct fixture f;
    if (!db)
        return;
    fixture_open(&f);
    fixture_write(&f, "bill.parquet", "PAR1 and nothing else");
    fixture_load(&f, "bill.parquet");
    assert_non_null(strstr(f.err.text, "bill.parquet"));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_are_the_csv),
        cmocka_unit_test(test_typed_columns_are_the_csv),
        cmocka_unit_test(test_doubles_of_a_reservation),
        cmocka_unit_test(test_doubles_of_any_size),
        cmocka_unit_test(test_maps_are_the_columns),
        cmocka_unit_test(test_a_struct_of_databricks),
        cmocka_unit_test(test_many_files_keep_apart),
        cmocka_unit_test(test_own_names_hide_nothing),
        cmocka_unit_test(test_bad_rows_are_named),
        cmocka_unit_test(test_lists_are_no_amounts),
        cmocka_unit_test(test_damage_is_said),
    };
    return cmocka_run_group_tests(tests, open_library, close_library);
}
