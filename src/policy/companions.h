#ifndef POLICY_COMPANIONS_H
#define POLICY_COMPANIONS_H

#include "names.h"

enum verdict { FAILS, HOLDS, CANNOT_TELL };

/* Who is named by the resources of one type, each kind found when it is first asked for. */
struct companions_cache {
    VEC(struct companions *) kinds;
};

void companions_release(struct companions_cache *cache);

/*
 * Does a resource of `type` name this one at `path`, itself or by way of others that it
 * names? Where it names what is known only after apply, nobody can tell.
 */
enum verdict has_companion(struct companions_cache *cache, const struct names *names,
                           uint32_t resource, const char *type, const char *path);

#endif
