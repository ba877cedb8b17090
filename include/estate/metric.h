#ifndef ESTATE_METRIC_H
#define ESTATE_METRIC_H

#include <stddef.h>
#include <stdint.h>

#include "base/sym.h"

/* One observed time series, oldest point first, no two points at one time. */
struct metric_series {
    uint32_t resource; /* index into estate.resources or NOTHING */
    sym subject;       /* the dimension's value as read: instance id, app/name/id ... */
    sym space;         /* "AWS/ApplicationELB"; NULL when the input does not say */
    sym metric;        /* "CPUUtilization" */
    sym stat;          /* "Average", "Sum", "Maximum", "p99" */
    sym unit;          /* NULL when unknown */
    int32_t step;      /* seconds between points, the most common distance */
    size_t count;
    int64_t *times;    /* seconds since 1970, UTC */
    double *values;
    const char *source;
};

#endif
