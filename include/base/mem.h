#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/*
 * Allocation that cannot fail: out of memory prints one line and ends the
 * process. This is the only place outside advisor/ that does either.
 */
void *mem_alloc(size_t size);                  /* zeroed */
void *mem_resize(void *old, size_t size);      /* new bytes are not zeroed */
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t n);

#endif
