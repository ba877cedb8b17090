#include "bill_fixture.h"

#define HEAD                                                                                   \
    "lineItem/LineItemType,lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode," \
    "lineItem/UsageType,lineItem/Operation,lineItem/ResourceId,lineItem/UsageAmount,"           \
    "lineItem/CurrencyCode,lineItem/UnblendedCost,pricing/publicOnDemandCost,product/region,"   \
    "lineItem/UsageAccountId,bill/BillingEntity"
#define HOUR "2026-01-05T07:00:00Z,2026-01-05T08:00:00Z"

static void test_forms_of_text(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  "\xef\xbb\xbf" HEAD "\r\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,RunInstances,i-1,1,USD,1.92E-1,"
                  "0.192,us-east-1,111122223333,AWS\r\n"
                  "\"Usage\"," HOUR ",AmazonEC2,\"BoxUsage:m5.xlarge\",RunInstances,i-1,\"1\","
                  "USD,\"0.192\",,us-east-1,111122223333,AWS\r\n"
                  "Usage," HOUR ",AmazonS3,\"a,\"\"b\"\"\nc\",Put,bucket,NULL,USD,0.0000001,"
                  "\"\",us-east-1,111122223333,AWS\r\n"
                  "Usage," HOUR ",AmazonS3,Requests,Put,bucket,2,USD,0.5\r\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    assert_int_equal(f.summary.rows, 4);
    assert_int_equal(f.summary.bad_rows, 0);
    assert_total(e, BASIS_UNBLENDED, "0.8840001");
    assert_total(e, BASIS_LIST, "0.192");
    assert_true(has_note(e, "1 rows have more or fewer fields than the header"));
    assert_int_equal(e->lines.count, 3);
    assert_string_equal(resource_of(e, "i-1")->type, "aws_instance");
    assert_string_equal(node_text(node_get(resource_of(e, "i-1")->attrs, "instance_type"), ""),
                        "m5.xlarge");
    assert_string_equal(resource_of(e, "bucket")->type, "aws_s3_bucket");
    assert_string_equal(resource_of(e, "i-1")->region, "us-east-1");
    fixture_close(&f);
}

