#ifndef PRICING_COMPONENTS_H
#define PRICING_COMPONENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "base/vec.h"

/* A stretch of the component table: lines of one section. */
struct table_text {
    const char *text;
    size_t length;
};

/* Where each section of the table stands. */
struct components {
    struct map by_name; /* -> index into sections */
    VEC(struct table_text) sections;
};

void components_open(struct components *out);
void components_close(struct components *components);

/* The lines of section "[name]"; false when the table has none. */
bool components_section(struct table_text *out, const struct components *components,
                        const char *name);

/* The next line without its comment and outer spaces; false at the end. Empty lines are
 * skipped. */
bool components_line(struct table_text *line, struct table_text *rest);

/* Every section's name in the order of the table; NULL at the end. `*cursor` starts at 0. */
bool components_next_section(struct table_text *name, size_t *cursor);

#endif
