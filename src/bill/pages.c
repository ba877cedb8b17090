#include "pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

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

void *pages_reserve(size_t size)
{
    return map(size, 0);
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
