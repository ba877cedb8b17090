#ifndef MODELS_TRAFFIC_H
#define MODELS_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One measured step of a traffic series: requests, bytes or connections in it. */
struct traffic_point {
    int64_t start; /* seconds since 1970, UTC */
    double value;
};

/* The shape of a series: not only its peak. Values are per step of the input. */
struct traffic_shape {
    double mean, peak;
    int64_t peak_at;
    double by_hour[24];   /* mean of the steps in that hour of the day; NaN where none is */
    double by_weekday[7]; /* Monday first */
    double
        burst_ratio; /* largest step / mean of its own hour, over hours with 2 steps or more */
    double ramp_ratio;    /* largest growth within the ramp window: later / earlier step */
    double ramp_step;     /* the same as a difference, per step */
    double busiest_share; /* share of the whole in the busiest tenth of the hours of the day
                             and week */
    double dispersion;    /* variance / mean of the steps: 1 for Poisson counts */
    size_t points;
    double days; /* from the first to the end of the last step */
};

/*
 * Points ascending in time and `step` seconds long each. Growth is looked for
 * within `ramp_seconds` (300 for the time a load balancer takes to scale) and
 * from a base of at least a tenth of the mean, so that a first request after
 * a quiet night is no ramp. False without points. burst_ratio is 0 when the
 * steps are as long as an hour: hourly data cannot show a burst.
 */
bool traffic_shape_of(struct traffic_shape *out, const struct traffic_point *points, size_t n,
                      int step, int ramp_seconds);

#endif
