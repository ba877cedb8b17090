#include "pricing/change_commitments.h"

#include <math.h>
#include <string.h>

#include "estimate_build.h"

/* "@ec2 m5.large linux": on-demand instances, which commitments can cover. */
static const char *eligible_type(struct arena *arena, const struct cost_component *c)
{
    static const char mark[] = "@ec2 ";
    const char *key = c->price_key;
    if (c->state != COMPONENT_PRICED || !key || strncmp(key, mark, sizeof mark - 1))
        return NULL;
    key += sizeof mark - 1;
    return arena_strndup(arena, key, strcspn(key, " "));
}

static void collect(struct estimate_run *run, const struct estate_cost *cost)
{
    struct arena *arena = &run->out->arena;
    for (size_t i = 0; i < cost->count; i++)
        for (size_t k = 0; k < cost->resources[i].count; k++) {
            const struct cost_component *c = &cost->resources[i].components[k];
            const char *type = eligible_type(arena, c);
            if (!type)
                continue;
            VEC_ADD(&run->eligible,
                    ((struct eligible){arena_strndup(arena, type, strcspn(type, ".")), type,
                                       c->price_region, c->monthly, c->quantity}));
        }
}

/* What is paid for a side with its commitments, their own cost included. */
static struct money_range with_commitments(const struct estate *map,
                                           const struct estate_cost *cost)
{
    struct estimate out = {.total = cost->total};
    struct estimate_run run = {.out = &out, .estate = map};
    collect(&run, cost);
    estimate_commitments(&run);
    struct money_range after = out.after;
    VEC_FREE(&run.eligible);
    estimate_release(&out);
    return after;
}

bool change_under_map(struct change_commitments *out, const struct estate *map,
                      const struct estate_cost *before, const struct estate_cost *after,
                      struct money_range increase)
{
    *out = (struct change_commitments){0};
    if (!map->commitments.count)
        return false;
    /* Amounts whose other side is not known are left out of the increase; so they are here. */
    struct money_range list = money_range_sub(after->total, before->total);
    struct money_range bill =
        money_range_sub(with_commitments(map, after), with_commitments(map, before));
    out->difference = money_range_add(increase, money_range_sub(bill, list));
    struct money less = money_sub(list.expected, bill.expected);
    if (money_cmp(less, MONEY_ZERO) > 0)
        out->absorbed = less;
    else
        out->stranded = money_neg(less);
    return true;
}

/* The EC2 instances of a bill, in USD a month at on-demand prices. */
struct standing {
    double covered, uncovered, spare;
};

static bool is_covered(const struct sku *sku)
{
    return sku->instance_type && charge_is_covered(sku->charge);
}

static struct standing standing_of(const struct estate *bill)
{
    struct standing s = {0, money_double(bill->uncovered), 0};
    double paid = 0, unused = 0, window = estate_window_hours(bill);
    for (size_t i = 0; i < bill->lines.count; i++) {
        const struct cost_line *line = &bill->lines.at[i];
        const struct sku *sku = &bill->skus.at[line->sku];
        double amortized = money_double(line->cost[BASIS_AMORTIZED]);
        if (is_covered(sku)) {
            s.covered += money_double(cost_line_list(line));
            paid += amortized;
        } else if (sku->charge == CHARGE_RESERVATION_FEE || sku->charge == CHARGE_PLAN_FEE) {
            unused += amortized;
        }
    }
    double rate = s.covered > 0 && paid > 0 ? fmin(1, paid / s.covered) : 1;
    double months = window > 0 ? bill->hours_per_month / window : 0;
    s.spare = fmax(0, unused) / rate * months;
    s.covered *= months;
    s.uncovered *= months;
    return s;
}

static double eligible_usd(struct arena *arena, const struct estate_cost *cost, uint32_t at)
{
    double usd = 0;
    for (size_t k = 0; at != NOTHING && k < cost->resources[at].count; k++) {
        const struct cost_component *c = &cost->resources[at].components[k];
        if (eligible_type(arena, c))
            usd += money_double(c->monthly.expected);
    }
    return usd;
}

bool change_under_bill(struct change_commitments *out, const struct estate *bill,
                       const struct estate_diff *diff, const struct estate_cost *before,
                       const struct estate_cost *after, struct money_range increase)
{
    struct standing s = standing_of(bill);
    struct arena arena = ARENA_INIT;
    double added = 0, removed = 0;
    *out = (struct change_commitments){0};
    if (s.covered <= 0 && s.spare <= 0)
        return false;
    for (size_t i = 0; i < diff->all.count; i++) {
        double d = eligible_usd(&arena, after, diff->all.at[i].after) -
                   eligible_usd(&arena, before, diff->all.at[i].before);
        added += fmax(0, d);
        removed += fmax(0, -d);
    }
    arena_release(&arena);
    double absorbed = fmin(added, s.spare);
    double share = s.covered + s.uncovered > 0 ? s.covered / (s.covered + s.uncovered) : 0;
    double freed = fmin(removed * share, s.covered);
    double stranded = fmax(0, freed - (added - absorbed) - s.uncovered);
    out->absorbed = money_of(absorbed);
    out->stranded = money_of(stranded);
    struct money_range shift = money_range_of(money_sub(out->stranded, out->absorbed));
    out->difference = money_range_add(increase, shift);
    return true;
}
