/*
 * How well the sizing model chooses where the truth is known: in drawn worlds that follow its
 * shape, and in ones that leave it, one way at a time and in all. Where they follow it, regret
 * that is not near 1 is a fault; and all say whether what is said of failing is what fails.
 *
 *     sizing_synthetic [-v] [-d DEPARTURE] [WORLDS]
 */
#include <string.h>

#include "sizing_worlds.h"

static const struct departure departures[] = {
    {.name = "as the model says"},
    {.name = "gradual cliffs", .cliff = 1},
    {.name = "other usable memory", .usable = 1},
    {.name = "other speeds", .speed = 0.25},
    {.name = "affinity to families", .affinity = 0.15},
    {.name = "noisy runs", .noise = 0.12},
    {.name = "longest tasks", .serial = 0.5},
    {.name = "bound by disks", .bound = 1},
    {.name = "inputs ill told", .input = 0.3},
    {.name = "inputs not told", .no_inputs = true},
    {.name = "iterative not said", .no_iterative = true},
    {.name = "other data", .follows = 0.3},
    {.name = "six runs each", .runs = 6},
    {.name = "all of that",
     .cliff = 0.6,
     .usable = 0.7,
     .speed = 0.1,
     .affinity = 0.1,
     .noise = 0.06,
     .serial = 0.3,
     .bound = 0.5,
     .input = 0.15,
     .follows = 0.15,
     .runs = 12},
};

enum { DEPARTURES = sizeof departures / sizeof *departures };
/* Beyond, one choice would be all of a mean. */
static const double MOST_REGRET = 5;

/* A completed run of the job to begin with, on a cluster of the middle of the list or beyond.
 */
static size_t first_run(const struct drawn_world *world, size_t job)
{
    size_t n = world->cluster_count;
    for (size_t i = 0; i < n; i++) {
        size_t cluster = (n / 2 + i) % n;
        if (world->set.all.rows.at[job * n + cluster].status == SIZING_OK)
            return cluster;
    }
    return 0;
}

static void add_known(struct task *t, const struct drawn_world *world, size_t job,
                      enum knowledge known, const struct departure *d)
{
    size_t n = world->cluster_count;
    struct rng r = {job};
    for (size_t k = 0; k < world->set.jobs.count; k++) {
        const struct sizing_run *runs = &world->set.all.rows.at[k * n];
        bool same = !strcmp(runs->algorithm, t->request.algorithm);
        for (size_t i = 0; i < n; i++) {
            bool drawn = !d->runs || chance(&r, (double)d->runs / (double)n);
            if (k == job ? knows_own_run(known) && i == first_run(world, job)
                         : drawn && (!same || knows_algorithm(known)))
                VEC_ADD(&t->known.rows, runs[i]);
        }
    }
}

static void task_for(struct task *t, const struct drawn_world *world, size_t job)
{
    size_t n = world->cluster_count;
    const struct sizing_run *runs = &world->set.all.rows.at[job * n];
    t->usd = mem_alloc(n * sizeof *t->usd);
    for (size_t i = 0; i < n; i++) {
        VEC_ADD(&t->truth, &runs[i]);
        VEC_ADD(&t->candidates,
                ((struct sizing_candidate){runs[i].instance_type, runs[i].workers,
                                           runs[i].hardware}));
        t->usd[i] = world->clusters[i].usd_per_hour;
    }
    t->request = (struct sizing_request){.workload = runs->workload,
                                         .algorithm = runs->algorithm,
                                         .class_name = runs->class_name,
                                         .iterative = runs->iterative,
                                         .input_gb = runs->input_gb,
                                         .candidates = t->candidates.at,
                                         .candidate_count = n};
}

static void print_cluster(const struct task *t, size_t candidate)
{
    const struct sizing_run *r = t->truth.at[candidate];
    printf("  %s x %.0f: %.0f GiB, %.0f cores, %.1f min, %.2f usd%s", r->instance_type,
           r->workers, r->workers * r->hardware.memory_gib, r->workers * r->hardware.vcpus,
           r->minutes, cost(t, candidate), r->status == SIZING_OK ? "" : " FAILED");
}

/* What was chosen, what was cheapest, and the first run. */
static void print_choice(const struct task *t, enum knowledge known, size_t chosen)
{
    size_t best = 0;
    bool failed, best_failed;
    double value = regret(t, chosen, &failed);
    for (size_t i = 0; i < t->truth.count; i++)
        if (regret(t, i, &best_failed) <= 1 && !best_failed)
            best = i;
    printf("    %-24s %d %6.2f%s", t->request.workload, (int)known, value, failed ? "F" : " ");
    print_cluster(t, chosen);
    printf(" | best");
    print_cluster(t, best);
    if (knows_own_run(known)) {
        printf(" | first");
        for (size_t i = 0; i < t->truth.count; i++)
            if (is_known(t, t->truth.at[i]))
                print_cluster(t, i);
    }
    printf("\n");
}

static void run_task(struct score *s, struct world *w, const struct drawn_world *world,
                     size_t job, enum knowledge known, const struct departure *d)
{
    struct task t = {0};
    double best, worst;
    bool failed;
    task_for(&t, world, job);
    add_known(&t, world, job, known, d);
    best_and_worst(&t, &best, &worst);
    if (worst > 0) { /* else none completed: nothing to choose */
        size_t chosen = decide(w, &t, s, NULL);
        double value = regret(&t, chosen, &failed);
        if (w->verbose)
            print_choice(&t, known, chosen);
        s->regret += fmin(value, MOST_REGRET);
        s->failed += failed;
        s->tasks++;
    }
    task_release(&t);
}

/* Each departure has worlds of its own, so that the mean of all is over many. */
static void run_departure(struct score scores[KNOWLEDGES], struct world *w,
                          const struct departure *d, uint64_t worlds)
{
    uint64_t first = (uint64_t)(d - departures) * 1000;
    for (uint64_t seed = first; seed < first + worlds; seed++) {
        struct drawn_world world;
        draw_world(&world, w, seed, d);
        for (size_t job = 0; job < world.set.jobs.count; job++)
            for (int k = 0; k < KNOWLEDGES; k++)
                run_task(&scores[k], w, &world, job, (enum knowledge)k, d);
        drawn_world_release(&world);
    }
}

int main(int argc, char **argv)
{
    struct world w = {.names = intern_open()};
    uint64_t worlds = 4;
    const char *only = NULL;
    struct sums sums = {0};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-v"))
            w.verbose = true;
        else if (!strcmp(argv[i], "-d") && i + 1 < argc)
            only = argv[++i];
        else
            worlds = strtoull(argv[i], NULL, 10);
    }
    for (size_t i = 0; i < DEPARTURES; i++) {
        struct score scores[KNOWLEDGES] = {0};
        if (only && strcmp(only, departures[i].name))
            continue;
        run_departure(scores, &w, &departures[i], worlds);
        print_line(&sums, departures[i].name, scores);
    }
    print_sums(&sums);
    intern_free(w.names);
    return 0;
}
