#include <math.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "fill.h"

/* One commitment while its fees and lines are put together. */
struct gathered {
    sym id;
    struct commitment found;
    VEC(struct commitment_month) months;
    double hours;               /* that its fees are for */
    int32_t first_hour, last_hour; /* of its lines */
    bool by_fees;               /* they say how much was committed and used */
};

struct gathering {
    struct fill *f;
    VEC(struct gathered) all;
    struct map by_id;
};

static struct gathered *gathered_of(struct gathering *g, sym id)
{
    size_t index;
    if (map_get(&g->by_id, id, strlen(id), &index))
        return &g->all.at[index];
    map_put(&g->by_id, id, strlen(id), g->all.count);
    struct gathered *c = VEC_PUSH(&g->all);
    *c = (struct gathered){.id = id, .found = {.arn = id, .discount = NAN, .count = NAN,
                                               .utilisation = NAN, .source = "bill"},
                           .first_hour = INT32_MAX, .last_hour = INT32_MIN};
    return c;
}

static struct commitment_month *month_at(struct gathered *c, int32_t month)
{
    for (size_t i = 0; i < c->months.count; i++)
        if (c->months.at[i].month == month)
            return &c->months.at[i];
    struct commitment_month *m = VEC_PUSH(&c->months);
    m->month = month;
    return m;
}

/* What AWS calls a plan's offering, and how the usage types of its fees begin. */
static const struct {
    const char *offering, *measure;
    enum commitment_kind kind;
} plans[] = {
    {"ComputeSavingsPlans", "ComputeSP", COMMITMENT_COMPUTE_PLAN},
    {"EC2InstanceSavingsPlans", "EC2SP", COMMITMENT_EC2_PLAN},
    {"SageMakerSavingsPlans", "SageMakerSP", COMMITMENT_OTHER_PLAN},
    {"DatabaseSavingsPlans", "DatabaseSP", COMMITMENT_OTHER_PLAN},
};

static enum commitment_kind kind_of(const struct sku *sku, const char *offering)
{
    if (sku->charge == CHARGE_RESERVATION_FEE || sku->charge == CHARGE_RESERVED_USAGE ||
        strstr(sku->commitment, "reserved-instances"))
        return COMMITMENT_RESERVATION;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        if (!strcmp(plans[i].offering, offering) ||
            (!*offering && sku->measure &&
             !strncmp(sku->measure, plans[i].measure, strlen(plans[i].measure))))
            return plans[i].kind;
    return *offering ? COMMITMENT_OTHER_PLAN : COMMITMENT_COMPUTE_PLAN;
}

/* A region's name has its number behind a hyphen; "Any" and names of places are none. */
static bool is_region(const char *text)
{
    size_t n = strlen(text);
    return n > 2 && text[n - 2] == '-' && text[n - 1] >= '0' && text[n - 1] <= '9';
}

/* Of fees that differ the one last in order counts, whichever worker read it. */
static void set_latest(sym *to, sym text)
{
    if (text && (!*to || strcmp(text, *to) > 0))
        *to = text;
}

static void describe(struct gathering *g, struct gathered *c, const struct sku *sku,
                     const struct commitment_sum *fee)
{
    struct intern *symbols = g->f->into->symbols;
    enum commitment_kind kind = kind_of(sku, fee->kind);
    c->found.kind = kind > c->found.kind ? kind : c->found.kind;
    c->found.end = fee->end > c->found.end ? fee->end : c->found.end;
    if (fee->family[0])
        set_latest(&c->found.family, intern(symbols, fee->family));
    if (is_region(fee->region))
        set_latest(&c->found.region, intern(symbols, fee->region));
    if (c->found.kind != COMMITMENT_RESERVATION)
        return;
    set_latest(&c->found.instance_type, sku->instance_type);
    set_latest(&c->found.region, sku->region);
    if (fee->count)
        c->found.count = fmax(c->found.count, money_double((struct money){fee->count}));
}

