#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fill.h"
#include "identify.h"

static struct node *attr_map(struct fill *f, struct resource *r)
{
    if (!r->attrs)
        r->attrs = node_new(&f->into->arena, NODE_MAP);
    return (struct node *)(uintptr_t)r->attrs;
}

static void set_text(struct fill *f, struct resource *r, const char *key, const char *value)
{
    if (value && !node_get(r->attrs, key)) {
        struct node *map = attr_map(f, r);
        node_add(&f->into->arena, map, key, node_string(&f->into->arena, value));
    }
}

static bool is_type(const struct resource *r, const char *type)
{
    return r->type && !strcmp(r->type, type);
}

static void configure(struct fill *f, struct resource *r, const struct findings *found)
{
    if (!r->type)
        r->type = intern(f->into->symbols, found->type);
    if (!r->region)
        r->region = found->region;
    if (is_type(r, "aws_instance"))
        set_text(f, r, "instance_type", found->instance_type);
    if (is_type(r, "aws_lb"))
        set_text(f, r, "load_balancer_type", identify_load_balancer(r->key));
    if (is_type(r, "aws_ebs_volume")) {
        set_text(f, r, "type", found->volume_type);
        if (found->volume_gb >= 0.5 && !node_get(r->attrs, "size"))
            node_add(&f->into->arena, attr_map(f, r), "size",
                     node_number_new(&f->into->arena, nearbyint(found->volume_gb)));
    }
    if (r->type && !strncmp(r->type, "aws_db", 6))
        set_text(f, r, "instance_class", found->instance_type);
}

static void configure_all(struct fill *f)
{
    for (size_t i = 0; i < f->findings.count; i++)
        if (f->findings.at[i].any)
            configure(f, &f->into->resources.at[i], &f->findings.at[i]);
}

struct seen_place {
    uint32_t place, resource;
    int32_t latest;
};

static int by_resource_then_time(const void *a, const void *b)
{
    const struct seen_place *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->latest != y->latest)
        return x->latest > y->latest ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Resources share the nodes of values that come again; names are mostly their own. */
static struct node *tag_node(struct fill *f, size_t tag, struct key_text value)
{
    uint64_t hash = key_hash(value.at, value.length);
    struct node *n, **recent = &f->recent_tags[tag][hash % RECENT_TAGS];
    if (*recent && (*recent)->length == value.length &&
        same_bytes((*recent)->text, value.at, value.length))
        return *recent;
    *recent = n = node_new(&f->into->arena, NODE_STRING);
    n->key = f->tag_keys[tag];
    n->text = intern_n(f->into->symbols, value.at, value.length);
    n->length = value.length;
    return n;
}

/* The tags of a resource while they are collected, a node for each that is wanted. */
struct tag_set {
    struct node *nodes[TAGS_MAX];
    size_t count;
};

/* Each tag as its latest rows have it: places come newest first. */
static void add_tags(struct fill *f, struct resource *r, struct tag_set *set, uint32_t place)
{
    struct key_text t[PLACE_TEXTS + TAGS_MAX];
    struct key_head head;
    key_list_parts(&head, t, PLACE_TEXTS + TAGS_MAX, &f->places, place);
    for (size_t i = 0; i < f->run->tag_count; i++) {
        const struct key_text *value = &t[PLACE_TEXTS + i];
        if (!value->length || set->nodes[i])
            continue;
        set->nodes[i] = tag_node(f, i, *value);
        set->count++;
    }
    /* The usage log has its node type where other bills have the zone. */
    const struct key_text *node = &t[t[PLACE_NODE_TYPE].length ? PLACE_NODE_TYPE : PLACE_ZONE];
    if (head.family == FAMILY_DATABRICKS && node->length)
        set_text(f, r, "node_type_id", intern_n(f->into->symbols, node->at, node->length));
    if (head.family == FAMILY_DATABRICKS && t[PLACE_JOB].length)
        set_text(f, r, "job_id",
                 intern_n(f->into->symbols, t[PLACE_JOB].at, t[PLACE_JOB].length));
}

