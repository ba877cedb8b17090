#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "built_in_book.h"

static struct money usd(const char *text)
{
    struct money m = MONEY_ZERO;
    assert_true(money_parse(&m, text, strlen(text), NULL));
    return m;
}

static void assert_money(struct money got, const char *want)
{
    struct buf text = BUF_INIT, wanted = BUF_INIT;
    money_format_exact(&text, got);
    money_format_exact(&wanted, usd(want));
    assert_string_equal(buf_text(&text), buf_text(&wanted));
    buf_release(&text);
    buf_release(&wanted);
}

static void finds_a_price_with_its_date_and_source(void **state)
{
    (void)state;
    struct price price;
    struct price_key key = {"ec2", "instance", "instance_type=m6i.2xlarge;os=linux",
                            "eu-west-1"};
    assert_true(book_price(&price, book, &key));
    assert_money(price.usd, "0.428");
    assert_string_equal(price.unit, "usd_per_hour");
    assert_string_equal(price.source, "vantage");
    assert_int_equal(price.date, day_of(2026, 5, 12));
    assert_string_equal(price.key, "ec2 instance instance_type=m6i.2xlarge;os=linux");
    assert_string_equal(price.region, "eu-west-1");
    assert_int_equal(price.origin, PRICE_EMBEDDED);
    assert_false(price.overridden);
}

