#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/report.h"

static const struct column columns[] = {
    {"name", "Name", ALIGN_LEFT, 0, true},
    {"usd", "USD", ALIGN_RIGHT, 0, false},
    {"note", "Note", ALIGN_LEFT, 2, false},
};

static char *rendered(const struct report *report, const char *format, size_t width)
{
    static struct buf out;
    buf_clear(&out);
    struct err err = ERR_INIT;
    assert_true(renderer_named(format)->render(
        &out, report, &(struct render_options){width, false}, &err));
    return out.text;
}

static struct report *sample(const char *name)
{
    struct report *report = report_new("Sample");
    struct section *section = report_section(report, "spend", "Spend");
    struct table *table = section_table(report, section, "spend", "", columns, 3);
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, name);
    row->cells[1] = cell_money(money_of(1234567.891));
    row->cells[2] = cell_text(report, "a remark that takes room");
    return report;
}

static void aligns_and_groups(void **state)
{
    (void)state;
    struct report *report = sample("raw");
    const char *text = rendered(report, "text", 80);
    assert_non_null(strstr(text, "raw   1,234,567.89  a remark that takes room\n"));
    report_free(report);
}

/* They make 1.998: shown one by one, 0.33 + 1.33 + 0.33 would stand above a total of 2.00. */
static void a_total_is_the_sum_of_what_is_shown(void **state)
{
    (void)state;
    struct report *report = report_new("Sample");
    struct section *section = report_section(report, "spend", "Spend");
    struct table *table = section_table(report, section, "spend", "", columns, 3);
    const double amounts[] = {0.333, 1.333, 0.333, -0.001};
    for (size_t i = 0; i < 4; i++) {
        struct row *row = table_row(report, table);
        row->cells[0] = cell_text(report, "row");
        row->cells[1] = cell_money(money_of(amounts[i]));
    }
    table_total(report, table, "Total", 1, 1);
    const char *text = rendered(report, "text", 80);
    assert_non_null(strstr(text, "row    0.33\n"));
    assert_non_null(strstr(text, "row    1.34\n"));
    assert_non_null(strstr(text, "Total  2.00\n"));
    const char *csv = rendered(report, "csv", 80);
    assert_non_null(strstr(csv, "1.333"));
    report_free(report);
}

/* What is shown is its amount rounded up or down. */
static struct money cents_of(const struct cell *cell)
{
    struct money off = money_sub(cell->money, cell->shown), cent = money_of(0.01);
    assert_true(money_cmp(off, cent) < 0 && money_cmp(money_neg(off), cent) < 0);
    return money_round(cell->shown, 2);
}

/* Whether every row adds up; columns must. */
static bool adds_up(const struct table *table)
{
    bool all = true;
    size_t last = table->rows.count - 1;
    for (size_t r = 0; r <= last; r++) {
        const struct cell *c = table->rows.at[r].cells;
        all = all && !money_cmp(money_add(cents_of(&c[1]), cents_of(&c[2])), cents_of(&c[3]));
    }
    for (size_t c = 1; c <= 3; c++) {
        struct money sum = MONEY_ZERO;
        for (size_t r = 0; r < last; r++)
            sum = money_add(sum, cents_of(&table->rows.at[r].cells[c]));
        assert_int_equal(money_cmp(sum, cents_of(&table->rows.at[last].cells[c])), 0);
    }
    return all;
}

/* Random thousandths: rows and columns of what is shown add up, each a rounding of its amount. */
static void rows_add_up_too(void **state)
{
    (void)state;
    static const struct column four[] = {{"a", "A", ALIGN_LEFT, 0, false},
                                         {"b", "B", ALIGN_RIGHT, 0, false},
                                         {"c", "C", ALIGN_RIGHT, 0, false},
                                         {"d", "D", ALIGN_RIGHT, 0, false}};
    uint32_t seed = 7;
    size_t good = 0;
    for (size_t n = 0; n < 300; n++) {
        struct report *report = report_new("Sample");
        struct section *section = report_section(report, "s", "S");
        struct table *table = section_table(report, section, "s", "", four, 4);
        size_t rows = n < 299 ? 3 + n % 9 : 3000; /* the last one is long */
        for (size_t r = 0; r < rows; r++) {
            struct row *row = table_row(report, table);
            struct money parts[2];
            for (size_t i = 0; i < 2; i++)
                parts[i] = money_of((seed = seed * 1664525 + 1013904223) % 100000 / 1e3);
            row->cells[1] = cell_money(parts[0]);
            row->cells[2] = cell_money(parts[1]);
            row->cells[3] = cell_money(money_add(parts[0], parts[1]));
        }
        table_total(report, table, "Total", 1, 3);
        table_add_across(table, 1, 3);
        good += adds_up(table);
        report_free(report);
    }
    print_message("%zu of 300 tables add up both ways\n", good);
    assert_int_equal(good, 300);
}

