#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/doc.h"
#include "unit/s3_site.h"

static void assert_cents(double got, double want)
{
    if (fabs(got - want) > 0.005)
        fail_msg("got %.6f, want %.6f", got, want);
}

static void bill_alone_gives_a_bound(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put_bill(&s, "TimedStorage-ByteHrs", 10000, 230);
    put_bill(&s, "Requests-Tier2", 1000, 0.0004);
    run(&s);
    assert_int_equal(s.advice.recommendations.count, 0);
    /* 10,000 GB x (0.023 - 0.004). */
    assert_true(declined(&s, "at most 190.00 USD a month"));
    assert_true(declined(&s, "1000 GETs a month read at most 0.1 %"));
    site_close(&s);
}

static void reads_that_cost_more_than_the_class_saves_bring_data_back(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put_bill(&s, "TimedStorage-SIA-ByteHrs", 1000, 12.5);
    put_bill(&s, "Retrieval-SIA", 3000, 30);
    put_bill(&s, "Requests-SIA-Tier2", 1000000, 1);
    put_bill(&s, "TimedStorage-SIA-SmObjects", 100, 1.25);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.way_back");
    assert_non_null(r);
    /* 12.5 + 30 + 1 + 1.25 paid; 1,000 x 0.023 + 1,000 x 0.0004 = 23.40 in STANDARD. */
    assert_cents(expected(r), 44.75 - 23.4);
    assert_cents(money_double(r->one_off.expected), 10);
    site_close(&s);
}

static void monitoring_that_finds_nothing_to_save_is_ended(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a/", "INTELLIGENT_TIERING", 0x1p17, 1000000, 0, 9);
    put_bill(&s, "TimedStorage-INT-FA-ByteHrs", 1000, 23);
    put_bill(&s, "TimedStorage-INT-IA-ByteHrs", 200, 2.5);
    put_bill(&s, "Monitoring-Automation-INT", 10e6, 25);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.way_back");
    assert_non_null(r);
    /* 23 + 2.5 + 25 - 1,200 x 0.023; once 10 million x (0.005 + 0.0004) / 1,000. */
    assert_cents(expected(r), 50.5 - 27.6);
    assert_cents(money_double(r->one_off.expected), 54);
    assert_non_null(strstr(artefact(r, "way-back.sh"), "StorageClass=='INTELLIGENT_TIERING'"));
    site_close(&s);
}

static void small_objects_in_archives_are_said(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a/", "GLACIER", 8192, 1000000, 12, 12);
    run(&s);
    /* 10^6 x (40 KiB x 0.0036 + 8 KiB x 0.023) against 10^6 x 8 KiB x 0.023. */
    assert_true(declined(&s, "1000000 objects in GLACIER are below 15 KiB and cost 0.31 USD a "
                             "month there, 0.18 in STANDARD"));
    site_close(&s);
}

static void a_class_that_pays_is_left_alone(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put_bill(&s, "TimedStorage-GIR-ByteHrs", 1000, 4);
    put_bill(&s, "Retrieval-GIR", 100, 3);
    run(&s);
    assert_null(advised(&s, "s3.way_back"));
    assert_true(declined(&s, "GLACIER_IR saves 16.00 USD a month over STANDARD, after 3.00"));
    site_close(&s);
}

static void old_versions_are_deleted_by_a_rule(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a/", "STANDARD", 0x1p26, 160, 0, 0);
    put(&s, "a/", "STANDARD", 0x1p26, 1600, 0, 0)->state = OBJECT_NONCURRENT;
    put(&s, "a/", "STANDARD", 0x1p26, 1600, 5, 5)->state = OBJECT_NONCURRENT;
    put(&s, "a/", "STANDARD", 0x1p26, 1600, 12, 12)->state = OBJECT_NONCURRENT;
    put_access(&s, "a/", 0, -1);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.versions");
    assert_non_null(r);
    /* 100 GiB each: over 30 days 200 GiB, over 180 days 100 GiB. */
    assert_cents(expected(r), 200 * 0.023);
    assert_cents(money_double(recommendation_saving(r).low), 100 * 0.023);
    assert_cents(money_double(recommendation_saving(r).high), 300 * 0.023);
    assert_non_null(strstr(artefact(r, "lifecycle.json"), "\"NoncurrentDays\": 30"));
    assert_non_null(
        strstr(artefact(r, "lifecycle.tf"), "expired_object_delete_marker = true"));
    site_close(&s);
}

