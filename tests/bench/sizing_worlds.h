#ifndef TESTS_BENCH_SIZING_WORLDS_H
#define TESTS_BENCH_SIZING_WORLDS_H

/*
 * Clouds, workloads and their runs that no figure of the sizing model was found on: drawn
 * from the shape that the model believes in, and from ways in which it may be wrong. Machine
 * families, sizes, prices and inputs differ from world to world.
 */

#include <stdint.h>

#include "sizing_judge.h"

/* Ways in which a world leaves the model's shape, each 0 where it does not. */
struct departure {
    const char *name;
    double cliff;    /* most log width over which caches stop to help */
    double usable;   /* how far usable memory is from the model's share */
    double speed;    /* log sd of what a family's cores do beyond their clock */
    double affinity; /* log sd of what a workload makes of a family */
    double noise;    /* log sd of a run, with heavy tails */
    double serial;   /* belief that something else than work decides */
    double bound;    /* share of the work time that disks or network take */
    double input;    /* log sd of inputs as they are told */
    double follows;  /* log sd of how two inputs of an algorithm differ beside their size */
    bool no_inputs, no_iterative; /* nobody tells */
    size_t runs;                  /* of each other workload; 0: on all clusters */
};

struct rng {
    uint64_t state;
};

static double uniform_from(struct rng *r, double low, double high)
{
    uint64_t x = r->state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return low + (high - low) * ((double)(x >> 11) / 9007199254740992.0);
}

static bool chance(struct rng *r, double belief)
{
    return uniform_from(r, 0, 1) < belief;
}

/* Nearly normal: twelve uniform ones. */
static double normal_from(struct rng *r, double mean, double sd)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += uniform_from(r, 0, 1);
    return mean + sd * sum;
}

static double log_normal_from(struct rng *r, double median, double log_sd)
{
    return median * exp(normal_from(r, 0, log_sd));
}

enum { MOST_CLUSTERS = 80, MOST_FAMILIES = 6, ALGORITHMS = 9 };

struct cluster {
    const char *type;
    size_t family;
    double workers, usd_per_hour, log_speed;
    struct sizing_hardware hardware;
};

/* One way of working; `share`s are of the time that the work takes 32 cores. */
struct algorithm {
    const char *name, *class_name;
    bool iterative;
    double work_per_gb, recompute, set_per_gb, tight_gib, tight;
    double start, per_worker, per_core, serial_share, floor_share, disk_share, network_share;
    double failing_set_share, failing_workers; /* fails below; 0: never */
    double usable_share, gib_per_task, cliff;
    double affinity[MOST_FAMILIES];
};

struct drawn_world {
    struct cluster clusters[MOST_CLUSTERS];
    size_t cluster_count;
    /* A job is an algorithm at an input; it ran on every cluster, in their order. */
    struct set set;
};

static void draw_family(struct drawn_world *out, struct world *w, struct rng *r, size_t family,
                        bool clocks, const struct departure *d)
{
    static const double ratios[] = {2, 4, 8}, vcpus[] = {2, 4, 8, 16},
                        workers[] = {2, 3, 4, 6, 8, 12, 16, 24, 32};
    double ratio = family < 3 ? ratios[family] : ratios[(size_t)uniform_from(r, 0, 3)];
    double gib = ratio * uniform_from(r, 0.9, 1), clock = uniform_from(r, 2.2, 3.8);
    double usd = (0.032 + 0.004 * ratio) * log_normal_from(r, 1, 0.15);
    double speed = 0.85 * log(clock / 2.4) + normal_from(r, 0, 0.1 + d->speed);
    double network = uniform_from(r, 0.15, 0.6), disk = uniform_from(r, 15, 60);
    size_t first = (size_t)uniform_from(r, 0, 2);
    for (size_t s = first; s < first + 3; s++)
        for (size_t n = 0; n < sizeof workers / sizeof *workers; n++) {
            double cores = vcpus[s] * workers[n];
            if (cores < 12 || cores > 160 || chance(r, 0.4) ||
                out->cluster_count == MOST_CLUSTERS)
                continue;
            out->clusters[out->cluster_count++] =
                (struct cluster){intern_printf(w->names, "family %zu size %zu", family, s),
                                 family,
                                 workers[n],
                                 usd * cores,
                                 speed,
                                 {vcpus[s], gib * vcpus[s], clocks ? clock : NAN,
                                  network * vcpus[s], disk * vcpus[s], NAN}};
        }
}

