/*
 * How good the sizing model is on public measurements, always without the
 * algorithm at hand: regret (cost of the choice over the cheapest completed),
 * failed choices, error of predicted times, how many times fall into the
 * 10-90 % interval and its score. A failed choice scores the worst completed cost.
 *
 *     sizing [DATA]      DATA: folder with scout-multi, c3o and bell
 */
#include "sizing_drawn.h"
#include "sizing_tasks.h"

/* Fills the request and the candidates: all clusters of the job that pass `keep`. */
static void task_for(struct task *t, const struct world *w, const struct set *set,
                     const char *job, bool completed_only, unsigned subset)
{
    for (size_t i = 0; i < set->all.rows.count; i++) {
        const struct sizing_run *r = &set->all.rows.at[i];
        if (strcmp(r->workload, job) || (completed_only && r->status != SIZING_OK))
            continue;
        /* A random half, the same for all jobs: depends on the cluster alone. */
        unsigned hash = 2166136261u ^ (subset * 97u);
        for (const char *p = r->instance_type; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 16777619u;
        hash = (hash ^ (unsigned)r->workers) * 16777619u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        if (subset && (hash >> 13) % 2)
            continue;
        VEC_ADD(&t->truth, r);
        VEC_ADD(&t->candidates, ((struct sizing_candidate){r->instance_type, r->workers,
                                                           r->hardware}));
        t->request.algorithm = r->algorithm;
        t->request.class_name = r->class_name;
        t->request.iterative = r->iterative;
        if (r->input_gb > 0)
            t->request.input_gb = r->input_gb;
    }
    t->request.workload = job;
    if (!(t->request.input_gb > 0))
        t->request.input_gb = NAN;
    t->request.candidates = t->candidates.at;
    t->request.candidate_count = t->candidates.count;
    t->usd = mem_alloc((t->truth.count + 1) * sizeof *t->usd);
    for (size_t i = 0; i < t->truth.count; i++)
        t->usd[i] = usd_per_hour(w, t->truth.at[i]->instance_type, t->truth.at[i]->workers);
}

static void know_others(struct task *t, const struct set *set, bool same_algorithm,
                        bool completed_only)
{
    for (size_t i = 0; i < set->all.rows.count; i++) {
        const struct sizing_run *r = &set->all.rows.at[i];
        bool same = !strcmp(r->algorithm, t->request.algorithm);
        if (strcmp(r->workload, t->request.workload) && (same_algorithm || !same) &&
            (!completed_only || r->status == SIZING_OK))
            VEC_ADD(&t->known.rows, *r);
    }
}

struct track {
    const char *name;
    bool completed_only, same_algorithm, one_run, sixteen;
    double target;
};

static const struct track tracks[] = {
    {"history, no run", false, false, false, false, 1.50},
    {"history, completed only", true, false, false, true, 1.30},
    {"one run, 8 x m4.xlarge", false, false, true, false, 1.30},
    {"recurring", false, true, false, false, 1.20},
};

static void add(struct score *s, double value, bool failed)
{
    s->regret += value;
    s->worst = fmax(s->worst, value);
    s->failed += failed;
    s->tasks++;
}

static void run_task(struct score *s, struct world *w, const struct set *set, const char *job,
                     const struct track *track, unsigned subset)
{
    struct task t = {0};
    task_for(&t, w, set, job, track->completed_only, subset);
    know_others(&t, set, track->same_algorithm, track->completed_only);
    for (size_t i = 0; i < set->all.rows.count && track->one_run; i++) {
        const struct sizing_run *r = &set->all.rows.at[i];
        if (!strcmp(r->workload, job) && !strcmp(r->instance_type, "m4.xlarge") &&
            r->workers == 8)
            VEC_ADD(&t.known.rows, *r);
    }
    bool failed;
    size_t chosen = decide(w, &t, subset ? NULL : s, NULL);
    double value = regret(&t, chosen, &failed);
    add(s, value, failed);
    if (w->verbose && !subset)
        printf("    %-30s %-11s x %2.0f  %5.2f%s\n", job, t.truth.at[chosen]->instance_type,
               t.truth.at[chosen]->workers, value, failed ? " FAILED" : "");
    task_release(&t);
}

enum { SUBSETS = 8 };

static void run_track(struct world *w, const struct set *set, const struct track *track)
{
    struct score s = {0}, halves = {0};
    for (size_t i = 0; i < set->jobs.count; i++) {
        const char *job = set->jobs.at[i];
        if (track->sixteen && strstr(job, "wordcount"))
            continue;
        run_task(&s, w, set, job, track, 0);
        for (unsigned k = 1; k <= SUBSETS; k++)
            run_task(&halves, w, set, job, track, k);
    }
    printf("%-26s mean %.3f (to reach %.2f)  failed %zu of %zu  worst %.2f | halves %.3f, "
           "failed %.1f %% | inside 10-90 %%: %.0f %% (below %.0f, above %.0f)\n",
           track->name, s.regret / (double)s.tasks, track->target, s.failed, s.tasks, s.worst,
           halves.regret / (double)halves.tasks,
           100 * (double)halves.failed / (double)halves.tasks,
           100 * s.inside / (double)s.checked, 100 * s.below / (double)s.checked,
           100 * s.above / (double)s.checked);
    fflush(stdout);
}

static void run_probes(struct world *w, const struct set *set)
{
    static const size_t stops[] = {3, 6, 12};
    static const double targets[] = {1.25, 1.15, 1.08};
    struct score scores[3] = {0};
    for (size_t i = 0; i < set->jobs.count; i++) {
        struct task t = {0};
        task_for(&t, w, set, set->jobs.at[i], false, 0);
        know_others(&t, set, false, false);
        bool stopped = false;
        if (w->verbose)
            printf("    %-30s", set->jobs.at[i]);
        for (size_t k = 0; k <= 12; k++) {
            size_t probe = (size_t)-1;
            size_t chosen = decide(w, &t, NULL, &probe);
            bool failed;
            double value = regret(&t, chosen, &failed);
            for (size_t s = 0; s < 3; s++)
                if (stops[s] == k) {
                    add(&scores[s], value, failed);
                    if (w->verbose)
                        printf(" [%.2f%s]", value, failed ? "!" : "");
                }
            if (probe == (size_t)-1 || k == 12) {
                stopped = true;
                continue;
            }
            VEC_ADD(&t.known.rows, *t.truth.at[probe]);
            if (w->verbose)
                printf(" %s*%.0f%s", t.truth.at[probe]->instance_type, t.truth.at[probe]->workers,
                       t.truth.at[probe]->status == SIZING_OK ? "" : "!");
        }
        (void)stopped;
        if (w->verbose)
            printf("\n");
        task_release(&t);
    }
    for (size_t s = 0; s < 3; s++)
        printf("%-19s %2zu     mean %.3f (to reach %.2f)  failed %zu  worst %.2f\n", "probes",
               stops[s], scores[s].regret / (double)scores[s].tasks, targets[s],
               scores[s].failed, scores[s].worst);
}

/* Times of one workload on one type over its sizes. */
struct series {
    const char *key;
    struct sizing_run proto; /* workload, hardware and what is known of it */
    VEC(struct sizing_run) at; /* completed ones, by workers */
};

struct curves {
    VEC(struct series) series;
};

static struct series *series_of(struct curves *c, const char *key)
{
    for (size_t i = 0; i < c->series.count; i++)
        if (c->series.at[i].key == key)
            return &c->series.at[i];
    struct series *s = VEC_PUSH(&c->series);
    s->key = key;
    return s;
}

static int by_workers(const void *a, const void *b)
{
    const struct sizing_run *x = a, *y = b;
    return (x->workers > y->workers) - (x->workers < y->workers);
}

static void sort_series(struct curves *c)
{
    for (size_t i = 0; i < c->series.count; i++)
        qsort(c->series.at[i].at.at, c->series.at[i].at.count, sizeof(struct sizing_run),
              by_workers);
}

/* A curve is of one workload on one type. */
static void curves_of(struct curves *out, struct world *w, const struct set *set)
{
    for (size_t i = 0; i < set->all.rows.count; i++) {
        const struct sizing_run *r = &set->all.rows.at[i];
        VEC_ADD(&series_of(out, intern_printf(w->names, "%s %s", r->workload, r->instance_type))
                     ->at, *r);
    }
    sort_series(out);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_of(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_number);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static bool read_bell(struct curves *out, struct world *w, const char *folder, struct err *err)
{
    static const char *const files[] = {"grep.spark", "kmeans.flink", "pagerank.spark",
                                        "sgd.spark", "tpchq10.flink", "wordcount.flink"};
    struct arena arena = ARENA_INIT;
    bool ok = true;
    for (size_t f = 0; ok && f < sizeof files / sizeof *files; f++) {
        struct csv *csv;
        bool more = true;
        double repeats[64], at = NAN;
        size_t count = 0;
        struct series *s = series_of(out, intern(w->names, files[f]));
        if (!csv_open(&csv, arena_printf(&arena, "%s/bell/analysis/data/%s.csv", folder,
                                         files[f]), err))
            return false;
        do {
            ok = csv_next(csv, &more, err);
            bool row = ok && more;
            double workers = row ? number(csv, "Nodes") : NAN;
            if (count && workers != at) {
                struct sizing_run r = blank_run(s->key, "bell", at,
                                                median_of(repeats, count) / 60000);
                r.hardware = (struct sizing_hardware){8, 16, NAN, 1, NAN, NAN};
                VEC_ADD(&s->at, r);
                count = 0;
            }
            at = workers;
            if (row && count < 64)
                repeats[count++] = number(csv, "Runtime");
        } while (ok && more);
        csv_close(csv);
    }
    arena_release(&arena);
    sort_series(out);
    return ok;
}

static void draw_curves(struct curves *out, struct world *w)
{
    enum { SERIES = 60 };
    static const double sizes[] = {2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32};
    uint64_t seed = 88172645463325252u;
    for (size_t i = 0; i < SERIES; i++) {
        struct drawn_law l = draw_law(&seed);
        struct series *s = series_of(out, intern_printf(w->names, "drawn %zu", i));
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct sizing_run r = blank_run(s->key, "drawn", sizes[k],
                                            drawn_seconds(&l, sizes[k], &seed) / 60);
            r.hardware = (struct sizing_hardware){l.vcpus, l.vcpus * l.gib_per_core, NAN, NAN,
                                                  NAN, NAN};
            r.iterative = l.iterative;
            r.class_name = l.iterative ? "training" : "etl";
            r.input_gb = l.input_gb;
            VEC_ADD(&s->at, r);
        }
    }
}

enum { MOST_SIZES = 64 };

struct errors {
    VEC(double) relative;
    size_t inside;
    double interval_score;
};

/* Interval score of 10-90 % in logs (Gneiting and Raftery 2007): the width, and ten times what
 * the truth lies beside it. Narrow and true is least. */
static double interval_score(struct sizing_quantiles q, double truth)
{
    double above = fmax(log(truth / q.p90), 0), below = fmax(log(q.p10 / truth), 0);
    return log(q.p90 / q.p10) + 2 / 0.2 * (above + below);
}

/* Predicts some sizes of a series from others; no history, one type. */
static void predict(struct errors *e, const struct sizing_run *known, size_t known_count,
                    const struct sizing_run *asked, size_t asked_count)
{
    struct sizing_history *h;
    struct sizing_forecast *f;
    struct sizing_choice choice;
    struct sizing_candidate candidates[MOST_SIZES];
    double usd[MOST_SIZES];
    struct err err = ERR_INIT;
    for (size_t i = 0; i < asked_count; i++) {
        candidates[i] = (struct sizing_candidate){asked[i].instance_type, asked[i].workers,
                                                  asked[i].hardware};
        usd[i] = asked[i].workers;
    }
    sizing_history_open(&h, known, known_count);
    struct sizing_request request = {.workload = known[0].workload,
                                     .iterative = known[0].iterative,
                                     .class_name = known[0].class_name,
                                     .input_gb = known[0].input_gb,
                                     .candidates = candidates, .candidate_count = asked_count};
    if (!sizing_forecast_open(&f, h, &request, &err)) {
        fprintf(stderr, "%s\n", err.text);
        exit(1);
    }
    sizing_rank(&choice, f, usd, (struct sizing_limits){NAN, NAN});
    for (size_t i = 0; i < asked_count; i++) {
        const struct sizing_option *o = &choice.options[i];
        const struct sizing_run *truth = &asked[o->candidate];
        if (truth->status != SIZING_OK)
            continue;
        double p = sizing_probability(f, o->candidate, truth->minutes);
        e->inside += p > 0.1 && p < 0.9;
        e->interval_score += interval_score(o->minutes, truth->minutes);
        VEC_ADD(&e->relative, fabs(o->minutes.p50 / truth->minutes - 1));
    }
    sizing_choice_release(&choice);
    sizing_forecast_free(f);
    sizing_history_free(h);
}

/* `target`: to reach, %; NaN = none was set. */
static void print_errors(const char *name, const char *set, struct errors *e, double target)
{
    double sum = 0;
    for (size_t i = 0; i < e->relative.count; i++)
        sum += e->relative.at[i];
    double n = (double)e->relative.count;
    printf("%-18s %-7s MAPE %.1f %%", name, set, 100 * sum / n);
    if (!isnan(target))
        printf(" (to reach %.1f)", target);
    printf("  median %.1f %%  inside 10-90 %%: %.0f %%, interval score %.3f\n",
           100 * median_of(e->relative.at, e->relative.count), 100 * (double)e->inside / n,
           e->interval_score / n);
    VEC_FREE(&e->relative);
    *e = (struct errors){0};
}

/* Every size between others from all the others. */
static void predict_between(struct errors *e, const struct sizing_run *sizes, size_t n)
{
    struct sizing_run known[MOST_SIZES];
    for (size_t out = 1; out + 1 < n && n >= 4; out++) {
        size_t count = 0;
        for (size_t k = 0; k < n; k++)
            if (k != out)
                known[count++] = sizes[k];
        predict(e, known, count, &sizes[out], 1);
    }
}

static void predict_beyond(struct errors *e, const struct sizing_run *sizes, size_t n,
                           size_t smallest)
{
    if (n > smallest)
        predict(e, sizes, smallest, sizes + smallest, n - smallest);
}

/* All others from three drawn ones, which tells skill at the smallest from luck. */
static void predict_from_drawn(struct errors *e, const struct sizing_run *sizes, size_t n,
                               unsigned seed)
{
    struct sizing_run shuffled[MOST_SIZES];
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        size_t k = (seed >> 8) % (i + 1);
        shuffled[i] = shuffled[k];
        shuffled[k] = sizes[i];
    }
    predict_beyond(e, shuffled, n, 3);
}

