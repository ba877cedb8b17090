#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cluster_size.h"
#include "recommend/sizing_inputs.h"

enum { MOST_TYPES = 12 };
/* Times the present cores, or one over it: no further from what ran. */
#define MOST_CORES 2.0

/* GiB a worker that shuffle files and spill take at once, with as much again free; NaN. */
static double disk_need(const struct cluster_view *v)
{
    double most = NAN;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        double bytes = p->demand.shuffle_write_bytes + p->demand.spill_bytes;
        if (isnan(bytes) || !(p->workers >= 1))
            return NAN; /* one phase that nobody measured may be the one */
        most = fmax(isnan(most) ? 0 : most, 2 * bytes / p->workers / (1 << 30));
    }
    return most;
}

/*
 * Shuffle files live on local disks where a type has them, so that extra volumes go; on a type
 * without, measured shuffles get a volume that holds them. False: it would lose its disks, and
 * nobody knows how much they hold.
 */
static bool put_disks(struct cluster_shape *s, const struct cluster_view *v,
                      const struct instance_type *t, const struct instance_type *now)
{
    enum { LEAST_LOCAL_GB = 100, LEAST_VOLUME_GIB = 100 };
    bool local_now = now->local_kind != LOCAL_NONE && s->ebs_count <= 0;
    if (t->local_kind != LOCAL_NONE && t->local_gb >= LEAST_LOCAL_GB && t != now)
        s->ebs_count = 0;
    if (t->local_kind != LOCAL_NONE || !local_now)
        return true;
    double need = disk_need(v);
    if (isnan(need))
        return false;
    s->ebs_type = "gp3";
    s->ebs_count = 1;
    s->ebs_gib = fmax(LEAST_VOLUME_GIB, ceil(need / 10) * 10);
    s->ebs_iops = s->ebs_mb_per_s = 0; /* what gp3 includes */
    return true;
}

/* Nodes below 16 GiB leave Spark next to nothing; burstable ones run out of credits. */
static bool fit_for_workers(const struct cluster_view *v, const struct instance_type *t,
                            const struct instance_type *now)
{
    bool arm = !strcmp(t->arch, "arm64"), arm_now = !strcmp(now->arch, "arm64");
    return t->memory_gib >= 16 &&
           (!arm || arm_now || v->run->in->options->graviton_ok) &&
           t->vcpus * 2 >= now->vcpus && t->vcpus <= now->vcpus * 2 &&
           cluster_type_allowed(v, t->name);
}

struct priced_type {
    const struct instance_type *type;
    struct cluster_shape shape; /* with its disks */
    double usd, score;
};

static int by_score(const void *a, const void *b)
{
    const struct priced_type *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score < y->score ? -1 : 1;
    return strcmp(x->type->name, y->type->name);
}

/* The cheapest of each memory class by vCPU, so that no kind of machine is left out. */
static size_t choose_types(struct priced_type *out, struct cluster_view *v,
                           const struct instance_type *now)
{
    VEC(struct priced_type) all = {0};
    size_t count = 0, taken[3] = {0, 0, 0};
    for (size_t i = 0; i < v->run->types.count; i++) {
        const struct instance_type *t = v->run->types.at[i];
        struct cluster_shape shape = v->shape;
        if (!fit_for_workers(v, t, now) || !put_disks(&shape, v, t, now))
            continue;
        shape.worker_type = t->name;
        double usd = cluster_type_usd(v->run, &shape, i);
        if (!isnan(usd))
            VEC_ADD(&all, ((struct priced_type){t, shape, usd, usd / t->vcpus}));
    }
    VEC_SORT(&all, by_score);
    for (size_t i = 0; i < all.count && count < MOST_TYPES; i++) {
        double ratio = all.at[i].type->memory_gib / all.at[i].type->vcpus;
        size_t class = ratio < 3 ? 0 : ratio < 6 ? 1 : 2;
        if (taken[class]++ < MOST_TYPES / 3)
            out[count++] = all.at[i];
    }
    VEC_FREE(&all);
    return count;
}

