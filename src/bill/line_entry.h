#ifndef BILL_LINE_ENTRY_H
#define BILL_LINE_ENTRY_H

#include "groups.h"

/* The parts of a line's key, the least one first. */
enum entry_part { ENTRY_SPAN, ENTRY_SKU, ENTRY_RESOURCE, ENTRY_PARTS };

/* A group on its way to its place among the estate's lines. */
struct line_entry {
    uint32_t key[ENTRY_PARTS];
    const struct group *group;
};

/* By resource, sku and span; *entries is a heap block and may be another one afterwards. */
void line_entries_sort(struct line_entry **entries, size_t count);

#endif
