#include "attribute.h"

#include <math.h>
#include <string.h>

#include "base/map.h"

/* A bill on its way to being named. */
struct naming {
    struct estate *bill;
    const struct layer_map *map;
    struct entry_index *index;
    struct default_layers *defaults;
    uint32_t *tenants;     /* of the map -> of the bill */
    uint32_t *phases;      /* of the map -> of the bill */
    uint32_t *resource_of; /* of the map's resources -> of the bill, or NOTHING */
};

static sym copy(struct naming *n, sym text)
{
    return intern(n->bill->symbols, text);
}

#define COPY_TEXTS(n, to, from)                                                               \
    for (size_t i_ = 0; i_ < (from)->count; i_++)                                             \
    VEC_ADD((to), copy((n), (from)->at[i_]))

static void copy_tenant(struct naming *n, const struct tenant *from)
{
    struct tenant *t = VEC_PUSH(&n->bill->tenants);
    t->id = copy(n, from->id);
    t->name = copy(n, from->name);
    t->tags = from->tags ? node_copy(&n->bill->arena, from->tags) : NULL;
    t->budget_month = from->budget_month;
    COPY_TEXTS(n, &t->prefixes, &from->prefixes);
    COPY_TEXTS(n, &t->catalogs, &from->catalogs);
    COPY_TEXTS(n, &t->roles, &from->roles);
    COPY_TEXTS(n, &t->workspaces, &from->workspaces);
    COPY_TEXTS(n, &t->accounts, &from->accounts);
}

static void copy_tenants(struct naming *n)
{
    const struct estate *map = n->map->estate;
    n->tenants = ARENA_ARRAY(&n->bill->arena, uint32_t, map->tenants.count + 1);
    for (size_t i = 0; i < map->tenants.count; i++) {
        n->tenants[i] = (uint32_t)n->bill->tenants.count;
        copy_tenant(n, &map->tenants.at[i]);
    }
}

static struct commitment *billed_commitment(struct estate *bill, sym arn)
{
    for (size_t i = 0; arn && i < bill->commitments.count; i++)
        if (bill->commitments.at[i].arn == arn)
            return &bill->commitments.at[i];
    return NULL;
}

/* The bill is right about what it says; the map says the rest. */
static void complete_commitment(struct commitment *billed, const struct commitment *declared)
{
    if (money_is_zero(billed->usd_per_hour))
        billed->usd_per_hour = declared->usd_per_hour;
    if (isnan(billed->discount))
        billed->discount = declared->discount;
    if (isnan(billed->count))
        billed->count = declared->count;
    billed->family = billed->family ? billed->family : declared->family;
    billed->region = billed->region ? billed->region : declared->region;
    if (!billed->instance_type)
        billed->instance_type = declared->instance_type;
    billed->end = billed->end ? billed->end : declared->end;
}

static void copy_commitments(struct naming *n)
{
    const struct estate *map = n->map->estate;
    for (size_t i = 0; i < map->commitments.count; i++) {
        struct commitment c = map->commitments.at[i];
        c.arn = copy(n, c.arn);
        c.family = copy(n, c.family);
        c.instance_type = copy(n, c.instance_type);
        c.region = copy(n, c.region);
        c.source = arena_strdup(&n->bill->arena, c.source);
        struct commitment *billed = billed_commitment(n->bill, c.arn);
        if (billed)
            complete_commitment(billed, &c);
        else
            VEC_ADD(&n->bill->commitments, c);
    }
}

static void copy_phase(struct naming *n, const struct phase *from)
{
    struct phase p = *from;
    p.id = copy(n, p.id);
    p.name = copy(n, p.name);
    p.workload = copy(n, p.workload);
    p.algorithm = copy(n, p.algorithm);
    p.cluster_id = copy(n, p.cluster_id);
    p.job_id = copy(n, p.job_id);
    p.instance_type = copy(n, p.instance_type);
    p.driver_type = copy(n, p.driver_type);
    p.source = arena_strdup(&n->bill->arena, p.source);
    p.tenant = from->tenant == NOTHING ? NOTHING : n->tenants[from->tenant];
    p.cluster = NOTHING;
    memset(&p.allowed_types, 0, sizeof p.allowed_types);
    memset(&p.match, 0, sizeof p.match);
    COPY_TEXTS(n, &p.allowed_types, &from->allowed_types);
    VEC_ADD(&n->bill->phases, p);
}

