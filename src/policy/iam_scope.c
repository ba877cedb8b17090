#include <string.h>

#include "iam.h"
#include "policy/policy.h"

/* Concrete requests that no narrow policy should allow: the wildcard shows by what it lets through. */
#define PROBE_OBJECT "arn:aws:s3:::advisor-probe-bucket/advisor-probe-key"

static const struct probe {
    const char *action, *resource, *what;
} wide_probes[] = {
    {"iam:CreateUser", "arn:aws:iam::000000000000:user/advisor-probe", "every action of IAM"},
    {"s3:DeleteObject", PROBE_OBJECT, "deleting objects of every bucket"},
    {"s3:PutObject", PROBE_OBJECT, "writing to every bucket"},
    {"s3:GetObject", PROBE_OBJECT, "reading every bucket"},
};

static bool has_type(const struct resource *r, const char *const *types)
{
    for (; r->type && *types; types++)
        if (!strcmp(r->type, *types))
            return true;
    return false;
}

typedef void judge_set(struct findings *out, const struct policy *self,
                       const struct estate *estate, const struct iam_set *set);

/* Every role with all that is attached to it, then every document that no role here has. */
static void each_set(struct findings *out, const struct policy *self,
                     const struct estate *estate, judge_set *judge)
{
    static const char *const roles[] = {"aws_iam_role", NULL};
    static const char *const documents[] = {"aws_iam_policy", "aws_iam_user_policy",
                                            "aws_iam_group_policy", "aws_iam_role_policy", NULL};
    bool *seen = ARENA_ARRAY(&out->arena, bool, estate->resources.count);
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        struct iam_set set = {0};
        if (!has_type(&estate->resources.at[i], roles))
            continue;
        iam_of_role(&set, estate, i);
        for (size_t k = 0; k < set.statements.count; k++)
            seen[set.statements.at[k].resource] = true;
        judge(out, self, estate, &set);
        iam_release(&set);
    }
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        struct iam_set set = {0};
        const struct resource *r = &estate->resources.at[i];
        if (seen[i] || !has_type(r, documents))
            continue;
        iam_add(&set, node_get(r->attrs, "policy"), i);
        judge(out, self, estate, &set);
        iam_release(&set);
    }
}

static void judge_wide(struct findings *out, const struct policy *self,
                       const struct estate *estate, const struct iam_set *set)
{
    for (size_t p = 0; p < sizeof wide_probes / sizeof *wide_probes; p++) {
        const struct probe *probe = &wide_probes[p];
        if (iam_decide(set, probe->action, probe->resource) != IAM_ALLOW)
            continue;
        for (size_t i = 0; i < set->statements.count; i++) {
            const struct iam_statement *s = &set->statements.at[i];
            if (!s->allow || !iam_is_unconditional(s) || !iam_names_action(s, probe->action) ||
                !iam_names_resource(s, probe->resource))
                continue;
            finding_add(out, self, estate, s->resource,
                        "Name the actions and the resources that the role needs.",
                        "it allows %s: %s on %s", probe->what, probe->action, probe->resource);
            return;
        }
    }
}

static bool run_wide(struct findings *out, const struct policy *self,
                     const struct policy_input *in, struct err *err)
{
    (void)err;
    each_set(out, self, in->actual ? in->actual : in->map, judge_wide);
    return true;
}

static void judge_inverted(struct findings *out, const struct policy *self,
                           const struct estate *estate, const struct iam_set *set)
{
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        const char *key = node_get(s->node, "NotAction")     ? "NotAction"
                          : node_get(s->node, "NotResource") ? "NotResource"
                                                             : NULL;
        if (s->allow && key)
            finding_add(out, self, estate, s->resource,
                        "State what is allowed, not what is not: new services and buckets are "
                        "allowed the day they appear.",
                        "it allows everything but a list, by %s", key);
    }
}

static bool run_inverted(struct findings *out, const struct policy *self,
                         const struct policy_input *in, struct err *err)
{
    (void)err;
    each_set(out, self, in->actual ? in->actual : in->map, judge_inverted);
    return true;
}

