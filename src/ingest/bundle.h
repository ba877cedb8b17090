#ifndef INGEST_BUNDLE_H
#define INGEST_BUNDLE_H

#include "base/err.h"
#include "estate/estate.h"

/*
 * Databricks Asset Bundles: databricks.yml with what it includes, or the resolved
 * JSON of `databricks bundle validate --output json`. Of several targets the one
 * that is marked default is taken, and said so. Variables stand for their defaults;
 * what only a deployment knows becomes NODE_UNKNOWN, with the resource that it
 * refers to.
 */
bool bundle_read(struct estate *estate, const struct node *document, const char *path,
                 const char *region, struct err *err);

/* `over` laid on `under`: maps key by key, job clusters, tasks and clusters by their own key.
 */
const struct node *bundle_merge(struct arena *arena, const struct node *under,
                                const struct node *over);

/* Variables of the bundle as the target sets them. */
struct bundle_variables {
    const struct node *declared, *target;
};
/* The value with "${var.name}" and "${resources.kind.key.id}" put in. */
const struct node *bundle_fill(struct arena *arena, const struct bundle_variables *variables,
                               const struct node *value);
/* "jobs" are "databricks_job". */
const char *bundle_type(struct arena *arena, const char *kind);

#endif
