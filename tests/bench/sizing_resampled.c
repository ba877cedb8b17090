/*
 * Whether the sizing model chooses well or was lucky: the choices of `sizing`
 * again with fewer clusters, fewer workloads, other prices, unseen families,
 * less known of the hardware and of inputs, and many more workloads. A change
 * of the model is kept when it helps on the mean of all, not on one line.
 *
 *     sizing_resampled [DATA]      DATA: folder with scout-multi and c3o
 */
#include <stdint.h>

#include "sizing_tasks.h"

static const struct resampling {
    const char *name;
    bool c3o;             /* measured there; else on scout */
    unsigned draws;
    double half;          /* share of clusters to choose from; the history has all */
    size_t clusters;      /* so many clusters, in history and choice; 0: all */
    size_t workloads;     /* so many others in the history; 0: all */
    bool alone;           /* none of them */
    bool without_family;  /* the history has none of one family */
    bool prices;          /* each family 0.5 to 2 times as dear */
    bool no_inputs, no_iterative, no_hardware; /* beyond vCPUs and memory */
    unsigned copies;      /* of every other workload, at other speeds, as other algorithms */
} resamplings[] = {
    {"as measured", .draws = 1},
    {"half of the clusters", .draws = 3, .half = 0.5},
    {"ten clusters", .draws = 6, .clusters = 10},
    {"eight other workloads", .draws = 3, .workloads = 8},
    {"three other workloads", .draws = 3, .workloads = 3},
    {"no other workload", .draws = 1, .alone = true},
    {"four times the workloads", .draws = 1, .copies = 4},
    {"a family never seen", .draws = 3, .without_family = true},
    {"other prices", .draws = 5, .prices = true},
    {"ten clusters, prices, 8", .draws = 6, .clusters = 10, .workloads = 8, .prices = true},
    {"no inputs known", .draws = 1, .no_inputs = true},
    {"vCPUs and memory only", .draws = 1, .no_hardware = true},
    {"iterative not said", .draws = 1, .no_iterative = true},
    {"nor any other workload", .draws = 1, .no_iterative = true, .alone = true},
    {"c3o", .c3o = true, .draws = 1},
};

enum { RESAMPLINGS = sizeof resamplings / sizeof *resamplings };

struct draw {
    const struct resampling *how;
    const struct set *set;
    uint64_t seed;
    double clusters_below, workloads_below; /* keeps what draws less */
    const char *family;                     /* not in the history; NULL: all are */
};

static uint64_t mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 1469598103934665603u;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

/* The same number from 0 to 1 for the same thing and draw. */
static double uniform(const struct draw *d, uint64_t thing)
{
    return (double)(mix(mix(d->seed) ^ mix(thing)) >> 11) / 9007199254740992.0;
}

