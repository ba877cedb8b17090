#include "base/sym.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"

struct symbol {
    uint32_t length;
    char text[];
};

/* Tags stand apart from what they lead to, so that a look-up of what is new stays among them. */
struct intern {
    struct arena arena;
    uint32_t *tags; /* of the hash, which tell the place; 0: free */
    struct symbol **symbols;
    size_t room, count;
};

struct intern *intern_open(void)
{
    return mem_alloc(sizeof(struct intern));
}

void intern_free(struct intern *table)
{
    if (!table)
        return;
    free(table->tags);
    free(table->symbols);
    arena_release(&table->arena);
    free(table);
}

static uint32_t tag_of(const char *bytes, size_t n)
{
    uint32_t tag = (uint32_t)map_hash(bytes, n);
    return tag ? tag : 1;
}

/* Where a symbol stands, or the free place where it belongs. */
static size_t find(const struct intern *table, const char *bytes, size_t n, uint32_t tag)
{
    size_t i = tag & (table->room - 1);
    for (; table->tags[i]; i = (i + 1) & (table->room - 1)) {
        const struct symbol *s = table->symbols[i];
        if (table->tags[i] == tag && s->length == n && !memcmp(s->text, bytes, n))
            break;
    }
    return i;
}

static void grow(struct intern *table)
{
    struct intern old = *table;
    table->room = old.room ? old.room * 2 : 64;
    table->tags = mem_alloc(table->room * sizeof *table->tags);
    table->symbols = mem_alloc(table->room * sizeof *table->symbols);
    for (size_t from = 0; from < old.room; from++) {
        size_t i = old.tags[from] & (table->room - 1);
        while (table->tags[i])
            i = (i + 1) & (table->room - 1);
        table->tags[i] = old.tags[from];
        table->symbols[i] = old.symbols[from];
    }
    free(old.tags);
    free(old.symbols);
}

sym intern_n(struct intern *table, const char *bytes, size_t n)
{
    if ((table->count + 1) * 3 > table->room * 2)
        grow(table);
    uint32_t tag = tag_of(bytes, n);
    size_t i = find(table, bytes, n, tag);
    if (table->tags[i])
        return table->symbols[i]->text;
    struct symbol *s = arena_alloc(&table->arena, sizeof *s + n + 1);
    s->length = (uint32_t)n;
    memcpy(s->text, bytes, n);
    table->tags[i] = tag;
    table->symbols[i] = s;
    table->count++;
    return s->text;
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
