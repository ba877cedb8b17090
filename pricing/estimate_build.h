#ifndef PRICING_ESTIMATE_BUILD_H
#define PRICING_ESTIMATE_BUILD_H

#include "pricing/book.h"
#include "pricing/estimate.h"

/* EC2 on-demand cost that commitments may cover. */
struct eligible {
    const char *family, *instance_type, *region;
    struct money_range monthly;
    struct range instance_hours;
};

/* What runs through all resources: account-wide free amounts and tiers. */
struct estimate_run {
    struct estimate *out;
    const struct estate *estate;
    const struct book *book;
    struct pricer *pricer;
    VEC(struct eligible) eligible;
    double free_dashboards;
    struct range free_requests, free_gb_seconds; /* of Lambda, where an entry asks for them */
    struct range free_egress_gb;
    struct egress {
        const char *region;
        struct range gb;
    } egress[64]; /* to the internet so far: the tiers are walked once a region */
    size_t egress_count;
};

/* One resource on its way. */
struct quote {
    struct estimate_run *run;
    uint32_t resource;
    const struct resource *r;
    VEC(struct cost_component) parts;
};

/*
 * Adds quantity (single things a month) of a price of the book, tier by tier;
 * without such a price the component says so.
 */
struct cost_component *quote_add(struct quote *q, const char *name, const char *unit,
                                 const struct price_key *key, struct range quantity);
/* The same where the first `before` of the tiers are used up by others. */
struct cost_component *quote_add_after(struct quote *q, const char *name, const char *unit,
                                       const struct price_key *key, struct range quantity,
                                       struct range before);
/* An amount that was worked out elsewhere. */
struct cost_component *quote_put(struct quote *q, const char *name, const char *unit,
                                 struct range quantity, struct money unit_price,
                                 struct money_range monthly);
struct cost_component *quote_missing(struct quote *q, const char *name, const char *why);

struct range quote_usage(const struct quote *q, const char *path, double otherwise);
bool quote_has(const struct quote *q, const char *path);
struct money_range money_times_range(struct money unit, struct range quantity);

/* What the component table does not say. True: the table is not to be asked. */
bool quote_special(struct quote *q);
void quote_cluster(struct quote *q);
/* When the table's parts are in: hours of instances, DBU discount, what can be committed. */
void quote_adjust(struct quote *q);
void quote_flow(struct quote *q);
void quote_peering(struct quote *q);
void quote_bucket(struct quote *q);
/* Least sizes billed and what archives keep of each object, where the map says their size. */
void quote_objects(struct quote *q);
void quote_egress(struct quote *q, const char *name, const char *region, struct range gb);
void quote_between(struct quote *q, const char *name, const char *from, const char *to,
                   struct range gb);
void add_eligible(struct quote *q, const char *type, struct range instance_hours,
                  struct money unit);
void estimate_commitments(struct estimate_run *run);

#endif
