#ifndef MODELS_ERNEST_H
#define MODELS_ERNEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * How long a data-parallel job takes on m machines of one type over a share s of
 * its data:
 *
 *     T(s, m) = serial + work s/m + tree ln m + machine m,   all >= 0
 *
 * Source: Venkataraman et al., "Ernest: Efficient Performance Prediction for
 * Large-Scale Advanced Analytics", NSDI 2016, section 3.2. It knows no memory:
 * models/sizing.h adds what happens when the data does not fit.
 */
struct ernest_run {
    double share;    /* of the input: 1 = all of it */
    double machines; /* or cores, as long as all runs mean the same */
    double seconds;
};

struct ernest {
    double serial;  /* seconds whatever the size */
    double work;    /* machine-seconds that divide by the machines */
    double tree;    /* seconds per ln(machines): aggregation trees */
    double machine; /* seconds per machine: one-to-all communication */
};

/* Least squares in seconds over at least one run; four distinct ones determine it. */
bool ernest_fit(struct ernest *out, const struct ernest_run *runs, size_t count,
                struct err *err);
double ernest_seconds(const struct ernest *model, double share, double machines);

#endif
