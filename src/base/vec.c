#include "base/vec.h"

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
