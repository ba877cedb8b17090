#include "s3_publish.h"

#include <stdlib.h>
#include <string.h>

uint32_t s3_bucket(struct estate *into, const char *name)
{
    uint32_t bucket = estate_resource(into, name);
    struct resource *r = &into->resources.at[bucket];
    r->type = r->type ? r->type : intern(into->symbols, "aws_s3_bucket");
    r->id = r->id ? r->id : intern(into->symbols, name);
    r->name = r->name ? r->name : intern(into->symbols, name);
    return bucket;
}

void s3_usage_set(struct estate *into, uint32_t resource, const char *key, struct node *value)
{
    struct resource *r = &into->resources.at[resource];
    struct node *usage = node_new(&into->arena, NODE_MAP);
    for (size_t i = 0; node_is(r->usage, NODE_MAP) && i < r->usage->count; i++) {
        const struct node *item = r->usage->items[i];
        if (strcmp(item->key, key) != 0)
            node_add(&into->arena, usage, item->key, node_copy(&into->arena, item));
    }
    node_add(&into->arena, usage, key, value);
    r->usage = usage;
}

static struct object_bin total_of(const struct object_bin bins[AGE_BINS][SIZE_BINS])
{
    struct object_bin sum = {0};
    for (int a = 0; a < AGE_BINS; a++)
        for (int s = 0; s < SIZE_BINS; s++) {
            sum.count += bins[a][s].count;
            sum.bytes += bins[a][s].bytes;
        }
    return sum;
}

static void add_amount(struct arena *arena, struct node *map, const char *name,
                       struct object_bin amount)
{
    struct node *n = node_new(arena, NODE_MAP);
    node_add(arena, n, "objects", node_number_new(arena, (double)amount.count));
    node_add(arena, n, "bytes", node_number_new(arena, (double)amount.bytes));
    node_add(arena, map, name, n);
}

static void set_usage(struct estate *into, const struct tally *t, uint32_t bucket,
                      day taken_on, struct object_bin total)
{
    static const char *const names[TALLY_PROPERTIES] = {
        [TALLY_KMS_WITHOUT_BUCKET_KEY] = "kms_without_bucket_key",
        [TALLY_REPLICATED] = "replicated",
        [TALLY_LOCKED] = "locked",
        [TALLY_TIER_FREQUENT] = "tier_frequent",
        [TALLY_TIER_INFREQUENT] = "tier_infrequent",
        [TALLY_TIER_ARCHIVE_INSTANT] = "tier_archive_instant",
        [TALLY_TIER_ARCHIVE] = "tier_archive",
        [TALLY_TIER_DEEP_ARCHIVE] = "tier_deep_archive",
    };
    struct arena *arena = &into->arena;
    struct node *map = node_new(arena, NODE_MAP);
    char text[DAY_TEXT];
    node_add(arena, map, "taken_on", node_string(arena, day_format(text, taken_on)));
    add_amount(arena, map, "all", total);
    for (int p = 0; p < TALLY_PROPERTIES; p++)
        if (t->property[p].count > 0)
            add_amount(arena, map, names[p], t->property[p]);
    s3_usage_set(into, bucket, "s3_inventory", map);
}

/* Classes that no price is known for, each with where it was met first. */
struct unknown_class {
    sym name;
    struct object_bin amount;
    const char *prefix;
};

static int by_class_name(const void *a, const void *b)
{
    const struct unknown_class *x = a, *y = b;
    return strcmp(sym_or_empty(x->name), sym_or_empty(y->name));
}

static void note_unknown(struct estate *into, struct unknown_class unknown[TALLY_CLASSES],
                         const char *source)
{
    qsort(unknown, TALLY_CLASSES, sizeof *unknown, by_class_name);
    for (size_t c = 0; c < TALLY_CLASSES; c++)
        if (unknown[c].name)
            estate_note_many(into, NOTE_UNKNOWN, source, unknown[c].amount.count,
                             "storage class %.40s is not known: %llu objects, %llu bytes are "
                             "counted but not priced; the first under '%.100s'",
                             unknown[c].name, (unsigned long long)unknown[c].amount.count,
                             (unsigned long long)unknown[c].amount.bytes, unknown[c].prefix);
}

static void add_unknown(struct unknown_class *u, sym name, const char *prefix,
                        struct object_bin amount)
{
    u->name = name;
    u->prefix = u->prefix ? u->prefix : prefix;
    u->amount.count += amount.count;
    u->amount.bytes += amount.bytes;
}

static void note_limits(struct estate *into, const struct tally *t, const char *bucket,
                        const char *source)
{
    if (t->depth < TALLY_DEPTH)
        estate_note(
            into, NOTE_INFO, source,
            "bucket %s has more prefixes than are kept apart: they are counted by their "
            "first %d folders",
            bucket, t->depth);
    if (t->too_many_roots)
        estate_note(into, NOTE_WARNING, source,
                    "bucket %s holds more than %d tables: all of it is treated as one", bucket,
                    TALLY_ROOTS);
}

void s3_publish_tally(struct estate *into, const struct tally *t, const char *bucket,
                      day taken_on, const char *source)
{
    uint32_t resource = s3_bucket(into, bucket);
    uint32_t *order = tally_sorted(t);
    struct object_bin total = {0};
    struct unknown_class unknown[TALLY_CLASSES] = {{.name = NULL}};
    for (size_t i = 0; i < t->groups.count; i++) {
        const struct tally_group *group = &t->groups.at[order[i]];
        const char *prefix = t->prefixes.at[group->prefix].text;
        sym class = t->class_name[group->class];
        struct object_bin amount = total_of(group->bins);
        struct object_group *out = VEC_PUSH(&into->objects);
        out->bucket = resource;
        out->prefix = intern(into->symbols, prefix);
        out->storage_class = intern(into->symbols, class);
        out->state = (enum object_state)group->state;
        out->protected_by = intern(into->symbols, tally_root_of(t, prefix));
        out->taken_on = taken_on;
        out->source = source;
        memcpy(out->bins, group->bins, sizeof out->bins);
        if (!tally_class_known(group->class))
            add_unknown(&unknown[group->class], class, prefix, amount);
        total.count += amount.count;
        total.bytes += amount.bytes;
    }
    free(order);
    note_unknown(into, unknown, source);
    set_usage(into, t, resource, taken_on, total);
    note_limits(into, t, bucket, source);
}
