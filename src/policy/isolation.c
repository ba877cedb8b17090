#include <string.h>

#include "iam.h"
#include "iam_condition.h"
#include "policy/policy.h"

#define PROBE_KEY "advisor-probe"

/* "s3://bucket/prefix/" or an ARN as "bucket/prefix/"; NULL when it is neither. */
static const char *bucket_path(struct arena *arena, const char *url)
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

/* "t1/" holds "t1/raw/" and not "t10/": prefixes are compared with their slash. */
static bool lies_within(const char *inner, const char *outer)
{
    return !strncmp(inner, outer, strlen(outer));
}

static const char *object_arn(struct arena *arena, const char *path)
{
    return arena_printf(arena, "arn:aws:s3:::%s" PROBE_KEY, path);
}

/*
 * Whether objects below a path are reached. A condition on who calls or from where does
 * not keep the role out; one on what is reached might, and is handed back by *key.
 */
static enum iam_decision reaches(struct arena *arena, const struct iam_set *set, const char *path,
                                 const char **key)
{
    static const char *const actions[] = {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"};
    const char *arn = object_arn(arena, path);
    enum iam_decision worst = IAM_NOTHING;
    *key = "";
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

/* Concrete objects that the Allow statements let through, wildcards filled in. */
static const char *filled(struct arena *arena, const char *pattern)
{
    struct buf text = BUF_INIT;
    for (; *pattern; pattern++) {
        if (*pattern == '*')
            buf_add(&text, PROBE_KEY);
        else
            buf_add_char(&text, *pattern == '?' ? 'x' : *pattern);
    }
    const char *copy = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

static bool within_any(struct arena *arena, const struct node *prefixes, const char *arn)
{
    for (size_t i = 0; node_is(prefixes, NODE_LIST) && i < prefixes->count; i++) {
        const char *path = bucket_path(arena, node_text(prefixes->items[i], ""));
        if (path && lies_within(arn + strlen("arn:aws:s3:::"), path))
            return true;
    }
    return false;
}

static void judge_pattern(struct findings *out, const struct policy *self,
                          const struct estate *estate, const struct iam_set *set,
                          const struct iam_statement *s, const struct node *pattern,
                          const struct node *prefixes)
{
    const char *text = node_text(pattern, "");
    const char *arn = !strcmp(text, "*") ? "arn:aws:s3:::" PROBE_KEY "/" PROBE_KEY
                                         : filled(&out->arena, text);
    if (strncmp(arn, "arn:aws:s3:::", 13) != 0 || !strchr(arn + 13, '/') ||
        within_any(&out->arena, prefixes, arn))
        return;
    if (iam_decide(set, "s3:GetObject", arn) == IAM_ALLOW ||
        iam_decide(set, "s3:PutObject", arn) == IAM_ALLOW ||
        iam_decide(set, "s3:DeleteObject", arn) == IAM_ALLOW)
        finding_add(out, self, estate, s->resource,
                    "Narrow Resource to the prefixes that the map allows this role.",
                    "it reaches objects outside the prefixes of its role: %s", text);
}

static bool allows_listing_of(struct arena *arena, const struct node *prefixes,
                              const char *bucket, const struct node *listed)
{
    for (size_t i = 0; node_is(listed, NODE_LIST) && i < listed->count; i++)
        if (!allows_listing_of(arena, prefixes, bucket, listed->items[i]))
            return false;
    if (!node_is(listed, NODE_STRING))
        return node_is(listed, NODE_LIST) && listed->count;
    return within_any(arena, prefixes,
                      arena_printf(arena, "arn:aws:s3:::%s/%s", bucket, listed->text));
}

/* ListBucket is allowed on whole buckets; only s3:prefix keeps it to a part. */
static void judge_listing(struct findings *out, const struct policy *self,
                          const struct estate *estate, const struct iam_statement *s,
                          const struct node *prefixes)
{
    for (size_t i = 0; node_is(prefixes, NODE_LIST) && i < prefixes->count; i++) {
        const char *path = bucket_path(&out->arena, node_text(prefixes->items[i], ""));
        size_t n = path ? strcspn(path, "/") : 0;
        if (!path || !path[n + 1])
            continue;
        const char *bucket = arena_strndup(&out->arena, path, n);
        if (!iam_names_action(s, "s3:ListBucket") ||
            !iam_names_resource(s, arena_printf(&out->arena, "arn:aws:s3:::%s", bucket)) ||
            allows_listing_of(&out->arena, prefixes, bucket,
                              iam_condition_values(s, "s3:prefix")))
            continue;
        finding_add(out, self, estate, s->resource,
                    "Add a condition StringLike s3:prefix with the prefixes of this role.",
                    "it lists all of bucket %s, of which its role may use a part", bucket);
        return;
    }
}

/* The map states allowed_prefixes; the plan's role of the same name states the policy. */
static const struct node *allowed_prefixes(const struct policy_input *in, const struct resource *r)
{
    const struct node *own = node_get(r->attrs, "allowed_prefixes");
    for (uint32_t i = 0; !own && in->map && i < in->map->resources.count; i++) {
        const struct resource *meant = &in->map->resources.at[i];
        if (meant->type && !strcmp(meant->type, "aws_iam_role") && meant->name && r->name &&
            !strcmp(meant->name, r->name))
            own = node_get(meant->attrs, "allowed_prefixes");
    }
    return own;
}

static bool run_prefixes(struct findings *out, const struct policy *self,
                         const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        const struct node *prefixes = allowed_prefixes(in, r);
        struct iam_set set = {0};
        if (!prefixes)
            continue;
        iam_of_role(&set, estate, i);
        for (size_t k = 0; k < set.statements.count; k++) {
            const struct iam_statement *s = &set.statements.at[k];
            const struct node *resources = node_get(s->node, "Resource");
            if (!s->allow)
                continue;
            judge_listing(out, self, estate, s, prefixes);
            if (node_is(resources, NODE_STRING))
                judge_pattern(out, self, estate, &set, s, resources, prefixes);
            for (size_t n = 0; node_is(resources, NODE_LIST) && n < resources->count; n++)
                judge_pattern(out, self, estate, &set, s, resources->items[n], prefixes);
        }
        iam_release(&set);
    }
    return true;
}

static const struct tenant *owner_of(const struct estate *tenants_of, const struct estate *estate,
                                     const struct resource *r)
{
    const char *arn = node_text(node_get(r->attrs, "arn"), r->id ? r->id : r->key);
    for (size_t t = 0; t < tenants_of->tenants.count; t++) {
        const struct tenant *tenant = &tenants_of->tenants.at[t];
        for (size_t i = 0; i < tenant->roles.count; i++) {
            const char *slash = strrchr(tenant->roles.at[i], '/');
            if (!strcmp(tenant->roles.at[i], arn) ||
                (slash && r->name && !strcmp(slash + 1, r->name)))
                return tenant;
        }
    }
    if (estate == tenants_of && r->tenant != NOTHING)
        return &estate->tenants.at[r->tenant];
    const char *tag = resource_tag(r, "Tenant");
    for (size_t t = 0; tag && t < tenants_of->tenants.count; t++)
        if (!strcmp(tenants_of->tenants.at[t].id, tag))
            return &tenants_of->tenants.at[t];
    return NULL;
}

static void judge_tenant(struct findings *out, const struct policy *self,
                         const struct estate *estate, uint32_t role, const struct iam_set *set,
                         const struct tenant *owner, const struct tenant *other)
{
    for (size_t i = 0; i < other->prefixes.count; i++) {
        const char *path = bucket_path(&out->arena, other->prefixes.at[i]);
        const char *key;
        enum iam_decision d = path ? reaches(&out->arena, set, path, &key) : IAM_NOTHING;
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

static bool run_tenants(struct findings *out, const struct policy *self,
                        const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    const struct estate *tenants = in->map ? in->map : in->actual;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        const struct tenant *owner = owner_of(tenants, estate, r);
        struct iam_set set = {0};
        if (!owner)
            continue;
        iam_of_role(&set, estate, i);
        for (size_t t = 0; t < tenants->tenants.count; t++)
            if (&tenants->tenants.at[t] != owner)
                judge_tenant(out, self, estate, i, &set, owner, &tenants->tenants.at[t]);
        iam_release(&set);
    }
    return true;
}

static const char *storage_url(const struct resource *r)
{
    if (!r->type)
        return NULL;
    if (!strcmp(r->type, "databricks_external_location"))
        return node_text(node_get(r->attrs, "url"), NULL);
    if (!strcmp(r->type, "databricks_catalog"))
        return node_text(node_get(r->attrs, "storage_root"), NULL);
    return NULL;
}

static const struct tenant *prefix_owner(struct arena *arena, const struct estate *tenants,
                                         const char *path)
{
    for (size_t t = 0; t < tenants->tenants.count; t++) {
        const struct tenant *tenant = &tenants->tenants.at[t];
        for (size_t i = 0; i < tenant->prefixes.count; i++) {
            const char *own = bucket_path(arena, tenant->prefixes.at[i]);
            if (own && lies_within(path, own))
                return tenant;
        }
    }
    return NULL;
}

static void judge_overlap(struct findings *out, const struct policy *self,
                          const struct estate *estate, uint32_t a, uint32_t b)
{
    const struct resource *x = &estate->resources.at[a], *y = &estate->resources.at[b];
    const char *px = bucket_path(&out->arena, storage_url(x));
    const char *py = bucket_path(&out->arena, storage_url(y));
    bool both_locations = !strcmp(x->type, y->type) && strstr(x->type, "external_location");
    if (px && py && both_locations && (lies_within(px, py) || lies_within(py, px)))
        finding_add(out, self, estate, a, "Give every external location a path of its own.",
                    "it overlaps %s: %s and %s", resource_label(y), storage_url(x),
                    storage_url(y));
}

/* A catalog or location of one tenant must not lie in a prefix of another. */
static bool run_catalog(struct findings *out, const struct policy *self,
                        const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    const struct estate *tenants = in->map ? in->map : in->actual;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const char *url = storage_url(r);
        const char *path = url ? bucket_path(&out->arena, url) : NULL;
        if (!path)
            continue;
        const struct tenant *holder = owner_of(tenants, estate, r);
        const struct tenant *place = prefix_owner(&out->arena, tenants, path);
        if (holder && place && holder != place)
            finding_add(out, self, estate, i, "Move its storage below a prefix of its own tenant.",
                        "it is of tenant %s and lies in %s of tenant %s", holder->id, url,
                        place->id);
        for (uint32_t k = i + 1; k < estate->resources.count; k++)
            if (storage_url(&estate->resources.at[k]))
                judge_overlap(out, self, estate, i, k);
    }
    return true;
}

static const struct resource *named(const struct estate *estate, const char *type,
                                    const struct node *reference)
{
    for (size_t i = 0; !node_absent(reference) && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (r->type && !strcmp(r->type, type) && refers_to(reference, r))
            return r;
    }
    return NULL;
}

/* "arn:aws:iam::111122223333:role/north" names the role north, here or in the map. */
static const struct resource *role_of(const struct estate *estate, const struct node *arn)
{
    const char *text = node_text(arn, NULL), *slash = text ? strrchr(text, '/') : NULL;
    const struct resource *role = named(estate, "aws_iam_role", arn);
    for (size_t i = 0; !role && slash && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (r->type && !strcmp(r->type, "aws_iam_role") && r->name && !strcmp(r->name, slash + 1))
            role = r;
    }
    return role;
}

/* An external location must lie where the role of its storage credential may go. */
static bool run_credentials(struct findings *out, const struct policy *self,
                            const struct policy_input *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->actual ? in->actual : in->map;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const char *url = storage_url(r), *path = url ? bucket_path(&out->arena, url) : NULL;
        const struct resource *credential =
            path ? named(estate, "databricks_storage_credential",
                         node_get(r->attrs, "credential_name"))
                 : NULL;
        if (!credential)
            continue;
        const struct node *arn = node_at(credential->attrs, "aws_iam_role.role_arn");
        const struct resource *role = role_of(estate, arn);
        if (!role && in->map)
            role = role_of(in->map, arn);
        const struct node *prefixes = role ? allowed_prefixes(in, role) : NULL;
        if (!prefixes)
            finding_note(out, self, r, "the boundary of its credential's role is not known");
        else if (!within_any(&out->arena, prefixes,
                             arena_printf(&out->arena, "arn:aws:s3:::%s", path)))
            finding_add(out, self, estate, i,
                        "Take the credential of the role that owns the prefix, or move it.",
                        "%s lies outside the prefixes of role %s, which its credential uses", url,
                        resource_label(role));
    }
    return true;
}

extern const struct policy policy_iam_prefixes, policy_tenant_isolation, policy_catalog_storage,
    policy_credential_scope;
const struct policy policy_credential_scope = {
    "UC-002", SEVERITY_HIGH, "external locations lie within their credential's role", NULL,
    run_credentials};
const struct policy policy_iam_prefixes = {
    "IAM-002", SEVERITY_HIGH, "a role stays within the prefixes that the map allows it", NULL,
    run_prefixes};
const struct policy policy_tenant_isolation = {
    "IAM-005", SEVERITY_HIGH, "no tenant's role reaches another tenant's prefix", NULL,
    run_tenants};
const struct policy policy_catalog_storage = {
    "UC-001", SEVERITY_HIGH, "Unity Catalog storage stays with its tenant and does not overlap",
    NULL, run_catalog};
