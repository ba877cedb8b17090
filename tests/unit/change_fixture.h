#ifndef UNIT_CHANGE_FIXTURE_H
#define UNIT_CHANGE_FIXTURE_H

#include "estate/diff.h"

/* A change that a plan or template is read into, for one test. */
static struct change change;
static struct err err;

static inline int open_change(void **state)
{
    (void)state;
    change_init(&change);
    return 0;
}

static inline int release_change(void **state)
{
    (void)state;
    change_release(&change);
    return 0;
}

static inline const struct resource *after(const char *key)
{
    uint32_t i = estate_find(change.after, key);
    if (i == NOTHING)
        fail_msg("%s is not there", key);
    return &change.after->resources.at[i];
}

#endif
