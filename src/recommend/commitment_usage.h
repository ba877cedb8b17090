#ifndef RECOMMEND_COMMITMENT_USAGE_H
#define RECOMMEND_COMMITMENT_USAGE_H

#include "advice.h"
#include "models/commitment.h"
#include "pricing/ec2.h"

/*
 * Instance use paid on demand, in USD an hour by day and sku, as far as stopping,
 * scheduling and resizing leave it: right-size first, commit after.
 */
struct commitment_usage {
    size_t days, skus;
    const struct sku **sku;   /* of each column */
    const char **family;      /* of its instance type */
    double *usd_per_hour;     /* [sku * days + day] */
    double *usd_of_resource;  /* in the whole window, by index into estate.resources */
    double usd_billed, usd_left; /* in the whole window, of what advice leaves some of */
};

/* In the advice's arena. */
void commitment_usage_read(struct commitment_usage *out, struct advice *advice,
                           const struct recommend_input *in);

/* One plan, or one of each family and region, over the whole of what it may serve. */
struct plan_offer {
    struct commitment_terms terms;
    size_t plans;             /* 1 for a Compute plan, whatever it serves */
    double usd_per_hour;      /* committed, all plans together */
    double before, after;     /* mean USD an hour of what they may serve */
    double lowest_saving;     /* of the lowest day, USD an hour */
    double used, covered;     /* shares, 0..1 */
    double discount;          /* weighted by use */
    struct commitment_discount leading; /* of the largest use */
    const char *largest;      /* "m6i in us-east-1", of an EC2 Instance plan */
};

/* False where no discount is known for the terms. */
bool plan_offer_best(struct plan_offer *out, struct advice *advice,
                     const struct commitment_usage *usage, const struct book *book,
                     struct commitment_terms terms);

#endif
