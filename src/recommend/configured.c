#include <fnmatch.h>
#include <string.h>

#include "advice.h"
#include "base/buf.h"
#include "pricing/cost.h"

/*
 * What is to be made, priced once more with one setting changed. Nothing has run yet,
 * so only settings are proposed that serve the same load: each row of the table says
 * why, and what it risks. What a bill already knows is judged by its use elsewhere.
 */
struct proposal {
    const char *kind;
    enum action action;
    const char *type, *path;     /* lists on the path are gone through */
    const char *from, *to;       /* 'm4.*' to 'm6i.*' keeps what the star stood for */
    const char *key, *value;     /* set beside it; NULL: nothing */
    const char *only_path, *only; /* where that holds too; NULL: always */
    bool needs_arm;              /* runs on arm64 only where that is allowed */
    int risk;
    const char *risk_dimension, *why;
};

static const char generation[] = "the same size of a newer generation does the same for less";
static const char managed[] = "the service runs on it; the application does not notice";
static const char disk[] = "3,000 IOPS and 125 MB/s are included; more of gp2's is bought";
static const char arm[] = "needs an arm64 image and code that runs on it";
static const char spot[] = "workers that are taken away are replaced on demand; the driver stays";
#define DB_ENGINES "engine", "@(postgres|mysql|mariadb|aurora*)"
#define NO_MORE NULL, NULL
#define ALWAYS NULL, NULL

static const struct proposal proposals[] = {
    {"configured.gp3", ACTION_RETIER, "aws_ebs_volume", "type", "gp2", "gp3", NO_MORE, ALWAYS,
     false, 1, "disk", disk},
    {"configured.gp3", ACTION_RETIER, "aws_instance", "root_block_device.volume_type", "gp2",
     "gp3", NO_MORE, ALWAYS, false, 1, "disk", disk},
    {"configured.gp3_data", ACTION_RETIER, "aws_instance", "ebs_block_device.volume_type", "gp2",
     "gp3", NO_MORE, ALWAYS, false, 1, "disk", disk},
    {"configured.gp3", ACTION_RETIER, "aws_db_instance", "storage_type", "gp2", "gp3", NO_MORE,
     ALWAYS, false, 1, "disk", disk},
    {"configured.gp3", ACTION_RETIER, "aws_opensearch_domain", "ebs_options.volume_type", "gp2",
     "gp3", NO_MORE, ALWAYS, false, 1, "disk", disk},
    {"configured.gp3", ACTION_RETIER, "aws_elasticsearch_domain", "ebs_options.volume_type",
     "gp2", "gp3", NO_MORE, ALWAYS, false, 1, "disk", disk},
    {"configured.generation", ACTION_RESIZE, "aws_instance", "instance_type", "m4.*", "m6i.*",
     NO_MORE, ALWAYS, false, 1, "cpu", generation},
    {"configured.generation", ACTION_RESIZE, "aws_instance", "instance_type", "c4.*", "c6i.*",
     NO_MORE, ALWAYS, false, 1, "cpu", generation},
    {"configured.generation", ACTION_RESIZE, "aws_instance", "instance_type", "r4.*", "r6i.*",
     NO_MORE, ALWAYS, false, 1, "cpu", generation},
    {"configured.generation", ACTION_RESIZE, "aws_instance", "instance_type", "t2.*", "t3.*",
     NO_MORE, ALWAYS, false, 1, "cpu", generation},
    {"configured.arm", ACTION_RESIZE, "aws_instance", "instance_type", "@(m5|m6i).*", "m6g.*",
     NO_MORE, ALWAYS, true, 2, "cpu", arm},
    {"configured.arm", ACTION_RESIZE, "aws_instance", "instance_type", "@(c5|c6i).*", "c6g.*",
     NO_MORE, ALWAYS, true, 2, "cpu", arm},
    {"configured.arm", ACTION_RESIZE, "aws_instance", "instance_type", "@(r5|r6i).*", "r6g.*",
     NO_MORE, ALWAYS, true, 2, "cpu", arm},
    {"configured.arm", ACTION_RESIZE, "aws_instance", "instance_type", "t3.*", "t4g.*",
     NO_MORE, ALWAYS, true, 2, "cpu", arm},
    {"configured.arm", ACTION_RESIZE, "aws_lambda_function", "architectures", "x86_64", "arm64",
     NO_MORE, ALWAYS, true, 2, "cpu", arm},
    {"configured.database", ACTION_RESIZE, "aws_db_instance", "instance_class",
     "db.@(m4|m5).*", "db.m6g.*", NO_MORE, DB_ENGINES, false, 1, "cpu", managed},
    {"configured.database", ACTION_RESIZE, "aws_db_instance", "instance_class",
     "db.@(r4|r5).*", "db.r6g.*", NO_MORE, DB_ENGINES, false, 1, "cpu", managed},
    {"configured.database", ACTION_RESIZE, "aws_db_instance", "instance_class",
     "db.@(t2|t3).*", "db.t4g.*", NO_MORE, DB_ENGINES, false, 1, "cpu", managed},
    {"configured.cache", ACTION_RESIZE, "aws_elasticache_replication_group", "engine", "redis",
     "valkey", NO_MORE, ALWAYS, false, 1, "cpu", "Valkey speaks the protocol of Redis OSS 7.2"},
    {"configured.cache", ACTION_RESIZE, "aws_elasticache_*", "node_type", "cache.@(m4|m5).*",
     "cache.m6g.*", NO_MORE, ALWAYS, false, 1, "cpu", managed},
    {"configured.cache", ACTION_RESIZE, "aws_elasticache_*", "node_type", "cache.@(r4|r5).*",
     "cache.r6g.*", NO_MORE, ALWAYS, false, 1, "cpu", managed},
    {"configured.spot", ACTION_SPOT, "databricks_cluster", "aws_attributes.availability",
     "ON_DEMAND", "SPOT_WITH_FALLBACK", "first_on_demand", "1", ALWAYS, false, 2,
     "interruption", spot},
    {"configured.spot", ACTION_SPOT, "databricks_job",
     "job_cluster.new_cluster.aws_attributes.availability", "ON_DEMAND", "SPOT_WITH_FALLBACK",
     "first_on_demand", "1", ALWAYS, false, 2, "interruption", spot},
};

