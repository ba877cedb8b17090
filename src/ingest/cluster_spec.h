#ifndef INGEST_CLUSTER_SPEC_H
#define INGEST_CLUSTER_SPEC_H

#include "base/err.h"
#include "estate/estate.h"

/*
 * Clusters and jobs as Databricks' API and its UI write them in JSON: one specification, a
 * list of them, or what this program proposes to paste. Each is read like the resource of a
 * bundle. Without a name it is called "cluster" or "job".
 */
bool cluster_spec_read(struct estate *estate, const struct node *document, const char *path,
                       const char *region, struct err *err);

#endif
