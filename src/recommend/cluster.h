#ifndef RECOMMEND_CLUSTER_H
#define RECOMMEND_CLUSTER_H

#include "models/sizing.h"
#include "pricing/catalogue.h"
#include "pricing/cluster_cost.h"
#include "recommend/recommend.h"

/* What all clusters of a run share. */
struct cluster_run {
    struct advice *out;
    const struct recommend_input *in;
    size_t *first_child; /* per resource, count + 1 entries, into children */
    uint32_t *children;  /* resources by their parent */
    size_t *first_phase; /* the same for phases by their cluster */
    uint32_t *phases;
    struct sizing_run *runs; /* of the estate, in the model's terms */
    struct sizing_history *history;
    struct rate_cache *rates;
    size_t clusters; /* that are sized: many of them more coarsely */
};

/* One cluster as it ran or as it is declared. Unknown figures are NaN, unknown texts NULL. */
struct cluster_view {
    struct cluster_run *run;
    uint32_t resource;
    const struct resource *r;
    const char *label;
    struct cluster_shape shape; /* as it is: mean workers, list prices */
    struct cluster_rate rate;
    bool priced;
    bool from_bill;         /* hours and nodes are measured, not declared */
    double hours;           /* of the cluster in a month */
    double autotermination; /* minutes; 0 never */
    double interruptions;   /* band 0..4 of the worker type; NaN */
    double usd_month;       /* rate x hours: list */
    bool job_tags;          /* its instances carry a job's tags */
    size_t phase_count;
    const uint32_t *phases; /* indexes into estate.phases */
};

/* False: not a cluster with nodes, or nothing is known of them; `why` says what is missing. */
bool cluster_view_read(struct cluster_view *out, struct cluster_run *run, uint32_t resource,
                       const char **why);
bool cluster_is_all_purpose(const struct cluster_view *v);

/* USD an hour of one node: EC2 on demand, volumes and DBUs. NaN without a price. */
double cluster_node_usd(struct cluster_run *run, const struct cluster_shape *shape,
                        const char *type);
void rate_cache_free(struct rate_cache *cache);

/* The runs table of the estate as a history; the runs are freed behind it, with free(). */
struct sizing_run *cluster_history_open(struct sizing_history **out,
                                        const struct recommend_input *in);

/* Each looks at one cluster and advises or declines. */
void cluster_advise_jobs(struct cluster_view *v);
void cluster_advise_idle(struct cluster_view *v);
void cluster_advise_spot(struct cluster_view *v);
void cluster_advise_size(struct cluster_view *v);
void cluster_advise_type(struct cluster_view *v);

struct cluster_range {
    double least, most; /* workers of autoscaling */
};

/*
 * The proposed shape as the Clusters, Jobs or Pipelines API takes it and as a Terraform
 * resource. `range` NULL: the present range scaled with the workers, if there is one.
 * `autotermination` in minutes, NaN unstated; all-purpose clusters only.
 */
void cluster_artefacts(struct cluster_view *v, struct recommendation *r,
                       const struct cluster_shape *shape, const struct cluster_range *range,
                       double autotermination);
void cluster_change(struct cluster_view *v, struct recommendation *r, const char *key,
                    const char *from, const char *to);
/* Price evidence of every part of a rate, with its formula. */
void cluster_price_evidence(struct cluster_view *v, struct recommendation *r,
                            const struct cluster_rate *rate, double hours, const char *what);
double cluster_parameter(const struct cluster_view *v, const char *name, double otherwise);

#endif
