#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "io/sigv4.h"

static const struct aws_keys example = {"AKIAIOSFODNN7EXAMPLE",
                                        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", NULL};

/* The examples of the S3 API reference, "Signature Calculations for the Authorization Header".
 */
static void signs_the_published_requests(void **state)
{
    static const struct {
        const char *query, *signature;
    } cases[] = {
        {"lifecycle=", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
        {"max-keys=2&prefix=J",
         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sigv4_request r = {.method = "GET",
                                  .host = "examplebucket.s3.amazonaws.com",
                                  .path = "/",
                                  .query = cases[i].query,
                                  .region = "us-east-1",
                                  .service = "s3",
                                  .time = "20130524T000000Z"};
        struct buf out = BUF_INIT;
        sigv4_authorization(&out, &r, &example);
        assert_string_equal(strstr(out.text, "Signature=") + 10, cases[i].signature);
        assert_non_null(strstr(out.text,
                               "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
                               "aws4_request,"));
        assert_null(strstr(out.text, example.secret));
        buf_release(&out);
    }
}

static void a_session_token_is_signed_too(void **state)
{
    struct aws_keys keys = example;
    struct sigv4_request r = {.method = "GET",
                              .host = "h",
                              .path = "/",
                              .query = "",
                              .region = "us-east-1",
                              .service = "s3",
                              .time = "20130524T000000Z"};
    struct buf plain = BUF_INIT, with = BUF_INIT;
    (void)state;
    sigv4_authorization(&plain, &r, &keys);
    keys.session_token = "sesame";
    sigv4_authorization(&with, &r, &keys);
    assert_null(strstr(plain.text, "security-token"));
    assert_non_null(strstr(with.text, ";x-amz-security-token,"));
    assert_string_not_equal(strstr(plain.text, "Signature="), strstr(with.text, "Signature="));
    buf_release(&plain);
    buf_release(&with);
}

static void encodes_all_but_the_unreserved(void **state)
{
    struct buf out = BUF_INIT;
    (void)state;
    sigv4_encode(&out, "a b/c+d~e%f\xc3\xa9.gz", true);
    assert_string_equal(out.text, "a%20b/c%2Bd~e%25f%C3%A9.gz");
    buf_clear(&out);
    sigv4_encode(&out, "a/b=c", false);
    assert_string_equal(out.text, "a%2Fb%3Dc");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_the_published_requests),
        cmocka_unit_test(a_session_token_is_signed_too),
        cmocka_unit_test(encodes_all_but_the_unreserved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
