#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

enum { MEM_PAGE = 4096 };

/*
 * Allocation that cannot fail: out of memory prints one line and ends the
 * process. This is the only place outside advisor/ that does either.
 */
void *mem_alloc(size_t size);                  /* zeroed */
void *mem_resize(void *old, size_t size);      /* new bytes are not zeroed */
char *mem_strdup(const char *text);
char *mem_strndup(const char *text, size_t n);
/*
 * Where the first page begins in memory that has MEM_PAGE bytes more than are wanted. The system
 * copies a file up to four times as fast to a place that lies in its page as the bytes lie in
 * theirs as to one a few bytes behind that.
 */
char *mem_first_page(void *memory);

#endif
