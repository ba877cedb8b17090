#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/ingest.h"
#include "io/files.h"

extern const struct ingest_format ingest_s3_class_analysis;

static const char header[] =
    "Date,ConfigId,Filter,StorageClass,ObjectAge,ObjectCount,DataUploaded_MB,Storage_MB,"
    "DataRetrieved_MB,GetRequestCount,CumulativeAccessRatio,ObjectAgeForSIATransition,"
    "RecommendedObjectAgeForSIATransition\n";

static struct estate *read_text(const char *rows, const struct ingest_options *options,
                                bool *ok, struct err *err)
{
    char path[] = "/tmp/advisor-sca-XXXXXX", text[4096];
    struct estate *e = estate_open();
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    snprintf(text, sizeof text, "%s%s", header, rows);
    assert_true(files_write(path, text, strlen(text), NULL));
    *ok = ingest_s3_class_analysis.read(e, path, options, err);
    remove(path);
    return e;
}

static void sums_by_age_over_the_days(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct ingest_options options = {0};
    bool ok;
    struct estate *e = read_text("09-01-2026,c,,STANDARD,000-014,,,1024,512,100,,,\n"
                                 "09-30-2026,c,,STANDARD,000-014,,,1024,512,100,,,\n"
                                 "09-30-2026,c,,STANDARD_IA,180-364,,,185,0,0,,,\n"
                                 "09-30-2026,c,,STANDARD,ALL,7,1,9999,9999,9999,0.1,90,90\n",
                                 &options, &ok, &err);
    assert_true(ok);
    assert_int_equal(e->access.count, 1);
    const struct access_evidence *a = &e->access.at[0];
    assert_true(a->days == 30);
    assert_true(a->read_bytes[0] == 0x1p30);
    assert_true(a->stored_byte_days[0] == 0x1p31);
    assert_true(a->read_requests[0] == 200);
    /* 180 to 269 and 270 to 364: 90 and 95 of its 185 days. */
    assert_true(a->stored_byte_days[9] == 90 * 0x1p20);
    assert_true(a->stored_byte_days[10] == 95 * 0x1p20);
    assert_true(a->stored_byte_days[11] == 0);
    estate_free(e);
}

static void prefixes_are_kept_apart_and_tags_left_out(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct ingest_options options = {0};
    bool ok;
    struct estate *e = read_text("09-01-2026,c,prefix=logs/,STANDARD,730+,,,6,0,0,,,\n"
                                 "09-01-2026,c,raw/,STANDARD,015-029,,,15,0,0,,,\n"
                                 "09-01-2026,c,tag:k=v,STANDARD,015-029,,,15,0,0,,,\n",
                                 &options, &ok, &err);
    assert_true(ok);
    assert_int_equal(e->access.count, 2);
    assert_string_equal(e->access.at[0].prefix, "logs/");
    assert_true(e->access.at[0].stored_byte_days[13] > 0);
    assert_string_equal(e->access.at[1].prefix, "raw/");
    assert_non_null(strstr(e->notes.at[0].text, "1 rows are filtered by tags"));
    estate_free(e);
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct ingest_options options = {0};
    bool ok;
    static const char rows[] = "2026-09-01,c,,STANDARD,000-014,,,1,1,1,,,\n"
                               "09-01-2026,c,,STANDARD,young,,,1,1,1,,,\n"
                               "09-01-2026,c,,STANDARD,000-014,,,-1,1,1,,,\n";
    struct estate *e = read_text(rows, &options, &ok, &err);
    assert_true(ok);
    assert_non_null(strstr(e->notes.at[0].text, "3 rows are not counted"));
    assert_non_null(strstr(e->notes.at[0].text, "row 2"));
    estate_free(e);
    options.strict = true;
    e = read_text(rows, &options, &ok, &err);
    assert_false(ok);
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_by_age_over_the_days),
        cmocka_unit_test(prefixes_are_kept_apart_and_tags_left_out),
        cmocka_unit_test(bad_rows_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
