#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bill/symbols.h"

static struct duckdb_text text_of(const char *text)
{
    struct duckdb_text t = {.length = (uint32_t)strlen(text)};
    if (t.length <= sizeof t.bytes)
        memcpy(t.bytes, text, t.length);
    else
        memcpy(t.bytes + 4, &text, sizeof text);
    return t;
}

static uint32_t number(struct symbols *s, size_t field, const char *text)
{
    uint32_t n;
    struct duckdb_text value = text_of(text);
    struct duckdb_vector vector = {&value, NULL};
    symbols_number(&s->columns[field], &vector, 1, &n);
    return n;
}

static void check_text(const struct symbols *s, size_t field, uint32_t n, const char *expected)
{
    char bytes[sizeof n];
    memcpy(bytes, &n, sizeof n);
    struct csv_view v = symbols_view(s, field, bytes);
    assert_int_equal(v.length, strlen(expected));
    assert_memory_equal(v.at, expected, v.length);
}

static void test_same_text_same_number(void **state)
{
    (void)state;
    char text[64];
    struct symbols *s = symbols_open();
    for (uint32_t i = 1; i <= 5000; i++) {
        snprintf(text, sizeof text, "i-%u and what makes it long", i);
        assert_int_equal(number(s, 3, text), i);
    }
    for (uint32_t i = 1; i <= 5000; i++) {
        snprintf(text, sizeof text, "i-%u and what makes it long", i);
        assert_int_equal(number(s, 3, text), i);
        check_text(s, 3, i, text);
    }
    assert_int_equal(number(s, 4, "i-2"), 1); /* each column counts for itself */
    symbols_free(s);
}

static void test_nothing_and_quotes(void **state)
{
    (void)state;
    struct symbols *s = symbols_open();
    struct duckdb_text values[3] = {text_of("a"), text_of(""), text_of("b")};
    uint64_t valid = 3; /* the last one is NULL */
    struct duckdb_vector vector = {values, &valid};
    uint32_t numbers[3];
    symbols_number(&s->columns[0], &vector, 3, numbers);
    assert_int_equal(numbers[0], 1);
    assert_int_equal(numbers[1], 0);
    assert_int_equal(numbers[2], 0);
    check_text(s, 0, 0, "");
    assert_int_equal(number(s, 0, "\"said\""), 2);
    assert_int_equal(number(s, 0, "\"said\""), 2);
    check_text(s, 0, 2, "\"\"\"said\"\"\"");
    symbols_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_text_same_number),
        cmocka_unit_test(test_nothing_and_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
