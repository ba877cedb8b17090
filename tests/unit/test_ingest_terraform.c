#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "change_fixture.h"
#include "ingest/terraform.h"
#include "io/doc.h"

static const struct node *json(const char *text)
{
    const struct node *n;
    if (!doc_parse_json(&n, &change.after->arena, "test", text, strlen(text), &err))
        fail_msg("%s", err.text);
    return n;
}

static void read_plan(const char *text)
{
    if (!terraform_plan_read(&change, json(text), "plan.json", NULL, &err))
        fail_msg("%s", err.text);
}

static void addresses_are_cut_by_their_grammar(void **state)
{
    (void)state;
    struct arena *arena = &change.after->arena;
    assert_string_equal(address_bare(arena, "module.m[\"a.b]\"].aws_x.y[0]"),
                        "module.m.aws_x.y");
    assert_string_equal(address_module(arena, "module.m[\"a.b\"].module.n.aws_x.y[0]"),
                        "module.m[\"a.b\"].module.n");
    assert_string_equal(address_module(arena, "aws_x.y"), "");
}

/* What the configuration does not mention gets the provider's default: it is not set. */
static void only_what_is_configured_is_unknown(void **state)
{
    (void)state;
    read_plan(
        "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"aws_instance.a\","
        "\"mode\":\"managed\",\"type\":\"aws_instance\",\"change\":{\"actions\":[\"create\"],"
        "\"before\":null,\"after\":{\"instance_type\":\"m5.large\"},"
        "\"after_unknown\":{\"ebs_optimized\":true,\"ami\":true}}}],"
        "\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"aws_instance.a\","
        "\"expressions\":{\"ami\":{\"references\":[\"aws_ami_copy.base.id\","
        "\"aws_ami_copy.base\"]}}}]}}}");
    const struct node *attrs = after("aws_instance.a")->attrs;
    assert_true(node_is(node_get(attrs, "ami"), NODE_UNKNOWN));
    assert_string_equal(node_get(attrs, "ami")->text, "aws_ami_copy.base");
    assert_null(node_get(attrs, "ebs_optimized"));
}

/* var.template in the module is what its caller passes: a resource of the root. */
static void references_go_through_modules(void **state)
{
    (void)state;
    read_plan(
        "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"module.m[0].aws_x."
        "a\","
        "\"mode\":\"managed\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"],"
        "\"before\":null,\"after\":{},\"after_unknown\":{\"t\":true,\"u\":true}}}],"
        "\"configuration\":{\"root_module\":{\"module_calls\":{\"m\":{"
        "\"expressions\":{\"template\":{\"references\":[\"aws_t.root.id\",\"aws_t.root\"]}},"
        "\"module\":{\"variables\":{\"template\":{},\"none\":{}},\"resources\":[{\"address\":"
        "\"aws_x.a\","
        "\"expressions\":{\"t\":{\"references\":[\"var.template\"]},"
        "\"u\":{\"references\":[\"var.none\"]}}}]}}}}}}");
    const struct node *attrs = after("module.m[0].aws_x.a")->attrs;
    assert_string_equal(node_get(attrs, "t")->text, "aws_t.root");
    assert_null(node_get(attrs, "u")); /* a variable without a value is not set */
}

static void regions_come_from_the_nearest_source(void **state)
{
    (void)state;
    read_plan(
        "{\"format_version\":\"1.2\",\"variables\":{\"r\":{\"value\":\"eu-central-1\"}},"
        "\"resource_changes\":["
        "{\"address\":\"aws_x.alias\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"],"
        "\"after\":{}}},"
        "{\"address\":\"aws_x.own\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"],"
        "\"after\":{\"region\":\"sa-east-1\"}}},"
        "{\"address\":\"aws_x.arn\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"no-op\"],"
        "\"after\":{\"arn\":\"arn:aws:x:ap-south-1:123456789012:y\"}}},"
        "{\"address\":\"aws_x.zone\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"],"
        "\"after\":{\"availability_zone\":\"us-west-2-lax-1a\"}}}],"
        "\"configuration\":{\"provider_config\":{\"aws.de\":{\"expressions\":{\"region\":{"
        "\"references\":[\"var.r\"]}}}},\"root_module\":{\"resources\":["
        "{\"address\":\"aws_x.alias\",\"provider_config_key\":\"aws.de\",\"expressions\":{}}]}"
        "}}");
    assert_string_equal(after("aws_x.alias")->region, "eu-central-1");
    assert_string_equal(after("aws_x.own")->region, "sa-east-1");
    assert_string_equal(after("aws_x.arn")->region, "ap-south-1");
    assert_string_equal(after("aws_x.arn")->account, "123456789012");
    assert_string_equal(after("aws_x.zone")->region, "us-west-2");
}

