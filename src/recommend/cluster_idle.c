#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cluster.h"
#include "models/autotermination.h"

/* Databricks takes 10 minutes at least; people are asked to remember round numbers only. */
static const double limits[] = {10, 15, 20, 30, 45, 60, 90, 120, 180, 240};
enum { LIMITS = sizeof limits / sizeof *limits, LIMIT_WITHOUT_GAPS = 30, FEW_GAPS = 5 };

/* Of what the cheapest limit saves: the rest buys fewer restarts. */
static const double near_enough = 0.95;

/* What the logs of one cluster tell together. */
struct idle_record {
    VEC(double) gaps;
    VEC(double) tails;
    int64_t up_ms;
    size_t logs;
    const char *source;
    struct idle_times times;
};

static int ascending(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void add_life(struct idle_record *record, const struct cluster_life *life)
{
    record->logs++;
    record->up_ms += life->up_ms;
    if (!record->source || strcmp(life->source, record->source) < 0)
        record->source = life->source;
    for (size_t i = 0; i < life->gap_count; i++)
        VEC_ADD(&record->gaps, (double)life->gaps_ms[i] / 60e3);
    if (life->tail_ms > 0)
        VEC_ADD(&record->tails, (double)life->tail_ms / 60e3);
}

static void gather(struct idle_record *record, const struct cluster_view *v)
{
    const struct estate *estate = v->run->in->estate;
    *record = (struct idle_record){0};
    for (size_t i = 0; i < estate->lives.count; i++)
        if (estate->lives.at[i].cluster == v->resource)
            add_life(record, &estate->lives.at[i]);
    VEC_SORT(&record->gaps, ascending); /* so that the order of logs changes no digit */
    VEC_SORT(&record->tails, ascending);
    record->times = (struct idle_times){record->gaps.at, record->tails.at, record->gaps.count,
                                        record->tails.count, cluster_startup_minutes(v)};
}

static struct recommendation *propose(struct cluster_view *v, double limit, double usd_then)
{
    struct advice *out = v->run->out;
    struct recommendation *r =
        advice_add(out, v->run->in, "cluster.idle", ACTION_SCHEDULE, v->resource);
    char from[32] = "not known", to[32];
    if (v->autotermination >= 0)
        snprintf(from, sizeof from, "%g", v->autotermination);
    snprintf(to, sizeof to, "%g", limit);
    r->title = arena_printf(&out->arena, "Let %s end after %g idle minutes", v->label, limit);
    cluster_saving_set(v, r, usd_then, "people may start it again sooner");
    r->effort = LEVEL_VERY_LOW;
    r->risk = 1;
    r->risk_dimension = "cpu";
    cluster_change(v, r, "autotermination_minutes", from, to);
    cluster_artefacts(v, r, &v->shape, NULL, limit);
    return r;
}

/* A month's money for minutes of the logs: the cluster is up as the logs have it. */
static double usd_of(const struct cluster_view *v, const struct idle_record *record,
                     double minutes)
{
    return minutes * 60e3 / (double)record->up_ms * v->usd_month;
}

static void add_gap_evidence(struct cluster_view *v, struct recommendation *r,
                             const struct idle_record *record, double limit)
{
    struct advice *out = v->run->out;
    const struct idle_times *t = &record->times;
    struct idle_cost then = idle_cost_of(t, limit), now = idle_cost_of(t, INFINITY);
    double longest = fmax(t->gap_count ? t->gaps[t->gap_count - 1] : 0,
                          t->tail_count ? t->tails[t->tail_count - 1] : 0);
    evidence_add(out, r, EVIDENCE_INPUT, record->source, "Idle gaps",
                 "%zu of a minute and more between work, %zu at the end, in %zu log%s of "
                 "%.1f hours up; together %.1f hours, the longest %.0f minutes",
                 t->gap_count, t->tail_count, record->logs, record->logs == 1 ? "" : "s",
                 (double)record->up_ms / 3.6e6, now.paid_minutes / 60, longest);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Start-up that a restart pays",
                 "%g minutes", t->startup_minutes);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Break-even",
                 "a gap of more than %g + %g minutes is cheaper with a restart than waited "
                 "through",
                 limit, t->startup_minutes);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Idle minutes that stay",
                 "%.0f waited (of each gap %g at most) + %zu restarts x %g = %.0f of %.0f",
                 then.waiting_minutes, limit, then.restarts, t->startup_minutes,
                 then.paid_minutes, now.paid_minutes);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saved a month",
                 "(%.0f - %.0f) of %.0f minutes up x %.2f USD = %.2f USD", now.paid_minutes,
                 then.paid_minutes, (double)record->up_ms / 60e3, v->usd_month,
                 usd_of(v, record, now.paid_minutes - then.paid_minutes));
}

