#ifndef MODELS_SIZING_PARTS_H
#define MODELS_SIZING_PARTS_H

#include "base/map.h"
#include "base/vec.h"
#include "models/sizing.h"

/* What the files of the sizing model share. Seconds and GiB throughout. */

enum column {
    COL_START,   /* seconds whatever the cluster */
    COL_WORK,    /* core-seconds at reference speed */
    COL_SLOW,    /* core-seconds more when the working set does not fit */
    COL_TIGHT,   /* core-seconds more when cores have too little memory each */
    COL_DISK,    /* seconds of one worker with 100 MB/s of disk */
    COL_NETWORK, /* seconds of one worker with 1 Gbit/s */
    COL_WORKER,  /* seconds per worker */
    COL_CORE,    /* seconds per core */
    COLUMNS
};

/* One cluster as the model sees it. */
struct point {
    const char *type;
    double workers, vcpus, cores, gib_per_core, usable_gib;
    double disk, network; /* of all workers, in 100 MB/s and Gbit/s */
    double local_gb;      /* of all workers; NaN = unknown, or volumes */
    double speed;         /* of a core against the reference */
    double input;         /* of this run against the reference input of its workload */
};

struct observation {
    struct point at;
    double seconds;
    bool completed, oom;
    bool at_limit; /* failed at what looks like a time limit */
    double cpu_share, memory_peak_gib, input_gb, shuffle_gb, spill_gb; /* NaN = unknown */
};

/* One way in which a workload may behave. */
struct shape {
    double beta[COLUMNS];
    double set_gib;        /* working set at the reference input; 0 = none */
    double tight_gib;      /* memory per core it wants */
};

void point_of(struct point *out, const char *type, double workers,
              const struct sizing_hardware *hardware);
/* 0 when a working set fits, 1 when nothing of it stays. */
double point_misfit(const struct point *at, double set_gib);
/* Seconds per unit of each coefficient of a shape with these thresholds. */
void point_columns(double columns[COLUMNS], const struct point *at, double set_gib,
                   double tight_gib);
/* Sets the two of them that memory decides; all others are the same for every shape. */
void point_memory(double columns[COLUMNS], const struct point *at, double set_gib,
                  double tight_gib);
/* Their sum over the coefficients; at least a moment, since no run takes no time. */
double columns_seconds(const double columns[COLUMNS], const double beta[COLUMNS]);
double shape_seconds(const struct shape *shape, const struct point *at);
/* A shape for `e^log_scale` times the input. */
void shape_scale(struct shape *shape, double log_scale);
enum sizing_term column_term(enum column column);

/* What makes runs fail: nothing that repeats [0], too little usable memory, too few workers. */
enum { THRESHOLD_WORKERS = 26, THRESHOLDS = 26 + 12 };
struct threshold {
    double belief[THRESHOLDS];
};
void threshold_start(struct threshold *out, double memory, double median_gib, double log_sd);
/* Probability of failure at a point under each threshold. */
void threshold_failures_at(double out[THRESHOLDS], const struct point *at);
/* And over what is believed of them, at `count` points: failures_at[threshold x count + point]. */
void threshold_failure(double *restrict out, const struct threshold *t,
                       const double *restrict failures_at, size_t count);
/* Log of how likely runs went as they did under each threshold. */
void threshold_likelihoods(double out[THRESHOLDS], const struct observation *runs, size_t count);
/* Updates by that; returns the log of the runs' probability. */
double threshold_learn(struct threshold *t, const double log_likelihood[THRESHOLDS]);
void threshold_shift(struct threshold *out, const struct threshold *from, double log_shift,
                     double log_sd);

struct fitted {
    struct shape shape;
    double set_log_sd; /* how far the set may be from the shape's, where no run tells them apart */
    double belief;
};

enum { MOST_FITTED = 10 };

/* All runs of one workload, and the shapes that explain them. */
struct workload {
    const char *name, *algorithm, *class_name;
    bool own_only; /* as all of its runs are: nothing is fitted */
    int iterative; /* as it is said; -1: nobody says */
    double input_gb;
    VEC(struct observation) runs; /* in an order that depends on figures alone */
    struct fitted fitted[MOST_FITTED];
    size_t fitted_count;
    double work; /* core-seconds when it fits, of the most believed shape */
    struct threshold threshold;
    double cached_gb; /* largest seen; NaN = unknown */
    double noise_log, noise_weight; /* of what its runs leave of its likeliest shape */
    size_t alike;     /* fitted workloads of its algorithm, itself among them */
};

struct type_speed {
    const char *type;
    double clock_speed, gib_per_core; /* what makes another size of it known */
    double log_speed;                 /* beyond what the clock tells */
};

struct sizing_history {
    VEC(struct workload) workloads;
    size_t lessons; /* the first so many of them teach others */
    VEC(struct type_speed) speeds;
    struct map by_name;   /* name -> index into workloads */
    double limit_seconds; /* INFINITY = none seen */
    double noise_sum, noise_weight; /* of the workloads' logs, and what is believed before */
    size_t left_out;
};

/* NULL: none of that name ran. */
const struct workload *history_workload(const struct sizing_history *h, const char *name);

/* Fits w->fitted, w->work and w->threshold. */
void workload_fit(struct workload *w);
/* Fills h->speeds from what the fits leave and applies them to all runs. */
void history_learn_speeds(struct sizing_history *h);
double history_speed(const struct sizing_history *h, const struct point *at); /* log */

