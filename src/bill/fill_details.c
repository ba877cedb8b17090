#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "fill_owners.h"
#include "identify.h"

enum { RECENT_TAGS = 256, PARTS_EACH = 4 };

struct seen_place {
    uint32_t place, resource;
    int32_t latest;
};

/*
 * The details of some resources, made in a thread of their own: symbols, and new resources,
 * are left to the main thread.
 */
struct details {
    struct fill *f;
    struct arena arena;
    size_t first, end; /* of the resources */
    const struct seen_place *places, *places_end; /* theirs */
    struct node *recent_tags[TAGS_MAX][RECENT_TAGS]; /* by the hash of the value */
};

static struct node *attr_map(struct details *d, struct resource *r)
{
    if (!r->attrs)
        r->attrs = node_new(&d->arena, NODE_MAP);
    return (struct node *)(uintptr_t)r->attrs;
}

static struct node *text_node(struct details *d, const char *text, size_t length)
{
    struct node *n = node_new(&d->arena, NODE_STRING);
    n->text = arena_strndup(&d->arena, text, length);
    n->length = length;
    return n;
}

static void set_text(struct details *d, struct resource *r, const char *key, const char *value,
                     size_t length)
{
    if (length && !node_get(r->attrs, key))
        node_add(&d->arena, attr_map(d, r), key, text_node(d, value, length));
}

static void set_sym(struct details *d, struct resource *r, const char *key, const char *value)
{
    set_text(d, r, key, sym_or_empty(value), strlen(sym_or_empty(value)));
}

static bool is_type(const char *type, const char *wanted)
{
    return type && !strcmp(type, wanted);
}

static void configure(struct details *d, struct resource *r, const struct findings *found)
{
    const char *type = r->type ? r->type : found->type;
    if (!r->region)
        r->region = found->region;
    if (is_type(type, "aws_instance"))
        set_sym(d, r, "instance_type", found->instance_type);
    if (is_type(type, "aws_lb"))
        set_sym(d, r, "load_balancer_type", identify_load_balancer(r->key));
    if (is_type(type, "aws_ebs_volume")) {
        set_sym(d, r, "type", found->volume_type);
        if (found->volume_gb >= 0.5 && !node_get(r->attrs, "size"))
            node_add(&d->arena, attr_map(d, r), "size",
                     node_number_new(&d->arena, nearbyint(found->volume_gb)));
    }
    if (type && !strncmp(type, "aws_db", 6))
        set_sym(d, r, "instance_class", found->instance_type);
}

/* Resources share the nodes of values that come again; names are mostly their own. */
static struct node *tag_node(struct details *d, size_t tag, struct key_text value)
{
    uint64_t hash = key_hash(value.at, value.length);
    struct node **recent = &d->recent_tags[tag][hash % RECENT_TAGS];
    if (*recent && (*recent)->length == value.length &&
        same_bytes((*recent)->text, value.at, value.length))
        return *recent;
    *recent = text_node(d, value.at, value.length);
    (*recent)->key = d->f->tag_keys[tag];
    return *recent;
}

/* The tags of a resource while they are collected, a node for each that is wanted. */
struct tag_set {
    struct node *nodes[TAGS_MAX];
    size_t count;
};

/* Each tag as its latest rows have it: places come newest first. */
static void add_place(struct details *d, struct resource *r, struct tag_set *set, uint32_t place)
{
    struct key_text t[PLACE_TEXTS + TAGS_MAX];
    struct key_head head;
    key_list_parts(&head, t, PLACE_TEXTS + TAGS_MAX, &d->f->places, place);
    for (size_t i = 0; i < d->f->run->tag_count; i++) {
        const struct key_text *value = &t[PLACE_TEXTS + i];
        if (!value->length || set->nodes[i])
            continue;
        set->nodes[i] = tag_node(d, i, *value);
        set->count++;
    }
    if (head.family != FAMILY_DATABRICKS)
        return;
    /* The usage log has its node type where other bills have the zone. */
    const struct key_text *node = &t[t[PLACE_NODE_TYPE].length ? PLACE_NODE_TYPE : PLACE_ZONE];
    set_text(d, r, "node_type_id", node->at, node->length);
    set_text(d, r, "job_id", t[PLACE_JOB].at, t[PLACE_JOB].length);
}

