#ifndef INGEST_SPARK_LABELS_H
#define INGEST_SPARK_LABELS_H

#include "ingest/layer_map.h"
#include "ingest/spark_log.h"

/*
 * Phases of a layer map as names for the work in event logs: those with `match`, in the
 * order of the map. An expression is looked for in what a unit of work says of itself (job
 * and SQL descriptions, job group, notebook path, task key, call site, stage names), and
 * where no phase matches there, in the names of the application and its workload. Phases of
 * clusters that the log is known to be none of are not asked; those of its own cluster (by
 * id, name or JobId) go before those of clusters that nothing tells.
 */
struct spark_labels;

/* NULL when `map` is NULL or none of its phases has a `match`. */
struct spark_labels *spark_labels_open(const struct layer_map *map);
void spark_labels_free(struct spark_labels *labels); /* NULL is fine */

/* The phases with `match`, in the order of the map; good while the labels and the map are. */
size_t spark_labels_count(const struct spark_labels *labels);
const struct phase *spark_labels_phase(const struct spark_labels *labels, size_t label);

#endif
