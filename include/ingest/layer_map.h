#ifndef INGEST_LAYER_MAP_H
#define INGEST_LAYER_MAP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/node.h"
#include "base/vec.h"
#include "estate/estate.h"

struct strict_field; /* io/strict.h */

/* An entry of a layer and the resource that it became. */
struct map_entry {
    uint32_t resource; /* index into estate.resources */
    const struct node *node;
};

/*
 * A layer map: the deployment as it is meant. Its estate holds one resource for
 * each entry, with the Terraform type and attribute names and the declared load in
 * `usage` (numbers, or maps of min, typ and max), the tenants, the declared phases
 * and the commitments. Format: docs/layer-map.md.
 */
struct layer_map {
    struct estate *estate;
    const char *path;
    const struct node *document;
    sym primary_region; /* NULL when the map names no region */
    sym tier;           /* of Databricks: "premium" */
    sym purchase;       /* "direct", "marketplace_payg", ...; NULL unknown */
    sym shared_by;      /* "dbu_share", ... */
    VEC(struct map_entry) entries; /* in the order of the document */
    bool owns_estate;
};

/* YAML or JSON, strictly: mistakes are told with file:line:column. */
bool layer_map_open(struct layer_map **out, const char *path, struct err *err);
void layer_map_free(struct layer_map *map); /* NULL is fine */

/* Off the list price of a DBU by SKU, 0 when the map says nothing. */
double layer_map_dbu_discount(const struct layer_map *map, const char *sku);

/* The table of all keys, for the published schema and the reference. */
extern const struct strict_field *const layer_map_keys;

/*
 * Gives every resource of a bill its layer, tenant and phase. The first entry of
 * the map that names it wins (id, ARN, name, tags), then the map's rules, then a
 * table of services and types; `mapped_by` says which ("map:raw-bucket",
 * "rule:3", "default"; NULL: nobody). A tenant comes from the entry or rule, else
 * from account, tags, workspace, catalog and S3 prefix, in this order. The map's
 * tenants, phases and commitments are copied into the bill. `map` may be NULL: then
 * layers are by default and tenants unknown.
 */
bool map_apply(struct estate *bill, const struct layer_map *map, struct err *err);

#endif
