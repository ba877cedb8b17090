#include <string.h>

#include "cost_expr.h"

void reference_names(const char *out[REFERENCE_NAMES], const struct resource *r)
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
    for (int i = 3; i < REFERENCE_NAMES; i++)
        out[i] = node_text(node_get(r->attrs, attributes[i - 3]), NULL);
}

static void answer_to(struct map *by_name, const char *name, size_t length, uint32_t resource)
{
    size_t taken;
    if (length && !map_get(by_name, name, length, &taken))
        map_put(by_name, name, length, resource);
}

/* Own names first: "aws_x.y" is the first instance only where nothing has that very name. */
void reference_index_open(struct reference_index *index, const struct estate *estate)
{
    *index = (struct reference_index){.by_name = MAP_INIT};
    components_open(&index->components);
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const char *names[REFERENCE_NAMES];
        reference_names(names, &estate->resources.at[i]);
        for (int k = 0; k < REFERENCE_NAMES; k++)
            if (names[k])
                answer_to(&index->by_name, names[k], strlen(names[k]), i);
    }
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const char *address = estate->resources.at[i].address;
        if (address)
            answer_to(&index->by_name, address, resource_bare_address(address), i);
    }
}

void reference_index_release(struct reference_index *index)
{
    map_release(&index->by_name);
    referrers_release(index);
    components_close(&index->components);
}

static uint32_t named(const struct scope *scope, const char *text)
{
    size_t found;
    return map_get(&scope->index->by_name, text, strlen(text), &found) ? (uint32_t)found
                                                                       : NOTHING;
}

/* "aws_x.y" stands for the instance with the referring one's own index, else for the first. */
static uint32_t instance_of(const struct scope *scope, const char *address)
{
    const char *own = scope->estate->resources.at[scope->resource].address;
    const char *index = own ? own + resource_bare_address(own) : "";
    uint32_t twin = *index ? named(scope, arena_printf(scope->arena, "%s%s", address, index))
                           : NOTHING;
    return twin != NOTHING ? twin : named(scope, address);
}

const char *reference_text(struct value v)
{
    return v.kind == VALUE_UNKNOWN ? (v.node ? v.node->text : NULL)
           : v.kind == VALUE_TEXT  ? v.text
                                   : NULL;
}

uint32_t expr_referred(const struct scope *scope, struct value v)
{
    const char *text = reference_text(v);
    if (v.kind == VALUE_RESOURCE)
        return v.resource;
    if (!text || !*text)
        return NOTHING;
    uint32_t found = estate_find(scope->estate, text);
    return found != NOTHING ? found : instance_of(scope, text);
}
