#ifndef PRICING_EC2_H
#define PRICING_EC2_H

#include "pricing/book.h"

/*
 * On-demand price of an instance hour. `os` as in the book: linux, windows, rhel,
 * rhel-ha, suse, ubuntu-pro; NULL is linux. Other systems than Linux are the Linux
 * price plus a surcharge. False when the region or the system has no price.
 */
bool ec2_on_demand(struct price *out, const struct book *book, const char *instance_type,
                   const char *region, const char *os);

/* Average spot price of a Linux instance hour on the price's date. */
bool ec2_spot(struct price *out, const struct book *book, const char *instance_type,
              const char *region);

/* How often spot instances are taken back in a month: 0 (<5 %) to 4 (>20 %). */
bool ec2_interruption_band(int *band, const struct book *book, const char *instance_type,
                           const char *region);
const char *ec2_band_text(int band); /* "<5%", ..., ">20%" */

enum commitment_plan { STANDARD_RI, CONVERTIBLE_RI, EC2_INSTANCE_SP, COMPUTE_SP };
enum payment { NO_UPFRONT, PARTIAL_UPFRONT, ALL_UPFRONT };

struct commitment_terms {
    enum commitment_plan plan;
    int years; /* 1 or 3 */
    enum payment payment;
};

enum discount_basis {
    DISCOUNT_MEASURED, /* offers of this family, region, term and payment */
    DISCOUNT_DERIVED,  /* another payment option, by the usual ratio of the two */
    DISCOUNT_TYPICAL,  /* one figure for all families */
};

struct commitment_discount {
    double percent; /* off the on-demand price, upfront payment spread over the term */
    enum discount_basis basis;
    const char *source; /* of the row it stands on; see book_source() */
    day date;           /* 0 = not known */
};

/*
 * The discount of a family ("m6i") in a region. An EC2 Instance Savings Plan is taken
 * to cost what the standard RI does, a Compute Savings Plan what the convertible RI
 * does, or else the typical figure. False when nothing is known.
 */
bool ec2_commitment_discount(struct commitment_discount *out, const struct book *book,
                             const char *family, const char *region,
                             struct commitment_terms terms);

const char *commitment_plan_name(enum commitment_plan plan); /* "EC2 Instance Savings Plan" */
const char *payment_name(enum payment payment);              /* "no upfront" */

#endif