static const struct node *parse(struct site *s, const char *text)
{
    const struct node *n;
    struct err err = ERR_INIT;
    if (!doc_parse_json(&n, &s->estate->arena, "test", text, strlen(text), &err))
        fail_msg("%s", err.text);
    return n;
}

static void versions_of_unknown_age_have_a_bound(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    s.estate->resources.at[s.bucket].usage =
        parse(&s, "{\"s3_lens\":{\"noncurrent_bytes\":1099511627776}}");
    run(&s);
    assert_null(advised(&s, "s3.versions"));
    assert_true(
        declined(&s, "counts 1.0 TiB of noncurrent versions and their ages are unknown"));
    assert_true(declined(&s, "saves at most 23.55 USD a month"));
    site_close(&s);
}

static struct node *amount(struct arena *arena, double objects)
{
    struct node *n = node_new(arena, NODE_MAP);
    node_add(arena, n, "objects", node_number_new(arena, objects));
    return n;
}

static void a_bucket_key_saves_requests_to_kms(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "a/", "STANDARD", 0x1p20, 100, 0, 0);
    put_bill(&s, "Requests-Tier1", 10e6, 50);
    put_bill(&s, "Requests-Tier2", 90e6, 36);
    struct arena *arena = &s.estate->arena;
    struct node *usage = node_new(arena, NODE_MAP), *seen = node_new(arena, NODE_MAP);
    node_add(arena, seen, "all", amount(arena, 100));
    node_add(arena, seen, "kms_without_bucket_key", amount(arena, 50));
    node_add(arena, usage, "s3_inventory", seen);
    s.estate->resources.at[s.bucket].usage = usage;
    run(&s);
    /* 100 million x 50 % x 0.03 / 10,000 x 99 %. */
    assert_cents(expected(advised(&s, "s3.bucket_key")), 148.5);
    assert_true(declined(&s, "requests cost 86.00 USD a month"));
    site_close(&s);
}

static void dead_files_of_tables_need_vacuum(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "w/t/", "STANDARD", 0x1p26, 16384, 3, 3)->protected_by = "w/t/";
    put(&s, "w/u/", "STANDARD", 0x1p23, 16384, 3, 3)->protected_by = "w/u/";
    struct arena *arena = &s.estate->arena;
    struct node *usage = node_new(arena, NODE_MAP), *tables = node_new(arena, NODE_LIST);
    struct node *table = node_new(arena, NODE_MAP);
    node_add(arena, table, "prefix", node_string(arena, "w/t/"));
    node_add(arena, table, "live_gb", node_number_new(arena, 624));
    node_add(arena, tables, NULL, table);
    node_add(arena, usage, "tables", tables);
    s.estate->resources.at[s.bucket].usage = usage;
    run(&s);
    const struct recommendation *r = advised(&s, "s3.vacuum");
    assert_non_null(r);
    assert_cents(expected(r), (1024 - 624) * 0.023);
    assert_non_null(strstr(artefact(r, "vacuum.sql"), "VACUUM delta.`s3://lake/w/t/`"));
    assert_true(declined(&s, "table w/u/: which of its 16384 files (128 GiB)"));
    assert_true(declined(&s, "OPTIMIZE would cut"));
    site_close(&s);
}

