#ifndef REPORT_CHECK_H
#define REPORT_CHECK_H

#include "estate/advice.h"
#include "report/report.h"

/* What a policy is called, for the tables and SARIF's rules. */
struct policy_text {
    const char *id, *title;
    enum severity severity;
};

/*
 * The findings, most severe first, those that are waived apart; JSON keys findings,
 * waived and counts; SARIF 2.1.0 with a rule for each policy. `judged` says how many
 * resources were looked at.
 */
void report_check(struct report *report, const struct findings *findings,
                  const struct policy_text *policies, size_t policy_count, size_t judged);

#endif
