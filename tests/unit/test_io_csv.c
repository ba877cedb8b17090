#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "base/buf.h"
#include "io/csv.h"

static struct csv *open_text(const char *text)
{
    struct csv *csv;
    struct err err = ERR_INIT;
    assert_true(csv_open_text(&csv, "t.csv", text, strlen(text), &err));
    return csv;
}

static void next(struct csv *csv, bool expected)
{
    bool more;
    struct err err = ERR_INIT;
    assert_true(csv_next(csv, &more, &err));
    assert_int_equal(more, expected);
}

static void test_columns_by_name_and_rows(void **state)
{
    (void)state;
    struct csv *csv =
        open_text("\xef\xbb\xbfid,name\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n\r\n 2 ,\n");
    assert_int_equal(csv_columns(csv), 2);
    assert_string_equal(csv_column_name(csv, 0), "id");
    assert_int_equal(csv_column(csv, "name"), 1);
    assert_int_equal(csv_column(csv, "Name"), (size_t)-1);
    next(csv, true);
    assert_int_equal(csv_row(csv), 2);
    assert_string_equal(csv_text(csv, 1), "a, \"b\"\r\nc");
    next(csv, true);
    assert_string_equal(csv_text(csv, 0), " 2 ");
    assert_string_equal(csv_text(csv, 1), "");
    next(csv, false);
    next(csv, false);
    csv_close(csv);
}

static void test_ragged_rows_and_empty_against_quoted_empty(void **state)
{
    (void)state;
    struct csv *csv = open_text("a,b,c\n1\n1,\"\",3,4\n");
    next(csv, true);
    assert_int_equal(csv_field_count(csv), 1);
    assert_string_equal(csv_text(csv, 2), "");
    assert_false(csv_at(csv, 2).quoted);
    next(csv, true);
    assert_int_equal(csv_field_count(csv), 4);
    assert_true(csv_at(csv, 1).quoted);
    assert_string_equal(csv_text(csv, 3), "4");
    csv_close(csv);
}

static void test_many_rows_across_blocks(void **state)
{
    (void)state;
    struct buf text = BUF_INIT;
    buf_add(&text, "n,twice\n");
    for (int i = 0; i < 5000; i++)
        buf_printf(&text, "%d,\"%d\n\"\n", i, 2 * i);
    struct csv *csv = open_text(buf_text(&text));
    for (int i = 0; i < 5000; i++) {
        char expected[32];
        next(csv, true);
        snprintf(expected, sizeof expected, "%d\n", 2 * i);
        assert_string_equal(csv_text(csv, 1), expected);
    }
    next(csv, false);
    csv_close(csv);
    buf_release(&text);
}

static void test_damage_is_named_by_row(void **state)
{
    (void)state;
    struct csv *csv;
    struct err err = ERR_INIT;
    assert_false(csv_open_text(&csv, "t.csv", "", 0, &err));
    assert_non_null(strstr(err.text, "t.csv: empty"));
    csv = open_text("a\n1\n\"2");
    next(csv, true);
    bool more;
    assert_false(csv_next(csv, &more, &err));
    assert_non_null(strstr(err.text, "t.csv: row 3"));
    csv_close(csv);
}

static struct csv *open_at_first_row(const char *text)
{
    struct err err = ERR_INIT;
    struct csv *csv;
    bool more = false;
    assert_true(csv_open_text(&csv, "t.csv", text, strlen(text), &err));
    assert_true(csv_next(csv, &more, &err) && more);
    return csv;
}

static void test_semicolons_and_tabs_bring_decimal_commas(void **state)
{
    (void)state;
    char room[CSV_DECIMAL];
    static const char *const texts[] = {"\xef\xbb\xbf"
                                        "a;b,c;c\r\n1,5;x;1.2,5\r\n",
                                        "a;b;c\n1,5;\"x;y\";1,2,5\n", "a\tb\tc\n1,5\tx\t7\n"};
    struct csv *csv = open_at_first_row(texts[0]); /* one comma: it keeps fields apart */
    assert_int_equal(csv_columns(csv), 2);
    assert_string_equal(csv_decimal(csv, 0, room), "1");
    csv_close(csv);
    csv = open_at_first_row(texts[1]);
    assert_int_equal(csv_columns(csv), 3);
    assert_string_equal(csv_decimal(csv, 0, room), "1.5");
    assert_string_equal(csv_text(csv, 1), "x;y");
    assert_string_equal(csv_decimal(csv, 2, room),
                        "1,2,5"); /* no number: the reader says so */
    csv_close(csv);
    csv = open_at_first_row(texts[2]);
    assert_string_equal(csv_decimal(csv, 0, room), "1.5");
    assert_string_equal(csv_text(csv, 2), "7");
    assert_string_equal(csv_decimal(csv, (size_t)-1, room), "");
    csv_close(csv);
    csv = open_at_first_row("a,\"b;c\"\n\"1,5\",2\n");
    assert_string_equal(csv_decimal(csv, 0, room), "1,5"); /* may as well be fifteen */
    csv_close(csv);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_by_name_and_rows),
        cmocka_unit_test(test_ragged_rows_and_empty_against_quoted_empty),
        cmocka_unit_test(test_semicolons_and_tabs_bring_decimal_commas),
        cmocka_unit_test(test_many_rows_across_blocks),
        cmocka_unit_test(test_damage_is_named_by_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
