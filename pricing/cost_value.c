#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cost_expr.h"

struct value value_absent(void)
{
    return (struct value){.kind = VALUE_ABSENT};
}

struct value value_number(double number)
{
    return (struct value){.kind = VALUE_NUMBER, .number = {number, number, number}};
}

struct value value_text(const char *text)
{
    return (struct value){.kind = text ? VALUE_TEXT : VALUE_ABSENT, .text = text};
}

/* A map of min, typ and max is a quantity; any other map or list stays a node. */
struct value value_of_node(const struct node *n)
{
    struct value v = {.kind = VALUE_ABSENT, .node = n};
    if (!n)
        return v;
    switch (n->kind) {
    case NODE_NULL:
        break;
    case NODE_BOOL:
        return value_number(n->truth);
    case NODE_NUMBER:
        return value_number(n->number);
    case NODE_STRING:
        return value_text(n->length ? n->text : NULL);
    case NODE_UNKNOWN:
        v.kind = VALUE_UNKNOWN;
        break;
    case NODE_LIST:
        v.kind = n->count ? VALUE_NODE : VALUE_ABSENT;
        break;
    case NODE_MAP:
        v.kind = range_read(&v.number, n) ? VALUE_NUMBER : VALUE_NODE;
    }
    return v;
}

/* What every resource has besides its attributes. */
static struct value property(const struct resource *r, const char *path)
{
    if (!strcmp(path, "region"))
        return value_text(r->region);
    if (!strcmp(path, "address"))
        return value_text(r->address);
    return value_absent();
}

static const struct node *attribute_node(const struct node *from, const char *path)
{
    const struct node *unknown = from;
    const struct node *n = node_at(from, path);
    if (n)
        return n;
    /* "a.b" of an unknown "a" is unknown, not absent. */
    char head[128];
    size_t length = strcspn(path, ".");
    while (length < sizeof head && path[length]) {
        memcpy(head, path, length);
        head[length] = '\0';
        unknown = node_at(from, head);
        if (node_is(unknown, NODE_UNKNOWN))
            return unknown;
        length += 1 + strcspn(path + length + 1, ".");
    }
    return node_is(from, NODE_UNKNOWN) ? from : NULL;
}

struct value value_attribute(struct scope *scope, struct value of, const char *path)
{
    struct value v = value_absent();
    if (of.kind == VALUE_RESOURCE && of.resource < scope->estate->resources.count) {
        const struct resource *r = &scope->estate->resources.at[of.resource];
        bool usage = !strncmp(path, "usage.", 6);
        v = value_of_node(usage ? node_at(r->usage, path + 6) : attribute_node(r->attrs, path));
        if (v.kind == VALUE_ABSENT && !usage)
            v = property(r, path);
        v.from_usage = usage;
    } else if (of.kind == VALUE_NODE) {
        v = value_of_node(attribute_node(of.node, path));
    } else if (of.kind == VALUE_UNKNOWN) {
        v = of;
    }
    v.what = path;
    return v;
}

int value_truth(struct value v)
{
    switch (v.kind) {
    case VALUE_ABSENT:
        return 0;
    case VALUE_UNKNOWN:
        return -1;
    case VALUE_NUMBER:
        return v.number.expected < 0 || v.number.expected > 0;
    case VALUE_TEXT:
        return *v.text && strcmp(v.text, "false") != 0;
    case VALUE_NODE:
        return v.node->count > 0;
    case VALUE_RESOURCE:
        return 1;
    }
    return 0;
}

bool value_as_number(struct range *out, struct value v)
{
    if (v.kind == VALUE_NUMBER) {
        *out = v.number;
        return true;
    }
    if (v.kind != VALUE_TEXT)
        return false;
    char *end;
    double number = strtod(v.text, &end);
    if (end == v.text || *end || !isfinite(number))
        return false;
    *out = (struct range){number, number, number};
    return true;
}

const char *value_as_text(struct arena *arena, struct value v)
{
    if (v.kind == VALUE_TEXT)
        return v.text;
    if (v.kind == VALUE_NUMBER)
        return arena_printf(arena, "%.15g", v.number.expected);
    return NULL;
}
