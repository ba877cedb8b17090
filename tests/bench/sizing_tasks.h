#ifndef TESTS_BENCH_SIZING_TASKS_H
#define TESTS_BENCH_SIZING_TASKS_H

/* Public measurements of clusters, with what they cost. */

#include <string.h>

#include "base/arena.h"
#include "io/csv.h"
#include "pricing/catalogue.h"
#include "pricing/ec2.h"
#include "sizing_judge.h"

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

#endif
