#include "attribute_rule.h"

/* Types that carry cost and take tags; clusters have custom_tags, read into tags. */
static const char taggable[] =
    "aws_instance|aws_s3_bucket|aws_ebs_volume|aws_lb|aws_alb|aws_elb|aws_nat_gateway|"
    "aws_lambda_function|aws_db_instance|aws_rds_cluster|aws_dynamodb_table|"
    "databricks_cluster|databricks_instance_pool|databricks_sql_endpoint|databricks_job";

static void judge(struct findings *out, const struct policy *self, const struct estate *estate,
                  uint32_t index, const struct node *required)
{
    const struct resource *r = &estate->resources.at[index];
    struct buf missing = BUF_INIT;
    for (size_t i = 0; i < required->count; i++) {
        const char *key = node_text(required->items[i], "");
        if (!resource_tag(r, key) && !node_is(node_get(r->tags, key), NODE_UNKNOWN))
            buf_printf(&missing, "%s%s", missing.length ? ", " : "", key);
    }
    if (missing.length)
        finding_add(out, self, estate, index,
                    "Add the tags, best by default_tags of the provider.",
                    "it lacks the required tags %s", buf_text(&missing));
    buf_release(&missing);
}

static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    const struct node *required = node_get(in->parameters, "required_tags");
    if (!node_is(required, NODE_LIST))
        return true;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (r->type && glob_list_matches(taggable, r->type))
            judge(out, self, estate, i, required);
    }
    return true;
}

extern const struct policy policy_required_tags;
const struct policy policy_required_tags = {"TAG-001", SEVERITY_MEDIUM,
                                            "what costs carries the required tags", NULL, run};
