#include "estate/resource.h"

#include <string.h>

/* "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1" is known to people by its end. */
static const char *behind_arn(const char *text)
{
    const char *at = text;
    if (strncmp(text, "arn:", 4) != 0)
        return text;
    for (int colons = 0; at && colons < 5; colons++) {
        at = strchr(at, ':');
        at = at ? at + 1 : NULL;
    }
    return at && *at ? at : text;
}

const char *resource_label(const struct resource *r)
{
    const sym choices[] = {r->name, r->address, r->id, r->key};
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (choices[i] && *choices[i])
            return behind_arn(choices[i]);
    return "(no id)";
}

size_t resource_bare_address(const char *address)
{
    size_t bare = 0;
    bool quoted = false;
    for (size_t i = 0; address[i]; i++) {
        if (quoted && address[i] == '\\' && address[i + 1])
            i++;
        else if (address[i] == '"')
            quoted = !quoted;
        else if (!quoted && address[i] == '[')
            bare = i;
        else if (!quoted && address[i] == '.')
            bare = 0;
    }
    return bare ? bare : strlen(address);
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