static void acceleration_is_weighed_against_time(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put_bill(&s, "AWS-In-ABytes-T1", 1000, 40);
    run(&s);
    assert_true(declined(&s, "1000.0 GB a month are accelerated for 40.00 USD"));
    site_close(&s);

    site_open(&s);
    put_bill(&s, "AWS-In-ABytes-T1", 1000, 40);
    struct arena *arena = &s.estate->arena;
    struct node *parameters = node_new(arena, NODE_MAP), *transfer = node_new(arena, NODE_MAP);
    node_add(arena, transfer, "rtt_ms", node_number_new(arena, 20));
    node_add(arena, transfer, "link_mbps", node_number_new(arena, 100));
    node_add(arena, transfer, "usd_per_hour", node_number_new(arena, 50));
    node_add(arena, parameters, "transfer", transfer);
    s.options.parameters = parameters;
    run(&s);
    assert_cents(expected(advised(&s, "s3.acceleration")), 40);
    site_close(&s);
}

static void uploads_that_never_ended_are_aborted(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    struct arena *arena = &s.estate->arena;
    struct node *usage = node_new(arena, NODE_MAP), *lens = node_new(arena, NODE_MAP);
    node_add(arena, lens, "incomplete_upload_bytes", node_number_new(arena, 200 * 0x1p30));
    node_add(arena, lens, "incomplete_upload_bytes_over_7_days",
             node_number_new(arena, 100 * 0x1p30));
    node_add(arena, usage, "s3_lens", lens);
    s.estate->resources.at[s.bucket].usage = usage;
    run(&s);
    const struct recommendation *r = advised(&s, "s3.uploads");
    assert_cents(expected(r), 2.3);
    assert_non_null(strstr(artefact(r, "lifecycle.json"), "DaysAfterInitiation"));
    site_close(&s);
}

static void replicate_to_ireland(struct site *s, const char *rest)
{
    struct estate *e = s->estate;
    uint32_t copy = estate_resource(e, "lake-copy");
    e->resources.at[copy].type = intern(e->symbols, "aws_s3_bucket");
    e->resources.at[copy].region = intern(e->symbols, "eu-west-1");
    uint32_t at = estate_resource(e, "aws_s3_bucket_replication_configuration.r");
    struct resource *r = &e->resources.at[at];
    r->type = intern(e->symbols, "aws_s3_bucket_replication_configuration");
    const char *text = arena_printf(&e->arena,
                                    "{\"bucket\":\"lake\",\"rule\":[{\"status\":\"Enabled\","
                                    "\"destination\":[{\"bucket\":\"arn:aws:s3:::lake-copy\""
                                    "%s}]}]}",
                                    rest);
    r->attrs = parse(s, text);
}

static void what_does_not_last_is_not_worth_a_copy(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    /* 300 GiB that stay and 300 GiB that are gone within 30 days, 64 MiB each. */
    put(&s, "keep/", "STANDARD", 0x1p26, 4800, 0, 12);
    put(&s, "scratch/", "STANDARD", 0x1p26, 4800, 0, 0);
    put_access(&s, "", 0, -1);
    replicate_to_ireland(&s, "");
    run(&s);
    const struct recommendation *r = advised(&s, "s3.replication");
    assert_non_null(r);
    /* Of a month of 30.4167 days 304.167 GB at 0.02 and 4,866.67 PUTs at 0.005 / 1,000. */
    double month = 730.0 / 24 / 30;
    assert_cents(expected(r), month * (300 * 0.02 + 4800 * 0.005 / 1000));
    assert_cents(money_double(recommendation_saving(r).low), expected(r));
    assert_non_null(strstr(r->title, "without what does not last"));
    site_close(&s);
}

static void the_time_control_is_a_question_of_need(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "keep/", "STANDARD", 0x1p26, 4800, 0, 12);
    put_access(&s, "", 0, -1);
    replicate_to_ireland(&s, ",\"replication_time\":[{\"status\":\"Enabled\"}]");
    put_bill(&s, "AWS-Out-Bytes", 1000, 20);
    put_bill(&s, "S3RTC-Out-Bytes", 1000, 15);
    run(&s);
    const struct recommendation *r = advised(&s, "s3.replication");
    assert_non_null(r);
    assert_cents(expected(r), 15);
    assert_cents(money_double(recommendation_saving(r).low), 0);
    site_close(&s);
}

