#include <string.h>

#include "terraform.h"

enum { VALUES_DEPTH_MAX = 64 };

static const struct node *merge(const struct value_context *c, const struct node *values,
                                const struct node *unknown, const struct node *sensitive,
                                const struct node *expressions, int depth);

/* A mask that hides nothing: false, null, or lists and maps of such. */
static bool says_nothing(const struct node *mask)
{
    if (!mask)
        return true;
    switch (mask->kind) {
    case NODE_BOOL:
        return !mask->truth;
    case NODE_LIST:
    case NODE_MAP:
        for (size_t i = 0; i < mask->count; i++)
            if (!says_nothing(mask->items[i]))
                return false;
        return true;
    case NODE_NULL:
    case NODE_NUMBER:
    case NODE_STRING:
    case NODE_UNKNOWN:
        break;
    }
    return true;
}

static bool is_leaf(const struct node *expression)
{
    return node_get(expression, "references") || node_get(expression, "constant_value") ||
           (node_is(expression, NODE_MAP) && !expression->count);
}

static struct node *unknown_node(const struct value_context *c, const struct node *expression)
{
    struct node *n = node_new(c->arena, NODE_UNKNOWN);
    const char *reference = expression && c->home
                                ? config_reference(c->config, expression, c->home, c->instance)
                                : NULL;
    n->text = reference ? reference : "";
    n->length = strlen(n->text);
    return n;
}

/* What the configuration says of a part; a whole expression speaks for all below it. */
static const struct node *part_of(const struct node *expressions, const char *key,
                                  size_t index)
{
    if (!expressions || is_leaf(expressions))
        return expressions;
    if (key)
        return node_get(expressions, key);
    return index < expressions->count ? expressions->items[index] : NULL;
}

static const struct node *mask_part(const struct node *mask, const char *key, size_t index)
{
    if (node_is(mask, NODE_BOOL))
        return mask;
    if (key)
        return node_get(mask, key);
    return node_is(mask, NODE_LIST) && index < mask->count ? mask->items[index] : NULL;
}

static void add_part(const struct value_context *c, struct node *into, const char *key,
                     const struct node *part)
{
    if (!part)
        return;
    struct node *copy = ARENA_NEW(c->arena, struct node);
    *copy = *part;
    node_add(c->arena, into, key, copy);
}

static const struct node *merge_map(const struct value_context *c, const struct node *values,
                                    const struct node *unknown, const struct node *sensitive,
                                    const struct node *expressions, int depth)
{
    struct node *out = node_new(c->arena, NODE_MAP);
    for (size_t i = 0; node_is(values, NODE_MAP) && i < values->count; i++) {
        const char *key = values->items[i]->key;
        add_part(c, out, key,
                 merge(c, values->items[i], mask_part(unknown, key, 0),
                       mask_part(sensitive, key, 0), part_of(expressions, key, 0), depth));
    }
    for (size_t i = 0; node_is(unknown, NODE_MAP) && i < unknown->count; i++) {
        const char *key = unknown->items[i]->key;
        if (!node_get(values, key))
            add_part(c, out, key,
                     merge(c, NULL, unknown->items[i], mask_part(sensitive, key, 0),
                           part_of(expressions, key, 0), depth));
    }
    return out;
}

static const struct node *merge_list(const struct value_context *c, const struct node *values,
                                     const struct node *unknown, const struct node *sensitive,
                                     const struct node *expressions, int depth)
{
    struct node *out = node_new(c->arena, NODE_LIST);
    size_t count = values ? values->count : 0;
    if (node_is(unknown, NODE_LIST) && unknown->count > count)
        count = unknown->count;
    for (size_t i = 0; i < count; i++) {
        const struct node *value = values && i < values->count ? values->items[i] : NULL;
        add_part(c, out, NULL,
                 merge(c, value, mask_part(unknown, NULL, i), mask_part(sensitive, NULL, i),
                       part_of(expressions, NULL, i), depth));
    }
    return out;
}

static const struct node *marked(const struct value_context *c, const struct node *value)
{
    if (!value)
        return NULL;
    struct node *copy = ARENA_NEW(c->arena, struct node);
    *copy = *value;
    copy->sensitive = true;
    return copy;
}

static const struct node *merge(const struct value_context *c, const struct node *values,
                                const struct node *unknown, const struct node *sensitive,
                                const struct node *expressions, int depth)
{
    if (depth > VALUES_DEPTH_MAX)
        return values;
    if (node_is(unknown, NODE_BOOL) && unknown->truth) {
        const struct node *constant =
            c->home ? config_constant(c->config, expressions, c->home) : NULL;
        bool set = expressions || !c->config->root;
        if (constant)
            return node_is(constant, NODE_NULL) ? values : constant;
        const struct node *document = terraform_policy_document(c, expressions);
        if (document)
            return document;
        return set ? unknown_node(c, expressions) : values;
    }
    if (node_is(sensitive, NODE_BOOL) && sensitive->truth)
        return marked(c, values);
    if (says_nothing(unknown) && says_nothing(sensitive))
        return values;
    if (node_is(values, NODE_MAP) || node_is(unknown, NODE_MAP))
        return merge_map(c, values, unknown, sensitive, expressions, depth + 1);
    if (node_is(values, NODE_LIST) || node_is(unknown, NODE_LIST))
        return merge_list(c, values, unknown, sensitive, expressions, depth + 1);
    return values;
}

const struct node *values_merge(const struct value_context *context, const struct node *values,
                                const struct node *unknown, const struct node *sensitive,
                                const struct node *expressions)
{
    return merge(context, values, unknown, sensitive, expressions, 0);
}
