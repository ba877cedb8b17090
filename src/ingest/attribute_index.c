#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "base/glob.h"
#include "base/map.h"
#include "base/mem.h"

/* One name that an entry goes by; names of one spelling are a chain, lowest entry first. */
struct name {
    uint32_t entry, next;
    bool typed; /* a plain name: two kinds of things may share it */
};

struct entry_index {
    const struct layer_map *map;
    struct map by_name; /* text -> index of the chain's first name */
    VEC(struct name) names;
    VEC(uint32_t) patterns; /* entries with tags or wildcards, ascending */
};

static void add_name(struct entry_index *index, uint32_t entry, const char *text, bool typed)
{
    size_t first;
    uint32_t added = (uint32_t)index->names.count;
    VEC_ADD(&index->names, ((struct name){entry, NOTHING, typed}));
    if (!map_get(&index->by_name, text, strlen(text), &first)) {
        map_put(&index->by_name, text, strlen(text), added);
        return;
    }
    uint32_t last = (uint32_t)first;
    while (index->names.at[last].next != NOTHING)
        last = index->names.at[last].next;
    index->names.at[last].next = added;
}

static bool add_text(struct entry_index *index, uint32_t entry, const struct node *n,
                     bool typed)
{
    const char *text = node_text(n, NULL);
    if (!text || !*text)
        return false;
    if (glob_has_wildcard(text))
        return true;
    add_name(index, entry, text, typed);
    return false;
}

static void add_entry(struct entry_index *index, uint32_t entry)
{
    const struct node *n = index->map->entries.at[entry].node, *ids = node_get(n, "ids");
    bool pattern = node_is(node_get(n, "tags"), NODE_MAP);
    pattern |= add_text(index, entry, node_get(n, "arn"), false);
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
    index->map = map;
    for (size_t i = 0; i < map->entries.count; i++)
        add_entry(index, (uint32_t)i);
    return index;
}

void entry_index_free(struct entry_index *index)
{
    if (!index)
        return;
    map_release(&index->by_name);
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
    return false;
}

/* Tags alone say whose a resource is, not what it is: the type must agree. */
static bool pattern_fits(const struct entry_index *index, uint32_t entry,
                         const struct resource *r)
{
    const struct map_entry *e = &index->map->entries.at[entry];
    const char *type = index->map->estate->resources.at[e->resource].type;
    return type_fits(type, r->type) && pattern_matches(e->node, r);
}

uint32_t entry_index_find(const struct entry_index *index, const struct resource *r)
{
    const char *const names[] = {r->id, r->key, r->name, r->address};
    uint32_t best = NOTHING;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i])
            look_up_names(index, r, names[i], &best);
    for (size_t i = 0; i < index->patterns.count; i++) {
        uint32_t entry = index->patterns.at[i];
        if (entry >= best)
            break;
        if (pattern_fits(index, entry, r))
            return entry;
    }
    return best;
}