static void test_line_types(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(
        &f, "a.csv",
        "lineItem/UnblendedCost,lineItem/LineItemType,lineItem/ProductCode,"
        "lineItem/UsageStartDate,lineItem/UsageEndDate,reservation/EffectiveCost,"
        "reservation/ReservationARN,reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,"
        "reservation/UnusedRecurringFee,savingsPlan/SavingsPlanEffectiveCost,"
        "savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,"
        "lineItem/LineItemDescription,pricing/publicOnDemandCost,lineItem/CurrencyCode\n"
        "10,Usage,AmazonEC2," HOUR ",,,,,,,,,11,USD\n"
        "0,DiscountedUsage,AmazonEC2," HOUR ",0.6,arn:ri,,,,,,,1,USD\n"
        "5,RIFee,AmazonEC2," HOUR ",,arn:ri,0.25,0.5,,,,,7,USD\n"
        "300,Fee,AmazonEC2," HOUR ",,arn:ri,,,,,,,,USD\n"
        "100,Fee,AWSSupport," HOUR ",,,,,,,,,,USD\n"
        "2,SavingsPlanCoveredUsage,AmazonEC2," HOUR ",,,,,1.4,,,,2,USD\n"
        "-2,SavingsPlanNegation,AmazonEC2," HOUR ",,,,,,,,,-2,USD\n"
        "3,SavingsPlanRecurringFee,ComputeSavingsPlans," HOUR ",,,,,,3,1.4,,,USD\n"
        "50,SavingsPlanUpfrontFee,ComputeSavingsPlans," HOUR ",,,,,,,,,,USD\n"
        "-20,Refund,ComputeSavingsPlans," HOUR ",,,,,,,,"
        "Refund for one-time fee for Savings Plan ID: 7,,USD\n"
        "-1,Refund,AmazonEC2," HOUR ",,,,,,,,sorry,,USD\n"
        "-4,Credit,AmazonEC2," HOUR ",,,,,,,,,,USD\n"
        "-0.5,EdpDiscount,AmazonEC2," HOUR ",,,,,,,,,,USD\n"
        "1.5,Tax,AmazonEC2," HOUR ",,,,,,,,,,USD\n"
        "0.25,SomethingNew,AmazonEC2," HOUR ",,,,,,,,,,USD\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    assert_total(e, BASIS_UNBLENDED, "444.25");
    /* 10 + 0.6 + (0.25 + 0.5) + 0 + 100 + 1.4 + 0 + (3 - 1.4) + 0 + 0 - 1 - 4 - 0.5 + 1.5 + 0.25 */
    assert_total(e, BASIS_AMORTIZED, "110.60");
    assert_total(e, BASIS_NET_AMORTIZED, "110.60");
    assert_total(e, BASIS_LIST, "14.00");
    unsigned seen = 0;
    for (size_t i = 0; i < e->skus.count; i++)
        seen |= 1u << e->skus.at[i].charge;
    assert_int_equal(seen, (1u << CHARGE_COUNT) - 1);
    fixture_close(&f);
}

static void test_net_columns(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(
        &f, "a.csv",
        "line_item_line_item_type,line_item_usage_start_date,line_item_product_code,"
        "line_item_unblended_cost,line_item_net_unblended_cost,reservation_effective_cost,"
        "reservation_net_effective_cost,savings_plan_total_commitment_to_date,"
        "savings_plan_used_commitment,"
        "savings_plan_amortized_upfront_commitment_for_billing_period,"
        "savings_plan_recurring_commitment_for_billing_period,"
        "savings_plan_net_amortized_upfront_commitment_for_billing_period,"
        "savings_plan_net_recurring_commitment_for_billing_period\n"
        "Usage,2026-01-05T07:00:00Z,AmazonEC2,10,9,,,,,,,,\n"
        "Usage,2026-01-05T07:00:00Z,AmazonEC2,10,,,,,,,,,\n"
        "DiscountedUsage,2026-01-05T07:00:00Z,AmazonEC2,0,0,0.6,0.54,,,,,,\n"
        "SavingsPlanRecurringFee,2026-01-05T07:00:00Z,ComputeSavingsPlans,3,2.7,,,3,1,0,4,0,3\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    assert_total(e, BASIS_UNBLENDED, "23.00");
    assert_total(e, BASIS_NET_UNBLENDED, "21.70");
    assert_total(e, BASIS_AMORTIZED, "22.60");     /* 10 + 10 + 0.6 + (3 - 1) */
    assert_total(e, BASIS_NET_AMORTIZED, "21.04"); /* 9 + 10 + 0.54 + (3 - 1) x 3/4 */
    fixture_close(&f);
}

/* What a row leaves open counts as it stands in the gross columns, each on its own. */
static void test_net_columns_that_a_row_leaves_open(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(
        &f, "a.csv",
        "line_item_line_item_type,line_item_usage_start_date,line_item_product_code,"
        "line_item_unblended_cost,line_item_net_unblended_cost,reservation_effective_cost,"
        "reservation_net_effective_cost,"
        "reservation_unused_amortized_upfront_fee_for_billing_period,"
        "reservation_net_unused_amortized_upfront_fee_for_billing_period,"
        "reservation_unused_recurring_fee,savings_plan_total_commitment_to_date,"
        "savings_plan_used_commitment,savings_plan_recurring_commitment_for_billing_period,"
        "savings_plan_net_recurring_commitment_for_billing_period\n"
        "\"Usage\",\"2026-01-05T07:00:00Z\",\"AmazonEC2\",\"10\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
        "\"\",\"\"\n"
        "Usage,2026-01-05T07:00:00Z,AmazonEC2,20,NULL,,,,,,,,,\n"
        "DiscountedUsage,2026-01-05T07:00:00Z,AmazonEC2,0,0,0.6,,,,,,,,\n"
        "RIFee,2026-01-05T07:00:00Z,AmazonEC2,5,4,,,0.5,0.4,0.25,,,,\n"
        "SavingsPlanRecurringFee,2026-01-05T07:00:00Z,ComputeSavingsPlans,3,,,,,,,3,1,4,\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    assert_total(e, BASIS_NET_UNBLENDED, "37.00"); /* 10 + 20 + 0 + 4 + 3 */
    assert_total(e, BASIS_AMORTIZED, "33.35");     /* 10 + 20 + 0.6 + 0.75 + (3 - 1) */
    assert_total(e, BASIS_NET_AMORTIZED, "33.25"); /* the same with 0.4 for 0.5 */
    fixture_close(&f);
}

static void test_a_net_column_alone(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  "line_item_line_item_type,line_item_usage_start_date,line_item_product_code,"
                  "line_item_unblended_cost,reservation_effective_cost,"
                  "reservation_net_effective_cost\n"
                  "DiscountedUsage,2026-01-05T07:00:00Z,AmazonEC2,0,0.6,0.5\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_total(e, BASIS_AMORTIZED, "0.60");
    assert_total(e, BASIS_NET_AMORTIZED, "0.50");
    fixture_close(&f);
}

static void test_currencies_stay_apart(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  HEAD "\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,NOK,5,,x,1,AWS\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,USD,1,,x,1,AWS\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,USD,1,,x,1,AWS\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(e->currency, "USD");
    assert_total(e, BASIS_UNBLENDED, "2.00");
    assert_int_equal(e->bills.count, 2);
    assert_true(has_note(e, "1 rows are in NOK (unblended 5.00): kept apart"));
    fixture_write(&f, "a.csv",
                  HEAD "\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,NOK,5,,x,1,AWS\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,USD,5,,x,1,AWS\n");
    assert_false(has_note(fixture_load(&f, "a.csv"), "same rows, times and totals"));
    fixture_close(&f);
}

/* Lines and files must mean the same currency: else the bill would not be reconciled. */
static void test_a_long_currency_is_one(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  HEAD "\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.xlarge,Run,i-1,1,creditpoints,5,,x,1,AWS\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.large,Run,i-2,1,creditpoints,2,,x,1,AWS\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    assert_string_equal(e->currency, "creditp");
    assert_total(e, BASIS_UNBLENDED, "7.00");
    assert_int_equal(money_cmp(e->bills.at[0].total[BASIS_UNBLENDED],
                               total_of(e, BASIS_UNBLENDED)), 0);
    fixture_close(&f);
}

static void test_bad_rows_are_counted_and_shown(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  HEAD "\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage,Run,i-1,1,USD,\"1,2\",,x,1,AWS\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage,Run,i-1,1,USD,1,,x,1,AWS\n"
                  "Usage,soon,later,AmazonEC2,BoxUsage,Run,i-1,1,USD,1,,x,1,AWS\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_true(f.ok);
    assert_total(e, BASIS_UNBLENDED, "1.00");
    assert_int_equal(f.summary.bad_rows, 2);
    assert_int_equal(e->bills.at[0].bad_rows, 2);
    assert_non_null(strstr(f.summary.bad_row_samples.at[0].text,
                           "a.csv: row 2, column lineItem/UnblendedCost: '\"1,2\"' is not a number"));
    assert_non_null(strstr(f.summary.bad_row_samples.at[1].text,
                           "row 4, column lineItem/UsageStartDate: 'soon' is not a time"));
    f.options.strict = true;
    fixture_load(&f, "a.csv");
    assert_false(f.ok);
    assert_non_null(strstr(f.err.text, "row 2, column lineItem/UnblendedCost"));
    assert_int_equal(f.estate->lines.count, 0);
    assert_int_equal(f.estate->bills.count, 0);
    fixture_close(&f);
}

/* An end that is no time stood for a day before, one of the year 9999 for the whole period. */
static void test_an_end_that_is_no_time_leaves_the_row_out(void **state)
{
    (void)state;
    static const char *const ends[] = {"2026-13-40T00:00:00Z", "9999-12-31T00:00:00Z",
                                       "2026-01-05T08:00:00+99:99"};
    struct fixture f;
    fixture_open(&f);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char *text = arena_printf(&f.arena,
                                  "lineItem/LineItemType,bill/BillingPeriodStartDate,"
                                  "lineItem/UsageStartDate,lineItem/UsageEndDate,"
                                  "lineItem/ProductCode,lineItem/UnblendedCost\n"
                                  "Usage,2026-01-01,2026-01-05T07:00:00Z,%s,AmazonEC2,4\n"
                                  "Usage,2026-01-01,%s,,AmazonEC2,2\n"
                                  "Usage,2026-01-01,2026-01-05T07:00:00Z,,AmazonEC2,1\n",
                                  ends[i], ends[i]);
        fixture_write(&f, "a.csv", text);
        const struct estate *e = fixture_load(&f, "a.csv");
        assert_total(e, BASIS_UNBLENDED, "1.00");
        assert_int_equal(f.summary.bad_rows, 2);
        assert_true(e->bills.at[0].to < (int64_t)2000000000);
        assert_non_null(strstr(f.summary.bad_row_samples.at[0].text,
                               arena_printf(&f.arena, "row 2, column lineItem/UsageEndDate: '%s'",
                                            ends[i])));
    }
    fixture_close(&f);
}

/* Groups and files wrapped alike, so that the wrong sum was called reconciled. */
static void test_amounts_beyond_exact_sums_are_refused(void **state)
{
    (void)state;
    struct fixture f;
    struct buf text = BUF_INIT;
    fixture_open(&f);
    buf_add(&text, HEAD "\n");
    for (int i = 0; i < 3000; i++)
        buf_add(&text, "Usage," HOUR ",AmazonEC2,BoxUsage,Run,i-1,1,USD,"
                       "-99999999999999999,,x,1,AWS\n");
    fixture_write(&f, "a.csv", buf_text(&text));
    fixture_load(&f, "a.csv");
    assert_false(f.ok);
    assert_non_null(strstr(f.err.text, "a.csv: has amounts too large for a bill"));
    assert_int_equal(f.estate->lines.count, 0);
    buf_release(&text);
    fixture_close(&f);
}

static void test_cut_gzip_names_part_and_place(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    struct buf text = BUF_INIT;
    buf_add(&text, HEAD "\n");
    for (int i = 0; i < 30000; i++)
        buf_printf(&text, "Usage," HOUR ",AmazonEC2,BoxUsage:m5.x%d,Run,i-%d,1,USD,%d.5,,x,1,AWS\n",
                   i * 7919 % 1000, i % 77, i * 31 % 977);
    fixture_write_gzip(&f, "good.csv.gz", buf_text(&text));
    fixture_write_gzip(&f, "part.csv.gz", buf_text(&text));
    fixture_load(&f, "good.csv.gz");
    assert_true(f.ok);
    assert_int_equal(f.summary.rows, 30000);
    assert_int_equal(truncate(fixture_path(&f, "part.csv.gz"), 60000), 0);
    fixture_load(&f, "");
    assert_false(f.ok);
    assert_non_null(strstr(f.err.text, "part.csv.gz: the gzip data is cut off at byte 60000"));
    assert_int_equal(f.estate->lines.count + f.estate->bills.count + f.estate->resources.count, 0);
    buf_release(&text);
    fixture_close(&f);
}

/* Threads, pieces and packing change nothing, to the last bit and the order of everything. */
static void test_threads_do_not_matter(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    struct buf text = BUF_INIT;
    buf_add(&text, HEAD "\n");
    for (int i = 0; i < 20000; i++)
        buf_printf(&text, "Usage,2026-01-%02dT07:00:00Z,2026-01-%02dT08:00:00Z,AmazonEC2,"
                          "BoxUsage:m5.%dxlarge,\"Run\n\",%s%d,1,USD,%d.%07d,,us-east-1,1,AWS\n",
                   i % 28 + 1, i % 28 + 1, i % 5, i % 9 ? "i-" : "vol-", i * 7919 % 301,
                   i % 3, i * 31 % 9999991);
    fixture_write(&f, "a.csv", buf_text(&text));
    fixture_write_gzip(&f, "a.csv.gz", buf_text(&text));
    f.options.threads = 1;
    struct estate *one = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    f.estate = NULL;
    bill_summary_release(&f.summary);
    static const struct {
        unsigned threads;
        const char *name;
        size_t budget;
    } ways[] = {{2, "a.csv", 0}, {5, "a.csv", 0}, {1, "a.csv.gz", 0}, {3, "a.csv.gz", 1},
                {1, "a.csv", 1}};
    for (size_t w = 0; w < 5; w++) {
        f.options.threads = ways[w].threads;
        f.options.memory_budget = ways[w].budget;
        const struct estate *other = fixture_load(&f, ways[w].name);
        assert_int_equal(f.summary.spilled, ways[w].budget > 0);
        assert_int_equal(one->lines.count, other->lines.count);
        assert_int_equal(one->resources.count, other->resources.count);
        for (size_t i = 0; i < one->resources.count; i++)
            assert_string_equal(one->resources.at[i].key, other->resources.at[i].key);
        for (size_t i = 0; i < one->lines.count; i++)
            assert_memory_equal(&one->lines.at[i], &other->lines.at[i], sizeof *one->lines.at);
    }
    estate_free(one);
    buf_release(&text);
    fixture_close(&f);
}

/* Instances of clusters, volumes whose tags and size change, usage that a plan covers. */
static void write_details(struct fixture *f, const char *name)
{
    struct buf text = BUF_INIT;
    buf_add(&text, HEAD ",savingsPlan/SavingsPlanARN,savingsPlan/SavingsPlanEffectiveCost,"
                        "resourceTags/user:Name,resourceTags/user:ClusterId,"
                        "resourceTags/user:JobId\n");
    for (int i = 0; i < 12000; i++) {
        int hour = i / 50, thing = i * 7919 % 700;
        bool volume = thing % 5 == 0, covered = thing % 7 == 1 && !volume;
        buf_printf(&text, "%s,2026-01-%02dT%02d:00:00Z,2026-01-%02dT%02d:00:00Z,AmazonEC2,%s,x,"
                          "%s-%d,0.%d,USD,%d.%07d,2.5,us-east-1,1,AWS,%s,%s,machine %d,",
                   covered ? "SavingsPlanCoveredUsage" : "Usage", hour / 12 + 1, hour % 12,
                   hour / 12 + 1, hour % 12 + 1,
                   volume ? "EBS:VolumeUsage.gp3" : thing % 2 ? "BoxUsage:m5.large"
                                                              : "BoxUsage:r5.xlarge",
                   volume ? "vol" : "i", thing, i % 90, i % 3, i * 31 % 9999991,
                   covered ? "arn:aws:savingsplans::1:savingsplan/a" : "",
                   covered ? "1.25" : "", thing + hour / 100);
        buf_printf(&text, thing % 3 ? "0101-%d,%d\n" : ",\n", thing % 40, thing % 11);
    }
    fixture_write(f, name, buf_text(&text));
    buf_release(&text);
}

static void assert_same_map(const struct node *a, const struct node *b)
{
    assert_true(node_equal(a, b));
    for (size_t i = 0; a && i < a->count; i++)
        assert_string_equal(a->items[i]->key, b->items[i]->key);
}

static void assert_same_resource(const struct resource *a, const struct resource *b)
{
    assert_string_equal(a->key, b->key);
    assert_string_equal(sym_or_empty(a->type), sym_or_empty(b->type));
    assert_string_equal(sym_or_empty(a->name), sym_or_empty(b->name));
    assert_string_equal(sym_or_empty(a->region), sym_or_empty(b->region));
    assert_int_equal(a->parent, b->parent);
    assert_same_map(a->tags, b->tags);
    assert_same_map(a->attrs, b->attrs);
}

static void assert_same_commitment(const struct commitment *a, const struct commitment *b)
{
    assert_string_equal(a->arn, b->arn);
    assert_int_equal(a->month_count, b->month_count);
    for (size_t i = 0; i < a->month_count; i++)
        assert_memory_equal(&a->months[i].covered_list, &b->months[i].covered_list,
                            2 * sizeof(struct money));
    assert_true(a->utilisation >= b->utilisation && a->utilisation <= b->utilisation);
}

static void test_threads_do_not_matter_to_details(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    write_details(&f, "a.csv");
    f.options.grain = BILL_BY_HOUR;
    f.options.threads = 1;
    struct estate *one = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    f.estate = NULL;
    bill_summary_release(&f.summary);
    assert_string_equal(one->resources.at[estate_find(one, "i-1")].name, "machine 3");
    assert_int_equal(one->commitments.count, 1);
    static const struct {
        unsigned threads;
        size_t budget;
    } ways[] = {{2, 0}, {7, 0}, {1, 1}, {3, 1}};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
        f.options.threads = ways[w].threads;
        f.options.memory_budget = ways[w].budget;
        const struct estate *other = fixture_load(&f, "a.csv");
        assert_int_equal(one->resources.count, other->resources.count);
        for (size_t i = 0; i < one->resources.count; i++)
            assert_same_resource(&one->resources.at[i], &other->resources.at[i]);
        assert_int_equal(one->lines.count, other->lines.count);
        assert_memory_equal(one->lines.at, other->lines.at,
                            one->lines.count * sizeof *one->lines.at);
        assert_int_equal(other->commitments.count, 1);
        assert_same_commitment(&one->commitments.at[0], &other->commitments.at[0]);
    }
    estate_free(one);
    fixture_close(&f);
}

static void test_grain(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  HEAD "\n"
                  "Usage,2026-01-05T07:00:00Z,2026-01-05T08:00:00Z,AWSELB,LCUUsage,L,lb,1,USD,1,,x,"
                  "1,AWS\n"
                  "Usage,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z,AWSELB,LCUUsage,L,lb,1,USD,1,,x,"
                  "1,AWS\n"
                  "Usage,2026-01-05T07:00:00Z,2026-01-05T08:00:00Z,AmazonEC2,BoxUsage,L,i-1,1,USD,1,"
                  ",x,1,AWS\n"
                  "Usage,2026-01-05T09:00:00Z,2026-01-05T10:00:00Z,AmazonEC2,BoxUsage,L,i-1,1,USD,1,"
                  ",x,1,AWS\n"
                  "Fee,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,AWSSupport,S,S,,1,USD,1,,x,1,AWS\n");
    static const char *const hourly[] = {"AWSELB"};
    f.options.hourly_services = hourly;
    f.options.hourly_service_count = 1;
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_int_equal(e->lines.count, 4);
    for (size_t i = 0; i < e->lines.count; i++) {
        const struct cost_line *line = &e->lines.at[i];
        const char *service = e->skus.at[line->sku].service;
        assert_int_equal(line->hours, !strcmp(service, "AWSELB")      ? 1
                                      : !strcmp(service, "AmazonEC2") ? 24 : 31 * 24);
    }
    f.options.grain = BILL_BY_HOUR;
    assert_int_equal(fixture_load(&f, "a.csv")->lines.count, 5);
    f.options.grain = BILL_BY_MONTH;
    f.options.hourly_service_count = 0;
    assert_int_equal(fixture_load(&f, "a.csv")->lines.count, 3);
    fixture_close(&f);
}

