#include "estate/resource.h"

const char *resource_label(const struct resource *r)
{
    const sym choices[] = {r->name, r->address, r->id, r->key};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i] && *choices[i])
            return choices[i];
    return "(no id)";
}

const char *resource_tag(const struct resource *r, const char *key)
{
    return node_text(node_get(r->tags, key), NULL);
}

bool range_read(struct range *out, const struct node *n)
{
    if (node_is(n, NODE_NUMBER)) {
        *out = (struct range){n->number, n->number, n->number};
        return true;
    }
    if (!node_is(n, NODE_MAP))
        return false;
    const struct node *min = node_get(n, "min"), *typ = node_get(n, "typ"),
                      *max = node_get(n, "max");
    const struct node *any = typ ? typ : max ? max : min;
    if (!node_is(any, NODE_NUMBER))
        return false;
    out->expected = any->number;
    out->low = node_number(min, out->expected);
    out->high = node_number(max, out->expected);
    return true;
}
