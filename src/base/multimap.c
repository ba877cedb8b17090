#include "base/multimap.h"

#include <stdint.h>

void multimap_release(struct multimap *map)
{
    map_release(&map->ends);
    VEC_FREE(&map->items);
}

void multimap_put(struct multimap *map, const void *key, size_t length, size_t value)
{
    size_t last, added = map->items.count;
    struct multimap_item *item = VEC_PUSH(&map->items);
    *item = (struct multimap_item){value, added};
    if (map_get(&map->ends, key, length, &last)) {
        item->next = map->items.at[last].next;
        map->items.at[last].next = added;
    }
    map_put(&map->ends, key, length, added);
}

struct multimap_walk multimap_find(const struct multimap *map, const void *key, size_t length)
{
    struct multimap_walk walk = {.map = map, .next = SIZE_MAX};
    if (map_get(&map->ends, key, length, &walk.last))
        walk.next = map->items.at[walk.last].next;
    return walk;
}

bool multimap_next(struct multimap_walk *walk)
{
    if (walk->next >= walk->map->items.count)
        return false;
    const struct multimap_item *item = &walk->map->items.at[walk->next];
    walk->value = item->value;
    walk->next = walk->next == walk->last ? SIZE_MAX : item->next;
    return true;
}
