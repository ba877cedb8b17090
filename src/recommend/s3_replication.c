#include "s3.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "pricing/network.h"
#include "pricing/storage.h"

/*
 * Replication pays for every byte that is written: transfer, a PUT, the time control
 * where it is on, and a second copy. Data that is deleted within weeks pays all of it for
 * a copy that nobody will want, and a table that is copied file by file may arrive with a
 * log that is ahead of its data.
 */
static const char kind[] = "s3.replication";

enum { YOUNG_BINS = 2, YOUNG_DAYS = 30 };
#define SHORT_LIVED 0.9 /* of the bytes younger than 30 days */

struct replication {
    bool found, timed; /* timed: the 15 minutes of replication time control */
    const char *to, *class, *to_region;
    const char *prefix;             /* of the only rule; "" is everything */
    double gb, objects;             /* a month */
    double transfer_usd;            /* a month, by the bill or the book */
    double timed_usd, put_usd;      /* NaN unknown */
    double short_gb, short_objects; /* of it, in prefixes whose data does not last */
    struct buf short_prefixes;
    const char *source;
};

/* "arn:aws:s3:::name" -> "name". */
static const char *bucket_of_arn(const char *arn)
{
    const char *name = strrchr(arn, ':');
    return name ? name + 1 : arn;
}

static const char *region_of_bucket(const struct s3_bucket *b, const char *name)
{
    uint32_t found = estate_find(b->in->estate, name);
    return found == NOTHING ? NULL : b->in->estate->resources.at[found].region;
}

static void read_configuration(struct replication *x, const struct s3_bucket *b)
{
    const struct resource *r;
    for (size_t at = 0;
         (r = s3_companion(b, "aws_s3_bucket_replication_configuration", &at));) {
        const struct node *rules = node_get(r->attrs, "rule");
        for (size_t i = 0; node_is(rules, NODE_LIST) && i < rules->count; i++) {
            const struct node *rule = rules->items[i],
                              *to = node_at(rule, "destination.bucket");
            if (strcmp(node_text(node_get(rule, "status"), "Enabled"), "Enabled") != 0)
                continue;
            const char *prefix = node_text(node_at(rule, "filter.prefix"), "");
            if (!prefix[0])
                prefix = node_text(node_at(rule, "filter.and.prefix"),
                                   node_text(node_get(rule, "prefix"), ""));
            x->prefix = x->found ? "" : prefix;
            x->to = bucket_of_arn(node_text(to, "another bucket"));
            x->class = node_text(node_at(rule, "destination.storage_class"), x->class);
            const char *timed =
                node_text(node_at(rule, "destination.replication_time.status"), "");
            x->timed |= strcmp(timed, "Enabled") == 0;
            x->source = r->source;
            x->found = true;
        }
    }
}

static void read_map(struct replication *x, const struct s3_bucket *b)
{
    const struct node *list =
        node_get(b->in->estate->resources.at[b->resource].usage, "replication");
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++) {
        struct range gb, objects;
        const struct node *n = list->items[i];
        x->to = node_text(node_get(n, "to_bucket"), x->to ? x->to : "another bucket");
        x->to_region = node_text(node_get(n, "to_region"), NULL);
        x->gb += range_read(&gb, node_get(n, "gb_month")) ? gb.expected : 0;
        x->objects +=
            range_read(&objects, node_get(n, "objects_month")) ? objects.expected : 0;
        x->found = true;
    }
}

/* What the inventory lists as written in the last month, and what of it will not last. */
static void read_objects(struct replication *x, const struct s3_bucket *b)
{
    const struct estate *e = b->in->estate;
    double month = LIFECYCLE_DAYS_PER_MONTH / YOUNG_DAYS, gb = 0, objects = 0;
    for (size_t i = b->first_object; i < b->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        double young = 0, all = 0, count = 0;
        if (g->bucket != b->resource || g->state != OBJECT_CURRENT ||
            strncmp(g->prefix, x->prefix, strlen(x->prefix)) != 0)
            continue;
        for (int a = 0; a < AGE_BINS; a++)
            for (int s = 0; s < SIZE_BINS; s++) {
                all += (double)g->bins[a][s].bytes;
                young += a < YOUNG_BINS ? (double)g->bins[a][s].bytes : 0;
                count += a < YOUNG_BINS ? (double)g->bins[a][s].count : 0;
            }
        gb += young / LIFECYCLE_GB * month;
        objects += count * month;
        if (young < SHORT_LIVED * all || young <= 0 || g->protected_by)
            continue;
        x->short_gb += young / LIFECYCLE_GB * month;
        x->short_objects += count * month;
        buf_printf(&x->short_prefixes, "%s%s", x->short_prefixes.length ? ", " : "",
                   g->prefix[0] ? g->prefix : "all of it");
    }
    x->gb = x->gb > 0 ? x->gb : gb;
    x->objects = x->objects > 0 ? x->objects : objects;
}

