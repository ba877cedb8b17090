#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "bill/exact_amount.h"
#include "bill/row_maker.h"

enum { ROWS = 600, FIELDS = 3 };

static struct layout layout_of_three(void)
{
    static const uint32_t columns[FIELDS] = {0, 1, 2};
    struct layout layout = {.columns = FIELDS};
    csv_plan_make(&layout.plan, CSV_KERNEL_PORTABLE, ',', columns, FIELDS);
    return layout;
}

static struct duckdb_text text_of(const char *text)
{
    struct duckdb_text t = {.length = (uint32_t)strlen(text)};
    if (t.length <= sizeof t.bytes)
        memcpy(t.bytes, text, t.length);
    else
        memcpy(t.bytes + 4, &text, sizeof text);
    return t;
}

static void check_field(const struct layout *layout, const struct csv_rows *rows, size_t row,
                        size_t field, const char *expected)
{
    char room[256];
    struct csv_view v = csv_raw(&layout->plan, rows, row, field);
    v = csv_unquote(v, room);
    if (v.length != strlen(expected) || memcmp(v.at, expected, v.length) != 0)
        fail_msg("row %zu, field %zu: '%.*s' is not '%s'", row, field, (int)v.length, v.at,
                 expected);
}

/* What a double stands as: an amount as money_format_exact() writes it, or a text. */
static void check_double(const struct layout *layout, const struct csv_rows *rows, size_t row,
                         size_t field, const char *amount, const char *text)
{
    struct money m;
    struct csv_view v = csv_raw(&layout->plan, rows, row, field);
    if (!exact_amount_read(&m.atto, v.at, v.length)) {
        check_field(layout, rows, row, field, text);
        return;
    }
    struct buf got = BUF_INIT;
    money_format_exact(&got, m);
    assert_string_equal(buf_text(&got), amount);
    buf_release(&got);
}