static void test_usage_types_marketplace_and_split_rows(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv",
                  HEAD ",product/ProductName\n"
                  "Usage," HOUR ",AmazonEC2,EUW2-SpotUsage:r6i.xlarge,RunInstances:SV001,i-1,1,USD,1"
                  ",,,1,AWS,EC2\n"
                  "Usage," HOUR ",AmazonEC2,USW2-USE1-AWS-Out-Bytes,Out,,1,USD,1,,,1,AWS,EC2\n"
                  "Usage," HOUR ",8x1q,MP:dbu,U,,1,USD,7,,,1,AWS Marketplace,Databricks Lakehouse\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.large,EKSPod-EC2,pod/x,1,USD,3,,,1,AWS,EC2\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_total(e, BASIS_UNBLENDED, "9.00");
    assert_true(has_note(e, "1 rows of split cost allocation were left out"));
    const struct sku *spot = NULL, *transfer = NULL, *market = NULL;
    for (size_t i = 0; i < e->skus.count; i++) {
        const struct sku *s = &e->skus.at[i];
        if (s->purchase == PURCHASE_SPOT)
            spot = s;
        else if (s->provider == PROVIDER_MARKETPLACE)
            market = s;
        else if (!strcmp(s->measure, "AWS-Out-Bytes"))
            transfer = s;
    }
    assert_non_null(spot);
    assert_string_equal(spot->measure, "SpotUsage:r6i.xlarge");
    assert_string_equal(spot->instance_type, "r6i.xlarge");
    assert_string_equal(spot->region, "eu-west-2");
    assert_non_null(transfer);
    assert_string_equal(transfer->region, "us-west-2");
    assert_non_null(market);
    assert_string_equal(market->product_name, "Databricks Lakehouse");
    fixture_close(&f);
}

