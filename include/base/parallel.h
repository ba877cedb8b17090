#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

typedef void parallel_fn(void *context, size_t which);

/* Calls step(context, 0 .. count-1), each once, from up to `threads` threads at a time. */
void parallel_run(size_t threads, size_t count, parallel_fn *step, void *context);

unsigned parallel_cores(void); /* that this process may use; at least 1 */

#endif
