#include "names.h"

#include <string.h>

/* "aws_iam_role.etl.arn" names aws_iam_role.etl, "aws_iam_role.etl2" does not. */
static bool references(const char *reference, const char *from, const char *address)
{
    size_t n = address ? strlen(address) : 0;
    if (n && !strncmp(reference, address, n) && (!reference[n] || reference[n] == '.'))
        return true;
    size_t bare = n ? resource_bare_address(address) : 0;
    const char *own = n ? address + bare : "";
    const char *other = from ? from + resource_bare_address(from) : "";
    return *own && (!*other || !strcmp(own, other)) && strlen(reference) == bare &&
           !strncmp(reference, address, bare);
}

enum { NAMES = 7 };

static void names_of(const char *out[NAMES], const struct resource *r)
{
    static const char *const attributes[] = {"arn", "name", "bucket"};
    const char *const own[] = {r->id, r->name, r->key, r->address};
    memcpy(out, own, sizeof own);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        out[4 + i] = node_text(node_get(r->attrs, attributes[i]), NULL);
}

bool refers_to(const struct node *attribute, const struct resource *from, const struct resource *r)
{
    const char *names[NAMES], *text = node_text(attribute, NULL);
    if (node_is(attribute, NODE_UNKNOWN))
        return references(attribute->text, from ? from->address : NULL, r->address);
    if (!text || !*text)
        return false;
    names_of(names, r);
    for (size_t i = 0; i < NAMES; i++)
        if (names[i] && !strcmp(text, names[i]))
            return true;
    return false;
}

static void add(struct names *names, uint32_t resource)
{
    const struct resource *r = &names->estate->resources.at[resource];
    const char *called[NAMES];
    names_of(called, r);
    for (size_t i = 0; i < NAMES; i++)
        if (called[i] && *called[i])
            multimap_put(&names->by_name, called[i], strlen(called[i]), resource);
    size_t bare = r->address ? resource_bare_address(r->address) : 0;
    if (bare && r->address[bare])
        multimap_put(&names->by_name, r->address, bare, resource);
    if (r->type)
        multimap_put(&names->by_type, r->type, strlen(r->type), resource);
}

void names_open(struct names *out, const struct estate *estate)
{
    *out = (struct names){estate, MULTIMAP_INIT, MULTIMAP_INIT};
    for (uint32_t i = 0; estate && i < estate->resources.count; i++)
        add(out, i);
}

void names_release(struct names *names)
{
    multimap_release(&names->by_name);
    multimap_release(&names->by_type);
}

uint32_t first_of_type(const struct names *names, const char *type)
{
    struct multimap_walk w = multimap_find(&names->by_type, type, strlen(type));
    return multimap_next(&w) ? (uint32_t)w.value : NOTHING;
}

/* The index holds more than may be meant: refers_to() decides. */
static void add_named(struct named *out, const struct names *names, size_t length,
                      const struct node *attribute, const struct resource *from)
{
    struct multimap_walk w = multimap_find(&names->by_name, attribute->text, length);
    while (multimap_next(&w))
        if (refers_to(attribute, from, &names->estate->resources.at[w.value]))
            VEC_ADD(&out->all, (uint32_t)w.value);
}

void names_find(struct named *out, const struct names *names, const struct node *attribute,
                const struct resource *from)
{
    *out = (struct named){0};
    bool unknown = node_is(attribute, NODE_UNKNOWN);
    if (!unknown && !node_text(attribute, NULL))
        return;
    /* A reference begins with an address: it ends at one of the dots. */
    for (size_t end = strcspn(attribute->text, "."); unknown && attribute->text[end];
         end += 1 + strcspn(attribute->text + end + 1, "."))
        add_named(out, names, end, attribute, from);
    add_named(out, names, strlen(attribute->text), attribute, from);
    VEC_SORT(&out->all, order_uint32);
    VEC_UNIQUE(&out->all, order_uint32);
}

const struct resource *named_resource(const struct names *names, const char *type,
                                      const struct resource *from, const struct node *reference)
{
    const struct resource *found = NULL;
    struct named named;
    names_find(&named, names, reference, from);
    for (size_t i = 0; i < named.all.count && !found; i++) {
        const struct resource *r = &names->estate->resources.at[named.all.at[i]];
        found = r->type && !strcmp(r->type, type) ? r : NULL;
    }
    VEC_FREE(&named.all);
    return found;
}

const struct resource *named_role(const struct names *names, const struct resource *from,
                                  const struct node *arn)
{
    /* "arn:aws:iam::111122223333:role/north" names the role north, here or in the map. */
    const char *text = node_text(arn, NULL), *slash = text ? strrchr(text, '/') : NULL;
    const struct resource *role = named_resource(names, "aws_iam_role", from, arn);
    if (role || !slash)
        return role;
    struct multimap_walk w = multimap_find(&names->by_name, slash + 1, strlen(slash + 1));
    while (!role && multimap_next(&w)) {
        const struct resource *r = &names->estate->resources.at[w.value];
        if (r->type && !strcmp(r->type, "aws_iam_role") && r->name && !strcmp(r->name, slash + 1))
            role = r;
    }
    return role;
}
