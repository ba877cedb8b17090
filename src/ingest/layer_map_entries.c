#include <string.h>

#include "layer_map_read.h"

/* Where the next step of a path ends: "autoscale[].min_workers", "architectures.". */
static size_t step_length(const char *path)
{
    return strcspn(path, ".[");
}

static struct node *child(struct arena *arena, struct node *parent, const char *name, size_t n,
                          enum node_kind kind)
{
    char *key = arena_strndup(arena, name, n);
    for (size_t i = 0; i < parent->count; i++)
        if (!strcmp(parent->items[i]->key, key))
            return parent->items[i];
    return node_add(arena, parent, key, node_new(arena, kind));
}

void map_put_path(struct arena *arena, struct node *root, const char *path,
                  const struct node *value)
{
    struct node *copy = node_copy(arena, value);
    for (;;) {
        size_t n = step_length(path);
        if (!path[n]) {
            node_add(arena, root, path, copy);
            return;
        }
        if (path[n] == '[') { /* a block: a list of one map */
            struct node *list = child(arena, root, path, n, NODE_LIST);
            if (!list->count)
                node_add(arena, list, NULL, node_new(arena, NODE_MAP));
            root = list->items[0];
            path += n + strlen("[].");
        } else if (!path[n + 1]) { /* a list of values */
            node_add(arena, child(arena, root, path, n, NODE_LIST), NULL, copy);
            return;
        } else {
            root = child(arena, root, path, n, NODE_MAP);
            path += n + 1;
        }
    }
}

void entry_put(struct map_reader *r, struct entry *e, const char *to, const struct node *value)
{
    static const char usage[] = "usage:";
    bool load = !strncmp(to, usage, sizeof usage - 1);
    map_put_path(r->arena, load ? e->usage : e->attrs, load ? to + sizeof usage - 1 : to,
                 value);
}

struct resource *entry_resource(struct map_reader *r, const struct entry *e)
{
    return &r->estate->resources.at[e->resource];
}

uint32_t entry_child(struct map_reader *r, const struct entry *e, const char *suffix,
                     const char *type)
{
    const char *key = arena_printf(r->arena, "%s/%s", entry_resource(r, e)->key, suffix);
    uint32_t index = estate_resource(r->estate, key);
    struct resource *of = entry_resource(r, e), *c = &r->estate->resources.at[index];
    sym own = c->key;
    *c = *of;
    c->key = c->address = own;
    c->type = intern(r->estate->symbols, type);
    c->parent = e->resource;
    c->attrs = c->usage = NULL;
    return index;
}

static const struct {
    const char *list;
    bool (*finish)(struct map_reader *r, struct entry *e);
} finishers[] = {
    {"buckets", finish_bucket},
    {"clusters", finish_cluster},
    {"pools", finish_pool},
    {"ec2", finish_ec2},
    {"functions", finish_function},
    {"event_buses", finish_bus},
    {"lbs", finish_load_balancer},
    {"iam_roles", finish_role},
    {"glue", finish_glue},
    {"alarms", finish_alarm},
    {"accelerators", finish_accelerator},
    {"distributions", finish_distribution},
    {"endpoints", finish_endpoint},
    {"addresses", finish_address},
    {"zones", finish_zone},
};

static bool finish(struct map_reader *r, struct entry *e)
{
    for (size_t i = 0; i < sizeof finishers / sizeof *finishers; i++)
        if (!strcmp(finishers[i].list, e->kind->list))
            return finishers[i].finish(r, e);
    return true;
}

static bool set_owner(struct map_reader *r, struct entry *e, struct resource *resource)
{
    const struct node *tenant = node_get(e->node, "tenant");
    resource->tenant = map_tenant(r, node_text(tenant, NULL));
    if (!node_absent(tenant) && resource->tenant == NOTHING)
        return map_fail(r, tenant, "there is no tenant '%s'", node_text(tenant, ""));
    return true;
}

