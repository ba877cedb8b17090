#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/json_fields.h"
#include "io/json_walk.h"

static void walks_an_object(void **state)
{
    (void)state;
    static const char text[] =
        " { \"a\": 12 , \"skip\": {\"x\": [\"}\", \"\\\"]\"]}, \"s\":\"q\\u00e9\\n\","
        "\"f\": -2.5e1, \"n\": null, \"t\": true, \"l\": [1,2,[3]] } ";
    struct json_walk w = json_walk_over(text, sizeof text - 1);
    struct json_span key, s = {0};
    int64_t a = 0, n = 7, sum = 0, item;
    double f = 0;
    bool t = false;
    assert_false(json_enter(&w, '['));
    assert_true(json_enter(&w, '{'));
    while (json_key(&w, &key)) {
        if (json_span_is(key, "a"))
            assert_true(json_integer(&w, &a));
        else if (json_span_is(key, "s"))
            assert_true(json_string(&w, &s));
        else if (json_span_is(key, "f"))
            assert_true(json_number(&w, &f));
        else if (json_span_is(key, "n"))
            assert_false(json_integer(&w, &n));
        else if (json_span_is(key, "t"))
            assert_true(json_truth(&w, &t));
        else if (json_span_is(key, "l"))
            for (json_enter(&w, '['); json_item(&w);)
                sum += json_integer(&w, &item) ? item : 100;
        else
            assert_true(json_skip(&w));
    }
    assert_true(json_done(&w));
    assert_int_equal(a, 12);
    assert_int_equal(n, 7);
    assert_int_equal(sum, 103);
    assert_true(f > -25.01 && f < -24.99);
    assert_true(t);
    struct buf out = BUF_INIT;
    json_span_text(&out, s);
    assert_string_equal(buf_text(&out), "q\xc3\xa9\n");
    buf_release(&out);
}

static bool walks(const char *text)
{
    struct json_walk w = json_walk_over(text, strlen(text));
    struct json_span key;
    int64_t n;
    if (!json_enter(&w, '{'))
        return false;
    while (json_key(&w, &key))
        if (json_span_is(key, "n"))
            json_integer(&w, &n);
        else
            json_skip(&w);
    return json_done(&w);
}

static void sees_what_is_broken(void **state)
{
    (void)state;
    static const char *const bad[] = {"{",
                                      "{\"a\"",
                                      "{\"a\":",
                                      "{\"a\":1",
                                      "{\"a\":{",
                                      "{\"a\":\"x",
                                      "{\"a\" 1}",
                                      "{\"a\":1 \"b\":2}",
                                      "{,}",
                                      "{\"a\":}",
                                      "{\"n\":12345678901234567890}",
                                      "{\"n\":-}",
                                      "{}x",
                                      "[]",
                                      "{\"a\":[1,{]}",
                                      "{\"n\":1e999}",
                                      ""};
    static const char *const good[] = {"{}", "{\"n\":1.5}", "{\"n\":\"x\"}", "{\"n\":[]}",
                                       "{\"a\":\"\\\\\",\"b\":\"\\\"\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (walks(bad[i]))
            fail_msg("%s was taken", bad[i]);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!walks(good[i]))
            fail_msg("%s was not taken", good[i]);
}

static void compares_spans_with_nul_bytes(void **state)
{
    (void)state;
    static const char bytes[] = "ab\0cd";
    assert_false(json_span_is((struct json_span){.at = bytes, .length = 5}, "ab"));
    assert_true(json_span_is((struct json_span){.at = bytes, .length = 2}, "ab"));
    assert_false(json_span_is((struct json_span){.at = bytes, .length = 1}, "ab"));
    assert_true(json_span_is((struct json_span){0}, ""));
}

