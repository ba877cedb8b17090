#include <string.h>

#include "terraform.h"

enum { DEPTH_MAX = 64 };

struct state_reader {
    struct estate *estate;
    const char *path, *default_region;
};

static void add_resource(struct state_reader *r, const char *address, const char *type,
                         const struct node *attrs, const struct node *sensitive)
{
    struct config none = {.arena = &r->estate->arena};
    struct value_context context = {.arena = &r->estate->arena, .config = &none, .instance = ""};
    uint32_t i = estate_resource(r->estate, address);
    struct resource *resource = &r->estate->resources.at[i];
    attrs = values_merge(&context, attrs, NULL, sensitive, NULL);
    resource->type = intern(r->estate->symbols, type);
    resource->address = resource->key;
    resource->source = arena_strdup(&r->estate->arena, r->path);
    resource->attrs = attrs;
    if (r->default_region)
        resource->region = intern(r->estate->symbols, r->default_region);
    terraform_describe(r->estate, i, NULL);
}

static void read_module(struct state_reader *r, const struct node *module, int depth)
{
    const struct node *resources = node_get(module, "resources");
    const struct node *children = node_get(module, "child_modules");
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const struct node *entry = resources->items[i];
        const char *address = node_text(node_get(entry, "address"), NULL);
        const char *deposed = node_text(node_get(entry, "deposed_key"), NULL);
        const char *type = node_text(node_get(entry, "type"), NULL);
        if (!address || !type ||
            strcmp(node_text(node_get(entry, "mode"), "managed"), "managed"))
            continue;
        if (deposed)
            address = arena_printf(&r->estate->arena, "%s (deposed %s)", address, deposed);
        add_resource(r, address, type, node_get(entry, "values"),
                     node_get(entry, "sensitive_values"));
    }
    for (size_t i = 0;
         node_is(children, NODE_LIST) && i < children->count && depth < DEPTH_MAX; i++)
        read_module(r, children->items[i], depth + 1);
}

static const char *instance_address(struct state_reader *r, const struct node *entry,
                                    const struct node *instance)
{
    struct arena *arena = &r->estate->arena;
    const char *module = node_text(node_get(entry, "module"), "");
    const struct node *index = node_get(instance, "index_key");
    const char *deposed = node_text(node_get(instance, "deposed"), NULL);
    const char *address = arena_printf(arena, "%s%s%s.%s", module, *module ? "." : "",
                                       node_text(node_get(entry, "type"), ""),
                                       node_text(node_get(entry, "name"), ""));
    if (node_is(index, NODE_NUMBER))
        address = arena_printf(arena, "%s[%s]", address, index->text);
    else if (node_is(index, NODE_STRING))
        address = arena_printf(arena, "%s[\"%s\"]", address, index->text);
    return deposed ? arena_printf(arena, "%s (deposed %s)", address, deposed) : address;
}

/* The file that Terraform itself keeps: resources with instances. */
static void read_file(struct state_reader *r, const struct node *resources)
{
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const struct node *entry = resources->items[i];
        const struct node *instances = node_get(entry, "instances");
        const char *type = node_text(node_get(entry, "type"), NULL);
        if (!type || strcmp(node_text(node_get(entry, "mode"), "managed"), "managed"))
            continue;
        for (size_t k = 0; node_is(instances, NODE_LIST) && k < instances->count; k++)
            add_resource(r, instance_address(r, entry, instances->items[k]), type,
                         node_get(instances->items[k], "attributes"), NULL);
    }
}

bool terraform_state_read(struct estate *estate, const struct node *state, const char *path,
                          const char *default_region, struct err *err)
{
    struct state_reader r = {estate, path, default_region};
    if (node_get(state, "values") || node_get(state, "format_version")) {
        read_module(&r, node_at(state, "values.root_module"), 0);
        return true;
    }
    double version = node_number(node_get(state, "version"), 0);
    if (version < 4)
        return err_set(err,
                       "%s: a state file of version %g; version 4 (Terraform 0.12 and later) "
                       "is read",
                       path, version);
    read_file(&r, node_get(state, "resources"));
    return true;
}
