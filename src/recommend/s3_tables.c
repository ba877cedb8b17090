#include "s3.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"

static const char kind[] = "s3.vacuum";

enum { RETENTION_DAYS = 7, SMALL_FILE_BYTES = 16 << 20 };

/* The files under one table root, or under several in one prefix. */
struct table {
    const char *root, *prefix;
    double files, small_files, bytes, older_bytes;
};

static struct table table_of(const struct s3_bucket *b, const char *root)
{
    const struct estate *e = b->in->estate;
    struct table t = {.root = root};
    for (size_t i = b->first_object; i < b->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (g->bucket != b->resource || g->state != OBJECT_CURRENT || !g->protected_by ||
            strcmp(g->protected_by, root) != 0)
            continue;
        t.prefix = t.prefix ? t.prefix : g->prefix;
        for (int a = 0; a < AGE_BINS; a++)
            for (int s = 0; s < SIZE_BINS; s++) {
                t.files += (double)g->bins[a][s].count;
                t.bytes += (double)g->bins[a][s].bytes;
                if (object_size_bound_bytes[s] <= SMALL_FILE_BYTES)
                    t.small_files += (double)g->bins[a][s].count;
                /* Younger than the retention or not: the youngest bin is 15 days wide. */
                t.older_bytes += a > 0 ? (double)g->bins[a][s].bytes : 0;
            }
    }
    return t;
}

/* What the map says of the table: bytes of the current version, or those not yet vacuumed. */
static bool declared_dead(struct range *gb, const struct s3_bucket *b, const struct table *t)
{
    const struct node *tables =
        node_get(b->in->estate->resources.at[b->resource].usage, "tables");
    for (size_t i = 0; node_is(tables, NODE_LIST) && i < tables->count; i++) {
        const struct node *n = tables->items[i];
        struct range live;
        if (strcmp(node_text(node_get(n, "prefix"), ""), t->root) != 0)
            continue;
        if (range_read(gb, node_get(n, "tombstoned_gb")))
            return true;
        if (range_read(&live, node_get(n, "live_gb"))) {
            double stored = t->bytes / LIFECYCLE_GB;
            *gb = (struct range){fmax(0, stored - live.high), fmax(0, stored - live.expected),
                                 fmax(0, stored - live.low)};
            return true;
        }
    }
    return false;
}

/* Tables whose dead bytes are known, as one piece of work on the bucket. */
struct vacuum {
    struct buf commands, names;
    struct range dead_gb;
    double bytes, files;
    size_t tables;
};

static void add_table(struct vacuum *v, const struct s3_bucket *b, const struct table *t,
                      struct range dead_gb)
{
    v->dead_gb.low += dead_gb.low;
    v->dead_gb.expected += dead_gb.expected;
    v->dead_gb.high += dead_gb.high;
    v->bytes += t->bytes;
    v->files += t->files;
    buf_printf(&v->names, "%s%s", v->tables++ > 0 ? ", " : "", t->root);
    buf_printf(&v->commands,
               "-- what it would delete, then the deletion\n"
               "VACUUM delta.`s3://%s/%s` RETAIN %d HOURS DRY RUN;\n"
               "VACUUM delta.`s3://%s/%s` RETAIN %d HOURS;\n",
               b->name, t->root, RETENTION_DAYS * 24, b->name, t->root, RETENTION_DAYS * 24);
}

static void recommend(struct advice *advice, const struct s3_bucket *b, const struct vacuum *v)
{
    double price = b->prices.class[LC_STANDARD].storage_gb_month;
    const double saving[S3_SCENARIOS] = {v->dead_gb.low * price, v->dead_gb.expected * price,
                                         v->dead_gb.high * price};
    struct recommendation *r = advice_add(advice, b->in, kind, ACTION_STOP, b->resource);
    r->title = arena_printf(&advice->arena, "Run VACUUM on the tables of bucket %s", b->name);
    s3_set_saving(r, b->in, v->bytes / LIFECYCLE_GB * price, saving);
    r->separate = true;
    r->effort = LEVEL_LOW;
    r->risk = 1;
    r->risk_dimension = "time travel beyond a week";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "stored bytes are from the inventory, live ones from the map";
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Tables", "%s", buf_text(&v->names));
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Stored and dead",
                 "%.1f GB in %.0f files, %.1f GB of them in no current version",
                 v->bytes / LIFECYCLE_GB, v->files, v->dead_gb.expected);
    evidence_add(advice, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "%.1f GB x %.4f = %.2f USD a month", v->dead_gb.expected, price,
                 saving[S3_EXPECTED]);
    s3_evidence_prices(advice, r, b, LC_STANDARD);
    artefact_add(advice, r, "sql", "vacuum.sql", buf_text(&v->commands));
}

static void judge(struct vacuum *v, struct advice *advice, const struct s3_bucket *b,
                  const struct table *t)
{
    double price = b->prices.class[LC_STANDARD].storage_gb_month / LIFECYCLE_GB;
    struct range dead;
    const char *name = t->root[0] ? t->root : "in the root";
    if (declared_dead(&dead, b, t)) {
        add_table(v, b, t, dead);
        return;
    }
    if (t->older_bytes * price < b->in->options->min_monthly_usd)
        return;
    advice_decline(
        advice, kind, b->resource,
        "table %s: which of its %.0f files (%s) are in the current version only its "
        "log knows: VACUUM saves at most %.2f USD a month; DESCRIBE DETAIL shows the "
        "live bytes. %.0f %% of the files are below 16 MiB%s",
        name, t->files, s3_bytes_text(&advice->arena, t->bytes), t->older_bytes * price,
        100 * t->small_files / t->files,
        t->small_files > 0.5 * t->files ? ": OPTIMIZE would cut their GET requests" : "");
}

void s3_advise_tables(struct advice *advice, const struct s3_bucket *bucket)
{
    const struct estate *e = bucket->in->estate;
    double price = bucket->prices.class[LC_STANDARD].storage_gb_month;
    struct vacuum v = {.commands = BUF_INIT, .names = BUF_INIT};
    const char *last = NULL;
    for (size_t i = bucket->first_object; i < bucket->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (g->bucket != bucket->resource || g->state != OBJECT_CURRENT || !g->protected_by ||
            (last && strcmp(last, g->protected_by) == 0))
            continue;
        last = g->protected_by;
        struct table t = table_of(bucket, last);
        if (t.prefix && strcmp(t.prefix, g->prefix) == 0 && t.files > 0)
            judge(&v, advice, bucket, &t);
    }
    if (v.dead_gb.expected * price >= bucket->in->options->min_monthly_usd)
        recommend(advice, bucket, &v);
    else if (v.tables > 0)
        advice_decline(advice, kind, bucket->resource,
                       "%.1f GB of its tables are dead: %.2f USD a month", v.dead_gb.expected,
                       v.dead_gb.expected * price);
    buf_release(&v.commands);
    buf_release(&v.names);
}
