#ifndef RECOMMEND_CLUSTER_H
#define RECOMMEND_CLUSTER_H

#include "advice.h"
#include "base/map.h"
#include "base/vec.h"
#include "models/sizing.h"
#include "pricing/catalogue.h"
#include "pricing/cluster_cost.h"

/* What all clusters of a run share. */
struct cluster_run {
    struct advice *out;
    const struct recommend_input *in;
    size_t *first_child; /* per resource, count + 1 entries, into children */
    uint32_t *children;  /* resources by their parent */
    size_t *first_phase; /* the same for phases by their cluster */
    uint32_t *phases;
    struct map workloads;    /* workload -> index of its first phase */
    bool both_engines;       /* some phases ran with Photon, others without */
    uint32_t *next_same;     /* per phase: the next of the same workload, or NOTHING */
    uint32_t *works;         /* per phase: the first that is the same work */
    struct sizing_run *runs; /* of the estate, in the model's terms */
    struct sizing_history *history;
    struct rate_cache *rates;
    VEC(const struct instance_type *) types; /* of today that can do the work, by name */
    size_t clusters; /* that are sized: many of them more coarsely */
};

struct cluster_choice {
    const struct instance_type *type; /* NULL: none */
    double usd_per_hour;              /* of one node */
};

/* In the usage of a cluster whose nodes cluster_plan() chose. */
#define CLUSTER_PLANNED "sized_by_model"

struct cluster_range {
    double least, most; /* workers of autoscaling */
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
    bool from_bill;                   /* hours and nodes are measured, not declared */
    double hours;                     /* of the cluster in a month */
    double autotermination;           /* minutes; 0 never */
    double interruptions;             /* band 0..4 of the worker type; NaN */
    double usd_month;                 /* rate x hours: list */
    bool planned;                     /* cluster_plan() chose its nodes by the same model */
    bool job_tags;                    /* its instances carry a job's tags */
    struct cluster_choice drivers[2]; /* chosen for x86_64 and for arm64 workers */
    /* As the advice so far leaves it: cluster_artefacts() builds on that. */
    struct cluster_shape next;
    struct cluster_range next_range; /* most is 0: none is advised */
    double next_autotermination;
    const char *led_by; /* ids of that advice; NULL: as it is */
    size_t phase_count;
    const uint32_t *phases; /* indexes into estate.phases */
};

/* False: not a cluster with nodes, or nothing is known of them; `why` says what is missing. */
bool cluster_view_read(struct cluster_view *out, struct cluster_run *run, uint32_t resource,
                       const char **why);
/* The shape that is declared; what is not stays NULL, NaN or 0. */
void cluster_shape_read(struct cluster_shape *out, const struct resource *r);
bool cluster_is_all_purpose(const struct cluster_view *v);
double cluster_startup_minutes(const struct cluster_view *v); /* that each start is billed */

/* USD an hour of one node: EC2 on demand, volumes and DBUs. NaN without a price. */
double cluster_node_usd(struct cluster_run *run, const struct cluster_shape *shape,
                        const char *type);
/* The same of run->types.at[type], which all are asked of. */
double cluster_type_usd(struct cluster_run *run, const struct cluster_shape *shape, size_t type);
void rate_cache_free(struct rate_cache *cache);

/* Indexes of the estate's clusters, phases and workloads; close with cluster_run_close(). */
void cluster_run_open(struct cluster_run *run, struct advice *out,
                      const struct recommend_input *in);
void cluster_run_close(struct cluster_run *run);
/* What the phases of a resource are to the model: nothing, runs of themselves, and what
 * others learn from too. */
enum sizing_part { PART_NONE, PART_SIZED, PART_TEACHES };
/* What the model calls the workload of a phase: the id of the first that is the same work. */
const char *cluster_work(const struct cluster_run *run, size_t phase);
/* run->history: the estate's runs, and the phases of the resources by their parts (NULL:
 * none). */
void cluster_history_open(struct cluster_run *run, const enum sizing_part *parts);

/* Each looks at one cluster and advises or declines. */
void cluster_advise_jobs(struct cluster_view *v);
void cluster_advise_idle(struct cluster_view *v);
void cluster_advise_spot(struct cluster_view *v);
struct sizing_work;
bool cluster_advise_size(struct sizing_work *w); /* false: the shape stays */
bool cluster_advise_type(struct cluster_view *v);
void cluster_advise_driver(struct cluster_view *v);
void cluster_advise_range(struct cluster_view *v);
void cluster_advise_photon(struct cluster_view *v);

/* The map's allow-lists of all phases, and the configuration's. */
bool cluster_type_allowed(const struct cluster_view *v, const char *type);
/* Gives the shape the driver that suits its workers; USD an hour of it. */
double cluster_choose_driver(struct cluster_view *v, struct cluster_shape *shape);
/* The change and its reason, where the driver or the disks are others than today. */
void cluster_driver_change(struct cluster_view *v, struct recommendation *r,
                           const struct cluster_shape *shape);
void cluster_disk_change(struct cluster_view *v, struct recommendation *r,
                         const struct cluster_shape *shape);

/*
 * The proposed shape as the Clusters, Jobs or Pipelines API takes it and as a Terraform
 * resource. `range` NULL: the present range scaled with the workers, if there is one.
 * `autotermination` in minutes, NaN unstated; all-purpose clusters only. What earlier advice
 * on the cluster changes and this one leaves is in it, unless that advice is set aside: what
 * is pasted later must not take back what was pasted before.
 */
void cluster_artefacts(struct cluster_view *v, struct recommendation *r,
                       const struct cluster_shape *shape, const struct cluster_range *range,
                       double autotermination);
/* The saving when it costs `usd_then` a month; at worst half of it comes, and why. */
void cluster_saving_set(const struct cluster_view *v, struct recommendation *r,
                        double usd_then, const char *why_half);
void cluster_change(struct cluster_view *v, struct recommendation *r, const char *key,
                    const char *from, const char *to);
/* Price evidence of every part of a rate, with its formula. */
void cluster_price_evidence(struct cluster_view *v, struct recommendation *r,
                            const struct cluster_rate *rate, double hours, const char *what);
double cluster_parameter(const struct cluster_view *v, const char *name, double otherwise);

#endif
