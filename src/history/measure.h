#ifndef HISTORY_MEASURE_H
#define HISTORY_MEASURE_H

#include "base/vec.h"
#include "estate/estate.h"

/* What is used by one unit ("Hrs", "GB-Mo", "DBU"), a month. */
struct unit_use {
    const char *unit; /* "" where the bill states none */
    double quantity;
    struct money cost; /* amortized */
};

/* What some resources and all that belongs to them used and cost, a month. */
struct use {
    VEC(struct unit_use) units; /* by unit */
    struct money cost;          /* the sum of all */
    int days_ran;               /* days with any usage; -1 where the bill has months only */
    int days_seen;              /* days of the window */
};

/* Of the lines that begin at `from` (an hour) or later. */
void use_measure(struct use *out, const struct estate *estate, const uint32_t *resources,
                 size_t count, int32_t from);
void use_release(struct use *use);
const struct unit_use *use_of_unit(const struct use *use, const char *unit); /* NULL: none */

#endif
