#include "bill_fixture.h"
#include "recommend/advice.h"

#define HEAD                                                                                  \
    "lineItem/LineItemType,lineItem/ProductCode,lineItem/UsageType,lineItem/ResourceId,"      \
    "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/UnblendedCost,"                   \
    "pricing/publicOnDemandCost,product/region,reservation/ReservationARN,"                   \
    "reservation/EffectiveCost,reservation/AmortizedUpfrontFeeForBillingPeriod,"              \
    "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,"   \
    "reservation/EndTime\n"
#define DAY_5 "2026-01-05T00:00:00Z,2026-01-06T00:00:00Z"

/*
 * Two reservations; the one that covers the instance ends first. Half of its list cost
 * is saved and all of that is committed: 1.2 at list is 0.6 x 1.2 / 2.4 of what is paid.
 */
static const char bill[] = HEAD
    "RIFee,AmazonEC2,HeavyUsage:c5.large,," DAY_5 ",1.2,,us-east-1,arn:r1,,0,0,0,"
    "2026-04-24T00:00:01Z\n"
    "RIFee,AmazonEC2,HeavyUsage:m5.large,," DAY_5 ",1.2,,us-east-1,arn:r2,,0,0,0,"
    "2028-01-01T00:00:01Z\n"
    "DiscountedUsage,AmazonEC2,BoxUsage:c5.large,i-1," DAY_5 ",0,2.4,us-east-1,arn:r1,1.2,,,,\n"
    "DiscountedUsage,AmazonEC2,BoxUsage:m5.large,i-2," DAY_5 ",0,2.4,us-east-1,arn:r2,1.2,,,,\n";

static void test_stranded_until_the_covering_one_ends(void **state)
{
    (void)state;
    struct fixture f;
    char text[DAY_TEXT];
    fixture_open(&f);
    fixture_write(&f, "a.csv", bill);
    struct estate *e = fixture_load(&f, "a.csv");
    assert_string_equal(f.err.text, "");
    estate_index(e);
    struct recommend_input in = {.estate = e};
    struct recommendation r = {.action = ACTION_RESIZE};
    VEC_ADD(&r.resources, estate_find(e, "i-1"));
    saving_set(&r, &in, money_range_of(money_of(2.4)), money_range_of(money_of(1.2)));
    assert_int_equal(money_cmp(r.stranded, money_of(1.2)), 0);
    assert_string_equal(day_format(text, r.stranded_until), "2026-04-24");
    VEC_FREE(&r.resources);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stranded_until_the_covering_one_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
