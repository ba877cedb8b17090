#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/csv.h"
#include "io/csv_scan.h"

enum { COLUMNS = 12 };

/* Every field of every row as "[text]", rows ending with a line feed: by libcsv. */
static bool by_libcsv(struct buf *out, const char *text, size_t length)
{
    struct csv *csv;
    struct err err = ERR_INIT;
    struct buf whole = BUF_INIT;
    buf_add(&whole, "h\n");
    buf_add_n(&whole, text, length);
    bool ok = csv_open_text(&csv, "t", whole.text, whole.length, &err), more = true;
    while (ok && (ok = csv_next(csv, &more, &err)) && more) {
        for (size_t i = 0; i < csv_field_count(csv) && i < COLUMNS; i++) {
            struct csv_field f = csv_at(csv, i);
            buf_add_char(out, '[');
            buf_add_n(out, f.text, f.length);
            buf_add_char(out, ']');
        }
        buf_printf(out, "%zu\n", csv_field_count(csv));
    }
    csv_close(csv);
    buf_release(&whole);
    return ok;
}

/* The same by the scanner, fed `step` bytes at a time. */
static bool by_scan(struct buf *out, enum csv_kernel kernel, const char *text, size_t length,
                    size_t step)
{
    static const uint32_t columns[COLUMNS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct csv_plan plan;
    struct csv_rows rows;
    csv_plan_make(&plan, kernel, ',', columns, COLUMNS);
    csv_rows_init(&rows, &plan);
    bool closed = true;
    for (size_t at = 0, given = 0; at < length || given < length;) {
        given = given + step < length ? given + step : length;
        for (size_t used = 1; used;) {
            used = csv_scan(&plan, &rows, text + at, given - at, given == length);
            closed = closed && !rows.unclosed;
            for (size_t r = 0; r < rows.count; r++) {
                for (size_t f = 0; f < COLUMNS && csv_has(&plan, &rows, r, f); f++) {
                    struct csv_view raw = csv_raw(&plan, &rows, r, f);
                    char *room = mem_alloc(raw.length);
                    struct csv_view v = csv_unquote(raw, room);
                    buf_add_char(out, '[');
                    buf_add_n(out, v.at, v.length);
                    buf_add_char(out, ']');
                    free(room);
                }
                buf_printf(out, "%u\n", rows.field_counts[r]);
            }
            at += used;
            if (!rows.count)
                break;
        }
        if (given == length)
            break;
    }
    csv_rows_release(&rows);
    return closed;
}

static void compare_in_steps(const char *text, size_t length, const size_t *steps, size_t count)
{
    struct buf expected = BUF_INIT, got = BUF_INIT;
    bool whole = by_libcsv(&expected, text, length);
    for (unsigned k = 0; k < CSV_KERNELS; k++) {
        if (!csv_kernel_available((enum csv_kernel)k))
            continue;
        for (size_t s = 0; s < count; s++) {
            buf_clear(&got);
            assert_int_equal(by_scan(&got, (enum csv_kernel)k, text, length, steps[s]), whole);
            if (whole)
                assert_string_equal(buf_text(&got), buf_text(&expected));
        }
    }
    buf_release(&expected);
    buf_release(&got);
}

static void compare(const char *text, size_t length)
{
    compare_in_steps(text, length, (const size_t[]){length + 1, 64, 7}, 3);
}

static void test_written_cases(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "", "a", "a,b\n", "a,b\r\nc,d\r\n", "a\rb\rc", "\n\n\na\n\n", ",\n,,\n", "\"\"\n",
        "\"a,b\",c\n", "\"a\nb\",c\n\"d\r\ne\"\n", "\"a\"\"b\",\"\"\"\"\n", "\"\"\"a\"\"\"\n",
        "5\" disk,6\" disk\nnext,row\n", "a\"b,c\n\"d\"\n", "\"a\"b,c\"\n1,2\n",
        "\"a\" ,b\nx,\"y\n", "\"open\n", " \"a\",b\n", "a,\"b\"\"\n,c\",d\ne\n", "\"a\"\"\"\n",
        "1,2,3,4,5,6,7,8,9,10,11,12,13,14\n1\n", "\ta\x01,\x0b\n\x0c\n", "a\0b,c\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        compare(cases[i], i + 1 == sizeof cases / sizeof *cases ? 6 : strlen(cases[i]));
}

/* Long and short pieces put together at random: every block boundary gets its turn. */
static void test_random_texts_agree_with_libcsv(void **state)
{
    (void)state;
    static const char *const pieces[] = {",", ",", ",", ",,,", "\n", "\r\n", "\r", "\"", "\"\"",
                                         "\",\"", "\"\n\"", "abc", "0.0250000000",
                                         "a-long-piece-of-text-that-spans-a-block-of-64-bytes-0123",
                                         " ", "\t", "\"quoted, with comma\"", ",\"x\","};
    uint32_t seed = 1;
    for (int n = 0; n < 4000; n++) {
        struct buf text = BUF_INIT;
        for (uint32_t i = 0, count = (uint32_t)n % 60; i < count; i++) {
            seed = seed * 1664525u + 1013904223u;
            buf_add(&text, pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)]);
        }
        compare(buf_text(&text), text.length);
        buf_release(&text);
    }
}

