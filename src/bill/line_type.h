#ifndef BILL_LINE_TYPE_H
#define BILL_LINE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "estate/cost.h"

/* How a row counts in the amortized bases. */
enum amortize {
    AMORTIZE_AS_BILLED,
    AMORTIZE_ZERO,
    AMORTIZE_RI_EFFECTIVE, /* what the covered hours cost of the reservation */
    AMORTIZE_RI_UNUSED,    /* the part of the fee that covered nothing */
    AMORTIZE_SP_EFFECTIVE,
    AMORTIZE_SP_UNUSED,
};

/* What AWS's LineItemType says about a row. */
struct line_type {
    const char *name;
    enum charge charge;
    enum amortize amortize;
    bool listed;  /* its public on-demand cost counts */
    bool depends; /* the row's ARN or description decides, see line_type_of_row() */
};

/* Types that the table does not know count as billed: CHARGE_OTHER. */
const struct line_type *line_type_named(const char *name, size_t length);

/*
 * A Fee with a reservation's ARN buys the reservation, and a Refund of a savings
 * plan's upfront fee undoes such a purchase: amortized elsewhere, so 0 here.
 */
const struct line_type *line_type_of_row(const struct line_type *type, bool has_ri_arn,
                                         const char *description, size_t length);

/* FOCUS: what ChargeCategory and the commitment columns say. */
struct focus_charge {
    const char *category, *commitment, *frequency;
    bool plan;       /* a savings plan, not a reservation */
    bool commits;    /* the row is about a commitment */
};
enum charge focus_charge_of(const struct focus_charge *row);

#endif
