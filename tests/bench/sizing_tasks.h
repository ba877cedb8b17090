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

/* What nobody measured of a run is unknown. */
static struct sizing_run blank_run(const char *workload, const char *type, double workers,
                                   double minutes)
{
    return (struct sizing_run){.workload = workload, .instance_type = type, .iterative = -1,
                               .input_gb = NAN, .workers = workers, .minutes = minutes,
                               .cpu_pct = NAN, .memory_peak_gib = NAN, .shuffle_gb = NAN,
                               .spill_gb = NAN, .cached_gb = NAN};
}

static bool read_scout(struct set *out, struct world *w, const char *folder, struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct csv *csv;
    bool ok = false, more = true;
    if (!csv_open(&csv, arena_printf(&arena, "%s/scout-multi/runs.csv", folder), err))
        return false;
    while ((ok = csv_next(csv, &more, err)) && more) {
        const char *job = intern(w->names, csv_text(csv, csv_column(csv, "job")));
        const char *type = intern(w->names, csv_text(csv, csv_column(csv, "vm")));
        struct sizing_run *r = VEC_PUSH(&out->all.rows);
        *r = blank_run(job, type, number(csv, "nodes"), number(csv, "runtime_s") / 60);
        r->algorithm = intern(w->names, csv_text(csv, csv_column(csv, "workload")));
        r->input_gb = number(csv, "input_bytes") / 1e9;
        r->status = number(csv, "completed") > 0 ? SIZING_OK : SIZING_FAILED;
        if (!(r->input_gb > 0.1))
            r->input_gb = NAN;
        r->hardware = hardware_of(w, type);
        classify(r, csv_text(csv, csv_column(csv, "framework")));
        if (out->jobs.count == 0 || out->jobs.at[out->jobs.count - 1] != job)
            VEC_ADD(&out->jobs, job);
    }
    csv_close(csv);
    arena_release(&arena);
    return ok;
}

/* A workload that ran on several types is a job: there is something to choose. */
static void add_job(struct set *out, const struct sizing_run *r)
{
    bool another_type = false, known = false;
    for (size_t i = 0; i < out->all.rows.count; i++)
        another_type = another_type || (out->all.rows.at[i].workload == r->workload &&
                                        out->all.rows.at[i].instance_type != r->instance_type);
    for (size_t i = 0; i < out->jobs.count; i++)
        known = known || out->jobs.at[i] == r->workload;
    if (another_type && !known)
        VEC_ADD(&out->jobs, r->workload);
}

/* Each context ("dataset_size_mb=3000 ...") of a job is a workload. */
static bool read_c3o(struct set *out, struct world *w, const char *folder, struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct csv *csv;
    bool ok = false, more = true;
    if (!csv_open(&csv, arena_printf(&arena, "%s/c3o/runs.csv", folder), err))
        return false;
    while ((ok = csv_next(csv, &more, err)) && more) {
        const char *algorithm = intern(w->names, csv_text(csv, csv_column(csv, "job")));
        const char *context = csv_text(csv, csv_column(csv, "context"));
        const char *type = intern(w->names, csv_text(csv, csv_column(csv, "vm")));
        struct sizing_run r =
            blank_run(intern_printf(w->names, "%s %s", algorithm, context), type,
                      number(csv, "nodes"), number(csv, "runtime_median_s") / 60);
        r.algorithm = algorithm;
        r.class_name = "etl";
        r.iterative = !strcmp(algorithm, "pagerank");
        r.input_gb = strtod(strchr(context, '=') + 1, NULL) / 1000;
        r.hardware = hardware_of(w, type);
        add_job(out, &r);
        VEC_ADD(&out->all.rows, r);
    }
    csv_close(csv);
    arena_release(&arena);
    return ok;
}

#endif
