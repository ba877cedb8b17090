#include <math.h>

#include "bill_fixture.h"

#define PLAN "arn:aws:savingsplans::111122223333:savingsplan/p1"
#define RESERVATION "arn:aws:ec2:eu-west-1:111122223333:reserved-instances/r1"

static const struct commitment *commitment_of(const struct estate *e, const char *arn)
{
    for (size_t i = 0; i < e->commitments.count; i++)
        if (!strcmp(e->commitments.at[i].arn, arn))
            return &e->commitments.at[i];
    fail_msg("there is no commitment %s", arn);
    return NULL;
}

static void assert_money(struct money got, const char *expected)
{
    struct buf text = BUF_INIT;
    money_format_exact(&text, got);
    assert_string_equal(buf_text(&text), expected);
    buf_release(&text);
}

static void assert_near_to(double got, double expected)
{
    if (!(fabs(got - expected) < 1e-9))
        fail_msg("%.12f is not %.12f", got, expected);
}

static void assert_day(day got, const char *expected)
{
    char text[DAY_TEXT];
    assert_string_equal(day_format(text, got), expected);
}

#define LEGACY                                                                                \
    "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,"      \
    "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UnblendedCost,"                   \
    "pricing/publicOnDemandCost,product/region,savingsPlan/SavingsPlanARN,"                   \
    "savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,"                 \
    "savingsPlan/UsedCommitment,savingsPlan/EndTime,savingsPlan/OfferingType,"                \
    "savingsPlan/InstanceTypeFamily,savingsPlan/Region\n"
#define HOUR_7 "2026-01-05T07:00:00Z,2026-01-05T08:00:00Z"
#define HOUR_8 "2026-01-05T08:00:00Z,2026-01-05T09:00:00Z"
#define FEBRUARY "2026-02-01T00:00:00Z,2026-02-01T01:00:00Z"
#define TERM "2027-03-10T12:00:00.000Z,EC2InstanceSavingsPlans,m5,eu-west-1\n"

/*
 * Two hours of January at 2 USD: 1.5 and 2.0 used; one of February: 1.0 used. In the
 * first hour an instance of 3 USD at list price is covered for 1.5.
 */
static const char plan_rows[] = LEGACY
    "SavingsPlanRecurringFee,ComputeSavingsPlans,EC2SP:m5.1yrNoUpfront,," HOUR_7 ",2,,," PLAN
    ",,2,1.5," TERM
    "SavingsPlanRecurringFee,ComputeSavingsPlans,EC2SP:m5.1yrNoUpfront,," HOUR_8 ",2,,," PLAN
    ",,2,2," TERM
    "SavingsPlanRecurringFee,ComputeSavingsPlans,EC2SP:m5.1yrNoUpfront,," FEBRUARY ",2,,," PLAN
    ",,2,1," TERM
    "SavingsPlanCoveredUsage,AmazonEC2,EUW1-BoxUsage:m5.large,i-1," HOUR_7 ",3,3,eu-west-1," PLAN
    ",1.5,,,,,,\n"
    "SavingsPlanNegation,AmazonEC2,EUW1-BoxUsage:m5.large,," HOUR_7 ",-3,,eu-west-1," PLAN
    ",,,,,,,\n"
    "Usage,AmazonEC2,EUW1-BoxUsage:m5.large,i-1," HOUR_8 ",3,3,eu-west-1,,,,,,,,\n";

