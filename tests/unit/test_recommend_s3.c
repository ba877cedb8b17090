#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/doc.h"
#include "pricing/book.h"
#include "recommend/recommend.h"
#include "recommend/s3.h"
#include "unit/s3_site.h"

enum { OLD = AGE_BINS - 2 };

static void cold_data_gets_one_rule_with_its_money(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    /* 1 TiB in objects of 64 MiB, all older than a year, never read in 60 days. */
    put(&s, "archive/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "archive/", 0, -1);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.lifecycle");
    assert_non_null(r);
    assert_non_null(strstr(r->title, "GLACIER_IR"));
    /* 1,024 GiB x (0.023 - 0.004) = 19.46 USD a month, 16,384 x 0.02 / 1,000 once. */
    assert_true(fabs(expected(r) - 1024 * 0.019) < 0.01);
    assert_true(fabs(money_double(r->one_off.expected) - 0.32768) < 1e-9);
    assert_non_null(strstr(artefact(r, "lifecycle.json"), "\"GLACIER_IR\""));
    assert_non_null(strstr(artefact(r, "lifecycle.tf"), "storage_class = \"GLACIER_IR\""));
    assert_non_null(strstr(artefact(r, "lifecycle.sh"), "get-bucket-lifecycle-configuration"));
    assert_non_null(strstr(artefact(r, "twelve-months.csv"), "\n12,"));
    site_close(&s);
}

static void archives_wait_for_permission(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "archive/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "archive/", 0, -1);
    s.options.archive_ok = true;
    run(&s);
    assert_non_null(strstr(advised(&s, "s3.lifecycle")->title, "DEEP_ARCHIVE"));
    site_close(&s);
}

static void says_do_not_with_the_number(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "small/", "STANDARD", 20e3, 20000000, 0, OLD);
    put(&s, "hot/", "STANDARD", 0x1p26, 2000, 0, OLD);
    put(&s, "short/", "STANDARD", 0x1p26, 40000, 0, 0);
    put_access(&s, "small/", 0, -1);
    put_access(&s, "hot/", 0.2, AGE_BINS);
    put_access(&s, "short/", 0.01, AGE_BINS);
    run(&s);
    assert_null(advised(&s, "s3.lifecycle"));
    assert_true(declined(&s, "small/: 100 % of its objects are below 128 KiB"));
    assert_true(declined(&s, "hot/: leaving its "));
    assert_true(declined(&s, "short/: 100 % of its bytes are younger than 30 days"));
    site_close(&s);
}

static void without_evidence_there_is_only_a_bound(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "dark/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    run(&s);
    assert_null(advised(&s, "s3.lifecycle"));
    assert_true(declined(&s, "nobody says how often it is read: at most 19.4"));
    site_close(&s);
}

static void tables_are_left_alone(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "w/t/", "STANDARD", 0x1p26, 16384, OLD, OLD)->protected_by = "w/t/";
    put(&s, "w/logs/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "w/", 0, -1);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.lifecycle");
    assert_non_null(strstr(r->title, "lake/w/logs/"));
    assert_null(strstr(artefact(r, "lifecycle.json"), "w/t/"));
    assert_true(declined(&s, "w/t/: it is a table"));
    site_close(&s);
}

static void one_rule_for_a_folder_where_two_say_the_same(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "w/a/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put(&s, "w/b/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "w/", 0, -1);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.lifecycle");
    assert_non_null(strstr(r->title, "GLACIER_IR"));
    assert_null(strstr(artefact(r, "lifecycle.json"), "w/a/"));
    site_close(&s);
}

static const struct node *parse(struct arena *arena, const char *text)
{
    const struct node *n;
    struct err err = ERR_INIT;
    if (!doc_parse_json(&n, arena, "test", text, strlen(text), &err))
        fail_msg("%s", err.text);
    return n;
}

