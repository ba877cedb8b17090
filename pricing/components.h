#ifndef PRICING_COMPONENTS_H
#define PRICING_COMPONENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"

/* A stretch of the component table: lines of one section. */
struct table_text {
    const char *text;
    size_t length;
};

/* Where each section of the table stands; map_release() it. */
void components_index(struct map *out);

/* The lines of section "[name]"; false when the table has none. */
bool components_section(struct table_text *out, const struct map *index, const char *name);

/* The next line without its comment and outer spaces; false at the end. Empty lines are
 * skipped. */
bool components_line(struct table_text *line, struct table_text *rest);

/* Every section's name in the order of the table; NULL at the end. `*cursor` starts at 0. */
bool components_next_section(struct table_text *name, size_t *cursor);

#endif
