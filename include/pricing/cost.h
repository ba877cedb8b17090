#ifndef PRICING_COST_H
#define PRICING_COST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "estate/component.h"
#include "estate/estate.h"

struct book; /* pricing/book.h */

/* An estate made ready so that its resources are priced one by one; both are borrowed. */
struct pricer;

struct pricer *pricer_open(const struct book *book, const struct estate *estate);
void pricer_free(struct pricer *pricer); /* NULL is fine */

/*
 * Prices resource `resource` of the pricer's estate by the component table
 * (pricing/data/components.table, docs/components.md). Attributes that are
 * known only after apply give a range where bounds exist and an unpriced
 * component where not; missing usage gives a component without an amount. A
 * missing price is an answer (COST_UNPRICED), not an error; false is a fault in
 * the table itself. Parents are read through references: an autoscaling group
 * costs what its launch template says, an attached database instance what its
 * cluster's engine says.
 */
bool resource_cost(struct resource_cost *out, struct arena *arena, struct pricer *pricer,
                   uint32_t resource, struct err *err);

/* Every resource, so that nothing is lost: the counts by status add up to the number. */
bool estate_cost(struct estate_cost *out, struct arena *arena, const struct book *book,
                 const struct estate *estate, struct err *err);

#endif
