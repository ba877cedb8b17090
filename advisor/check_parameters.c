#include "check_parameters.h"

#include "config.h"

static struct node *merged(struct arena *arena, const struct node *first,
                           const struct node *second)
{
    if (!first || !second || first->kind != second->kind ||
        (first->kind != NODE_LIST && first->kind != NODE_MAP))
        return node_copy(arena, first ? first : second);
    struct node *out = node_copy(arena, first);
    for (size_t i = 0; i < second->count; i++) {
        const struct node *item = second->items[i];
        const struct node *own = first->kind == NODE_MAP ? node_get(first, item->key) : NULL;
        if (!own)
            node_add(arena, out, item->key, node_copy(arena, item));
        for (size_t k = 0; own && k < out->count; k++)
            if (out->items[k] == node_get(out, item->key)) {
                out->items[k] = merged(arena, own, item);
                out->items[k]->key = item->key;
            }
    }
    return out;
}

/* {"waivers": [...]} of a file that holds a list, or just that; its keys as in the
 * configuration. */
static bool read_waivers(const struct node **out, struct arena *arena, const char *path,
                         struct err *err)
{
    const struct strict_field *checks = strict_find(config_fields, "checks");
    const struct strict_field fields[] = {*strict_find(checks->inner, "waivers"), STRICT_END};
    const struct node *document;
    if (!strict_read(&document, arena, path, err))
        return false;
    if (node_is(document, NODE_LIST)) {
        struct node *map = node_new(arena, NODE_MAP);
        node_add(arena, map, "waivers", node_copy(arena, document));
        document = map;
    }
    if (!node_is(node_get(document, "waivers"), NODE_LIST))
        return err_usage(
            err, "%s: a waivers file is a list of id, resource, reason, owner and until",
            path);
    *out = document;
    return strict_check(document, fields, path, err);
}

bool check_parameters(const struct node **out, struct arena *arena,
                      const struct node *configured, const struct node *map,
                      const char *waivers_path, struct err *err)
{
    const struct node *waivers = NULL;
    if (waivers_path && !read_waivers(&waivers, arena, waivers_path, err))
        return false;
    *out = configured || map ? merged(arena, configured, map) : NULL;
    if (waivers)
        *out = *out ? merged(arena, *out, waivers) : waivers;
    return true;
}
