#ifndef ESTATE_RESOURCE_H
#define ESTATE_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/node.h"
#include "base/sym.h"

/* The layers of a layer map; LAYER_NONE is unmapped and always shown with its cost. */
enum layer {
    LAYER_NONE,
    LAYER_STORAGE,
    LAYER_ORCHESTRATION,
    LAYER_COMPUTE,
    LAYER_GOVERNANCE,
    LAYER_NETWORK,
    LAYER_LOAD_BALANCING,
    LAYER_OBSERVABILITY,
    LAYER_COUNT
};

#define NOTHING UINT32_MAX /* an index that points at nothing */

/*
 * One thing that costs or is checked, from whatever input: a row's resource id,
 * a plan's address, a map's entry. Attributes and tags have the names and the
 * shape that the Terraform provider gives them, whatever they were read from,
 * so that prices, advice and policies are written once.
 */
struct resource {
    sym key;      /* its identity in this estate: ARN, id, address or map id */
    sym type;     /* Terraform type: "aws_instance", "databricks_cluster"; NULL when unknown */
    sym id;       /* the provider's: "i-0ab...", a bucket, an ARN; NULL before it exists */
    sym name;     /* for people; may equal the id */
    sym address;  /* Terraform address, CloudFormation logical id or map id; else NULL */
    sym account;  /* 12 digits; NULL when unknown */
    sym region;
    sym zone;     /* availability zone; NULL when unknown */
    enum layer layer;
    uint32_t tenant; /* index into estate.tenants or NOTHING */
    uint32_t phase;  /* index into estate.phases or NOTHING */
    uint32_t parent; /* the cluster, pool or bucket it belongs to, or NOTHING */
    sym mapped_by;   /* the map's entry or rule that gave layer, tenant, phase; NULL: none */
    const struct node *tags;  /* map of strings; NULL when unknown */
    const struct node *attrs; /* configuration; NULL when unknown */
    /*
     * Declared or measured load with the names that the component table uses:
     * numbers, or maps of min, typ and max. NULL when unknown.
     */
    const struct node *usage;
    const char *declared; /* of a billed one: place in the map, and Terraform address; or NULL */
    const char *source; /* the file that it was read from */
    unsigned line;      /* in it, from 1; 0 when not known */
};

const char *layer_name(enum layer layer);             /* "load_balancing"; "unmapped" */
enum layer layer_named(const char *name);             /* LAYER_NONE when there is none */
/* Name, address, id or key, of an ARN the part that names the thing: never NULL. */
const char *resource_label(const struct resource *r);
/* The length of an address without its own index: "a.b" of 'a.b["x.y"]'. */
size_t resource_bare_address(const char *address);
const char *resource_tag(const struct resource *r, const char *key); /* NULL when absent */

/* A quantity with its uncertainty; all three equal when it is known. */
struct range {
    double low, expected, high;
};

/*
 * Reads a usage or attribute value: a number, or a map with min, typ and max
 * (missing ones are taken from their neighbours). False when absent or unknown.
 */
bool range_read(struct range *out, const struct node *n);

#endif
