#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_text.h"
#include "io/json_nodes.h"

static struct arena arena;

static const struct node *fast(const char *text)
{
    const struct node *n = NULL;
    return json_nodes(&n, &arena, text, strlen(text)) ? n : NULL;
}

static void gives_what_is_written(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        "[[],{}]",
        "{\"a\":{\"b\":[1,2,{\"c\":null}]}}",
        "\"\\u00e9\\n\\/\"",
        "[true,false,null,0,-1,1.5,-0.25,1e3,123456789012345]",
        "{\"\":\"\"}",
        "\"\xc3\xa9\xf0\x9f\x98\x80\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf out = BUF_INIT, again = BUF_INIT;
        const struct node *n = fast(texts[i]), *m;
        assert_non_null(n);
        json_write(&out, n, false);
        m = fast(buf_text(&out));
        assert_true(node_equal(n, m));
        json_write(&again, m, false);
        assert_string_equal(buf_text(&out), buf_text(&again));
        buf_release(&out);
        buf_release(&again);
    }
}

static void values_are_exact(void **state)
{
    (void)state;
    const struct node *n = fast(" { \"a\" : [ 10 , 0.1 ] , \"b\" : \"x\\ty\" } ");
    assert_string_equal(node_at(n, "a.0")->text, "10");
    assert_string_equal(node_at(n, "a.1")->text, "0.1");
    assert_float_equal(node_at(n, "a.1")->number, 0.1, 0);
    assert_string_equal(node_text(node_get(n, "b"), ""), "x\ty");
    assert_string_equal(node_get(n, "b")->key, "b");
}

/* These go to jansson, which refuses them or takes the care they need. */
static void leaves_the_rest_alone(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{\"a\":1,\"a\":2}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[1e]",
        "[-]",
        "nul",
        "[1] 2",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud83d\\ude00\"",
        "\"\x01\"",
        "\"\xff\"",
        "\"\xc0\xaf\"",
        "\"\xed\xa0\x80\"",
        "12345678901234567890",
        "\"open",
        "[1e400]",
        "[-0]",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (fast(texts[i]))
            fail_msg("%s", texts[i]);
}

/* More keys than are compared one by one. */
static void many_keys_are_kept_apart(void **state)
{
    (void)state;
    char text[4000] = "{", key[32];
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%s\"k%d\":%d", i ? "," : "", i, i);
        strcat(text, key);
    }
    size_t open = strlen(text);
    strcat(text, "}");
    assert_float_equal(node_number(node_get(fast(text), "k99"), 0), 99, 0);
    strcpy(text + open, ",\"k50\":1}");
    assert_null(fast(text));
}

static void nests_only_so_deep(void **state)
{
    (void)state;
    char text[1400];
    memset(text, '[', 600);
    memset(text + 600, ']', 600);
    text[1200] = '\0';
    assert_null(fast(text));
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_is_written), cmocka_unit_test(values_are_exact),
        cmocka_unit_test(leaves_the_rest_alone), cmocka_unit_test(many_keys_are_kept_apart),
        cmocka_unit_test(nests_only_so_deep),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
