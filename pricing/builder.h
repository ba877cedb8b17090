#ifndef PRICING_BUILDER_H
#define PRICING_BUILDER_H

#include "base/arena.h"
#include "base/map.h"
#include "base/sym.h"
#include "base/vec.h"
#include "book_build.h"

struct raw_cell {
    sym key, unit, region, file;
    unsigned line;
    uint32_t origin, tier, tier_count;
};

struct raw_origin {
    sym source;
    day date;
};

struct raw_row {
    const sym *cells; /* as many as the table has columns */
    sym file;
    unsigned line;
};

struct raw_table {
    sym name;
    const sym *columns;
    size_t column_count;
    VEC(struct raw_row) rows;
};

struct book_builder {
    struct arena arena;
    struct intern *strings;
    VEC(struct raw_cell) cells;
    VEC(struct image_tier) tiers;
    struct map ladders; /* the bytes of a run of tiers -> its first index */
    VEC(struct raw_origin) origins;
    VEC(struct raw_table) tables;
};

/* An instance type from a row of the table "instances". */
bool type_of_row(struct instance_type *out, const struct raw_table *table,
                 const struct raw_row *row, struct err *err);

#endif
