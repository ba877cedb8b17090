#ifndef REPORT_ADVICE_REPORT_H
#define REPORT_ADVICE_REPORT_H

#include "estate/advice.h"
#include "report/report.h"

/*
 * The sections that every report with advice shares: recommendations with their
 * sum, what was looked at and left alone, and what is not known. Adds the JSON
 * keys recommendations, not_recommended and unknown.
 */
void report_recommendations(struct report *report, const struct estate *estate,
                            const struct advice *advice);
void report_declined(struct report *report, const struct estate *estate,
                     const struct advice *advice);
void report_notes(struct report *report, const struct estate *estate,
                  const struct advice *advice);

/* Everything about one recommendation, down to price rows, formulas and bill rows. */
void report_explanation(struct report *report, const struct estate *estate,
                        const struct recommendation *recommendation);

#endif
