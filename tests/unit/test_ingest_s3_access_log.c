#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ingest/ingest.h"
#include "ingest/s3_access_log.h"
#include "ingest/s3_reads.h"
#include "io/files.h"

extern const struct ingest_format ingest_s3_access_log, ingest_s3_cloudtrail;

#define OWNER "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
#define LINE(time, operation, key, request, tail)                                             \
    OWNER " lake [" time " +0000] 192.0.2.3 - 3E57427F3EXAMPLE " operation " " key            \
          " " request " " tail                                                                \
          " \"-\" \"agent\" - hostid SigV4 ECDHE AuthHeader host TLSv1.2 - -\n"

static struct estate *read_text(const struct ingest_format *format, const char *text,
                                bool strict, bool *ok)
{
    char path[] = "/tmp/advisor-s3log-XXXXXX";
    struct estate *e = estate_open();
    struct ingest_options options = {.strict = strict};
    struct err err = ERR_INIT;
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(files_write(path, text, strlen(text), NULL));
    *ok = format->read(e, path, &options, &err);
    remove(path);
    return e;
}

static const struct access_evidence *at_prefix(const struct estate *e, const char *prefix)
{
    for (size_t i = 0; i < e->access.count; i++)
        if (strcmp(e->access.at[i].prefix, prefix) == 0)
            return &e->access.at[i];
    return NULL;
}

static void reads_lines_whatever_the_request_holds(void **state)
{
    (void)state;
    static const char *const requests[] = {"\"GET /lake/a HTTP/1.1\"",
                                           "\"GET /lake/a?x=\"y\" 300 HTTP/1.1\"",
                                           "GET /lake/a HTTP/1.1", "\"-\"", "-"};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct s3_log_line line;
        struct buf text = BUF_INIT;
        buf_printf(&text,
                   OWNER " lake [06/Feb/2019:00:00:38 +0000] 1.2.3.4  arn:aws:iam::1:u R "
                         "REST.GET.OBJECT a%%2Bb %s 206 - 113 4406583 41 28 \"-\" \"x\"",
                   requests[i]);
        if (!s3_log_line_read(&line, text.text, text.length))
            fail_msg("not read: %s", text.text);
        assert_int_equal(line.status, 206);
        assert_int_equal(line.bytes_sent, 113);
        assert_int_equal(line.at, (int64_t)day_of(2019, 2, 6) * 86400 + 38);
        assert_memory_equal(line.key.at, "a%2Bb", 5);
        buf_release(&text);
    }
}

static void sums_reads_by_what_is_known_of_their_age(void **state)
{
    (void)state;
    bool ok;
    struct estate *e = read_text(
        &ingest_s3_access_log,
        LINE("01/Mar/2026:00:00:00", "REST.PUT.OBJECT", "new/x", "\"PUT /x HTTP/1.1\"",
             "200 - - 500 9 8") LINE("21/Mar/2026:00:00:00", "REST.GET.OBJECT", "new/x",
                                     "\"GET /x HTTP/1.1\"", "200 - 500 500 9 8")
            LINE("21/Mar/2026:00:00:00", "REST.GET.OBJECT", "raw/dt%3D2025-12-31/f",
                 "\"GET /f HTTP/1.1\"", "206 - 100 5000 9 8")
                LINE("31/Mar/2026:00:00:00", "REST.GET.OBJECT", "raw/y", "\"GET /y HTTP/1.1\"",
                     "200 - 7 7 9 8") LINE("31/Mar/2026:00:00:00", "REST.GET.OBJECT", "raw/y",
                                           "\"GET /y HTTP/1.1\"", "403 AccessDenied 243 - 9 8")
                    LINE("31/Mar/2026:00:00:00", "REST.HEAD.OBJECT", "raw/y",
                         "\"HEAD /y HTTP/1.1\"", "200 - - 7 9 8"),
        false, &ok);
    assert_true(ok);
    const struct access_evidence *a = at_prefix(e, "new/");
    assert_true(a->days == 30);
    assert_true(a->read_bytes[1] == 500 && a->read_requests[1] == 1); /* 20 days old */
    a = at_prefix(e, "raw/");
    assert_true(a->read_bytes[5] == 100); /* 80 days old by its key */
    assert_true(a->unaged_bytes == 7 && a->unaged_requests == 1);
    assert_true(isnan(a->stored_byte_days[0]));
    assert_string_equal(e->resources.at[a->bucket].id, "lake");
    estate_free(e);
}