static void existing_rules_are_kept_and_counted(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "archive/", "STANDARD", 0x1p26, 16384, OLD - 5, OLD - 5);
    put(&s, "other/", "STANDARD", 0x1p26, 16384, OLD, OLD);
    put_access(&s, "", 0, -1);
    uint32_t rules = estate_resource(s.estate, "aws_s3_bucket_lifecycle_configuration.l");
    struct resource *r = &s.estate->resources.at[rules];
    r->type = intern(s.estate->symbols, "aws_s3_bucket_lifecycle_configuration");
    r->attrs =
        parse(&s.estate->arena,
              "{\"bucket\":\"lake\",\"rule\":[{\"id\":\"keep\",\"status\":\"Enabled\","
              "\"prefix\":\"\","
              "\"filter\":[{\"prefix\":\"archive/\",\"and\":[]}],"
              "\"transition\":[{\"days\":60,\"date\":\"\",\"storage_class\":\"STANDARD_IA\"}],"
              "\"noncurrent_version_expiration\":[{\"noncurrent_days\":7,"
              "\"newer_noncurrent_versions\":0}]},"
              "{\"id\":\"tagged\",\"status\":\"Enabled\",\"filter\":[{\"tag\":[{\"key\":\"k\","
              "\"value\":\"${v}\"}]}],\"expiration\":[{\"days\":10,\"date\":null,"
              "\"expired_object_delete_marker\":false}]}]}");
    run(&s);
    const struct recommendation *advice = advised(&s, "s3.lifecycle");
    const struct node *json = parse(&s.estate->arena, artefact(advice, "lifecycle.json"));
    struct err err = ERR_INIT;
    assert_true(s3_configuration_check(json, &err));
    const char *text = artefact(advice, "lifecycle.json");
    assert_non_null(strstr(text, "\"keep\""));
    assert_null(strstr(text, "STANDARD_IA"));
    assert_non_null(strstr(text, "\"advisor-tiers-archive/\""));
    assert_non_null(strstr(text, "\"Value\": \"${v}\""));
    assert_non_null(strstr(artefact(advice, "lifecycle.tf"), "value = \"$${v}\""));
    assert_non_null(strstr(artefact(advice, "lifecycle.sh"), "touched='[\"keep\",\"advisor-tiers-archive/\""));
    /* 2 x 1 TiB: one already in STANDARD_IA by its rule, one in STANDARD. */
    assert_true(fabs(expected(advice) - 1024 * (0.019 + 0.0085)) < 0.1);
    site_close(&s);
}