static void run_sizes(const struct curves *c, const char *set)
{
    enum { DRAWS = 3 };
    struct errors between = {0}, from_three = {0}, from_two = {0}, drawn = {0};
    for (size_t i = 0; i < c->series.count; i++) {
        const struct series *s = &c->series.at[i];
        struct sizing_run completed[MOST_SIZES];
        size_t n = 0;
        for (size_t k = 0; k < s->at.count && n < MOST_SIZES; k++)
            if (s->at.at[k].status == SIZING_OK)
                completed[n++] = s->at.at[k];
        predict_between(&between, completed, n);
        predict_beyond(&from_three, completed, n, 3);
        predict_beyond(&from_two, completed, n, 2);
        for (unsigned draw = 0; draw < DRAWS; draw++)
            predict_from_drawn(&drawn, completed, n, (unsigned)i * DRAWS + draw);
    }
    print_errors("sizes, interpolate", set, &between, 4.5);
    print_errors("sizes, from 3", set, &from_three, 18);
    print_errors("sizes, from 2", set, &from_two, NAN);
    print_errors("sizes, any 3", set, &drawn, NAN);
}

/* The cheapest size of one type when two sizes are known: the smallest and the middle one. */
static void run_cheapest(struct world *w, const struct curves *c, const char *set)
{
    struct score s = {0}, smallest = {0};
    for (size_t i = 0; i < c->series.count; i++) {
        const struct series *series = &c->series.at[i];
        struct task t = {0};
        for (size_t k = 0; k < series->at.count; k++) {
            const struct sizing_run *r = &series->at.at[k];
            VEC_ADD(&t.truth, r);
            VEC_ADD(&t.candidates, ((struct sizing_candidate){r->instance_type, r->workers,
                                                              r->hardware}));
        }
        t.usd = mem_alloc(t.truth.count * sizeof *t.usd);
        for (size_t k = 0; k < t.truth.count; k++)
            t.usd[k] = t.truth.at[k]->workers;
        const struct sizing_run *first = t.truth.at[0];
        t.request = (struct sizing_request){.workload = first->workload,
                                            .algorithm = first->algorithm,
                                            .class_name = first->class_name,
                                            .iterative = first->iterative,
                                            .input_gb = first->input_gb,
                                            .candidates = t.candidates.at,
                                            .candidate_count = t.candidates.count};
        VEC_ADD(&t.known.rows, *t.truth.at[0]);
        VEC_ADD(&t.known.rows, *t.truth.at[t.truth.count / 2]);
        double best, worst;
        bool failed;
        best_and_worst(&t, &best, &worst);
        if (worst > 0) {
            double value = regret(&t, decide(w, &t, NULL, NULL), &failed);
            add(&s, value, failed);
            value = regret(&t, 0, &failed);
            add(&smallest, value, failed);
        }
        task_release(&t);
    }
    printf("%-18s %-7s mean %.3f (to reach 1.12)  failed %.1f %% | smallest: %.3f, %.1f %%\n",
           "cheapest of a type", set, s.regret / (double)s.tasks,
           100 * (double)s.failed / (double)s.tasks, smallest.regret / (double)smallest.tasks,
           100 * (double)smallest.failed / (double)smallest.tasks);
}

