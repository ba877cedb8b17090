#include <string.h>

#include "cost_expr.h"

static bool is(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

/* What other resources call this one: its address, id, ARN, name or logical id. */
static bool answers_to(const struct resource *r, const char *text)
{
    static const char *const names[] = {"id", "arn", "name", "bucket", "cluster_identifier",
                                        "identifier", "instance_pool_id", "cluster_id"};
    if (is(r->key, text) || is(r->address, text) || is(r->id, text))
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(node_text(node_get(r->attrs, names[i]), NULL), text))
            return true;
    return false;
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
    for (uint32_t i = 0; found == NOTHING && i < estate->resources.count; i++)
        if (answers_to(&estate->resources.at[i], text))
            found = i;
    return found != NOTHING ? found : instance_of(scope, text);
}
