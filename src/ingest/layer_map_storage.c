#include <ctype.h>
#include <string.h>

#include "layer_map_read.h"

struct range map_range(const struct node *n)
{
    struct range q = {0, 0, 0};
    range_read(&q, n);
    return q;
}

struct node *map_quantity(struct arena *arena, struct range q)
{
    if (q.low >= q.high)
        return node_number_new(arena, q.expected);
    struct node *n = node_new(arena, NODE_MAP);
    node_add(arena, n, "min", node_number_new(arena, q.low));
    node_add(arena, n, "typ", node_number_new(arena, q.expected));
    node_add(arena, n, "max", node_number_new(arena, q.high));
    return n;
}

void usage_put(struct map_reader *r, struct node *usage, const char *path, struct range q)
{
    map_put_path(r->arena, usage, path, map_quantity(r->arena, q));
}

struct range range_times(struct range a, struct range b)
{
    return (struct range){a.low * b.low, a.expected * b.expected, a.high * b.high};
}

struct range range_scaled(struct range a, double by)
{
    return range_times(a, (struct range){by, by, by});
}

struct range range_plus(struct range a, struct range b)
{
    return (struct range){a.low + b.low, a.expected + b.expected, a.high + b.high};
}

/* The usage group of a storage class and what it calls bytes kept and bytes read. */
static const struct stored {
    const char *class, *group, *stored, *read;
} classes[] = {
    {"STANDARD", "standard", "storage_gb", NULL},
    {"REDUCED_REDUNDANCY", "standard", "storage_gb", NULL},
    {"INTELLIGENT_TIERING", "intelligent_tiering", "frequent_access_storage_gb", NULL},
    {"STANDARD_IA", "standard_infrequent_access", "storage_gb", "monthly_data_retrieval_gb"},
    {"ONEZONE_IA", "one_zone_infrequent_access", "storage_gb", "monthly_data_retrieval_gb"},
    {"GLACIER_IR", "glacier_instant_retrieval", "storage_gb", "monthly_data_retrieval_gb"},
    {"GLACIER", "glacier_flexible_retrieval", "storage_gb",
     "monthly_standard_data_retrieval_gb"},
    {"DEEP_ARCHIVE", "glacier_deep_archive", "storage_gb",
     "monthly_standard_data_retrieval_gb"},
    {"EXPRESS_ONEZONE", "express_onezone", "storage_gb", NULL},
};

/* Intelligent-Tiering watches objects of 128 KiB and more, and those alone it charges for. */
static struct range monitored(struct range gb, struct range objects)
{
    const double least_kib = 128, kib_per_gib = 1048576;
    bool large = gb.expected * kib_per_gib >= least_kib * objects.expected;
    return large ? objects : (struct range){0, 0, 0};
}

static bool put_class(struct map_reader *r, struct entry *e, const struct node *n)
{
    const char *name = node_text(node_get(n, "class"), "");
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const struct stored *c = &classes[i];
        if (strcmp(c->class, name) != 0)
            continue;
        struct range gb =
            range_plus(map_range(node_get(n, "gb")), map_range(node_get(n, "noncurrent_gb")));
        const char *group = c->group;
        if (node_get(e->usage, group))
            return map_fail(r, n, "the class '%s' is here twice in one bucket", name);
        usage_put(r, e->usage, arena_printf(r->arena, "%s.%s", group, c->stored), gb);
        const struct node *read = node_get(n, "read_gb_month"),
                          *objects = node_get(n, "objects");
        if (read && c->read)
            usage_put(r, e->usage, arena_printf(r->arena, "%s.%s", group, c->read),
                      map_range(read));
        if (objects)
            usage_put(r, e->usage, arena_printf(r->arena, "%s.objects", group),
                      map_range(objects));
        if (objects && !strcmp(name, "INTELLIGENT_TIERING"))
            usage_put(r, e->usage, "intelligent_tiering.monitored_objects",
                      monitored(gb, map_range(objects)));
    }
    return true;
}

/* Requests are declared for the whole bucket; the class that it lists first pays them. */
static const char *main_group(const struct entry *e)
{
    const struct node *list = node_get(e->node, "storage");
    const char *first =
        list && list->count ? node_text(node_get(list->items[0], "class"), "") : "";
    for (size_t c = 0; c < sizeof classes / sizeof *classes; c++)
        if (!strcmp(classes[c].class, first))
            return classes[c].group;
    return "standard";
}

