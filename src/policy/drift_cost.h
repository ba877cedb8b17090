#ifndef POLICY_DRIFT_COST_H
#define POLICY_DRIFT_COST_H

#include "checks.h"
#include "pricing/estimate.h"

/* What the map's entries cost as they are declared, and as they would with what is there. */
struct drift_costs {
    const struct inspection *in;
    struct estimate meant;
    bool known; /* there is a price book */
};

bool drift_costs_open(struct drift_costs *out, const struct inspection *in, struct err *err);
void drift_costs_close(struct drift_costs *costs);

/* The resource of the map that an entry became; NOTHING: none. */
uint32_t drift_entry(const struct estate *map, sym mapped_by);

/* A month of an entry as it is declared; is it all priced? */
struct money_range drift_meant(const struct drift_costs *costs, uint32_t entry);
bool drift_is_known(const struct drift_costs *costs, uint32_t entry);

/*
 * What the entry's declared load costs more with the configuration of `resource` than with
 * its own. 0 where either has no price.
 */
struct money_range drift_difference(const struct drift_costs *costs, uint32_t entry,
                                    uint32_t resource);

#endif
