#include <stdio.h>
#include <string.h>

#include "cluster_size.h"

/* Of the present cost; below it the model cannot tell two shapes apart. */
#define LEAST_SAVING 0.05

static const char *shape_text(struct arena *arena, const struct shape_option *o)
{
    return arena_printf(arena, "%.0f x %s", o->workers, o->type->name);
}

static const char *why_not(struct arena *arena, const struct shape_option *o,
                           const struct shape_option *best, double scale)
{
    double more = (o->usd[1] - best->usd[1]) * scale;
    if (o->failure > SIZING_MOST_FAILURE)
        return arena_printf(arena, "it fails with a probability of %.0f %%", o->failure * 100);
    if (o->within < SIZING_LEAST_WITHIN)
        return arena_printf(arena, "it keeps its time limit with %.0f %% only", o->within * 100);
    if (more < 0)
        return arena_printf(arena, "it may cost %.2f USD a month less, but it is not as sure to "
                                   "be cheaper than now", -more);
    return arena_printf(arena, "it costs %.2f USD a month more", more);
}

static void add_alternatives(struct sizing_work *w, struct recommendation *r, size_t chosen,
                             double scale)
{
    enum { SHOWN = 4 };
    struct advice *out = w->view->run->out;
    bool shown[SIZING_OPTIONS] = {false};
    const struct shape_option *best = &w->options[chosen];
    shown[0] = shown[chosen] = true;
    for (int n = 0; n < SHOWN; n++) {
        size_t next = 0;
        for (size_t i = 1; i < w->count; i++)
            if (!shown[i] && (!next || w->options[i].usd[1] < w->options[next].usd[1]))
                next = i;
        if (!next)
            return;
        shown[next] = true;
        const struct shape_option *o = &w->options[next];
        double saving = (w->options[0].usd[1] - o->usd[1]) * scale;
        alternative_add(out, r, money_range_of(money_of(saving)), shape_text(&out->arena, o),
                        why_not(&out->arena, o, best, scale));
    }
}

static int risk_of(const struct shape_option *o, const struct instance_type *now,
                   const char **dimension)
{
    bool other = strcmp(o->type->maker, now->maker) != 0;
    bool arm = !strcmp(o->type->arch, "arm64") && strcmp(now->arch, "arm64") != 0;
    int memory = o->failure > 0.05 ? 3 : o->failure > 0.02 ? 2 : 1;
    int cpu = arm ? 3 : other ? 2 : 1;
    *dimension = cpu > memory ? "cpu" : "memory";
    return cpu > memory ? cpu : memory;
}

static struct money_range scaled(const double usd[3], double by)
{
    return (struct money_range){money_of(usd[0] * by), money_of(usd[1] * by),
                                money_of(usd[2] * by)};
}

/* One phase: its time, and what EC2, volumes and DBUs of that time cost. */
static void add_phase_evidence(struct sizing_work *w, struct recommendation *r, size_t phase,
                               const struct shape_option *o)
{
    const struct phase *p = sizing_phase(w, phase);
    const struct shape_option *now = &w->options[0];
    double before = w->minutes[phase][0].p50, after = w->minutes[phase][o - w->options].p50;
    evidence_add(w->view->run->out, r, EVIDENCE_MODEL, "models/sizing",
                 arena_printf(&w->view->run->out->arena, "Phase %s",
                              p->name ? p->name : sym_or_empty(p->id)),
                 "a run of %.1f minutes and %.2f USD becomes one of %.1f minutes and %.2f USD",
                 before, before / 60 * now->usd_per_hour, after, after / 60 * o->usd_per_hour);
}

static void add_evidence(struct sizing_work *w, struct recommendation *r,
                         const struct shape_option *o, double scale)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    const struct shape_option *now = &w->options[0];
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Phases",
                 "%zu, with %zu run%s of %s own", w->phase_count, w->own_runs,
                 w->own_runs == 1 ? "" : "s", w->phase_count == 1 ? "its" : "their");
    for (size_t i = 0; i < w->phase_count; i++)
        add_phase_evidence(w, r, i, o);
    if (w->starts > 0)
        evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Start-up",
                     "%g starts a month of %g minutes: %.2f USD become %.2f", w->starts,
                     w->startup_minutes, now->startup_usd, o->startup_usd);
    evidence_add(out, r, EVIDENCE_MODEL, "models/sizing", "Now",
                 "%s: %.2f USD a month by the model (%.2f to %.2f), %.2f in fact",
                 shape_text(&out->arena, now), now->usd[1], now->usd[0], now->usd[2],
                 v->usd_month);
    evidence_add(out, r, EVIDENCE_MODEL, "models/sizing", "Proposed",
                 "%s: %.2f (%.2f to %.2f), fails with %.1f %%, bound by %s",
                 shape_text(&out->arena, o), o->usd[1], o->usd[0], o->usd[2], o->failure * 100,
                 sizing_term_name(o->binding));
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Cost after",
                 "%.4f x %.4f / %.4f = %.2f USD a month", v->usd_month, o->usd[1], now->usd[1],
                 o->usd[1] * scale);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Failure at most", "%.0f %%",
                 SIZING_MOST_FAILURE * 100);
}

