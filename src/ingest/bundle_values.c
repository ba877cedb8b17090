#include <string.h>

#include "base/buf.h"
#include "bundle.h"

enum { DEPTH_MAX = 40 };

/* Lists whose items have a name of their own; all others are replaced whole. */
static const char *list_key(const char *name)
{
    static const struct {
        const char *list, *key;
    } keyed[] = {{"job_clusters", "job_cluster_key"},
                 {"tasks", "task_key"},
                 {"clusters", "label"},
                 {"environments", "environment_key"}};
    for (size_t i = 0; name && i < sizeof keyed / sizeof *keyed; i++)
        if (!strcmp(keyed[i].list, name))
            return keyed[i].key;
    return NULL;
}

static const struct node *merged(struct arena *arena, const char *name,
                                 const struct node *under, const struct node *over, int depth);

static void put(struct arena *arena, struct node *into, const char *key,
                const struct node *value)
{
    struct node *copy = ARENA_NEW(arena, struct node);
    *copy = *value;
    node_add(arena, into, key, copy);
}

static const struct node *merged_maps(struct arena *arena, const struct node *under,
                                      const struct node *over, int depth)
{
    struct node *out = node_new(arena, NODE_MAP);
    for (size_t i = 0; i < under->count; i++) {
        const char *key = under->items[i]->key;
        put(arena, out, key, merged(arena, key, under->items[i], node_get(over, key), depth));
    }
    for (size_t i = 0; i < over->count; i++)
        if (!node_get(under, over->items[i]->key))
            put(arena, out, over->items[i]->key, over->items[i]);
    return out;
}

static const struct node *item_named(const struct node *list, const char *key,
                                     const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(node_text(node_get(list->items[i], key), "default"), name))
            return list->items[i];
    return NULL;
}

static const struct node *merged_lists(struct arena *arena, const char *key,
                                       const struct node *under, const struct node *over,
                                       int depth)
{
    struct node *out = node_new(arena, NODE_LIST);
    for (size_t i = 0; i < under->count; i++) {
        const char *name = node_text(node_get(under->items[i], key), "default");
        put(arena, out, NULL,
            merged(arena, NULL, under->items[i], item_named(over, key, name), depth));
    }
    for (size_t i = 0; i < over->count; i++)
        if (!item_named(under, key, node_text(node_get(over->items[i], key), "default")))
            put(arena, out, NULL, over->items[i]);
    return out;
}

static const struct node *merged(struct arena *arena, const char *name,
                                 const struct node *under, const struct node *over, int depth)
{
    const char *key = list_key(name);
    if (node_absent(over) || depth > DEPTH_MAX)
        return under;
    if (node_is(under, NODE_MAP) && node_is(over, NODE_MAP))
        return merged_maps(arena, under, over, depth + 1);
    if (key && node_is(under, NODE_LIST) && node_is(over, NODE_LIST))
        return merged_lists(arena, key, under, over, depth + 1);
    return over;
}

const struct node *bundle_merge(struct arena *arena, const struct node *under,
                                const struct node *over)
{
    if (node_absent(under))
        return over;
    return merged(arena, NULL, under, over, 0);
}

static const struct node *filled(struct arena *arena, const struct bundle_variables *v,
                                 const struct node *value, int depth);

/* A target may give a variable its value directly or as a new default. */
static const struct node *variable(const struct bundle_variables *v, const char *name)
{
    const struct node *set = node_get(v->target, name);
    const struct node *declared = node_get(v->declared, name);
    if (node_is(set, NODE_MAP) && node_get(set, "default"))
        return node_get(set, "default");
    if (set && !node_is(set, NODE_MAP))
        return set;
    const struct node *value = node_get(declared, "value");
    if (value)
        return value;
    if (node_is(declared, NODE_MAP))
        return node_get(declared, "default");
    return declared;
}

static struct node *unknown(struct arena *arena, const char *reference)
{
    struct node *n = node_new(arena, NODE_UNKNOWN);
    n->text = reference;
    n->length = strlen(reference);
    return n;
}

/* "resources.clusters.main.id" refers to databricks_cluster.main. */
static const struct node *reference(struct arena *arena, const char *name)
{
    const char *kind = name + strlen("resources."), *key = strchr(kind, '.');
    if (!key)
        return unknown(arena, "");
    char *kind_text = arena_strndup(arena, kind, (size_t)(key - kind));
    char *key_text = arena_strndup(arena, key + 1, strcspn(key + 1, ".["));
    return unknown(arena,
                   arena_printf(arena, "%s.%s", bundle_type(arena, kind_text), key_text));
}

static const struct node *value_of(struct arena *arena, const struct bundle_variables *v,
                                   const char *name, int depth)
{
    if (!strncmp(name, "resources.", 10))
        return reference(arena, name);
    if (strncmp(name, "var.", 4))
        return unknown(arena, "");
    const char *dot = strchr(name + 4, '.');
    const struct node *value = variable(
        v, arena_strndup(arena, name + 4, dot ? (size_t)(dot - name - 4) : strlen(name + 4)));
    if (dot)
        value = node_at(value, dot + 1);
    return value ? filled(arena, v, value, depth + 1) : unknown(arena, "");
}

static const struct node *filled_text(struct arena *arena, const struct bundle_variables *v,
                                      const struct node *value, int depth)
{
    const char *at = value->text;
    struct buf text = BUF_INIT;
    const struct node *result = NULL;
    while (*at && !result) {
        const char *open = strstr(at, "${"), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_add(&text, at);
            break;
        }
        char *name = arena_strndup(arena, open + 2, (size_t)(close - open - 2));
        const struct node *one = value_of(arena, v, name, depth);
        buf_add_n(&text, at, (size_t)(open - at));
        at = close + 1;
        if ((open == value->text && !*at) || node_is(one, NODE_UNKNOWN))
            result = one; /* alone it keeps its kind */
        else
            buf_add(&text, node_text(one, ""));
    }
    if (!result)
        result = node_string(arena, buf_text(&text));
    buf_release(&text);
    return result;
}

static const struct node *filled(struct arena *arena, const struct bundle_variables *v,
                                 const struct node *value, int depth)
{
    if (!value || depth > DEPTH_MAX)
        return value;
    if (value->kind == NODE_STRING)
        return strstr(value->text, "${") ? filled_text(arena, v, value, depth) : value;
    if (value->kind != NODE_MAP && value->kind != NODE_LIST)
        return value;
    struct node *out = node_new(arena, value->kind);
    out->line = value->line;
    for (size_t i = 0; i < value->count; i++)
        put(arena, out, value->items[i]->key, filled(arena, v, value->items[i], depth + 1));
    return out;
}

const struct node *bundle_fill(struct arena *arena, const struct bundle_variables *variables,
                               const struct node *value)
{
    return filled(arena, variables, value, 0);
}
