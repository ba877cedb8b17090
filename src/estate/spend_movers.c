#include <stdlib.h>

#include "base/mem.h"
#include "spend_parts.h"

/* One sku of a resource, and of what belongs to it, in the two months. */
struct pair {
    struct money quantity[2], cost[2];
    double rate[2]; /* from the month's bill to a month of the estate's length */
    bool any[2];
};

struct comparison {
    struct spend_run *run;
    const struct spend_month *months[2];
    struct pair *pairs; /* by sku */
    uint32_t *skus;     /* those that have a pair */
    size_t count;
};

enum { DEEPEST = 4 }; /* volumes below instances below clusters below jobs */

/* A cent or less is rounding. */
static const double least_change_usd = 0.01;

/* What the changed quantity alone would have changed, at the price before. */
static struct money usage_effect(const struct pair *p)
{
    double before = money_double(p->quantity[0]), after = money_double(p->quantity[1]);
    if (!p->any[0] || !p->any[1] || before <= 0)
        return money_sub(p->cost[1], p->cost[0]);
    return money_sub(money_times(p->cost[0], after / before), p->cost[0]);
}

static void close_pair(struct pair *p, struct spend_mover *mover, bool any[2])
{
    for (int m = 0; m < 2; m++) {
        any[m] |= p->any[m];
        p->cost[m] = money_times(p->cost[m], p->rate[m]);
        p->quantity[m] = money_times(p->quantity[m], p->rate[m]);
    }
    mover->before = money_add(mover->before, p->cost[0]);
    mover->after = money_add(mover->after, p->cost[1]);
    mover->by_usage = money_add(mover->by_usage, usage_effect(p));
    *p = (struct pair){0};
}

static void add_span(struct comparison *c, const struct spend_span *span)
{
    int m = span->month == c->months[1]->month;
    if (!c->run->counts[span->sku] || (!m && span->month != c->months[0]->month))
        return;
    struct pair *p = &c->pairs[span->sku];
    if (!p->any[0] && !p->any[1])
        c->skus[c->count++] = span->sku;
    p->any[m] = true;
    p->rate[m] =
        estate_month_hours(c->run->estate, span->sku, span->month) / c->months[m]->hours;
    p->cost[m] = money_add(p->cost[m], span->cost[c->run->options.basis]);
    p->quantity[m] = money_add(p->quantity[m], span->quantity);
}

/* The instances of a cluster come and go by themselves: what moved is the cluster. */
static void add_with_children(struct comparison *c, uint32_t resource, int depth)
{
    size_t count;
    const struct spend_span *spans = spend_spans(c->run, resource, &count);
    for (size_t i = 0; i < count; i++)
        add_span(c, &spans[i]);
    const uint32_t *children = estate_children(c->run->estate, resource, &count);
    for (size_t i = 0; i < count && depth < DEEPEST; i++)
        add_with_children(c, children[i], depth + 1);
}

static struct money magnitude(struct money m)
{
    return money_max(m, money_neg(m));
}

static void add_mover(struct comparison *c, uint32_t resource)
{
    struct spend_mover mover = {.resource = resource};
    bool any[2] = {false, false};
    c->count = 0;
    add_with_children(c, resource, 0);
    for (size_t i = 0; i < c->count; i++)
        close_pair(&c->pairs[c->skus[i]], &mover, any);
    mover.change = money_sub(mover.after, mover.before);
    mover.by_price = money_sub(mover.change, mover.by_usage);
    if (money_double(magnitude(mover.change)) < least_change_usd)
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
    const struct estate *estate = run->estate;
    size_t n = out->months.count, resources = estate->resources.count;
    if (!n)
        return;
    struct comparison c = {
        .run = run, .months = {&out->months.at[n > 1 ? n - 2 : 0], &out->months.at[n - 1]}};
    out->before_month = c.months[0]->month;
    out->after_month = c.months[1]->month;
    if (n < 2 || c.months[0]->hours <= 0 || c.months[1]->hours <= 0)
        return;
    c.pairs = mem_alloc((estate->skus.count + 1) * sizeof *c.pairs);
    c.skus = mem_alloc((estate->skus.count + 1) * sizeof *c.skus);
    for (uint32_t i = 0; i < resources; i++)
        if (estate->resources.at[i].parent >= resources)
            add_mover(&c, i);
    free(c.pairs);
    free(c.skus);
    VEC_SORT(&out->movers, by_change);
}
