#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/doc.h"
#include "policy/glob.h"
#include "policy/iam.h"

static struct arena arena;

static enum iam_decision decide(const char *statements, const char *action, const char *resource)
{
    char text[2048];
    const struct node *document;
    struct iam_set set = {0};
    struct err err = ERR_INIT;
    snprintf(text, sizeof text, "{\"Statement\":[%s]}", statements);
    assert_true(doc_parse_json(&document, &arena, "policy", text, strlen(text), &err));
    iam_add(&set, document, 0);
    enum iam_decision decision = iam_decide(&set, action, resource);
    iam_release(&set);
    return decision;
}

#define OBJECT "arn:aws:s3:::lake/t1/a.parquet"
#define ALLOW_T1                                                                              \
    "{\"Effect\":\"Allow\",\"Action\":\"s3:*Object\",\"Resource\":\"arn:aws:s3:::lake/t1/*\"}"

static void wildcards_match_as_iam_does(void **state)
{
    (void)state;
    assert_true(glob_matches("s3:*", "s3:GetObject", true));
    assert_true(glob_matches("S3:get*", "s3:GetObject", true));
    assert_false(glob_matches("S3:get*", "s3:GetObject", false));
    assert_true(glob_matches("a?c*e", "abcdde", false));
    assert_false(glob_matches("a?c", "ac", false));
    assert_true(glob_matches("*", "", false));
    assert_false(glob_matches("", "a", false));
    assert_false(glob_matches("a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false));
}

static void patterns_meet_in_a_text_that_both_match(void **state)
{
    (void)state;
    static const char *const met[][2] = {
        {"lake/*.parquet", "lake/t1/*"}, {"l?ke/t1/*", "lake/*"}, {"*", "*"},
        {"a*b*c", "*xbyc"},              {"", ""},                {"t1/shared/*", "t1/*"},
    };
    static const char *const apart[][2] = {
        {"lake/t2/*", "lake/t1/*"}, {"a?", "a"}, {"*x", "*y"}, {"", "a"},
    };
    for (size_t i = 0; i < sizeof met / sizeof *met; i++) {
        const char *text = glob_witness(&arena, met[i][0], met[i][1], "any");
        assert_non_null(text);
        assert_true(glob_matches(met[i][0], text, false));
        assert_true(glob_matches(met[i][1], text, false));
    }
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        assert_null(glob_witness(&arena, apart[i][0], apart[i][1], "any"));
}

static void allows_what_a_statement_names(void **state)
{
    (void)state;
    assert_int_equal(decide(ALLOW_T1, "s3:GetObject", OBJECT), IAM_ALLOW);
    assert_int_equal(decide(ALLOW_T1, "s3:ListBucket", "arn:aws:s3:::lake"), IAM_NOTHING);
    assert_int_equal(decide(ALLOW_T1, "s3:GetObject", "arn:aws:s3:::lake/t10/a"), IAM_NOTHING);
}

static void deny_wins_in_any_order(void **state)
{
    (void)state;
    static const char deny[] =
        "{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"arn:aws:s3:::lake/t1/*\"}";
    char both[1024];
    snprintf(both, sizeof both, "%s,%s", ALLOW_T1, deny);
    assert_int_equal(decide(both, "s3:GetObject", OBJECT), IAM_DENY);
    snprintf(both, sizeof both, "%s,%s", deny, ALLOW_T1);
    assert_int_equal(decide(both, "s3:GetObject", OBJECT), IAM_DENY);
}

static void not_action_and_not_resource_are_inverted(void **state)
{
    (void)state;
    static const char inverted[] =
        "{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"NotResource\":[\"arn:aws:s3:::secret/*\"]}";
    assert_int_equal(decide(inverted, "s3:GetObject", OBJECT), IAM_ALLOW);
    assert_int_equal(decide(inverted, "iam:CreateUser", OBJECT), IAM_NOTHING);
    assert_int_equal(decide(inverted, "s3:GetObject", "arn:aws:s3:::secret/x"), IAM_NOTHING);
}

static void a_condition_is_neither_yes_nor_no(void **state)
{
    (void)state;
    static const char conditional[] =
        "{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\","
        "\"Condition\":{\"StringEquals\":{\"aws:SourceVpce\":\"vpce-1\"}}}";
    assert_int_equal(decide(conditional, "s3:GetObject", OBJECT), IAM_CONDITIONAL);
}

static void references_name_whole_addresses(void **state)
{
    (void)state;
    struct resource role = {.address = "aws_iam_role.etl", .key = "aws_iam_role.etl"};
    struct node *reference = node_new(&arena, NODE_UNKNOWN);
    reference->text = "aws_iam_role.etl.arn";
    assert_true(refers_to(reference, NULL, &role));
    reference->text = "aws_iam_role.etl2.arn";
    assert_false(refers_to(reference, NULL, &role));
}

/* A key of for_each may hold brackets itself. */
static void references_without_an_index_name_the_twin(void **state)
{
    (void)state;
    struct resource first = {.address = "aws_iam_role.etl[\"raw[0]\"]"};
    struct resource second = {.address = "aws_iam_role.etl[\"raw[1]\"]"};
    struct resource from = {.address = "aws_iam_role_policy.etl[\"raw[1]\"]"};
    struct node *reference = node_new(&arena, NODE_UNKNOWN);
    reference->text = "aws_iam_role.etl";
    assert_true(refers_to(reference, &from, &second));
    assert_false(refers_to(reference, &from, &first));
    assert_true(refers_to(reference, NULL, &first));
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wildcards_match_as_iam_does),
        cmocka_unit_test(patterns_meet_in_a_text_that_both_match),
        cmocka_unit_test(allows_what_a_statement_names),
        cmocka_unit_test(deny_wins_in_any_order),
        cmocka_unit_test(not_action_and_not_resource_are_inverted),
        cmocka_unit_test(a_condition_is_neither_yes_nor_no),
        cmocka_unit_test(references_name_whole_addresses),
        cmocka_unit_test(references_without_an_index_name_the_twin),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
