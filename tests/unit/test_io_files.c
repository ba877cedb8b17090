#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/files.h"
#include "io/stream.h"

static void test_expand_and_write(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    struct path_list found = {0};
    struct err err = ERR_INIT;
    char root[] = "/tmp/advisor-files-XXXXXX";
    assert_non_null(mkdtemp(root));
    const char *deep = path_join(&arena, root, "z");
    assert_int_equal(mkdir(deep, 0700), 0);
    const char *names[] = {"b.csv", "a.csv", ".hidden", "z/c.json"};
    for (size_t i = 0; i < 4; i++)
        assert_true(files_write(path_join(&arena, root, names[i]), names[i],
                                strlen(names[i]), &err));
    assert_true(files_expand(&found, &arena, root, &err));
    assert_int_equal(found.paths.count, 3);
    assert_string_equal(path_base(found.paths.at[0]), "a.csv");
    assert_string_equal(path_base(found.paths.at[2]), "c.json");
    assert_string_equal(path_folder(&arena, found.paths.at[2]), deep);

    found.paths.count = 0;
    assert_true(files_expand(&found, &arena, path_join(&arena, root, "*.csv"), &err));
    assert_int_equal(found.paths.count, 2);
    assert_false(files_expand(&found, &arena, path_join(&arena, root, "nothing*"), &err));
    assert_non_null(strstr(err.text, "no such file"));

    char *text;
    size_t length;
    assert_true(stream_read_all(&text, &length, found.paths.at[1], 100, &err));
    assert_string_equal(text, "b.csv");
    free(text);
    assert_false(files_write(path_join(&arena, root, "no/such"), "x", 1, &err));
    for (size_t i = 0; i < 4; i++)
        unlink(path_join(&arena, root, names[i]));
    rmdir(deep);
    rmdir(root);
    path_list_release(&found);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_expand_and_write)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
