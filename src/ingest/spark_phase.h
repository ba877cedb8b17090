#ifndef INGEST_SPARK_PHASE_H
#define INGEST_SPARK_PHASE_H

#include "base/mem.h"
#include "ingest/spark_phases.h"
#include "spark_state.h"

/* Fills all figures of a phase from its span, jobs and stages. */
void spark_phase_measure(struct spark_phase *phase, const struct spark_log *log);

#endif
