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

/* The lines of section "[name]"; false when the table has none. */
bool components_section(struct table_text *out, const char *name);

/* The same by an index, for those who price many resources. */
struct components_index {
    struct map sections;   /* a section's name -> where it stands in the table */
    struct map free_types; /* the words of section [free] */
};

void components_index_open(struct components_index *index);
void components_index_release(struct components_index *index);
bool components_section_by(struct table_text *out, const struct components_index *index,
                           const char *name);

/* The next line without its comment and outer spaces; false at the end. Empty lines are
 * skipped. */
bool components_line(struct table_text *line, struct table_text *rest);

/* True when section [free] names the type: known to cost nothing, in no other section. */
bool components_free(const struct components_index *index, const char *type);

/* Every section's name in the order of the table; NULL at the end. `*cursor` starts at 0. */
bool components_next_section(struct table_text *name, size_t *cursor);

#endif