static void bad_lines_are_counted_and_named(void **state)
{
    (void)state;
    bool ok;
    static const char text[] =
        LINE("01/Mar/2026:00:00:00", "REST.GET.BUCKET", "-", "\"GET / HTTP/1.1\"",
             "200 - 265 - 2 1") "this is not a log line\n";
    struct estate *e = read_text(&ingest_s3_access_log, text, false, &ok);
    assert_true(ok);
    assert_non_null(strstr(e->notes.at[0].text, "1 of 2 lines"));
    assert_non_null(strstr(e->notes.at[0].text, ":2:"));
    /* Covered and not read is an answer. */
    assert_int_equal(e->access.count, 1);
    estate_free(e);
    e = read_text(&ingest_s3_access_log, text, true, &ok);
    assert_false(ok);
    estate_free(e);
}

static void keys_give_their_dates_away(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        bool found;
    } want[] = {
        {"a/dt=2026-01-31/x", true}, {"a/2026/01/31/x", true}, {"a/20260131T00.gz", true},
        {"a/2026-13-31", false},     {"a/2026-01/31", false},  {"12026-01-31", false},
        {"2027-01-31", false},       {"a/202601311", false},   {"x", false}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        day found = 0;
        bool is = s3_key_date(&found, want[i].key, strlen(want[i].key), day_of(2026, 6, 1));
        if (is != want[i].found)
            fail_msg("%s", want[i].key);
        if (is)
            assert_int_equal(found, day_of(2026, 1, 31));
    }
}

static void cloudtrail_gives_the_same(void **state)
{
    (void)state;
    bool ok;
#define EVENT(name, time, key, bytes)                                                         \
    "{\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"" name "\",\"eventTime\":\"" time  \
    "\",\"requestParameters\":{\"bucketName\":\"lake\",\"key\":\"" key                        \
    "\"},\"additionalEventData\":{\"bytesTransferredOut\":" bytes "}}"
    struct estate *e = read_text(
        &ingest_s3_cloudtrail,
        "{\"Records\":[" EVENT("PutObject", "2026-03-01T00:00:00Z", "new/x", "0") "," EVENT(
            "GetObject", "2026-03-21T00:00:00Z", "new/x",
            "500") "," EVENT("GetObject", "2026-03-31T00:00:00Z", "raw/y",
                             "7.0") "," EVENT("GetObject", "yesterday", "raw/y",
                                              "7") ","
                                                   "{\"eventSource\":\"ec2.amazonaws.com\","
                                                   "\"eventName\":\"RunInstances\"}]}",
        false, &ok);
    assert_true(ok);
    assert_true(at_prefix(e, "new/")->read_bytes[1] == 500);
    assert_true(at_prefix(e, "raw/")->unaged_bytes == 7);
    assert_int_equal(e->notes.count, 2);
    estate_free(e);
}

static void reads_real_logs(void **state)
{
    (void)state;
    const char *data = getenv("ADVISOR_DATA");
    char path[512];
    struct ingest_options options = {0};
    struct err err = ERR_INIT;
    snprintf(path, sizeof path, "%s/logs-s3/dandi-extraction/example_logs",
             data ? data : "../shared/data");
    if (!files_exists(path)) {
        print_message("skipped: %s is not there\n", path);
        skip();
    }
    struct estate *e = estate_open();
    assert_true(ingest_s3_access_log.matches_folder(path));
    if (!ingest_s3_access_log.read(e, path, &options, &err))
        fail_msg("%s", err.text);
    double bytes = 0;
    for (size_t i = 0; i < e->access.count; i++) {
        bytes += e->access.at[i].unaged_bytes;
        for (int a = 0; a < AGE_BINS; a++)
            bytes += e->access.at[i].read_bytes[a];
    }
    /* What the project that published these lines counts for ds001161. */
    assert_true(bytes == 1194564);
    estate_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines_whatever_the_request_holds),
        cmocka_unit_test(sums_reads_by_what_is_known_of_their_age),
        cmocka_unit_test(bad_lines_are_counted_and_named),
        cmocka_unit_test(keys_give_their_dates_away),
        cmocka_unit_test(cloudtrail_gives_the_same),
        cmocka_unit_test(reads_real_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
