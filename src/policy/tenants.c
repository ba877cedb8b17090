#include <string.h>

#include "iam.h"
#include "reach.h"

static void judge_tenant(struct findings *out, const struct policy *self,
                         const struct estate *estate, uint32_t role, const struct iam_set *set,
                         const struct tenant *owner, const struct tenant *other)
{
    for (size_t i = 0; i < other->prefixes.count; i++) {
        const char *path = bucket_path(&out->arena, other->prefixes.at[i]);
        const char *key;
        enum iam_decision d = path ? reaches_path(&out->arena, set, path, &key) : IAM_NOTHING;
        if (d == IAM_CONDITIONAL)
            finding_note(out, self, &estate->resources.at[role],
                         "whether it reaches %s of tenant %s hangs on the condition %s",
                         other->prefixes.at[i], other->id, key);
        if (d == IAM_ALLOW)
            finding_add(out, self, estate, role,
                        "Narrow the role's S3 statements to its own tenant's prefixes.",
                        "the role of tenant %s reaches %s of tenant %s", owner->id,
                        other->prefixes.at[i], other->id);
    }
}

/* The first tenant whose role a principal names; NULL: none. */
static const struct tenant *admitted(const struct estate *tenants,
                                     const struct inspection *in, const struct resource *from,
                                     const struct node *principal,
                                     const struct resource **role)
{
    const struct tenant *found = NULL;
    if (node_is(principal, NODE_MAP))
        return admitted(tenants, in, from, node_get(principal, "AWS"), role);
    for (size_t i = 0; node_is(principal, NODE_LIST) && i < principal->count && !found; i++)
        found = admitted(tenants, in, from, principal->items[i], role);
    if (node_is(principal, NODE_LIST) || node_absent(principal))
        return found;
    *role = named_role(&in->names, from, principal);
    return *role ? owner_of(tenants, in->judged, *role)
                 : tenant_of_role(tenants, node_text(principal, ""), NULL);
}

/* What the bucket itself lets a tenant's role do counts beside what the role has. */
static void judge_bucket(struct findings *out, const struct policy *self,
                         const struct estate *tenants, const struct inspection *in,
                         uint32_t bucket)
{
    const struct estate *estate = in->judged;
    const struct resource *r = &estate->resources.at[bucket], *role = NULL;
    struct iam_set set = {0};
    iam_add(&set, node_get(r->attrs, "policy"), bucket);
    for (size_t i = 0; i < set.statements.count; i++) {
        const struct iam_statement *s = &set.statements.at[i];
        const struct tenant *owner =
            s->allow ? admitted(tenants, in, r, node_get(s->node, "Principal"), &role)
                     : NULL;
        for (size_t t = 0; owner && t < tenants->tenants.count; t++)
            if (&tenants->tenants.at[t] != owner)
                judge_tenant(out, self, estate, bucket, &set, owner, &tenants->tenants.at[t]);
    }
    iam_release(&set);
}

static bool run_tenants(struct findings *out, const struct policy *self,
                        const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    const struct estate *tenants = in->map ? in->map : in->actual;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (r->type && !strcmp(r->type, "aws_s3_bucket_policy"))
            judge_bucket(out, self, tenants, in, i);
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        const struct tenant *owner = owner_of(tenants, estate, r);
        struct iam_set set = {0};
        if (!owner)
            continue;
        iam_of_role(&set, &in->grants, i);
        for (size_t t = 0; t < tenants->tenants.count; t++)
            if (&tenants->tenants.at[t] != owner)
                judge_tenant(out, self, estate, i, &set, owner, &tenants->tenants.at[t]);
        iam_release(&set);
    }
    return true;
}

extern const struct policy policy_tenant_isolation;
const struct policy policy_tenant_isolation = {
    "IAM-005", SEVERITY_HIGH, "no tenant's role reaches another tenant's prefix", NULL,
    run_tenants};