static void test_doubles_are_amounts_or_texts(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *amount, *text;
    } cases[] = {
        {-0.0, "0.00", ""},
        {-1e-9, "-0.000000001", ""},
        {0.1 + 0.2, "0.30000000000000004", ""},
        {1e-18, "0.000000000000000001", ""},
        {99999999999999984, "99999999999999980.00", ""},
        {1e17, "", "100000000000000000"},
        {-1e-19, "", "-0.0000000000000000001"},
        {1e300, "", "1e300"},
        {1.0 / 3 / 1024, "", "0.0003255208333333333"},
        {-INFINITY, "", "inf"},
        {NAN, "", "nan"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    static const enum value_kind kinds[FIELDS] = {VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE};
    double numbers[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        numbers[i] = cases[i].number;
    struct duckdb_vector vectors[FIELDS] = {{numbers, NULL}, {numbers, NULL}, {numbers, NULL}};
    struct layout layout = layout_of_three();
    struct row_maker *maker = row_maker_open(&layout, kinds);
    const struct csv_rows *rows = row_maker_fill(maker, vectors, 0, COUNT);
    assert_int_equal(rows->count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t f = 0; f < FIELDS; f++)
            check_double(&layout, rows, i, f, cases[i].amount, cases[i].text);
    row_maker_free(maker);
}

static void test_values_become_fields(void **state)
{
    (void)state;
    static const enum value_kind kinds[FIELDS] = {VALUE_TEXT, VALUE_DOUBLE, VALUE_TIME};
    static const char *const texts[] = {"", "short", "twelve bytes", "thirteen bytes",
                                        "a, comma and \"quotes\" inside", "\"begins with one",
                                        "\"\""};
    static const double numbers[] = {0, 0.096, -1e-9, 1234567.125, 0.1 + 0.2, 3, 1e300};
    static const char *const amounts[] = {"0.00", "0.096", "-0.000000001", "1234567.125",
                                          "0.30000000000000004", "3.00", ""};
    static const int64_t times[] = {0, 1767596400000000, -1, 253402300800000000, 1999999, -62135596800000000,
                                    INT64_MIN};
    static const char *const at[] = {"1970-01-01T00:00:00Z", "2026-01-05T07:00:00Z",
                                     "1969-12-31T23:59:59Z", "253402300800000000",
                                     "1970-01-01T00:00:01Z", "0001-01-01T00:00:00Z",
                                     "-9223372036854775808"};
    struct duckdb_text values[7];
    for (size_t i = 0; i < 7; i++)
        values[i] = text_of(texts[i]);
    struct duckdb_vector vectors[FIELDS] = {{values, NULL}, {numbers, NULL}, {times, NULL}};
    struct layout layout = layout_of_three();
    struct row_maker *maker = row_maker_open(&layout, kinds);
    const struct csv_rows *rows = row_maker_fill(maker, vectors, 0, 7);
    assert_int_equal(rows->count, 7);
    for (size_t i = 0; i < 7; i++) {
        check_field(&layout, rows, i, 0, texts[i]);
        check_double(&layout, rows, i, 1, amounts[i], "1e300");
        check_field(&layout, rows, i, 2, at[i]);
        assert_int_equal(rows->field_counts[i], FIELDS);
    }
    row_maker_free(maker);
}

static void test_batches_and_nulls(void **state)
{
    (void)state;
    static const enum value_kind kinds[FIELDS] = {VALUE_DOUBLE, VALUE_DOUBLE, VALUE_DOUBLE};
    double numbers[ROWS];
    uint64_t valid[ROWS / 64 + 1];
    memset(valid, 0, sizeof valid);
    for (size_t i = 0; i < ROWS; i++) {
        numbers[i] = (double)i / 8;
        if (i % 3)
            valid[i / 64] |= (uint64_t)1 << i % 64;
    }
    struct duckdb_vector vectors[FIELDS] = {{numbers, valid}, {numbers, NULL}, {numbers, valid}};
    struct layout layout = layout_of_three();
    struct row_maker *maker = row_maker_open(&layout, kinds);
    size_t seen = 0;
    while (seen < ROWS) {
        const struct csv_rows *rows = row_maker_fill(maker, vectors, seen, ROWS);
        assert_true(rows->count > 0 && rows->count <= CSV_BATCH_ROWS);
        for (size_t i = 0; i < rows->count; i++, seen++) {
            char text[32];
            int decimals = seen % 2 ? 3 : 2; /* eighths: .125, .25, .5 */
            snprintf(text, sizeof text, "%.*f", decimals, (double)seen / 8);
            check_double(&layout, rows, i, 0, seen % 3 ? text : NULL, "");
            check_double(&layout, rows, i, 1, text, NULL);
            check_double(&layout, rows, i, 2, seen % 3 ? text : NULL, "");
        }
    }
    row_maker_free(maker);
}

static void test_a_row_has_its_limit(void **state)
{
    (void)state;
    static const enum value_kind kinds[FIELDS] = {VALUE_TEXT, VALUE_TEXT, VALUE_TEXT};
    enum { LONG = 7 << 20 };
    char *text = mem_alloc(LONG + 1);
    memset(text, 'x', LONG);
    struct duckdb_text values[2] = {text_of("short"), text_of(text)};
    struct duckdb_vector vectors[FIELDS] = {{values, NULL}, {values, NULL}, {values, NULL}};
    struct layout layout = layout_of_three();
    struct row_maker *maker = row_maker_open(&layout, kinds);
    assert_int_equal(row_maker_fill(maker, vectors, 0, 2)->count, 1);
    assert_int_equal(row_maker_fill(maker, vectors, 1, 2)->count, 0);
    row_maker_free(maker);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_doubles_are_amounts_or_texts),
        cmocka_unit_test(test_values_become_fields),
        cmocka_unit_test(test_batches_and_nulls),
        cmocka_unit_test(test_a_row_has_its_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
