#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fake_store.h"
#include "io/files.h"
#include "io/remote.h"
#include "io/stream.h"

#define SECRET "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

struct scene {
    struct fake_store store;
    struct arena arena;
    struct path_list list;
    struct err err;
};

static int open_scene(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    char endpoint[64];
    fake_store_start(&s->store);
    snprintf(endpoint, sizeof endpoint, "http://127.0.0.1:%d/", s->store.port);
    setenv("AWS_ENDPOINT_URL_S3", endpoint, 1);
    setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", SECRET, 1);
    setenv("AWS_REGION", "us-east-1", 1);
    unsetenv("AWS_SESSION_TOKEN");
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *s = *state;
    fake_store_stop(&s->store);
    path_list_release(&s->list);
    arena_release(&s->arena);
    free(s);
    return 0;
}

static void assert_content(struct scene *s, const char *name, const char *content)
{
    char *text;
    size_t length;
    bool ok = stream_read_all(&text, &length, name, 1 << 24, &s->err);
    if (!ok)
        print_error("%s\n", s->err.text);
    assert_true(ok);
    assert_string_equal(text, content);
    free(text);
}

static void assert_refused(struct scene *s, const char *name, const char *why)
{
    char *text;
    size_t length;
    assert_false(stream_read_all(&text, &length, name, 1 << 24, &s->err));
    if (!strstr(s->err.text, why))
        print_error("'%s' lacks '%s'\n", s->err.text, why);
    assert_non_null(strstr(s->err.text, why));
    assert_null(strstr(s->err.text, SECRET));
    assert_null(strstr(s->err.text, "Signature"));
}

static void reads_an_object_and_signs_for_it(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store, "/exports/2026/a%20b%2Bc.csv", 200, "", "a,b\n1,2\n");
    assert_content(s, "s3://exports/2026/a b+c.csv", "a,b\n1,2\n");
    assert_int_equal(s->store.forged, 0);
    assert_int_equal(s->store.signed_requests, s->store.requests);
}

static void a_session_token_goes_along(void **state)
{
    struct scene *s = *state;
    setenv("AWS_SESSION_TOKEN", "sesame", 1);
    fake_store_put(&s->store, "/exports/a", 200, "", "text");
    assert_content(s, "s3://exports/a", "text");
    assert_int_equal(s->store.forged, 0);
    unsetenv("AWS_SESSION_TOKEN");
}

#define PAGE(names, rest)                                                                     \
    "<ListBucketResult><Prefix>b/</Prefix>" names rest "</ListBucketResult>"
#define KEY(k) "<Contents><Key>" k "</Key><Size>1</Size></Contents>"
#define LIST   "/exports/?encoding-type=url&list-type=2&prefix=b%2F"
#define NEXT   "/exports/?continuation-token=x%3D%3D&encoding-type=url&list-type=2&prefix=b%2F"

static void put_listing(struct scene *s)
{
    fake_store_put(&s->store, LIST, 200, "",
                   PAGE(KEY("b/") KEY("b/z+%26.csv") KEY("b/.hidden") KEY("b/in/.x/y"),
                        "<NextContinuationToken>x==</NextContinuationToken>"));
    fake_store_put(&s->store, NEXT, 200, "", PAGE(KEY("b/in/a.csv") KEY("b/in/"), ""));
}

static void lists_a_folder_page_by_page(void **state)
{
    struct scene *s = *state;
    put_listing(s);
    assert_true(files_expand(&s->list, &s->arena, "s3://exports/b/", &s->err));
    assert_int_equal(s->list.paths.count, 2);
    assert_string_equal(s->list.paths.at[0], "s3://exports/b/in/a.csv");
    assert_string_equal(s->list.paths.at[1], "s3://exports/b/z &.csv");
    assert_int_equal(s->store.forged, 0);
}

static void a_pattern_chooses_from_the_listing(void **state)
{
    struct scene *s = *state;
    put_listing(s);
    assert_true(files_expand(&s->list, &s->arena, "s3://exports/b/*.csv", &s->err));
    assert_int_equal(s->list.paths.count, 1);
    assert_string_equal(s->list.paths.at[0], "s3://exports/b/z &.csv");
    assert_false(files_expand(&s->list, &s->arena, "s3://exports/b/*.gz", &s->err));
    assert_string_equal(s->err.text, "s3://exports/b/*.gz: there is no file under this name");
}

static void a_shallow_listing_names_folders(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store,
                   "/exports/?delimiter=%2F&encoding-type=url&list-type=2&prefix=b%2F", 200,
                   "",
                   PAGE(KEY("b/m.json"), "<CommonPrefixes><Prefix>b/data/</Prefix>"
                                         "</CommonPrefixes>"));
    assert_true(files_list(&s->list, &s->arena, "s3://exports/b", false, &s->err));
    assert_int_equal(s->list.paths.count, 2);
    assert_string_equal(s->list.paths.at[0], "s3://exports/b/data/");
    assert_true(files_is_folder(s->list.paths.at[0]));
    assert_false(files_is_folder(s->list.paths.at[1]));
}