static void test_tags_and_owners(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "legacy.csv",
                  HEAD ",resourceTags/user:ClusterId,resourceTags/user:Name,resourceTags/user:Team\n"
                  "Usage," HOUR ",AmazonEC2,BoxUsage:m5.large,Run,i-1,1,USD,1,,,1,AWS,c-1,node,ads\n"
                  "Usage,2026-01-06T07:00:00Z,2026-01-06T08:00:00Z,AmazonEC2,BoxUsage:m5.large,Run,"
                  "i-1,1,USD,1,,,1,AWS,c-1,node,search\n"
                  "Usage," HOUR ",AmazonEC2,EBS:VolumeUsage.gp3,Vol,vol-1,0.1,USD,1,,,1,AWS,c-1,,\n");
    fixture_write(&f, "cur2.csv",
                  "line_item_unblended_cost,line_item_product_code,line_item_usage_start_date,"
                  "line_item_usage_type,line_item_resource_id,resource_tags,product\n"
                  "1,AmazonEC2,2026-02-01T00:00:00.000Z,BoxUsage:m5.large,i-1,"
                  "\"{\"\"user_cluster_id\"\":\"\"c-1\"\",\"\"user_team\"\":\"\"risk\"\"}\",{}\n"
                  "1,AmazonEC2,2026-02-01T00:00:00.000Z,BoxUsage:m5.large,i-2,"
                  "\"{user:ClusterId=c-2, user:Team=ads}\",{}\n");
    static const char *const wanted[] = {"Team"};
    f.options.wanted_tags = wanted;
    f.options.wanted_tag_count = 1;
    const struct estate *e = fixture_load(&f, "");
    assert_string_equal(f.err.text, "");
    assert_total(e, BASIS_UNBLENDED, "5.00");
    const struct resource *node = resource_of(e, "i-1"), *cluster = resource_of(e, "c-1");
    assert_string_equal(resource_tag(node, "Team"), "risk");
    assert_string_equal(node->name, "node");
    assert_int_equal(node->parent, cluster - e->resources.at);
    assert_string_equal(cluster->type, "databricks_cluster");
    assert_int_equal(resource_of(e, "vol-1")->parent, cluster - e->resources.at);
    assert_string_equal(node_text(node_get(resource_of(e, "vol-1")->attrs, "type"), ""), "gp3");
    assert_int_equal(resource_of(e, "i-2")->parent, resource_of(e, "c-2") - e->resources.at);
    bool legacy = false, second = false;
    for (size_t i = 0; i < e->bills.count; i++) {
        legacy |= !strcmp(e->bills.at[i].format, "CUR, legacy");
        second |= !strcmp(e->bills.at[i].format, "CUR 2.0");
    }
    assert_true(legacy && second);
    fixture_close(&f);
}

