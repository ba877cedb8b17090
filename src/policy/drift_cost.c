#include "drift_cost.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

bool drift_costs_open(struct drift_costs *out, const struct inspection *in, struct err *err)
{
    *out = (struct drift_costs){.in = in, .known = in->book != NULL};
    return !in->book || estimate_compute(&out->meant, in->map, in->book, err);
}

void drift_costs_close(struct drift_costs *costs)
{
    if (costs->known)
        estimate_release(&costs->meant);
}

uint32_t drift_entry(const struct estate *map, sym mapped_by)
{
    for (uint32_t i = 0; i < map->resources.count; i++) {
        const char *by = map->resources.at[i].mapped_by;
        if (by && !strcmp(by, mapped_by))
            return i;
    }
    return NOTHING;
}

struct money_range drift_meant(const struct drift_costs *costs, uint32_t entry)
{
    return costs->known ? costs->meant.by_resource[entry] : money_range_of(MONEY_ZERO);
}

bool drift_is_known(const struct drift_costs *costs, uint32_t entry)
{
    return costs->known && costs->meant.status[entry] == COST_PRICED;
}

/* What is there counts; what it leaves open is as the map says. */
static const struct node *overlaid(struct arena *arena, const struct node *meant,
                                   const struct node *is)
{
    struct node *out = node_new(arena, NODE_MAP);
    for (size_t i = 0; node_is(is, NODE_MAP) && i < is->count; i++)
        if (!node_absent(is->items[i]) && !node_is(is->items[i], NODE_UNKNOWN))
            node_add(arena, out, is->items[i]->key, node_copy(arena, is->items[i]));
    for (size_t i = 0; node_is(meant, NODE_MAP) && i < meant->count; i++)
        if (!node_get(out, meant->items[i]->key))
            node_add(arena, out, meant->items[i]->key, node_copy(arena, meant->items[i]));
    return out;
}

/* How many there are of an entry: a difference of one of six is a sixth of the entry's. */
static double shown_by(const struct drift_costs *costs, const struct resource *r)
{
    size_t count = 0;
    for (size_t i = 0; i < costs->in->actual->resources.count; i++) {
        const struct resource *other = &costs->in->actual->resources.at[i];
        count += other->mapped_by == r->mapped_by && other->type == r->type;
    }
    return count ? (double)count : 1;
}

struct money_range drift_difference(const struct drift_costs *costs, uint32_t entry,
                                    uint32_t resource)
{
    struct money_range difference = money_range_of(MONEY_ZERO);
    struct arena arena = ARENA_INIT;
    struct estimate actual;
    if (!drift_is_known(costs, entry))
        return difference;
    const struct resource *r = &costs->in->actual->resources.at[resource];
    struct estate trial = *costs->in->map;
    struct resource one = trial.resources.at[entry];
    one.attrs = overlaid(&arena, one.attrs, r->attrs);
    one.region = r->region ? r->region : one.region;
    size_t bytes = trial.resources.count * sizeof one;
    trial.resources.at = mem_alloc(bytes);
    memcpy(trial.resources.at, costs->in->map->resources.at, bytes);
    trial.resources.at[entry] = one;
    if (estimate_compute(&actual, &trial, costs->in->book, NULL)) {
        if (actual.status[entry] == COST_PRICED)
            difference = money_range_times(
                money_range_sub(actual.by_resource[entry], costs->meant.by_resource[entry]),
                1 / shown_by(costs, r));
        estimate_release(&actual);
    }
    free(trial.resources.at);
    arena_release(&arena);
    return difference;
}
