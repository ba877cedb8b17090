#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/multimap.h"

static void expect(const struct multimap *map, const char *key, size_t length, const size_t *values,
                   size_t count)
{
    size_t seen = 0;
    for (struct multimap_walk w = multimap_find(map, key, length); multimap_next(&w); seen++) {
        assert_true(seen < count);
        assert_int_equal(w.value, values[seen]);
    }
    assert_int_equal(seen, count);
}

static void a_key_keeps_its_values_in_order(void **state)
{
    (void)state;
    struct multimap map = MULTIMAP_INIT;
    expect(&map, "raw", 3, NULL, 0);
    multimap_put(&map, "raw", 3, 7);
    multimap_put(&map, "log", 3, 8);
    multimap_put(&map, "raw", 3, 2);
    multimap_put(&map, "raw", 3, 7);
    expect(&map, "raw", 3, (const size_t[]){7, 2, 7}, 3);
    expect(&map, "log", 3, (const size_t[]){8}, 1);
    expect(&map, "rawer", 5, NULL, 0);
    expect(&map, "raw", 2, NULL, 0);
    multimap_release(&map);
}

static void many_keys_of_many_values(void **state)
{
    (void)state;
    enum { KEYS = 300, EACH = 20 };
    static char names[KEYS][2];
    struct multimap map = MULTIMAP_INIT;
    for (size_t i = 0; i < KEYS * EACH; i++) {
        size_t k = i % KEYS;
        names[k][0] = (char)('!' + k % 90);
        names[k][1] = (char)('!' + k / 90);
        multimap_put(&map, names[k], 2, i);
    }
    for (size_t k = 0; k < KEYS; k++) {
        size_t want[EACH];
        for (size_t i = 0; i < EACH; i++)
            want[i] = k + i * KEYS;
        expect(&map, names[k], 2, want, EACH);
    }
    multimap_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_keeps_its_values_in_order),
        cmocka_unit_test(many_keys_of_many_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
