#ifndef MODELS_SIZING_H
#define MODELS_SIZING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * How long a workload takes on clusters it never ran on, and how likely it fails
 * there, from what ran before. A workload is described by non-negative seconds
 * per term (start, cpu, recomputation when its working set does not fit, memory
 * per core, disk, network, coordination per worker and per core: models/
 * sizing_shape.c) and by two memory thresholds. What is not known is a weighted
 * set of scenarios, learnt from other workloads and narrowed by each own run:
 * see docs/sizing.md.
 *
 * Names only say what is equal: no name changes a result, and neither does the
 * order of runs or candidates (equal ranks follow hardware figures). Prices come
 * last: sizing_rank() applies them to a forecast without another fit.
 */

enum sizing_status { SIZING_OK, SIZING_FAILED, SIZING_OOM };

/* One worker. Memory and vCPUs are needed, the rest may be NaN. */
struct sizing_hardware {
    double vcpus, memory_gib;
    double clock_ghz;
    double network_gbps;  /* baseline */
    double disk_mb_per_s; /* EBS baseline, or what local disks give */
    double local_storage_gb; /* of its own disks; NaN where volumes take what is written */
};

/* NULL and NaN are "not known" everywhere. */
struct sizing_run {
    const char *workload, *algorithm, *class_name;
    int iterative; /* 1 reads its data again and again, 0 does not, -1 not known */
    double input_gb;
    const char *instance_type;
    double workers, minutes;
    enum sizing_status status; /* minutes of a failure may be a time limit, or mean nothing */
    double cpu_pct;
    double memory_peak_gib; /* that the processes of one worker held */
    double shuffle_gb, spill_gb, cached_gb;
    struct sizing_hardware hardware;
    bool own_only; /* evidence of its own workload, no lesson about others */
};

struct sizing_candidate {
    const char *instance_type;
    double workers;
    struct sizing_hardware hardware;
};

/*
 * Runs of a team, fitted once and shared by any number of requests. Texts are
 * borrowed: they must outlive the history. Runs without a usable time, size or
 * hardware are left out and counted. NULL runs (count 0) is a history too.
 */
struct sizing_history;

void sizing_history_open(struct sizing_history **out, const struct sizing_run *runs,
                         size_t count);
void sizing_history_free(struct sizing_history *history);
size_t sizing_history_left_out(const struct sizing_history *history);

struct sizing_request {
    const char *workload; /* its runs in the history are its own runs */
    const char *algorithm, *class_name;
    int iterative;
    double input_gb;
    const struct sizing_candidate *candidates;
    size_t candidate_count;
    /* What a forecast may cost: 0 = full; else at most so many scenarios are followed. */
    size_t most_scenarios;
};

struct sizing_forecast;

/* Fails when no candidate is left or one has no vCPUs, memory or workers. */
bool sizing_forecast_open(struct sizing_forecast **out, const struct sizing_history *history,
                          const struct sizing_request *request, struct err *err);
void sizing_forecast_free(struct sizing_forecast *forecast);

enum sizing_term {
    SIZING_START,        /* driver and start-up: no cluster shortens it */
    SIZING_CPU,
    SIZING_MEMORY,       /* recomputing, spilling and collecting garbage */
    SIZING_DISK,
    SIZING_NETWORK,
    SIZING_COORDINATION, /* grows with workers and cores */
    SIZING_TERMS
};
const char *sizing_term_name(enum sizing_term term); /* "cpu" */

struct sizing_quantiles {
    double p10, p50, p90;
};

struct sizing_option {
    size_t candidate; /* index in the request */
    struct sizing_quantiles minutes, usd; /* of a run that completes */
    double failure_probability;
    double expected_cost; /* of a finished job against the cheapest possible: 1 = no regret */
    double within_limit;  /* probability to complete within the limits; 1 without limits */
    enum sizing_term binding;
    double share[SIZING_TERMS]; /* of the expected time */
    bool ran; /* the workload completed on this very candidate */
};

struct sizing_limits {
    double max_minutes, max_usd; /* NaN = none */
};

/*
 * What each candidate would take and cost, in the order of the request: out[candidate_count],
 * all but expected_cost. usd_per_hour[i] is what candidate i costs per hour in all its
 * workers; NaN = no price.
 */
void sizing_outlook(struct sizing_option *out, const struct sizing_forecast *forecast,
                    const double *usd_per_hour, struct sizing_limits limits);

struct sizing_choice {
    struct sizing_option *options; /* ranked, best first; one per candidate */
    size_t option_count;
    bool has_probe;
    size_t probe;              /* candidate to run next */
    double probe_gain;         /* expected saving per run, usd */
    double probe_gain_share;   /* of what the best known run costs */
    const char *probe_why;     /* these two are constants */
    const char *abstained;     /* NULL, or why no recommendation should be followed yet */
};

/*
 * The outlook ranked and the next probe; without a price ranked last, never probed. Ranked
 * by expected cost with failure counted (a failed run costs its price and a rerun), near
 * equals by fewer cores; with max_minutes the cheapest that makes it with 80 % probability,
 * with max_usd the fastest that does.
 */
void sizing_rank(struct sizing_choice *out, const struct sizing_forecast *forecast,
                 const double *usd_per_hour, struct sizing_limits limits);
void sizing_choice_release(struct sizing_choice *choice);

/* What a forecast stands on. */
struct sizing_evidence {
    size_t own_completed, own_failed;
    size_t same_algorithm;  /* other workloads of it */
    size_t other_workloads;
    size_t scenarios;
    double working_set_gib;       /* median of the scenarios; 0 = none needed */
    double working_set_p10, working_set_p90;
    double time_limit_minutes;    /* learnt from failed runs; NaN = none seen */
    double local_files_gb; /* shuffle and spill of a run; NaN = not known */
    size_t short_of_disk;  /* candidates whose local storage may not hold them */
    double weight_same_algorithm; /* share of the scenarios' weight */
};
void sizing_evidence(struct sizing_evidence *out, const struct sizing_forecast *forecast);

/* Probability that a completed run on `candidate` takes at most `minutes`. */
double sizing_probability(const struct sizing_forecast *forecast, size_t candidate,
                          double minutes);

#endif