/* Integers of every length, with what may stand behind them, wherever the text ends. */
static void reads_integers_of_every_length(void **state)
{
    (void)state;
    static const char *const behind[] = {"}", ",\"x\":\"a longer rest\"}", " }", ".25}",
                                         "e0}"};
    for (int digits = 1; digits <= 20; digits++)
        for (int negative = 0; negative < 2; negative++)
            for (size_t b = 0; b < sizeof behind / sizeof *behind; b++) {
                char text[96] = "{\"n\":";
                size_t from = strlen(text);
                strcat(text, negative ? "-" : "");
                strncat(text, "98765432109876543210", (size_t)digits);
                int64_t want = strtoll(text + from, NULL, 10), got = 0;
                strcat(text, behind[b]);
                size_t length = strlen(text);
                char *exact = malloc(length); /* the address sanitizer sees an overrun */
                memcpy(exact, text, length);
                struct json_walk w = json_walk_over(exact, length);
                struct json_span key;
                assert_true(json_enter(&w, '{') && json_key(&w, &key));
                bool taken = json_integer(&w, &got);
                assert_int_equal(taken, digits <= 18);
                if (taken && b < 3)
                    assert_int_equal(got, want);
                free(exact);
            }
}

/* Keys of every length are compared whole. */
static void finds_fields_by_keys_of_every_length(void **state)
{
    (void)state;
    struct figures {
        int64_t n;
    };
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    for (size_t length = 1; length < 48; length++)
        for (size_t wrong = 0; wrong <= length; wrong++) {
            char key[64], text[80];
            snprintf(key, sizeof key, "\"%.*s\":", (int)length, letters);
            snprintf(text, sizeof text, "{%s7}", key);
            if (wrong < length)
                text[2 + wrong] = '#';
            const struct json_field table[] = {{.key = key,
                                                .length = (uint16_t)(length + 3),
                                                .kind = JSON_INTEGER_FIELD,
                                                .offset = offsetof(struct figures, n)}};
            const struct json_fields fields = JSON_FIELDS(table);
            struct figures figures = {0};
            struct json_walk w = json_walk_over(text, strlen(text));
            assert_true(json_read_fields(&w, &fields, &figures));
            assert_int_equal(figures.n, wrong == length ? 7 : 0);
        }
}

/* Byte by byte: what the kernels must agree with. */
static const char *skip_simply(const char *p, const char *end)
{
    bool in_string = false;
    for (int depth = 1; p < end; p++) {
        if (in_string && *p == '\\')
            p++;
        else if (*p == '"')
            in_string = !in_string;
        else if (!in_string && (*p == '{' || *p == '['))
            depth++;
        else if (!in_string && (*p == '}' || *p == ']') && --depth == 0)
            return p + 1;
    }
    return NULL;
}

static void kernels_agree(void **state)
{
    (void)state;
    static const char letters[] = "{}[]\"\"\\ax,:";
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        size_t length = 1 + (seed >> 8) % 300;
        char *text =
            malloc(length); /* exactly, so that the address sanitizer sees an overrun */
        for (size_t i = 0; i < length; i++) {
            seed = seed * 1664525 + 1013904223;
            bool quiet = (seed >> 28) < 12;
            text[i] = quiet ? 'x' : letters[(seed >> 16) % (sizeof letters - 1)];
        }
        /* Outside of strings a backslash is no JSON: the kernels may see it either way. */
        bool in_string = false;
        for (size_t i = 0; i < length; i++) {
            if (text[i] == '"')
                in_string = !in_string;
            if (text[i] == '\\' && !in_string)
                text[i] = 'x';
            if (text[i] == '\\')
                i++;
        }
        const char *want = skip_simply(text, text + length);
        for (int k = JSON_PORTABLE; k <= JSON_AVX2; k++)
            if (json_kernel_runs((enum json_kernel)k))
                assert_ptr_equal(json_skip_nested(text, text + length, (enum json_kernel)k),
                                 want);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_integers_of_every_length),
        cmocka_unit_test(finds_fields_by_keys_of_every_length),
        cmocka_unit_test(walks_an_object),
        cmocka_unit_test(sees_what_is_broken),
        cmocka_unit_test(compares_spans_with_nul_bytes),
        cmocka_unit_test(kernels_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