static void draw_clusters(struct drawn_world *out, struct world *w, struct rng *r,
                          const struct departure *d)
{
    size_t families = (size_t)uniform_from(r, 3, MOST_FAMILIES + 1);
    bool clocks = chance(r, 0.7);
    for (size_t f = 0; f < families; f++)
        draw_family(out, w, r, f, clocks, d);
}

static struct algorithm draw_algorithm(struct world *w, struct rng *r, size_t number,
                                       const struct departure *d)
{
    struct algorithm a = {.name = intern_printf(w->names, "algorithm %zu", number)};
    bool training = chance(r, 0.4);
    a.iterative = chance(r, training ? 0.9 : 0.25);
    a.class_name = training ? "training" : "etl";
    a.work_per_gb = log_normal_from(r, a.iterative ? 600 : 250, 1.2);
    a.recompute = a.iterative ? log_normal_from(r, 3, 0.4) : 0.4;
    a.set_per_gb = log_normal_from(r, training ? 1.2 : 4, training ? 0.8 : 1.1);
    if (!chance(r, a.iterative ? 0.9 : 0.15))
        a.set_per_gb = 0;
    a.tight_gib = chance(r, a.iterative ? 0.5 : 0.15) ? 3 : 0;
    a.tight = 0.3;
    a.start = uniform_from(r, 15, 60);
    a.per_worker = log_normal_from(r, 0.7, 1);
    a.per_core = log_normal_from(r, 0.03, 0.7);
    a.serial_share = chance(r, a.iterative ? 0.3 : 0.2) ? uniform_from(r, 0.5, 1.5) : 0;
    a.floor_share = chance(r, d->serial) ? uniform_from(r, 0.3, 1.5) : 0;
    a.disk_share = d->bound * uniform_from(r, 0, 1);
    a.network_share = d->bound * uniform_from(r, 0, 1);
    a.failing_set_share = chance(r, a.iterative ? 0.4 : 0.05) ? uniform_from(r, 0.1, 0.7) : 0;
    a.failing_workers = chance(r, 0.06) ? uniform_from(r, 2.5, 6) : 0;
    a.usable_share = 1 - d->usable * uniform_from(r, 0, 0.4);
    a.gib_per_task = 1.2 + d->usable * uniform_from(r, -0.8, 0.8);
    a.cliff = 0.12 + d->cliff * uniform_from(r, 0, 1);
    for (size_t f = 0; f < MOST_FAMILIES; f++)
        a.affinity[f] = normal_from(r, 0, d->affinity);
    return a;
}

/* Usable over the working set; INFINITY without one. */
static double room(const struct algorithm *a, double set_gib, const struct cluster *c)
{
    double cores = c->workers * c->hardware.vcpus, gib = c->workers * c->hardware.memory_gib;
    double usable = fmax(a->usable_share * gib - a->gib_per_task * cores, 0.3 * gib);
    return set_gib > 0 ? usable / set_gib : INFINITY;
}

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static double true_seconds(const struct algorithm *a, double input_gb, double set_gib,
                           const struct cluster *c)
{
    double work = a->work_per_gb * input_gb, cores = c->workers * c->hardware.vcpus;
    double misfit = within((1 / room(a, set_gib, c) - 1) / a->cliff, 0, 1);
    double per_core = c->hardware.memory_gib / c->hardware.vcpus;
    double shortage = within((a->tight_gib / per_core - 1) / 0.6, 0, 1);
    double speed = exp(c->log_speed + a->affinity[c->family]);
    double busy = work * (1 + a->recompute * misfit + a->tight * shortage) / (cores * speed);
    double disk = a->disk_share * work / 32 * 800 / (c->workers * c->hardware.disk_mb_per_s);
    double network =
        a->network_share * work / 32 * 8 / (c->workers * c->hardware.network_gbps);
    /* Iterations hardly grow in number with the data; the share is that of 25 GB. */
    double serial = a->serial_share * a->work_per_gb * sqrt(input_gb) * 5 / 32;
    double floor = a->floor_share * work / 32 / speed;
    double moving = fmax(disk, network);
    return a->start + serial * (1 + 0.3 * cores / 32) + a->per_worker * c->workers +
           a->per_core * cores + fmax(floor, fmax(busy, moving) + 0.3 * fmin(busy, moving));
}

