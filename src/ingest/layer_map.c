#include "ingest/layer_map.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/ingest.h"
#include "io/strict.h"
#include "layer_map_read.h"

const struct strict_field *const layer_map_keys = map_fields;

static sym lower(struct map_reader *r, const char *text)
{
    char *copy = arena_strdup(r->arena, text);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return intern(r->estate->symbols, copy);
}

static void read_header(struct map_reader *r)
{
    const struct node *doc = r->map->document, *databricks = node_get(doc, "databricks");
    struct estate *estate = r->estate;
    if (!estate->name)
        estate->name = map_text(r, node_get(doc, "name"));
    estate->currency = intern(estate->symbols, node_text(node_get(doc, "currency"), "USD"));
    estate->hours_per_month = node_number(node_get(doc, "hours_per_month"), 730);
    r->map->tier = lower(r, node_text(node_get(databricks, "tier"), "premium"));
    r->map->purchase = map_text(r, node_get(databricks, "purchase"));
    r->map->shared_by =
        intern(estate->symbols, node_text(node_at(doc, "attribution.shared_by"), "dbu_share"));
}

static void read_regions(struct map_reader *r)
{
    const struct node *regions = node_get(r->map->document, "regions");
    for (size_t i = 0; regions && i < regions->count; i++) {
        sym code = map_text(r, node_get(regions->items[i], "code"));
        if (!r->map->primary_region ||
            node_bool(node_get(regions->items[i], "primary"), false))
            r->map->primary_region = code;
    }
}

/* One string or a list of them, appended to the vector at `into`. */
#define READ_TEXTS(r, into, n)                                                                \
    do {                                                                                      \
        const struct node *texts_ = (n);                                                      \
        if (node_is(texts_, NODE_LIST))                                                       \
            for (size_t i_ = 0; i_ < texts_->count; i_++)                                     \
                VEC_ADD((into), map_text((r), texts_->items[i_]));                            \
        else if (!node_absent(texts_))                                                        \
            VEC_ADD((into), map_text((r), texts_));                                           \
    } while (0)

static bool read_tenant(struct map_reader *r, const struct node *n)
{
    sym id = map_text(r, node_get(n, "id"));
    if (map_tenant(r, id) != NOTHING)
        return map_fail(r, node_get(n, "id"), "the tenant '%s' is here twice", id);
    struct tenant *t = VEC_PUSH(&r->estate->tenants);
    t->id = id;
    t->name = map_text(r, node_get(n, "name"));
    t->name = t->name ? t->name : id;
    t->tags = node_get(n, "tags");
    t->budget_month = money_of(node_number(node_get(n, "budget_month"), 0));
    READ_TEXTS(r, &t->prefixes, node_get(n, "s3_prefixes"));
    READ_TEXTS(r, &t->catalogs, node_get(n, "catalogs"));
    READ_TEXTS(r, &t->roles, node_get(n, "roles"));
    READ_TEXTS(r, &t->workspaces, node_get(n, "workspaces"));
    READ_TEXTS(r, &t->accounts, node_get(n, "accounts"));
    return true;
}

static bool read_tenants(struct map_reader *r)
{
    const struct node *tenants = node_get(r->map->document, "tenants");
    const struct node *accounts = node_get(r->map->document, "accounts");
    for (size_t i = 0; tenants && i < tenants->count; i++)
        if (!read_tenant(r, tenants->items[i]))
            return false;
    for (size_t i = 0; accounts && i < accounts->count; i++) {
        const struct node *owner = node_get(accounts->items[i], "tenant");
        uint32_t tenant = map_tenant(r, node_text(owner, NULL));
        if (node_absent(owner))
            continue;
        if (tenant == NOTHING)
            return map_fail(r, owner, "there is no tenant '%s'", node_text(owner, ""));
        VEC_ADD(&r->estate->tenants.at[tenant].accounts,
                map_text(r, node_get(accounts->items[i], "id")));
    }
    return true;
}