static const struct node *tag_map(struct details *d, const struct tag_set *set)
{
    struct node *map = node_new(&d->arena, NODE_MAP);
    map->items = ARENA_ARRAY(&d->arena, struct node *, set->count);
    for (size_t i = 0; i < d->f->run->tag_count; i++)
        if (set->nodes[i])
            map->items[map->count++] = set->nodes[i];
    return map;
}

static void make_details(void *parts, size_t which)
{
    struct details *d = (struct details *)parts + which;
    for (size_t i = d->first; i < d->end; i++)
        if (d->f->findings.at[i].any)
            configure(d, &d->f->into->resources.at[i], &d->f->findings.at[i]);
    const struct seen_place *p = d->places;
    while (p < d->places_end) {
        struct tag_set tags = {.count = 0};
        struct resource *r = &d->f->into->resources.at[p->resource];
        const struct seen_place *first = p;
        for (; p < d->places_end && p->resource == first->resource; p++) {
            if (d->places_end - p > KEYS_AHEAD)
                key_list_fetch(&d->f->places, p[KEYS_AHEAD].place);
            add_place(d, r, &tags, p->place);
        }
        if (tags.count && !r->tags)
            r->tags = tag_map(d, &tags);
        d->f->told[first->resource] = told_by_tags(r); /* while they are in the cache */
    }
}

/* Equal parts of the resources, each with the places that are theirs. */
static void make_all_details(struct fill *f, const struct seen_place *places, size_t count)
{
    size_t parts = PARTS_EACH * f->count, resources = f->findings.count;
    struct details *all = mem_alloc(parts * sizeof *all);
    const struct seen_place *p = places, *end = places + count;
    for (size_t i = 0; i < parts; i++) {
        struct details *d = &all[i];
        d->f = f;
        d->first = resources * i / parts;
        d->end = resources * (i + 1) / parts;
        d->places = p;
        while (p < end && p->resource < d->end)
            p++;
        d->places_end = p;
    }
    parallel_run(f->count, parts, make_details, all);
    for (size_t i = 0; i < parts; i++)
        arena_join(&f->into->arena, &all[i].arena);
    free(all);
}

static int by_resource_then_time(const void *a, const void *b)
{
    const struct seen_place *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->latest != y->latest)
        return x->latest > y->latest ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static size_t list_places(const struct fill *f, struct seen_place *out)
{
    size_t n = 0;
    bool sorted = true;
    for (size_t i = 0; i < f->places.count; i++) {
        if (f->resource[i] == NOTHING)
            continue;
        out[n++] = (struct seen_place){(uint32_t)i, f->resource[i], f->latest[i]};
        sorted = sorted && (n == 1 || by_resource_then_time(&out[n - 2], &out[n - 1]) <= 0);
    }
    if (!sorted)
        qsort(out, n, sizeof *out, by_resource_then_time);
    return n;
}

static void set_types(struct fill *f)
{
    for (size_t i = 0; i < f->findings.count; i++)
        if (!f->into->resources.at[i].type)
            f->into->resources.at[i].type = intern(f->into->symbols, f->findings.at[i].type);
}

void fill_details(struct fill *f)
{
    struct seen_place *places = mem_alloc(f->places.count * sizeof *places);
    size_t count = list_places(f, places);
    f->told = mem_alloc(f->findings.count * sizeof *f->told);
    for (size_t i = 0; i < f->run->tag_count; i++)
        f->tag_keys[i] = intern(f->into->symbols, f->run->tags[i]);
    make_all_details(f, places, count);
    set_types(f);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || places[i].resource != places[i - 1].resource)
            fill_owner(f, places[i].resource);
    free(f->told);
    free(places);
}
