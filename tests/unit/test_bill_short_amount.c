#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bill/short_amount.h"

static uint64_t state = 1;

static unsigned random_below(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % limit;
}

static void test_agrees_with_money_parse(void **unused)
{
    static const char bytes[] = "00112233445566778899...-E,\"x ";
    (void)unused;
    size_t read = 0;
    for (int i = 0; i < 300000; i++) {
        char text[40];
        for (size_t c = 0; c < sizeof text; c++)
            text[c] = bytes[random_below(i % 3 ? 20 : sizeof bytes - 1)];
        size_t length = random_below(20);
        if (i % 3 && length)
            text[random_below((unsigned)length)] = '.';
        wide fast;
        struct money slow = MONEY_ZERO;
        bool rounded = false, is_fast = short_amount(&fast, text, length);
        bool is_amount = money_parse(&slow, text, length, &rounded);
        read += is_fast;
        if (is_fast && (!is_amount || rounded || fast != slow.atto))
            fail_msg("'%.*s'", (int)length, text);
    }
    assert_true(read > 150000);
}

static void test_takes_what_bills_have(void **unused)
{
    static const struct {
        const char *text;
        int64_t milliards; /* of the amount */
    } taken[] = {{"0", 0}, {"1", 1000000000}, {"0.0960000000", 96000000}, {".5", 500000000},
                 {"12.", INT64_C(12000000000)}, {"123456.789", INT64_C(123456789000000)},
                 {"00000000000000.1", 100000000}};
    static const char *const left[] = {"", ".", "-1", "1E-6", "1.2.3", "12345678901234567", "1,2"};
    (void)unused;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        char text[32] = {0};
        wide amount;
        memcpy(text, taken[i].text, strlen(taken[i].text));
        assert_true(short_amount(&amount, text, strlen(text)));
        assert_true(amount == (wide)taken[i].milliards * 1000000000);
    }
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char text[32] = {0};
        wide amount;
        memcpy(text, left[i], strlen(left[i]));
        assert_false(short_amount(&amount, text, strlen(text)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_money_parse),
        cmocka_unit_test(test_takes_what_bills_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
