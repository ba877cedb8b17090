#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cluster_size.h"
#include "recommend/sizing_inputs.h"

/* The phases of the dearest clusters teach those of the others; more of them say the same. */
enum { TEACHERS = 100 };

/* Buckets of indexes by an owner: first[o] .. first[o + 1] into the list. */
static void bucket(size_t **first, uint32_t **list, size_t owners, size_t count,
                   uint32_t (*owner)(const struct estate *, size_t), const struct estate *of)
{
    size_t *at = mem_alloc((owners + 2) * sizeof *at);
    uint32_t *items = mem_alloc((count + 1) * sizeof *items);
    for (size_t i = 0; i < count; i++)
        if (owner(of, i) < owners)
            at[owner(of, i) + 2]++;
    for (size_t o = 2; o < owners + 2; o++)
        at[o] += at[o - 1];
    for (size_t i = 0; i < count; i++)
        if (owner(of, i) < owners)
            items[at[owner(of, i) + 1]++] = (uint32_t)i;
    *first = at;
    *list = items;
}

static uint32_t parent_of(const struct estate *estate, size_t resource)
{
    return estate->resources.at[resource].parent;
}

static uint32_t cluster_of(const struct estate *estate, size_t phase)
{
    return estate->phases.at[phase].cluster;
}

/* Chains of the phases that are the same work, last to first so that each chain ascends. */
static void chain_workloads(struct cluster_run *run)
{
    const struct estate *estate = run->in->estate;
    bool with = false, without = false;
    run->next_same = mem_alloc((estate->phases.count + 1) * sizeof *run->next_same);
    for (size_t i = estate->phases.count; i-- > 0;) {
        sym workload = estate->phases.at[i].workload;
        size_t next = NOTHING;
        with |= estate->phases.at[i].photon;
        without |= !estate->phases.at[i].photon;
        if (workload) {
            map_get(&run->workloads, workload, strlen(workload), &next);
            map_put(&run->workloads, workload, strlen(workload), i);
        }
        run->next_same[i] = (uint32_t)next;
    }
    run->both_engines = with && without;
}

const char *cluster_work(const struct cluster_run *run, size_t phase)
{
    return run->in->estate->phases.at[run->works[phase]].id;
}

static double gib(double bytes)
{
    return bytes / (1 << 30);
}

/* A phase whose time and cluster are known is a run of itself. */
static struct sizing_run of_phase(const struct book *book, const struct phase *p,
                                  const char *work)
{
    return (struct sizing_run){
        .workload = work,
        .algorithm = p->algorithm,
        .class_name = sizing_class_text(p->class),
        .iterative = sizing_iterative(p->iterative),
        .input_gb = p->input_gb,
        .instance_type = p->instance_type,
        .workers = p->workers,
        .minutes = p->minutes,
        .status = SIZING_OK,
        .cpu_pct = NAN,
        .memory_peak_gib = NAN, /* the working set is a part of what processes hold */
        .shuffle_gb = gib(p->demand.shuffle_write_bytes),
        .spill_gb = gib(p->demand.spill_bytes),
        .cached_gb = gib(p->demand.cached_bytes),
        .hardware = sizing_hardware_of(catalogue_find(book, p->instance_type)),
    };
}

static bool is_run(const struct phase *p)
{
    return p->id && p->instance_type && p->minutes > 0 && p->workers >= 1;
}

/* The map may name the workload of the runs table otherwise than the phase. */
static void rename_runs(struct sizing_run *runs, size_t count, const struct cluster_run *run)
{
    for (size_t i = 0; i < count; i++) {
        const char *workload = runs[i].workload;
        size_t phase;
        if (workload && map_get(&run->workloads, workload, strlen(workload), &phase))
            runs[i].workload = cluster_work(run, phase);
    }
}

/* Workload, machines and minutes: four digits, since tables of runs are written with six. */
static const char *run_key(struct arena *arena, const struct sizing_run *r)
{
    return arena_printf(arena, "%s|%s|%.0f|%.4g", sym_or_empty(r->workload),
                        sym_or_empty(r->instance_type), r->workers, r->minutes);
}

/* A log gives a phase and a run: together they are one observation. */
static void know_runs(struct map *known, struct arena *keys, const struct sizing_run *runs,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *key = run_key(keys, &runs[i]);
        map_put(known, key, strlen(key), i);
    }
}

static bool is_known(const struct map *known, struct arena *keys, const struct sizing_run *run)
{
    size_t unused;
    const char *key = run_key(keys, run);
    return map_get(known, key, strlen(key), &unused);
}

void cluster_history_open(struct cluster_run *run, const enum sizing_part *parts)
{
    const struct estate *estate = run->in->estate;
    struct map known = MAP_INIT;
    struct arena keys = ARENA_INIT;
    size_t count = 0;
    run->runs = mem_alloc((estate->runs.count + estate->phases.count + 1) * sizeof *run->runs);
    for (size_t i = 0; i < estate->runs.count; i++)
        run->runs[count++] = sizing_run_of(run->in->book, &estate->runs.at[i]);
    rename_runs(run->runs, count, run);
    know_runs(&known, &keys, run->runs, count);
    for (size_t i = 0; i < estate->phases.count; i++) {
        const struct phase *p = &estate->phases.at[i];
        enum sizing_part part =
            parts && p->cluster < estate->resources.count ? parts[p->cluster] : PART_NONE;
        if (part == PART_NONE || !is_run(p))
            continue;
        run->runs[count] = of_phase(run->in->book, p, cluster_work(run, i));
        run->runs[count].own_only = part == PART_SIZED;
        count += !is_known(&known, &keys, &run->runs[count]);
    }
    map_release(&known);
    arena_release(&keys);
    sizing_history_open(&run->history, run->runs, count);
}