static void judge_pass_role(struct findings *out, const struct policy *self,
                            const struct estate *estate, const struct iam_set *set)
{
    static const char role[] = "arn:aws:iam::000000000000:role/advisor-probe";
    if (iam_decide(set, "iam:PassRole", role) != IAM_ALLOW)
        return;
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        if (s->allow && iam_is_unconditional(s) && iam_names_action(s, "iam:PassRole") &&
            iam_names_resource(s, role)) {
            finding_add(out, self, estate, s->resource,
                        "Allow iam:PassRole on the instance profiles' roles only, with "
                        "iam:PassedToService.",
                        "it may pass every role of the account to a service");
            return;
        }
    }
}

static bool run_pass_role(struct findings *out, const struct policy *self,
                          const struct policy_input *in, struct err *err)
{
    (void)err;
    each_set(out, self, in->actual ? in->actual : in->map, judge_pass_role);
    return true;
}

static bool is_everybody(const struct node *principal)
{
    if (node_is(principal, NODE_STRING))
        return !strcmp(principal->text, "*");
    for (size_t i = 0; node_is(principal, NODE_LIST) && i < principal->count; i++)
        if (is_everybody(principal->items[i]))
            return true;
    return node_is(principal, NODE_MAP) && is_everybody(node_get(principal, "AWS"));
}

/* Accounts of Databricks that its cross-account roles trust. */
static bool trusts_databricks(const struct node *principal)
{
    const struct node *aws = node_is(principal, NODE_MAP) ? node_get(principal, "AWS") : principal;
    if (node_is(aws, NODE_LIST)) {
        for (size_t i = 0; i < aws->count; i++)
            if (trusts_databricks(aws->items[i]))
                return true;
        return false;
    }
    const char *text = node_text(aws, "");
    return strstr(text, "414351767826") || strstr(text, "unity-catalog-prod");
}

static bool has_external_id(const struct node *statement)
{
    const struct node *condition = node_get(statement, "Condition");
    for (size_t i = 0; node_is(condition, NODE_MAP) && i < condition->count; i++)
        if (node_get(condition->items[i], "sts:ExternalId") ||
            node_get(condition->items[i], "sts:externalid"))
            return true;
    return false;
}

static bool run_trust(struct findings *out, const struct policy *self,
                      const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        struct iam_set set = {0};
        if (!r->type || strcmp(r->type, "aws_iam_role") ||
            node_absent(node_get(r->attrs, "assume_role_policy")))
            continue;
        iam_add(&set, node_get(r->attrs, "assume_role_policy"), i);
        for (size_t k = 0; k < set.statements.count; k++) {
            const struct iam_statement *s = &set.statements.at[k];
            const struct node *principal = node_get(s->node, "Principal");
            if (s->allow && is_everybody(principal) && iam_is_unconditional(s))
                finding_add(out, self, estate, i, "Name the accounts or services that assume it.",
                            "every AWS account may assume this role");
            else if (s->allow && trusts_databricks(principal) && !has_external_id(s->node))
                finding_add(out, self, estate, i,
                            "Add a condition StringEquals sts:ExternalId with the Databricks "
                            "account id.",
                            "Databricks is trusted without an external id, so another customer "
                            "of it could reach this role");
        }
        iam_release(&set);
    }
    return true;
}

extern const struct policy policy_iam_wide, policy_iam_trust, policy_iam_inverted,
    policy_iam_pass_role;
const struct policy policy_iam_wide = {
    "IAM-001", SEVERITY_HIGH, "no role reaches every bucket or every action", NULL, run_wide};
const struct policy policy_iam_trust = {
    "IAM-003", SEVERITY_MEDIUM, "trust names who may assume a role", NULL, run_trust};
const struct policy policy_iam_inverted = {
    "IAM-004", SEVERITY_MEDIUM, "allow statements name what they allow", NULL, run_inverted};
const struct policy policy_iam_pass_role = {
    "IAM-006", SEVERITY_MEDIUM, "roles are passed by name", NULL, run_pass_role};
