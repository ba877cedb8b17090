#include "companions.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

enum { MOST_LINKS = 4 };

/* References that lead from a companion to what it is about, as far as they can be followed. */
struct chain {
    const char *link[MOST_LINKS];
    size_t links;
};

struct companions {
    struct arena arena;
    const char *type, *path;
    bool *named;            /* per resource of the estate */
    VEC(struct chain) open; /* whose end is known only after apply */
    const char *asked;      /* the type that was asked for last, of which `otherwise` says */
    enum verdict otherwise; /* what holds for those that no companion names */
};

/* "module.lake.aws_s3_bucket.raw.id" is of another bucket, whichever that is. */
static bool names_type(const char *reference, const char *type)
{
    size_t n = strlen(type);
    for (const char *at = reference; (at = strstr(at, type)); at += n)
        if ((at == reference || at[-1] == '.') && at[n] == '.')
            return true;
    return false;
}

static bool may_lead_to(const struct chain *chain, const char *type)
{
    for (size_t i = 0; type && i < chain->links; i++)
        if (names_type(chain->link[i], type))
            return false;
    return true;
}

static void mark_named(struct companions *c, const struct names *names, const struct chain *chain,
                       const struct node *attribute, const struct resource *from)
{
    struct named named;
    names_find(&named, names, attribute, from);
    for (size_t i = 0; i < named.all.count; i++)
        if (may_lead_to(chain, names->estate->resources.at[named.all.at[i]].type))
            c->named[named.all.at[i]] = true;
    VEC_FREE(&named.all);
}

static const struct resource *first_named(const struct names *names, const struct node *unknown)
{
    struct named named;
    names_find(&named, names, unknown, NULL);
    const struct resource *first =
        named.all.count ? &names->estate->resources.at[named.all.at[0]] : NULL;
    VEC_FREE(&named.all);
    return first;
}

/* A companion may name a bucket by way of another companion, or by nothing that is known yet. */
static void follow(struct companions *c, const struct names *names,
                   const struct resource *companion)
{
    struct chain chain = {.links = 0};
    const struct resource *from = companion;
    while (from && chain.links < MOST_LINKS) {
        const struct node *attribute = node_at(from->attrs, c->path);
        if (!attribute && chain.links)
            break;
        mark_named(c, names, &chain, attribute, from);
        if (!node_is(attribute, NODE_UNKNOWN))
            return;
        chain.link[chain.links++] = attribute->text;
        from = first_named(names, attribute);
    }
    VEC_ADD(&c->open, chain);
}

static struct companions *find_all(const struct names *names, const char *type, const char *path)
{
    struct companions *c = mem_alloc(sizeof *c);
    *c = (struct companions){.arena = ARENA_INIT};
    c->type = arena_strdup(&c->arena, type);
    c->path = arena_strdup(&c->arena, path);
    c->named = ARENA_ARRAY(&c->arena, bool, names->estate->resources.count);
    struct multimap_walk w = multimap_find(&names->by_type, type, strlen(type));
    while (multimap_next(&w))
        follow(c, names, &names->estate->resources.at[w.value]);
    return c;
}

static struct companions *companions_of(struct companions_cache *cache, const struct names *names,
                                        const char *type, const char *path)
{
    for (size_t i = 0; i < cache->kinds.count; i++) {
        struct companions *known = cache->kinds.at[i];
        if (!strcmp(known->type, type) && !strcmp(known->path, path))
            return known;
    }
    VEC_ADD(&cache->kinds, find_all(names, type, path));
    return cache->kinds.at[cache->kinds.count - 1];
}

void companions_release(struct companions_cache *cache)
{
    for (size_t i = 0; i < cache->kinds.count; i++) {
        VEC_FREE(&cache->kinds.at[i]->open);
        arena_release(&cache->kinds.at[i]->arena);
        free(cache->kinds.at[i]);
    }
    VEC_FREE(&cache->kinds);
}

/* Resources are asked for type by type: what was found for the type before is kept. */
static enum verdict of_unnamed(struct companions *c, const char *type)
{
    if (c->asked && !strcmp(c->asked, type))
        return c->otherwise;
    c->asked = type;
    c->otherwise = FAILS;
    for (size_t i = 0; i < c->open.count && c->otherwise == FAILS; i++)
        c->otherwise = may_lead_to(&c->open.at[i], type) ? CANNOT_TELL : FAILS;
    return c->otherwise;
}

enum verdict has_companion(struct companions_cache *cache, const struct names *names,
                           uint32_t resource, const char *type, const char *path)
{
    struct companions *c = companions_of(cache, names, type, path);
    return c->named[resource] ? HOLDS : of_unnamed(c, names->estate->resources.at[resource].type);
}
