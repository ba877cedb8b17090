#include <string.h>

#include "attribute.h"

static bool is_cluster(const struct resource *r)
{
    return r->type && !strcmp(r->type, "databricks_cluster");
}

/* By what its DBUs are billed as; where no DBU row is at hand, by the name that jobs give. */
static bool is_of_a_job(const struct estate *bill, uint32_t resource)
{
    const struct resource *r = &bill->resources.at[resource];
    size_t count;
    const struct cost_line *lines = estate_lines(bill, resource, &count);
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &bill->skus.at[lines[i].sku];
        if (sku->provider == PROVIDER_DATABRICKS && sku->usage_type)
            return strstr(sku->usage_type, "JOBS") != NULL;
    }
    return r->name && !strncmp(r->name, "job-", 4);
}

static const char *job_id(const struct resource *r)
{
    return node_text(node_get(r->attrs, "job_id"), resource_tag(r, "JobId"));
}

static void add_to_job(struct estate *bill, uint32_t cluster, const char *id)
{
    struct resource *c = &bill->resources.at[cluster];
    const char *key = arena_printf(&bill->arena, "job/%s", id);
    const char *name = resource_tag(c, "RunName");
    uint32_t index = estate_resource(bill, key);
    struct resource *job = &bill->resources.at[index];
    c = &bill->resources.at[cluster];
    c->parent = index;
    if (job->type)
        return;
    job->type = intern(bill->symbols, "databricks_job");
    job->id = job->key;
    job->name = intern(bill->symbols, name ? name : key);
    job->account = c->account;
    job->region = c->region;
    job->tags = c->tags;
    job->source = c->source;
    if (!resource_tag(job, "JobId")) {
        struct node *tags =
            c->tags ? node_copy(&bill->arena, c->tags) : node_new(&bill->arena, NODE_MAP);
        node_add(&bill->arena, tags, "JobId", node_string(&bill->arena, id));
        job->tags = tags;
    }
}

void group_job_clusters(struct estate *bill)
{
    size_t count = bill->resources.count;
    bool any = false;
    estate_index(bill);
    for (size_t i = 0; i < count; i++) {
        const struct resource *r = &bill->resources.at[i];
        const char *id = is_cluster(r) && r->parent == NOTHING ? job_id(r) : NULL;
        if (id && *id && is_of_a_job(bill, (uint32_t)i)) {
            add_to_job(bill, (uint32_t)i, id);
            any = true;
        }
    }
    if (any)
        estate_index(bill);
}