static const struct node *tag_map(struct fill *f, const struct tag_set *set)
{
    struct node *map = node_new(&f->into->arena, NODE_MAP);
    map->items = ARENA_ARRAY(&f->into->arena, struct node *, set->count);
    for (size_t i = 0; i < f->run->tag_count; i++)
        if (set->nodes[i])
            map->items[map->count++] = set->nodes[i];
    return map;
}

/* What a tag of an EC2 or EBS resource belongs to; the first that is there wins. */
static const struct {
    const char *tag, *type, *name_tag;
} owners[] = {
    {"ClusterId", "databricks_cluster", "ClusterName"},
    {"SqlWarehouseId", "databricks_sql_endpoint", NULL},
    {"SqlEndpointId", "databricks_sql_endpoint", NULL},
    {"DatabricksInstancePoolId", "databricks_instance_pool", NULL},
};

static void set_parent(struct fill *f, uint32_t index)
{
    for (size_t i = 0; i < sizeof owners / sizeof *owners; i++) {
        const struct resource *r = &f->into->resources.at[index];
        const char *owner = resource_tag(r, owners[i].tag);
        const char *name = owners[i].name_tag ? resource_tag(r, owners[i].name_tag) : NULL;
        if (!owner || !*owner || !strcmp(owner, r->key))
            continue;
        uint32_t parent = estate_resource(f->into, owner);
        struct resource *p = &f->into->resources.at[parent];
        if (!p->type)
            p->type = intern(f->into->symbols, owners[i].type);
        if (!p->id)
            p->id = p->key;
        if (!p->name)
            p->name = intern(f->into->symbols, name);
        if (f->into->resources.at[index].parent == NOTHING)
            f->into->resources.at[index].parent = parent;
        return;
    }
}

/* DBU rows name a cluster only; what its instances' tags say of the job is true of it too. */
static void pass_on_tags(struct fill *f, uint32_t index)
{
    static const char *const passed[] = {"JobId", "RunName"};
    const struct resource *r = &f->into->resources.at[index];
    if (r->parent == NOTHING)
        return;
    struct resource *parent = &f->into->resources.at[r->parent];
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        const char *value = resource_tag(r, passed[i]);
        if (!value || resource_tag(parent, passed[i]))
            continue;
        struct node *tags = parent->tags ? node_copy(&f->into->arena, parent->tags)
                                         : node_new(&f->into->arena, NODE_MAP);
        node_add(&f->into->arena, tags, passed[i], node_string(&f->into->arena, value));
        parent->tags = tags;
    }
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

void fill_details(struct fill *f)
{
    configure_all(f);
    for (size_t i = 0; i < f->run->tag_count; i++)
        f->tag_keys[i] = intern(f->into->symbols, f->run->tags[i]);
    struct seen_place *places = mem_alloc(f->places.count * sizeof *places);
    size_t n = list_places(f, places), end;
    for (size_t i = 0; i < n; i = end) {
        uint32_t index = places[i].resource;
        struct tag_set tags = {.count = 0};
        struct resource *r = &f->into->resources.at[index];
        for (end = i; end < n && places[end].resource == index; end++) {
            if (end + KEYS_AHEAD < n)
                key_list_fetch(&f->places, places[end + KEYS_AHEAD].place);
            add_tags(f, r, &tags, places[end].place);
        }
        if (tags.count && !r->tags)
            r->tags = tag_map(f, &tags);
        if (!r->name)
            r->name = intern(f->into->symbols, resource_tag(r, "Name"));
        if (!r->name && is_type(r, "databricks_cluster"))
            r->name = intern(f->into->symbols, resource_tag(r, "ClusterName"));
        set_parent(f, index);
    }
    for (size_t i = 0; i < n; i++)
        pass_on_tags(f, places[i].resource);
    free(places);
}