/* A review: one history, many clusters, a coarse forecast for each. */
static void run_review(struct world *w, const struct set *scout)
{
    enum { CLUSTERS = 10000, CHOICES = 24, SCENARIOS = 128 };
    struct task t = {0};
    struct sizing_history *h;
    task_for(&t, w, scout, scout->jobs.at[0], false, 0);
    t.request.candidate_count = t.candidates.count < CHOICES ? t.candidates.count : CHOICES;
    t.request.most_scenarios = SCENARIOS;
    t.request.workload = "a new one";
    clock_t start = clock(); /* of one core, whatever else runs */
    sizing_history_open(&h, scout->all.rows.at, scout->all.rows.count);
    for (size_t i = 0; i < CLUSTERS; i++) {
        struct sizing_forecast *f;
        struct sizing_choice choice;
        t.request.algorithm = NULL;
        t.request.iterative = i % 2 ? 1 : 0;
        t.request.input_gb = 1 + (double)(i % 300);
        if (!sizing_forecast_open(&f, h, &t.request, NULL))
            exit(1);
        sizing_rank(&choice, f, t.usd, (struct sizing_limits){NAN, NAN});
        sizing_choice_release(&choice);
        sizing_forecast_free(f);
    }
    printf("%d clusters x %zu candidates in a review: %.1f s (to reach 10)\n", CLUSTERS,
           t.request.candidate_count, (double)(clock() - start) / CLOCKS_PER_SEC);
    sizing_history_free(h);
    task_release(&t);
}