/* A volume gives what it was bought with, not what the machine could take. */
static struct sizing_hardware hardware_on(const struct cluster_shape *s,
                                          const struct instance_type *t)
{
    enum { GP3_MB_PER_S = 125 };
    struct sizing_hardware h = sizing_hardware_of(t);
    if (t->local_kind == LOCAL_NONE && s->ebs_type && s->ebs_count > 0) {
        double bought = s->ebs_count * fmax(GP3_MB_PER_S, s->ebs_mb_per_s);
        h.disk_mb_per_s = fmin(isnan(h.disk_mb_per_s) ? bought : h.disk_mb_per_s, bought);
    }
    return h;
}

static void add_option(struct sizing_work *w, const struct priced_type *p, double workers,
                       double driver_usd)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->options[i].type == p->type && fabs(w->options[i].workers - workers) < 0.5)
            return;
    if (w->count == SIZING_OPTIONS || workers < 1)
        return;
    struct shape_option *o = &w->options[w->count];
    *o = (struct shape_option){.type = p->type,
                               .workers = workers,
                               .usd_per_hour = p->usd * workers + driver_usd,
                               .shape = p->shape,
                               .within = 1};
    o->shape.workers = workers;
    w->candidates[w->count] =
        (struct sizing_candidate){p->type->name, workers, hardware_on(&p->shape, p->type)};
    w->usd[w->count++] = o->usd_per_hour;
}

static void add_options(struct sizing_work *w, const struct instance_type *now)
{
    static const double factors[] = {1, 0.75, 0.5, 1.5, 2};
    struct cluster_view *v = w->view;
    struct priced_type types[MOST_TYPES + 1];
    double n = fmax(1, round(v->shape.workers));
    double most = cluster_parameter(v, "max_workers", 4 * n);
    double driver = cluster_node_usd(v->run, &v->shape, v->shape.driver_type);
    types[0] =
        (struct priced_type){now, v->shape, cluster_node_usd(v->run, &v->shape, now->name), 0};
    add_option(w, &types[0], n, driver);
    size_t count = 1 + choose_types(types + 1, v, now);
    for (size_t i = 0; i < count; i++) {
        struct priced_type *p = &types[i];
        driver = cluster_choose_driver(v, &p->shape);
        for (size_t f = 0; f < sizeof factors / sizeof *factors; f++) {
            double workers = round(n * factors[f]);
            double cores = workers * p->type->vcpus / (n * now->vcpus);
            if (workers <= most && cores <= MOST_CORES && cores * MOST_CORES >= 1)
                add_option(w, p, workers, driver);
        }
    }
}

void sizing_work_open(struct sizing_work *w, struct cluster_view *v)
{
    const struct instance_type *now = catalogue_find(v->run->in->book, v->shape.worker_type);
    memset(w, 0, sizeof *w);
    w->view = v;
    w->most_scenarios = sizing_scenarios(v->run->clusters);
    sizing_take_phases(w);
    if (now && v->shape.workers >= 0.5 && w->phase_count)
        add_options(w, now);
}

static const char *disks_text(struct arena *arena, const struct cluster_shape *s,
                              const struct instance_type *t)
{
    if (s->ebs_type && s->ebs_count > 0)
        return arena_printf(arena, "%g x %g GiB %s", s->ebs_count, s->ebs_gib, s->ebs_type);
    return t && t->local_kind != LOCAL_NONE
               ? arena_printf(arena, "%g GB of local disks", t->local_gb)
               : "no disks but the system's";
}

void cluster_disk_change(struct cluster_view *v, struct recommendation *r,
                         const struct cluster_shape *shape)
{
    struct advice *out = v->run->out;
    const struct book *book = v->run->in->book;
    const char *from =
        disks_text(&out->arena, &v->shape, catalogue_find(book, v->shape.worker_type));
    const char *to = disks_text(&out->arena, shape, catalogue_find(book, shape->worker_type));
    double need = disk_need(v);
    if (!strcmp(from, to))
        return;
    if (isnan(need))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Disks of a worker", "%s instead of %s", to,
                     from);
    else
        evidence_add(
            out, r, EVIDENCE_INPUT, NULL, "Disks of a worker",
            "%s instead of %s; shuffles and spill take %.3g GiB, half of it kept free", to,
            from, need);
}
