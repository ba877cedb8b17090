#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/sym.h"

enum { MANY = 3000 };

static void test_what_was_joined_lives_on(void **state)
{
    (void)state;
    struct arena into = ARENA_INIT, from = ARENA_INIT, empty = ARENA_INIT;
    char *own = arena_strdup(&into, "its own");
    char *texts[MANY];
    for (int i = 0; i < MANY; i++) /* several blocks */
        texts[i] = arena_printf(&from, "text %d of those that are joined, not a short one", i);
    char *large = arena_alloc(&from, 100000);
    memset(large, 'x', 100000);
    arena_join(&into, &from);
    arena_join(&into, &empty);
    assert_null(from.head);
    arena_release(&from);
    char *later = arena_strdup(&into, "later");
    for (int i = 0; i < MANY; i++) {
        char expected[80];
        snprintf(expected, sizeof expected, "text %d of those that are joined, not a short one",
                 i);
        assert_string_equal(texts[i], expected);
    }
    assert_int_equal(large[99999], 'x');
    assert_string_equal(own, "its own");
    assert_string_equal(later, "later");
    arena_release(&into);
}

static void test_an_empty_arena_takes_all(void **state)
{
    (void)state;
    struct arena into = ARENA_INIT, from = ARENA_INIT;
    char *text = arena_strdup(&from, "text");
    arena_join(&into, &from);
    assert_string_equal(text, "text");
    assert_string_equal(arena_strdup(&into, "more"), "more");
    arena_release(&into);
}

static void test_equal_texts_are_one_symbol(void **state)
{
    (void)state;
    struct intern *table = intern_open();
    sym symbols[MANY];
    for (int i = 0; i < MANY; i++)
        symbols[i] = intern_printf(table, "%d", i);
    for (int i = 0; i < MANY; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        assert_string_equal(symbols[i], text);
        assert_ptr_equal(intern(table, text), symbols[i]);
    }
    intern_free(table);
}

static void test_symbols_are_told_by_all_their_bytes(void **state)
{
    (void)state;
    struct intern *table = intern_open();
    sym whole = intern_n(table, "a\0b", 3);
    assert_memory_equal(whole, "a\0b", 4);
    assert_ptr_not_equal(intern_n(table, "a\0c", 3), whole);
    assert_ptr_not_equal(intern(table, "a"), whole);
    assert_ptr_equal(intern_n(table, "a\0b", 3), whole);
    assert_string_equal(intern(table, ""), "");
    assert_null(intern(table, NULL));
    intern_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_joined_lives_on),
        cmocka_unit_test(test_an_empty_arena_takes_all),
        cmocka_unit_test(test_equal_texts_are_one_symbol),
        cmocka_unit_test(test_symbols_are_told_by_all_their_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
