#ifndef TESTS_BENCH_SIZING_TASKS_H
#define TESTS_BENCH_SIZING_TASKS_H

/* Sizing tasks of public measurements: what is known, what may be chosen, what is true. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/sym.h"
#include "base/vec.h"
#include "io/csv.h"
#include "models/sizing.h"
#include "pricing/catalogue.h"
#include "pricing/ec2.h"

struct runs {
    VEC(struct sizing_run) rows;
};

struct set {
    struct runs all;
    VEC(const char *) jobs; /* workload names in the order of the file */
};

struct world {
    struct book *book;
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

static struct sizing_hardware hardware_of(const struct world *w, const char *type)
{
    const struct instance_type *t = catalogue_find(w->book, type);
    if (!t)
        return (struct sizing_hardware){4, 16, NAN, NAN, NAN, NAN};
    return (struct sizing_hardware){t->vcpus, t->memory_gib, t->clock_ghz, t->network_gbps,
                                    t->ebs_mb_per_s, NAN};
}

static double usd_per_hour(const struct world *w, const char *type, double workers)
{
    struct price p;
    if (!ec2_on_demand(&p, w->book, type, "us-east-1", NULL))
        return workers;
    return workers * money_double(p.usd);
}

/* Class and iterative as the people who run such jobs would fill them in. */
static const struct {
    const char *algorithm, *class_name;
    int iterative;
} kinds[] = {
    {"pagerank", "etl", 1},    {"terasort", "etl", 0}, {"wordcount", "etl", 0},
    {"kmeans", "training", 1}, {"lr", "training", 1},  {"regression", "training", 1},
    {"join", "etl", 0},        {"naive-bayes", "training", 1},
};

static void classify(struct sizing_run *r, const char *framework)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (!strcmp(kinds[i].algorithm, r->algorithm)) {
            r->class_name = kinds[i].class_name;
            r->iterative = kinds[i].iterative && strcmp(framework, "hadoop");
        }
}

static double number(const struct csv *csv, const char *column)
{
    const char *text = csv_text(csv, csv_column(csv, column));
    return *text ? strtod(text, NULL) : NAN;
}

static bool read_scout(struct set *out, struct world *w, const char *folder, struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct csv *csv;
    bool more = true;
    if (!csv_open(&csv, arena_printf(&arena, "%s/scout-multi/runs.csv", folder), err))
        return false;
    while (csv_next(csv, &more, err) && more) {
        const char *job = intern(w->names, csv_text(csv, csv_column(csv, "job")));
        struct sizing_run *r = VEC_PUSH(&out->all.rows);
        *r = (struct sizing_run){
            .workload = job,
            .algorithm = intern(w->names, csv_text(csv, csv_column(csv, "workload"))),
            .iterative = -1,
            .input_gb = number(csv, "input_bytes") / 1e9,
            .instance_type = intern(w->names, csv_text(csv, csv_column(csv, "vm"))),
            .workers = number(csv, "nodes"),
            .minutes = number(csv, "runtime_s") / 60,
            .status = number(csv, "completed") > 0 ? SIZING_OK : SIZING_FAILED,
            .cpu_pct = NAN, .memory_peak_gib = NAN, .shuffle_gb = NAN,
            .spill_gb = NAN, .cached_gb = NAN,
        };
        if (!(r->input_gb > 0.1))
            r->input_gb = NAN;
        r->hardware = hardware_of(w, r->instance_type);
        classify(r, csv_text(csv, csv_column(csv, "framework")));
        if (out->jobs.count == 0 || out->jobs.at[out->jobs.count - 1] != job)
            VEC_ADD(&out->jobs, job);
    }
    csv_close(csv);
    arena_release(&arena);
    return true;
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

struct score {
    double regret, worst, inside, below, above;
    size_t tasks, failed, checked;
};

static void check_intervals(struct score *s, const struct task *t,
                            const struct sizing_forecast *f)
{
    for (size_t i = 0; i < t->truth.count; i++) {
        const struct sizing_run *r = t->truth.at[i];
        bool own = false;
        for (size_t k = 0; k < t->known.rows.count; k++) {
            const struct sizing_run *o = &t->known.rows.at[k];
            own = own || (o->workload == r->workload && o->workers == r->workers &&
                          o->instance_type == r->instance_type);
        }
        if (own || r->status != SIZING_OK)
            continue;
        double p = sizing_probability(f, i, r->minutes);
        s->checked++;
        s->inside += p > 0.1 && p < 0.9;
        s->below += p <= 0.1;
        s->above += p >= 0.9;
    }
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
    if (intervals)
        check_intervals(intervals, t, f);
    size_t chosen = choice.options[0].candidate;
    if (probe)
        *probe = choice.has_probe ? choice.probe : (size_t)-1;
    sizing_choice_release(&choice);
    sizing_forecast_free(f);
    sizing_history_free(h);
    return chosen;
}

#endif
