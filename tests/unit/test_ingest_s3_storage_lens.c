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

extern const struct ingest_format ingest_s3_storage_lens;

static const char text[] =
    "version_number,configuration_id,report_date,aws_account_number,aws_region,storage_class,"
    "record_type,record_value,bucket_name,metric_name,metric_value\n"
#define ROW(date, class, type, bucket, metric, value)                                         \
    "V_1,c,2026-09-" date ",123456789012,eu-west-1," class "," type ",," bucket "," metric    \
                                                           "," value "\n"
    ROW("29", "STANDARD", "BUCKET", "lake", "StorageBytes", "999")
        ROW("30", "STANDARD", "ACCOUNT", "", "StorageBytes", "5000")
            ROW("30", "STANDARD", "BUCKET", "lake", "StorageBytes", "3000")
                ROW("30", "STANDARD_IA", "BUCKET", "lake", "StorageBytes", "1000")
                    ROW("30", "STANDARD", "PREFIX", "lake", "StorageBytes", "2000")
                        ROW("30", "STANDARD", "BUCKET", "lake",
                            "IncompleteMultipartUploadStorageBytes", "70")
                            ROW("30", "STANDARD", "BUCKET", "lake", "SomethingNew", "1")
                                ROW("30", "STANDARD", "BUCKET", "lake", "ObjectCount", "many");

static void sums_buckets_of_the_newest_day(void **state)
{
    (void)state;
    char path[] = "/tmp/advisor-lens-XXXXXX";
    struct estate *e = estate_open();
    struct ingest_options options = {0};
    struct err err = ERR_INIT;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(files_write(path, text, strlen(text), NULL));
    struct probe probe = {path, text, strlen(text)};
    assert_int_equal(ingest_s3_storage_lens.matches(&probe), 2);
    if (!ingest_s3_storage_lens.read(e, path, &options, &err))
        fail_msg("%s", err.text);
    const struct resource *r = &e->resources.at[estate_find(e, "lake")];
    assert_string_equal(r->region, "eu-west-1");
    assert_true(node_number(node_at(r->usage, "s3_lens.bytes"), 0) == 4000);
    assert_true(node_number(node_at(r->usage, "s3_lens.incomplete_upload_bytes"), 0) == 70);
    assert_null(node_at(r->usage, "s3_lens.objects"));
    assert_non_null(strstr(e->notes.at[0].text, "1 rows are not counted"));
    options.strict = true;
    assert_false(ingest_s3_storage_lens.read(e, path, &options, &err));
    remove(path);
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_buckets_of_the_newest_day)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