static void copy_phases(struct naming *n)
{
    const struct estate *map = n->map->estate;
    n->phases = ARENA_ARRAY(&n->bill->arena, uint32_t, map->phases.count + 1);
    for (size_t i = 0; i < map->phases.count; i++)
        copy_phase(n, &map->phases.at[i]);
    estate_join_phases(n->bill);
    size_t first = n->bill->phases.count - map->phases.count;
    for (size_t i = 0; i < map->phases.count; i++)
        n->phases[i] = (uint32_t)(first + i);
}

static uint32_t phase_named(const struct estate *estate, const char *id)
{
    for (size_t i = 0; id && i < estate->phases.count; i++)
        if (estate->phases.at[i].id && !strcmp(estate->phases.at[i].id, id))
            return (uint32_t)i;
    return NOTHING;
}

static bool named(struct naming *n, const struct node *at, const char *what, const char *id,
                  uint32_t found, struct err *err)
{
    if (!id || found != NOTHING)
        return true;
    err_at(err, n->map->path, at->line, at->column, "there is no %s '%s'", what, id);
    if (err)
        err->code = ERR_USAGE;
    return false;
}

/* Rules and entries may name a tenant and a phase. */
static bool set_named(struct naming *n, struct resource *r, const struct node *from,
                      struct err *err)
{
    const struct node *tenant = node_get(from, "tenant"), *phase = node_get(from, "phase");
    const char *tenant_id = node_text(tenant, NULL), *phase_id = node_text(phase, NULL);
    for (size_t i = 0; tenant_id && i < n->bill->tenants.count; i++)
        if (!strcmp(n->bill->tenants.at[i].id, tenant_id))
            r->tenant = (uint32_t)i;
    if (phase_id)
        r->phase = phase_named(n->bill, phase_id);
    return named(n, tenant, "tenant", tenant_id, r->tenant, err) &&
           named(n, phase, "phase", phase_id, r->phase, err);
}

/* Types whose configuration is on no bill: clusters (bounds, market) and load balancers
 * (scheme). */