static void read_commitments(struct map_reader *r)
{
    static const char *const kinds[] = {"compute_sp", "ec2_sp", "ri"};
    const struct node *list = node_get(r->map->document, "commitments");
    for (size_t i = 0; list && i < list->count; i++) {
        const struct node *n = list->items[i];
        struct commitment *c = VEC_PUSH(&r->estate->commitments);
        for (int k = 0; k < 3; k++)
            if (!strcmp(node_text(node_get(n, "kind"), ""), kinds[k]))
                c->kind = (enum commitment_kind)k;
        c->arn = map_text(r, node_get(n, "arn"));
        c->usd_per_hour = money_of(node_number(node_get(n, "hourly"), 0));
        c->discount = node_number(node_get(n, "discount"), NAN);
        c->family = map_text(r, node_get(n, "family"));
        c->instance_type = map_text(r, node_get(n, "instance_type"));
        c->region = map_text(r, node_get(n, "region"));
        c->count = node_number(node_get(n, "count"), NAN);
        c->utilisation = NAN;
        const char *end = node_text(node_get(n, "end"), "");
        day_parse(&c->end, end, strlen(end));
        c->source = r->path;
    }
}

static bool read_document(struct map_reader *r)
{
    read_header(r);
    read_regions(r);
    if (!read_tenants(r) || !map_read_layers(r))
        return false;
    read_commitments(r);
    return true;
}

static bool read_into(struct layer_map *map, struct estate *estate, const char *path,
                      struct err *err)
{
    map->estate = estate;
    map->path = arena_strdup(&estate->arena, path);
    struct map_reader r = {.map = map,
                           .estate = estate,
                           .arena = &estate->arena,
                           .path = map->path,
                           .ids = MAP_INIT,
                           .err = err};
    bool ok = strict_read(&map->document, r.arena, path, err) &&
              strict_check(map->document, map_fields, path, err) && read_document(&r);
    map_release(&r.ids);
    return ok;
}

bool layer_map_open(struct layer_map **out, const char *path, struct err *err)
{
    struct layer_map *map = mem_alloc(sizeof *map);
    map->owns_estate = true;
    if (!read_into(map, estate_open(), path, err)) {
        layer_map_free(map);
        return false;
    }
    *out = map;
    return true;
}

void layer_map_free(struct layer_map *map)
{
    if (!map)
        return;
    VEC_FREE(&map->entries);
    if (map->owns_estate)
        estate_free(map->estate);
    free(map);
}

double layer_map_dbu_discount(const struct layer_map *map, const char *sku)
{
    const struct node *discounts =
        map ? node_at(map->document, "databricks.dbu_discount") : NULL;
    double fallback = node_number(node_get(discounts, "*"), 0);
    for (size_t i = 0; discounts && sku && i < discounts->count; i++) {
        const char *key = discounts->items[i]->key;
        size_t n = strlen(key);
        if (!strncmp(sku, key, n) && (sku[n] == '\0' || sku[n] == '_'))
            return discounts->items[i]->number;
    }
    return fallback;
}

/* The key that every map begins with, bare or in quotes, at the start of a word. */
static int matches(const struct probe *probe)
{
    static const char key[] = "layer_map";
    const char *at = probe->bytes, *end = probe->bytes + probe->length;
    while ((at = memmem(at, (size_t)(end - at), key, sizeof key - 1))) {
        const char *after = at + sizeof key - 1;
        bool begins = at == probe->bytes || strchr("\n\"' {,", at[-1]);
        while (after < end && strchr("\"' \t", *after))
            after++;
        if (begins && after < end && *after == ':')
            return 2;
        at++;
    }
    return 0;
}

static bool read(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err)
{
    (void)options;
    struct layer_map map = {0};
    bool ok = read_into(&map, into, path, err);
    VEC_FREE(&map.entries);
    return ok;
}

const struct ingest_format ingest_layer_map = {
    .name = "layer map",
    .summary = "the deployment as it is meant, by layers",
    .matches = matches,
    .read = read,
};
