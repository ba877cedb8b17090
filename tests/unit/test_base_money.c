#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/money.h"

static struct money parse(const char *text)
{
    struct money m = MONEY_ZERO;
    assert_true(money_parse(&m, text, strlen(text), NULL));
    return m;
}

static void assert_exact(struct money m, const char *want)
{
    struct buf text = BUF_INIT;
    money_format_exact(&text, m);
    assert_string_equal(buf_text(&text), want);
    buf_release(&text);
}

static void reads_every_form_a_bill_uses(void **state)
{
    (void)state;
    assert_exact(parse("0"), "0.00");
    assert_exact(parse("12.5"), "12.50");
    assert_exact(parse("-.5"), "-0.50");
    assert_exact(parse("3.1E-8"), "0.000000031");
    assert_exact(parse("1e+3"), "1000.00");
    assert_exact(parse("0.000000000000000001"), "0.000000000000000001");
}

/* A plus sign sends a text by the careful way: both must read, or refuse, the same. */
static void the_quick_way_reads_as_the_careful_one(void **state)
{
    (void)state;
    static const char letters[] = "0123456789012345678900000000..eE-+x";
    uint64_t random = 7;
    for (unsigned round = 0; round < 200000; round++) {
        char text[40] = "+";
        size_t length = 1 + round % 27;
        for (size_t i = 1; i <= length; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            bool mostly_digits = round % 3 && i > 1;
            text[i] = letters[(random >> 33) % (mostly_digits ? 29 : sizeof letters - 1)];
        }
        if (round % 4 == 0 && length > 4)
            memcpy(text + length - 3, "E-0", 3);
        if (text[1] == '-' || text[1] == '+')
            continue;
        struct money quick = MONEY_ZERO, careful = MONEY_ZERO;
        bool lost[2] = {false, false};
        bool read = money_parse(&quick, text + 1, length, &lost[0]);
        assert_int_equal(read, money_parse(&careful, text, length + 1, &lost[1]));
        if (read)
            assert_int_equal(money_cmp(quick, careful), 0);
        assert_int_equal(lost[0], lost[1]);
    }
}

static void digits_are_the_amount_or_refused(void **state)
{
    (void)state;
    static const struct {
        uint64_t digits;
        int exponent;
        const char *want; /* NULL: refused */
    } cases[] = {
        {0, 0, "0.00"},
        {6, 2, "600.00"},
        {96, -3, "0.096"},
        {1, -18, "0.000000000000000001"},
        {1, -19, NULL},
        {UINT64_MAX, -18, "18.446744073709551615"},
        {99999999999999999, 0, "99999999999999999.00"},
        {100000000000000000, 0, NULL},
        {9, 16, "90000000000000000.00"},
        {1, 17, NULL},
        {1, 400, NULL},
        {1, -400, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct money m;
        bool exact = money_exact(&m, cases[i].digits, cases[i].exponent);
        assert_int_equal(exact, cases[i].want != NULL);
        if (exact)
            assert_exact(m, cases[i].want);
    }
}

static void whole_amounts_are_whole_doubles(void **state)
{
    (void)state;
    assert_true(money_double(parse("100000")) == 100000);
    assert_true(money_double(parse("-25000000000")) == -25e9);
    assert_true(money_double(parse("0.1")) == 0.1);
    assert_true(money_double(parse("123456.789")) == 123456.789);
}

static void refuses_what_is_not_a_number(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", "1,2", "0x10", "1e", "NaN", " 1", "1 ", "1e17"};
    struct money m;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(money_parse(&m, bad[i], strlen(bad[i]), NULL));
}

static void says_when_digits_were_lost(void **state)
{
    (void)state;
    bool rounded = false;
    struct money m;
    assert_true(money_parse(&m, "0.0000000000000000015", 21, &rounded));
    assert_true(rounded);
    assert_exact(m, "0.000000000000000002");
    rounded = false;
    assert_true(money_parse(&m, "1.50000000000000000000000", 25, &rounded));
    assert_false(rounded);
}

static void sums_do_not_depend_on_the_order(void **state)
{
    (void)state;
    struct money a = MONEY_ZERO, b = MONEY_ZERO;
    for (int i = 0; i < 1000; i++)
        a = money_add(a, parse("0.1"));
    for (int i = 0; i < 1000; i++)
        b = money_add(parse("0.1"), b);
    assert_int_equal(money_cmp(a, b), 0);
    assert_exact(a, "100.00");
}

static void rounds_half_to_even(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"0.125", "0.12"}, {"0.135", "0.14"}, {"-0.004", "0.00"}, {"-0.006", "-0.01"}};
    for (size_t i = 0; i < 4; i++) {
        struct buf text = BUF_INIT;
        money_format(&text, parse(cases[i][0]), 2);
        assert_string_equal(buf_text(&text), cases[i][1]);
        buf_release(&text);
    }
}

static void rounds_to_decimals_that_mean_something(void **state)
{
    (void)state;
    assert_exact(money_round(parse("5.8800000006417426"), 6), "5.88");
    assert_exact(money_round(parse("-0.0000015"), 6), "-0.000002");
    assert_exact(money_round(parse("2.5"), 0), "2.00");
    struct money end = money_of(1e30); /* the end of the range has nothing to round up to */
    for (int decimals = 0; decimals <= 18; decimals++)
        assert_true(money_cmp(money_round(end, decimals), money_of(1e20)) > 0 &&
                    money_cmp(money_round(end, decimals), end) <= 0);
}

static void shares_and_factors(void **state)
{
    (void)state;
    assert_exact(money_share(parse("10"), parse("1"), parse("4")), "2.50");
    assert_exact(money_share(parse("-2"), parse("1"), parse("3")), "-0.666666666666666667");
    assert_exact(money_share(parse("58885700219.135"), parse("1234.5"), parse("1234.5")),
                 "58885700219.135");
    assert_exact(money_share(parse("6345.06"), parse("-0.1"), parse("0.3")), "-2115.02");
    assert_exact(money_share(parse("2085513799.1192805"), parse("1230101.7"),
                             parse("1366779.666666666666")), "1876962419.207352450915515726");
    assert_exact(money_share(parse("99999999999999999"), parse("99999999999999999"),
                             parse("0.000000000000000001")),
                 "170141183460469231731.687303715884105727");
    assert_exact(money_times(parse("0.1"), 730), "73.00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_a_bill_uses),
        cmocka_unit_test(the_quick_way_reads_as_the_careful_one),
        cmocka_unit_test(digits_are_the_amount_or_refused),
        cmocka_unit_test(whole_amounts_are_whole_doubles),
        cmocka_unit_test(refuses_what_is_not_a_number),
        cmocka_unit_test(says_when_digits_were_lost),
        cmocka_unit_test(sums_do_not_depend_on_the_order),
        cmocka_unit_test(rounds_half_to_even),
        cmocka_unit_test(rounds_to_decimals_that_mean_something),
        cmocka_unit_test(shares_and_factors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
