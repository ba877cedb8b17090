#ifndef MODELS_LIFECYCLE_SIMULATE_H
#define MODELS_LIFECYCLE_SIMULATE_H

#include "models/lifecycle.h"

/*
 * The bill of a policy month by month, found by walking through the days: every
 * day the rules act at midnight, then the objects are stored, read and deleted.
 * It shares no arithmetic with lifecycle_cost(), so that each checks the other.
 *
 * out[0 .. months) are consecutive months of 730 hours from the first day of the
 * horizon; days of the horizon behind the last of them are left out.
 */
bool lifecycle_simulate(struct lifecycle_bill *out, size_t months,
                        const struct lifecycle_population *population,
                        const struct lifecycle_prices *prices,
                        const struct lifecycle_policy *policy, struct err *err);

/* The first month (from 1) at whose end `with` has cost no more than `without`; 0 = none. */
size_t lifecycle_payback_month(const struct lifecycle_bill *with,
                               const struct lifecycle_bill *without, size_t months);

#endif
