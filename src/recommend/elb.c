#include "elb.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* The figures that a bill and metrics agree on, and why where they do not. */
static const char *why_apart(const struct balancer *b, double miss)
{
    if (fabs(miss) <= 0.01)
        return b->check.gb_bytes == LCU_BINARY_GB ? "they agree"
                                                  : "they agree with GB of 10^9 bytes";
    if (miss < 0 && miss > -0.51 && b->kind == ELB_APPLICATION && !b->parts.mutual_tls &&
        lcu_shares_top(&b->shares) == LCU_ACTIVE)
        return "active connections bind, of which a unit holds half where clients show "
               "certificates; no listener that is known here asks for them";
    if (miss < 0 && b->kind == ELB_APPLICATION && b->shares.units_by[LCU_RULES] <= 0 &&
        isnan(b->rules))
        return "the metrics lack RuleEvaluations, so rules are not in the computed figure";
    if (miss < 0 && b->kind == ELB_NETWORK)
        return "without metrics by protocol all flows were taken for TCP, which is metered "
               "least";
    if (miss > 0.5)
        return "the metrics count far more than was billed: sums of several load balancers, "
               "or "
               "points of a longer step than they have";
    if (miss < 0)
        return "the metrics miss minutes, or a dimension, of the hours that were billed";
    return "the metrics count more than was billed: averages of coarse points overstate short "
           "ones";
}

static void report_units(struct advice *out, const struct balancer *b)
{
    const struct elb_check *c = &b->check;
    const struct lcu_shares *s = &b->shares;
    if (s->units <= 0)
        return;
    if (b->declared) {
        advice_decline(
            out, "elb.units", b->resource,
            "%.2f LCU-hours a month by the declared traffic (%.2f to %.2f); %s bind",
            b->monthly_units, b->units_low, b->units_high,
            lcu_dimension_name(lcu_shares_top(s)));
        return;
    }
    const char *top = lcu_dimension_name(lcu_shares_top(s));
    double share = 100 * s->units_by[lcu_shares_top(s)] / s->units;
    if (c->hours > 0 && c->billed > 0)
        advice_decline(
            out, "elb.units", b->resource,
            "%.2f LCU-hours computed and %.2f billed over the same %.0f hours (%+.2f %%): "
            "%s; %s make %.0f %% of them",
            c->computed, c->billed, c->hours, 100 * (c->computed / c->billed - 1),
            why_apart(b, c->computed / c->billed - 1), top, share);
    else
        advice_decline(
            out, "elb.units", b->resource,
            "%.2f LCU-hours computed over %.0f hours; %s make %.0f %% of them; an hourly "
            "bill would prove them",
            s->units, s->hours, top, share);
}

static void note_unpriced(struct advice *out, const struct balancer *b)
{
    advice_note(out, NOTE_UNPRICED, "no price of a %s load balancer in %s: %s is not judged",
                b->kind_name, b->region ? b->region : "an unknown region", b->label);
}

/* All advice on one; true when it should go. */
static bool judge(struct advice *out, const struct recommend_input *in,
                  const struct elb_parts *parts, struct balancer *b)
{
    if (!b->priced) {
        note_unpriced(out, b);
        return false;
    }
    if (elb_judge_idle(out, in, b))
        return true;
    if (b->days < in->options->min_days) {
        advice_decline(out, "elb.idle", b->resource,
                       "%.1f days of metrics or bill are too few: %.0f are needed", b->days,
                       in->options->min_days);
        return false;
    }
    report_units(out, b);
    elb_report_traffic(out, in, b);
    elb_judge_kind(out, in, b);
    elb_judge_binding(out, in, b);
    elb_judge_reservation(out, in, b);
    elb_judge_network(out, in, b);
    elb_judge_fleet(out, in, parts, b);
    elb_judge_lambda(out, in, b);
    elb_judge_front(out, in, b);
    return false;
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    VEC(struct balancer) all = {0};
    struct elb_parts parts;
    elb_parts_init(&parts, in);
    for (uint32_t i = 0; i < in->estate->resources.count; i++) {
        struct balancer b;
        if (balancer_init(&b, in, &parts, i))
            VEC_ADD(&all, b);
    }
    bool *idle = mem_alloc(all.count + 1);
    for (size_t i = 0; i < all.count; i++)
        idle[i] = judge(out, in, &parts, &all.at[i]);
    elb_judge_merging(out, in, all.at, idle, all.count);
    for (size_t i = 0; i < all.count; i++)
        balancer_release(&all.at[i]);
    free(idle);
    elb_parts_release(&parts);
    VEC_FREE(&all);
    return true;
}

extern const struct recommender recommender_elb;
const struct recommender recommender_elb = {
    .name = "elb",
    .summary = "load balancers: idle, of the wrong kind, too many, too small; capacity units",
    .run = run,
};