static double cluster_number(const struct draw *d, const struct sizing_run *r)
{
    return uniform(d, hash_of(r->instance_type) + 31 * (uint64_t)r->workers);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The number below which `keep` of them are; 0: all. */
static double bound(double *numbers, size_t count, size_t keep)
{
    qsort(numbers, count, sizeof *numbers, by_number);
    return keep && keep < count ? numbers[keep] : 2;
}

static void draw_open(struct draw *d, const struct resampling *how, const struct set *set,
                      uint64_t seed)
{
    static const char *const families[] = {"c4", "m4", "r4"};
    VEC(double) clusters = {0};
    VEC(double) workloads = {0};
    *d = (struct draw){.how = how, .set = set, .seed = seed};
    for (size_t i = 0; i < set->all.rows.count; i++)
        if (set->all.rows.at[i].workload == set->jobs.at[0])
            VEC_ADD(&clusters, cluster_number(d, &set->all.rows.at[i]));
    for (size_t i = 0; i < set->jobs.count; i++)
        VEC_ADD(&workloads, uniform(d, hash_of(set->jobs.at[i])));
    d->clusters_below = bound(clusters.at, clusters.count, how->clusters);
    d->workloads_below = bound(workloads.at, workloads.count, how->workloads);
    if (how->without_family)
        d->family = families[seed % 3];
    VEC_FREE(&clusters);
    VEC_FREE(&workloads);
}

static double drawn_usd(const struct world *w, const struct draw *d, const struct sizing_run *r)
{
    double usd = usd_per_hour(w, r->instance_type, r->workers);
    uint64_t family = (uint64_t)(unsigned char)r->instance_type[0];
    return d->how->prices ? usd * pow(4, uniform(d, family) - 0.5) : usd;
}

static struct sizing_run as_known(const struct draw *d, const struct sizing_run *r)
{
    struct sizing_run known = *r;
    if (d->how->no_inputs)
        known.input_gb = NAN;
    if (d->how->no_iterative)
        known.iterative = -1;
    if (d->how->no_hardware)
        known.hardware = (struct sizing_hardware){r->hardware.vcpus, r->hardware.memory_gib,
                                                  NAN, NAN, NAN, NAN};
    return known;
}

static void add_candidates(struct task *t, const struct world *w, const struct draw *d,
                           const char *job)
{
    for (size_t i = 0; i < d->set->all.rows.count; i++) {
        const struct sizing_run *r = &d->set->all.rows.at[i];
        double number = cluster_number(d, r);
        if (r->workload != job || number >= d->clusters_below ||
            (d->how->half > 0 && number >= d->how->half))
            continue;
        struct sizing_run known = as_known(d, r);
        VEC_ADD(&t->truth, r);
        VEC_ADD(&t->candidates, ((struct sizing_candidate){known.instance_type, known.workers,
                                                           known.hardware}));
        t->request.algorithm = r->algorithm;
        t->request.class_name = r->class_name;
        t->request.iterative = known.iterative;
        if (known.input_gb > 0)
            t->request.input_gb = known.input_gb;
    }
    t->request.workload = job;
    if (!(t->request.input_gb > 0))
        t->request.input_gb = NAN;
    t->request.candidates = t->candidates.at;
    t->request.candidate_count = t->candidates.count;
    t->usd = mem_alloc((t->truth.count + 1) * sizeof *t->usd);
    for (size_t i = 0; i < t->truth.count; i++)
        t->usd[i] = drawn_usd(w, d, t->truth.at[i]);
}

static bool in_history(const struct draw *d, const struct sizing_run *r)
{
    if (d->family && !strncmp(d->family, r->instance_type, strlen(d->family)))
        return false;
    return cluster_number(d, r) < d->clusters_below;
}

static void add_copies(struct task *t, struct world *w, const struct draw *d,
                       const struct sizing_run *r)
{
    for (unsigned k = 1; k < d->how->copies; k++) {
        struct sizing_run copy = *r;
        copy.workload = intern_printf(w->names, "%s, copy %u", r->workload, k);
        copy.algorithm = intern_printf(w->names, "%s, copy %u", r->algorithm, k);
        copy.minutes *= pow(10, uniform(d, hash_of(copy.workload)) - 0.5);
        VEC_ADD(&t->known.rows, copy);
    }
}

/* One size in the middle, which any of the data sets has run. */
static bool is_first_run(const struct draw *d, const struct sizing_run *r)
{
    const char *type = d->how->c3o ? "m4.2xlarge" : "m4.xlarge";
    return !strcmp(r->instance_type, type) && r->workers == (d->how->c3o ? 4 : 8);
}

static void add_known(struct task *t, struct world *w, const struct draw *d,
                      enum knowledge known)
{
    for (size_t i = 0; i < d->set->all.rows.count; i++) {
        const struct sizing_run *r = &d->set->all.rows.at[i];
        struct sizing_run told = as_known(d, r);
        bool same = !strcmp(r->algorithm, t->request.algorithm);
        if (r->workload == t->request.workload) {
            if (knows_own_run(known) && is_first_run(d, r))
                VEC_ADD(&t->known.rows, told);
        } else if (same && knows_algorithm(known) && in_history(d, r)) {
            VEC_ADD(&t->known.rows, told);
        } else if (!same && !d->how->alone && in_history(d, r) &&
                   uniform(d, hash_of(r->workload)) < d->workloads_below) {
            VEC_ADD(&t->known.rows, told);
            add_copies(t, w, d, &told);
        }
    }
}

static void run_task(struct score *s, struct world *w, const struct draw *d, const char *job,
                     enum knowledge known)
{
    struct task t = {0};
    double best, worst;
    bool failed;
    add_candidates(&t, w, d, job);
    add_known(&t, w, d, known);
    best_and_worst(&t, &best, &worst);
    if (worst > 0) { /* else none completed: nothing to choose */
        s->regret += regret(&t, decide(w, &t, s, NULL), &failed);
        s->failed += failed;
        s->tasks++;
    }
    task_release(&t);
}

static void run_resampling(struct sums *sums, struct world *w, const struct resampling *how,
                           const struct set *set)
{
    struct score scores[KNOWLEDGES] = {0};
    for (unsigned seed = 1; seed <= how->draws; seed++) {
        struct draw d;
        draw_open(&d, how, set, seed);
        for (size_t j = 0; j < set->jobs.count; j++)
            for (int k = 0; k < KNOWLEDGES; k++)
                run_task(&scores[k], w, &d, set->jobs.at[j], (enum knowledge)k);
    }
    print_line(sums, how->name, scores);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : getenv("ADVISOR_DATA");
    struct world w = {.names = intern_open()};
    struct set scout = {0}, c3o = {0};
    struct err err = ERR_INIT;
    struct sums sums = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/spark", folder ? folder : "../shared/data");
    if (!book_open(&w.book, NULL, &err) || !read_scout(&scout, &w, path, &err) ||
        !read_c3o(&c3o, &w, path, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < RESAMPLINGS; i++)
        run_resampling(&sums, &w, &resamplings[i], resamplings[i].c3o ? &c3o : &scout);
    print_sums(&sums);
    VEC_FREE(&scout.all.rows);
    VEC_FREE(&scout.jobs);
    VEC_FREE(&c3o.all.rows);
    VEC_FREE(&c3o.jobs);
    book_free(w.book);
    intern_free(w.names);
    return 0;
}