static void add_fee(struct gathering *g, size_t worker, const struct commitment_sum *fee)
{
    uint32_t number = g->f->sku[g->f->skus.number_of[worker][fee->sku]];
    if (number == NOTHING)
        return;
    const struct sku *sku = &g->f->into->skus.at[number];
    struct gathered *c = gathered_of(g, sku->commitment);
    describe(g, c, sku, fee);
    if (!fee->seconds)
        return;
    struct commitment_month *m = month_at(c, fee->month);
    m->committed.atto += fee->committed;
    m->used.atto += fee->used;
    c->hours += (double)fee->seconds / 3600;
    c->by_fees = true;
}

/* Without a fee that says so, what was committed is what the lines cost together. */
static void add_line(struct gathered *c, const struct cost_line *line, bool usage)
{
    struct commitment_month *m = month_at(c, month_of((day)(line->hour / 24)));
    struct money cost = line->cost[BASIS_AMORTIZED];
    int32_t end = line->hour + (int32_t)line->hours;
    c->first_hour = line->hour < c->first_hour ? line->hour : c->first_hour;
    c->last_hour = end > c->last_hour ? end : c->last_hour;
    if (usage) {
        m->covered_list = money_add(m->covered_list, line->cost[BASIS_LIST]);
        m->covered_amortized = money_add(m->covered_amortized, cost);
    }
    if (c->by_fees)
        return;
    m->committed = money_add(m->committed, cost);
    if (usage)
        m->used = money_add(m->used, cost);
}

static void add_run(struct gathering *g, const struct line_run *run)
{
    const struct cost_line *lines = g->f->into->lines.at;
    const struct sku *sku = &g->f->into->skus.at[lines[run->first].sku];
    struct gathered *c = gathered_of(g, sku->commitment);
    if (c->found.kind == COMMITMENT_COMPUTE_PLAN && !c->by_fees)
        c->found.kind = kind_of(sku, "");
    for (size_t i = run->first; i < run->end; i++)
        add_line(c, &lines[i], charge_is_usage(sku->charge));
}

static int by_month(const void *a, const void *b)
{
    const struct commitment_month *x = a, *y = b;
    return (x->month > y->month) - (x->month < y->month);
}

static void finish(struct gathering *g, struct gathered *c)
{
    struct commitment_month all = {.month = 0};
    size_t n = c->months.count;
    struct commitment_month *months = ARENA_ARRAY(&g->f->into->arena, struct commitment_month, n);
    VEC_SORT(&c->months, by_month);
    if (n)
        memcpy(months, c->months.at, n * sizeof *months);
    for (size_t i = 0; i < n; i++) {
        all.committed = money_add(all.committed, months[i].committed);
        all.used = money_add(all.used, months[i].used);
        all.covered_list = money_add(all.covered_list, months[i].covered_list);
        all.covered_amortized = money_add(all.covered_amortized, months[i].covered_amortized);
    }
    double committed = money_double(all.committed), list = money_double(all.covered_list);
    double hours = c->by_fees ? c->hours : (double)c->last_hour - c->first_hour;
    c->found.months = months;
    c->found.month_count = n;
    if (committed > 0) {
        c->found.utilisation = money_double(all.used) / committed;
        c->found.usd_per_hour = hours > 0 ? money_of(committed / hours) : MONEY_ZERO;
    }
    if (list > 0 && money_double(all.covered_amortized) < list)
        c->found.discount = 1 - money_double(all.covered_amortized) / list;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct gathered *)a)->id, ((const struct gathered *)b)->id);
}

void fill_commitments(struct fill *f)
{
    struct gathering g = {.f = f};
    for (size_t w = 0; w < f->count; w++)
        for (size_t i = 0; i < f->workers[w].commitments.count; i++)
            add_fee(&g, w, &f->workers[w].commitments.at[i]);
    for (size_t i = 0; i < f->committed.count; i++)
        add_run(&g, &f->committed.at[i]);
    VEC_SORT(&g.all, by_id);
    for (size_t i = 0; i < g.all.count; i++) {
        finish(&g, &g.all.at[i]);
        VEC_ADD(&f->into->commitments, g.all.at[i].found);
        VEC_FREE(&g.all.at[i].months);
    }
    VEC_FREE(&g.all);
    map_release(&g.by_id);
}
