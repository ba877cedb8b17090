#include <math.h>

#include "advice.h"

/* Shares of a resource's usage in the window, at public prices where the bill has them. */
struct coverage {
    double reserved, plan, total;
    day end; /* when the last of the commitments that cover it ends; 0 unknown */
};

static day end_of(const struct estate *estate, sym commitment)
{
    for (size_t i = 0; commitment && i < estate->commitments.count; i++)
        if (estate->commitments.at[i].arn == commitment)
            return estate->commitments.at[i].end;
    return 0;
}

static void add_coverage(struct coverage *c, const struct estate *estate, uint32_t resource)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    sym last = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &estate->skus.at[lines[i].sku];
        if (!charge_is_usage(sku->charge))
            continue;
        double list = money_double(lines[i].cost[BASIS_LIST]);
        double usd = list > 0 ? list : money_double(lines[i].cost[BASIS_AMORTIZED]);
        c->total += usd;
        c->reserved += sku->charge == CHARGE_RESERVED_USAGE ? usd : 0;
        c->plan += sku->charge == CHARGE_PLAN_USAGE ? usd : 0;
        if (sku->commitment && sku->commitment != last) {
            day end = end_of(estate, last = sku->commitment);
            c->end = end > c->end ? end : c->end;
        }
    }
}

/* A job's or cluster's usage is that of its instances, which may stand two steps below it. */
static struct coverage coverage_of(const struct estate *estate, uint32_t resource)
{
    struct coverage c = {0, 0, 0, 0};
    size_t count, below;
    const uint32_t *children = estate_children(estate, resource, &count);
    add_coverage(&c, estate, resource);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *inner = estate_children(estate, children[i], &below);
        add_coverage(&c, estate, children[i]);
        for (size_t k = 0; k < below; k++)
            add_coverage(&c, estate, inner[k]);
    }
    return c;
}

/*
 * On-demand usage elsewhere that could take up a freed commitment, as a monthly
 * list amount. Plans take any on-demand instance hours; a reservation only those
 * of its own type, so nothing is assumed for it here.
 */
static double absorbable(const struct estate *estate, uint32_t resource)
{
    struct money others = estate->uncovered;
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    double window = estate_window_hours(estate);
    for (size_t i = 0; i < count; i++)
        if (estate_is_uncovered(estate, &lines[i]))
            others = money_sub(others, cost_line_list(&lines[i]));
    return window > 0 ? money_double(others) * estate->hours_per_month / window : 0;
}

/* Where the bill does not say which commitment covers the resource: the last of all. */
static day commitment_end(const struct estate *estate, day end)
{
    if (end)
        return end;
    for (size_t i = 0; i < estate->commitments.count; i++)
        end = estate->commitments.at[i].end > end ? estate->commitments.at[i].end : end;
    return end;
}

/* The ratio of what is paid to the list price, 1 where the bill states no list price. */
static double paid_share(const struct recommendation *r)
{
    double list = money_double(r->list.now.expected), net = money_double(r->net.now.expected);
    return list > 0 && net > 0 && net < list ? net / list : 1;
}

void saving_set(struct recommendation *r, const struct recommend_input *in,
                struct money_range list_now, struct money_range list_after)
{
    const struct estate *estate = in->estate;
    uint32_t resource = r->resources.at[0];
    struct coverage c = coverage_of(estate, resource);
    double committed = c.total > 0 ? (c.reserved + c.plan) / c.total : 0;
    double saving = money_double(list_now.expected) - money_double(list_after.expected);
    double freed = fmax(0, saving) * committed, absorbed = 0;
    if (freed > 0 && c.plan > 0)
        absorbed = fmin(freed * c.plan / (c.plan + c.reserved), absorbable(estate, resource));
    double share = paid_share(r);
    r->list = (struct monthly){list_now, list_after};
    r->net.now = money_range_times(list_now, share);
    double kept = saving > 0 ? (freed - absorbed) / saving : 0;
    struct money_range full = money_range_times(list_after, share);
    struct money_range lost = money_range_times(money_range_sub(r->net.now, full), kept);
    r->net.after = (struct money_range){money_add(full.low, money_max(MONEY_ZERO, lost.low)),
                                        money_add(full.expected, lost.expected),
                                        money_add(full.high, lost.high)};
    r->net.after.low = money_min(r->net.after.low, r->net.after.expected);
    r->stranded = lost.expected;
    r->stranded_until = money_is_zero(r->stranded) ? 0 : commitment_end(estate, c.end);
}
