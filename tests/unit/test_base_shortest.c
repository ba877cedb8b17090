#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/shortest.h"

static void check_text(double number, const char *expected)
{
    char text[SHORTEST_TEXT + 1];
    text[shortest_text(text, number)] = '\0';
    assert_string_equal(text, expected);
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {0.5, "0.5"},
        {-0.096, "-0.096"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1e-10, "0.0000000001"},
        {1.5e-9, "0.0000000015"},
        {123456789.125, "123456789.125"},
        {9007199254740993.0, "9007199254740992"},
        {1e15, "1000000000000000"},
        {5e-324, "494065645841247e-338"},
        {1.7976931348623157e308, "17976931348623157e292"},
        {3.225806451612901, "3.225806451612901"},
        {2.2250738585072014e-308, "22250738585072014e-324"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_text(cases[i].number, cases[i].text);
    check_text(strtod("inf", NULL), "inf");
    check_text(strtod("nan", NULL), "nan");
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    return *state ^= *state << 17;
}

/* As many digits as printf needs to give the number back. */
static int precision_by_printf(double number)
{
    char text[40];
    int precision = 15;
    for (; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, number);
        double back = strtod(text, NULL);
        if (back >= number && back <= number)
            break;
    }
    return precision;
}

static void check_number(double number)
{
    struct shortest s;
    char text[SHORTEST_TEXT + 1];
    assert_true(shortest_decimal(&s, number));
    text[shortest_text(text, number)] = '\0';
    double back = strtod(text, NULL);
    if (back < number || back > number || s.precision != precision_by_printf(number))
        fail_msg("%.17g became %s of %d digits", number, text, s.precision);
}

static void test_every_magnitude_reads_back(void **state)
{
    (void)state;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = next(&seed);
        if (i % 2) /* the magnitudes of bills: 2^-60 to 2^56 */
            bits = (bits & ~(UINT64_C(0x7ff) << 52)) | (963 + next(&seed) % 117) << 52;
        double number;
        memcpy(&number, &bits, sizeof number);
        if (number - number < 1) /* finite */
            check_number(number);
    }
}

static void test_decimals_come_back(void **state)
{
    (void)state;
    uint64_t seed = 362436069;
    for (int i = 0; i < 20000; i++) {
        char given[40];
        uint64_t digits = next(&seed) % 1000000000000000;
        int decimals = 10 + i % 6;
        snprintf(given, sizeof given, "%llue-%d", (unsigned long long)digits, decimals);
        double number = strtod(given, NULL);
        struct shortest s;
        assert_true(shortest_decimal(&s, number));
        for (; digits && digits % 10 == 0; digits /= 10)
            decimals--;
        assert_int_equal(s.digits, digits);
        if (digits)
            assert_int_equal(s.exponent, -decimals);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_every_magnitude_reads_back),
        cmocka_unit_test(test_decimals_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
