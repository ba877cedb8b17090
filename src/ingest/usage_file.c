#include <string.h>

#include "base/glob.h"
#include "ingest/change.h"
#include "io/doc.h"

static bool has_free_star(const char *pattern)
{
    for (const char *star = pattern; (star = strchr(star, '*')); star++)
        if (star == pattern || star[-1] != '[' || star[1] != ']')
            return true;
    return false;
}

/* "aws_x.y[*].z" against an address: "[*]" is any index, a "*" elsewhere any text. */
static bool address_fits(const char *pattern, const char *address)
{
    if (has_free_star(pattern))
        return glob_match(pattern, address);
    while (*pattern) {
        if (!strncmp(pattern, "[*]", 3) && *address == '[') {
            const char *close = strchr(address, ']');
            if (!close)
                return false;
            address = close + 1;
            pattern += 3;
        } else if (*pattern++ != *address++) {
            return false;
        }
    }
    return !*address;
}

/* `over` on top of `under`, key by key; either may be NULL. */
static const struct node *overlaid(struct arena *arena, const struct node *under,
                                   const struct node *over)
{
    struct node *out = node_new(arena, NODE_MAP);
    for (size_t i = 0; node_is(under, NODE_MAP) && i < under->count; i++)
        if (!node_get(over, under->items[i]->key))
            node_add(arena, out, under->items[i]->key, node_copy(arena, under->items[i]));
    for (size_t i = 0; node_is(over, NODE_MAP) && i < over->count; i++) {
        const struct node *below = node_get(under, over->items[i]->key);
        bool both = node_is(below, NODE_MAP) && node_is(over->items[i], NODE_MAP);
        const struct node *item =
            both ? overlaid(arena, below, over->items[i]) : over->items[i];
        node_add(arena, out, over->items[i]->key, node_copy(arena, item));
    }
    return out;
}

static size_t apply(struct estate *estate, const char *pattern, const struct node *usage)
{
    size_t applied = 0;
    for (size_t i = 0; i < estate->resources.count; i++) {
        struct resource *r = &estate->resources.at[i];
        if (r->address && address_fits(pattern, r->address)) {
            r->usage = overlaid(&estate->arena, r->usage, usage);
            applied++;
        }
    }
    return applied;
}

static void apply_type(struct estate *estate, const char *type, const struct node *usage)
{
    for (size_t i = 0; i < estate->resources.count; i++) {
        struct resource *r = &estate->resources.at[i];
        if (r->type && !strcmp(r->type, type))
            r->usage = overlaid(&estate->arena, usage, r->usage);
    }
}

/* Transfer out of a region belongs to no resource; a usage file names it all the same. */
static bool add_usage_alone(struct estate *estate, const char *address,
                            const struct node *usage, const char *path)
{
    static const char type[] = "aws_data_transfer";
    if (strncmp(address, type, sizeof type - 1))
        return false;
    uint32_t i = estate_resource(estate, address);
    struct resource *r = &estate->resources.at[i];
    r->type = intern(estate->symbols, type);
    r->address = r->key;
    r->region = intern(estate->symbols, node_text(node_get(usage, "region"), NULL));
    r->usage = node_copy(&estate->arena, usage);
    r->source = arena_strdup(&estate->arena, path);
    return true;
}

/* Patterns first, so that what is said of one address counts over them. */
static void apply_all(struct estate *estate, const struct node *all, const char *path,
                      bool patterns)
{
    for (size_t i = 0; node_is(all, NODE_MAP) && i < all->count; i++) {
        const struct node *usage = all->items[i];
        if (!node_is(usage, NODE_MAP) || (strchr(usage->key, '*') != NULL) != patterns)
            continue;
        if (!strchr(usage->key, '.'))
            apply_type(estate, usage->key, usage);
        else if (!apply(estate, usage->key, usage) &&
                 !add_usage_alone(estate, usage->key, usage, path))
            estate_note(estate, NOTE_INFO, path,
                        "usage of %s (line %u) is of no resource in this change", usage->key,
                        usage->line);
    }
}

bool usage_read(struct estate *estate, const char *path, struct err *err)
{
    struct arena arena = ARENA_INIT;
    const struct node *document;
    bool ok = doc_read(&document, &arena, path, err);
    if (ok) {
        const struct node *types = node_get(document, "resource_type_default_usage");
        apply_all(estate, node_get(document, "resource_usage"), path, true);
        apply_all(estate, node_get(document, "resource_usage"), path, false);
        for (size_t i = 0; node_is(types, NODE_MAP) && i < types->count; i++)
            apply_type(estate, types->items[i]->key, types->items[i]);
        if (!types && !node_get(document, "resource_usage"))
            ok = err_set(err,
                         "%s: neither resource_usage nor resource_type_default_usage: not a "
                         "usage file",
                         path);
    }
    arena_release(&arena);
    return ok;
}

void usage_from_estate(struct estate *estate, const struct estate *map)
{
    for (size_t i = 0; i < map->resources.count; i++) {
        const struct resource *r = &map->resources.at[i];
        if (r->address && r->usage)
            apply(estate, r->address, r->usage);
    }
}