/* Kernels that look at more than a block at a time have ends of their own to get right. */
static void test_long_texts_agree_with_libcsv(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        unsigned times;
    } lines[][3] = {{{"\n", 70000}}, {{"a\n", 40000}}, {{"1,2\r\n", 20000}, {"x\ry", 3}},
                    {{",", 40000}, {"\nb,c\n", 500}}, {{"text ", 20000}, {",b\n", 3000}},
                    {{"\"", 1}, {"a,\n", 30000}, {"\",b\nc\n", 1}},
                    {{"a,\"b\"\n", 5000}, {"5\" disk,c\n", 2}, {"d,e\n", 9000}},
                    {{"field,", 5461}, {"\n", 3}, {",,,,,,,,\n", 9000}},
                    {{"\"open", 1}, {",\n", 40000}}};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct buf text = BUF_INIT;
        for (size_t p = 0; p < 3 && lines[i][p].piece; p++)
            for (unsigned n = 0; n < lines[i][p].times; n++)
                buf_add(&text, lines[i][p].piece);
        compare_in_steps(buf_text(&text), text.length,
                         (const size_t[]){text.length + 1, 9973, 65536}, 3);
        buf_release(&text);
    }
}

/* The bytes end at a page that may not be touched; they begin right behind another. */
static void test_reads_nothing_outside(void **state)
{
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *area = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(area != MAP_FAILED);
    mprotect(area, page, PROT_NONE);
    mprotect(area + 2 * page, page, PROT_NONE);
    struct buf got = BUF_INIT;
    for (size_t length = 1; length < 200; length++) {
        char *ends = area + 2 * page - length, *begins = area + page;
        memset(begins, 'x', page);
        for (size_t i = 0; i < length; i += 5)
            ends[i] = begins[i] = i % 3 ? ',' : '\n';
        ends[length / 2] = begins[length / 2] = '"';
        for (unsigned k = 0; k < CSV_KERNELS; k++) {
            if (!csv_kernel_available((enum csv_kernel)k))
                continue;
            by_scan(&got, (enum csv_kernel)k, ends, length, length);
            by_scan(&got, (enum csv_kernel)k, begins, length, length);
        }
        assert_int_equal(csv_quote_parity(ends, length), csv_quote_parity(begins, length));
        buf_clear(&got);
    }
    buf_release(&got);
    munmap(area, 3 * page);
}

