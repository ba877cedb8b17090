#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *p)
{
    if (!p) {
        fputs("advisor: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

void *mem_alloc(size_t size)
{
    return or_die(calloc(1, size ? size : 1));
}

void *mem_resize(void *old, size_t size)
{
    return or_die(realloc(old, size ? size : 1));
}

char *mem_strndup(const char *text, size_t n)
{
    char *copy = mem_alloc(n + 1);
    memcpy(copy, text, n);
    return copy;
}

char *mem_strdup(const char *text)
{
    return mem_strndup(text, strlen(text));
}

char *mem_first_page(void *memory)
{
    return (char *)memory + (-(uintptr_t)memory & (MEM_PAGE - 1));
}