/* GiB of working set per GB of input, by class: how the records look in memory. */
struct set_per_gb {
    double gib, log_sd;
};
struct set_per_gb set_per_gb(const char *class_name);
/* Belief that a workload reads its data again and again: as it is said, else by its class. */
double iterative_belief(int said, const char *class_name);
bool is_iterative(int said, const char *class_name); /* rather than not */
/* Core-seconds per GB of input where no run tells. */
double work_per_gb(bool iterative);

/* One hypothesis about the workload of a request. */
struct scenario {
    struct shape shape;
    double belief;       /* prior, then posterior; sums to 1 */
    double log_scale_sd; /* how far its work may be off as a whole */
    double set_cell;     /* over how much (log) its working set stands for all there */
    size_t threshold;    /* index into the beliefs' thresholds */
    bool same_algorithm;
    const struct workload *of; /* whose shape it is, and which; NULL: of the general picture */
    size_t fitted;
};

struct beliefs {
    VEC(struct scenario) scenarios;
    VEC(struct threshold) thresholds;
    size_t same_algorithm, others;
};

void beliefs_form(struct beliefs *out, const struct sizing_history *h,
                  const struct sizing_request *request, size_t most);
void beliefs_release(struct beliefs *b);

/* Log of what runs of w take beyond each of its shapes: [shape x count + point]; to be freed. */
double *inherited_errors(const struct workload *w, const struct point *at, size_t count);

struct sizing_forecast {
    struct point *points;
    struct sizing_candidate *candidates;
    size_t count;
    struct beliefs beliefs; /* after the own runs */
    /* [scenario x count + candidate]: log seconds, their sd, probability of failure */
    double *mean, *sd, *failure;
    int *own; /* per candidate: 1 completed there, -1 failed there, 0 neither */
    /* Per candidate: of the own runs on no more workers of its type, the largest completed. */
    bool *proven;
    size_t own_completed, own_failed;
    double cached_set_gib; /* working set that the cache of own runs shows; NaN = unknown */
    double local_files_gb; /* shuffle and spill of a run; NaN = unknown */
    size_t short_of_disk;
    bool nothing_known; /* no own run, no history, no input */
    double limit_seconds, limit_belief; /* that it holds for this workload */
    double noise; /* expected of the log seconds of a run, before own runs show theirs: sd */
};

/* The completed own runs and how what the terms miss there carries over to the candidates. */
struct own {
    struct observation *runs; /* repeats as one, with their mean log seconds and input */
    double *repeats;
    size_t count;
    double scatter, scattered; /* of repeats: sum of squares about their means, how many free */
    double *covariance, *cholesky, *inverse; /* count x count: noise and misfit */
    double *weight, weights; /* sums of the inverse's columns, and of those */
    double *smooth; /* seconds of each run without its noise, as the covariance has it */
    double *gain;     /* candidates x count: misfit there from residuals here */
    double *residual; /* misfit variance that remains at each candidate */
    double typical_seconds, typical_work;
    double noise; /* of the log seconds of a run: sd */
};
void own_open(struct own *o, const struct sizing_forecast *f, const struct observation *runs,
              size_t count);
/* Fills what follows from a noise: the covariance, its factor, its inverse, their weights. */
void own_relate(struct own *o, double noise);
/* Fills gain and residual. */
void own_relate_candidates(struct own *o, const struct sizing_forecast *f);
void own_release(struct own *o);

/* Lower triangle L of a symmetric positive n x n matrix L L', in place of it. */
void cholesky(double *m, size_t n);
/* x becomes L^-1 x. */
void solve_lower(double *x, const double *l, size_t n);

/* Notes what the fits of the workloads leave of their runs. */
void history_learn_noise(struct sizing_history *h);
/* Noise of runs to expect (sd of log seconds), by what the fits of other workloads leave. */
double noise_expected(const struct sizing_history *h, const struct workload *own);
/* Levels that the noise of one workload may have, and the belief in each. */
enum { NOISE_LEVELS = 5 };
void noise_levels(double level[NOISE_LEVELS], double belief[NOISE_LEVELS], double expected);

/* What own runs leave open of one scenario's coefficients. */
struct learnt {
    double sd[COLUMNS];                  /* before them */
    double precision[COLUMNS * COLUMNS]; /* after them, in units of sd: its Cholesky factor */
    double spread; /* variance of misfit that the runs show over what was assumed */
};

/* Fills mean, sd and failure; learnt[i] of each scenario counts where there are own runs. */
void forecast_foresee(struct sizing_forecast *f, const struct own *o,
                      const struct learnt *learnt);
/* Narrows f->beliefs by the own runs, and foresees with what is left. */
void forecast_learn(struct sizing_forecast *f, const struct observation *own, size_t count);

/* Log of how likely what own runs show beside their time is, up to a constant. */
double signals_likelihood(const struct scenario *s, double cached_set_gib,
                          const struct observation *own, size_t count);

/* Raises the failure of candidates whose local disks may not hold what own runs wrote there. */
void signals_apply_disks(struct sizing_forecast *f, const struct observation *own,
                         size_t count);

double normal_cdf(double z);
/* `count` points of a normal distribution and their weights, from -1.8 to 1.8 sd. */
void normal_points(double *z, double *weight, size_t count);

/* Whether a figure (GB, minutes, workers, cores ...) may be true at all: from 1e-6 to 1e9. What
 * is beyond is taken as not known, so that no sum of the model loses its digits. */
bool is_figure(double x);

bool same_text(const char *a, const char *b); /* both known and equal */

#endif
