#ifndef PRICING_CLUSTER_COST_H
#define PRICING_CLUSTER_COST_H

#include <stdbool.h>

#include "base/money.h"
#include "base/node.h"
#include "pricing/book.h"

/*
 * What an hour of a Databricks cluster costs at EC2, EBS and Databricks:
 *     driver + workers x (EC2 on demand x (1 - spot) + EC2 spot x spot) + volumes + DBUs
 * where every node, the driver too, has its volumes and its DBUs, and Photon
 * multiplies the DBUs.
 */
struct cluster_shape {
    const char *region, *driver_type, *worker_type;
    double workers;       /* mean; 0 is a single node */
    double spot_share;    /* 0..1 of worker hours */
    double spot_discount; /* against on demand, 0..1; NaN: the book's spot price */
    bool spot_driver;
    const char *ebs_type; /* NULL: no volumes but those of the type */
    double ebs_count, ebs_gib, ebs_iops, ebs_mb_per_s; /* of each node; each volume */
    const char *sku, *tier; /* "JOBS_COMPUTE", "premium" */
    bool photon;
    double dbu_discount;           /* 0..1 off the price of a DBU */
    double dbu_driver, dbu_worker; /* DBU an hour without Photon; NaN: the book's */
};

enum cluster_part {
    CLUSTER_EC2_DRIVER,
    CLUSTER_EC2_WORKERS, /* on demand */
    CLUSTER_EC2_SPOT,
    CLUSTER_EBS,
    CLUSTER_DBU,
    CLUSTER_PARTS
};
const char *cluster_part_name(enum cluster_part part); /* "EC2 workers, on demand" */

struct cluster_rate {
    struct {
        double quantity; /* an hour: instances, nodes with volumes, DBUs */
        struct price price; /* of one unit; of EBS: its storage */
        struct money unit;  /* what one unit costs an hour, discounts taken off */
        struct money usd_per_hour;
    } parts[CLUSTER_PARTS];
    struct money ec2_on_demand; /* of the sum: what commitments can cover */
    struct money usd_per_hour;
    char missing[160]; /* a sentence where a price is missing; else "" */
};

/* As its attributes say; where they name no engine the runtime's version does. */
bool cluster_is_photon(const struct node *attrs);

/* False: a part has no price; `missing` says which, and the rest is still filled. */
bool cluster_rate(struct cluster_rate *out, const struct book *book,
                  const struct cluster_shape *shape);

#endif
