#ifndef TESTS_BENCH_SIZING_JUDGE_H
#define TESTS_BENCH_SIZING_JUDGE_H

/* A sizing task, what is known, what may be chosen and what is true, and how it is judged. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "base/sym.h"
#include "base/vec.h"
#include "models/sizing.h"

struct runs {
    VEC(struct sizing_run) rows;
};

struct set {
    struct runs all;
    VEC(const char *) jobs; /* workload names in the order of the file */
};

struct book;

struct world {
    struct book *book; /* NULL: prices are not asked of it */
    struct intern *names;
    bool verbose;
    double seconds, fitting; /* in recommendations, in opening histories */
    size_t decisions;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* What is known of a workload: other algorithms; a run of its own; its algorithm at another
 * input; both of these. */
enum knowledge { HISTORY, ONE_RUN, RECURRING, RECURRING_RUN, KNOWLEDGES };

static inline const char *knowledge_name(int known)
{
    static const char *const names[KNOWLEDGES] = {"history", "one run", "recurring",
                                                  "and a run"};
    return names[known];
}

static inline bool knows_own_run(enum knowledge known)
{
    return known == ONE_RUN || known == RECURRING_RUN;
}

static inline bool knows_algorithm(enum knowledge known)
{
    return known == RECURRING || known == RECURRING_RUN;
}

/* One decision task: what is known, what may be chosen, and what is true. */
struct task {
    struct runs known;
    struct sizing_request request;
    VEC(struct sizing_candidate) candidates;
    VEC(const struct sizing_run *) truth; /* per candidate */
    double *usd;
};

static void task_release(struct task *t)
{
    VEC_FREE(&t->known.rows);
    VEC_FREE(&t->candidates);
    VEC_FREE(&t->truth);
    free(t->usd);
    *t = (struct task){0};
}

static double cost(const struct task *t, size_t candidate)
{
    return t->truth.at[candidate]->minutes / 60 * t->usd[candidate];
}

static void best_and_worst(const struct task *t, double *best, double *worst)
{
    *best = INFINITY;
    *worst = 0;
    for (size_t i = 0; i < t->truth.count; i++)
        if (t->truth.at[i]->status == SIZING_OK) {
            *best = fmin(*best, cost(t, i));
            *worst = fmax(*worst, cost(t, i));
        }
}

static double regret(const struct task *t, size_t choice, bool *failed)
{
    double best, worst;
    best_and_worst(t, &best, &worst);
    *failed = t->truth.at[choice]->status != SIZING_OK;
    return (*failed ? worst : cost(t, choice)) / best;
}

/* What was said of failing in tenths, the first of them halved, and what failed. */
enum { LIKELIHOODS = 11 };
struct reliability {
    double said[LIKELIHOODS];
    size_t runs[LIKELIHOODS], failed[LIKELIHOODS];
};

struct score {
    double regret, worst, inside, below, above;
    size_t tasks, failed, checked;
    struct reliability failing;
};

static bool is_known(const struct task *t, const struct sizing_run *r)
{
    for (size_t k = 0; k < t->known.rows.count; k++) {
        const struct sizing_run *o = &t->known.rows.at[k];
        if (o->workload == r->workload && o->workers == r->workers &&
            o->instance_type == r->instance_type)
            return true;
    }
    return false;
}

static void check_failures(struct reliability *s, const struct task *t,
                           const struct sizing_choice *choice)
{
    for (size_t i = 0; i < choice->option_count; i++) {
        const struct sizing_option *o = &choice->options[i];
        const struct sizing_run *r = t->truth.at[o->candidate];
        double p = o->failure_probability;
        size_t bin = p < 0.05 ? 0 : 1 + (size_t)fmin(10 * p, 9);
        if (is_known(t, r))
            continue;
        s->said[bin] += p;
        s->runs[bin]++;
        s->failed[bin] += r->status != SIZING_OK;
    }
}

static void check_intervals(struct score *s, const struct task *t,
                            const struct sizing_forecast *f)
{
    for (size_t i = 0; i < t->truth.count; i++) {
        const struct sizing_run *r = t->truth.at[i];
        if (r->status != SIZING_OK || is_known(t, r))
            continue;
        double p = sizing_probability(f, i, r->minutes);
        s->checked++;
        s->inside += p > 0.1 && p < 0.9;
        s->below += p <= 0.1;
        s->above += p >= 0.9;
    }
}

static inline void add_reliability(struct reliability *sum, const struct reliability *more)
{
    for (size_t i = 0; i < LIKELIHOODS; i++) {
        sum->said[i] += more->said[i];
        sum->runs[i] += more->runs[i];
        sum->failed[i] += more->failed[i];
    }
}

static inline void print_reliability(const char *name, const struct reliability *s)
{
    printf("%-10s said to fail > failed, %%:", name);
    for (size_t i = 0; i < LIKELIHOODS; i++)
        if (s->runs[i])
            printf("  %.0f > %.0f", 100 * s->said[i] / (double)s->runs[i],
                   100 * (double)s->failed[i] / (double)s->runs[i]);
    printf("\n");
}

/* One line of scores, and what it adds to the sums over lines. */
struct sums {
    double regret[KNOWLEDGES], lines;
    struct reliability failing[KNOWLEDGES];
};

static inline void print_line(struct sums *sums, const char *name,
                              const struct score scores[KNOWLEDGES])
{
    printf("%-24s", name);
    for (int k = 0; k < KNOWLEDGES; k++) {
        const struct score *s = &scores[k];
        double mean = s->regret / (double)s->tasks;
        printf("  %s %.3f, failed %4.1f %%, inside %3.0f %%", knowledge_name(k), mean,
               100 * (double)s->failed / (double)s->tasks,
               100 * s->inside / (double)s->checked);
        sums->regret[k] += mean;
        add_reliability(&sums->failing[k], &s->failing);
    }
    sums->lines++;
    printf("\n");
    fflush(stdout);
}

static inline void print_sums(const struct sums *sums)
{
    printf("%-24s", "mean of all");
    for (int k = 0; k < KNOWLEDGES; k++)
        printf("  %s %.3f", knowledge_name(k), sums->regret[k] / sums->lines);
    printf("\n");
    for (int k = 0; k < KNOWLEDGES; k++)
        print_reliability(knowledge_name(k), &sums->failing[k]);
}

/* The recommended candidate; and the next probe, (size_t)-1 without one. */
static size_t decide(struct world *w, const struct task *t, struct score *intervals,
                     size_t *probe)
{
    struct sizing_history *h;
    struct sizing_forecast *f;
    struct sizing_choice choice;
    struct err err = ERR_INIT;
    double start = now();
    sizing_history_open(&h, t->known.rows.at, t->known.rows.count);
    w->fitting += now() - start;
    start = now();
    if (!sizing_forecast_open(&f, h, &t->request, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    sizing_rank(&choice, f, t->usd, (struct sizing_limits){NAN, NAN});
    w->seconds += now() - start;
    w->decisions++;
    if (intervals) {
        check_intervals(intervals, t, f);
        check_failures(&intervals->failing, t, &choice);
    }
    size_t chosen = choice.options[0].candidate;
    if (probe)
        *probe = choice.has_probe ? choice.probe : (size_t)-1;
    sizing_choice_release(&choice);
    sizing_forecast_free(f);
    sizing_history_free(h);
    return chosen;
}

#endif
