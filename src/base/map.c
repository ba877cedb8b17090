#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct map_slot {
    const void *key;
    size_t length, value;
    uint64_t hash;
};

void map_release(struct map *map)
{
    free(map->slots);
    *map = (struct map)MAP_INIT;
}

uint64_t map_hash(const void *key, size_t length)
{
    const unsigned char *p = key;
    uint64_t h = 0x9e3779b97f4a7c15u ^ length;
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, p, 8);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
        p += 8;
        length -= 8;
    }
    uint64_t tail = 0;
    memcpy(&tail, p, length);
    h = (h ^ tail) * 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 29;
}

static struct map_slot *find(const struct map *map, const void *key, size_t length,
                             uint64_t hash)
{
    size_t i = hash & (map->room - 1);
    while (map->slots[i].key) {
        struct map_slot *slot = &map->slots[i];
        if (slot->hash == hash && slot->length == length && !memcmp(slot->key, key, length))
            return slot;
        i = (i + 1) & (map->room - 1);
    }
    return &map->slots[i];
}

static void grow(struct map *map)
{
    struct map old = *map;
    map->room = old.room ? old.room * 2 : 16;
    map->slots = mem_alloc(map->room * sizeof *map->slots);
    for (size_t i = 0; i < old.room; i++) {
        const struct map_slot *slot = &old.slots[i];
        if (slot->key)
            *find(map, slot->key, slot->length, slot->hash) = *slot;
    }
    free(old.slots);
}

bool map_get(const struct map *map, const void *key, size_t length, size_t *value)
{
    if (!map->room)
        return false;
    const struct map_slot *slot = find(map, key, length, map_hash(key, length));
    if (!slot->key)
        return false;
    *value = slot->value;
    return true;
}

void map_put(struct map *map, const void *key, size_t length, size_t value)
{
    if ((map->count + 1) * 4 > map->room * 3)
        grow(map);
    uint64_t hash = map_hash(key, length);
    struct map_slot *slot = find(map, key, length, hash);
    if (!slot->key)
        map->count++;
    *slot = (struct map_slot){key, length, value, hash};
}