static void a_wide_range_breaks_before_columns_go(void **state)
{
    (void)state;
    struct report *report = sample("raw");
    struct section *section = report_section(report, "range", "Range");
    struct table *table = section_table(report, section, "range", "", columns, 3);
    struct row *row = table_row(report, table);
    row->cells[0] = cell_text(report, "plan");
    row->cells[1] = cell_range((struct money_range){money_of(10.5), money_of(20), money_of(300)});
    row->cells[2] = cell_text(report, "kept");
    const char *text = rendered(report, "text", 30);
    assert_non_null(strstr(text, "plan       20.00  kept\n"));
    assert_non_null(strstr(text, "(10.50 ..\n"));
    assert_non_null(strstr(text, "300.00)\n"));
    report_free(report);
}

/* Columns of a page are as wide as what does not break: names break behind signs alone. */
static void html_breaks_names_behind_signs(void **state)
{
    (void)state;
    struct report *report = report_new("Sample");
    struct section *section = report_section(report, "s", "S");
    struct table *table = section_table(report, section, "s", "", columns, 3);
    static const struct {
        const char *name, *html;
    } names[] = {
        {"commitment.savings_plan", ">commitment.<wbr>savings_<wbr>plan<"},
        {"on 2 x m6i.24xlarge, not c5.xlarge", ">on 2 x m6i.24xlarge, not c5.xlarge<"},
        {"app/legacy/1a2b3c4d5e6f7a8b", ">app/<wbr>legacy/<wbr>1a2b3c4d5e6f7a8b<"},
        {"0123456789012345678901234567890123456789",
         ">0123456789012345678901234567<wbr>890123456789<"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_row(report, table)->cells[0] = cell_text(report, names[i].name);
    const char *html = rendered(report, "html", 80);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_non_null(strstr(html, names[i].html));
    report_free(report);
}

static void drops_by_priority_when_narrow(void **state)
{
    (void)state;
    struct report *report = sample("raw");
    const char *text = rendered(report, "text", 40);
    assert_null(strstr(text, "a remark that takes room"));
    assert_non_null(strstr(text, "1,234,567.89"));
    report_free(report);
}

static void makes_control_characters_harmless(void **state)
{
    (void)state;
    struct report *report = sample("x\033]0;owned\007\xc2\x9b");
    const char *text = rendered(report, "text", 100);
    assert_null(strchr(text, '\033'));
    assert_non_null(strstr(text, "x\\x1b]0;owned\\x07\\xc2\\x9b"));
    report_free(report);
}

static void money_in_json_keeps_every_digit(void **state)
{
    (void)state;
    struct report *report = report_new("Sample");
    struct money m;
    assert_true(money_parse(&m, "12.000000000000000001", 21, NULL));
    node_add(&report->arena, report->json, "total", json_money(report, m));
    assert_string_equal(rendered(report, "json", 80), "{\n  \"total\": 12.000000000000000001\n}\n");
    report_free(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(aligns_and_groups),
        cmocka_unit_test(a_total_is_the_sum_of_what_is_shown),
        cmocka_unit_test(rows_add_up_too),
        cmocka_unit_test(html_breaks_names_behind_signs),
        cmocka_unit_test(a_wide_range_breaks_before_columns_go),
        cmocka_unit_test(drops_by_priority_when_narrow),
        cmocka_unit_test(makes_control_characters_harmless),
        cmocka_unit_test(money_in_json_keeps_every_digit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
