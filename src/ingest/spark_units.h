#ifndef INGEST_SPARK_UNITS_H
#define INGEST_SPARK_UNITS_H

#include "ingest/spark_phases.h"

/*
 * The work of an application in its smallest pieces that have a character of their own:
 * one SQL execution with its jobs, or one job, or stages of a job that the log does not
 * name.
 */
struct spark_unit {
    int64_t from_ms, to_ms;
    enum workload_class class;
    const struct phase *declared; /* the map's phase that it is, or NULL */
    bool incomplete;
    unsigned hints;
    VEC(uint32_t) jobs;
    VEC(uint32_t) stages;
    struct spark_totals good;
};

struct spark_units {
    VEC(struct spark_unit) at; /* in time order */
};

void spark_units_find(struct spark_units *units, const struct spark_log *log,
                      const struct spark_labels *labels);
void spark_units_release(struct spark_units *units);

#endif
