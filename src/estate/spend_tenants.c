#include <string.h>

#include "spend_parts.h"

/* What tenants used of the thing that shared cost is shared out by. */
struct keys {
    struct money *of;
    struct money sum;
};

static bool is_dbu(const struct sku *sku)
{
    return sku->provider == PROVIDER_DATABRICKS || (sku->unit && !strcmp(sku->unit, "DBU"));
}

static bool is_bytes(const struct sku *sku)
{
    return sku->measure && strstr(sku->measure, "TimedStorage") != NULL;
}

static bool is_requests(const struct sku *sku)
{
    return sku->measure &&
           (strstr(sku->measure, "Requests") || strstr(sku->measure, "Request"));
}

static const struct {
    const char *name;
    bool (*counts)(const struct sku *sku);
} key_kinds[] = {
    {"dbu_share", is_dbu},
    {"bytes_share", is_bytes},
    {"requests_share", is_requests},
    {"even", NULL},
};

static void add_key(struct keys *keys, size_t tenant, struct money amount)
{
    keys->of[tenant] = money_add(keys->of[tenant], amount);
    keys->sum = money_add(keys->sum, amount);
}

static void make_even(struct keys *keys, size_t tenants)
{
    keys->sum = MONEY_ZERO;
    for (size_t t = 0; t < tenants; t++)
        keys->of[t] = MONEY_ZERO;
    for (size_t t = 0; t < tenants; t++)
        add_key(keys, t, money_of(1));
}

static bool (*counter_named(const char *name))(const struct sku *)
{
    for (size_t i = 0; i < sizeof key_kinds / sizeof *key_kinds; i++)
        if (!strcmp(key_kinds[i].name, name))
            return key_kinds[i].counts;
    return NULL;
}

static double group_bytes(const struct object_group *group)
{
    double sum = 0;
    for (int a = 0; a < AGE_BINS; a++)
        for (int s = 0; s < SIZE_BINS; s++)
            sum += (double)group->bins[a][s].bytes;
    return sum;
}

/* Whether the objects below `place` of a bucket are the tenant's: s3://bucket/prefix/. */
static bool owns_place(const struct tenant *t, const char *bucket, const char *place)
{
    size_t n = strlen(bucket);
    for (size_t p = 0; p < t->prefixes.count; p++) {
        const char *prefix = t->prefixes.at[p];
        prefix += strncmp(prefix, "s3://", 5) ? 0 : 5;
        if (!strncmp(prefix, bucket, n) && prefix[n] == '/' && prefix[n + 1] &&
            !strncmp(place, prefix + n + 1, strlen(prefix + n + 1)))
            return true;
    }
    return false;
}

/* Whose bytes of a bucket are whose, by the tenants' prefixes in its inventory. */
static bool bucket_shares(struct money *shares, const struct estate *estate, uint32_t bucket)
{
    const char *id = estate->resources.at[bucket].id;
    const char *colon = id ? strrchr(id, ':') : NULL, *name = colon ? colon + 1 : id;
    bool any = false;
    for (size_t g = 0; name && g < estate->objects.count; g++) {
        const struct object_group *group = &estate->objects.at[g];
        if (group->bucket != bucket || !group->prefix || !*group->prefix)
            continue;
        for (size_t t = 0; t < estate->tenants.count; t++)
            if (owns_place(&estate->tenants.at[t], name, group->prefix)) {
                shares[t] = money_add(shares[t], money_of(group_bytes(group)));
                any = true;
            }
    }
    return any;
}

/* amount in the proportion of the keys; the last one with any takes the rounding. */
static void share_out(struct money *to, struct money amount, const struct money *keys,
                      size_t count)
{
    struct money sum = MONEY_ZERO, left = amount;
    size_t last = count;
    for (size_t t = 0; t < count; t++) {
        sum = money_add(sum, keys[t]);
        last = money_is_zero(keys[t]) ? last : t;
    }
    if (last == count)
        return;
    for (size_t t = 0; t < last; t++) {
        struct money part = money_share(amount, keys[t], sum);
        to[t] = money_add(to[t], part);
        left = money_sub(left, part);
    }
    to[last] = money_add(to[last], left);
}

enum owner { OWNED, SPLIT, SHARED, UNATTRIBUTED };

/* Sharing under way: `shares` and `parts` hold one amount a tenant. */
struct sharing {
    struct spend_run *run;
    bool (*counts)(const struct sku *sku);
    struct keys keys;
    struct money *shares, *parts, *shared_by_month;
    size_t tenants;
};