static void check_plan(const struct estate *e)
{
    assert_int_equal(e->commitments.count, 1);
    const struct commitment *c = commitment_of(e, PLAN);
    assert_int_equal(c->kind, COMMITMENT_EC2_PLAN);
    assert_money(c->usd_per_hour, "2.00");
    assert_near_to(c->utilisation, 4.5 / 6);
    assert_near_to(c->discount, 0.5);
    assert_day(c->end, "2027-03-10");
    assert_string_equal(c->family, "m5");
    assert_string_equal(c->region, "eu-west-1");
    assert_int_equal(c->month_count, 2);
    assert_int_equal(c->months[0].month, 2026 * 12);
    assert_money(c->months[0].committed, "4.00");
    assert_money(c->months[0].used, "3.50");
    assert_money(c->months[0].covered_list, "3.00");
    assert_money(c->months[0].covered_amortized, "1.50");
    assert_money(c->months[1].committed, "2.00");
    assert_money(c->months[1].used, "1.00");
    assert_money(c->months[1].covered_list, "0.00");
    /* 1.5 covered, 0.5 and 1.0 unused, 3 on demand */
    assert_total(e, BASIS_AMORTIZED, "6.00");
}

static void test_a_plan_of_a_cur(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(&f, "a.csv", plan_rows);
    check_plan(fixture_load(&f, "a.csv"));
    assert_string_equal(f.err.text, "");
    fixture_close(&f);
}

/* The same in the names of CUR 2.0, as two parts of a delivery. */
static void test_a_plan_of_cur_2(void **state)
{
    (void)state;
    static const char head[] =
        "line_item_line_item_type,line_item_product_code,line_item_usage_type,"
        "line_item_resource_id,line_item_usage_start_date,line_item_usage_end_date,"
        "line_item_unblended_cost,pricing_public_on_demand_cost,product_region_code,"
        "savings_plan_savings_plan_a_r_n,savings_plan_savings_plan_effective_cost,"
        "savings_plan_total_commitment_to_date,savings_plan_used_commitment,"
        "savings_plan_end_time,savings_plan_offering_type,savings_plan_instance_type_family,"
        "savings_plan_region,product\n";
    struct fixture f;
    struct buf part = BUF_INIT;
    fixture_open(&f);
    const char *rows = strchr(plan_rows, '\n') + 1, *half = strstr(rows, "SavingsPlanCovered");
    buf_add(&part, head);
    buf_add_n(&part, rows, (size_t)(half - rows));
    fixture_write(&f, "bill/1.csv", buf_text(&part));
    buf_clear(&part);
    buf_add(&part, head);
    buf_add(&part, half);
    fixture_write(&f, "bill/2.csv", buf_text(&part));
    check_plan(fixture_load(&f, "bill"));
    buf_release(&part);
    fixture_close(&f);
}

/* Hours for which nothing was committed are none of the plan's, in whichever file they stand. */
static void test_fees_of_nothing_in_any_order(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "SavingsPlanRecurringFee,ComputeSavingsPlans," HOUR_7 "," PLAN ",2,0,0\n",
        "SavingsPlanRecurringFee,ComputeSavingsPlans," HOUR_8 "," PLAN ",2,2,1\n"};
    struct fixture f;
    fixture_open(&f);
    for (unsigned first = 0; first < 2; first++) {
        struct buf text = BUF_INIT;
        buf_add(&text, "line_item_line_item_type,line_item_product_code,"
                       "line_item_usage_start_date,line_item_usage_end_date,"
                       "savings_plan_savings_plan_a_r_n,line_item_unblended_cost,"
                       "savings_plan_total_commitment_to_date,savings_plan_used_commitment\n");
        buf_add(&text, rows[first]);
        buf_add(&text, rows[!first]);
        fixture_write(&f, "a.csv", buf_text(&text));
        buf_release(&text);
        assert_money(commitment_of(fixture_load(&f, "a.csv"), PLAN)->usd_per_hour, "2.00");
    }
    fixture_close(&f);
}

/*
 * Two instances for January at 0.03 an hour and 37.20 of the upfront payment: 44.64 +
 * 37.20 = 81.84 for 1488 instance hours in 744 hours, of which 20.46 covered nothing.
 */