static void copies_of_tables_are_warned_of(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put(&s, "t/", "STANDARD", 0x1p26, 4800, 0, 12)->protected_by = "t/";
    replicate_to_ireland(&s, "");
    run(&s);
    assert_null(advised(&s, "s3.replication"));
    assert_true(declined(&s, "it replicates 608.3 GB and 9733 objects a month to lake-copy: "
                             "12.17 for transfer, 0.05 for PUTs"));
    assert_true(declined(&s, "DEEP CLONE"));
    site_close(&s);
}

/* 1,000 GB at 0.04. 8 parts over 200 ms and 0.01 % loss reach 57 Mbit/s: 100 GB in 4.2 h. */
static void a_deadline_decides_on_acceleration(void **state)
{
    (void)state;
    for (int in_time = 0; in_time < 2; in_time++) {
        struct site s;
        site_open(&s);
        s.estate->resources.at[s.bucket].usage =
            parse(&s, "{\"transfer_acceleration\":{\"gb_us_eu_jp\":1000}}");
        s.options.parameters =
            parse(&s, in_time ? "{\"transfer\":{\"deadline_hours\":5,\"upload_gb\":100}}"
                              : "{\"transfer\":{\"deadline_hours\":1,\"upload_gb\":100}}");
        run(&s);
        const struct recommendation *r = advised(&s, "s3.acceleration");
        if (in_time)
            assert_cents(expected(r), 40);
        else
            assert_true(declined(&s, "takes 4.2 hours directly and 0.2 accelerated, 1.0 are "
                                     "allowed: only accelerated is in time"));
        site_close(&s);
    }
}

static void a_bucket_key_that_is_off_is_known_without_an_inventory(void **state)
{
    (void)state;
    struct site s;
    site_open(&s);
    put_bill(&s, "Requests-Tier2", 100e6, 40);
    uint32_t at =
        estate_resource(s.estate, "aws_s3_bucket_server_side_encryption_configuration.e");
    struct resource *r = &s.estate->resources.at[at];
    r->type = intern(s.estate->symbols, "aws_s3_bucket_server_side_encryption_configuration");
    r->attrs = parse(&s, "{\"bucket\":\"lake\",\"rule\":[{\"bucket_key_enabled\":false,"
                         "\"apply_server_side_encryption_by_default\":[{"
                         "\"sse_algorithm\":\"aws:kms\"}]}]}");
    run(&s);
    assert_cents(expected(advised(&s, "s3.bucket_key")), 297);
    site_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bill_alone_gives_a_bound),
        cmocka_unit_test(reads_that_cost_more_than_the_class_saves_bring_data_back),
        cmocka_unit_test(monitoring_that_finds_nothing_to_save_is_ended),
        cmocka_unit_test(small_objects_in_archives_are_said),
        cmocka_unit_test(a_class_that_pays_is_left_alone),
        cmocka_unit_test(old_versions_are_deleted_by_a_rule),
        cmocka_unit_test(versions_of_unknown_age_have_a_bound),
        cmocka_unit_test(a_bucket_key_saves_requests_to_kms),
        cmocka_unit_test(dead_files_of_tables_need_vacuum),
        cmocka_unit_test(acceleration_is_weighed_against_time),
        cmocka_unit_test(what_does_not_last_is_not_worth_a_copy),
        cmocka_unit_test(the_time_control_is_a_question_of_need),
        cmocka_unit_test(copies_of_tables_are_warned_of),
        cmocka_unit_test(a_deadline_decides_on_acceleration),
        cmocka_unit_test(a_bucket_key_that_is_off_is_known_without_an_inventory),
        cmocka_unit_test(uploads_that_never_ended_are_aborted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
