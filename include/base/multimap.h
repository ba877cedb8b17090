#ifndef BASE_MULTIMAP_H
#define BASE_MULTIMAP_H

#include <stddef.h>

#include "base/map.h"
#include "base/vec.h"

/*
 * A map from bytes to several numbers, which keep the order in which they were put.
 * Keys are borrowed: they must outlive it. MULTIMAP_INIT is a valid empty one.
 */
struct multimap_item {
    size_t value;
    size_t next; /* item of the same key */
};

struct multimap {
    struct map ends; /* key -> its last item, which goes on with its first */
    VEC(struct multimap_item) items;
};

#define MULTIMAP_INIT                                                                              \
    {                                                                                              \
        MAP_INIT,                                                                                  \
        {                                                                                          \
            NULL, 0, 0                                                                             \
        }                                                                                          \
    }

void multimap_release(struct multimap *map);
void multimap_put(struct multimap *map, const void *key, size_t length, size_t value);

/* for (struct multimap_walk w = multimap_find(...); multimap_next(&w);) ... w.value ... */
struct multimap_walk {
    const struct multimap *map;
    size_t last, next; /* items; `next` is out of range when there is none */
    size_t value;
};

struct multimap_walk multimap_find(const struct multimap *map, const void *key, size_t length);
bool multimap_next(struct multimap_walk *walk); /* false at the end */

#endif
