#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/glob.h"
#include "io/doc.h"
#include "io/strict.h"

static const struct strict_field inner[] = {
    {.key = "gb", .type = STRICT_QUANTITY},
    {.key = "hours", .type = STRICT_QUANTITY, .most = 744},
    {.key = "share", .type = STRICT_NUMBER, .most = 1},
    STRICT_END,
};

static const struct strict_field fields[] = {
    {.key = "version", .type = STRICT_NUMBER, .least = 1, .most = 1, .required = true,
     .about = "of the format"},
    {.key = "kind", .type = STRICT_TEXT, .choices = "job|all_purpose"},
    {.key = "id", .type = STRICT_ID},
    {.key = "account", .type = STRICT_TEXT},
    {.key = "on", .type = STRICT_BOOL},
    {.key = "end", .type = STRICT_DATE},
    {.key = "names", .type = STRICT_TEXTS},
    {.key = "tags", .type = STRICT_TAGS},
    {.key = "rates", .type = STRICT_NUMBERS, .most = 1},
    {.key = "buckets", .type = STRICT_LIST, .inner = inner},
    {.key = "named", .type = STRICT_NAMED, .inner = inner},
    {.key = "free", .type = STRICT_ANY},
    STRICT_END,
};

static bool check(const char *text, struct err *err)
{
    struct arena arena = ARENA_INIT;
    const struct node *root;
    assert_true(doc_parse_yaml(&root, &arena, "f", text, strlen(text), err));
    bool ok = strict_check(root, fields, "f", err);
    arena_release(&arena);
    return ok;
}

static void takes(const char *text)
{
    struct err err = ERR_INIT;
    if (!check(text, &err))
        fail_msg("%s", err.text);
}

static void refuses(const char *text, const char *want)
{
    struct err err = ERR_INIT;
    assert_false(check(text, &err));
    assert_string_equal(err.text, want);
    assert_int_equal(err.code, ERR_USAGE);
}

static void what_is_right(void **state)
{
    (void)state;
    takes("version: 1\nkind: job\nid: a_b-9\naccount: 111122223333\non: true\n"
          "end: 2027-03-01\nnames: [a, b]\ntags: {A: 1, B: x}\nrates: {JOBS: 0.25}\n"
          "buckets:\n- {gb: {min: 1, typ: 2, max: 2}, hours: 744, share: 1, x_note: [1]}\n"
          "named: {first: {gb: 0}}\nfree: {any: [thing]}\nx_own: {}\n");
    takes("version: 1\nnames: one\nkind: ~\n");
}

static void keys_that_are_none(void **state)
{
    (void)state;
    refuses("version: 1\nbuckts: []\n",
            "f:2:1: 'buckts' is not a key of the document: did you mean 'buckets'?");
    refuses("version: 1\nbuckets:\n- size_gb: 3\n",
            "f:3:3: 'size_gb' is not a key of buckets: did you mean 'gb'?");
    refuses("version: 1\nzzzzzz: 3\n", "f:2:1: 'zzzzzz' is not a key of the document (a key of "
                                       "your own begins with 'x_')");
    refuses("kind: job\n", "f:1:1: the document has no 'version': of the format");
    refuses("version: 1\nbuckts: []\nkind: jobs\non: 3\n",
            "f:2:1: 'buckts' is not a key of the document: did you mean 'buckets'?; 3:7: 'kind' "
            "cannot be 'jobs': did you mean 'job'?; 4:5: 'on' takes true or false, not a number");
    refuses("version: 1\nbucket_list: []\nbuckets:\n- bucket_gigabyte: 1\n",
            "f:2:1: 'bucket_list' is not a key of the document (a key of your own begins with "
            "'x_'); 4:3: 'bucket_gigabyte' is not a key of buckets (a key of your own begins "
            "with 'x_')");
}

static void values_that_are_wrong(void **state)
{
    (void)state;
    refuses("version: 2\n", "f:1:10: 'version' is 2: it goes from 1 to 1");
    refuses("version: 1\nkind: jobs\n", "f:2:7: 'kind' cannot be 'jobs': did you mean 'job'?");
    refuses("version: 1\nkind: qqq\n",
            "f:2:7: 'kind' cannot be 'qqq': it is one of job|all_purpose");
    refuses("version: 1\nid: A b\n",
            "f:2:5: 'id' is 'A b': an id has 1 to 64 of a-z, 0-9, '_' and '-'");
    refuses("version: 1\non: yes\n", "f:2:5: 'on' takes true or false, not a text");
    refuses("version: 1\nend: 2027-3-1\n", "f:2:6: 'end' takes a date such as 2027-01-31");
    refuses("version: 1\nbuckets: {}\n", "f:2:10: 'buckets' takes a list, not a map");
    refuses("version: 1\nbuckets: [{gb: 5 GB}]\n",
            "f:2:16: 'gb' takes a number, not '5 GB': the unit is in the key");
    refuses("version: 1\nbuckets: [{gb: -1}]\n", "f:2:16: 'gb' is -1: the least is 0");
    refuses("version: 1\nbuckets: [{hours: 745}]\n",
            "f:2:19: 'hours' is 745: it goes from 0 to 744");
    refuses("version: 1\nbuckets: [{share: 25}]\n",
            "f:2:19: 'share' is 25: a share goes from 0 to 1");
    refuses("version: 1\nbuckets: [{gb: {min: 3, max: 2}}]\n",
            "f:2:30: 'max' of 'gb' is 2: min, typ and max may not fall");
    refuses("version: 1\nbuckets: [{gb: {low: 3}}]\n",
            "f:2:17: 'low' is not part of 'gb': a quantity has min, typ and max");
    refuses("version: 1\nrates: {JOBS: 2}\n",
            "f:2:15: 'JOBS' is 2: a share goes from 0 to 1");
    refuses("[1]\n", "f:1:1: the document must be a map, not a list");
    refuses("", "f: the document is empty");
}

static void the_schema_has_what_the_table_has(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct arena arena = ARENA_INIT;
    const struct node *schema;
    strict_schema(&out, fields, "Test");
    assert_true(doc_parse_json(&schema, &arena, "s", buf_text(&out), out.length, NULL));
    assert_string_equal(node_text(node_at(schema, "properties.kind.enum.1"), ""), "all_purpose");
    const struct node *share = node_at(schema, "properties.buckets.items.properties.share");
    assert_true(node_number(node_get(share, "maximum"), 0) > 0.99);
    assert_false(node_bool(node_get(schema, "additionalProperties"), true));
    assert_string_equal(node_text(node_at(schema, "required.0"), ""), "version");
    buf_release(&out);
    arena_release(&arena);
}

static void globs(void **state)
{
    (void)state;
    assert_true(glob_match("arn:*:role/t?", "arn:aws:iam::1:role/t1"));
    assert_false(glob_match("a*b", "ac"));
    assert_true(glob_match("*a*b*", "xxaxxbxx"));
    assert_true(glob_match("", ""));
    assert_false(glob_match("", "x"));
    assert_true(glob_match("x[0]", "x[0]"));
    assert_true(glob_match_nocase("*KMS", "awskms"));
    char many[4001];
    memset(many, 'a', 4000);
    many[4000] = '\0';
    assert_false(glob_match("*a*a*a*a*a*a*a*a*b", many));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right),
        cmocka_unit_test(keys_that_are_none),
        cmocka_unit_test(values_that_are_wrong),
        cmocka_unit_test(the_schema_has_what_the_table_has),
        cmocka_unit_test(globs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
