#include "pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

enum { CHUNKS_AT_ONCE = 32 };

#ifndef MAP_POPULATE
#define MAP_POPULATE 0
#endif

static void *map(size_t size, int flags)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1,
                    0);
    return at == MAP_FAILED ? mem_alloc((size_t)-1) : at;
}

void *pages_alloc(size_t size)
{
    return map(size, MAP_POPULATE);
}

void pages_free(void *at, size_t size)
{
    if (at)
        munmap(at, size);
}

void pages_make(void *at, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)at / page * page;
    madvise((void *)first, size + ((uintptr_t)at - first), MADV_POPULATE_WRITE);
#else
    (void)at;
    (void)size;
#endif
}

static void take_slab(struct slabs *slabs, size_t size)
{
    VEC_ADD(&slabs->taken, ((struct slab){map(size, 0), size}));
    slabs->left = size;
}

void slabs_add(struct slabs *slabs, size_t size, size_t count)
{
    if (slabs->left < count * size)
        take_slab(slabs, size * (count > CHUNKS_AT_ONCE ? count : CHUNKS_AT_ONCE));
    const struct slab *slab = &slabs->taken.at[slabs->taken.count - 1];
    char *at = slab->at + slab->size - slabs->left;
    pages_make(at, count * size);
    for (size_t i = 0; i < count; i++)
        VEC_ADD(&slabs->chunks, at + i * size);
    slabs->left -= count * size;
}

void slabs_release(struct slabs *slabs)
{
    for (size_t i = 0; i < slabs->taken.count; i++)
        pages_free(slabs->taken.at[i].at, slabs->taken.at[i].size);
    VEC_FREE(&slabs->taken);
    VEC_FREE(&slabs->chunks);
    slabs->left = 0;
}
