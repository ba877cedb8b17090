#include <math.h>
#include <string.h>

#include "cluster.h"

/* As much of everything that is known, of the same age or newer, and not a class of its own.
 */
static bool replaces(const struct instance_type *t, const struct instance_type *now,
                     bool graviton_ok)
{
    return t->vcpus == now->vcpus && t->memory_gib >= now->memory_gib && t != now &&
           t->network_gbps >= now->network_gbps &&
           (now->local_kind == LOCAL_NONE || t->local_gb >= now->local_gb) &&
           t->generation >= now->generation &&
           (strcmp(t->arch, "arm64") != 0 || graviton_ok || !strcmp(now->arch, "arm64"));
}

static void consider(struct cluster_choice *best, const struct instance_type *t, double usd)
{
    if (!isnan(usd) && (!best->type || usd < best->usd_per_hour))
        *best = (struct cluster_choice){t, usd};
}

static bool advise(struct cluster_view *v, const struct instance_type *now,
                   const struct cluster_choice *best, const struct cluster_choice *other)
{
    struct advice *out = v->run->out;
    struct cluster_shape shape = v->shape;
    struct cluster_rate after;
    shape.worker_type = best->type->name;
    if (!strcmp(v->shape.driver_type, now->name))
        shape.driver_type = best->type->name;
    shape.dbu_driver = shape.dbu_worker = NAN;
    cluster_choose_driver(v, &shape);
    if (!cluster_rate(&after, v->run->in->book, &shape))
        return false;
    double then = money_double(after.usd_per_hour) * v->hours, saving = v->usd_month - then;
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.type", ACTION_RESIZE, v->resource);
    r->title = arena_printf(&out->arena, "Change the nodes of %s from %s to %s", v->label,
                            now->name, best->type->name);
    cluster_saving_set(v, r, then, "the same work may take longer");
    bool arm = strcmp(best->type->arch, now->arch) != 0;
    r->effort = arm ? LEVEL_HIGH : LEVEL_LOW;
    r->risk = arm ? 3 : strcmp(best->type->maker, now->maker) ? 2 : 1;
    r->risk_dimension = "cpu";
    r->confidence = LEVEL_LOW;
    r->confidence_why = "a vCPU is taken to do the work of a vCPU: one run on it would tell";
    evidence_add(out, r, EVIDENCE_INPUT, "instance catalogue", "Nodes",
                 "%s: %d vCPU, %.4g GiB, %.4g Gbit/s; %s: %d vCPU, %.4g GiB, %.4g Gbit/s",
                 now->name, now->vcpus, now->memory_gib, now->network_gbps, best->type->name,
                 best->type->vcpus, best->type->memory_gib, best->type->network_gbps);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, &after, v->hours, best->type->name);
    if (other->type)
        alternative_add(
            out, r,
            money_range_of(money_of(saving - (other->usd_per_hour - best->usd_per_hour) *
                                                 (v->shape.workers + 1) * v->hours)),
            other->type->name, "it runs the same binaries, and costs more");
    cluster_change(v, r, "node_type_id", now->name, best->type->name);
    cluster_driver_change(v, r, &shape);
    cluster_artefacts(v, r, &shape, NULL, v->next_autotermination);
    return true;
}

bool cluster_advise_type(struct cluster_view *v)
{
    const struct recommend_input *in = v->run->in;
    const struct instance_type *now = catalogue_find(in->book, v->shape.worker_type);
    struct cluster_choice best = {NULL, 0}, same_arch = {NULL, 0};
    if (!now)
        return false;
    for (size_t i = 0; i < v->run->types.count; i++) {
        const struct instance_type *t = v->run->types.at[i];
        if (!replaces(t, now, in->options->graviton_ok) || !cluster_type_allowed(v, t->name))
            continue;
        double usd = cluster_type_usd(v->run, &v->shape, i);
        consider(&best, t, usd);
        if (!strcmp(t->arch, now->arch))
            consider(&same_arch, t, usd);
    }
    double here = cluster_node_usd(v->run, &v->shape, now->name);
    double saving = best.type ? (here - best.usd_per_hour) * (v->shape.workers + 1) *
                                    v->hours * (1 - v->shape.spot_share)
                              : 0;
    if (best.type && saving >= in->options->min_monthly_usd && saving >= 0.03 * v->usd_month)
        return advise(v, now, &best,
                      same_arch.type != best.type ? &same_arch
                                                  : &(struct cluster_choice){NULL, 0});
    advice_decline(v->run->out, "cluster.type", v->resource,
                   "no node as large as %s costs less by 3 %% or more", now->name);
    return false;
}
