#ifndef REPORT_REVIEW_H
#define REPORT_REVIEW_H

#include "estate/advice.h"
#include "estate/spend.h"
#include "report/report.h"

/*
 * The cost review: what was spent, on which layer, tenant and phase, what moved
 * and why, what credits and commitments hide, and the advice. `spend` and
 * `advice` are of `estate`.
 */
void report_review(struct report *report, const struct estate *estate,
                   const struct spend *spend, const struct advice *advice);

#endif
