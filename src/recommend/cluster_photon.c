#include <math.h>
#include <string.h>

#include "cluster.h"

/* Minutes of the same work with and without Photon, as logs have them. */
struct both {
    double as_now, other; /* summed over the phases that ran in both ways */
    double known, all;    /* minutes of those phases, and of all */
    size_t pairs;
};

static bool near_enough(double a, double b, double share)
{
    return fabs(a - b) <= share * fmax(a, b);
}

/* The same work on the same machines: only then does Photon make the difference. */
static bool same_but_for_photon(const struct phase *a, const struct phase *b)
{
    return a->photon != b->photon && a->minutes > 0 && b->minutes > 0 && !b->incomplete &&
           a->instance_type && b->instance_type &&
           !strcmp(a->instance_type, b->instance_type) &&
           near_enough(a->workers, b->workers, 0.1) &&
           near_enough(a->input_gb, b->input_gb, 0.2);
}

static struct both compare(const struct cluster_view *v)
{
    const struct estate *estate = v->run->in->estate;
    struct both sum = {0};
    for (size_t i = 0; v->run->both_engines && i < v->phase_count; i++) {
        const struct phase *p = &estate->phases.at[v->phases[i]];
        double minutes = 0, count = 0;
        sum.all += isnan(p->minutes) ? 0 : p->minutes;
        for (size_t k = 0; k < estate->phases.count && p->workload; k++)
            if (p->photon == v->shape.photon &&
                same_but_for_photon(p, &estate->phases.at[k])) {
                minutes += estate->phases.at[k].minutes;
                count++;
            }
        if (count > 0) {
            sum.as_now += p->minutes;
            sum.other += minutes / count;
            sum.known += p->minutes;
            sum.pairs += (size_t)count;
        }
    }
    return sum;
}

static void advise(struct cluster_view *v, const struct both *both,
                   const struct cluster_shape *shape, const struct cluster_rate *after)
{
    struct advice *out = v->run->out;
    double times = both->other / both->as_now;
    double then = money_double(after->usd_per_hour) * v->hours * times;
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.photon", ACTION_RESIZE, v->resource);
    r->title = arena_printf(&out->arena, "Run %s %s Photon", v->label,
                            shape->photon ? "with" : "without");
    cluster_saving_set(v, r, then, "other runs may gain less from it");
    r->effort = LEVEL_VERY_LOW;
    r->risk = 1;
    r->risk_dimension = "cpu";
    r->confidence = both->pairs > 2 ? LEVEL_HIGH : LEVEL_MEDIUM;
    r->confidence_why =
        arena_printf(&out->arena, "%zu run%s of the same work in the other way", both->pairs,
                     both->pairs == 1 ? "" : "s");
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "The same work",
                 "%.1f minutes %s Photon, %.1f %s; %.0f %% of the cluster's work ran in both "
                 "ways",
                 both->as_now, v->shape.photon ? "with" : "without", both->other,
                 shape->photon ? "with" : "without", 100 * both->known / both->all);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, after, v->hours * times, "In the other way");
    cluster_change(v, r, "runtime_engine", v->shape.photon ? "PHOTON" : "STANDARD",
                   shape->photon ? "PHOTON" : "STANDARD");
    cluster_artefacts(v, r, shape, NULL, v->next_autotermination);
}

void cluster_advise_photon(struct cluster_view *v)
{
    struct advice *out = v->run->out;
    const struct both both = compare(v);
    struct cluster_shape shape = v->shape;
    struct cluster_rate after;
    if (!v->phase_count)
        return;
    if (both.known < 0.5 * both.all || !(both.as_now > 0)) {
        advice_decline(
            out, "cluster.photon", v->resource,
            "%s, and no log of the same work on the same nodes %s Photon is here to "
            "compare with",
            v->shape.photon ? "it runs with Photon" : "it runs without Photon",
            v->shape.photon ? "without" : "with");
        return;
    }
    shape.photon = !v->shape.photon;
    if (!cluster_rate(&after, v->run->in->book, &shape)) {
        advice_decline(out, "cluster.photon", v->resource, "%s", after.missing);
        return;
    }
    double then = money_double(after.usd_per_hour) * v->hours * both.other / both.as_now;
    if (v->usd_month - then >= fmax(v->run->in->options->min_monthly_usd, 0.05 * v->usd_month))
        advise(v, &both, &shape, &after);
    else
        advice_decline(
            out, "cluster.photon", v->resource,
            "%s Photon the same work took %.2f times as long and would cost %.2f USD "
            "a month instead of %.2f",
            shape.photon ? "with" : "without", both.other / both.as_now, then, v->usd_month);
}
