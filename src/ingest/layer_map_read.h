#ifndef INGEST_LAYER_MAP_READ_H
#define INGEST_LAYER_MAP_READ_H

#include "base/map.h"
#include "ingest/layer_map.h"
#include "layer_map_fields.h"

/* One layer map on its way into an estate. */
struct map_reader {
    struct layer_map *map;
    struct estate *estate;
    struct arena *arena;
    const char *path;
    struct map ids; /* of entries: id -> index into map->entries */
    struct err *err;
};

/* One entry on its way: what its keys became, still to be completed by its kind. */
struct entry {
    const struct entry_kind *kind;
    const struct node *node;
    const struct strict_field *fields;
    uint32_t resource;
    struct node *attrs, *usage;
};

bool map_fail(struct map_reader *r, const struct node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "usage:monthly_gb", "autoscale[].min_workers", "architectures.", "memory_size". */
void entry_put(struct map_reader *r, struct entry *e, const char *to, const struct node *value);
void map_put_path(struct arena *arena, struct node *root, const char *path,
                  const struct node *value);

/* Reads all entries of all layers. */
bool map_read_layers(struct map_reader *r);
struct resource *entry_resource(struct map_reader *r, const struct entry *e);
sym map_text(struct map_reader *r, const struct node *n); /* NULL when absent */
uint32_t map_tenant(struct map_reader *r, const char *id); /* or NOTHING */

/* A quantity as a usage figure: a number, or min, typ and max. */
struct node *map_quantity(struct arena *arena, struct range q);
/* 0 when absent. */
struct range map_range(const struct node *n);
void usage_put(struct map_reader *r, struct node *usage, const char *path, struct range q);
struct range range_plus(struct range a, struct range b);
struct range range_times(struct range a, struct range b);
struct range range_scaled(struct range a, double by);

/* A child resource of an entry: "raw/lifecycle". */
uint32_t entry_child(struct map_reader *r, const struct entry *e, const char *suffix,
                     const char *type);

/* What kinds need beyond their `becomes`; each is called once, when its keys are in. */
bool finish_bucket(struct map_reader *r, struct entry *e);
bool finish_cluster(struct map_reader *r, struct entry *e);
bool finish_pool(struct map_reader *r, struct entry *e);
bool finish_ec2(struct map_reader *r, struct entry *e);
bool finish_function(struct map_reader *r, struct entry *e);
bool finish_load_balancer(struct map_reader *r, struct entry *e);
bool finish_role(struct map_reader *r, struct entry *e);
bool finish_alarm(struct map_reader *r, struct entry *e);
bool finish_accelerator(struct map_reader *r, struct entry *e);
bool finish_distribution(struct map_reader *r, struct entry *e);
bool finish_endpoint(struct map_reader *r, struct entry *e);
bool finish_address(struct map_reader *r, struct entry *e);
bool finish_zone(struct map_reader *r, struct entry *e);
bool finish_glue(struct map_reader *r, struct entry *e);
bool finish_bus(struct map_reader *r, struct entry *e);

bool map_read_phases(struct map_reader *r, struct entry *e);

#endif
