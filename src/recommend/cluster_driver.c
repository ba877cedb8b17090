#include <math.h>
#include <string.h>

#include "cluster.h"

#define LEAST_SHARE 0.02 /* of the cluster's cost; below it nobody restarts a job for it */

/*
 * A driver schedules and collects: a few cores do, but what it must hold nobody measured, so
 * that it keeps the memory it has. Driver and workers must be of one architecture.
 */
static bool can_drive(const struct cluster_view *v, const struct instance_type *t,
                      const struct instance_type *now, const char *arch)
{
    enum { LEAST_VCPUS = 4, LEAST_GIB = 16 };
    return t->vcpus >= LEAST_VCPUS && t->vcpus * 2 >= now->vcpus &&
           t->memory_gib >= LEAST_GIB && t->memory_gib >= now->memory_gib &&
           !strcmp(t->arch, arch) && cluster_type_allowed(v, t->name);
}

static struct cluster_choice cheapest(struct cluster_view *v, const struct instance_type *now,
                                      const char *arch)
{
    struct cluster_choice best = {.type = NULL, .usd_per_hour = NAN};
    for (size_t i = 0; i < v->run->types.count; i++) {
        const struct instance_type *t = v->run->types.at[i];
        double usd = can_drive(v, t, now, arch) ? cluster_type_usd(v->run, &v->shape, i) : NAN;
        bool cheaper = !best.type || usd < best.usd_per_hour - 1e-9;
        bool kept = t == now && usd <= best.usd_per_hour + 1e-9;
        if (!isnan(usd) && (cheaper || kept))
            best = (struct cluster_choice){t, usd};
    }
    return best;
}

double cluster_choose_driver(struct cluster_view *v, struct cluster_shape *shape)
{
    const struct book *book = v->run->in->book;
    const struct instance_type *now = catalogue_find(book, v->shape.driver_type);
    const struct instance_type *worker = catalogue_find(book, shape->worker_type);
    if (now && worker && !cluster_is_all_purpose(v)) {
        struct cluster_choice *known = &v->drivers[!strcmp(worker->arch, "arm64")];
        if (!known->type)
            *known = cheapest(v, now, worker->arch);
        if (known->type) {
            shape->driver_type = known->type->name;
            shape->dbu_driver = known->type == now ? v->shape.dbu_driver : NAN;
            return known->usd_per_hour;
        }
    }
    /* People's code runs on the driver of theirs: it stays, unless the architecture changes.
     */
    if (now && worker && strcmp(now->arch, worker->arch) != 0)
        shape->driver_type = shape->worker_type;
    return cluster_node_usd(v->run, &v->shape, shape->driver_type);
}

void cluster_driver_change(struct cluster_view *v, struct recommendation *r,
                           const struct cluster_shape *shape)
{
    const struct instance_type *now = catalogue_find(v->run->in->book, v->shape.driver_type);
    const struct instance_type *then = catalogue_find(v->run->in->book, shape->driver_type);
    if (!now || !then || now == then)
        return;
    cluster_change(v, r, "driver_node_type_id", now->name, then->name);
    evidence_add(
        v->run->out, r, EVIDENCE_INPUT, "instance catalogue", "Driver",
        "%s (%d vCPU, %.4g GiB) instead of %s (%d vCPU, %.4g GiB): the cheapest with as "
        "much memory; its own memory metric would tell whether less does",
        then->name, then->vcpus, then->memory_gib, now->name, now->vcpus, now->memory_gib);
}

static void advise(struct cluster_view *v, const struct cluster_shape *shape,
                   const struct cluster_rate *after)
{
    struct advice *out = v->run->out;
    double then = money_double(after->usd_per_hour) * v->hours;
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.driver", ACTION_RESIZE, v->resource);
    r->title = arena_printf(&out->arena, "Change the driver of %s from %s to %s", v->label,
                            v->shape.driver_type, shape->driver_type);
    cluster_saving_set(v, r, then, "the same work may take longer");
    r->effort = LEVEL_VERY_LOW;
    r->risk = 2;
    r->risk_dimension = "cpu";
    r->confidence = LEVEL_LOW;
    r->confidence_why = "no metric of the driver: it keeps its memory and half of its cores";
    cluster_driver_change(v, r, shape);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, after, v->hours, "With it");
    cluster_artefacts(v, r, shape, NULL, v->next_autotermination);
}

void cluster_advise_driver(struct cluster_view *v)
{
    const struct recommend_input *in = v->run->in;
    struct cluster_shape shape = v->shape;
    struct cluster_rate after;
    if (v->shape.workers < 0.5 || !catalogue_find(in->book, v->shape.driver_type))
        return; /* the driver of a single node does all its work */
    if (cluster_is_all_purpose(v)) {
        advice_decline(v->run->out, "cluster.driver", v->resource,
                       "people's own code runs on its driver: only a metric of it would tell");
        return;
    }
    cluster_choose_driver(v, &shape);
    double saving = cluster_rate(&after, in->book, &shape)
                        ? v->usd_month - money_double(after.usd_per_hour) * v->hours
                        : 0;
    if (saving >= in->options->min_monthly_usd && saving >= LEAST_SHARE * v->usd_month)
        advise(v, &shape, &after);
    else
        advice_decline(
            v->run->out, "cluster.driver", v->resource,
            "no node with the memory of its driver, %s, saves %.0f %% of the cluster",
            v->shape.driver_type, LEAST_SHARE * 100);
}