static void actions_say_what_values_do_not(void **state)
{
    (void)state;
    read_plan(
        "{\"format_version\":\"1.2\",\"resource_changes\":["
        "{\"address\":\"aws_x.a\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"delete\","
        "\"create\"],"
        "\"before\":{\"n\":1},\"after\":{\"n\":1}}},"
        "{\"address\":\"aws_x.b\",\"type\":\"aws_x\",\"previous_address\":\"aws_x.old\","
        "\"change\":{\"actions\":[\"no-op\"],\"before\":{},\"after\":{}}},"
        "{\"address\":\"aws_x.c\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"forget\"],"
        "\"before\":{},\"after\":null}},"
        "{\"address\":\"aws_x.a\",\"type\":\"aws_x\",\"deposed\":\"12ab\","
        "\"change\":{\"actions\":[\"delete\"],\"before\":{},\"after\":null}},"
        "{\"address\":\"data.aws_y.z\",\"mode\":\"data\",\"type\":\"aws_y\","
        "\"change\":{\"actions\":[\"read\"],\"after\":{}}},"
        "{\"address\":\"aws_x.d\",\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"]}}]"
        "}");
    struct estate_diff diff;
    estate_diff(&diff, &change);
    assert_int_equal(diff.all.count, 5);
    assert_int_equal(diff.by_kind[CHANGE_REPLACED], 1);
    assert_int_equal(diff.by_kind[CHANGE_REMOVED], 1);
    assert_int_equal(diff.by_kind[CHANGE_FORGOTTEN], 1);
    assert_int_equal(diff.by_kind[CHANGE_ADDED], 1);
    assert_string_equal(diff.all.at[2].previous, "aws_x.old");
    estate_diff_release(&diff);
}

static void nested_differences_have_paths(void **state)
{
    (void)state;
    read_plan(
        "{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"aws_x.a\","
        "\"type\":\"aws_x\",\"change\":{\"actions\":[\"update\"],"
        "\"before\":{\"disk\":[{\"size\":8,\"kind\":\"gp2\"}],\"tags\":{\"a\":\"1\"}},"
        "\"after\":{\"disk\":[{\"size\":8,\"kind\":\"gp3\"}],\"tags\":{\"a\":\"1\"}}}}]}");
    struct estate_diff diff;
    estate_diff(&diff, &change);
    assert_int_equal(diff.all.at[0].kind, CHANGE_UPDATED);
    assert_int_equal(diff.all.at[0].attributes.count, 1);
    assert_string_equal(diff.all.at[0].attributes.at[0].path, "disk.0.kind");
    estate_diff_release(&diff);
}

static void secrets_are_marked(void **state)
{
    (void)state;
    read_plan("{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"aws_x.a\","
              "\"type\":\"aws_x\",\"change\":{\"actions\":[\"create\"],"
              "\"after\":{\"user\":[{\"password\":\"p\",\"name\":\"n\"}]},"
              "\"after_sensitive\":{\"user\":[{\"password\":true}]}}}]}");
    const struct node *attrs = after("aws_x.a")->attrs;
    assert_true(node_at(attrs, "user.password")->sensitive);
    assert_false(node_at(attrs, "user.name")->sensitive);
}

static void state_files_have_instances(void **state)
{
    (void)state;
    const struct node *file = json(
        "{\"version\":4,\"lineage\":\"l\",\"serial\":1,\"resources\":[{\"mode\":\"managed\","
        "\"module\":\"module.m\",\"type\":\"aws_x\",\"name\":\"y\",\"instances\":["
        "{\"index_key\":\"k\",\"attributes\":{\"id\":\"i-1\"}},"
        "{\"index_key\":1,\"deposed\":\"ab\",\"attributes\":{}}]},"
        "{\"mode\":\"data\",\"type\":\"aws_z\",\"name\":\"z\",\"instances\":[{}]}]}");
    assert_true(terraform_state_read(change.after, file, "state", "us-east-2", &err));
    assert_int_equal(change.after->resources.count, 2);
    assert_string_equal(after("module.m.aws_x.y[\"k\"]")->id, "i-1");
    assert_string_equal(after("module.m.aws_x.y[1] (deposed ab)")->region, "us-east-2");
}

static void other_versions_are_refused_in_a_sentence(void **state)
{
    (void)state;
    assert_false(terraform_plan_read(&change, json("{\"format_version\":\"2.0\"}"),
                                     "plan.json", NULL, &err));
    assert_non_null(strstr(err.text, "format_version 2.0"));
    assert_false(
        terraform_state_read(change.after, json("{\"version\":3}"), "old", NULL, &err));
    assert_non_null(strstr(err.text, "version 3"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_change, release_change)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(addresses_are_cut_by_their_grammar),
        T(only_what_is_configured_is_unknown),
        T(references_go_through_modules),
        T(regions_come_from_the_nearest_source),
        T(actions_say_what_values_do_not),
        T(nested_differences_have_paths),
        T(secrets_are_marked),
        T(state_files_have_instances),
        T(other_versions_are_refused_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