static void add_other_limits(struct cluster_view *v, struct recommendation *r,
                             const struct idle_record *record, double chosen)
{
    struct arena *arena = &v->run->out->arena;
    const struct idle_times *t = &record->times;
    double waiting = idle_cost_of(t, INFINITY).paid_minutes;
    for (size_t i = 0; i < LIMITS; i++) {
        struct idle_cost cost = idle_cost_of(t, limits[i]);
        double saving = usd_of(v, record, waiting - cost.paid_minutes);
        if (limits[i] == chosen)
            continue;
        alternative_add(v->run->out, r, money_range_of(money_of(saving)),
                        arena_printf(arena, "End after %g minutes", limits[i]),
                        arena_printf(arena, "%zu restart%s in the logs' %.1f hours",
                                     cost.restarts, cost.restarts == 1 ? "" : "s",
                                     (double)record->up_ms / 3.6e6));
    }
}

static void advise_by_gaps(struct cluster_view *v, const struct idle_record *record)
{
    const struct idle_times *t = &record->times;
    double limit = cluster_parameter(v, "autotermination_minutes", NAN);
    if (isnan(limit))
        limit = limits[idle_limit_choose(t, limits, LIMITS, near_enough)];
    double minutes =
        idle_cost_of(t, INFINITY).paid_minutes - idle_cost_of(t, limit).paid_minutes;
    double saving = usd_of(v, record, minutes);
    if (saving < v->run->in->options->min_monthly_usd) {
        advice_decline(v->run->out, "cluster.idle", v->resource,
                       "its logs show %zu idle gaps in %.1f hours up: ending after %g minutes "
                       "would save %.2f USD a month",
                       t->gap_count + t->tail_count, (double)record->up_ms / 3.6e6, limit,
                       fmax(0, saving));
        return;
    }
    struct recommendation *r = propose(v, limit, v->usd_month - saving);
    bool few = t->gap_count + t->tail_count < FEW_GAPS;
    r->confidence = few ? LEVEL_LOW : LEVEL_MEDIUM;
    r->confidence_why = few ? "few gaps; commands that start no Spark job look idle in a log"
                            : "commands that start no Spark job look idle in a log";
    add_gap_evidence(v, r, record, limit);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
    add_other_limits(v, r, record, limit);
}

/* Hours in which declared phases run, in a month; NaN when their times are not known. */
static double busy_hours(const struct cluster_view *v)
{
    double busy = 0;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        if (isnan(p->minutes) || isnan(p->runs_per_month))
            return NAN;
        busy += p->minutes / 60 * p->runs_per_month;
    }
    return v->phase_count ? busy : NAN;
}

static double starts_a_month(const struct cluster_view *v)
{
    double starts = 0;
    for (size_t i = 0; i < v->phase_count; i++)
        starts += v->run->in->estate->phases.at[v->phases[i]].runs_per_month;
    return fmin(starts, 730);
}

/* Where no log tells the gaps: each declared run starts the cluster and waits once. */
static void advise_by_phases(struct cluster_view *v, double busy)
{
    struct advice *out = v->run->out;
    double limit = cluster_parameter(v, "autotermination_minutes", LIMIT_WITHOUT_GAPS);
    double starts = starts_a_month(v), startup = cluster_startup_minutes(v);
    double kept = fmin(v->hours, busy + starts * (limit + startup) / 60);
    double then = v->usd_month * kept / v->hours;
    if (kept >= v->hours || v->usd_month - then < v->run->in->options->min_monthly_usd) {
        advice_decline(out, "cluster.idle", v->resource,
                       "it works %.1f of its %.1f hours a month: with %g minutes to "
                       "autotermination nothing is left to save",
                       busy, v->hours, limit);
        return;
    }
    struct recommendation *r = propose(v, limit, then);
    r->confidence = LEVEL_LOW;
    r->confidence_why = "idle time from the declared runs; logs would tell the gaps";
    evidence_add(out, r, EVIDENCE_INPUT, v->r->source, "Working hours", "%.1f of %.1f a month",
                 busy, v->hours);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Hours that stay",
                 "%.1f + %.0f runs x (%g waited + %g to start) minutes = %.1f", busy, starts,
                 limit, startup, kept);
    cluster_price_evidence(v, r, &v->rate, v->hours, "Now");
}

void cluster_advise_idle(struct cluster_view *v)
{
    struct idle_record record;
    double busy = busy_hours(v);
    if (!cluster_is_all_purpose(v))
        return;
    gather(&record, v);
    if (record.gaps.count + record.tails.count && record.up_ms > 0)
        advise_by_gaps(v, &record);
    else if (record.logs)
        advice_decline(v->run->out, "cluster.idle", v->resource,
                       "its logs of %.1f hours show no idle minute between or behind work",
                       (double)record.up_ms / 3.6e6);
    else if (!isnan(busy))
        advise_by_phases(v, busy);
    else
        advice_decline(v->run->out, "cluster.idle", v->resource,
                       "how long it idles is not known: Spark event logs would tell; at most "
                       "%.2f USD a month",
                       v->usd_month);
    VEC_FREE(&record.gaps);
    VEC_FREE(&record.tails);
}
