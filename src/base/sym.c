#include "base/sym.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"

struct intern {
    struct arena arena;
    struct map map; /* bytes -> the address of the copy */
};

struct intern *intern_open(void)
{
    return mem_alloc(sizeof(struct intern));
}

void intern_free(struct intern *table)
{
    if (!table)
        return;
    map_release(&table->map);
    arena_release(&table->arena);
    free(table);
}

sym intern_n(struct intern *table, const char *bytes, size_t n)
{
    size_t found;
    if (map_get(&table->map, bytes, n, &found))
        return (const char *)found;
    char *copy = arena_strndup(&table->arena, bytes, n);
    map_put(&table->map, copy, n, (size_t)copy);
    return copy;
}

sym intern(struct intern *table, const char *text)
{
    return text ? intern_n(table, text, strlen(text)) : NULL;
}

sym intern_printf(struct intern *table, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if ((size_t)n < sizeof small)
        return intern_n(table, small, (size_t)n);
    char *large = mem_alloc((size_t)n + 1);
    va_start(args, format);
    vsnprintf(large, (size_t)n + 1, format, args);
    va_end(args);
    sym s = intern_n(table, large, (size_t)n);
    free(large);
    return s;
}

const char *sym_or_empty(sym s)
{
    return s ? s : "";
}