static void test_refusals_are_sentences(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "x.csv", "a,b\n1,2\n");
    fixture_write(&f, "empty.csv", "");
    fixture_write(&f, "open.csv", HEAD "\nUsage,\"" HOUR);
    fixture_load(&f, "x.csv");
    assert_non_null(strstr(f.err.text, "x.csv: not a bill"));
    fixture_load(&f, "empty.csv");
    assert_non_null(strstr(f.err.text, "empty.csv: empty"));
    fixture_load(&f, "open.csv");
    assert_non_null(strstr(f.err.text, "open.csv: row 2: the file ends inside quotes"));
    fixture_load(&f, "none.csv");
    assert_non_null(strstr(f.err.text, "none.csv"));
    assert_int_equal(bill_recognise(HEAD "\n", sizeof HEAD) != NULL, 1);
    assert_null(bill_recognise("a,b\n", 4));
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_of_text),
        cmocka_unit_test(test_line_types),
        cmocka_unit_test(test_net_columns),
        cmocka_unit_test(test_net_columns_that_a_row_leaves_open),
        cmocka_unit_test(test_a_net_column_alone),
        cmocka_unit_test(test_currencies_stay_apart),
        cmocka_unit_test(test_a_long_currency_is_one),
        cmocka_unit_test(test_bad_rows_are_counted_and_shown),
        cmocka_unit_test(test_an_end_that_is_no_time_leaves_the_row_out),
        cmocka_unit_test(test_amounts_beyond_exact_sums_are_refused),
        cmocka_unit_test(test_cut_gzip_names_part_and_place),
        cmocka_unit_test(test_threads_do_not_matter),
        cmocka_unit_test(test_threads_do_not_matter_to_details),
        cmocka_unit_test(test_grain),
        cmocka_unit_test(test_usage_types_marketplace_and_split_rows),
        cmocka_unit_test(test_tags_and_owners),
        cmocka_unit_test(test_refusals_are_sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
