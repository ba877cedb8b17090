#ifndef MODELS_LIFECYCLE_COST_H
#define MODELS_LIFECYCLE_COST_H

#include "lifecycle_exposure.h"

/* From exposures to money, for the objects of one bin. */

/* Storage, monitoring, reads and early deletion of a stay in one class. */
void bill_add_stay(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                   const struct lifecycle_bin *bin, enum lifecycle_class class,
                   const struct exposure *x);
/* The transition requests at its beginning, and what the stock leaves behind early. */
void bill_add_entry(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                    const struct lifecycle_bin *bin, enum lifecycle_class class,
                    const struct exposure *x);
/* `crossing` objects leave the class of their upload at that age, perhaps too early. */
void bill_add_departure(struct lifecycle_bill *bill, const struct lifecycle_model *m,
                        const struct lifecycle_bin *bin, int age, double crossing);

/*
 * Whether a step to `class` moves the bin's objects out of the class they began
 * in. Along a waterfall this stays true once it was.
 */
bool bin_accepts(const struct lifecycle_bin *bin, enum lifecycle_class class);

#endif