static void test_only_wanted_columns_in_any_order(void **state)
{
    (void)state;
    static const uint32_t columns[] = {5, 0, 2, 5};
    struct csv_plan plan;
    struct csv_rows rows;
    csv_plan_make(&plan, csv_kernel_best(), ',', columns, 4);
    csv_rows_init(&rows, &plan);
    const char *text = "a,b,c,d,e,f,g\n1,2\n";
    assert_int_equal(csv_scan(&plan, &rows, text, strlen(text), true), strlen(text));
    assert_int_equal(rows.count, 2);
    assert_memory_equal(csv_raw(&plan, &rows, 0, 0).at, "f", 1);
    assert_memory_equal(csv_raw(&plan, &rows, 0, 1).at, "a", 1);
    assert_memory_equal(csv_raw(&plan, &rows, 0, 2).at, "c", 1);
    assert_int_equal(csv_raw(&plan, &rows, 0, 3).length, 1);
    assert_true(csv_has(&plan, &rows, 1, 1));
    assert_false(csv_has(&plan, &rows, 1, 2));
    assert_int_equal(csv_raw(&plan, &rows, 1, 0).length, 0);
    assert_memory_equal(csv_find(&plan, &rows, 0, 6).at, "g", 1);
    assert_int_equal(csv_find(&plan, &rows, 0, 6).length, 1);
    assert_memory_equal(csv_find(&plan, &rows, 0, 0).at, "a", 1);
    assert_int_equal(csv_find(&plan, &rows, 0, 3).length, 1);
    assert_int_equal(csv_find(&plan, &rows, 0, 7).length, 0);
    assert_memory_equal(csv_find(&plan, &rows, 1, 1).at, "2", 1);
    assert_int_equal(csv_find(&plan, &rows, 1, 5).length, 0);
    csv_rows_release(&rows);
}

/* Rows of 700 fields and shorter ones; wanted are a few, every one of many, and the last. */
static void test_many_columns_lie_where_they_are_found(void **state)
{
    (void)state;
    enum { WIDE = 700, ROWS = 40 };
    static const struct {
        uint32_t first, step;
        size_t count;
    } wanted[] = {{0, 1, 90}, {3, 2, 60}, {10, 40, 12}, {31, 1, 2}, {100, 7, 80}, {699, 1, 1}};
    struct buf text = BUF_INIT;
    for (unsigned r = 0; r < ROWS; r++)
        for (unsigned f = 0, n = r % 5 ? WIDE : 7 * r; f <= n; f++)
            buf_add(&text, f == n ? "\n" : f % 9 == 2 ? "\"a,\"," : &"abc,"[f * r % 4]);
    for (unsigned k = 0; k < CSV_KERNELS; k++)
        for (size_t w = 0; w < sizeof wanted / sizeof *wanted; w++) {
            if (!csv_kernel_available((enum csv_kernel)k))
                continue;
            uint32_t columns[CSV_WANTED_MAX];
            struct csv_plan plan;
            struct csv_rows rows;
            for (uint32_t i = 0; i < wanted[w].count; i++)
                columns[i] = wanted[w].first + i * wanted[w].step;
            csv_plan_make(&plan, (enum csv_kernel)k, ',', columns, wanted[w].count);
            csv_rows_init(&rows, &plan);
            size_t seen = 0;
            for (size_t at = 0, used = 1; used; at += used) {
                used = csv_scan(&plan, &rows, text.text + at, text.length - at, true);
                for (size_t r = 0; r < rows.count; r++, seen++)
                    for (size_t f = 0; f < wanted[w].count; f++) {
                        struct csv_view raw = csv_raw(&plan, &rows, r, f);
                        struct csv_view found = csv_find(&plan, &rows, r, columns[f]);
                        assert_int_equal(raw.length, found.length);
                        assert_true(!raw.length || raw.at == found.at);
                    }
            }
            assert_int_equal(seen, ROWS - 1); /* the first one is empty */
            csv_rows_release(&rows);
        }
    buf_release(&text);
}

static void test_quote_parity(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'a', sizeof text);
    assert_false(csv_quote_parity(text, sizeof text));
    text[3] = text[70] = text[299] = '"';
    assert_true(csv_quote_parity(text, sizeof text));
    text[130] = '"';
    assert_false(csv_quote_parity(text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_cases),
        cmocka_unit_test(test_random_texts_agree_with_libcsv),
        cmocka_unit_test(test_long_texts_agree_with_libcsv),
        cmocka_unit_test(test_reads_nothing_outside),
        cmocka_unit_test(test_only_wanted_columns_in_any_order),
        cmocka_unit_test(test_many_columns_lie_where_they_are_found),
        cmocka_unit_test(test_quote_parity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
