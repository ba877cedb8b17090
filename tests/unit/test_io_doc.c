#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_text.h"
#include "io/doc.h"

typedef bool parser(const struct node **out, struct arena *arena, const char *name,
                    const char *text, size_t length, struct err *err);

static void reads_as(parser *parse, const char *text, size_t length, const char *want)
{
    struct arena arena = ARENA_INIT;
    struct err err = ERR_INIT;
    struct buf got = BUF_INIT;
    const struct node *root;
    if (!parse(&root, &arena, "doc", text, length, &err))
        fail_msg("%s", err.text);
    json_write(&got, root, false);
    assert_string_equal(buf_text(&got), want);
    buf_release(&got);
    arena_release(&arena);
}

static void is_refused(parser *parse, const char *text, size_t length, const char *want)
{
    struct arena arena = ARENA_INIT;
    struct err err = ERR_INIT;
    const struct node *root;
    assert_false(parse(&root, &arena, "doc", text, length, &err));
    if (strncmp(err.text, want, strlen(want)))
        fail_msg("'%s' does not begin with '%s'", err.text, want);
    arena_release(&arena);
}

static void json(const char *text, const char *want)
{
    reads_as(doc_parse_json, text, strlen(text), want);
}

static void yaml(const char *text, const char *want)
{
    reads_as(doc_parse_yaml, text, strlen(text), want);
}

static void bad_json(const char *text, const char *want)
{
    is_refused(doc_parse_json, text, strlen(text), want);
}

static void bad_yaml(const char *text, const char *want)
{
    is_refused(doc_parse_yaml, text, strlen(text), want);
}

static void json_of_every_kind(void **state)
{
    (void)state;
    json("{\"b\": [1, -2.5, 1e3, 0.1, true, false, null], \"a\": \"x\\u00e9\"}",
         "{\"b\":[1,-2.5,1000,0.1,true,false,null],\"a\":\"x\xc3\xa9\"}");
    json("3", "3");
    json("[123456789012345678]", "[123456789012345678]");
    json("[123456789012345678901234567890]", "[1.2345678901234568e+29]");
    json("\"a\\u0000b\"", "\"a\\u0000b\"");
}

static void json_in_other_encodings(void **state)
{
    (void)state;
    json("\xef\xbb\xbf{\"a\": 1}", "{\"a\":1}");
    static const char little[] = "\xff\xfe[\0\"\0\x3d\xd8\x00\xde\"\0]\0";
    static const char big[] = "\0[\0\"\x20\xac\0\"\0]";
    reads_as(doc_parse_json, little, sizeof little - 1, "[\"\xf0\x9f\x98\x80\"]");
    reads_as(doc_parse_json, big, sizeof big - 1, "[\"\xe2\x82\xac\"]");
    static const char lone[] = "[\0\"\0\x00\xde\"\0]\0";
    is_refused(doc_parse_json, lone, sizeof lone - 1, "doc: not valid UTF-16 at byte 4");
}

static void json_that_is_refused(void **state)
{
    (void)state;
    bad_json("{\"a\": 1,\n \"a\": 2}", "doc:2:4: not valid JSON: duplicate object key");
    bad_json("[NaN]", "doc:1:");
    bad_json("[1e999]", "doc:1:");
    bad_json("[1,]", "doc:1:");
    bad_json("", "doc:1:");
    bad_json("[\"\xff\"]", "doc:1:");
    bad_json("{} x", "doc:1:4: ");
    char deep[5000];
    memset(deep, '[', sizeof deep);
    is_refused(doc_parse_json, deep, sizeof deep, "doc:1:");
}

static void yaml_scalars(void **state)
{
    (void)state;
    yaml("[1, -2.50, 1e3, 0x1F, +5, .5, 012345678901, 1_000, 5.]",
         "[1,-2.50,1e3,31,5,0.5,\"012345678901\",\"1_000\",5]");
    yaml("[true, False, ~, null, '', '1', yes, 2026-01-31]",
         "[true,false,null,null,\"\",\"1\",\"yes\",\"2026-01-31\"]");
    yaml("a:\nb: |\n  two\n  lines\n", "{\"a\":null,\"b\":\"two\\nlines\\n\"}");
    yaml("", "null");
    yaml("{\"a\": [1, {\"b\": \"c\"}]}", "{\"a\":[1,{\"b\":\"c\"}]}");
}

