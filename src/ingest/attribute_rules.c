#include <string.h>

#include "attribute.h"
#include "base/glob.h"

bool texts_match(const struct node *patterns, const char *text)
{
    if (node_is(patterns, NODE_LIST)) {
        for (size_t i = 0; i < patterns->count; i++)
            if (texts_match(patterns->items[i], text))
                return true;
        return false;
    }
    const char *pattern = node_text(patterns, NULL);
    return pattern && glob_match(pattern, text);
}

bool tags_match(const struct node *want, const struct node *have)
{
    if (!want || !want->count || !have)
        return false;
    for (size_t i = 0; i < want->count; i++) {
        const char *value = node_text(node_get(have, want->items[i]->key), NULL);
        const char *pattern = node_text(want->items[i], "*");
        if (!value || !glob_match(pattern, value))
            return false;
    }
    return true;
}

/* Whether one condition of a rule holds; the absent ones always do. */
static bool holds(const struct node *rule, const char *key, const char *const *texts, size_t n)
{
    const struct node *patterns = node_get(rule, key);
    if (node_absent(patterns))
        return true;
    for (size_t i = 0; i < n; i++)
        if (texts[i] && texts_match(patterns, texts[i]))
            return true;
    return false;
}

static bool buys(const struct node *rule, const struct estate *bill, uint32_t resource)
{
    if (!node_get(rule, "services") && !node_get(rule, "usage_types"))
        return true;
    size_t count;
    const struct cost_line *lines = estate_lines(bill, resource, &count);
    uint32_t last = NOTHING;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].sku == last)
            continue;
        const struct sku *sku = &bill->skus.at[last = lines[i].sku];
        if (holds(rule, "services", (const char *[]){sku->service, sku->product_name}, 2) &&
            holds(rule, "usage_types", (const char *[]){sku->usage_type, sku->measure}, 2))
            return true;
    }
    return false;
}

static bool rule_matches(const struct node *rule, const struct estate *bill, uint32_t resource)
{
    const struct resource *r = &bill->resources.at[resource];
    const struct node *tags = node_get(rule, "tags");
    return (!tags || tags_match(tags, r->tags)) &&
           holds(rule, "ids", (const char *[]){r->id, r->key}, 2) &&
           holds(rule, "names", (const char *[]){r->name}, 1) &&
           holds(rule, "types", (const char *[]){r->type}, 1) &&
           holds(rule, "accounts", (const char *[]){r->account}, 1) &&
           holds(rule, "regions", (const char *[]){r->region}, 1) &&
           buys(rule, bill, resource);
}

uint32_t rule_find(const struct layer_map *map, const struct estate *bill, uint32_t resource)
{
    const struct node *rules = node_at(map->document, "attribution.rules");
    for (size_t i = 0; rules && i < rules->count; i++)
        if (rule_matches(rules->items[i], bill, resource))
            return (uint32_t)i;
    return NOTHING;
}

static bool by_account(const struct tenant *t, const struct resource *r)
{
    for (size_t i = 0; r->account && i < t->accounts.count; i++)
        if (!strcmp(t->accounts.at[i], r->account))
            return true;
    return false;
}

static bool by_tags(const struct tenant *t, const struct resource *r)
{
    return tags_match(t->tags, r->tags);
}

static bool by_workspace(const struct tenant *t, const struct resource *r)
{
    const char *workspace = node_text(node_get(r->attrs, "workspace_id"), NULL);
    workspace = workspace ? workspace : resource_tag(r, "DatabricksWorkspaceId");
    for (size_t i = 0; workspace && i < t->workspaces.count; i++)
        if (!strcmp(t->workspaces.at[i], workspace))
            return true;
    return false;
}

static bool by_catalog(const struct tenant *t, const struct resource *r)
{
    const char *catalog =
        node_text(node_get(r->attrs, "catalog_name"), resource_tag(r, "Catalog"));
    for (size_t i = 0; catalog && i < t->catalogs.count; i++)
        if (!strcmp(t->catalogs.at[i], catalog))
            return true;
    return false;
}

/* A bucket of its own, or a place below one of the tenant's prefixes. */
static bool by_prefix(const struct tenant *t, const struct resource *r)
{
    static const char scheme[] = "s3://", arn[] = "arn:aws:s3:::";
    const char *id = r->id ? r->id : r->key;
    const char *place = node_text(node_get(r->attrs, "url"), id);
    place += strncmp(place, scheme, 5) ? strncmp(place, arn, 13) ? 0 : 13 : 5;
    for (size_t i = 0; i < t->prefixes.count; i++) {
        const char *prefix = t->prefixes.at[i];
        prefix += strncmp(prefix, scheme, 5) ? 0 : 5;
        size_t n = strlen(prefix), bucket = strcspn(prefix, "/");
        bool whole = n <= bucket + 1;
        if (whole && !strncmp(place, prefix, bucket) && strchr("/", place[bucket]))
            return true;
        if (!whole && !strncmp(place, prefix, n - (prefix[n - 1] == '/')) &&
            strchr("/", place[n - (prefix[n - 1] == '/')]))
            return true;
    }
    return false;
}

uint32_t tenant_of(const struct estate *bill, const struct resource *r)
{
    static bool (*const ways[])(const struct tenant *, const struct resource *) = {
        by_account, by_tags, by_workspace, by_catalog, by_prefix};
    for (size_t w = 0; w < sizeof ways / sizeof *ways; w++)
        for (size_t t = 0; t < bill->tenants.count; t++)
            if (ways[w](&bill->tenants.at[t], r))
                return (uint32_t)t;
    return NOTHING;
}
