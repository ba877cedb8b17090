#include <string.h>

#include "components.h"
#include "cost_expr.h"

static bool is(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

enum { NAMES = 11 };

/* What other resources call this one: its address, id, ARN, name or logical id. */
static void names_of(const char *out[NAMES], const struct resource *r)
{
    static const char *const attributes[] = {"id",
                                             "arn",
                                             "name",
                                             "bucket",
                                             "cluster_identifier",
                                             "identifier",
                                             "instance_pool_id",
                                             "cluster_id"};
    out[0] = r->key;
    out[1] = r->address;
    out[2] = r->id;
    for (int i = 3; i < NAMES; i++)
        out[i] = node_text(node_get(r->attrs, attributes[i - 3]), NULL);
}

void reference_index_open(struct reference_index *index, const struct estate *estate)
{
    *index = (struct reference_index){MAP_INIT, MAP_INIT};
    components_index(&index->sections);
    for (size_t i = 0; i < estate->resources.count; i++) {
        const char *names[NAMES];
        size_t taken;
        names_of(names, &estate->resources.at[i]);
        for (int k = 0; k < NAMES; k++)
            if (names[k] && *names[k] &&
                !map_get(&index->by_name, names[k], strlen(names[k]), &taken))
                map_put(&index->by_name, names[k], strlen(names[k]), i);
    }
}

void reference_index_release(struct reference_index *index)
{
    map_release(&index->by_name);
    map_release(&index->sections);
}

static uint32_t named(const struct scope *scope, const char *text)
{
    size_t found;
    if (scope->index)
        return map_get(&scope->index->by_name, text, strlen(text), &found) ? (uint32_t)found
                                                                           : NOTHING;
    for (uint32_t i = 0; i < scope->estate->resources.count; i++) {
        const char *names[NAMES];
        names_of(names, &scope->estate->resources.at[i]);
        for (int k = 0; k < NAMES; k++)
            if (is(names[k], text))
                return i;
    }
    return NOTHING;
}

/* "aws_x.y" stands for "aws_x.y[0]" or for the instance with the referring one's own index. */
static bool is_instance_of(const struct resource *r, const char *address)
{
    size_t n = strlen(address);
    return r->address && !strncmp(r->address, address, n) && r->address[n] == '[' &&
           !strchr(r->address + n, '.');
}

static const char *index_part(const char *address)
{
    const char *bracket = address ? strrchr(address, '[') : NULL;
    return bracket && !strchr(bracket, '.') ? bracket : "";
}

static uint32_t instance_of(const struct scope *scope, const char *address)
{
    const struct estate *estate = scope->estate;
    const char *own = index_part(estate->resources.at[scope->resource].address);
    uint32_t first = NOTHING;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!is_instance_of(r, address))
            continue;
        if (!strcmp(index_part(r->address), own))
            return i;
        if (first == NOTHING)
            first = i;
    }
    return first;
}

uint32_t expr_referred(const struct scope *scope, struct value v)
{
    const struct estate *estate = scope->estate;
    const char *text = v.kind == VALUE_UNKNOWN ? (v.node ? v.node->text : NULL)
                       : v.kind == VALUE_TEXT  ? v.text
                                               : NULL;
    if (v.kind == VALUE_RESOURCE)
        return v.resource;
    if (!text || !*text)
        return NOTHING;
    uint32_t found = estate_find(estate, text);
    if (found == NOTHING)
        found = named(scope, text);
    return found != NOTHING ? found : instance_of(scope, text);
}