/* The bill knows what crossed regions, and what the time control cost. */
static void read_bill(struct replication *x, const struct s3_bucket *b)
{
    double gb, usd;
    if (s3_billed_with(&gb, &usd, b, "S3RTC")) {
        x->timed = x->found = true;
        x->timed_usd = usd;
    }
    if (s3_billed_with(&gb, &usd, b, "AWS-Out-Bytes") && x->found) {
        x->gb = gb;
        x->transfer_usd = usd;
    }
}

static void price(struct replication *x, const struct s3_bucket *b)
{
    struct price row;
    if (!x->to_region && x->to)
        x->to_region = region_of_bucket(b, x->to);
    bool same = x->to_region && strcmp(x->to_region, b->region) == 0;
    if (isnan(x->transfer_usd) && same)
        x->transfer_usd = 0;
    else if (isnan(x->transfer_usd) && x->to_region &&
             transfer_price(&row, b->in->book, "inter_region", b->region, x->to_region))
        x->transfer_usd = money_double(price_times(&row, x->gb));
    if (x->timed && isnan(x->timed_usd) &&
        s3_price(&row, b->in->book, "any", "replication_time_control", b->region))
        x->timed_usd = money_double(price_times(&row, x->gb));
    const char *class = x->class ? s3_class_name(x->class) : "standard";
    if (class && s3_price(&row, b->in->book, class, "put_copy_post_list",
                          x->to_region ? x->to_region : b->region))
        x->put_usd = money_double(price_times(&row, x->objects));
}

static double or_zero(double usd)
{
    return isnan(usd) ? 0 : usd;
}

static const char *cost_text(struct arena *arena, const struct replication *x)
{
    const char *transfer = isnan(x->transfer_usd)
                               ? "transfer to a region that nobody names"
                               : arena_printf(arena, "%.2f for transfer", x->transfer_usd);
    const char *timed =
        x->timed ? arena_printf(arena, ", %.2f for the time control", or_zero(x->timed_usd))
                 : "";
    return arena_printf(arena, "%.1f GB and %.0f objects a month to %s: %s, %.2f for PUTs%s",
                        x->gb, x->objects, x->to ? x->to : "another bucket", transfer,
                        or_zero(x->put_usd), timed);
}

/* Copies that are read after a disaster alone can lie in a colder class from the first day. */
static void add_class(struct advice *advice, struct recommendation *r,
                      const struct s3_bucket *b, const struct replication *x)
{
    const struct lifecycle_class_price *p = b->prices.class;
    double kept = (p[LC_STANDARD].storage_gb_month - p[LC_GLACIER_IR].storage_gb_month) *
                  (x->gb - x->short_gb);
    double puts = (p[LC_GLACIER_IR].put_per_1000 - p[LC_STANDARD].put_per_1000) / 1000 *
                  (x->objects - x->short_objects);
    if (x->class && strcmp(x->class, "STANDARD") != 0)
        return;
    alternative_add(advice, r,
                    (struct money_range){MONEY_ZERO, money_of(fmax(0, kept - puts)),
                                         money_of(fmax(0, kept - puts))},
                    "Replicate into GLACIER_IR, for each month's data",
                    "right where copies are read after a disaster alone; who reads them is "
                    "not known here");
}

