#ifndef REPORT_CELLS_H
#define REPORT_CELLS_H

#include "report/report.h"

/* "1,234.57": money for people, grouped, two decimals. */
void format_money(struct buf *out, struct money m);
/* What a cell says, unescaped: the same words in every format for people. */
void format_cell(struct buf *out, const struct cell *cell);

#endif
