#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BLOCK_SIZE = 64 * 1024, LARGE = BLOCK_SIZE / 4, ALIGNMENT = 16 };

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

void arena_release(struct arena *arena)
{
    struct arena_block *block = arena->head;
    while (block) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->head = NULL;
}

/* Behind the head, which stays in use. */
void arena_join(struct arena *into, struct arena *from)
{
    struct arena_block *last = from->head;
    while (last && last->next)
        last = last->next;
    if (last && into->head) {
        last->next = into->head->next;
        into->head->next = from->head;
    } else if (last) {
        into->head = from->head;
    }
    from->head = NULL;
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *block = mem_alloc(sizeof *block + size);
    block->size = size;
    return block;
}

/* A large request gets a block of its own behind the head, which stays in use. */
static void *alloc_large(struct arena *arena, size_t size)
{
    struct arena_block *block = block_new(size);
    block->used = size;
    if (arena->head) {
        block->next = arena->head->next;
        arena->head->next = block;
    } else {
        arena->head = block;
    }
    return block->bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > LARGE)
        return alloc_large(arena, size);
    if (!arena->head || arena->head->size - arena->head->used < size) {
        struct arena_block *block = block_new(BLOCK_SIZE);
        block->next = arena->head;
        arena->head = block;
    }
    void *p = arena->head->bytes + arena->head->used;
    arena->head->used += size;
    return p;
}

char *arena_strndup(struct arena *arena, const char *text, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);
    memcpy(copy, text, n);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

/* Most texts fit into what is left of a block: they are printed there, once. */
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    struct arena_block *head = arena->head;
    size_t left = head ? head->size - head->used : 0;
    char *rest = head ? head->bytes + head->used : NULL;
    left = left < LARGE ? left : LARGE;
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(rest, left, format, again);
    va_end(again);
    if ((size_t)n < left)
        return arena_alloc(arena, (size_t)n + 1);
    if (left)
        memset(rest, 0, left);
    char *text = arena_alloc(arena, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
