#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "bill/line_entry.h"

static uint32_t random_of(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 32);
}

/* Parts are least + random below width; the group tells the order in which entries came. */
static void check_sort(size_t count, const uint32_t *least, const uint32_t *width)
{
    struct line_entry *entries = mem_alloc(count * sizeof *entries);
    const struct group *groups = mem_alloc(count * sizeof *groups);
    uint64_t seed = 1, sum = 0;
    for (size_t i = 0; i < count; i++) {
        for (unsigned p = 0; p < ENTRY_PARTS; p++)
            entries[i].key[p] = least[p] + random_of(&seed) % width[p];
        entries[i].group = groups + i;
        sum += entries[i].key[ENTRY_SKU];
    }
    line_entries_sort(&entries, count);
    for (size_t i = 1; i < count; i++) {
        const struct line_entry *a = &entries[i - 1], *b = &entries[i];
        unsigned p = ENTRY_PARTS - 1;
        while (p && a->key[p] == b->key[p])
            p--;
        assert_true(a->key[p] < b->key[p] || (a->key[p] == b->key[p] && a->group < b->group));
    }
    for (size_t i = 0; i < count; i++)
        sum -= entries[i].key[ENTRY_SKU];
    assert_int_equal(sum, 0);
    free(entries);
    free((void *)(uintptr_t)groups);
}

static void test_by_resource_sku_and_span(void **state)
{
    (void)state;
    check_sort(5000, (const uint32_t[]){1972000, 3, 100}, (const uint32_t[]){2976, 7, 40});
}

static void test_values_of_all_widths(void **state)
{
    (void)state;
    check_sort(3000, (const uint32_t[]){0, 0, 0},
               (const uint32_t[]){UINT32_MAX, UINT32_MAX, UINT32_MAX});
    check_sort(3000, (const uint32_t[]){UINT32_MAX - 4096, 4095, 0},
               (const uint32_t[]){4097, 4096, 1u << 25});
}

static void test_equal_keys_stay_in_order(void **state)
{
    (void)state;
    check_sort(1000, (const uint32_t[]){9, 9, 9}, (const uint32_t[]){1, 1, 1});
    check_sort(1000, (const uint32_t[]){9, 0, 9}, (const uint32_t[]){1, 3, 1});
}

static void test_few(void **state)
{
    (void)state;
    for (size_t n = 0; n < 4; n++)
        check_sort(n, (const uint32_t[]){5, 6, 7}, (const uint32_t[]){2, 2, 2});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_resource_sku_and_span),
        cmocka_unit_test(test_values_of_all_widths),
        cmocka_unit_test(test_equal_keys_stay_in_order),
        cmocka_unit_test(test_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
