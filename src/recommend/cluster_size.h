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
    double within;      /* probability that every phase keeps its time limit; the least */
    double startup_usd; /* of it: what starting costs */
    enum sizing_term binding;
};

struct sizing_work {
    struct cluster_view *view;
    size_t phase_count; /* works: several runs of one are one, as the latest whole one was */
    uint32_t phases[SIZING_PHASES]; /* indexes into estate.phases */
    double times[SIZING_PHASES];    /* how many runs of it the estate has */
    bool too_many;                  /* more than can be sized together: none is taken */
    struct shape_option options[SIZING_OPTIONS];
    struct sizing_candidate candidates[SIZING_OPTIONS];
    double usd[SIZING_OPTIONS];
    size_t count; /* options[0] is the present shape; 0: it cannot be sized */
    struct sizing_quantiles minutes[SIZING_PHASES][SIZING_OPTIONS]; /* of each phase's run */
    double starts, startup_minutes; /* of a job's clusters in a month; 0 */
    size_t most_scenarios;
    const char *abstained;
    size_t probe;
    bool has_probe;
    size_t own_runs;
    struct err err; /* why the phases could not be forecast */
};

#define SIZING_MOST_FAILURE 0.10 /* probability that a proposed shape may fail with */
#define SIZING_LEAST_WITHIN 0.80 /* probability that it keeps its limits */

/* Scenarios to follow in each forecast where so many clusters have to be sized. */
size_t sizing_scenarios(size_t clusters);
/* The works of the view's phases. */
void sizing_take_phases(struct sizing_work *w);
const struct phase *sizing_phase(const struct sizing_work *w, size_t index);
/* The shapes to weigh: the present one first, its type in other sizes, other types. None
 * where it cannot be sized. */
void sizing_work_open(struct sizing_work *out, struct cluster_view *v);
/* Adds what each phase of the clusters and the starts of their runs cost on every option:
 * of a few clusters side by side. */
enum { SIZING_AT_ONCE = 32 };
void sizing_forecast_all(struct sizing_work *works, size_t count);
/* Seldom fails and keeps its limits. */
bool sizing_usable(const struct shape_option *option);
/* The cheapest usable option on the whole; with `sure`, of those that are cheaper than
 * options[0] nine times in ten. 0 when there is none. */
size_t sizing_cheapest(const struct sizing_work *w, bool sure);

#endif
