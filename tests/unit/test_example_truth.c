#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/doc.h"

/* The example's generator knows what its planted waste costs; the review must find it all. */

static char build[1024]; /* the folder of the program, from where this test lies */

static const struct node *review(struct arena *arena)
{
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    const struct node *document;
    char part[4096];
    assert_int_equal(setenv("PROGRAM_FOLDER", build, 1), 0);
    FILE *answer = popen("cd \"$PROGRAM_FOLDER\" && "
                         "./advisor review -q -C examples/marketplace --format json", "r");
    assert_non_null(answer);
    for (size_t n; (n = fread(part, 1, sizeof part, answer)) > 0;)
        buf_add_n(&text, part, n);
    int status = pclose(answer);
    assert_true(status == 0 || WEXITSTATUS(status) == 4);
    assert_true(doc_parse_json(&document, arena, "the review", buf_text(&text), text.length,
                               &err));
    buf_release(&text);
    return document;
}

static const struct node *truth(struct arena *arena)
{
    char path[2 * sizeof build];
    struct err err = ERR_INIT;
    const struct node *document;
    snprintf(path, sizeof path, "%s/examples/marketplace/truth.json", build);
    assert_true(doc_read(&document, arena, path, &err));
    return document;
}

static bool is_about(const struct node *recommendation, const char *kind, const char *resource)
{
    const struct node *resources = node_get(recommendation, "resources");
    if (strncmp(node_text(node_get(recommendation, "kind"), ""), kind, strlen(kind)) != 0)
        return false;
    for (size_t i = 0; i < resources->count; i++)
        if (strstr(node_text(node_get(resources->items[i], "key"), ""), resource))
            return true;
    return false;
}

static bool holds(const struct node *recommendation, double usd)
{
    const double cent = 0.01;
    const struct node *saving = node_at(recommendation, "list.saving");
    return node_number(node_get(saving, "low"), 0) - cent <= usd &&
           usd <= node_number(node_get(saving, "high"), 0) + cent;
}

static void every_planted_waste_is_found_within_its_band(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    const struct node *planted = truth(&arena);
    const struct node *all = node_get(review(&arena), "recommendations");
    assert_true(planted->count >= 15);
    for (size_t i = 0; i < planted->count; i++) {
        const char *kind = node_text(node_get(planted->items[i], "kind"), "");
        const char *resource = node_text(node_get(planted->items[i], "resource"), "");
        double usd = node_number(node_get(planted->items[i], "monthly_usd"), 0);
        bool found = false;
        for (size_t k = 0; k < all->count && !found; k++)
            found = is_about(all->items[k], kind, resource) && holds(all->items[k], usd);
        if (!found)
            fail_msg("%s of %s, %.2f USD a month, is not found within its band", kind, resource,
                     usd);
    }
    arena_release(&arena);
}

static void the_sum_counts_nothing_twice(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    const struct node *document = review(&arena);
    const struct node *all = node_get(document, "recommendations");
    double sum = 0;
    for (size_t i = 0; i < all->count; i++)
        sum += node_number(node_at(all->items[i], "counted_saving.expected"), 0);
    double stated = node_number(node_at(document, "monthly_saving.expected"), -1);
    double spent = node_number(node_at(document, "totals.amortized"), 0) / 3;
    assert_true(sum - stated < 0.01 && stated - sum < 0.01);
    assert_true(stated < spent);
    assert_true(node_bool(node_at(document, "reconciliation.exact"), false));
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    (void)argc;
    char *self = realpath(argv[0], NULL);
    snprintf(build, sizeof build, "%s", self ? self : argv[0]);
    free(self);
    for (int up = 0; up < 3; up++) {
        char *slash = strrchr(build, '/');
        if (slash)
            *slash = '\0';
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_waste_is_found_within_its_band),
        cmocka_unit_test(the_sum_counts_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
