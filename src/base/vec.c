#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void *vec_grow(void *at, size_t *room, size_t needed, size_t size)
{
    if (needed <= *room)
        return at;
    size_t grown = *room ? *room * 2 : 8;
    *room = grown < needed ? needed : grown;
    return mem_resize(at, *room * size);
}

void vec_zero(void *at, size_t size)
{
    memset(at, 0, size);
}

void vec_free(void *at)
{
    free(at);
}

/* An empty vector has no memory, which qsort() must have. */
void vec_sort(void *at, size_t count, size_t size, int (*order)(const void *, const void *))
{
    if (count > 1)
        qsort(at, count, size, order);
}

int order_uint32(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

size_t vec_unique(void *at, size_t count, size_t size,
                  int (*order)(const void *, const void *))
{
    char *bytes = at;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!kept || order(bytes + (kept - 1) * size, bytes + i * size) != 0)
            memmove(bytes + kept++ * size, bytes + i * size, size);
    return kept;
}
