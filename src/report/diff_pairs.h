#ifndef REPORT_DIFF_PAIRS_H
#define REPORT_DIFF_PAIRS_H

#include "report/diff.h"

/* One component of a resource on both sides; NULL where a side has none. */
struct component_pair {
    const struct cost_component *before, *after;
    struct money_range difference;
    bool same; /* nothing about it changes */
};

struct component_pairs {
    VEC(struct component_pair) all;
    struct money_range difference;      /* of the resource; what stays the same adds nothing */
    struct money_range baseline, usage; /* of it */
    struct money left_out;              /* known before, not known after */
    size_t open;                        /* components that change in what is not known */
};

/* Either cost may be NULL. Release with VEC_FREE(&out->all). */
void pair_components(struct component_pairs *out, const struct resource_cost *before,
                     const struct resource_cost *after);

/* The costs of a changed resource; NULL where it is not there. */
const struct resource_cost *cost_before(const struct diff_input *in,
                                        const struct resource_change *change);
const struct resource_cost *cost_after(const struct diff_input *in,
                                       const struct resource_change *change);
const struct resource *
resource_of(const struct diff_input *in,
            const struct resource_change *change); /* after, else before */

/* Shown among the changes: something happens to it, or its cost differs. Fills the sums alone.
 */
bool change_matters(const struct diff_input *in, const struct resource_change *change,
                    struct component_pairs *sums);

bool findings_have(const struct findings *other, const struct estate *of,
                   const struct finding *f, const struct estate *f_of);

#endif
