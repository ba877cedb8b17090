#include "line_entry.h"

#include <stdlib.h>

#include "base/mem.h"

enum { DIGIT_BITS = 12, DIGITS = 1 << DIGIT_BITS };

/* Some bits of a part of the key, counted from the least value that is there. */
struct digit {
    enum entry_part part;
    uint32_t least;
    unsigned shift;
};

static inline unsigned digit_of(const struct line_entry *entry, const struct digit *digit)
{
    return (entry->key[digit->part] - digit->least) >> digit->shift & (DIGITS - 1);
}

static void sort_by_digit(struct line_entry *to, const struct line_entry *from, size_t count,
                          const struct digit *digit)
{
    size_t next[DIGITS] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        next[digit_of(&from[i], digit)]++;
    for (unsigned d = 0; d < DIGITS; d++) {
        size_t with_it = next[d];
        next[d] = at;
        at += with_it;
    }
    for (size_t i = 0; i < count; i++)
        to[next[digit_of(&from[i], digit)]++] = from[i];
}

/* The difference of the greatest and the least value of a part; 0 of no entries. */
static uint32_t width_of(uint32_t *least, const struct line_entry *entries, size_t count,
                         enum entry_part part)
{
    uint32_t greatest = 0;
    *least = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = entries[i].key[part];
        *least = value < *least ? value : *least;
        greatest = value > greatest ? value : greatest;
    }
    return count ? greatest - *least : 0;
}

/* From the least digit on, each step keeping the order of the ones before. */
void line_entries_sort(struct line_entry **entries, size_t count)
{
    struct line_entry *from = *entries, *to = mem_alloc(count * sizeof *to);
    for (enum entry_part part = 0; part < ENTRY_PARTS; part++) {
        struct digit digit = {.part = part};
        uint64_t width = width_of(&digit.least, from, count, part);
        for (; width >> digit.shift; digit.shift += DIGIT_BITS) {
            sort_by_digit(to, from, count, &digit);
            struct line_entry *sorted = to;
            to = from;
            from = sorted;
        }
    }
    free(to);
    *entries = from;
}
