#include "s3_folders.h"

#include <string.h>

#include "base/buf.h"

/*
 * What no rule by age may touch. A live file of a table may be of any age, so a rule
 * that deletes or archives by age breaks every read of the table.
 */
static const char kind[] = "s3.table_rule";

/* The part of "s3://bucket/prefix/" behind the bucket; NULL for another bucket. */
static const char *prefix_of_url(const char *url, const char *bucket)
{
    size_t length = strlen(bucket);
    const char *at = strstr(url, "://");
    if (!at || url[0] != 's' || strncmp(at + 3, bucket, length) != 0)
        return NULL;
    at += 3 + length;
    return at[0] == '\0' ? at : at[0] == '/' ? at + 1 : NULL;
}

static const char *listed_table(struct arena *arena, const struct s3_bucket *b,
                                const char *prefix)
{
    const struct estate *e = b->in->estate;
    for (size_t i = b->first_object; i < b->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (g->bucket == b->resource && g->protected_by && s3_is_below(g->prefix, prefix))
            return !strcmp(g->protected_by, prefix)
                       ? "it is a table"
                       : arena_printf(arena, "it holds a table, %s",
                                      g->protected_by[0] ? g->protected_by : "in its root");
    }
    return NULL;
}

/* Files of a table that is declared as plain Parquet are in no log: their age may matter. */
static const char *declared_table(struct arena *arena, const struct s3_bucket *b,
                                  const char *prefix)
{
    const struct node *usage = b->in->estate->resources.at[b->resource].usage;
    const struct node *tables = node_get(usage, "tables");
    for (size_t i = 0; node_is(tables, NODE_LIST) && i < tables->count; i++) {
        const char *at = node_text(node_get(tables->items[i], "prefix"), "");
        const char *format = node_text(node_get(tables->items[i], "format"), "delta");
        if (strcmp(format, "parquet") != 0 && s3_overlap(at, prefix))
            return arena_printf(arena, "the map declares the table %s",
                                at[0] ? at : "in its root");
    }
    return NULL;
}

static const char *managed_storage(struct arena *arena, const struct s3_bucket *b,
                                   const char *prefix)
{
    for (size_t i = 0; i < b->site->roots.count; i++) {
        const char *at = prefix_of_url(b->site->roots.at[i].url, b->name);
        if (at && s3_overlap(at, prefix))
            return arena_printf(arena, "%s keeps its tables in %s", b->site->roots.at[i].owner,
                                at[0] ? at : "all of it");
    }
    return NULL;
}

const char *s3_tables_near(struct arena *arena, const struct s3_bucket *b, const char *prefix)
{
    const char *why = listed_table(arena, b, prefix);
    why = why ? why : declared_table(arena, b, prefix);
    return why ? why : managed_storage(arena, b, prefix);
}

