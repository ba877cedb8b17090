#ifndef BILL_PAGES_H
#define BILL_PAGES_H

#include <stddef.h>

#include "base/vec.h"

/*
 * Large zeroed blocks straight from the system, given back at once when freed.
 * All pages are made at the start: touched one by one, each would cost a fault.
 */
void *pages_alloc(size_t size);
void pages_free(void *at, size_t size); /* NULL is fine */
/* Makes the pages of memory that is there, before it is written to; where the system can. */
void pages_make(void *at, size_t size);

/*
 * Zeroed chunks of one size that stay where they are. Their addresses are taken from the
 * system many at a time and given back so, as that stops all threads for a moment; their
 * pages are made chunk by chunk.
 */
struct slab {
    char *at;
    size_t size;
};
struct slabs {
    VEC(char *) chunks;
    VEC(struct slab) taken;
    size_t left; /* bytes of the last one that no chunk has */
};

/* Adds so many chunks of `size` bytes each that adjoin. */
void slabs_add(struct slabs *slabs, size_t size, size_t count);
void slabs_release(struct slabs *slabs);

#endif
