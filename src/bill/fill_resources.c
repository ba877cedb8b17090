#include <string.h>

#include "fill.h"

/* What a Databricks record is about: the most particular thing that it names. */
static const struct {
    enum place_part part;
    const char *prefix, *type;
} databricks_things[] = {
    {PLACE_CLUSTER, "", "databricks_cluster"},
    {PLACE_WAREHOUSE, "", "databricks_sql_endpoint"},
    {PLACE_PIPELINE, "", "databricks_pipeline"},
    {PLACE_ENDPOINT, "endpoint/", "databricks_model_serving"},
    {PLACE_POOL, "", "databricks_instance_pool"},
    {PLACE_JOB, "job/", "databricks_job"},
    {PLACE_RESOURCE, "", "databricks_cluster"}, /* the usage log's cluster */
    {PLACE_ACCOUNT, "workspace/", "databricks_mws_workspaces"},
};

static const char *databricks_type(struct buf *key, const struct key_text *t)
{
    for (size_t i = 0; i < sizeof databricks_things / sizeof *databricks_things; i++) {
        const struct key_text *name = &t[databricks_things[i].part];
        if (!name->length)
            continue;
        buf_add(key, databricks_things[i].prefix);
        buf_add_n(key, name->at, name->length);
        return databricks_things[i].type;
    }
    return NULL;
}

void place_resource(struct buf *out, const struct key_head *head, const struct key_text *t)
{
    buf_clear(out);
    if (head->family == FAMILY_DATABRICKS)
        databricks_type(out, t);
    else
        buf_add_n(out, t[PLACE_RESOURCE].at, t[PLACE_RESOURCE].length);
}

static sym text_sym(struct fill *f, struct key_text t)
{
    return t.length ? intern_n(f->into->symbols, t.at, t.length) : NULL;
}

static void set(sym *field, sym value)
{
    if (!*field)
        *field = value;
}

/* The first place by order gives what is the same at all of them. */
static void describe(struct fill *f, struct resource *r, const struct key_head *head,
                     const struct key_text *t)
{
    bool databricks = head->family == FAMILY_DATABRICKS;
    set(&r->id, r->key);
    set(&r->name, text_sym(f, t[PLACE_NAME]));
    if (databricks) {
        struct buf key = BUF_INIT;
        set(&r->type, intern(f->into->symbols, databricks_type(&key, t)));
        buf_release(&key);
        return;
    }
    set(&r->account, text_sym(f, t[PLACE_ACCOUNT]));
    set(&r->zone, text_sym(f, t[PLACE_ZONE]));
}

void fill_resources(struct fill *f)
{
    struct buf key = BUF_INIT;
    for (size_t i = 0; i < f->places.count; i++) {
        struct key_text t[PLACE_TEXTS];
        struct key_head head;
        if (i + KEYS_AHEAD < f->places.count)
            key_list_fetch(&f->places, i + KEYS_AHEAD);
        key_list_parts(&head, t, PLACE_TEXTS, &f->places, i);
        place_resource(&key, &head, t);
        f->resource[i] = NOTHING;
        if (!key.length || key.length > 4096)
            continue;
        f->resource[i] = estate_resource(f->into, buf_text(&key));
        describe(f, &f->into->resources.at[f->resource[i]], &head, t);
    }
    buf_release(&key);
}

/* A tag's value at a place, "" when it has none. */
static struct key_text place_tag(const struct fill *f, const struct key_text *t,
                                 const char *name)
{
    for (size_t i = 0; i < f->run->tag_count; i++)
        if (!strcmp(f->run->tags[i], name))
            return t[PLACE_TEXTS + i];
    return (struct key_text){"", 0};
}

static uint32_t make_nameless(struct fill *f, uint32_t place, uint32_t sku)
{
    struct key_text t[PLACE_TEXTS + TAGS_MAX];
    struct key_head head;
    key_list_parts(&head, t, PLACE_TEXTS + TAGS_MAX, &f->places, place);
    const struct sku *s = &f->into->skus.at[f->sku[sku]];
    struct key_text cluster = place_tag(f, t, "ClusterId");
    struct buf key = BUF_INIT;
    buf_printf(&key, "%.*s/%s/%s", (int)t[PLACE_ACCOUNT].length, t[PLACE_ACCOUNT].at,
               s->service ? s->service : "unknown", s->region ? s->region : "global");
    if (cluster.length)
        buf_printf(&key, "/%.*s", (int)cluster.length, cluster.at);
    uint32_t index = estate_resource(f->into, buf_text(&key));
    struct resource *r = &f->into->resources.at[index];
    set(&r->account, text_sym(f, t[PLACE_ACCOUNT]));
    set(&r->region, s->region);
    set(&r->name, intern_printf(f->into->symbols, "%s, no resource named",
                                s->service ? s->service : "unknown service"));
    buf_release(&key);
    return index;
}

uint32_t fill_nameless(struct fill *f, uint32_t place, uint32_t sku)
{
    const uint32_t pair[2] = {place, sku};
    uint64_t hash = key_hash(pair, sizeof pair);
    const struct key_record *e = key_table_find(&f->nameless, pair, sizeof pair, hash);
    if (e)
        return e->value;
    uint32_t resource = make_nameless(f, place, sku);
    key_table_add(&f->nameless, pair, sizeof pair, hash)->value = resource;
    return resource;
}
