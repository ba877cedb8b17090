#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "built_in_book.h"
#include "pricing/catalogue.h"
#include "pricing/databricks.h"
#include "pricing/ec2.h"
#include "pricing/network.h"
#include "pricing/storage.h"

static void assert_usd(struct money got, const char *want)
{
    struct money m = MONEY_ZERO;
    assert_true(money_parse(&m, want, strlen(want), NULL));
    if (money_cmp(got, m))
        fail_msg("%.9f is not %s", money_double(got), want);
}

static void a_system_other_than_linux_adds_its_surcharge(void **state)
{
    (void)state;
    struct price price;
    assert_true(ec2_on_demand(&price, book, "m6i.2xlarge", "us-east-1", NULL));
    assert_usd(price.usd, "0.384");
    assert_true(ec2_on_demand(&price, book, "m6i.2xlarge", "us-east-1", "windows"));
    assert_usd(price.usd, "0.752"); /* 0.384 + 0.368 */
    assert_false(ec2_on_demand(&price, book, "m6i.2xlarge", "us-east-1", "beos"));
    assert_false(ec2_on_demand(&price, book, "m6i.huge", "us-east-1", NULL));
}

static void spot_has_a_price_and_a_risk(void **state)
{
    (void)state;
    struct price price;
    int band;
    assert_true(ec2_spot(&price, book, "m6i.2xlarge", "us-east-1"));
    assert_usd(price.usd, "0.2099");
    assert_true(ec2_interruption_band(&band, book, "m6i.2xlarge", "us-east-1"));
    assert_int_equal(band, 4);
    assert_string_equal(ec2_band_text(band), ">20%");
    assert_false(ec2_interruption_band(&band, book, "m6i.2xlarge", "mars-1"));
}

/* 3 years all upfront cost (1 - 0.6052); no upfront costs that / 0.87037: 54.64 % off. */
static void another_payment_follows_from_the_usual_ratio(void **state)
{
    (void)state;
    struct commitment_discount d;
    struct commitment_terms terms = {EC2_INSTANCE_SP, 3, ALL_UPFRONT};
    assert_true(ec2_commitment_discount(&d, book, "m6i", "eu-west-1", terms));
    assert_true(fabs(d.percent - 60.52) < 1e-9);
    assert_int_equal(d.basis, DISCOUNT_MEASURED);
    terms.payment = NO_UPFRONT;
    assert_true(ec2_commitment_discount(&d, book, "m6i", "eu-west-1", terms));
    assert_true(fabs(d.percent - 54.64) < 0.005);
    assert_int_equal(d.basis, DISCOUNT_DERIVED);
}

static void a_family_without_offers_has_a_typical_discount_at_most(void **state)
{
    (void)state;
    struct commitment_discount d;
    struct commitment_terms terms = {COMPUTE_SP, 1, NO_UPFRONT};
    assert_true(ec2_commitment_discount(&d, book, "m6i", "eu-west-1", terms));
    assert_true(d.percent == 27);
    assert_int_equal(d.basis, DISCOUNT_TYPICAL);
    terms.plan = CONVERTIBLE_RI;
    assert_false(ec2_commitment_discount(&d, book, "m6i", "eu-west-1", terms));
    assert_false(
        ec2_commitment_discount(&d, book, "zz9", "eu-west-1",
                                (struct commitment_terms){STANDARD_RI, 1, NO_UPFRONT}));
}

static void a_dbu_has_a_rate_and_a_price(void **state)
{
    (void)state;
    struct price price;
    assert_true(dbu_per_hour(&price, book, "i3.xlarge"));
    assert_usd(price.usd, "1");
    assert_true(dbu_price(&price, book, "JOBS_COMPUTE", "enterprise", "us-east-1", false));
    assert_usd(price.usd, "0.2");
    assert_string_equal(price.unit, "usd_per_dbu");
    assert_true(dbu_multiplier(book, "JOBS_COMPUTE", "photon") == 2.9);
    assert_true(dbu_multiplier(book, "ALL_PURPOSE_COMPUTE", "photon") == 2);
    assert_true(dbu_multiplier(book, "JOBS_COMPUTE", "magic") == 1);
}

static void a_sku_name_of_the_bill_is_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *name, *sku, *tier, *region;
        bool photon;
    } cases[] = {
        {"PREMIUM_JOBS_SERVERLESS_COMPUTE_US_EAST_N_VIRGINIA", "JOBS_SERVERLESS_COMPUTE",
         "premium", "us-east-1", false},
        {"ENTERPRISE_ALL_PURPOSE_COMPUTE_(PHOTON)", "ALL_PURPOSE_COMPUTE", "enterprise", "",
         true},
        {"STANDARD_JOBS_LIGHT_COMPUTE", "JOBS_LIGHT_COMPUTE", "standard", "", false},
        {"PREMIUM_SERVERLESS_SQL_COMPUTE_EUROPE_IRELAND", "SERVERLESS_SQL_COMPUTE", "premium",
         "eu-west-1", false},
    };
    struct dbu_sku sku;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(dbu_sku_parse(&sku, book, cases[i].name));
        assert_string_equal(sku.sku, cases[i].sku);
        assert_string_equal(sku.tier, cases[i].tier);
        assert_string_equal(sku.region, cases[i].region);
        assert_int_equal(sku.photon, cases[i].photon);
    }
    assert_false(dbu_sku_parse(&sku, book, "JOBS_COMPUTE"));
    assert_false(dbu_sku_parse(&sku, book, ""));
}