static int dearest_first(const void *a, const void *b)
{
    const struct cluster_view *x = a, *y = b;
    if (x->usd_month < y->usd_month || x->usd_month > y->usd_month)
        return x->usd_month > y->usd_month ? -1 : 1;
    return strcmp(x->r->key, y->r->key);
}

struct views {
    VEC(struct cluster_view) list;
};

static void find_clusters(struct views *views, struct cluster_run *run)
{
    const struct estate *estate = run->in->estate;
    for (size_t i = 0; i < estate->resources.count; i++) {
        struct cluster_view view;
        const char *why;
        if (cluster_view_read(&view, run, (uint32_t)i, &why))
            VEC_ADD(&views->list, view);
        else if (why)
            advice_decline(run->out, "cluster.size", (uint32_t)i, "%s", why);
    }
    VEC_SORT(&views->list, dearest_first);
}

/* `work`: the forecasts of its phases; NULL without any. */
static void judge(struct cluster_view *v, struct sizing_work *work)
{
    cluster_advise_jobs(v);
    cluster_advise_idle(v);
    cluster_advise_photon(v);
    if (v->planned) {
        advice_decline(v->run->out, "cluster.size", v->resource,
                       "the model chose its nodes and its driver: its note says what lost");
    } else if (!(work ? cluster_advise_size(work) : cluster_advise_type(v))) {
        cluster_advise_driver(v); /* a size comes with its driver, and its range scaled */
        cluster_advise_range(v);
    }
    cluster_advise_spot(v); /* of the workers that the others leave */
}

/* A plan is sized once: by cluster_plan(), from all shapes that there are. */
static bool is_sized_here(const struct cluster_view *v)
{
    return v->phase_count && !v->planned;
}

static void choose_parts(struct cluster_run *run, const struct views *views)
{
    enum sizing_part *parts = mem_alloc((run->in->estate->resources.count + 1) * sizeof *parts);
    for (size_t i = 0; i < views->list.count; i++)
        if (is_sized_here(&views->list.at[i]))
            parts[views->list.at[i].resource] =
                run->clusters++ < TEACHERS ? PART_TEACHES : PART_SIZED;
    cluster_history_open(run, parts);
    free(parts);
}

/* A few clusters at a time: options of those with phases one after the other, since they
 * share the prices of nodes, forecasts side by side, advice in the order of the clusters. */
static void judge_all(struct views *views)
{
    struct sizing_work *works = mem_alloc(SIZING_AT_ONCE * sizeof *works);
    for (size_t first = 0; first < views->list.count; first += SIZING_AT_ONCE) {
        struct cluster_view *v = views->list.at + first;
        size_t left = views->list.count - first,
               count = left < SIZING_AT_ONCE ? left : SIZING_AT_ONCE;
        size_t sized = 0;
        for (size_t i = 0; i < count; i++)
            if (is_sized_here(&v[i]))
                sizing_work_open(&works[sized++], &v[i]);
        sizing_forecast_all(works, sized);
        struct sizing_work *next = works;
        for (size_t i = 0; i < count; i++)
            judge(&v[i], is_sized_here(&v[i]) ? next++ : NULL);
    }
    free(works);
}

static void list_types(struct cluster_run *run)
{
    const struct instance_type *t;
    for (size_t cursor = 0; (t = catalogue_next(run->in->book, NULL, &cursor));)
        if (sizing_can_work(t) && t->current_generation)
            VEC_ADD(&run->types, t);
}

void cluster_run_open(struct cluster_run *run, struct advice *out,
                      const struct recommend_input *in)
{
    const struct estate *estate = in->estate;
    *run = (struct cluster_run){.out = out, .in = in};
    bucket(&run->first_child, &run->children, estate->resources.count, estate->resources.count,
           parent_of, estate);
    bucket(&run->first_phase, &run->phases, estate->resources.count, estate->phases.count,
           cluster_of, estate);
    chain_workloads(run);
    run->works = phase_works(estate);
    list_types(run);
}

void cluster_run_close(struct cluster_run *run)
{
    sizing_history_free(run->history);
    rate_cache_free(run->rates);
    map_release(&run->workloads);
    VEC_FREE(&run->types);
    free(run->next_same);
    free(run->works);
    free(run->runs);
    free(run->first_child);
    free(run->children);
    free(run->first_phase);
    free(run->phases);
}

static bool run_clusters(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    struct cluster_run run;
    struct views views = {0};
    cluster_run_open(&run, out, in);
    find_clusters(&views, &run);
    choose_parts(&run, &views);
    judge_all(&views);
    VEC_FREE(&views.list);
    cluster_run_close(&run);
    return true;
}

const struct recommender recommender_cluster = {
    .name = "cluster",
    .summary = "Databricks clusters: size, nodes, spot, jobs, idle time",
    .run = run_clusters,
};
