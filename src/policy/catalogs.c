#include <string.h>

#include "iam.h"
#include "reach.h"

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
                        const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
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
            finding_add(
                out, self, estate, i, "Move its storage below a prefix of its own tenant.",
                "it is of tenant %s and lies in %s of tenant %s", holder->id, url, place->id);
        for (uint32_t k = i + 1; k < estate->resources.count; k++)
            if (storage_url(&estate->resources.at[k]))
                judge_overlap(out, self, estate, i, k);
    }
    return true;
}

static bool is_of(const struct estate *estate, const struct resource *r)
{
    return r >= estate->resources.at && r < estate->resources.at + estate->resources.count;
}

/* The map's prefixes are the boundary; where it states none, what the role is allowed is. */
static void judge_credential(struct findings *out, const struct policy *self,
                             const struct inspection *in, uint32_t location,
                             const struct resource *role)
{
    const struct estate *estate = in->judged;
    const struct resource *r = &estate->resources.at[location];
    const char *url = storage_url(r), *path = bucket_path(&out->arena, url), *key = "";
    const struct node *prefixes = role ? allowed_prefixes(in, role) : NULL;
    const char *object = object_below(&out->arena, path);
    struct iam_set set = {0};
    if (role && !prefixes && is_of(estate, role))
        iam_of_role(&set, &in->grants, (uint32_t)(role - estate->resources.at));
    if (prefixes && !within_any(&out->arena, prefixes, object))
        finding_add(out, self, estate, location,
                    "Take the credential of the role that owns the prefix, or move it.",
                    "%s lies outside the prefixes of role %s, which its credential uses", url,
                    resource_label(role));
    else if (!prefixes && (!set.statements.count || set.incomplete))
        finding_note(out, self, r, "the boundary of its credential's role is not known");
    else if (!prefixes && reaches_object(&set, object, &key) == IAM_NOTHING)
        finding_add(out, self, estate, location,
                    "Take the credential of the role that may use the prefix, or move it.",
                    "role %s, which its credential uses, is not allowed %s",
                    resource_label(role), url);
    iam_release(&set);
}

/* An external location must lie where the role of its storage credential may go. */
static bool run_credentials(struct findings *out, const struct policy *self,
                            const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const char *url = storage_url(r), *path = url ? bucket_path(&out->arena, url) : NULL;
        const struct resource *credential =
            path ? named_resource(&in->names, "databricks_storage_credential", r,
                                  node_get(r->attrs, "credential_name"))
                 : NULL;
        if (!credential)
            continue;
        const struct node *arn = node_at(credential->attrs, "aws_iam_role.role_arn");
        const struct resource *role = named_role(&in->names, credential, arn);
        if (!role && in->map)
            role = named_role(&in->map_names, credential, arn);
        judge_credential(out, self, in, i, role);
    }
    return true;
}

extern const struct policy policy_catalog_storage, policy_credential_scope;
const struct policy policy_credential_scope = {
    "UC-002", SEVERITY_HIGH, "external locations lie within their credential's role", NULL,
    run_credentials};
const struct policy policy_catalog_storage = {
    "UC-001", SEVERITY_HIGH,
    "Unity Catalog storage stays with its tenant and does not overlap", NULL, run_catalog};
