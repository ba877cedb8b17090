#include "drift_cost.h"

#include <string.h>

bool drift_is_mapped(const struct resource *r)
{
    return r->mapped_by && !strncmp(r->mapped_by, "map:", 4);
}

sym drift_entry_of(const struct estate *estate, uint32_t resource)
{
    const struct resource *r = &estate->resources.at[resource];
    if (drift_is_mapped(r))
        return r->mapped_by;
    if (r->parent != NOTHING)
        return drift_is_mapped(&estate->resources.at[r->parent])
                   ? estate->resources.at[r->parent].mapped_by
                   : NULL;
    size_t count;
    const uint32_t *children = estate_children(estate, resource, &count);
    for (size_t i = 0; i < count; i++)
        if (drift_is_mapped(&estate->resources.at[children[i]]))
            return estate->resources.at[children[i]].mapped_by;
    return NULL;
}

static void put_entries(struct drift_costs *out)
{
    const struct estate *map = out->in->map, *actual = out->in->actual;
    for (uint32_t i = 0; i < map->resources.count; i++) {
        sym by = map->resources.at[i].mapped_by;
        if (by)
            multimap_put(&out->entries, by, strlen(by), i);
    }
    for (uint32_t i = 0; i < actual->resources.count; i++) {
        sym entry = drift_entry_of(actual, i);
        if (entry)
            multimap_put(&out->shown, entry, strlen(entry), i);
    }
}

bool drift_costs_open(struct drift_costs *out, const struct inspection *in, struct err *err)
{
    *out = (struct drift_costs){.in = in, .known = in->book != NULL};
    put_entries(out);
    return !in->book || estimate_compute(&out->meant, in->map, in->book, err);
}

void drift_costs_close(struct drift_costs *costs)
{
    multimap_release(&costs->entries);
    multimap_release(&costs->shown);
    if (costs->known)
        estimate_release(&costs->meant);
}

uint32_t drift_entry(const struct drift_costs *costs, sym mapped_by)
{
    struct multimap_walk w = multimap_find(&costs->entries, mapped_by, strlen(mapped_by));
    return multimap_next(&w) ? (uint32_t)w.value : NOTHING;
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
    struct multimap_walk w = multimap_find(&costs->shown, r->mapped_by, strlen(r->mapped_by));
    while (multimap_next(&w)) {
        const struct resource *other = &costs->in->actual->resources.at[w.value];
        count += other->mapped_by == r->mapped_by && other->type == r->type;
    }
    return count ? (double)count : 1;
}

static int by_entry(const void *a, const void *b)
{
    const struct drift_difference *x = a, *y = b;
    if (x->entry != y->entry)
        return x->entry < y->entry ? -1 : 1;
    return (x->resource > y->resource) - (x->resource < y->resource);
}

static struct estimate_variant variant_of(const struct drift_costs *costs, struct arena *arena,
                                          const struct drift_difference *d)
{
    const struct resource *meant = &costs->in->map->resources.at[d->entry];
    const struct resource *r = &costs->in->actual->resources.at[d->resource];
    return (struct estimate_variant){.resource = d->entry,
                                     .attrs = overlaid(arena, meant->attrs, r->attrs),
                                     .region = r->region ? r->region : meant->region};
}

static struct money_range more_than_meant(const struct drift_costs *costs,
                                          const struct drift_difference *d,
                                          const struct estimate_variant *v)
{
    if (!drift_is_known(costs, d->entry) || v->status != COST_PRICED)
        return money_range_of(MONEY_ZERO);
    return money_range_times(money_range_sub(v->cost, drift_meant(costs, d->entry)),
                             1 / shown_by(costs, &costs->in->actual->resources.at[d->resource]));
}

void drift_price(struct drift_differences *differences, const struct drift_costs *costs)
{
    struct arena arena = ARENA_INIT;
    size_t count = differences->all.count;
    struct drift_difference *all = differences->all.at;
    struct estimate_variant *variants = ARENA_ARRAY(&arena, struct estimate_variant, count);
    VEC_SORT(&differences->all, by_entry);
    for (size_t i = 0; i < count; i++)
        variants[i] = variant_of(costs, &arena, &all[i]);
    if (costs->known && estimate_variants(variants, count, costs->in->map, costs->in->book, NULL))
        for (size_t i = 0; i < count; i++)
            all[i].cost = more_than_meant(costs, &all[i], &variants[i]);
    arena_release(&arena);
}
