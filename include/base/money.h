#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

__extension__ typedef __int128 wide;

/*
 * An exact decimal amount in units of 1e-18: money, unit prices and billed
 * quantities. Range +-1.7e20. Sums are exact and do not depend on the order.
 * The currency is known from where the amount stands.
 */
struct money {
    wide atto;
};

#define MONEY_ZERO ((struct money){0})

/*
 * Reads a decimal: sign, digits, point, exponent ("-1.5", ".5", "3.1E-8"); no
 * thousands separators, no surrounding space. False for anything else and for
 * amounts of 1e17 and more. Digits behind the 18th decimal are rounded half to
 * even; *rounded (may be NULL) is set to true when that lost something and is
 * left alone otherwise.
 */
bool money_parse(struct money *out, const char *text, size_t length, bool *rounded);

/* digits x 10^exponent; false for 1e17 and more, and for digits behind the 18th decimal. */
bool money_exact(struct money *out, uint64_t digits, int exponent);

struct money money_of(double amount); /* rounded to the nearest 1e-18; NaN gives 0 */
double money_double(struct money m);

struct money money_add(struct money a, struct money b); /* stops at the range's end */
struct money money_sub(struct money a, struct money b);
struct money money_neg(struct money m);
struct money money_times(struct money m, double factor); /* rounded once */
/* m x part / whole, rounded once, half to even; whole must not be 0. Stops at the range's end. */
struct money money_share(struct money m, struct money part, struct money whole);
/* To `decimals` (0..18) behind the point, half to even. */
struct money money_round(struct money m, int decimals);
int money_cmp(struct money a, struct money b); /* <0, 0, >0 */
bool money_is_zero(struct money m);
struct money money_max(struct money a, struct money b);
struct money money_min(struct money a, struct money b);

/* "-1234.57": rounded half to even to `decimals` (0..18), no grouping. */
void money_format(struct buf *out, struct money m, int decimals);
/* All digits that are not trailing zeros, at least two decimals: "0.0000123". */
void money_format_exact(struct buf *out, struct money m);

/* Low, expected and high value of something uncertain; all equal when known. */
struct money_range {
    struct money low, expected, high;
};

struct money_range money_range_of(struct money m);
struct money_range money_range_add(struct money_range a, struct money_range b);
/* The saving of a change: low = before.low - after.high, and so on. */
struct money_range money_range_sub(struct money_range a, struct money_range b);
struct money_range money_range_times(struct money_range a, double factor);

#endif