static enum owner owner_of(struct sharing *s, uint32_t resource)
{
    const struct estate *estate = s->run->estate;
    const struct resource *r = &estate->resources.at[resource];
    if (r->tenant < s->tenants)
        return OWNED;
    bool storage = r->layer == LAYER_STORAGE && estate->objects.count;
    memset(s->shares, 0, s->tenants * sizeof *s->shares);
    if (storage && bucket_shares(s->shares, estate, resource))
        return SPLIT;
    return r->mapped_by && strcmp(r->mapped_by, "default") != 0 ? SHARED : UNATTRIBUTED;
}

static void add_direct(struct sharing *s, size_t tenant, size_t month, struct money cost)
{
    struct spend_tenant *t = &s->run->out->tenants.at[tenant];
    t->direct = money_add(t->direct, cost);
    t->by_month[month] = money_add(t->by_month[month], cost);
}

static void add_split(struct sharing *s, size_t month, struct money cost)
{
    memset(s->parts, 0, s->tenants * sizeof *s->parts);
    share_out(s->parts, cost, s->shares, s->tenants);
    for (size_t t = 0; t < s->tenants; t++)
        add_direct(s, t, month, s->parts[t]);
}

static void add_span(struct sharing *s, enum owner owner, const struct spend_span *span,
                     size_t month)
{
    struct spend *out = s->run->out;
    const struct estate *estate = s->run->estate;
    struct money cost = span->cost[s->run->options.basis];
    uint32_t tenant = estate->resources.at[span->resource].tenant;
    if (owner == OWNED)
        add_direct(s, tenant, month, cost);
    else if (owner == SPLIT)
        add_split(s, month, cost);
    else if (owner == SHARED)
        s->shared_by_month[month] = money_add(s->shared_by_month[month], cost);
    else
        out->unattributed = money_add(out->unattributed, cost);
    if (owner == OWNED && s->counts && s->counts(&estate->skus.at[span->sku]))
        add_key(&s->keys, tenant, span->quantity);
}

static void add_resource(struct sharing *s, uint32_t resource)
{
    size_t count;
    const struct spend_span *spans = spend_spans(s->run, resource, &count);
    enum owner owner = count ? owner_of(s, resource) : OWNED;
    for (size_t i = 0; i < count; i++)
        if (s->run->counts[spans[i].sku])
            add_span(s, owner, &spans[i], spend_month_at(s->run->out, spans[i].month));
}

/* Month by month, so that the months of a tenant add up to its total. */
static void share_months(struct sharing *s)
{
    struct spend *out = s->run->out;
    for (size_t m = 0; m < out->months.count; m++) {
        struct money shared = s->shared_by_month[m];
        out->shared = money_add(out->shared, shared);
        memset(s->parts, 0, s->tenants * sizeof *s->parts);
        share_out(s->parts, shared, s->keys.of, s->tenants);
        for (size_t t = 0; t < s->tenants; t++) {
            struct spend_tenant *to = &out->tenants.at[t];
            to->shared = money_add(to->shared, s->parts[t]);
            to->by_month[m] = money_add(to->by_month[m], s->parts[t]);
        }
    }
    for (size_t t = 0; t < s->tenants; t++) {
        struct spend_tenant *to = &out->tenants.at[t];
        to->total = money_add(to->direct, to->shared);
        to->share = money_double(s->keys.of[t]) / money_double(s->keys.sum);
    }
}

void spend_tenants(struct spend_run *run)
{
    struct spend *out = run->out;
    size_t tenants = run->estate->tenants.count, months = out->months.count;
    struct arena *arena = &out->arena;
    struct sharing s = {
        .run = run,
        .counts = counter_named(run->options.shared_by),
        .keys = {ARENA_ARRAY(arena, struct money, tenants + 1), MONEY_ZERO},
        .shares = ARENA_ARRAY(arena, struct money, tenants + 1),
        .parts = ARENA_ARRAY(arena, struct money, tenants + 1),
        .shared_by_month = ARENA_ARRAY(arena, struct money, months + 1),
        .tenants = tenants,
    };
    for (size_t t = 0; t < tenants; t++) {
        struct spend_tenant *added = VEC_PUSH(&out->tenants);
        added->tenant = (uint32_t)t;
        added->by_month = ARENA_ARRAY(arena, struct money, months + 1);
    }
    for (size_t i = 0; tenants && i < run->estate->resources.count; i++)
        add_resource(&s, (uint32_t)i);
    out->shared_by_fallback = s.counts && money_is_zero(s.keys.sum);
    out->shared_by = out->shared_by_fallback ? "even" : run->options.shared_by;
    if (!s.counts || out->shared_by_fallback)
        make_even(&s.keys, tenants);
    if (tenants)
        share_months(&s);
}