static void add_evidence(struct advice *advice, struct recommendation *r,
                         const struct replication *x, double short_usd, double timed)
{
    evidence_add(advice, r, EVIDENCE_INPUT, x->source, "Replicated", "%s",
                 cost_text(&advice->arena, x));
    if (short_usd > 0)
        evidence_add(advice, r, EVIDENCE_FORMULA, NULL, "Does not last",
                     "%s: over %.0f %% of the bytes are younger than 30 days; %.1f GB and "
                     "%.0f objects of a month's writes, %.2f USD",
                     buf_text(&x->short_prefixes), 100 * SHORT_LIVED, x->short_gb,
                     x->short_objects, short_usd);
    if (timed > 0)
        evidence_add(advice, r, EVIDENCE_FORMULA, NULL, "Time control",
                     "%.2f USD a month for 15 minutes instead of as fast as it goes; low: it "
                     "is needed",
                     timed);
}

static const char replication_tf[] =
    "# in the aws_s3_bucket_replication_configuration: a rule for each prefix "
    "that lasts\n"
    "rule {\n"
    "  id       = \"PREFIX\"\n"
    "  status   = \"Enabled\"\n"
    "  priority = 1\n"
    "  filter {\n"
    "    prefix = \"PREFIX\"\n"
    "  }\n"
    "  delete_marker_replication {\n"
    "    status = \"Disabled\"\n"
    "  }\n"
    "  destination {\n"
    "    bucket = \"ARN_OF_THE_COPY\" # without replication_time\n"
    "  }\n"
    "}\n";

static void recommend(struct advice *advice, const struct s3_bucket *b,
                      const struct replication *x, double short_usd)
{
    struct arena *arena = &advice->arena;
    double timed = or_zero(x->timed_usd),
           now = or_zero(x->transfer_usd) + or_zero(x->put_usd) + timed;
    double part = x->gb > 0 ? fmin(1, x->short_gb / x->gb) : 0;
    /* The time control is an insurance: whether it is needed, only its owner knows. */
    const double saving[S3_SCENARIOS] = {short_usd, short_usd + timed * (1 - part),
                                         short_usd + timed * (1 - part)};
    struct recommendation *r = advice_add(advice, b->in, kind, ACTION_REROUTE, b->resource);
    r->title = arena_printf(arena, "Replicate bucket %s %s%s%s", b->name,
                            short_usd > 0 ? "without what does not last" : "",
                            short_usd > 0 && timed > 0 ? ", " : "",
                            timed > 0 ? "without time control" : "");
    s3_set_saving(r, b->in, now, saving);
    r->separate = true;
    r->effort = LEVEL_LOW;
    r->risk = timed > 0 ? 2 : 1;
    r->risk_dimension = "recovery";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "what is written and what it costs is known; how soon a copy must "
                        "be there is not";
    add_evidence(advice, r, x, short_usd, timed);
    add_class(advice, r, b, x);
    change_add(advice, r, "replication", "all", "what lasts");
    artefact_add(advice, r, "terraform", "replication.tf", replication_tf);
}

static void judge(struct advice *advice, const struct s3_bucket *b,
                  const struct replication *x)
{
    double part = x->gb > 0 ? fmin(1, x->short_gb / x->gb) : 0;
    double short_usd =
        part * (or_zero(x->transfer_usd) + or_zero(x->timed_usd)) +
        (x->objects > 0 ? fmin(1, x->short_objects / x->objects) : 0) * or_zero(x->put_usd);
    const char *tables = s3_tables_near(&advice->arena, b, x->prefix);
    if (short_usd + or_zero(x->timed_usd) >= b->in->options->min_monthly_usd)
        recommend(advice, b, x, short_usd);
    else if (x->gb > 0)
        advice_decline(advice, kind, b->resource, "it replicates %s",
                       cost_text(&advice->arena, x));
    if (tables)
        advice_decline(advice, kind, b->resource,
                       "%s: replication copies file by file, each rewrite of OPTIMIZE too, "
                       "and the log may arrive before its data; DEEP CLONE copies one "
                       "version, and only what changed",
                       tables);
}

void s3_advise_replication(struct advice *advice, const struct s3_bucket *bucket)
{
    struct replication x = {.transfer_usd = NAN,
                            .timed_usd = NAN,
                            .put_usd = NAN,
                            .prefix = "",
                            .short_prefixes = BUF_INIT};
    read_configuration(&x, bucket);
    read_map(&x, bucket);
    read_bill(&x, bucket);
    if (x.found) {
        read_objects(&x, bucket);
        price(&x, bucket);
        judge(advice, bucket, &x);
    }
    buf_release(&x.short_prefixes);
}
