#ifndef INGEST_ATTRIBUTE_H
#define INGEST_ATTRIBUTE_H

#include "estate/estate.h"
#include "ingest/layer_map.h"

/* The layers that things belong to of themselves, while an indexed bill is named. */
struct default_layers;
struct default_layers *default_layers_open(const struct estate *bill);
void default_layers_free(struct default_layers *layers);
/* By the resource's Terraform type, else by what its cost lines buy. */
enum layer default_layer(struct default_layers *layers, uint32_t resource);

/* The entries of a map, ready to be asked for the first that names a resource. */
struct entry_index;
struct entry_index *entry_index_open(const struct layer_map *map);
void entry_index_free(struct entry_index *index);
/* Index into map->entries, or NOTHING. */
uint32_t entry_index_find(const struct entry_index *index, const struct resource *r);

/* The first rule of the map that matches: its place from 0, or NOTHING. */
uint32_t rule_find(const struct layer_map *map, const struct estate *bill, uint32_t resource);

/* By account, tags, workspace, catalog, prefix; index into estate.tenants or NOTHING. */
uint32_t tenant_of(const struct estate *bill, const struct resource *r);

/*
 * A job starts a new cluster for every run: its clusters get one parent, a
 * databricks_job with the key "job/<id>", so that the job is named, sized and priced as
 * one thing. Leaves the estate indexed.
 */
void group_job_clusters(struct estate *bill);

/* Whether `have` holds all pairs of `want`, whose values may have * and ?. */
bool tags_match(const struct node *want, const struct node *have);
/* One pattern or a list of them; an absent one matches nothing. */
bool texts_match(const struct node *patterns, const char *text);

/*
 * Gives phases and lives of Spark logs their cluster, by its id or the job's, and phases
 * without a tenant their cluster's. Those from `first_declared` on are the map's; a cluster
 * that has such gets none of logs. What finds no place is noted.
 */
void place_phases(struct estate *bill, size_t first_declared);

#endif
