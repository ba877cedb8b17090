#ifndef POLICY_NAMES_H
#define POLICY_NAMES_H

#include <stdbool.h>

#include "base/multimap.h"
#include "estate/estate.h"

/*
 * Does an attribute name this resource: by id, name, ARN, or a reference to its address?
 * A reference without an index ("aws_s3_bucket.b", each.key behind it) names the instance
 * that has the index of `from`, where the attribute stands, or any if that has none; `from`
 * may be NULL.
 */
bool refers_to(const struct node *attribute, const struct resource *from, const struct resource *r);

/* Who is called what in an estate, so that a name is looked up and not searched for. */
struct names {
    const struct estate *estate;
    struct multimap by_name; /* all that a resource answers to, its address without index too */
    struct multimap by_type;
};

void names_open(struct names *out, const struct estate *estate); /* NULL: nobody is there */
void names_release(struct names *names);

/* The first resource of a type; NOTHING: there is none. */
uint32_t first_of_type(const struct names *names, const char *type);

/* All that an attribute of `from` names, in the order of the estate. */
struct named {
    VEC(uint32_t) all;
};

void names_find(struct named *out, const struct names *names, const struct node *attribute,
                const struct resource *from);

/* The first of that type that an attribute of `from` names; NULL: none here. */
const struct resource *named_resource(const struct names *names, const char *type,
                                      const struct resource *from, const struct node *reference);
/* The same for roles, which are also named by the last part of their ARN. */
const struct resource *named_role(const struct names *names, const struct resource *from,
                                  const struct node *arn);

#endif
