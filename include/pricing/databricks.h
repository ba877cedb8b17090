#ifndef PRICING_DATABRICKS_H
#define PRICING_DATABRICKS_H

#include "pricing/book.h"

/*
 * DBUs that one node of an instance type uses in an hour, without Photon; .usd holds
 * the number of DBUs. False when the type is not known to Databricks.
 */
bool dbu_per_hour(struct price *out, const struct book *book, const char *instance_type);

/*
 * A DBU price is asked for by SKU ("JOBS_COMPUTE", "ALL_PURPOSE_COMPUTE", "SQL_COMPUTE",
 * ...), tier ("standard", "premium", "enterprise"), region and whether Photon is on.
 * Photon changes the DBUs more than the price: see dbu_multiplier().
 */
struct dbu_sku {
    char sku[64];
    char tier[16];
    char region[24]; /* "" when the name has none */
    bool photon;
};

/* Of one DBU, list; false when the book has none for that SKU, tier and region. */
bool dbu_price(struct price *out, const struct book *book, const char *sku, const char *tier,
               const char *region, bool photon);

/*
 * Reads a SKU name as the Databricks bill writes it, such as
 * PREMIUM_JOBS_SERVERLESS_COMPUTE_US_EAST_N_VIRGINIA or
 * ENTERPRISE_ALL_PURPOSE_COMPUTE_(PHOTON). False when it does not begin with a tier.
 */
bool dbu_sku_parse(struct dbu_sku *out, const struct book *book, const char *name);

/* DBUs x this: 2.9 for Photon on jobs, 2 on all-purpose; 1 where the book has none. */
double dbu_multiplier(const struct book *book, const char *sku, const char *feature);

struct warehouse_size {
    double dbu_per_hour; /* of one cluster */
    const char *driver_instance_type, *worker_instance_type; /* "" for serverless */
    int workers;
};

/* `kind`: classic, pro or serverless; `size`: "2x-small" to "4x-large", in any case. */
bool warehouse_size_find(struct warehouse_size *out, const struct book *book,
                         const char *kind, const char *size);

/* `product`: model_serving or vector_search; .usd holds the DBUs of an hour. */
bool dbu_serving(struct price *out, const struct book *book, const char *product,
                 const char *size);

#endif
