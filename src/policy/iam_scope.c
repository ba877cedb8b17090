#include <string.h>

#include "glob.h"
#include "iam.h"
#include "iam_condition.h"
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

static bool names_every_action(const struct iam_statement *s)
{
    return s->allow && iam_names_action(s, "advisor:Probe") &&
           !node_get(s->node, "NotAction") && iam_is_unconditional(s);
}

/* Once for each document, by the widest that it lets through. */
static void judge_wide(struct findings *out, const struct policy *self,
                       const struct estate *estate, const struct iam_set *set)
{
    static const char fix[] = "Name the actions and the resources that the role needs.";
    uint32_t told = NOTHING;
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        if (names_every_action(s) && s->resource != told) {
            finding_add(out, self, estate, s->resource, fix, "it allows every action, by *");
            told = s->resource;
        }
    }
    for (size_t p = 0; p < sizeof wide_probes / sizeof *wide_probes; p++) {
        const struct probe *probe = &wide_probes[p];
        const struct iam_statement *s = iam_allowing(set, probe->action, probe->resource);
        if (!s || s->resource == told ||
            iam_decide(set, probe->action, probe->resource) != IAM_ALLOW)
            continue;
        finding_add(out, self, estate, s->resource, fix, "it allows %s: %s on %s", probe->what,
                    probe->action, probe->resource);
        told = s->resource;
    }
}

/* AWS's own policies that reach everything of a kind, by what their published text allows. */
static const struct {
    const char *arn, *what;
} managed[] = {
    {"arn:aws*:iam::aws:policy/AdministratorAccess", "everything"},
    {"arn:aws*:iam::aws:policy/PowerUserAccess", "everything but IAM"},
    {"arn:aws*:iam::aws:policy/IAMFullAccess", "every action of IAM"},
    {"arn:aws*:iam::aws:policy/AmazonS3FullAccess", "every action on every bucket"},
    {"arn:aws*:iam::aws:policy/AmazonS3ReadOnlyAccess", "reading every bucket"},
    {"arn:aws*:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
     "reading and writing every bucket"},
};

static void judge_managed(struct findings *out, const struct policy *self,
                          const struct estate *estate, uint32_t resource, const struct node *arn)
{
    const char *text = node_text(arn, "");
    for (size_t i = 0; i < sizeof managed / sizeof *managed; i++)
        if (glob_matches(managed[i].arn, text, false))
            finding_add(out, self, estate, resource,
                        "Attach a policy that names the actions and resources that are needed.",
                        "%s allows %s", text, managed[i].what);
    for (size_t i = 0; node_is(arn, NODE_LIST) && i < arn->count; i++)
        judge_managed(out, self, estate, resource, arn->items[i]);
}

/* What roles and attachments name of AWS's own. */
static void judge_attachments(struct findings *out, const struct policy *self,
                              const struct estate *estate)
{
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strncmp(r->type, "aws_iam_", 8) != 0)
            continue;
        judge_managed(out, self, estate, i, node_get(r->attrs, "policy_arn"));
        judge_managed(out, self, estate, i, node_get(r->attrs, "managed_policy_arns"));
    }
}

/* What is attached from elsewhere is not judged: said once for a role, not by every policy. */
static void note_incomplete(struct findings *out, const struct policy *self,
                            const struct estate *estate)
{
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        struct iam_set set = {0};
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        iam_of_role(&set, estate, i);
        if (set.incomplete)
            finding_note(out, self, r, "what %s allows it is not judged: its text is not here",
                         set.incomplete);
        iam_release(&set);
    }
}

static bool run_wide(struct findings *out, const struct policy *self,
                     const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    each_set(out, self, estate, judge_wide);
    judge_attachments(out, self, estate);
    note_incomplete(out, self, estate);
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
    finding_add(out, self, estate, iam_allowing(set, "iam:PassRole", role)->resource,
                "Allow iam:PassRole on the instance profiles' roles only, with "
                "iam:PassedToService.",
                "it may pass every role of the account to a service");
}

static bool run_pass_role(struct findings *out, const struct policy *self,
                          const struct policy_input *in, struct err *err)
{
    (void)err;
    each_set(out, self, in->actual ? in->actual : in->map, judge_pass_role);
    return true;
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

/* Tokens of public issuers: without a limit on `sub` any of their users may come in. */
static bool trusts_public_issuer(const struct node *principal)
{
    static const char *const issuers[] = {"token.actions.githubusercontent.com", "gitlab.com",
                                          "api.bitbucket.org", "app.terraform.io",
                                          "accounts.google.com"};
    const struct node *federated = node_get(principal, "Federated");
    const char *text = node_text(node_is(federated, NODE_LIST) && federated->count
                                     ? federated->items[0]
                                     : federated,
                                 "");
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++)
        if (strstr(text, issuers[i]))
            return true;
    return false;
}

static void judge_trust(struct findings *out, const struct policy *self,
                        const struct estate *estate, uint32_t role,
                        const struct iam_statement *s)
{
    const struct node *principal = node_get(s->node, "Principal");
    const char *key;
    enum condition_effect effect = iam_condition_effect(s, &key);
    if (!s->allow)
        return;
    if (iam_is_everybody(principal) && effect == CONDITION_UNKNOWN)
        finding_note(out, self, &estate->resources.at[role],
                     "everybody may assume it under the condition %s, which is not understood",
                     key);
    else if (iam_is_everybody(principal) && effect != CONDITION_WHO)
        finding_add(out, self, estate, role, "Name the accounts or services that assume it.",
                    "every AWS account may assume this role");
    else if (trusts_public_issuer(principal) && !iam_condition_values(s, "*:sub"))
        finding_add(out, self, estate, role,
                    "Add a condition StringLike on the token's sub with your own repositories.",
                    "every user of a public token issuer may assume this role");
    else if (trusts_databricks(principal) && !iam_condition_values(s, "sts:ExternalId"))
        finding_add(out, self, estate, role,
                    "Add a condition StringEquals sts:ExternalId with the Databricks "
                    "account id.",
                    "Databricks is trusted without an external id, so another customer "
                    "of it could reach this role");
}

static bool run_trust(struct findings *out, const struct policy *self,
                      const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const struct node *trust = node_get(r->attrs, "assume_role_policy");
        struct iam_set set = {0};
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        if (node_is(trust, NODE_UNKNOWN))
            finding_note(out, self, r, "who may assume it is known only after apply");
        if (!node_is(trust, NODE_MAP))
            continue;
        iam_add(&set, trust, i);
        for (size_t k = 0; k < set.statements.count; k++)
            judge_trust(out, self, estate, i, &set.statements.at[k]);
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
