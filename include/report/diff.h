#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include "estate/advice.h"
#include "estate/component.h"
#include "estate/diff.h"
#include "report/check.h"
#include "report/report.h"

/* An infrastructure change with its costs and advice on both sides. */
struct diff_input {
    const struct change *change;
    const struct estate_diff *diff;
    const struct estate_cost *before, *after;
    const struct change_commitments *commitments;            /* NULL: not known */
    const struct advice *advice_before, *advice_after;       /* NULL: not asked for */
    const struct findings *findings_before, *findings_after; /* NULL: not asked for */
    const struct policy_text *policies;                      /* for SARIF; NULL: none */
    size_t policy_count;
};

/* What --fail-on rules may name, and what the comment's first line says. */
struct diff_figures {
    /* After less before, per month; components whose cost is not known on a side are left out.
     */
    struct money_range increase, baseline_increase, usage_increase;
    struct money left_out;   /* what those cost before, where only that is known */
    double increase_percent; /* of the cost before; NaN when that is 0 */
    size_t changed, unpriced, unknown_types, usage_missing; /* resources */
    size_t new_advice, resolved_advice, broken_policies, fixed_policies;
    struct money new_saving; /* per month, of the new recommendations that go together */
};

struct diff_figures diff_figures_of(const struct diff_input *in);

/*
 * Fills a report: the sum, each changed resource with the components that changed,
 * new and resolved recommendations, broken and fixed policies, what has no price or
 * no usage, and the count of all resources. Sections that a size limit may drop have a
 * priority. SARIF holds the policies that the change breaks.
 */
void report_diff(struct report *report, const struct diff_input *in);

/* The same for programs: every resource and component, with prices and formulas. */
void report_diff_json(struct report *report, const struct diff_input *in);

#endif
