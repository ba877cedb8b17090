#ifndef MODELS_COMMITMENT_H
#define MODELS_COMMITMENT_H

#include <stddef.h>

/*
 * The hourly commitment c that costs least for a demand of on-demand USD per
 * hour, u_h. A plan with discount d serves usage at (1 - d) of its on-demand
 * price, so the demand in plan money is D_h = u_h (1 - d) and an hour costs
 *     c + max(0, D_h - c) / (1 - d).
 * The sum over hours is convex in c; its least value lies at the smallest D_h
 * with P(D <= D_h) >= d, the d-quantile, here found among the distinct D_h.
 */
struct commitment_choice {
    double usd_per_hour;   /* c; 0: buy nothing */
    double before, after;  /* mean USD per hour without and with it */
    double utilisation;    /* of the commitment, 0..1; 0 when nothing is bought */
    double coverage;       /* share of the demand that it serves */
};

/* 0 < discount < 1; `count` may be 0. `on_demand` is left as it is. */
struct commitment_choice commitment_optimal(const double *on_demand, size_t count,
                                            double discount);
/* The same figures for a commitment that is given. */
struct commitment_choice commitment_evaluate(const double *on_demand, size_t count,
                                             double discount, double usd_per_hour);

#endif
