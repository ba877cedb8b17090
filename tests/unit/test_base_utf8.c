#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

static void sequences(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a", 1), 1);
    assert_int_equal(utf8_length("\0", 1), 1);
    assert_int_equal(utf8_length("\xc3\xa4", 2), 2);
    assert_int_equal(utf8_length("\xe2\x82\xac", 3), 3);
    assert_int_equal(utf8_length("\xf0\x9f\x98\x80", 4), 4);
    assert_int_equal(utf8_length("\xf4\x8f\xbf\xbf", 4), 4);
}

static void what_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } none[] = {
        {"", 0},          {"\x80", 1},         {"\xc3", 1},
        {"\xc3(", 2},     {"\xc0\xaf", 2},     {"\xe0\x82\x9b", 3},
        {"\xed\xa0\x80", 3}, {"\xf0\x8f\xbf\xbf", 4}, {"\xf4\x90\x80\x80", 4},
        {"\xf5\x80\x80\x80", 4}, {"\xff", 1},
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(utf8_length(none[i].bytes, none[i].length), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences),
        cmocka_unit_test(what_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
