#include "s3.h"

#include <string.h>

static const char kind[] = "s3.versions";

enum { KEEP_DAYS = 30, OLD_DAYS = 180 };

struct versions {
    double bytes, current_bytes, usd;
    double usd_older[S3_SCENARIOS]; /* of versions created longer ago than that */
    double count, markers;
    bool tables;
    const char *source;
};

static double price_of(const struct s3_bucket *b, const char *name)
{
    enum lifecycle_class class;
    return lifecycle_class_named(&class, name) ? b->prices.class[class].storage_gb_month : 0;
}

/* Archived versions of a class that the model does not know cost nothing here: a lower bound.
 */
static void add_group(struct versions *v, const struct s3_bucket *b,
                      const struct object_group *g)
{
    double usd = price_of(b, g->storage_class) / LIFECYCLE_GB;
    for (int a = 0; a < AGE_BINS; a++)
        for (int s = 0; s < SIZE_BINS; s++) {
            double bytes = (double)g->bins[a][s].bytes, count = (double)g->bins[a][s].count;
            int from = a == 0 ? 0 : object_age_bound_days[a - 1];
            if (g->state == OBJECT_CURRENT)
                v->current_bytes += bytes;
            if (g->state == OBJECT_DELETE_MARKER)
                v->markers += count;
            if (g->state != OBJECT_NONCURRENT)
                continue;
            v->count += count;
            v->bytes += bytes;
            v->usd += bytes * usd;
            v->usd_older[S3_LOW] += from >= OLD_DAYS ? bytes * usd : 0;
            v->usd_older[S3_EXPECTED] += from >= KEEP_DAYS ? bytes * usd : 0;
            v->usd_older[S3_HIGH] += bytes * usd;
            v->tables |= g->protected_by != NULL;
        }
    v->source = g->source;
}

static bool expires_versions(const struct node *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const char *status = node_text(node_get(rules->items[i], "Status"), "");
        if (node_get(rules->items[i], "NoncurrentVersionExpiration") &&
            strcmp(status, "Enabled") == 0)
            return true;
    }
    return false;
}

static void add_rule(struct arena *arena, struct s3_rules *rules)
{
    struct node *rule = node_new(arena, NODE_MAP);
    struct node *versions = node_new(arena, NODE_MAP), *markers = node_new(arena, NODE_MAP);
    node_add(arena, rule, "Status", node_string(arena, "Enabled"));
    node_add(arena, rule, "Filter", node_new(arena, NODE_MAP));
    node_add(arena, versions, "NoncurrentDays", node_number_new(arena, KEEP_DAYS));
    node_add(arena, rule, "NoncurrentVersionExpiration", versions);
    node_add(arena, markers, "ExpiredObjectDeleteMarker", node_bool_new(arena, true));
    node_add(arena, rule, "Expiration", markers);
    s3_rules_add(arena, rules, "advisor-noncurrent-versions", rule);
}

static void recommend(struct advice *advice, const struct s3_bucket *b,
                      const struct versions *v, struct s3_rules *rules)
{
    struct arena *arena = &advice->arena;
    struct recommendation *r = advice_add(advice, b->in, kind, ACTION_STOP, b->resource);
    r->title = arena_printf(arena,
                            "Delete noncurrent versions of bucket %s %d days after they were "
                            "replaced",
                            b->name, KEEP_DAYS);
    s3_set_saving(r, b->in, v->usd, v->usd_older);
    r->separate = true;
    r->effort = LEVEL_VERY_LOW;
    r->risk = 2;
    r->risk_dimension = "older versions cannot be restored";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why =
        "the inventory says when a version was created, not when it was replaced";
    evidence_add(advice, r, EVIDENCE_INPUT, v->source, "Noncurrent versions",
                 "%.0f, %s, %.0f %% of all bytes", v->count, s3_bytes_text(arena, v->bytes),
                 100 * v->bytes / (v->bytes + v->current_bytes));
    evidence_add(
        advice, r, EVIDENCE_FORMULA, NULL, "Saving",
        "%.2f USD a month for versions created over %d days ago (low), %.2f over %d days "
        "(expected), %.2f for all (high)",
        v->usd_older[S3_LOW], OLD_DAYS, v->usd_older[S3_EXPECTED], KEEP_DAYS,
        v->usd_older[S3_HIGH]);
    if (v->markers > 0)
        evidence_add(advice, r, EVIDENCE_INPUT, v->source, "Delete markers",
                     "%.0f; those without versions are removed too and stop slowing LIST",
                     v->markers);
    if (v->tables)
        evidence_add(
            advice, r, EVIDENCE_THRESHOLD, NULL, "Tables",
            "what VACUUM deletes stays as noncurrent versions: this rule does not touch "
            "live files");
    s3_evidence_prices(advice, r, b, LC_STANDARD);
    change_add(advice, r, "noncurrent_version_expiration", "none", "30 days");
    add_rule(arena, rules);
    s3_add_configuration(advice, r, b, rules);
}

/* Storage Lens has their bytes without ages or classes: a bound, and what would be done. */
static void judge_lens(struct advice *advice, const struct s3_bucket *b)
{
    const struct node *lens =
        node_get(b->in->estate->resources.at[b->resource].usage, "s3_lens");
    double bytes = node_number(node_get(lens, "noncurrent_bytes"), 0);
    double usd = bytes / LIFECYCLE_GB * b->prices.class[LC_STANDARD].storage_gb_month;
    struct s3_rules rules = s3_standing_rules(&advice->arena, b);
    if (usd < b->in->options->min_monthly_usd || expires_versions(rules.list))
        return;
    advice_decline(
        advice, kind, b->resource,
        "Storage Lens counts %s of noncurrent versions and their ages are unknown: a "
        "rule that deletes them %d days after they were replaced saves at most %.2f "
        "USD a month; an inventory of all versions would tell",
        s3_bytes_text(&advice->arena, bytes), KEEP_DAYS, usd);
}

void s3_advise_versions(struct advice *advice, const struct s3_bucket *bucket)
{
    const struct estate *e = bucket->in->estate;
    struct versions v = {0};
    if (bucket->first_object == bucket->end_object) {
        judge_lens(advice, bucket);
        return;
    }
    for (size_t i = bucket->first_object; i < bucket->end_object; i++)
        if (e->objects.at[i].bucket == bucket->resource)
            add_group(&v, bucket, &e->objects.at[i]);
    if (v.bytes <= 0 && v.markers <= 0)
        return;
    struct s3_rules rules = s3_standing_rules(&advice->arena, bucket);
    if (expires_versions(rules.list))
        advice_decline(advice, kind, bucket->resource,
                       "%.2f USD a month of noncurrent versions are waiting for the rule that "
                       "deletes them",
                       v.usd);
    else if (v.usd_older[S3_EXPECTED] < bucket->in->options->min_monthly_usd)
        advice_decline(advice, kind, bucket->resource,
                       "noncurrent versions cost %.2f USD a month, and %.0f delete markers "
                       "nothing",
                       v.usd, v.markers);
    else
        recommend(advice, bucket, &v, &rules);
}
