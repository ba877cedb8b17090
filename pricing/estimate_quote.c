#include <math.h>

#include "estimate_build.h"

struct money_range money_times_range(struct money unit, struct range quantity)
{
    return (struct money_range){money_times(unit, quantity.low),
                                money_times(unit, quantity.expected),
                                money_times(unit, quantity.high)};
}

struct range quote_usage(const struct quote *q, const char *path, double otherwise)
{
    struct range out = {otherwise, otherwise, otherwise};
    range_read(&out, node_at(q->r->usage, path));
    return out;
}

bool quote_has(const struct quote *q, const char *path)
{
    struct range ignored;
    return range_read(&ignored, node_at(q->r->usage, path));
}

struct cost_component *quote_missing(struct quote *q, const char *name, const char *why)
{
    struct arena *arena = &q->run->out->arena;
    struct cost_component *c = VEC_PUSH(&q->parts);
    c->name = arena_strdup(arena, name);
    c->unit = "";
    c->state = COMPONENT_UNPRICED;
    c->quantity = (struct range){NAN, NAN, NAN};
    c->why = arena_strdup(arena, why);
    return c;
}

struct cost_component *quote_put(struct quote *q, const char *name, const char *unit,
                                 struct range quantity, struct money unit_price,
                                 struct money_range monthly)
{
    struct arena *arena = &q->run->out->arena;
    struct cost_component *c = VEC_PUSH(&q->parts);
    c->name = arena_strdup(arena, name);
    c->unit = arena_strdup(arena, unit);
    c->state = COMPONENT_PRICED;
    c->usage_based = true;
    c->quantity = quantity;
    c->unit_price = unit_price;
    c->monthly = monthly;
    return c;
}

static struct money cost_between(const struct quote *q, const struct price_key *key,
                                 double before, double quantity)
{
    struct money all = MONEY_ZERO, first = MONEY_ZERO;
    book_cost(&all, q->run->book, key, before + quantity, NULL);
    book_cost(&first, q->run->book, key, before, NULL);
    return money_sub(all, first);
}

/* Of a price with tiers the mean: one figure that leads from the quantity to the amount. */
static struct money unit_price(const struct price *price, struct range units,
                               struct money_range monthly)
{
    enum { DECIMALS = 10 };
    bool tiers = price->tier_from > 0 || !isinf(price->tier_to);
    if (!tiers || !(units.expected > 0))
        return price->usd;
    return money_round(money_times(monthly.expected, 1 / units.expected), DECIMALS);
}

struct cost_component *quote_add_after(struct quote *q, const char *name, const char *unit,
                                       const struct price_key *key, struct range quantity,
                                       struct range before)
{
    struct arena *arena = &q->run->out->arena;
    struct price price;
    if (!book_price(&price, q->run->book, key))
        return quote_missing(q, name,
                             arena_printf(arena, "the price book has no %s %s %s in %s",
                                          key->service, key->item,
                                          key->attributes ? key->attributes : "",
                                          key->region ? key->region : "any region"));
    struct money_range monthly = {cost_between(q, key, before.low, quantity.low),
                                  cost_between(q, key, before.expected, quantity.expected),
                                  cost_between(q, key, before.high, quantity.high)};
    const char *label = price.per > 1 ? arena_printf(arena, "%g %s", price.per, unit) : unit;
    struct range units = {quantity.low / price.per, quantity.expected / price.per,
                          quantity.high / price.per};
    struct cost_component *c = quote_put(
        q, name, label, units, unit_price(&price, units, monthly), monthly);
    c->price_key = price.key;
    c->price_region = price.region;
    c->price_source = price.source;
    c->price_date = price.date;
    return c;
}

struct cost_component *quote_add(struct quote *q, const char *name, const char *unit,
                                 const struct price_key *key, struct range quantity)
{
    return quote_add_after(q, name, unit, key, quantity, (struct range){0, 0, 0});
}
