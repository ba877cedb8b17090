#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "report/check.h"

/* SARIF 2.1.0 as code scanning reads it; waived findings carry a suppression. */
struct node *sarif_of(struct report *report, const struct findings *findings,
                      const struct policy_text *policies, size_t policy_count);

#endif