static void put_requests(struct map_reader *r, struct entry *e)
{
    const char *group = main_group(e);
    const struct node *puts = node_get(e->node, "puts_per_month"),
                      *lists = node_get(e->node, "lists_per_month"),
                      *gets = node_get(e->node, "gets_per_month");
    if (puts || lists)
        usage_put(r, e->usage, arena_printf(r->arena, "%s.monthly_tier_1_requests", group),
                  range_plus(map_range(puts), map_range(lists)));
    const struct node *read = node_get(e->node, "read_gb_month");
    for (size_t c = 0; read && c < sizeof classes / sizeof *classes; c++) {
        const char *to = arena_printf(r->arena, "%s.%s", group, sym_or_empty(classes[c].read));
        if (!strcmp(classes[c].group, group) && classes[c].read && !node_at(e->usage, to))
            usage_put(r, e->usage, to, map_range(read));
    }
    if (gets)
        usage_put(r, e->usage, arena_printf(r->arena, "%s.monthly_tier_2_requests", group),
                  map_range(gets));
}

/* "NoncurrentVersionTransitions" -> "noncurrent_version_transition". */
static const char *terraform_name(struct arena *arena, const char *name)
{
    static const struct {
        const char *s3, *terraform;
    } odd[] = {{"Rules", "rule"},
               {"Transitions", "transition"},
               {"NoncurrentVersionTransitions", "noncurrent_version_transition"},
               {"Tags", "tag"}};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (!strcmp(odd[i].s3, name))
            return odd[i].terraform;
    char *out = arena_alloc(arena, 2 * strlen(name) + 1);
    size_t n = 0;
    for (const char *c = name; *c; c++) {
        bool upper = isupper((unsigned char)*c);
        if (upper && c != name && !isupper((unsigned char)c[-1]))
            out[n++] = '_';
        out[n++] = (char)tolower((unsigned char)*c);
    }
    return out;
}

/* The rules as S3 takes them, in the provider's names and its blocks as lists. */
static struct node *terraform_rules(struct arena *arena, const struct node *n, bool block)
{
    if (n->kind == NODE_LIST) {
        struct node *list = node_new(arena, NODE_LIST);
        for (size_t i = 0; i < n->count; i++)
            node_add(arena, list, NULL, terraform_rules(arena, n->items[i], false));
        return list;
    }
    if (n->kind != NODE_MAP)
        return node_copy(arena, n);
    struct node *map = node_new(arena, NODE_MAP);
    for (size_t i = 0; i < n->count; i++)
        node_add(arena, map, terraform_name(arena, n->items[i]->key),
                 terraform_rules(arena, n->items[i], true));
    if (!block)
        return map;
    struct node *list = node_new(arena, NODE_LIST);
    node_add(arena, list, NULL, map);
    return list;
}

static const struct node *entry_named(const struct map_reader *r, const char *id)
{
    for (size_t i = 0; i < r->map->entries.count; i++)
        if (!strcmp(node_text(node_get(r->map->entries.at[i].node, "id"), ""), id))
            return r->map->entries.at[i].node;
    return NULL;
}

static bool put_lifecycle(struct map_reader *r, struct entry *e)
{
    const struct node *rules = node_get(e->node, "lifecycle");
    const char *ref = node_text(node_get(e->node, "lifecycle_ref"), NULL);
    if (!rules && ref)
        rules = node_get(entry_named(r, ref), "lifecycle");
    if (node_absent(rules))
        return true;
    struct node *attrs = node_new(r->arena, NODE_MAP);
    if (rules->kind == NODE_MAP)
        attrs = terraform_rules(r->arena, rules, false);
    else if (rules->kind == NODE_LIST)
        node_add(r->arena, attrs, "rule", terraform_rules(r->arena, rules, false));
    else
        return map_fail(r, rules, "'lifecycle' takes the rules as S3 has them in JSON");
    const char *name = node_text(node_get(e->attrs, "bucket"), "");
    node_add(r->arena, attrs, "bucket", node_string(r->arena, name));
    uint32_t child = entry_child(r, e, "lifecycle", "aws_s3_bucket_lifecycle_configuration");
    r->estate->resources.at[child].attrs = attrs;
    return true;
}

static void put_block(struct map_reader *r, struct entry *e, const char *key, const char *to)
{
    const struct node *n = node_get(e->node, key);
    if (n)
        map_put_path(r->arena, e->usage, to, n);
}

bool finish_bucket(struct map_reader *r, struct entry *e)
{
    const struct node *list = node_get(e->node, "storage");
    const char *bucket = node_text(node_get(e->node, "name"), entry_resource(r, e)->key);
    entry_put(r, e, "bucket", node_string(r->arena, bucket));
    if (node_get(e->node, "versioning"))
        entry_put(r, e, "versioning[].enabled", node_get(e->node, "versioning"));
    for (size_t i = 0; list && i < list->count; i++)
        if (!put_class(r, e, list->items[i]))
            return false;
    put_requests(r, e);
    put_block(r, e, "storage", "storage");
    put_block(r, e, "egress", "egress");
    put_block(r, e, "transfer_acceleration", "transfer_acceleration");
    put_block(r, e, "replication", "replication");
    put_block(r, e, "encryption", "encryption");
    put_block(r, e, "tables", "tables");
    return put_lifecycle(r, e);
}