static void a_warehouse_has_dbus_and_nodes(void **state)
{
    (void)state;
    struct warehouse_size size;
    assert_true(warehouse_size_find(&size, book, "pro", "Medium"));
    assert_true(size.dbu_per_hour == 24);
    assert_string_equal(size.driver_instance_type, "i3.8xlarge");
    assert_int_equal(size.workers, 8);
    assert_true(warehouse_size_find(&size, book, "serverless", "2X-Small"));
    assert_string_equal(size.driver_instance_type, "");
    assert_false(warehouse_size_find(&size, book, "serverless", "9X-Large"));
}

/* 500 x 0.08 + 2,000 x 0.005 + 125 x 0.04 */
static void a_volume_costs_storage_and_what_is_provisioned_above(void **state)
{
    (void)state;
    struct money cost;
    struct ebs_volume gp3 = {"gp3", 500, 5000, 250};
    assert_true(ebs_monthly(&cost, book, &gp3, "us-east-1"));
    assert_usd(cost, "55");
    struct ebs_volume gp2 = {"gp2", 500, 1500, 250};
    assert_true(ebs_monthly(&cost, book, &gp2, "us-east-1"));
    assert_usd(cost, "50");
    assert_false(ebs_monthly(&cost, book, &gp3, "ap-southeast-3"));
    struct ebs_limits limits;
    assert_true(ebs_limits_find(&limits, book, "gp3"));
    assert_true(limits.base_iops == 3000 && limits.base_mb_per_s == 125);
    assert_false(ebs_limits_find(&limits, book, "gp9"));
}

static void storage_classes_have_prices_and_rules(void **state)
{
    (void)state;
    struct price price;
    struct s3_class rules;
    assert_true(s3_price(&price, book, "glacier_ir", "storage", "us-east-1"));
    assert_usd(price.usd, "0.004");
    assert_true(s3_class_find(&rules, book, "deep_archive"));
    assert_true(rules.min_days == 180 && rules.overhead_standard_kb == 8);
    assert_true(rules.needs_restore && rules.retrieval_fee && !rules.milliseconds);
    assert_string_equal(s3_class_name("GLACIER"), "glacier_flexible");
    assert_string_equal(s3_class_name("Standard_IA"), "standard_ia");
    assert_null(s3_class_name("TAPE"));
}

static void a_load_balancer_has_prices_and_dimensions(void **state)
{
    (void)state;
    struct price price;
    assert_true(elb_price(&price, book, "application", "hour", "us-east-1"));
    assert_usd(price.usd, "0.0225");
    assert_true(elb_price(&price, book, "classic", "gb_processed", "us-east-1"));
    assert_usd(price.usd, "0.008");
    assert_false(elb_price(&price, book, "classic", "lcu_hour", "us-east-1"));
    assert_true(lcu_holds(book, "application", "any", "active_connections") == 3000);
    assert_true(isnan(lcu_holds(book, "application", "any", "wishes")));
}

/* 10,240 x 0.09 + 1,760 x 0.085 */
static void transfer_has_tiers_and_directions(void **state)
{
    (void)state;
    struct money cost;
    struct price price;
    assert_true(
        transfer_cost(&cost, book, "internet_egress", "us-east-1", "internet", 12000, NULL));
    assert_usd(cost, "1071.2");
    assert_true(transfer_price(&price, book, "inter_region", "us-east-1", "eu-west-1"));
    assert_usd(price.usd, "0.02");
    assert_true(transfer_price(&price, book, "inter_az", "us-east-1", NULL));
    assert_usd(price.usd, "0.01");
    assert_true(transfer_price(&price, book, "nat_gateway_data", "us-east-1", NULL));
    assert_usd(price.usd, "0.045");
}

static void the_catalogue_knows_what_a_type_is(void **state)
{
    (void)state;
    const struct instance_type *type = catalogue_find(book, "i3.2xlarge");
    assert_non_null(type);
    assert_string_equal(type->family, "i3");
    assert_int_equal(type->vcpus, 8);
    assert_true(type->memory_gib == 61 && type->local_gb == 1900);
    assert_int_equal(type->local_kind, LOCAL_NVME);
    assert_false(type->burstable);
    type = catalogue_find(book, "t3.micro");
    assert_true(type->burstable && type->cpu_baseline_pct == 10);
    assert_null(catalogue_find(book, "t3.giant"));
    assert_null(catalogue_find(book, NULL));
}

static void the_catalogue_is_walked_in_order(void **state)
{
    (void)state;
    size_t cursor = 0, all = 0, m6i = 0;
    const struct instance_type *type, *before = NULL;
    while ((type = catalogue_next(book, NULL, &cursor))) {
        assert_true(!before || strcmp(before->name, type->name) < 0);
        before = type;
        all++;
    }
    assert_int_equal(all, 1394);
    for (cursor = 0; (type = catalogue_next(book, "m6i.*", &cursor));)
        m6i += !strcmp(type->family, "m6i");
    assert_int_equal(m6i, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_other_than_linux_adds_its_surcharge),
        cmocka_unit_test(spot_has_a_price_and_a_risk),
        cmocka_unit_test(another_payment_follows_from_the_usual_ratio),
        cmocka_unit_test(a_family_without_offers_has_a_typical_discount_at_most),
        cmocka_unit_test(a_dbu_has_a_rate_and_a_price),
        cmocka_unit_test(a_sku_name_of_the_bill_is_taken_apart),
        cmocka_unit_test(a_warehouse_has_dbus_and_nodes),
        cmocka_unit_test(a_volume_costs_storage_and_what_is_provisioned_above),
        cmocka_unit_test(storage_classes_have_prices_and_rules),
        cmocka_unit_test(a_load_balancer_has_prices_and_dimensions),
        cmocka_unit_test(transfer_has_tiers_and_directions),
        cmocka_unit_test(the_catalogue_knows_what_a_type_is),
        cmocka_unit_test(the_catalogue_is_walked_in_order),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
