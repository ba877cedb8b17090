#ifndef POLICY_DRIFT_COST_H
#define POLICY_DRIFT_COST_H

#include "checks.h"
#include "pricing/estimate.h"

/* Is it mapped by an entry of the map, not only by one of its rules? */
bool drift_is_mapped(const struct resource *r);
/* The entry that speaks for a resource: its own, its cluster's, or that of a node of it. */
sym drift_entry_of(const struct estate *estate, uint32_t resource);

/* The map's entries, what shows them, and what they cost as they are declared. */
struct drift_costs {
    const struct inspection *in;
    struct multimap entries; /* what a resource of the map is mapped by -> the resource */
    struct multimap shown;   /* drift_entry_of() a resource of `actual` -> the resource */
    struct estimate meant;
    bool known; /* there is a price book */
};

/* There must be a map and what it is held against. */
bool drift_costs_open(struct drift_costs *out, const struct inspection *in, struct err *err);
void drift_costs_close(struct drift_costs *costs);

/* The resource of the map that an entry became; NOTHING: none. */
uint32_t drift_entry(const struct drift_costs *costs, sym mapped_by);

/* A month of an entry as it is declared; is it all priced? */
struct money_range drift_meant(const struct drift_costs *costs, uint32_t entry);
bool drift_is_known(const struct drift_costs *costs, uint32_t entry);

/* A resource that is not as its entry says. */
struct drift_difference {
    uint32_t entry, resource;
    size_t finding;
    /*
     * What the entry's declared load costs more with the configuration of the resource than
     * with its own. 0 where either has no price.
     */
    struct money_range cost;
};

struct drift_differences {
    VEC(struct drift_difference) all;
};

/* Sets the costs; the order becomes that of the entries. */
void drift_price(struct drift_differences *differences, const struct drift_costs *costs);

#endif
