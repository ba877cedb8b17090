#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Memory that is freed as a whole: everything a run keeps. Pointers stay valid
 * until arena_release(). Not for use from two threads at once.
 */
struct arena {
    struct arena_block *head;
};

#define ARENA_INIT {NULL}

void arena_release(struct arena *arena);
/* All that is in `from` lives in `into` from now on; `from` is empty then. */
void arena_join(struct arena *into, struct arena *from);

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned to 16 */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, n) ((type *)arena_alloc((arena), sizeof(type) * (n)))

#endif
