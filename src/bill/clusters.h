#ifndef BILL_CLUSTERS_H
#define BILL_CLUSTERS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/vec.h"
#include "estate/estate.h"

/* One change of a cluster's configuration, as system.compute.clusters tells it. */
struct cluster_change {
    const char *id, *time;
    const char **fields; /* in the order of the table in clusters.c; "" when absent */
};

struct clusters {
    VEC(struct cluster_change) latest; /* one per cluster */
    struct map by_id;
};

/* Adds a dump of the table, CSV text with a header; of several changes the last counts. */
bool clusters_read(struct clusters *into, struct arena *arena, const char *path,
                   const char *text, size_t length, struct err *err);
void clusters_release(struct clusters *clusters);
/* Gives the clusters' resources their names, tags and configuration. */
void clusters_fill(struct estate *into, const struct clusters *clusters);

#endif
