#ifndef REPORT_DIFF_CHANGES_H
#define REPORT_DIFF_CHANGES_H

#include "diff_pairs.h"

/* What changes: each resource with the components that do, the largest difference first. */
void diff_put_changes(struct report *report, const struct diff_input *in);

/* The prices of what is paid by use and whose use nobody stated; one row a price. */
void diff_put_by_use(struct report *report, const struct diff_input *in);

/* One state has no change: of the table's columns those that are kept stay, under new names. */
void diff_keep_columns(struct report *report, struct table *table, const size_t *kept,
                       const struct column *columns, size_t count);

/* One amount, or expected with low and high where they differ. */
struct cell diff_money_cell(struct money_range r);
const char *diff_component_label(struct report *report, const struct cost_component *c);

#endif
