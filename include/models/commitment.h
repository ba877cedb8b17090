#ifndef MODELS_COMMITMENT_H
#define MODELS_COMMITMENT_H

#include <stddef.h>

/*
 * Usage that a Savings Plan can serve, in USD an hour at on-demand prices, by hour
 * and by class: what a class holds is served at the same discount.
 */
struct commitment_demand {
    size_t hours, classes;
    const double *on_demand; /* [hour * classes + class], none negative */
    const double *discount;  /* of each class, 0 < d < 1, the highest first */
};

/*
 * An hour of a plan of c USD serves the class with the highest discount first, as
 * "How your Savings Plan applies" in the Savings Plans User Guide says; a USD of it
 * serves 1 / (1 - d) USD of on-demand usage, and what it does not reach is paid on
 * demand. The cost of all hours is convex and piecewise linear in c, so its least
 * value lies where c equals what some hour needs for its first k classes.
 */
struct commitment_choice {
    double usd_per_hour;  /* c; 0: buy nothing */
    double before, after; /* mean USD per hour without and with it */
    double utilisation;   /* of the commitment, 0..1; 0 when nothing is bought */
    double coverage;      /* share of the on-demand cost that it serves */
};

/* The cheapest commitment of all; without hours nothing is bought. */
struct commitment_choice commitment_optimal(const struct commitment_demand *demand);
/* The same figures for a commitment that is given. */
struct commitment_choice commitment_evaluate(const struct commitment_demand *demand,
                                             double usd_per_hour);

#endif