static bool fits(const char *pattern, const char *text)
{
    return text && !fnmatch(pattern, text, FNM_EXTMATCH);
}

/* "m4.2xlarge" by "m4.*" and "m6i.*" is "m6i.2xlarge". */
static const char *replaced(struct arena *arena, const struct proposal *p, const char *text)
{
    size_t kept = strcspn(p->to, "*");
    const char *rest = strrchr(text, '.');
    return p->to[kept] && rest ? arena_printf(arena, "%.*s%s", (int)kept, p->to, rest + 1)
                               : p->to;
}

/* More than 1,000 GiB of gp2 have more than the 3,000 IOPS that gp3 includes. */
static void keep_iops(struct arena *arena, struct node *block)
{
    enum { GIB = 1000, IOPS_PER_GIB = 3, IOPS_MOST = 16000 };
    double gib = node_number(node_get(block, "size"),
                             node_number(node_get(block, "volume_size"), 0));
    if (gib <= GIB || node_number(node_get(block, "iops"), 0) > IOPS_PER_GIB * GIB)
        return;
    double iops = gib * IOPS_PER_GIB;
    node_add(arena, block, "iops", node_number_new(arena, iops < IOPS_MOST ? iops : IOPS_MOST));
}

struct change_made {
    const char *from, *to; /* the first that was changed; NULL: none */
};

static struct node *with(struct arena *arena, const struct node *n, const char *path,
                         const struct proposal *p, struct change_made *made);

