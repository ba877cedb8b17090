#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "cluster.h"

/*
 * Prices of a node by type and terms: region, SKU, tier, volumes. Thousands of clusters on
 * a few terms ask for every type, so that terms are told apart once and numbered.
 */
struct rate_cache {
    struct map terms;   /* as text -> their number */
    struct map by_node; /* number and type -> index into usd */
    struct arena keys;
    VEC(double) usd;
    VEC(double *) of_types; /* by the number of the terms: of each of run->types; 0 unasked */
    struct cluster_shape last; /* the terms asked for last, and their number */
    size_t last_number, numbers;
};

void rate_cache_free(struct rate_cache *cache)
{
    if (!cache)
        return;
    map_release(&cache->terms);
    map_release(&cache->by_node);
    arena_release(&cache->keys);
    VEC_FREE(&cache->usd);
    VEC_FREE(&cache->of_types);
    free(cache);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static bool same_terms(const struct cluster_shape *a, const struct cluster_shape *b)
{
    const double x[] = {a->dbu_discount, a->ebs_count, a->ebs_gib, a->ebs_iops,
                        a->ebs_mb_per_s};
    const double y[] = {b->dbu_discount, b->ebs_count, b->ebs_gib, b->ebs_iops,
                        b->ebs_mb_per_s};
    return same_text(a->region, b->region) && same_text(a->sku, b->sku) &&
           same_text(a->tier, b->tier) && same_text(a->ebs_type, b->ebs_type) &&
           a->photon == b->photon && !memcmp(x, y, sizeof x);
}

static size_t number_of(struct rate_cache *cache, const struct cluster_shape *s)
{
    struct buf key = BUF_INIT;
    if (cache->numbers && same_terms(&cache->last, s))
        return cache->last_number;
    buf_printf(&key, "%s|%s|%s|%d|%g|%s|%g|%g|%g|%g", sym_or_empty(s->region), s->sku, s->tier,
               s->photon, s->dbu_discount, sym_or_empty(s->ebs_type), s->ebs_count, s->ebs_gib,
               s->ebs_iops, s->ebs_mb_per_s);
    cache->last = *s;
    if (!map_get(&cache->terms, key.text, key.length, &cache->last_number)) {
        cache->last_number = cache->numbers++;
        map_put(&cache->terms, arena_strndup(&cache->keys, key.text, key.length), key.length,
                cache->last_number);
    }
    buf_release(&key);
    return cache->last_number;
}

static double price(const struct cluster_run *run, const struct cluster_shape *shape,
                    const char *type)
{
    struct cluster_shape node = *shape;
    struct cluster_rate rate;
    node.worker_type = node.driver_type = type;
    node.workers = node.spot_share = 0;
    node.dbu_driver = node.dbu_worker = NAN;
    return cluster_rate(&rate, run->in->book, &node) ? money_double(rate.usd_per_hour) : NAN;
}

static struct rate_cache *cache_of(struct cluster_run *run)
{
    if (!run->rates)
        run->rates = mem_alloc(sizeof *run->rates);
    return run->rates;
}

double cluster_type_usd(struct cluster_run *run, const struct cluster_shape *shape,
                        size_t type)
{
    struct rate_cache *cache = cache_of(run);
    size_t number = number_of(cache, shape);
    while (cache->of_types.count <= number)
        VEC_ADD(&cache->of_types, ARENA_ARRAY(&cache->keys, double, run->types.count));
    double *usd = &cache->of_types.at[number][type];
    if (!isnan(*usd) && *usd <= 0)
        *usd = price(run, shape, run->types.at[type]->name);
    return *usd;
}

double cluster_node_usd(struct cluster_run *run, const struct cluster_shape *shape,
                        const char *type)
{
    enum { LONGEST_TYPE = 64 };
    struct rate_cache *cache = cache_of(run);
    size_t number = number_of(cache, shape), found, length = strlen(type);
    char key[sizeof number + LONGEST_TYPE];
    if (length > LONGEST_TYPE)
        return price(run, shape, type);
    memcpy(key, &number, sizeof number);
    memcpy(key + sizeof number, type, length);
    length += sizeof number;
    if (!map_get(&cache->by_node, key, length, &found)) {
        found = cache->usd.count;
        VEC_ADD(&cache->usd, price(run, shape, type));
        map_put(&cache->by_node, arena_strndup(&cache->keys, key, length), length, found);
    }
    return cache->usd.at[found];
}
