#include <string.h>

#include "checks.h"
#include "iam.h"
#include "iam_condition.h"

/* Accounts of Databricks that its cross-account roles trust. */
static bool trusts_databricks(const struct node *principal)
{
    const struct node *aws =
        node_is(principal, NODE_MAP) ? node_get(principal, "AWS") : principal;
    if (node_is(aws, NODE_LIST)) {
        for (size_t i = 0; i < aws->count; i++)
            if (trusts_databricks(aws->items[i]))
                return true;
        return false;
    }
    const char *text = node_text(aws, "");
    return strstr(text, "414351767826") || strstr(text, "unity-catalog-prod");
}

/* Issuers of tokens that all the world can have, and what in the token tells one's own. */
static const struct {
    const char *issuer, *keys[3];
} public_issuers[] = {
    {"token.actions.githubusercontent.com", {"*:sub"}},
    {"gitlab.com", {"*:sub"}},
    {"api.bitbucket.org", {"*:sub"}},
    {"app.terraform.io", {"*:sub"}},
    {"accounts.google.com", {"*:sub", "*:aud", "*:oaud"}},
    {"cognito-identity.amazonaws.com", {"*:aud"}},
};

static const char *issuer_text(const struct node *principal)
{
    const struct node *federated = node_get(principal, "Federated");
    bool many = node_is(federated, NODE_LIST) && federated->count;
    return node_text(many ? federated->items[0] : federated, "");
}

/* Without a limit on the token any user of the issuer may come in. */
static bool trusts_public_issuer(const struct iam_statement *s)
{
    const char *text = issuer_text(node_get(s->node, "Principal"));
    for (size_t i = 0; i < sizeof public_issuers / sizeof *public_issuers; i++) {
        bool limited = !strstr(text, public_issuers[i].issuer);
        for (size_t k = 0; k < 3 && public_issuers[i].keys[k]; k++)
            limited = limited || iam_condition_values(s, public_issuers[i].keys[k]);
        if (!limited)
            return true;
    }
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
    if (iam_admits_everybody(s) && effect == CONDITION_UNKNOWN)
        finding_note(out, self, &estate->resources.at[role],
                     "everybody may assume it under the condition %s, which is not understood",
                     key);
    else if (iam_admits_everybody(s) && effect != CONDITION_WHO)
        finding_add(out, self, estate, role, "Name the accounts or services that assume it.",
                    "every AWS account%s may assume this role",
                    iam_condition_values(s, "sts:ExternalId") ? " that knows the external id"
                                                              : "");
    else if (trusts_public_issuer(s))
        finding_add(out, self, estate, role,
                    "Add a condition on the token's subject or audience with your own "
                    "repositories or pools.",
                    "every user of a public token issuer may assume this role");
    else if (trusts_databricks(principal) && !iam_condition_values(s, "sts:ExternalId"))
        finding_add(out, self, estate, role,
                    "Add a condition StringEquals sts:ExternalId with the Databricks "
                    "account id.",
                    "Databricks is trusted without an external id, so another customer "
                    "of it could reach this role");
}

static bool run_trust(struct findings *out, const struct policy *self,
                      const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
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

extern const struct policy policy_iam_trust;
const struct policy policy_iam_trust = {"IAM-003", SEVERITY_MEDIUM,
                                        "trust names who may assume a role", NULL, run_trust};