static bool takes_declared(const char *type)
{
    static const char *const begins[] = {"databricks_", "aws_lb", "aws_alb", "aws_elb"};
    for (size_t i = 0; type && i < sizeof begins / sizeof *begins; i++)
        if (strncmp(type, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

/* What the bill does not show, the map says. */
static void add_declared(struct naming *n, struct resource *r, const struct resource *meant)
{
    if (!takes_declared(r->type) || !meant->attrs)
        return;
    struct arena *arena = &n->bill->arena;
    struct node *attrs = r->attrs ? node_copy(arena, r->attrs) : node_new(arena, NODE_MAP);
    for (size_t i = 0; i < meant->attrs->count; i++) {
        const struct node *one = meant->attrs->items[i];
        if (!node_get(attrs, one->key))
            node_add(arena, attrs, one->key, node_copy(arena, one));
    }
    r->attrs = attrs;
    if (!r->usage && meant->usage)
        r->usage = node_copy(arena, meant->usage);
}

/* "layers.yaml:12, aws_instance.web": where to change what the bill shows. */
static const char *place_of(struct naming *n, const struct map_entry *entry)
{
    const char *tf = node_text(node_get(entry->node, "tf"), NULL);
    return arena_printf(&n->bill->arena, "%s:%u%s%s", n->map->path, entry->node->line,
                        tf ? ", " : "", tf ? tf : "");
}

static bool name_by_entry(struct naming *n, uint32_t resource, uint32_t entry, struct err *err)
{
    const struct map_entry *e = &n->map->entries.at[entry];
    const struct resource *meant = &n->map->estate->resources.at[e->resource];
    struct resource *r = &n->bill->resources.at[resource];
    r->layer = meant->layer;
    r->mapped_by = copy(n, meant->mapped_by);
    r->declared = place_of(n, e);
    if (meant->phase != NOTHING)
        r->phase = n->phases[meant->phase];
    if (!r->type)
        r->type = copy(n, meant->type);
    add_declared(n, r, meant);
    if (!r->usage && meant->usage)
        r->usage = node_copy(&n->bill->arena, meant->usage);
    uint32_t *seen = &n->resource_of[e->resource];
    if (*seen == NOTHING || (r->type && !strcmp(r->type, "databricks_job")))
        *seen = resource;
    return set_named(n, r, e->node, err);
}

static bool name_by_rule(struct naming *n, uint32_t resource, uint32_t rule, struct err *err)
{
    const struct node *node = node_at(n->map->document, "attribution.rules")->items[rule];
    struct resource *r = &n->bill->resources.at[resource];
    r->layer = layer_named(node_text(node_get(node, "layer"), "unmapped"));
    if (r->layer == LAYER_NONE)
        r->layer = default_layer(n->defaults, resource);
    r->mapped_by = intern_printf(n->bill->symbols, "rule:%u", rule + 1);
    return set_named(n, r, node, err);
}

static bool name_resource(struct naming *n, uint32_t resource, struct err *err)
{
    struct resource *r = &n->bill->resources.at[resource];
    uint32_t entry = n->map ? entry_index_find(n->index, r) : NOTHING;
    if (entry != NOTHING)
        return name_by_entry(n, resource, entry, err);
    uint32_t rule = n->map ? rule_find(n->map, n->bill, resource) : NOTHING;
    if (rule != NOTHING)
        return name_by_rule(n, resource, rule, err);
    r->layer = default_layer(n->defaults, resource);
    r->mapped_by = r->layer == LAYER_NONE ? NULL : intern(n->bill->symbols, "default");
    return true;
}

/* What nobody named belongs where its cluster, pool or bucket does. */
static void inherit(struct naming *n, uint32_t resource)
{
    enum { DEEPEST = 8 };
    struct resource *r = &n->bill->resources.at[resource];
    uint32_t up = r->parent;
    bool named = r->mapped_by && strcmp(r->mapped_by, "default") != 0;
    for (int depth = 0; up < n->bill->resources.count && depth < DEEPEST; depth++) {
        const struct resource *parent = &n->bill->resources.at[up];
        if (r->tenant == NOTHING)
            r->tenant = parent->tenant;
        if (r->phase == NOTHING)
            r->phase = parent->phase;
        if (!named && parent->mapped_by && strcmp(parent->mapped_by, "default") != 0) {
            r->mapped_by = parent->mapped_by;
            named = true;
        }
        up = parent->parent;
    }
}

static void set_tenants(struct naming *n)
{
    for (size_t i = 0; i < n->bill->resources.count; i++) {
        struct resource *r = &n->bill->resources.at[i];
        if (r->tenant == NOTHING)
            r->tenant = tenant_of(n->bill, r);
        if (r->tenant == NOTHING && r->phase != NOTHING)
            r->tenant = n->bill->phases.at[r->phase].tenant;
    }
    for (size_t i = 0; i < n->bill->resources.count; i++)
        inherit(n, (uint32_t)i);
}

static void set_declared_clusters(struct naming *n)
{
    const struct estate *map = n->map->estate;
    for (size_t i = 0; i < map->phases.count; i++)
        if (map->phases.at[i].cluster != NOTHING)
            n->bill->phases.at[n->phases[i]].cluster =
                n->resource_of[map->phases.at[i].cluster];
}

static void note_unseen(struct naming *n)
{
    size_t unseen = 0;
    for (size_t i = 0; i < n->map->entries.count; i++) {
        const struct resource *meant =
            &n->map->estate->resources.at[n->map->entries.at[i].resource];
        unseen += n->resource_of[n->map->entries.at[i].resource] == NOTHING &&
                  meant->layer != LAYER_GOVERNANCE;
    }
    if (unseen)
        estate_note(n->bill, NOTE_INFO, n->map->path,
                    "%zu %s of the layer map name%s nothing that is in the bill", unseen,
                    unseen == 1 ? "entry" : "entries", unseen == 1 ? "s" : "");
}

static void take_map(struct naming *n)
{
    const struct estate *map = n->map->estate;
    n->index = entry_index_open(n->map);
    n->resource_of = ARENA_ARRAY(&n->bill->arena, uint32_t, map->resources.count + 1);
    for (size_t i = 0; i < map->resources.count; i++)
        n->resource_of[i] = NOTHING;
    copy_tenants(n);
    copy_phases(n);
    copy_commitments(n);
    if (!n->bill->name)
        n->bill->name = copy(n, map->name);
    n->bill->hours_per_month = map->hours_per_month;
}

bool map_apply(struct estate *bill, const struct layer_map *map, struct err *err)
{
    struct naming n = {.bill = bill, .map = map};
    bool ok = true;
    group_job_clusters(bill);
    n.defaults = default_layers_open(bill);
    if (map)
        take_map(&n);
    for (size_t i = 0; ok && i < bill->resources.count; i++)
        ok = name_resource(&n, (uint32_t)i, err);
    if (ok && map) {
        set_declared_clusters(&n);
        note_unseen(&n);
    }
    if (ok) {
        set_tenants(&n);
        place_phases(bill, bill->phases.count - (map ? map->estate->phases.count : 0));
    }
    entry_index_free(n.index);
    default_layers_free(n.defaults);
    return ok;
}