/* A map with one member changed; the keys of the proposal are set beside it. */
static void change_member(struct arena *arena, struct node *out, const struct node *n,
                          const char *path, const struct proposal *p, struct change_made *made)
{
    size_t length = strcspn(path, ".");
    bool here = false;
    for (size_t i = 0; i < n->count; i++) {
        const struct node *item = n->items[i];
        bool named = !strncmp(item->key, path, length) && !item->key[length];
        if ((p->key && !path[length] && !strcmp(item->key, p->key)) ||
            (!strcmp(item->key, "iops") && node_absent(item)))
            continue;
        const char *before = made->from;
        struct node *copy = named ? with(arena, item, path + length + (path[length] == '.'), p,
                                         made)
                                  : node_copy(arena, item);
        here = here || (named && !path[length] && made->from != before);
        node_add(arena, out, item->key, copy);
    }
    if (here && p->key)
        node_add(arena, out, p->key, node_string(arena, p->value));
    if (here && !strcmp(p->to, "gp3"))
        keep_iops(arena, out);
}

static struct node *with(struct arena *arena, const struct node *n, const char *path,
                         const struct proposal *p, struct change_made *made)
{
    if (node_is(n, NODE_STRING) && !*path && fits(p->from, n->text)) {
        const char *to = replaced(arena, p, n->text);
        *made = (struct change_made){n->text, to};
        return node_string(arena, to);
    }
    if (!node_is(n, NODE_LIST) && !node_is(n, NODE_MAP))
        return node_copy(arena, n);
    struct node *out = node_new(arena, n->kind);
    if (n->kind == NODE_MAP)
        change_member(arena, out, n, path, p, made);
    for (size_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
        node_add(arena, out, NULL, with(arena, n->items[i], path, p, made));
    return out;
}

/* A resource as it is planned, or as it would be, among those that are priced. */
static uint32_t put_beside(struct estate *beside, const char *key, const struct resource *r,
                           const struct node *attrs)
{
    uint32_t i = estate_resource(beside, key);
    struct resource *copy = &beside->resources.at[i];
    copy->type = r->type;
    copy->address = r->address;
    copy->region = r->region;
    copy->usage = r->usage;
    copy->attrs = attrs;
    return i;
}

static void put_formulas(struct advice *out, struct recommendation *r,
                         const struct resource_cost *cost, const char *when)
{
    for (size_t i = 0; i < cost->count; i++)
        if (cost->components[i].formula)
            evidence_add(out, r, EVIDENCE_FORMULA, cost->components[i].price_source,
                         arena_printf(&out->arena, "%s, %s", cost->components[i].name, when),
                         "%s", cost->components[i].formula);
}

struct trial {
    const struct proposal *proposal;
    uint32_t resource;
    struct change_made made;
    uint32_t now, then; /* among those that are priced */
};

/* Everything that is tried, priced in one go. */
struct trials {
    struct estate *beside;
    VEC(struct trial) all;
    struct estate_cost cost;
};

/* "Make app gp3 instead of gp2"; of a disk within it "Make root_block_device of app ...". */
static const char *title_of(struct arena *arena, const struct trial *t, const char *address)
{
    const struct proposal *p = t->proposal;
    const char *dot = p->action == ACTION_RETIER ? strchr(p->path, '.') : NULL;
    return arena_printf(arena, "Make %.*s%s%s %s instead of %s", dot ? (int)(dot - p->path) : 0,
                        p->path, dot ? " of " : "", address, t->made.to, t->made.from);
}

/* "root_block_device.volume_type" is set in that block. */
static void put_terraform(struct advice *out, struct recommendation *r,
                          const struct resource *subject, const char *path, const char *to)
{
    const char *name = comment_word(&out->arena, resource_label(subject));
    const char *dot = strchr(path, '.');
    artefact_add(out, r, "terraform", "configured.tf",
                 dot ? arena_printf(&out->arena, "# in %s\n%.*s {\n  %s = \"%s\"\n}\n", name,
                                    (int)(dot - path), path, dot + 1, to)
                     : arena_printf(&out->arena, "# in %s\n%s = \"%s\"\n", name, path, to));
}

static void advise(struct advice *out, const struct recommend_input *in,
                   const struct trials *trials, const struct trial *t)
{
    const struct proposal *p = t->proposal;
    const struct resource_cost *now = &trials->cost.resources[t->now],
                               *then = &trials->cost.resources[t->then];
    const struct resource *subject = &in->estate->resources.at[t->resource];
    struct recommendation *r = advice_add(out, in, p->kind, p->action, t->resource);
    r->title = title_of(&out->arena, t, subject->address);
    saving_set(r, in, now->total, then->total);
    r->separate = p->action == ACTION_RETIER; /* a disk, whatever becomes of the rest */
    r->effort = p->needs_arm ? LEVEL_MEDIUM : LEVEL_VERY_LOW;
    r->risk = p->risk;
    r->risk_dimension = p->risk_dimension;
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "priced by its configuration; it has not run yet";
    evidence_add(out, r, EVIDENCE_INPUT, subject->source, p->path, "%s", t->made.from);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Why it serves the same load", "%s", p->why);
    put_formulas(out, r, now, "as planned");
    put_formulas(out, r, then, "instead");
    change_add(out, r, p->path, t->made.from, t->made.to);
    put_terraform(out, r, subject, p->path, t->made.to);
}

static bool is_saving(const struct trials *trials, const struct trial *t,
                      const struct recommend_options *options)
{
    const struct resource_cost *now = &trials->cost.resources[t->now],
                               *then = &trials->cost.resources[t->then];
    double saved = money_double(now->total.expected) - money_double(then->total.expected);
    return !now->unpriced && !then->unpriced && saved >= options->min_monthly_usd;
}

static bool concerns(const struct proposal *p, const struct resource *r,
                     const struct recommend_options *options)
{
    return fits(p->type, r->type) && (!p->needs_arm || options->graviton_ok) &&
           node_at(r->attrs, p->path) &&
           (!p->only || fits(p->only, node_text(node_at(r->attrs, p->only_path), NULL)));
}

static void try_all(struct trials *out, const struct recommend_input *in, uint32_t resource)
{
    const struct resource *r = &in->estate->resources.at[resource];
    struct arena *arena = &out->beside->arena;
    for (size_t i = 0; i < sizeof proposals / sizeof *proposals; i++) {
        struct trial t = {.proposal = &proposals[i], .resource = resource};
        if (!concerns(t.proposal, r, in->options))
            continue;
        const struct node *attrs = with(arena, r->attrs, t.proposal->path, t.proposal, &t.made);
        if (!t.made.from)
            continue;
        t.now = put_beside(out->beside, r->key, r, r->attrs);
        t.then = put_beside(out->beside, arena_printf(arena, "%s, tried %zu", r->key, i), r,
                            attrs);
        VEC_ADD(&out->all, t);
    }
}

/* Of the proposals of one kind the first that saves counts. */
static void judge(struct advice *out, const struct recommend_input *in,
                  const struct trials *trials)
{
    const struct trial *last = NULL;
    for (size_t i = 0; i < trials->all.count; i++) {
        const struct trial *t = &trials->all.at[i];
        if (last && last->resource == t->resource &&
            !strcmp(last->proposal->kind, t->proposal->kind))
            continue;
        if (!is_saving(trials, t, in->options))
            continue;
        advise(out, in, trials, t);
        last = t;
    }
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    struct trials trials = {.beside = estate_open()};
    size_t lines;
    for (uint32_t i = 0; i < in->estate->resources.count; i++) {
        const struct resource *r = &in->estate->resources.at[i];
        if (r->type && r->address && node_is(r->attrs, NODE_MAP) &&
            (estate_lines(in->estate, i, &lines), lines == 0))
            try_all(&trials, in, i);
    }
    trials.beside->hours_per_month = in->estate->hours_per_month;
    bool ok = !trials.all.count || estate_cost(&trials.cost, &trials.beside->arena, in->book,
                                               trials.beside, err);
    if (ok)
        judge(out, in, &trials);
    VEC_FREE(&trials.all);
    estate_free(trials.beside);
    return ok;
}

extern const struct recommender recommender_configured;
const struct recommender recommender_configured = {
    .name = "configured",
    .summary = "settings of what is not made yet that cost less for the same load",
    .run = run,
};
