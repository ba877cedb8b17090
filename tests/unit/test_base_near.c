#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/near.h"

static void distances_are_counted_in_letters(void **state)
{
    (void)state;
    assert_int_equal(near_distance("", ""), 0);
    assert_int_equal(near_distance("abc", ""), 3);
    assert_int_equal(near_distance("kitten", "sitting"), 3);
    assert_int_equal(near_distance("reigon", "region"), 1);
    assert_int_equal(near_distance("EC2", "ec2"), 0);
    assert_int_equal(near_distance("storage", "storge"), 1);
}

static void the_nearest_word_is_found_if_any(void **state)
{
    (void)state;
    struct near near = {.word = "m6i.2xlage"};
    near_try(&near, "m6i.large");
    near_try(&near, "m6i.2xlarge");
    near_try(&near, "m6a.2xlarge");
    assert_string_equal(near.best, "m6i.2xlarge");
    struct near none = {.word = "s3"};
    near_try(&none, "databricks");
    assert_null(none.best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_counted_in_letters),
        cmocka_unit_test(the_nearest_word_is_found_if_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
