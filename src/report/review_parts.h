#ifndef REPORT_REVIEW_PARTS_H
#define REPORT_REVIEW_PARTS_H

#include "cells.h"
#include "report/result.h"
#include "report/review.h"

/* What fees, credits, refunds, tax and purchases, which are no group's, are called in tables. */
#define BESIDE_USAGE "(credits, fees, tax)"

/* The sections of the review, one file a theme. Each adds its own JSON keys. */
void review_spend(struct report *report, const struct estate *estate, const struct spend *spend);
/* Reservations and savings plans: what they cost, how far they were used, when they end. */
void review_commitments(struct report *report, const struct estate *estate);
void review_owners(struct report *report, const struct estate *estate, const struct spend *spend);
void review_changes(struct report *report, const struct estate *estate,
                    const struct spend *spend);

#endif
