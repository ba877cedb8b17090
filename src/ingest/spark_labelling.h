#ifndef INGEST_SPARK_LABELLING_H
#define INGEST_SPARK_LABELLING_H

#include "ingest/spark_labels.h"

/* The labels as one log sees them; keeps what each text of the log matched. */
struct spark_labelling;

struct spark_labelling *spark_labelling_open(const struct spark_labels *labels,
                                             const struct spark_log *log);
void spark_labelling_free(struct spark_labelling *labelling); /* NULL is fine */

/* The phase that work of these jobs and stages is, or NULL. */
const struct phase *spark_labelling_find(struct spark_labelling *labelling,
                                         const uint32_t *jobs, size_t job_count,
                                         const uint32_t *stages, size_t stage_count);

#endif
