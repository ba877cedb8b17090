#include "symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "key_table.h"

struct symbols *symbols_open(void)
{
    struct symbols *s = mem_alloc(sizeof *s);
    for (size_t i = 0; i < CSV_WANTED_MAX; i++)
        pthread_mutex_init(&s->columns[i].lock, NULL);
    return s;
}

void symbols_free(struct symbols *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < CSV_WANTED_MAX; i++) {
        struct column_symbols *c = &s->columns[i];
        for (size_t b = 0; b < SYMBOL_BLOCKS; b++)
            free(c->blocks[b]);
        free(c->slots);
        arena_release(&c->texts);
        pthread_mutex_destroy(&c->lock);
    }
    free(s);
}

/* Blocks of 64, 128, 256 ...: numbers from 1 on. */
static struct symbol *symbol_at(const struct column_symbols *c, uint32_t number, unsigned *block)
{
    uint32_t n = number - 1 + FIRST_BLOCK;
    *block = 31 - (unsigned)__builtin_clz(n / FIRST_BLOCK);
    struct symbol *first = c->blocks[*block];
    return first ? first + (n - ((uint32_t)FIRST_BLOCK << *block)) : NULL;
}

static const struct symbol *known(const struct column_symbols *c, uint32_t number)
{
    unsigned block;
    return symbol_at(c, number, &block);
}

static void put(struct column_symbols *c, uint64_t hash, uint32_t number)
{
    size_t i = hash & (c->room - 1);
    while (c->slots[i])
        i = (i + 1) & (c->room - 1);
    c->slots[i] = hash >> 32 << 32 | number;
}

static void grow(struct column_symbols *c)
{
    free(c->slots);
    c->room = c->room ? 2 * c->room : 256;
    c->slots = mem_alloc(c->room * sizeof *c->slots);
    for (uint32_t n = 1; n <= c->count; n++)
        put(c, known(c, n)->hash, n);
}

static uint32_t add(struct column_symbols *c, const char *text, size_t length, uint64_t hash)
{
    unsigned block;
    if ((c->count + 1) * 2 > c->room)
        grow(c);
    uint32_t number = (uint32_t)++c->count;
    struct symbol *s = symbol_at(c, number, &block);
    if (!s) {
        c->blocks[block] = mem_alloc(((size_t)FIRST_BLOCK << block) * sizeof *s);
        s = symbol_at(c, number, &block);
    }
    *s = (struct symbol){hash, arena_strndup(&c->texts, text, length), (uint32_t)length};
    put(c, hash, number);
    return number;
}

static uint32_t number_of(struct column_symbols *c, const char *text, size_t length)
{
    uint64_t hash = key_hash(text, length);
    for (size_t i = hash & (c->room - 1); c->room && c->slots[i]; i = (i + 1) & (c->room - 1)) {
        if (c->slots[i] >> 32 != hash >> 32)
            continue;
        const struct symbol *s = known(c, (uint32_t)c->slots[i]);
        if (s->hash == hash && s->length == length && same_bytes(s->text, text, length))
            return (uint32_t)c->slots[i];
    }
    return add(c, text, length, hash);
}

static uint32_t number_of_quoted(struct column_symbols *c, const char *text, size_t length)
{
    struct buf quoted = BUF_INIT;
    buf_add_char(&quoted, '"');
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '"')
            buf_add_char(&quoted, '"');
        buf_add_char(&quoted, text[i]);
    }
    buf_add_char(&quoted, '"');
    uint32_t number = number_of(c, quoted.text, quoted.length);
    buf_release(&quoted);
    return number;
}

void symbols_number(struct column_symbols *c, const struct duckdb_vector *texts, size_t rows,
                    uint32_t *numbers)
{
    const struct duckdb_text *values = texts->values;
    pthread_mutex_lock(&c->lock);
    for (size_t r = 0; r < rows; r++) {
        numbers[r] = 0;
        if (duckdb_is_null(texts, r) || !values[r].length)
            continue;
        const char *text = duckdb_text_bytes(&values[r]);
        numbers[r] = text[0] == '"' ? number_of_quoted(c, text, values[r].length)
                                    : number_of(c, text, values[r].length);
    }
    pthread_mutex_unlock(&c->lock);
}

struct csv_view symbols_view(const struct symbols *symbols, size_t field, const char *number)
{
    uint32_t n;
    memcpy(&n, number, sizeof n);
    if (!n)
        return (struct csv_view){"", 0};
    const struct symbol *s = known(&symbols->columns[field], n);
    return (struct csv_view){s->text, s->length};
}
