#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/pattern.h"

static void finds_what_is_meant(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool found;
    } cases[] = {
        {"load", "nightly load of orders", true},
        {"load", "Load", false},
        {"(?i)load", "nightly LOAD", true},
        {"^load", "nightly\nload", true}, /* lines, as descriptions are often SQL */
        {"load.*orders", "load\norders", false},
        {"^(load|ingest)_[0-9]+$", "ingest_42", true},
        {"^(load|ingest)_[0-9]+$", "ingest_x", false},
        {"\\bfit\\b", "call fit at x", true},
        {"\\bfit\\b", "benefits", false},
        {"a{2,3}b", "aab", true},
        {"\\(", "count(", true},
        {"[?(]x", "(x", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern *p;
        struct err err = ERR_INIT;
        if (!pattern_open(&p, cases[i].pattern, &err))
            fail_msg("%s: %s", cases[i].pattern, err.text);
        if (pattern_finds(p, cases[i].text) != cases[i].found)
            fail_msg("%s in %s", cases[i].pattern, cases[i].text);
        pattern_free(p);
    }
}

static void refuses_what_it_cannot_mean(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *why;
    } cases[] = {
        {"", "match everything"},   {"(a", "("},     {"(a)\\1", "reference back"},
        {"run\\d+", "write [0-9]"}, {"(?:a)", "(?"}, {"((a{100}){100}){100}", "multiply"},
        {"a{99999}", "multiply"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pattern *p;
        struct err err = ERR_INIT;
        assert_false(pattern_open(&p, cases[i].pattern, &err));
        if (!strstr(err.text, cases[i].why))
            fail_msg("%s: %s", cases[i].pattern, err.text);
    }
    struct pattern *p;
    char *wide = mem_alloc(1002);
    memset(wide, 'a', 1001);
    assert_false(pattern_open(&p, wide, NULL));
    free(wide);
}

static void long_texts_are_looked_at_from_the_front(void **state)
{
    (void)state;
    struct pattern *p;
    char *text = mem_alloc(PATTERN_REACH + 10);
    memset(text, 'x', PATTERN_REACH + 9);
    assert_true(pattern_open(&p, "end", NULL));
    memcpy(text + PATTERN_REACH - 3, "end", 3);
    assert_true(pattern_finds(p, text));
    memset(text, 'x', PATTERN_REACH + 9);
    memcpy(text + PATTERN_REACH + 3, "end", 3);
    assert_false(pattern_finds(p, text));
    pattern_free(p);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_meant),
        cmocka_unit_test(refuses_what_it_cannot_mean),
        cmocka_unit_test(long_texts_are_looked_at_from_the_front),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
