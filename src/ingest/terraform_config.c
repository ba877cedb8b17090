#include <string.h>

#include "terraform.h"

enum { MODULE_DEPTH_MAX = 32, REFERENCE_DEPTH_MAX = 12 };

static const char *joined(struct arena *arena, const char *path, const char *name)
{
    return *path ? arena_printf(arena, "%s.%s", path, name) : arena_strdup(arena, name);
}

static void add_module(struct config *config, const struct config_module *parent,
                       const char *path, const struct node *module, const struct node *call,
                       int depth)
{
    struct config_module *m = ARENA_NEW(config->arena, struct config_module);
    *m = (struct config_module){path, module, call, parent};
    map_put(&config->modules, m->path, strlen(m->path), config->all.count);
    VEC_ADD(&config->all, m);
    const struct node *resources = node_get(module, "resources");
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const char *address = node_text(node_get(resources->items[i], "address"), NULL);
        if (!address)
            continue;
        const char *full = joined(config->arena, path, address);
        map_put(&config->by_address, full, strlen(full), config->resources.count);
        VEC_ADD(&config->resources, resources->items[i]);
        VEC_ADD(&config->homes, m);
    }
    const struct node *calls = node_get(module, "module_calls");
    for (size_t i = 0;
         node_is(calls, NODE_MAP) && i < calls->count && depth < MODULE_DEPTH_MAX; i++) {
        const char *name = arena_printf(config->arena, "module.%s", calls->items[i]->key);
        add_module(config, m, joined(config->arena, path, name),
                   node_get(calls->items[i], "module"),
                   node_get(calls->items[i], "expressions"), depth + 1);
    }
}

void terraform_config_open(struct config *config, struct arena *arena, const struct node *plan)
{
    *config = (struct config){
        .arena = arena,
        .root = node_get(plan, "configuration"),
        .variables = node_get(plan, "variables"),
    };
    if (config->root)
        add_module(config, NULL, "", node_get(config->root, "root_module"), NULL, 0);
}

void terraform_config_release(struct config *config)
{
    map_release(&config->modules);
    map_release(&config->by_address);
    VEC_FREE(&config->all);
    VEC_FREE(&config->resources);
    VEC_FREE(&config->homes);
    map_release(&config->documents);
    VEC_FREE(&config->document_changes);
}

const struct node *config_resource(const struct config *config, const char *address,
                                   const struct config_module **home)
{
    const char *bare = address_bare(config->arena, address);
    size_t i;
    *home = NULL;
    if (!map_get(&config->by_address, bare, strlen(bare), &i))
        return NULL;
    *home = config->homes.at[i];
    return config->resources.at[i];
}

/* A default of null is not written down at all. */
static const struct node *variable_default(const struct node *variable)
{
    static const struct node nothing = {.kind = NODE_NULL, .text = ""};
    const struct node *value = node_get(variable, "default");
    return value ? value : variable ? &nothing : NULL;
}

/* What an expression evaluates to as far as the plan tells: constants and variables. */
static const struct node *constant_of(const struct config *config,
                                      const struct node *expression,
                                      const struct config_module *home, int depth)
{
    const struct node *constant = node_get(expression, "constant_value");
    const struct node *references = node_get(expression, "references");
    if (constant || depth > REFERENCE_DEPTH_MAX || !node_is(references, NODE_LIST))
        return constant;
    for (size_t i = 0; i < references->count; i++) {
        const char *name = node_text(references->items[i], "");
        if (strncmp(name, "var.", 4) || !home)
            continue;
        char *variable = arena_strndup(config->arena, name + 4, address_segment(name + 4));
        if (!home->parent)
            return node_get(node_get(config->variables, variable), "value");
        const struct node *passed = node_get(home->call, variable);
        if (passed)
            return constant_of(config, passed, home->parent, depth + 1);
        return variable_default(node_get(node_get(home->module, "variables"), variable));
    }
    return NULL;
}

const struct node *config_constant(const struct config *config, const struct node *expression,
                                   const struct config_module *home)
{
    const struct node *references = node_get(expression, "references");
    return node_is(references, NODE_LIST) && references->count > 1
               ? NULL
               : constant_of(config, expression, home, 0);
}

