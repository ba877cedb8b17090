#include "line_entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BYTES = ENTRY_PARTS * 4, VALUES = 256 };

static inline unsigned byte_of(const struct line_entry *entry, unsigned byte)
{
    return entry->key[byte / 4] >> byte % 4 * 8 & 0xff;
}

static void scatter(struct line_entry *to, const struct line_entry *from, size_t count,
                    unsigned byte, const size_t *counts)
{
    size_t next[VALUES], at = 0;
    for (unsigned v = 0; v < VALUES; v++) {
        next[v] = at;
        at += counts[v];
    }
    for (size_t i = 0; i < count; i++)
        to[next[byte_of(&from[i], byte)]++] = from[i];
}

/* Byte by byte from the least one; a byte that all entries share needs no step. */
void line_entries_sort(struct line_entry **entries, size_t count)
{
    size_t counts[BYTES][VALUES] = {{0}};
    struct line_entry *from = *entries, *to = mem_alloc(count * sizeof *to);
    for (size_t i = 0; i < count; i++)
        for (unsigned b = 0; b < BYTES; b++)
            counts[b][byte_of(&from[i], b)]++;
    for (unsigned b = 0; b < BYTES; b++) {
        if (!count || counts[b][byte_of(&from[0], b)] == count)
            continue;
        scatter(to, from, count, b, counts[b]);
        struct line_entry *sorted = to;
        to = from;
        from = sorted;
    }
    free(to);
    *entries = from;
}
