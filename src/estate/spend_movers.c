#include <stdlib.h>

#include "spend_parts.h"

/* One resource and sku in the two months that are compared. */
struct pair {
    struct money quantity[2], cost[2];
    bool any[2];
};

struct comparison {
    struct spend_run *run;
    int32_t months[2];
    double scale[2];
};

/* What the changed quantity alone would have changed, at the price before. */
static struct money usage_effect(const struct pair *p)
{
    double before = money_double(p->quantity[0]), after = money_double(p->quantity[1]);
    if (!p->any[0] || !p->any[1] || before <= 0)
        return money_sub(p->cost[1], p->cost[0]);
    return money_sub(money_times(p->cost[0], after / before), p->cost[0]);
}

static void close_pair(const struct comparison *c, struct pair *p, struct spend_mover *mover,
                       bool any[2])
{
    for (int m = 0; m < 2; m++) {
        any[m] |= p->any[m];
        p->cost[m] = money_times(p->cost[m], c->scale[m]);
        p->quantity[m] = money_times(p->quantity[m], c->scale[m]);
    }
    mover->before = money_add(mover->before, p->cost[0]);
    mover->after = money_add(mover->after, p->cost[1]);
    mover->by_usage = money_add(mover->by_usage, usage_effect(p));
    *p = (struct pair){0};
}

static struct money magnitude(struct money m)
{
    return money_max(m, money_neg(m));
}

static void add_resource(const struct comparison *c, uint32_t resource)
{
    const struct estate *estate = c->run->estate;
    struct spend_mover mover = {.resource = resource};
    struct pair pair = {0};
    bool any[2] = {false, false};
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    for (size_t i = 0; i < count; i++) {
        int32_t month = line_month(&lines[i]);
        int m = month == c->months[1];
        if (line_counts(estate, &lines[i]) && (m || month == c->months[0])) {
            pair.any[m] = true;
            pair.cost[m] = money_add(pair.cost[m], lines[i].cost[c->run->options.basis]);
            pair.quantity[m] = money_add(pair.quantity[m], lines[i].quantity);
        }
        if (i + 1 == count || lines[i + 1].sku != lines[i].sku)
            close_pair(c, &pair, &mover, any);
    }
    mover.change = money_sub(mover.after, mover.before);
    mover.by_price = money_sub(mover.change, mover.by_usage);
    if (money_is_zero(mover.change))
        return;
    bool usage = money_cmp(magnitude(mover.by_usage), magnitude(mover.by_price)) >= 0;
    mover.cause = !any[0]   ? MOVER_NEW
                  : !any[1] ? MOVER_GONE
                  : usage   ? MOVER_USAGE
                            : MOVER_PRICE;
    VEC_ADD(&c->run->out->movers, mover);
}

static int by_change(const void *a, const void *b)
{
    const struct spend_mover *x = a, *y = b;
    int order = money_cmp(magnitude(y->change), magnitude(x->change));
    return order ? order : (x->resource > y->resource) - (x->resource < y->resource);
}

void spend_movers(struct spend_run *run)
{
    struct spend *out = run->out;
    size_t n = out->months.count;
    out->before_scale = out->after_scale = 1;
    if (!n)
        return;
    const struct spend_month *after = &out->months.at[n - 1];
    const struct spend_month *before = &out->months.at[n > 1 ? n - 2 : n - 1];
    out->before_month = before->month;
    out->after_month = after->month;
    if (n < 2 || before->hours <= 0 || after->hours <= 0)
        return;
    if (!before->complete || !after->complete) { /* both to the length of the shorter one */
        double shorter = before->hours < after->hours ? before->hours : after->hours;
        out->before_scale = shorter / before->hours;
        out->after_scale = shorter / after->hours;
    }
    struct comparison c = {
        run, {before->month, after->month}, {out->before_scale, out->after_scale}};
    for (size_t i = 0; i < run->estate->resources.count; i++)
        add_resource(&c, (uint32_t)i);
    if (out->movers.count)
        qsort(out->movers.at, out->movers.count, sizeof *out->movers.at, by_change);
}