static void says_why_it_was_refused(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store, "/exports/secret", 403, "",
                   "<Error><Code>AccessDenied</Code><Message>Access\33[31m Denied</Message>"
                   "</Error>");
    assert_refused(s, "s3://exports/secret",
                   "s3://exports/secret: AccessDenied: Access [31m Denied (403)");
    assert_refused(s, "s3://exports/gone", "there is no such file (404)");
    assert_refused(s, "s3://Exports/a", "is no bucket's name");
    assert_refused(s, "s3://exports/b/", "this is a folder");
    assert_false(files_exists("s3://exports/gone"));
}

static void a_transfer_that_breaks_off_is_no_whole_file(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store, "/exports/cut", 200, "Content-Length: 900\r\n", "a,b\n1,2\n");
    assert_refused(s, "s3://exports/cut", "what came before is not all of it");
}

static void a_busy_server_is_asked_again(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store, "/exports/a", 200, "", "text");
    s->store.busy = 2;
    assert_content(s, "s3://exports/a", "text");
    s->store.busy = 3;
    assert_refused(s, "s3://exports/a", "SlowDown");
}

static void a_bucket_of_another_region_is_asked_there(void **state)
{
    struct scene *s = *state;
    fake_store_put(&s->store, "/exports/a", 200, "", "text");
    s->store.region = "eu-west-1";
    assert_content(s, "s3://exports/a", "text");
    assert_int_equal(s->store.forged, 0);
}

static void a_reader_that_stops_early_ends_the_transfer(void **state)
{
    struct scene *s = *state;
    struct stream *stream;
    size_t got;
    char head[16];
    static char large[(8 << 20) + 1]; /* the store still sends when the test has ended */
    memset(large, 'x', sizeof large - 1);
    fake_store_put(&s->store, "/exports/large", 200, "", large);
    assert_true(stream_open(&stream, "s3://exports/large", &s->err));
    assert_true(stream_read(stream, head, sizeof head, &got, &s->err));
    stream_close(stream);
}

static void keys_come_from_a_profile_too(void **state)
{
    struct scene *s = *state;
    char path[] = "/tmp/advisor-keys-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fputs("[default]\naws_access_key_id = no\naws_secret_access_key = no\n"
          "[work]\naws_access_key_id=AKIAIOSFODNN7EXAMPLE\n  aws_secret_access_key = " SECRET
          "\r\n",
          file);
    fclose(file);
    unsetenv("AWS_ACCESS_KEY_ID");
    setenv("AWS_SHARED_CREDENTIALS_FILE", path, 1);
    setenv("AWS_PROFILE", "work", 1);
    fake_store_put(&s->store, "/exports/a", 200, "", "text");
    assert_content(s, "s3://exports/a", "text");
    assert_int_equal(s->store.forged, 0);
    unsetenv("AWS_PROFILE");
    unlink(path);
}

static void nothing_secret_is_part_of_a_name(void **state)
{
    struct scene *s = *state;
    assert_refused(s, "https://host.example/a?X-Amz-Credential=x", "may hold a secret");
    assert_refused(s, "https://ann:sesame@host.example/a", "https://...: a name with");
    assert_refused(s, "https://ann:se?same@host.example/a", "https://...: a name with");
    assert_int_equal(remote_showable("https://host.example/a@b?c"), 24);
    assert_int_equal(remote_showable("s3://exports/a?b"), 16);
}

static void plain_http_and_missing_keys_are_refused(void **state)
{
    struct scene *s = *state;
    assert_refused(s, "http://host.example/a", "only https is used");
    setenv("AWS_ENDPOINT_URL_S3", "http://host.example", 1);
    assert_refused(s, "s3://exports/a", "only https is used");
    unsetenv("AWS_SECRET_ACCESS_KEY");
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    assert_refused(s, "s3://exports/a", "there are no AWS keys");
    assert_int_equal(s->store.requests, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)
    const struct CMUnitTest tests[] = {
        TEST(reads_an_object_and_signs_for_it),
        TEST(a_session_token_goes_along),
        TEST(lists_a_folder_page_by_page),
        TEST(a_pattern_chooses_from_the_listing),
        TEST(a_shallow_listing_names_folders),
        TEST(says_why_it_was_refused),
        TEST(a_transfer_that_breaks_off_is_no_whole_file),
        TEST(a_busy_server_is_asked_again),
        TEST(a_bucket_of_another_region_is_asked_there),
        TEST(a_reader_that_stops_early_ends_the_transfer),
        TEST(keys_come_from_a_profile_too),
        TEST(nothing_secret_is_part_of_a_name),
        TEST(plain_http_and_missing_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
