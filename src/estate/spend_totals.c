#include <string.h>

#include "spend_parts.h"

enum { HOURS_A_DAY = 24 };

/* First and last hour of the usage of a month, for how much of it the bill covers. */
struct reach {
    int32_t first, last;
};

static void set_coverage(struct spend_run *run, const struct reach *reach)
{
    for (size_t m = 0; m < run->out->months.count; m++) {
        struct spend_month *month = &run->out->months.at[m];
        double whole = month_days(month->month) * (double)HOURS_A_DAY;
        double covered = reach[m].last > reach[m].first ? reach[m].last - reach[m].first : 0;
        month->hours = covered < whole ? covered : whole;
        month->complete = month->hours >= 0.95 * whole;
    }
}

/* Groups that are told apart by a symbol, while they are added up. */
struct groups {
    struct spend_group *at;
    size_t count, room;
    struct map by_name;
    sym last;
    size_t last_index;
};

static size_t group_of(struct groups *groups, struct spend_run *run, sym name)
{
    size_t found;
    if (groups->count && groups->last == name)
        return groups->last_index;
    if (!map_get(&groups->by_name, &name, sizeof name, &found)) {
        found = groups->count;
        groups->at = vec_grow(groups->at, &groups->room, found + 1, sizeof *groups->at);
        groups->at[found] =
            (struct spend_group){.name = name,
                                 .by_month = ARENA_ARRAY(&run->out->arena, struct money,
                                                         run->out->months.count + 1)};
        groups->count++;
        sym *key = ARENA_NEW(&run->out->arena, sym);
        *key = name;
        map_put(&groups->by_name, key, sizeof name, found);
    }
    groups->last = name;
    groups->last_index = found;
    return found;
}

static void add_to_group(struct spend_group *group, const struct money *bases,
                         struct money cost, size_t month, bool by_default)
{
    add_bases(group->total, bases);
    group->by_month[month] = money_add(group->by_month[month], cost);
    if (by_default)
        group->by_default = money_add(group->by_default, cost);
}

enum { BY_SERVICE, BY_ACCOUNT, BY_REGION, GROUPINGS };

struct totals {
    struct groups groups[GROUPINGS];
    struct reach *reach;
};

static void add_usage(struct spend_run *run, struct totals *t, const struct spend_span *span,
                      size_t month)
{
    const struct resource *r = &run->estate->resources.at[span->resource];
    const struct sku *sku = &run->estate->skus.at[span->sku];
    struct money cost = span->cost[run->options.basis];
    bool by_default = r->mapped_by && !strcmp(r->mapped_by, "default");
    const sym names[GROUPINGS] = {sku->service, r->account,
                                  sku->region ? sku->region : r->region};
    struct reach *reach = &t->reach[month];
    add_to_group(&run->out->layers[r->layer], span->cost, cost, month, by_default);
    for (int g = 0; g < GROUPINGS; g++) {
        size_t at = group_of(&t->groups[g], run, names[g]);
        add_to_group(&t->groups[g].at[at], span->cost, cost, month, by_default);
    }
    bool first = reach->first == reach->last;
    reach->first = first || span->first < reach->first ? span->first : reach->first;
    reach->last = first || span->last > reach->last ? span->last : reach->last;
}

static void add_currency(struct spend_run *run, sym currency, const struct money *cost)
{
    for (size_t i = 0; i < run->out->currencies.count; i++)
        if (run->out->currencies.at[i].currency == currency) {
            add_bases(run->out->currencies.at[i].total, cost);
            return;
        }
    struct spend_currency *added = VEC_PUSH(&run->out->currencies);
    added->currency = currency;
    add_bases(added->total, cost);
}

static void add_covered(struct spend *out, const struct sku *sku, const struct money *cost)
{
    if (!charge_is_covered(sku->charge))
        return;
    out->covered_list = money_add(out->covered_list, cost[BASIS_LIST]);
    out->covered_amortized = money_add(out->covered_amortized, cost[BASIS_AMORTIZED]);
}

static void add_spans(struct spend_run *run, struct totals *t)
{
    struct spend *out = run->out;
    for (size_t i = 0; i < run->spans.count; i++) {
        const struct spend_span *span = &run->spans.at[i];
        const struct sku *sku = &run->estate->skus.at[span->sku];
        add_currency(run, sku->currency ? sku->currency : run->estate->currency, span->cost);
        if (!in_currency(run->estate, sku->currency))
            continue;
        size_t month = spend_month_at(out, span->month);
        add_bases(out->months.at[month].by_charge[sku->charge], span->cost);
        add_covered(out, sku, span->cost);
        if (charge_is_usage(sku->charge))
            add_usage(run, t, span, month);
    }
}

/* What the months hold, added up. */
static void add_months(struct spend *out)
{
    for (size_t m = 0; m < out->months.count; m++) {
        struct spend_month *month = &out->months.at[m];
        for (int charge = 0; charge < CHARGE_COUNT; charge++) {
            add_bases(month->total, month->by_charge[charge]);
            add_bases(out->by_charge[charge], month->by_charge[charge]);
        }
        add_bases(out->total, month->total);
    }
    memcpy(out->reconciliation.summed, out->total, sizeof out->total);
}

static int by_cost(const void *a, const void *b)
{
    const struct spend_group *x = a, *y = b;
    int order = money_cmp(y->total[BASIS_AMORTIZED], x->total[BASIS_AMORTIZED]);
    return order ? order : strcmp(sym_or_empty(x->name), sym_or_empty(y->name));
}

static int by_currency(const void *a, const void *b)
{
    const struct spend_currency *x = a, *y = b;
    return strcmp(sym_or_empty(x->currency), sym_or_empty(y->currency));
}

static void count_resources(struct spend_run *run)
{
    for (size_t i = 0; i < run->estate->resources.count; i++) {
        size_t count, s = 0;
        const struct spend_span *spans = spend_spans(run, (uint32_t)i, &count);
        while (s < count && !run->counts[spans[s].sku])
            s++;
        run->out->layers[run->estate->resources.at[i].layer].resources += s < count;
    }
}

#define TAKE_GROUPS(vec, groups)                                                              \
    do {                                                                                      \
        VEC_SORT(groups, by_cost);                                                            \
        (vec)->at = (groups)->at;                                                             \
        (vec)->count = (groups)->count;                                                       \
        (vec)->room = (groups)->room;                                                         \
        map_release(&(groups)->by_name);                                                      \
    } while (0)

void spend_totals(struct spend_run *run)
{
    struct spend *out = run->out;
    struct totals t = {0};
    t.reach = ARENA_ARRAY(&out->arena, struct reach, out->months.count + 1);
    for (int l = 0; l < LAYER_COUNT; l++) {
        out->layers[l].name = layer_name((enum layer)l);
        out->layers[l].index = (uint32_t)l;
        out->layers[l].by_month =
            ARENA_ARRAY(&out->arena, struct money, out->months.count + 1);
    }
    add_spans(run, &t);
    add_months(out);
    set_coverage(run, t.reach);
    count_resources(run);
    TAKE_GROUPS(&out->services, &t.groups[BY_SERVICE]);
    TAKE_GROUPS(&out->accounts, &t.groups[BY_ACCOUNT]);
    TAKE_GROUPS(&out->regions, &t.groups[BY_REGION]);
    VEC_SORT(&out->currencies, by_currency);
}