static void configurations_that_s3_refuses_are_refused(void **state)
{
    (void)state;
#define RULE(rest) "{\"Rules\":[{\"ID\":\"a\",\"Status\":\"Enabled\"," rest "}]}"
    static const char *const bad[] = {
        "{\"Rules\":[]}",
        RULE("\"Filter\":{}"),
        RULE("\"Expiration\":{\"Days\":1}"),
        RULE("\"Filter\":{},\"Prefix\":\"\",\"Expiration\":{\"Days\":1}"),
        RULE("\"Filter\":{},\"Expiration\":{\"Days\":0}"),
        RULE("\"Filter\":{},\"Expiration\":{\"Days\":1,\"Date\":\"2030-01-01T00:00:00Z\"}"),
        RULE("\"Filter\":{\"Prefix\":\"a\",\"ObjectSizeLessThan\":5},\"Expiration\":{\"Days\":"
             "1}"),
        RULE("\"Filter\":{\"And\":{\"Prefix\":\"a\"}},\"Expiration\":{\"Days\":1}"),
        RULE("\"Filter\":{\"And\":{\"ObjectSizeGreaterThan\":5,\"ObjectSizeLessThan\":5}},"
             "\"Expiration\":{\"Days\":1}"),
        RULE("\"Filter\":{\"Tag\":{\"Key\":\"k\",\"Value\":\"v\"}},"
             "\"Expiration\":{\"ExpiredObjectDeleteMarker\":true}"),
        RULE("\"Filter\":{\"ObjectSizeLessThan\":5},"
             "\"AbortIncompleteMultipartUpload\":{\"DaysAfterInitiation\":7}"),
        RULE("\"Filter\":{},\"Transitions\":[{\"Days\":29,\"StorageClass\":\"STANDARD_IA\"}]"),
        RULE("\"Filter\":{},\"Transitions\":[{\"Days\":1,\"StorageClass\":\"STANDARD\"}]"),
        RULE("\"Filter\":{},\"Transitions\":[{\"Days\":30,\"StorageClass\":\"STANDARD_IA\"},"
             "{\"Days\":40,\"StorageClass\":\"GLACIER\"}]"),
        RULE("\"Filter\":{},\"Transitions\":[{\"Days\":30,\"StorageClass\":\"GLACIER\"},"
             "{\"Date\":\"2030-01-01\",\"StorageClass\":\"DEEP_ARCHIVE\"}]"),
        RULE("\"Filter\":{},\"Transitions\":[{\"Days\":90,\"StorageClass\":\"GLACIER\"}],"
             "\"Expiration\":{\"Days\":90}"),
        RULE("\"Filter\":{},\"NoncurrentVersionExpiration\":{\"NewerNoncurrentVersions\":2}"),
        RULE("\"Filter\":{},\"NoncurrentVersionExpiration\":{\"NoncurrentDays\":5,"
             "\"NewerNoncurrentVersions\":101}"),
        "{\"TransitionDefaultMinimumObjectSize\":\"1K\",\"Rules\":[{\"ID\":\"a\",\"Status\":"
        "\"Enabled\",\"Filter\":{},\"Expiration\":{\"Days\":1}}]}",
        "{\"Rules\":[{\"ID\":\"a\",\"Status\":\"Enabled\",\"Filter\":{},\"Expiration\":{"
        "\"Days\":1}"
        "},{\"ID\":\"a\",\"Status\":\"Disabled\",\"Filter\":{},\"Expiration\":{\"Days\":1}}]}",
        "{\"Rules\":[{\"ID\":\"a\",\"Status\":\"On\",\"Filter\":{},\"Expiration\":{\"Days\":1}"
        "}]}",
    };
    struct arena arena = ARENA_INIT;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = ERR_INIT;
        if (s3_configuration_check(parse(&arena, bad[i]), &err))
            fail_msg("accepted: %s", bad[i]);
        assert_true(strlen(err.text) > 10);
    }
    struct err err = ERR_INIT;
    static const char good[] =
        "{\"TransitionDefaultMinimumObjectSize\":\"all_storage_classes_128K\",\"Rules\":["
        "{\"ID\":\"logs\",\"Status\":\"Enabled\",\"Filter\":{\"And\":{\"Prefix\":\"logs/\","
        "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}],\"ObjectSizeGreaterThan\":131072}},"
        "\"Transitions\":[{\"Days\":30,\"StorageClass\":\"STANDARD_IA\"},"
        "{\"Days\":120,\"StorageClass\":\"GLACIER\"}],\"Expiration\":{\"Days\":365},"
        "\"NoncurrentVersionTransitions\":[{\"NoncurrentDays\":30,\"StorageClass\":"
        "\"STANDARD_IA\",\"NewerNoncurrentVersions\":2}],"
        "\"NoncurrentVersionExpiration\":{\"NoncurrentDays\":60,\"NewerNoncurrentVersions\":3}"
        "},"
        "{\"ID\":\"b\",\"Status\":\"Enabled\",\"Prefix\":\"\","
        "\"AbortIncompleteMultipartUpload\":{\"DaysAfterInitiation\":7}}]}";
    if (!s3_configuration_check(parse(&arena, good), &err))
        fail_msg("%s", err.text);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cold_data_gets_one_rule_with_its_money),
        cmocka_unit_test(archives_wait_for_permission),
        cmocka_unit_test(says_do_not_with_the_number),
        cmocka_unit_test(without_evidence_there_is_only_a_bound),
        cmocka_unit_test(tables_are_left_alone),
        cmocka_unit_test(one_rule_for_a_folder_where_two_say_the_same),
        cmocka_unit_test(existing_rules_are_kept_and_counted),
        cmocka_unit_test(configurations_that_s3_refuses_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
