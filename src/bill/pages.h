#ifndef BILL_PAGES_H
#define BILL_PAGES_H

#include <stddef.h>

/*
 * Large zeroed blocks straight from the system, given back at once when freed.
 * All pages are made at the start: touched one by one, each would cost a fault.
 */
void *pages_alloc(size_t size);
/* The same, with the pages left to be made by pages_make(), or when they are touched. */
void *pages_reserve(size_t size);
void pages_free(void *at, size_t size); /* NULL is fine */
/* Makes the pages of memory that is there, before it is written to; where the system can. */
void pages_make(void *at, size_t size);

#endif