static const struct config_module *module_at(const struct config *config, const char *path)
{
    size_t i;
    return path && map_get(&config->modules, path, strlen(path), &i) ? config->all.at[i]
                                                                     : NULL;
}

static const char *provider_region(const struct config *config, const char *key)
{
    const struct node *provider = node_get(node_get(config->root, "provider_config"), key);
    const char *path = node_text(node_get(provider, "module_address"), "");
    return node_text(constant_of(config, node_get(node_get(provider, "expressions"), "region"),
                                 module_at(config, path), 0),
                     NULL);
}

/* A module's provider that is not configured in it is its caller's: "module.a:aws" is "aws".
 */
const char *config_region(const struct config *config, const struct node *resource,
                          const struct config_module *home)
{
    (void)home;
    const char *key = node_text(node_get(resource, "provider_config_key"), NULL);
    if (!key)
        return NULL;
    const char *region = provider_region(config, key);
    const char *colon = strrchr(key, ':');
    if (!region && colon)
        region = provider_region(config, colon + 1);
    return region;
}

static const char *resolve(const struct config *config, const char *name,
                           const struct config_module *home, const char *instance, int depth);

static const char *resolve_any(const struct config *config, const struct node *expression,
                               const struct config_module *home, const char *instance,
                               int depth)
{
    const struct node *references = node_get(expression, "references");
    if (depth > REFERENCE_DEPTH_MAX || !node_is(references, NODE_LIST))
        return NULL;
    for (size_t i = 0; i < references->count; i++) {
        const char *found =
            resolve(config, node_text(references->items[i], ""), home, instance, depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

/* "module.m.out": the output's own expression, in that module. */
static const char *resolve_output(const struct config *config, const char *name,
                                  const struct config_module *home, const char *instance,
                                  int depth)
{
    size_t n = 7 + address_segment(name + 7);
    const char *call = arena_strndup(config->arena, name, n);
    const char *output = name[n] == '.' ? name + n + 1 : NULL;
    const char *bare = address_bare(config->arena, call);
    const struct config_module *module =
        module_at(config, joined(config->arena, home->path, bare));
    if (!output || !module)
        return NULL;
    output = arena_strndup(config->arena, output, strcspn(output, ".["));
    const struct node *expression =
        node_get(node_get(node_get(module->module, "outputs"), output), "expression");
    return resolve_any(config, expression, module, joined(config->arena, instance, call),
                       depth);
}

static const char *resolve_variable(const struct config *config, const char *name,
                                    const struct config_module *home, const char *instance,
                                    int depth)
{
    if (!home->parent)
        return NULL;
    char *variable = arena_strndup(config->arena, name + 4, address_segment(name + 4));
    char *outside = arena_strdup(config->arena, instance);
    /* The caller's instance is this one's address without its last two segments. */
    const char *parent = address_module(config->arena, outside);
    size_t keep = 0;
    for (size_t at = 0; parent[at];) {
        size_t n = 7 + address_segment(parent + at + 7);
        if (!parent[at + n])
            break;
        keep = at + n;
        at += n + 1;
    }
    outside[keep] = '\0';
    return resolve_any(config, node_get(home->call, variable), home->parent, outside, depth);
}

static const char *resolve(const struct config *config, const char *name,
                           const struct config_module *home, const char *instance, int depth)
{
    static const char *const others[] = {"local.",     "each.", "count.", "path.",
                                         "terraform.", "data.", "self."};
    if (!home || depth > REFERENCE_DEPTH_MAX)
        return NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strncmp(name, others[i], strlen(others[i])))
            return NULL;
    if (!strncmp(name, "module.", 7))
        return resolve_output(config, name, home, instance, depth);
    if (!strncmp(name, "var.", 4))
        return resolve_variable(config, name, home, instance, depth);
    size_t type = address_segment(name);
    if (!type || name[type] != '.')
        return NULL;
    size_t whole = type + 1 + address_segment(name + type + 1);
    return joined(config->arena, instance, arena_strndup(config->arena, name, whole));
}

const char *config_reference(const struct config *config, const struct node *expression,
                             const struct config_module *home, const char *instance)
{
    return resolve_any(config, expression, home, instance, 0);
}
