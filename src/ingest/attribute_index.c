#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "base/glob.h"
#include "base/map.h"
#include "base/mem.h"

/* One name or tag that an entry goes by; those of one spelling are a chain, lowest entry
 * first. */
struct name {
    uint32_t entry, next;
    bool typed; /* a plain name: two kinds of things may share it */
};

struct entry_index {
    const struct layer_map *map;
    struct map by_name; /* text -> index of the chain's first name */
    struct map by_tag;  /* "key=value", of each entry the pair that fewest others have */
    struct arena tags;  /* its keys */
    VEC(struct name) names;
    VEC(uint32_t) patterns; /* entries with wildcards, descending */
};

/* Entries come from the last to the first, so that each goes to the head of its chain. */
static void add_name(struct entry_index *index, struct map *chains, uint32_t entry,
                     const char *text, bool typed)
{
    size_t next = NOTHING;
    map_get(chains, text, strlen(text), &next);
    map_put(chains, text, strlen(text), index->names.count);
    VEC_ADD(&index->names, ((struct name){entry, (uint32_t)next, typed}));
}

static bool add_text(struct entry_index *index, uint32_t entry, const struct node *n,
                     bool typed)
{
    const char *text = node_text(n, NULL);
    if (!text || !*text)
        return false;
    if (glob_has_wildcard(text))
        return true;
    add_name(index, &index->by_name, entry, text, typed);
    return false;
}

static const char *pair_text(struct arena *arena, const struct node *tag)
{
    return arena_printf(arena, "%s=%s", tag->key, node_text(tag, ""));
}

static bool is_exact(const struct node *tag)
{
    return node_text(tag, NULL) && !glob_has_wildcard(tag->text);
}

static const struct node *tags_of(const struct entry_index *index, uint32_t entry)
{
    const struct node *tags = node_get(index->map->entries.at[entry].node, "tags");
    return node_is(tags, NODE_MAP) && tags->count ? tags : NULL;
}

/* How many entries have each exact pair: 10,000 clusters share one Vendor, not one JobId. */
static void count_pairs(const struct entry_index *index, struct map *counts,
                        struct arena *arena)
{
    for (uint32_t i = 0; i < index->map->entries.count; i++) {
        const struct node *tags = tags_of(index, i);
        for (size_t t = 0; tags && t < tags->count; t++) {
            size_t count = 0;
            if (!is_exact(tags->items[t]))
                continue;
            const char *pair = pair_text(arena, tags->items[t]);
            map_get(counts, pair, strlen(pair), &count);
            map_put(counts, pair, strlen(pair), count + 1);
        }
    }
}

/* False: the entry has tags, but none without wildcards. */
static bool add_tags(struct entry_index *index, const struct map *counts, uint32_t entry)
{
    const struct node *tags = tags_of(index, entry);
    const char *rarest = NULL;
    size_t fewest = SIZE_MAX;
    for (size_t t = 0; tags && t < tags->count; t++) {
        size_t count;
        if (!is_exact(tags->items[t]))
            continue;
        const char *pair = pair_text(&index->tags, tags->items[t]);
        if (map_get(counts, pair, strlen(pair), &count) && count < fewest) {
            fewest = count;
            rarest = pair;
        }
    }
    if (rarest)
        add_name(index, &index->by_tag, entry, rarest, true);
    return !tags || rarest;
}

static void add_entry(struct entry_index *index, const struct map *counts, uint32_t entry)
{
    const struct node *n = index->map->entries.at[entry].node, *ids = node_get(n, "ids");
    bool pattern = !add_tags(index, counts, entry);
    pattern |= add_text(index, entry, node_get(n, "arn"), false);
    pattern |= add_text(index, entry, node_get(n, "tf"), false);
    pattern |= add_text(index, entry, node_get(n, "name"), true);
    pattern |= add_text(index, entry, node_get(n, "databricks_workspace_id"), false);
    if (node_is(ids, NODE_LIST))
        for (size_t i = 0; i < ids->count; i++)
            pattern |= add_text(index, entry, ids->items[i], false);
    else
        pattern |= add_text(index, entry, ids, false);
    if (pattern)
        VEC_ADD(&index->patterns, entry);
}

struct entry_index *entry_index_open(const struct layer_map *map)
{
    struct entry_index *index = mem_alloc(sizeof *index);
    struct map counts = MAP_INIT;
    struct arena keys = ARENA_INIT;
    index->map = map;
    count_pairs(index, &counts, &keys);
    for (size_t i = map->entries.count; i-- > 0;)
        add_entry(index, &counts, (uint32_t)i);
    map_release(&counts);
    arena_release(&keys);
    return index;
}

void entry_index_free(struct entry_index *index)
{
    if (!index)
        return;
    map_release(&index->by_name);
    map_release(&index->by_tag);
    arena_release(&index->tags);
    VEC_FREE(&index->names);
    VEC_FREE(&index->patterns);
    free(index);
}