static void test_a_reservation_of_a_cur(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    fixture_write(
        &f, "a.csv",
        "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,"
        "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UnblendedCost,"
        "pricing/publicOnDemandCost,product/region,reservation/ReservationARN,"
        "reservation/EffectiveCost,reservation/AmortizedUpfrontFeeForBillingPeriod,"
        "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,"
        "reservation/EndTime,reservation/NumberOfReservations,reservation/TotalReservedUnits\n"
        "RIFee,AmazonEC2,EUW1-HeavyUsage:c5.large,,2026-01-01T00:00:00Z,2026-01-31T23:59:59Z,"
        "44.64,,eu-west-1," RESERVATION ",,37.20,9.30,11.16,2026-04-24T00:34:00.000Z,2,1488\n"
        "DiscountedUsage,AmazonEC2,EUW1-BoxUsage:c5.large,i-1,2026-01-01T00:00:00Z,"
        "2026-01-02T00:00:00Z,0,2.4,eu-west-1," RESERVATION ",1.32,,,,,,\n");
    const struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    const struct commitment *c = commitment_of(e, RESERVATION);
    assert_int_equal(c->kind, COMMITMENT_RESERVATION);
    assert_money(c->usd_per_hour, "0.11");
    assert_near_to(c->count, 2);
    assert_near_to(c->utilisation, 61.38 / 81.84);
    assert_near_to(c->discount, 1 - 1.32 / 2.4);
    assert_day(c->end, "2026-04-24");
    assert_string_equal(c->instance_type, "c5.large");
    assert_string_equal(c->region, "eu-west-1");
    assert_money(c->months[0].used, "61.38");
    fixture_close(&f);
}

/*
 * FOCUS tells use by status: 3 hours of 1 USD used and 1 unused in 4 hours. The term is
 * that of the purchase: one year from the fifth of January.
 */
static void test_focus(void **state)
{
    (void)state;
    static const char head[] =
        "BilledCost,EffectiveCost,ListCost,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,"
        "BillingCurrency,ServiceName,SkuId,ResourceId,SubAccountId,RegionId,ProviderName,"
        "CommitmentDiscountStatus,CommitmentDiscountCategory,CommitmentDiscountId,"
        "ChargeFrequency,PricingCategory,ConsumedQuantity,ContractedCost\n";
    struct buf text = BUF_INIT;
    struct fixture f;
    fixture_open(&f);
    buf_add(&text, head);
    for (int hour = 0; hour < 4; hour++)
        buf_printf(&text,
                   "0,1,%d,Usage,2026-01-05T%02d:00:00Z,2026-01-05T%02d:00:00Z,USD,EC2,S1,%s,1,"
                   "eu-west-1,AWS,%s,Spend," PLAN ",Usage-Based,Committed,1,1\n",
                   hour == 3 ? 0 : 2, hour, hour + 1, hour == 3 ? PLAN : "i-1",
                   hour == 3 ? "Unused" : "Used");
    buf_add(&text, "8760,0,8760,Purchase,2026-01-05T00:00:00Z,2027-01-05T00:00:00Z,USD,EC2,S2,"
                   PLAN ",1,,AWS,,Spend," PLAN ",One-Time,Standard,1,8760\n");
    fixture_write(&f, "focus.csv", buf_text(&text));
    f.options.grain = BILL_BY_HOUR;
    const struct estate *e = fixture_load(&f, "focus.csv");
    assert_string_equal(f.err.text, "");
    const struct commitment *c = commitment_of(e, PLAN);
    assert_int_equal(c->kind, COMMITMENT_COMPUTE_PLAN);
    assert_money(c->usd_per_hour, "1.00");
    assert_near_to(c->utilisation, 0.75);
    assert_near_to(c->discount, 0.5);
    assert_day(c->end, "2027-01-04");
    assert_int_equal(c->month_count, 1);
    assert_money(c->months[0].committed, "4.00");
    assert_money(c->months[0].covered_list, "6.00");
    buf_release(&text);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_plan_of_a_cur),
        cmocka_unit_test(test_a_plan_of_cur_2),
        cmocka_unit_test(test_fees_of_nothing_in_any_order),
        cmocka_unit_test(test_a_reservation_of_a_cur),
        cmocka_unit_test(test_focus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