int main(int argc, char **argv)
{
    const char *folder = getenv("ADVISOR_DATA");
    struct world w = {.names = intern_open()};
    struct set scout = {0}, c3o = {0};
    struct err err = ERR_INIT;
    bool probes = true, tracks_too = true;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-v"))
            w.verbose = true;
        else if (!strcmp(argv[i], "-p"))
            probes = false;
        else if (!strcmp(argv[i], "-s"))
            probes = tracks_too = false;
        else
            folder = argv[i];
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/spark", folder ? folder : "../shared/data");
    if (!book_open(&w.book, NULL, &err) || !read_scout(&scout, &w, path, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < sizeof tracks / sizeof *tracks && tracks_too; i++)
        run_track(&w, &scout, &tracks[i]);
    if (probes)
        run_probes(&w, &scout);
    struct curves of_c3o = {0}, bell = {0}, of_scout = {0};
    if (!read_c3o(&c3o, &w, path, &err) || !read_bell(&bell, &w, path, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    curves_of(&of_scout, &w, &scout);
    curves_of(&of_c3o, &w, &c3o);
    run_sizes(&of_c3o, "c3o");
    run_sizes(&bell, "bell");
    run_sizes(&of_scout, "scout");
    struct curves drawn = {0};
    draw_curves(&drawn, &w);
    run_sizes(&drawn, "drawn");
    run_cheapest(&w, &of_c3o, "c3o");
    run_cheapest(&w, &of_scout, "scout");
    run_review(&w, &scout);
    printf("%.1f ms per recommendation, %.1f ms to fit its history\n",
           1e3 * w.seconds / (double)w.decisions, 1e3 * w.fitting / (double)w.decisions);
    VEC_FREE(&scout.all.rows);
    VEC_FREE(&scout.jobs);
    VEC_FREE(&c3o.all.rows);
    VEC_FREE(&c3o.jobs);
    book_free(w.book);
    intern_free(w.names);
    return 0;
}
