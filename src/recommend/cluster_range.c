#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "cluster.h"

/* Workers that a phase kept busy, for so many minutes. */
struct busy {
    double workers, minutes;
};

static int by_workers(const void *a, const void *b)
{
    const struct busy *x = a, *y = b;
    return (x->workers > y->workers) - (x->workers < y->workers);
}

/* Nearest rank, weighed by minutes. */
static double quantile(const struct busy *busy, size_t count, double minutes, double q)
{
    double passed = 0;
    for (size_t i = 0; i < count; i++)
        if ((passed += busy[i].minutes) >= q * minutes)
            return busy[i].workers;
    return busy[count - 1].workers;
}

struct need {
    struct cluster_range range;
    double mean;    /* workers that autoscaling would keep, on the mean */
    double minutes; /* of phases whose use of slots is known */
};

/* From the slots that each phase used, nine tenths of those there are to be busy. */
static bool find_need(struct need *out, const struct cluster_view *v)
{
    const double busy_share = 0.9;
    const struct estate *estate = v->run->in->estate;
    struct busy *busy = mem_alloc((v->phase_count + 1) * sizeof *busy);
    size_t count = 0;
    double all = 0;
    *out = (struct need){0};
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &estate->phases.at[v->phases[i]];
        if (isnan(p->minutes))
            continue;
        all += p->minutes;
        if (isnan(p->slot_use) || !(p->workers > 0))
            continue;
        busy[count++] = (struct busy){
            fmin(p->workers, fmax(1, ceil(p->workers * p->slot_use / busy_share))),
            p->minutes};
        out->minutes += p->minutes;
    }
    bool known = count > 1 && out->minutes >= 0.5 * all;
    if (known) {
        qsort(busy, count, sizeof *busy, by_workers);
        out->range = (struct cluster_range){quantile(busy, count, out->minutes, 0.10),
                                            quantile(busy, count, out->minutes, 0.95)};
        for (size_t i = 0; i < count; i++)
            out->mean += fmax(out->range.least, fmin(out->range.most, busy[i].workers)) *
                         busy[i].minutes / out->minutes;
    }
    free(busy);
    return known;
}

static void advise(struct cluster_view *v, const struct need *need,
                   const struct cluster_shape *shape, const struct cluster_rate *after)
{
    struct advice *out = v->run->out;
    double then = money_double(after->usd_per_hour) * v->hours;
    char from[48], to[48];
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.autoscale", ACTION_RESIZE, v->resource);
    snprintf(from, sizeof from, "%.3g", v->shape.workers);
    snprintf(to, sizeof to, "%g to %g", need->range.least, need->range.most);
    r->title = arena_printf(&out->arena, "Let %s scale from %g to %g workers", v->label,
                            need->range.least, need->range.most);
    cluster_saving_set(v, r, then, "the same work may take longer");
    r->effort = LEVEL_VERY_LOW;
    r->risk = 2;
    r->risk_dimension = "cpu";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "slots that each phase kept busy; workers take minutes to come";
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Workers kept busy",
                 "%g in the tenth of the time that needs fewest, %g in nineteen twentieths, "
                 "%.2f on the mean of %.0f minutes",
                 need->range.least, need->range.most, need->mean, need->minutes);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    cluster_price_evidence(v, r, after, v->hours, "Scaled");
    cluster_change(v, r, "workers", from, to);
    cluster_artefacts(v, r, shape, &need->range, v->next_autotermination);
}

void cluster_advise_range(struct cluster_view *v)
{
    struct advice *out = v->run->out;
    struct cluster_shape shape = v->shape;
    struct cluster_rate after;
    struct need need;
    if (v->shape.workers < 2 || !find_need(&need, v))
        return; /* logs of two phases and more would tell */
    shape.workers = need.mean;
    if (!cluster_rate(&after, v->run->in->book, &shape)) {
        advice_decline(out, "cluster.autoscale", v->resource, "%s", after.missing);
        return;
    }
    double saving = v->usd_month - money_double(after.usd_per_hour) * v->hours;
    if (need.range.most > need.range.least &&
        saving >= fmax(v->run->in->options->min_monthly_usd, 0.05 * v->usd_month))
        advise(v, &need, &shape, &after);
    else
        advice_decline(out, "cluster.autoscale", v->resource,
                       "its phases keep %g to %g of its %.3g workers busy: a range would not "
                       "save 5 %%",
                       need.range.least, need.range.most, v->shape.workers);
}