static void advise(struct sizing_work *w, size_t chosen, const struct instance_type *now)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    const struct shape_option *o = &w->options[chosen];
    double scale = v->usd_month / w->options[0].usd[1];
    char from[24], to[24];
    struct cluster_rate rate;
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.size", ACTION_RESIZE, v->resource);
    r->title = arena_printf(&out->arena, "Run %s on %.0f x %s instead of %.0f x %s", v->label,
                            o->workers, o->type->name, w->options[0].workers, now->name);
    struct money_range after = scaled(o->usd, scale);
    after.high = money_max(after.expected, money_min(after.high, money_of(v->usd_month)));
    saving_set(r, v->run->in, money_range_of(money_of(v->usd_month)), after);
    r->effort = strcmp(o->type->arch, now->arch) ? LEVEL_HIGH : LEVEL_LOW;
    r->risk = risk_of(o, now, &r->risk_dimension);
    r->confidence = w->own_runs > 2 ? LEVEL_HIGH : w->own_runs ? LEVEL_MEDIUM : LEVEL_LOW;
    r->confidence_why = arena_printf(&out->arena, "%zu run%s of its own", w->own_runs,
                                     w->own_runs == 1 ? "" : "s");
    add_evidence(w, r, o, scale);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Price now");
    if (cluster_rate(&rate, v->run->in->book, &o->shape))
        cluster_price_evidence(v, r, &rate,
                               money_double(after.expected) / money_double(rate.usd_per_hour),
                               "Price then");
    add_alternatives(w, r, chosen, scale);
    snprintf(from, sizeof from, "%.0f", w->options[0].workers);
    snprintf(to, sizeof to, "%.0f", o->workers);
    cluster_change(v, r, "node_type_id", now->name, o->type->name);
    cluster_change(v, r, "num_workers", from, to);
    cluster_driver_change(v, r, &o->shape);
    cluster_disk_change(v, r, &o->shape);
    cluster_artefacts(v, r, &o->shape, NULL, v->next_autotermination);
}

/* Cheaper on the whole, but nine times in ten is asked for before anyone moves a cluster. */
static void decline_unsure(struct sizing_work *w, size_t best)
{
    struct cluster_view *v = w->view;
    const struct shape_option *o = &w->options[best], *now = &w->options[0];
    double scale = v->usd_month / now->usd[1];
    advice_decline(v->run->out, "cluster.size", v->resource,
                   "%s would probably save %.2f USD a month (%.2f to %.2f): not sure enough "
                   "with %zu run%s of its own to learn from; one run on it would tell",
                   shape_text(&v->run->out->arena, o), (now->usd[1] - o->usd[1]) * scale,
                   (now->usd[1] - o->usd[2]) * scale, (now->usd[1] - o->usd[0]) * scale,
                   w->own_runs, w->own_runs == 1 ? "" : "s");
}

static bool worth_it(const struct sizing_work *w, size_t option)
{
    const struct cluster_view *v = w->view;
    double share = 1 - w->options[option].usd[1] / w->options[0].usd[1];
    return option && share >= LEAST_SAVING &&
           share * v->usd_month >= v->run->in->options->min_monthly_usd;
}

static bool decide(struct sizing_work *w, const struct instance_type *now)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    size_t best = sizing_cheapest(w, false), sure = sizing_cheapest(w, true);
    if (!w->abstained && worth_it(w, sure)) {
        advise(w, sure, now);
        return true;
    }
    if (w->abstained)
        advice_decline(out, "cluster.size", v->resource, "%s%s%s", w->abstained,
                       w->has_probe ? "; one run would tell, on " : "",
                       w->has_probe ? shape_text(&out->arena, &w->options[w->probe]) : "");
    else if (worth_it(w, best))
        decline_unsure(w, best);
    else
        advice_decline(out, "cluster.size", v->resource,
                       "%.0f x %s is right: of %zu other shapes none saves %.0f %% or more",
                       w->options[0].workers, now->name, w->count - 1, LEAST_SAVING * 100);
    return false;
}

bool cluster_advise_size(struct sizing_work *w)
{
    struct cluster_view *v = w->view;
    struct advice *out = v->run->out;
    const struct instance_type *now = catalogue_find(v->run->in->book, v->shape.worker_type);
    if (v->shape.workers < 0.5)
        return false; /* a single node: its driver is all there is */
    if (!now || w->too_many)
        advice_decline(out, "cluster.size", v->resource,
                       now ? "it has more phases than can be sized together"
                           : "the catalogue does not know its instance type");
    else if (w->err.code != ERR_NONE)
        advice_decline(out, "cluster.size", v->resource, "%s", w->err.text);
    else
        return decide(w, now);
    return false;
}
