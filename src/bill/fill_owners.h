#ifndef BILL_FILL_OWNERS_H
#define BILL_FILL_OWNERS_H

#include "fill.h"

enum { PASSED_TAGS = 2 };

/* What the tags of a resource say of its name and of what it belongs to; NULL: nothing. */
struct told {
    const char *name, *cluster_name;
    const char *owner, *owner_name, *owner_type;
    const char *passed[PASSED_TAGS]; /* that its owner should have as well */
};

/* For any thread. */
struct told told_by_tags(const struct resource *r);
/* Gives the resource its name and its parent, which is made when it is new, and that its tags. */
void fill_owner(struct fill *f, uint32_t resource);

#endif
