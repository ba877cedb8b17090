#include "fill_owners.h"

#include <string.h>

/* What a tag of an EC2 or EBS resource belongs to; the first that is there wins. */
static const struct {
    const char *tag, *type, *name_tag;
} owners[] = {
    {"ClusterId", "databricks_cluster", "ClusterName"},
    {"SqlWarehouseId", "databricks_sql_endpoint", NULL},
    {"SqlEndpointId", "databricks_sql_endpoint", NULL},
    {"DatabricksInstancePoolId", "databricks_instance_pool", NULL},
};

/* DBU rows name a cluster only; what its instances' tags say of the job is true of it too. */
static const char *const passed[PASSED_TAGS] = {"JobId", "RunName"};

static void tell_owner(struct told *out, const struct resource *r)
{
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        const char *owner = resource_tag(r, owners[i].tag);
        if (!owner || !*owner || !strcmp(owner, r->key))
            continue;
        out->owner = owner;
        out->owner_type = owners[i].type;
        out->owner_name = owners[i].name_tag ? resource_tag(r, owners[i].name_tag) : NULL;
        return;
    }
}

struct told told_by_tags(const struct resource *r)
{
    struct told told = {.owner = NULL};
    if (!r->tags)
        return told;
    told.name = resource_tag(r, "Name");
    told.cluster_name = resource_tag(r, "ClusterName");
    tell_owner(&told, r);
    for (size_t i = 0; i < PASSED_TAGS; i++)
        told.passed[i] = resource_tag(r, passed[i]);
    return told;
}

static void name_resource(struct fill *f, struct resource *r, const struct told *told)
{
    bool cluster = r->type && !strcmp(r->type, "databricks_cluster");
    if (!r->name)
        r->name = intern(f->into->symbols, told->name);
    if (!r->name && cluster)
        r->name = intern(f->into->symbols, told->cluster_name);
}

/* The owner's number; it is made when it is new. */
static uint32_t owner_of(struct fill *f, const struct told *told)
{
    uint32_t owner = estate_resource(f->into, told->owner);
    struct resource *r = &f->into->resources.at[owner];
    if (!r->type)
        r->type = intern(f->into->symbols, told->owner_type);
    if (!r->id)
        r->id = r->key;
    if (!r->name)
        r->name = intern(f->into->symbols, told->owner_name);
    return owner;
}

static void pass_on(struct fill *f, struct resource *to, const char *tag, const char *value)
{
    if (!value || resource_tag(to, tag))
        return;
    struct node *tags = to->tags ? node_copy(&f->into->arena, to->tags)
                                 : node_new(&f->into->arena, NODE_MAP);
    node_add(&f->into->arena, tags, tag, node_string(&f->into->arena, value));
    to->tags = tags;
}

void fill_owner(struct fill *f, uint32_t resource)
{
    const struct told *told = &f->told[resource];
    name_resource(f, &f->into->resources.at[resource], told);
    uint32_t owner = told->owner ? owner_of(f, told) : NOTHING;
    struct resource *r = &f->into->resources.at[resource];
    if (r->parent == NOTHING)
        r->parent = owner;
    for (size_t i = 0; r->parent != NOTHING && i < PASSED_TAGS; i++)
        pass_on(f, &f->into->resources.at[r->parent], passed[i], told->passed[i]);
}