static bool fails(const struct algorithm *a, double input_ratio, double set_gib,
                  const struct cluster *c)
{
    return room(a, set_gib, c) < a->failing_set_share ||
           c->workers < a->failing_workers * input_ratio;
}

/* Noise of a run: heavy-tailed, upwards rather. */
static double noise_from(struct rng *r, double sd)
{
    double z = normal_from(r, 0, 1);
    return sd * (chance(r, 0.05) ? 3 * fabs(z) : z);
}

static void run_job(struct drawn_world *out, struct world *w, const struct algorithm *a,
                    double input_gb, double ratio, struct rng *r, const struct departure *d)
{
    double input = input_gb * ratio;
    double set_gib = a->set_per_gb * input * exp(normal_from(r, 0, d->follows));
    double told_gb = d->no_inputs ? NAN : log_normal_from(r, input, d->input);
    const char *job = intern_printf(w->names, "%s at %.3f GB", a->name, input);
    struct algorithm here = *a;
    here.work_per_gb *= exp(normal_from(r, 0, d->follows));
    VEC_ADD(&out->set.jobs, job);
    for (size_t i = 0; i < out->cluster_count; i++) {
        const struct cluster *c = &out->clusters[i];
        bool failed = fails(&here, ratio, set_gib, c) || chance(r, d->noise / 10);
        double noise = noise_from(r, 0.04 + d->noise);
        double seconds = true_seconds(&here, input, set_gib, c) * exp(noise);
        VEC_ADD(&out->set.all.rows,
                ((struct sizing_run){.workload = job,
                                     .algorithm = a->name,
                                     .class_name = a->class_name,
                                     .iterative = d->no_iterative ? -1 : a->iterative,
                                     .input_gb = told_gb,
                                     .instance_type = c->type,
                                     .workers = c->workers,
                                     .hardware = c->hardware,
                                     .minutes =
                                         seconds / 60 * (failed ? uniform_from(r, 0.1, 1) : 1),
                                     .status = failed ? SIZING_FAILED : SIZING_OK,
                                     .cpu_pct = NAN,
                                     .memory_peak_gib = NAN,
                                     .shuffle_gb = NAN,
                                     .spill_gb = NAN,
                                     .cached_gb = NAN}));
    }
}

static void draw_world(struct drawn_world *out, struct world *w, uint64_t seed,
                       const struct departure *d)
{
    struct rng r = {seed * 1000003};
    *out = (struct drawn_world){0};
    draw_clusters(out, w, &r, d);
    for (size_t i = 0; i < ALGORITHMS; i++) {
        struct algorithm a = draw_algorithm(w, &r, i, d);
        double input_gb = log_normal_from(&r, 30, 1);
        run_job(out, w, &a, input_gb, 1, &r, d);
        run_job(out, w, &a, input_gb, exp(uniform_from(&r, 0.4, 1.8)), &r, d);
    }
}

static void drawn_world_release(struct drawn_world *out)
{
    VEC_FREE(&out->set.jobs);
    VEC_FREE(&out->set.all.rows);
}

#endif
