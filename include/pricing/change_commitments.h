#ifndef PRICING_CHANGE_COMMITMENTS_H
#define PRICING_CHANGE_COMMITMENTS_H

#include <stdbool.h>

#include "estate/component.h"
#include "estate/diff.h"
#include "estate/estate.h"

/*
 * From a bill (after estate_index()): what is bought and not used takes added EC2
 * instances first; of removed ones the share that the bill shows as covered frees
 * commitments, which other on-demand instances of the bill take up as far as there
 * are any. Credits and contract rates are not in it. `increase` is the difference at
 * list prices. False: the bill has no commitment, so there is nothing to say.
 */
bool change_under_bill(struct change_commitments *out, const struct estate *bill,
                       const struct estate_diff *diff, const struct estate_cost *before,
                       const struct estate_cost *after, struct money_range increase);

/*
 * From commitments that a layer map declares: they cover the EC2 instances of both
 * sides alike, reservations first. False: none is declared.
 */
bool change_under_map(struct change_commitments *out, const struct estate *map,
                      const struct estate_cost *before, const struct estate_cost *after,
                      struct money_range increase);

#endif