/* Tags stand among the attributes too, where Terraform keeps them. */
static bool describe(struct map_reader *r, struct entry *e)
{
    struct resource *resource = entry_resource(r, e);
    resource->type = intern(r->estate->symbols, e->kind->type);
    resource->layer = e->kind->layer;
    resource->name = map_text(r, node_get(e->node, "name"));
    resource->id = map_text(r, node_get(e->node, "arn"));
    resource->id = resource->id ? resource->id : resource->name;
    resource->address = map_text(r, node_get(e->node, "tf"));
    resource->address = resource->address ? resource->address : resource->key;
    resource->name = resource->name ? resource->name : resource->key;
    resource->account = map_text(r, node_get(e->node, "account"));
    resource->region = map_text(r, node_get(e->node, "region"));
    resource->region = resource->region ? resource->region : r->map->primary_region;
    resource->tags = node_get(e->node, "tags");
    resource->mapped_by = intern_printf(r->estate->symbols, "map:%s", resource->key);
    resource->source = r->path;
    resource->line = e->node->line;
    return set_owner(r, e, resource);
}

static void convert(struct map_reader *r, struct entry *e)
{
    for (size_t i = 0; i < e->node->count; i++) {
        const struct node *value = e->node->items[i];
        const struct strict_field *f = strict_find(e->fields, value->key);
        if (f && f->becomes && value->kind != NODE_NULL)
            entry_put(r, e, f->becomes, value);
    }
    const struct node *tags = node_get(e->node, "tags");
    if (tags)
        entry_put(r, e, "tags", tags);
}

static bool read_entry(struct map_reader *r, const struct entry_kind *kind,
                       const struct strict_field *fields, const struct node *n)
{
    const struct node *id = node_get(n, "id");
    const char *text = node_text(id, "");
    size_t before;
    if (map_get(&r->ids, text, strlen(text), &before))
        return map_fail(r, id, "the id '%s' is here twice, first on line %u", text,
                        r->map->entries.at[before].node->line);
    struct entry e = {.kind = kind,
                      .node = n,
                      .fields = fields,
                      .resource = estate_resource(r->estate, text),
                      .attrs = node_new(r->arena, NODE_MAP),
                      .usage = node_new(r->arena, NODE_MAP)};
    sym key = r->estate->resources.at[e.resource].key;
    map_put(&r->ids, key, strlen(key), r->map->entries.count);
    VEC_ADD(&r->map->entries, ((struct map_entry){e.resource, n}));
    if (!describe(r, &e))
        return false;
    convert(r, &e);
    if (!finish(r, &e))
        return false;
    struct resource *resource = entry_resource(r, &e);
    resource->attrs = e.attrs;
    resource->usage = e.usage->count ? e.usage : NULL;
    return true;
}

/* References that must name another entry of the map. */
static bool check_reference(struct map_reader *r, const struct node *n, const char *path)
{
    const struct node *ref = node_at(n, path);
    const char *id = node_text(ref, NULL);
    size_t found;
    if (!id || map_get(&r->ids, id, strlen(id), &found))
        return true;
    return map_fail(r, ref, "'%s' refers to '%s', which is no entry of this map", path, id);
}

static bool check_references(struct map_reader *r)
{
    static const char *const paths[] = {
        "lifecycle_ref", "encryption.kms_key_ref", "log_group_ref", "pool_ref",
        "workspace",     "credential_ref",         "targets_ref",   "access_logs_to",
    };
    for (size_t i = 0; i < r->map->entries.count; i++)
        for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
            if (!check_reference(r, r->map->entries.at[i].node, paths[p]))
                return false;
    return true;
}

bool map_read_layers(struct map_reader *r)
{
    const struct node *layers = node_get(r->map->document, "layers");
    const struct strict_field *all = strict_find(map_fields, "layers")->inner;
    for (const struct entry_kind *kind = entry_kinds; kind->list; kind++) {
        const char *layer = layer_name(kind->layer);
        const struct node *list = node_get(node_get(layers, layer), kind->list);
        const struct strict_field *fields =
            strict_find(strict_find(all, layer)->inner, kind->list)->inner;
        for (size_t i = 0; list && i < list->count; i++)
            if (!read_entry(r, kind, fields, list->items[i]))
                return false;
    }
    return check_references(r);
}
