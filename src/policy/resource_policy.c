#include <string.h>

#include "checks.h"
#include "iam.h"
#include "iam_condition.h"

/* Documents that stand at the thing itself and say who may use it. */
struct place {
    const char *type, *attribute;
};

static const struct place buckets[] = {{"aws_s3_bucket_policy", "policy"},
                                       {"aws_s3_bucket", "policy"},
                                       {"aws_s3_access_point", "policy"},
                                       {"aws_s3control_access_point_policy", "policy"},
                                       {NULL, NULL}};
static const struct place others[] = {
    {"aws_kms_key", "policy"},
    {"aws_kms_key_policy", "policy"},
    {"aws_sns_topic", "policy"},
    {"aws_sns_topic_policy", "policy"},
    {"aws_sqs_queue", "policy"},
    {"aws_sqs_queue_policy", "policy"},
    {"aws_secretsmanager_secret", "policy"},
    {"aws_secretsmanager_secret_policy", "policy"},
    {"aws_ecr_repository_policy", "policy"},
    {"aws_glue_resource_policy", "policy"},
    {"aws_efs_file_system_policy", "policy"},
    {"aws_backup_vault_policy", "policy"},
    {"aws_opensearch_domain", "access_policies"},
    {"aws_opensearch_domain_policy", "access_policies"},
    {"aws_elasticsearch_domain", "access_policies"},
    {"aws_elasticsearch_domain_policy", "access_policies"},
    {NULL, NULL},
};

static const char fix[] =
    "Name the principals, or limit them by aws:PrincipalOrgID or aws:SourceVpce.";

static const struct place *place_of(const struct place *places, const struct resource *r)
{
    for (; places->type; places++)
        if (r->type && !strcmp(r->type, places->type))
            return places;
    return NULL;
}

static void judge(struct findings *out, const struct policy *self, const struct estate *estate,
                  uint32_t resource, const struct iam_statement *s)
{
    const char *key;
    if (!iam_admits_everybody(s))
        return;
    enum condition_effect effect = iam_condition_effect(s, &key);
    if (effect == CONDITION_UNKNOWN)
        finding_note(out, self, &estate->resources.at[resource],
                     "it lets everybody in under the condition %s, which is not understood",
                     key);
    else if (effect != CONDITION_WHO)
        finding_add(out, self, estate, resource, fix,
                    "its policy lets everybody in, with or without an AWS account");
}

/* A domain inside a VPC is reached from there only. */
static bool is_private(const struct resource *r)
{
    const struct node *vpc = node_get(r->attrs, "vpc_options");
    return !node_absent(vpc) && (node_is(vpc, NODE_UNKNOWN) || vpc->count);
}

/* Permissions of functions are attributes, not a document. */
static void judge_permission(struct findings *out, const struct policy *self,
                             const struct estate *estate, uint32_t resource)
{
    static const char *const limits[] = {"principal_org_id", "source_account", "source_arn"};
    const struct resource *r = &estate->resources.at[resource];
    bool open = !strcmp(node_text(node_get(r->attrs, "principal"), ""), "*");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        open = open && node_absent(node_get(r->attrs, limits[i]));
    if (open)
        finding_add(out, self, estate, resource, fix, "it lets everybody invoke the function");
}

static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const struct place *place = place_of(self->data, r);
        const struct node *document = place ? node_get(r->attrs, place->attribute) : NULL;
        struct iam_set set = {0};
        if (self->data == others && r->type && !strcmp(r->type, "aws_lambda_permission"))
            judge_permission(out, self, estate, i);
        if (is_private(r))
            continue;
        if (node_is(document, NODE_UNKNOWN))
            finding_note(out, self, r, "its policy is known only after apply");
        if (!node_is(document, NODE_MAP))
            continue;
        iam_add(&set, document, i);
        for (size_t k = 0; k < set.statements.count; k++)
            judge(out, self, estate, i, &set.statements.at[k]);
        iam_release(&set);
    }
    return true;
}

extern const struct policy policy_bucket_shared, policy_resource_shared;
const struct policy policy_bucket_shared = {
    "S3-003", SEVERITY_HIGH, "bucket policies name who may come in", buckets, run};
const struct policy policy_resource_shared = {
    "IAM-007", SEVERITY_HIGH,
    "keys, topics, queues, secrets and functions name who may use them", others, run};
