#ifndef IO_XXH32_H
#define IO_XXH32_H

#include <stddef.h>
#include <stdint.h>

/* xxHash, 32 bits (github.com/Cyan4973/xxHash, doc/xxhash_spec.md). */
uint32_t xxh32(const void *bytes, size_t length, uint32_t seed);

#endif