static void attributes_may_stand_in_any_order(void **state)
{
    (void)state;
    struct price price;
    struct price_key key = {"ec2", "instance", "os=linux;instance_type=m6i.2xlarge",
                            "eu-west-1"};
    assert_true(book_price(&price, book, &key));
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct price price;
    static const struct price_key keys[] = {
        {"ec2", "instance", "instance_type=m6i.2xlarge;os=linux", "eu-nowhere-1"},
        {"ec2", "instance", "instance_type=m6i.3xlarge;os=linux", "eu-west-1"},
        {"ec2", "instance", "instance_type", "eu-west-1"},
        {"ec2", "instance", NULL, "eu-west-1"},
        {"", "", "", ""},
        {NULL, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_false(book_price(&price, book, &keys[i]));
    char longer[2000];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_false(book_price(&price, book, &(struct price_key){"ec2", longer, NULL, NULL}));
}

static void a_price_of_every_region_answers_for_each(void **state)
{
    (void)state;
    struct price price;
    struct price_key key = {"databricks", "instance_dbu", "instance_type=i3.xlarge",
                            "ap-south-1"};
    assert_true(book_price(&price, book, &key));
    assert_string_equal(price.region, "*");
    assert_string_equal(price.unit, "dbu_per_hour");
}

static void a_cost_walks_the_tiers(void **state)
{
    (void)state;
    struct price_trace trace;
    struct money cost;
    struct price_key key = {"s3", "storage", "class=standard", "us-east-1"};
    assert_true(book_cost(&cost, book, &key, 600000, &trace));
    assert_int_equal(trace.count, 3);
    assert_money(trace.steps[0].amount, "1177.6");  /* 51,200 x 0.023 */
    assert_money(trace.steps[1].amount, "10137.6"); /* 460,800 x 0.022 */
    assert_money(trace.steps[2].amount, "1848");    /* 88,000 x 0.021 */
    assert_money(cost, "13163.2");
    assert_true(isinf(trace.steps[2].tier_to));
    assert_false(trace.beyond);
}

static void a_border_belongs_to_the_tier_below(void **state)
{
    (void)state;
    struct price_trace trace;
    struct money cost;
    struct price_key key = {"s3", "storage", "class=standard", "us-east-1"};
    assert_true(book_cost(&cost, book, &key, 51200, &trace));
    assert_int_equal(trace.count, 1);
    assert_true(book_cost(&cost, book, &key, 0, &trace));
    assert_int_equal(trace.count, 0);
    assert_money(cost, "0");
    assert_false(book_cost(&cost, book, &key, -1, NULL));
    assert_false(book_cost(&cost, book, &key, NAN, NULL));
}

static void what_lies_below_the_first_tier_is_included(void **state)
{
    (void)state;
    struct price_trace trace;
    struct money cost;
    struct price_key key = {"ebs", "iops", "type=gp3", "us-east-1"};
    assert_true(book_cost(&cost, book, &key, 5000, &trace));
    assert_money(cost, "10"); /* 2,000 above the 3,000 included, x 0.005 */
    assert_true(trace.included == 3000);
    assert_true(book_cost(&cost, book, &key, 2999, &trace));
    assert_money(cost, "0");
}

static void a_unit_of_thousands_is_divided(void **state)
{
    (void)state;
    struct price_trace trace;
    struct money cost;
    struct price_key key = {"s3", "put_copy_post_list", "class=standard", "us-east-1"};
    assert_true(book_cost(&cost, book, &key, 250000, &trace));
    assert_true(trace.price.per == 1000);
    assert_money(cost, "1.25"); /* 250 x 0.005 */
    assert_money(price_times(&trace.price, 1000), "0.005");
}

static bool count_rows(void *context, const char *key, const char *unit)
{
    assert_string_equal(unit, "usd_per_hour");
    assert_memory_equal(key, "elb hour kind=", 14);
    ++*(int *)context;
    return true;
}

static void rows_and_regions_can_be_listed(void **state)
{
    (void)state;
    int rows = 0;
    book_scan(book, "elb hour ", count_rows, &rows);
    assert_int_equal(rows, 4);
    const char *regions[64];
    struct price_key key = {"elb", "hour", "kind=application", NULL};
    size_t count = book_regions(regions, 64, book, &key);
    assert_int_equal(count, 35);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(regions[i - 1], regions[i]) < 0);
}

struct census {
    const struct book *book;
    size_t names, prices;
};

/* Every price is found by its own name, has rising tiers and a source that is explained. */
static bool take_census(void *context, const char *name, const char *unit)
{
    struct census *census = context;
    const char *regions[256];
    char text[512], *rest = text;
    snprintf(text, sizeof text, "%s", name);
    struct price_key key = {strsep(&rest, " "), strsep(&rest, " "), rest, NULL};
    size_t count = book_regions(regions, 256, census->book, &key);
    assert_in_range(count, 1, 256);
    census->names++;
    for (size_t i = 0; i < count; i++) {
        struct price_trace trace;
        struct money cost;
        key.region = regions[i];
        assert_true(book_cost(&cost, census->book, &key, 1e15, &trace));
        assert_string_equal(trace.price.region, regions[i]);
        assert_string_equal(trace.price.unit, unit);
        assert_string_not_equal(book_source(census->book, trace.price.source),
                                trace.price.source);
        for (size_t t = 1; t < trace.count; t++)
            assert_true(trace.steps[t].tier_from == trace.steps[t - 1].tier_to);
        census->prices++;
    }
    return true;
}

static void every_price_is_found_by_its_name(void **state)
{
    (void)state;
    struct census census = {.book = book};
    book_scan(book, "", take_census, &census);
    assert_true(census.names > 20000);
    assert_true(census.prices > 200000);
}

static void facts_and_types_are_looked_up(void **state)
{
    (void)state;
    assert_string_equal(book_fact(book, "regions", "eu-west-1", "usage_type_prefix"), "EU");
    assert_null(book_fact(book, "regions", "eu-west-1", "colour"));
    assert_null(book_fact(book, "regions", "eu-nowhere-1", "name"));
    assert_null(book_fact(book, "weather", "eu-west-1", "name"));
    assert_true(book_fact_number(book, "s3_rules", "glacier_ir", "min_duration_days", 0) ==
                90);
    assert_true(book_fact_count(book, "terraform_types") > 1600);
    assert_int_equal(book_type_status(book, "aws_instance"), TYPE_PRICED);
    assert_int_equal(book_type_status(book, "aws_iam_role"), TYPE_FREE);
    assert_int_equal(book_type_status(book, "databricks_grants"), TYPE_FREE);
    assert_int_equal(book_type_status(book, "aws_no_such_thing"), TYPE_UNKNOWN);
}

static void every_source_is_explained(void **state)
{
    (void)state;
    const char *text = book_source(book, "karpenter");
    assert_string_equal(text, "AWS Price List API as kept by Karpenter");
    assert_string_equal(book_source(book, "hearsay"), "hearsay");
}

static void the_book_knows_its_age(void **state)
{
    (void)state;
    day first, last;
    book_dates(book, &first, &last);
    assert_int_equal(last, day_of(2026, 7, 22));
    assert_true(first < last);
    assert_int_equal(book_age_days(book, day_of(2026, 7, 30)), 8);
    struct price price = {.date = day_of(2026, 1, 1)};
    assert_false(price_is_old(&price, day_of(2026, 1, 1) + 180));
    assert_true(price_is_old(&price, day_of(2026, 1, 1) + 181));
    price.date = 0;
    assert_true(price_is_old(&price, day_of(2026, 1, 1)));
}

static void contract_terms_come_first(void **state)
{
    (void)state;
    static const struct book_override terms[] = {
        {"databricks dbu sku=JOBS_COMPUTE;tier=premium us-east-1",
         OVERRIDE_USD,
         {0},
         "a.yaml:3"},
        {"databricks", OVERRIDE_DISCOUNT_PCT, {0}, "a.yaml:5"},
        {"ec2 instance instance_type=m6i.*", OVERRIDE_DISCOUNT_PCT, {0}, "a.yaml:7"},
    };
    struct book_override given[3];
    memcpy(given, terms, sizeof terms);
    given[0].amount = usd("0.1");
    given[1].amount = usd("20");
    given[2].amount = usd("12.5");
    struct book *own = NULL;
    struct err err = ERR_INIT;
    assert_true(book_open(&own, &(struct book_options){NULL, given, 3}, &err));
    struct price price;
    struct price_key jobs = {"databricks", "dbu", "sku=JOBS_COMPUTE;tier=premium;photon=no",
                             "us-east-1"};
    assert_true(book_price(&price, own, &jobs));
    assert_money(price.usd, "0.1");
    assert_money(price.list, "0.15");
    assert_string_equal(price.contract, "a.yaml:3");
    assert_int_equal(price.origin, PRICE_CONTRACT);
    jobs.region = "eu-west-1";
    assert_true(book_price(&price, own, &jobs));
    assert_money(price.usd, "0.12"); /* 0.15 less 20 % */
    struct price_key dbus = {"databricks", "instance_dbu", "instance_type=i3.xlarge", NULL};
    assert_true(book_price(&price, own, &dbus));
    assert_int_equal(money_cmp(price.usd, price.list), 0); /* DBUs are no dollars */
    struct price_key node = {"ec2", "instance", "instance_type=m6i.2xlarge;os=linux",
                             "eu-west-1"};
    assert_true(book_price(&price, own, &node));
    assert_money(price.usd, "0.3745"); /* 0.428 x 0.875 */
    node.attributes = "instance_type=m5.2xlarge;os=linux";
    assert_true(book_price(&price, own, &node));
    assert_false(price.overridden);
    book_free(own);
}

static void a_contract_may_have_a_price_of_its_own(void **state)
{
    (void)state;
    struct book_override given[] = {
        {"ec2 instance os=linux;instance_type=zz9.large eu-west-1", OVERRIDE_USD, usd("0.5"),
         "y:1"},
        {"s3 put_copy_post_list class=tape", OVERRIDE_USD, usd("2"), "y:2"},
        {"ec2 instance instance_type=yy*", OVERRIDE_USD, usd("9"), "y:3"},
    };
    struct book *own = NULL;
    assert_true(book_open(&own, &(struct book_options){NULL, given, 3}, NULL));
    struct price price;
    struct price_trace trace;
    struct money cost;
    struct price_key key = {"ec2", "instance", "instance_type=zz9.large;os=linux",
                            "eu-west-1"};
    assert_true(book_price(&price, own, &key));
    assert_money(price.usd, "0.5");
    assert_string_equal(price.unit, "usd_per_hour");
    assert_string_equal(price.contract, "y:1");
    key.region = "eu-west-2";
    assert_false(book_price(&price, own, &key));
    struct price_key tape = {"s3", "put_copy_post_list", "class=tape", "eu-west-2"};
    assert_true(book_cost(&cost, own, &tape, 5000, &trace));
    assert_money(cost, "10");
    assert_int_equal(trace.count, 1);
    struct price_key guess = {"ec2", "instance", "instance_type=yy1;os=linux", "eu-west-1"};
    assert_false(book_price(&price, own, &guess));
    book_free(own);
}

static void bad_contract_terms_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a b c d", "ec2 instance_type=x",
                                      "ec2 instance x=1;y", "ec2 instance a=1 b=2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct book_override term = {bad[i], OVERRIDE_DISCOUNT_PCT, MONEY_ZERO, "a.yaml:1"};
        struct book *own = NULL;
        struct err err = ERR_INIT;
        assert_false(book_open(&own, &(struct book_options){NULL, &term, 1}, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.text, "a.yaml:1"));
    }
    struct book_override term = {"ec2", OVERRIDE_DISCOUNT_PCT, usd("101"), "a.yaml:1"};
    struct book *own = NULL;
    assert_false(book_open(&own, &(struct book_options){NULL, &term, 1}, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_price_with_its_date_and_source),
        cmocka_unit_test(attributes_may_stand_in_any_order),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_price_of_every_region_answers_for_each),
        cmocka_unit_test(a_cost_walks_the_tiers),
        cmocka_unit_test(a_border_belongs_to_the_tier_below),
        cmocka_unit_test(what_lies_below_the_first_tier_is_included),
        cmocka_unit_test(a_unit_of_thousands_is_divided),
        cmocka_unit_test(rows_and_regions_can_be_listed),
        cmocka_unit_test(every_price_is_found_by_its_name),
        cmocka_unit_test(facts_and_types_are_looked_up),
        cmocka_unit_test(every_source_is_explained),
        cmocka_unit_test(the_book_knows_its_age),
        cmocka_unit_test(contract_terms_come_first),
        cmocka_unit_test(a_contract_may_have_a_price_of_its_own),
        cmocka_unit_test(bad_contract_terms_are_refused),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
