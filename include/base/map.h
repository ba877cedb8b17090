#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A hash map from bytes to a number (an index into the caller's own array).
 * Keys are borrowed: they must outlive the map. MAP_INIT is a valid empty map.
 */
struct map {
    struct map_slot *slots;
    size_t count, room;
};

#define MAP_INIT {NULL, 0, 0}

void map_release(struct map *map);
/* False, and *value as it was, when the key is not there. */
bool map_get(const struct map *map, const void *key, size_t length, size_t *value);
void map_put(struct map *map, const void *key, size_t length, size_t value); /* replaces */

/* The hash that the map uses; good for other tables of short byte strings. */
uint64_t map_hash(const void *key, size_t length);

#endif
