#ifndef REPORT_CENTS_H
#define REPORT_CENTS_H

#include "report/report.h"

/* What rounding the money of a table for people works on, by column and across. */

/* 1e-18 in a cent. */
#define CENT ((wide)10000000000000000)

/* Is the cell an amount that the sums of its table are made of? */
static inline bool is_money(const struct row *row, size_t column)
{
    return !row->indent && row->cells[column].kind == CELL_MONEY;
}

#endif