/* What an enabled rule does that a table cannot stand; NULL when nothing. */
static const char *harm_of(const struct node *rule)
{
    const struct node *steps = node_get(rule, "Transitions");
    const struct node *expiration = node_get(rule, "Expiration");
    if (strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") != 0)
        return NULL;
    if (node_get(expiration, "Days") || node_get(expiration, "Date"))
        return "deletes";
    for (size_t i = 0; steps && i < steps->count; i++) {
        enum lifecycle_class class;
        const char *to = node_text(node_get(steps->items[i], "StorageClass"), "");
        if (lifecycle_class_named(&class, to) && lifecycle_rules(class)->archive)
            return "archives";
    }
    return NULL;
}

/* Delta's commit service leaves files there that nobody reads again. */
static bool is_commit_scratch(const char *prefix)
{
    return strstr(prefix, "_delta_log/.tmp/") != NULL;
}

/* All that the bucket's rules would do to tables, as one piece of advice. */
struct warning {
    struct advice *advice;
    const struct s3_bucket *bucket;
    struct recommendation *r; /* NULL until there is something to say */
    struct buf todo;
    size_t rules;
};

static struct recommendation *first_warning(const struct warning *w)
{
    const double nothing[S3_SCENARIOS] = {0};
    struct recommendation *r =
        advice_add(w->advice, w->bucket->in, kind, ACTION_RETIER, w->bucket->resource);
    s3_set_saving(r, w->bucket->in, 0, nothing);
    r->separate = true;
    r->effort = LEVEL_VERY_LOW;
    r->confidence = LEVEL_HIGH;
    r->confidence_why = "the rules and the tables are both known";
    evidence_add(w->advice, r, EVIDENCE_THRESHOLD, NULL, "Why",
                 "a file of the current version may be of any age; one that is gone or "
                 "archived breaks every read of the table. VACUUM deletes what is dead");
    return r;
}

static void warn(struct warning *w, const char *what, const char *id, const char *harm,
                 const char *prefix, const char *why)
{
    const char *where = prefix[0] ? prefix : "the whole bucket";
    w->r = w->r ? w->r : first_warning(w);
    evidence_add(w->advice, w->r, EVIDENCE_INPUT, NULL,
                 arena_printf(&w->advice->arena, "%s %s", what, id), "%s by age in %s, and %s",
                 harm, where, why);
    change_add(w->advice, w->r, id, "enabled", "off, or for prefixes without tables");
    buf_printf(&w->todo,
               "%s %s acts on %s. Rules have no exceptions: give it the prefixes without\n"
               "tables, or disable it; then restore what it archived.\n",
               what, id, where);
    w->rules++;
}

static void judge_rules(struct warning *w)
{
    struct arena *arena = &w->advice->arena;
    struct s3_rules rules = s3_standing_rules(arena, w->bucket);
    for (size_t i = 0; i < rules.list->count; i++) {
        const struct node *rule = rules.list->items[i];
        struct lifecycle_policy policy;
        const char *prefix, *harm = harm_of(rule);
        s3_rule_policy(&policy, &prefix, rule);
        if (!harm || s3_rule_has_tags(rule) || is_commit_scratch(prefix))
            continue;
        const char *why = s3_tables_near(arena, w->bucket, prefix);
        if (why)
            warn(w, "lifecycle rule", node_text(node_get(rule, "ID"), "without an ID"), harm,
                 prefix, why);
    }
}

static bool archives(const struct resource *r)
{
    const struct node *tiers = node_get(r->attrs, "tiering");
    return tiers && tiers->count > 0 && node_absent(node_at(r->attrs, "filter.tags")) &&
           strcmp(node_text(node_get(r->attrs, "status"), "Enabled"), "Enabled") == 0;
}

/* The archive tiers of INTELLIGENT_TIERING need a restore as archives do. */
static void judge_tiering(struct warning *w)
{
    const struct resource *r;
    for (size_t at = 0;
         (r = s3_companion(w->bucket, "aws_s3_bucket_intelligent_tiering_configuration",
                           &at));) {
        const char *prefix = node_text(node_at(r->attrs, "filter.prefix"), "");
        const char *why =
            archives(r) ? s3_tables_near(&w->advice->arena, w->bucket, prefix) : NULL;
        if (why)
            warn(w, "archive tiering", node_text(node_get(r->attrs, "name"), ""), "archives",
                 prefix, why);
    }
}

void s3_advise_guard(struct advice *advice, const struct s3_bucket *bucket)
{
    struct warning w = {.advice = advice, .bucket = bucket, .todo = BUF_INIT};
    judge_rules(&w);
    judge_tiering(&w);
    if (w.r) {
        w.r->title =
            arena_printf(&advice->arena,
                         "Take %zu rule%s off the tables of bucket %s: live files go by age",
                         w.rules, w.rules > 1 ? "s" : "", bucket->name);
        artefact_add(advice, w.r, "text", "what-to-change.txt", buf_text(&w.todo));
    }
    buf_release(&w.todo);
}