/* The bill knows a volume or an instance of a cluster by another type than the map. */
static bool type_fits(const char *entry, const char *type)
{
    static const char *const load_balancers[] = {"aws_lb", "aws_alb", "aws_elb"};
    if (!type || !entry || !strcmp(entry, type))
        return true;
    bool node = !strcmp(type, "aws_instance") || !strcmp(type, "aws_ebs_volume");
    if (node && !strncmp(entry, "databricks_", 11))
        return true;
    int of = 0;
    for (size_t i = 0; i < 3; i++)
        of += !strcmp(entry, load_balancers[i]) || !strcmp(type, load_balancers[i]);
    return of == 2 ||
           (!strncmp(entry, "databricks_", 11) && !strncmp(type, "databricks_", 11));
}

/* Regions and accounts that an entry states must agree where the bill knows them. */
static bool place_fits(const struct node *entry, const struct resource *r)
{
    const char *account = node_text(node_get(entry, "account"), NULL);
    const char *region = node_text(node_get(entry, "region"), NULL);
    return (!account || !r->account || !strcmp(account, r->account)) &&
           (!region || !r->region || !strcmp(region, r->region));
}

static void look_up(const struct entry_index *index, const struct resource *r,
                    const char *text, size_t length, uint32_t *best)
{
    size_t first;
    if (!length || !map_get(&index->by_name, text, length, &first))
        return;
    for (uint32_t n = (uint32_t)first; n != NOTHING; n = index->names.at[n].next) {
        const struct name *name = &index->names.at[n];
        const struct map_entry *entry = &index->map->entries.at[name->entry];
        const char *type = index->map->estate->resources.at[entry->resource].type;
        if (name->entry < *best && place_fits(entry->node, r) &&
            (!name->typed || type_fits(type, r->type)))
            *best = name->entry;
    }
}

/* An ARN also goes by its last parts: "bucket", "i-0ab", "app/name/id" and its name. */
static void look_up_names(const struct entry_index *index, const struct resource *r,
                          const char *text, uint32_t *best)
{
    look_up(index, r, text, strlen(text), best);
    const char *colon = strrchr(text, ':'), *slash = strrchr(text, '/');
    if (colon)
        look_up(index, r, colon + 1, strlen(colon + 1), best);
    if (slash)
        look_up(index, r, slash + 1, strlen(slash + 1), best);
    const char *part = strstr(text, "loadbalancer/");
    if (part && strchr(part + 13, '/')) {
        part = strchr(part + 13, '/') + 1;
        look_up(index, r, part, strcspn(part, "/"), best);
    }
}

static bool pattern_matches(const struct node *entry, const struct resource *r)
{
    static const char *const keys[] = {"arn", "name", "ids"};
    const char *const names[] = {r->id, r->key, r->name};
    const struct node *tags = node_get(entry, "tags");
    if (!place_fits(entry, r))
        return false;
    if (node_is(tags, NODE_MAP) && tags_match(tags, r->tags))
        return true;
    for (size_t k = 0; k < 3; k++)
        for (size_t n = 0; n < 3; n++)
            if (names[n] && texts_match(node_get(entry, keys[k]), names[n]))
                return true;
    return r->address && texts_match(node_get(entry, "tf"), r->address);
}

/* Tags alone say whose a resource is, not what it is: the type must agree. */
static bool pattern_fits(const struct entry_index *index, uint32_t entry,
                         const struct resource *r)
{
    const struct map_entry *e = &index->map->entries.at[entry];
    const char *type = index->map->estate->resources.at[e->resource].type;
    return type_fits(type, r->type) && pattern_matches(e->node, r);
}

static void look_up_tags(const struct entry_index *index, const struct resource *r,
                         uint32_t *best)
{
    struct arena text = ARENA_INIT;
    for (size_t i = 0; r->tags && i < r->tags->count; i++) {
        size_t first;
        if (!node_text(r->tags->items[i], NULL))
            continue;
        const char *pair = pair_text(&text, r->tags->items[i]);
        if (!map_get(&index->by_tag, pair, strlen(pair), &first))
            continue;
        for (uint32_t n = (uint32_t)first; n != NOTHING && index->names.at[n].entry < *best;
             n = index->names.at[n].next)
            if (pattern_fits(index, index->names.at[n].entry, r)) {
                *best = index->names.at[n].entry;
                break;
            }
    }
    arena_release(&text);
}

uint32_t entry_index_find(const struct entry_index *index, const struct resource *r)
{
    const char *const names[] = {r->id, r->key, r->name, r->address};
    uint32_t best = NOTHING;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i])
            look_up_names(index, r, names[i], &best);
    look_up_tags(index, r, &best);
    for (size_t i = index->patterns.count; i-- > 0;) {
        uint32_t entry = index->patterns.at[i];
        if (entry >= best)
            break;
        if (pattern_fits(index, entry, r))
            return entry;
    }
    return best;
}
