#include "reach.h"

#include <string.h>

#include "glob.h"
#include "iam_condition.h"

const char *bucket_path(struct arena *arena, const char *url)
{
    static const char *const heads[] = {"s3://", "s3a://", "arn:aws:s3:::"};
    const char *path = NULL;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (!strncmp(url, heads[i], strlen(heads[i])))
            path = url + strlen(heads[i]);
    if (!path || !*path)
        return NULL;
    size_t n = strlen(path);
    return path[n - 1] == '/' ? path : arena_printf(arena, "%s/", path);
}

bool lies_within(const char *inner, const char *outer)
{
    return !strncmp(inner, outer, strlen(outer));
}

const char *object_below(struct arena *arena, const char *path)
{
    return arena_printf(arena, "arn:aws:s3:::%s" S3_PROBE_KEY, path);
}

bool within_any(struct arena *arena, const struct node *prefixes, const char *arn)
{
    for (size_t i = 0; node_is(prefixes, NODE_LIST) && i < prefixes->count; i++) {
        const char *path = bucket_path(arena, node_text(prefixes->items[i], ""));
        if (path && lies_within(arn + strlen("arn:aws:s3:::"), path))
            return true;
    }
    return false;
}

enum iam_decision reaches_object(const struct iam_set *set, const char *arn, const char **key)
{
    static const char *const actions[] = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject",
                                          "s3:GetObjectVersion", "s3:DeleteObjectVersion"};
    enum iam_decision worst = IAM_NOTHING;
    for (size_t i = 0; i < sizeof actions / sizeof *actions && worst != IAM_ALLOW; i++) {
        enum iam_decision d = iam_decide(set, actions[i], arn);
        const struct iam_statement *s =
            d == IAM_CONDITIONAL ? iam_allowing(set, actions[i], arn) : NULL;
        enum condition_effect effect = s ? iam_condition_effect(s, key) : CONDITION_WHAT;
        if (d == IAM_ALLOW || effect == CONDITION_WHO || effect == CONDITION_NONE)
            worst = IAM_ALLOW;
        else if (d == IAM_CONDITIONAL)
            worst = d;
    }
    return worst;
}

/* The objects below the path that the statements' patterns speak of, one for each pattern. */
static enum iam_decision reaches_pattern(struct arena *arena, const struct iam_set *set,
                                         const struct node *pattern, const char *below,
                                         const char **key)
{
    enum iam_decision worst = IAM_NOTHING;
    if (node_is(pattern, NODE_STRING)) {
        const char *object = glob_witness(arena, pattern->text, below, S3_PROBE_KEY);
        return object ? reaches_object(set, object, key) : IAM_NOTHING;
    }
    for (size_t i = 0; node_is(pattern, NODE_LIST) && i < pattern->count; i++) {
        enum iam_decision d = reaches_pattern(arena, set, pattern->items[i], below, key);
        if (d == IAM_ALLOW)
            return d;
        worst = d == IAM_CONDITIONAL ? d : worst;
    }
    return worst;
}

enum iam_decision reaches_path(struct arena *arena, const struct iam_set *set,
                               const char *path, const char **key)
{
    const char *below = arena_printf(arena, "arn:aws:s3:::%s*", path);
    *key = "";
    enum iam_decision worst = reaches_object(set, object_below(arena, path), key);
    for (size_t i = 0; i < set->statements.count && worst != IAM_ALLOW; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        enum iam_decision d =
            s->allow ? reaches_pattern(arena, set, node_get(s->node, "Resource"), below, key)
                     : IAM_NOTHING;
        worst = d == IAM_NOTHING || d == IAM_DENY ? worst : d;
    }
    return worst;
}

const struct node *allowed_prefixes(const struct inspection *in, const struct resource *r)
{
    const struct node *own = node_get(r->attrs, "allowed_prefixes");
    const char *name = sym_or_empty(r->name);
    struct multimap_walk w = multimap_find(&in->map_names.by_name, name, strlen(name));
    while (!own && multimap_next(&w)) {
        const struct resource *meant = &in->map->resources.at[w.value];
        if (meant->type && !strcmp(meant->type, "aws_iam_role") && meant->name &&
            !strcmp(meant->name, name))
            own = node_get(meant->attrs, "allowed_prefixes");
    }
    return own;
}

/* "arn:aws:iam::111122223333:role/north" is the tenant's that lists it, whole or by name. */
const struct tenant *tenant_of_role(const struct estate *tenants_of, const char *arn,
                                    const char *name)
{
    for (size_t t = 0; t < tenants_of->tenants.count; t++) {
        const struct tenant *tenant = &tenants_of->tenants.at[t];
        for (size_t i = 0; i < tenant->roles.count; i++) {
            const char *slash = strrchr(tenant->roles.at[i], '/');
            if (!strcmp(tenant->roles.at[i], arn) ||
                (slash && name && !strcmp(slash + 1, name)))
                return tenant;
        }
    }
    return NULL;
}

const struct tenant *owner_of(const struct estate *tenants_of, const struct estate *estate,
                              const struct resource *r)
{
    const char *arn = node_text(node_get(r->attrs, "arn"), r->id ? r->id : r->key);
    const struct tenant *listed = tenant_of_role(tenants_of, arn, r->name);
    if (listed)
        return listed;
    if (estate == tenants_of && r->tenant != NOTHING)
        return &estate->tenants.at[r->tenant];
    const char *tag = resource_tag(r, "Tenant");
    for (size_t t = 0; tag && t < tenants_of->tenants.count; t++)
        if (!strcmp(tenants_of->tenants.at[t].id, tag))
            return &tenants_of->tenants.at[t];
    return NULL;
}
