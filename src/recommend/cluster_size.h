#ifndef RECOMMEND_CLUSTER_SIZE_H
#define RECOMMEND_CLUSTER_SIZE_H

#include "cluster.h"

enum { SIZING_OPTIONS = 80, SIZING_PHASES = 16 };

/* One shape to choose, and what the phases of the cluster would cost on it in a month. */
struct shape_option {
    const struct instance_type *type;
    double workers, usd_per_hour;
    struct cluster_shape shape; /* with its driver and its volumes */
    double usd[3];              /* low, expected, high: p10, p50, p90 of every phase */
    double failure;             /* the worst phase */
    double over;                /* minutes above a phase's limit, 0 none */
    enum sizing_term binding;
};

struct sizing_work {
    struct cluster_view *view;
    struct shape_option options[SIZING_OPTIONS];
    struct sizing_candidate candidates[SIZING_OPTIONS];
    double usd[SIZING_OPTIONS];
    size_t count;                                  /* options[0] is the present shape */
    double minutes[SIZING_PHASES][SIZING_OPTIONS]; /* p50 of each phase's run */
    const char *abstained, *probe_why;
    size_t probe;
    bool has_probe;
    size_t own_runs;
};

/* Fills the shapes to weigh: the present one first, its type in other sizes, other types. */
void sizing_options(struct sizing_work *w, const struct instance_type *now);

#endif