static void yaml_knows_its_lines(void **state)
{
    (void)state;
    struct arena arena = ARENA_INIT;
    const struct node *root;
    static const char text[] = "a: 1\nb:\n  - x\n  - y: 2\n";
    assert_true(doc_parse_yaml(&root, &arena, "doc", text, sizeof text - 1, NULL));
    const struct node *y = node_at(root, "b.1.y");
    assert_int_equal(y->line, 4);
    assert_int_equal(y->column, 8);
    assert_int_equal(y->key_line, 4);
    assert_int_equal(y->key_column, 5);
    arena_release(&arena);
}

static void yaml_anchors_and_merges(void **state)
{
    (void)state;
    yaml("base: &b {x: 1, y: 2}\nuse:\n  y: 3\n  <<: *b\nalso: *b\n",
         "{\"base\":{\"x\":1,\"y\":2},\"use\":{\"y\":3,\"x\":1},\"also\":{\"x\":1,\"y\":2}}");
    yaml("- &a {x: 1}\n- &b {x: 2, z: 3}\n- <<: [*a, *b]\n",
         "[{\"x\":1},{\"x\":2,\"z\":3},{\"x\":1,\"z\":3}]");
    bad_yaml("a: &a [*a]", "doc:1:8: '*a' stands inside");
    bad_yaml("a: *b", "doc:1:4: '*b' refers to an anchor");
    bad_yaml("a: {<<: 3}", "doc:1:9: '<<' takes a map");
}

static void yaml_alias_bomb(void **state)
{
    (void)state;
    char text[4096];
    size_t n = (size_t)sprintf(text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++)
        n += (size_t)sprintf(text + n, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n",
                             i, i, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    is_refused(doc_parse_yaml, text, n, "doc:7:");
}

static void yaml_that_is_refused(void **state)
{
    (void)state;
    bad_yaml("a: 1\nb: 2\na: 3\n", "doc:3:1: the key 'a' is here twice, first on line 1");
    bad_yaml("a: .nan", "doc:1:4: a number must be finite");
    bad_yaml("a: 1e999", "doc:1:4: a number must be finite");
    bad_yaml("a: [1", "doc:2:1: not valid YAML");
    bad_yaml("[1, 2]: x", "doc:1:1: a key must be");
    bad_yaml("a: 1\n---\nb: 1\n", "doc:2:1: a second document");
    bad_yaml("a: \"\xff\"", "doc: byte 4: not valid YAML");
    char deep[400];
    memset(deep, '[', sizeof deep);
    is_refused(doc_parse_yaml, deep, sizeof deep, "doc:1:201: nested too deeply");
}

static void yaml_short_forms_of_functions(void **state)
{
    (void)state;
    yaml("a: !Ref X\nb: !GetAtt Y.Arn\nc: !Join [',', [!Ref Z]]\nd: !!str 12\n",
         "{\"a\":{\"Ref\":\"X\"},\"b\":{\"Fn::GetAtt\":[\"Y\",\"Arn\"]},"
         "\"c\":{\"Fn::Join\":[\",\",[{\"Ref\":\"Z\"}]]},\"d\":\"12\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_of_every_kind),
        cmocka_unit_test(json_in_other_encodings),
        cmocka_unit_test(json_that_is_refused),
        cmocka_unit_test(yaml_scalars),
        cmocka_unit_test(yaml_knows_its_lines),
        cmocka_unit_test(yaml_anchors_and_merges),
        cmocka_unit_test(yaml_alias_bomb),
        cmocka_unit_test(yaml_that_is_refused),
        cmocka_unit_test(yaml_short_forms_of_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
