#include "s3.h"

#include <math.h>
#include <string.h>

#include "models/access.h"

/* GETs of one scan come together: so many objects are read as one event. */
enum { OBJECTS_A_SCAN = 10, ENOUGH_OBJECTS = 30, ARRIVAL_DAYS = 30, ARRIVAL_BINS = 2 };
/* What one GET reads where only their number is known: a row group, or a small object whole.
 */
static const double expected_get_bytes = 0x1p23, least_get_bytes = 0x1p20;

/* Where no object is older, those that come to that age go within days. */
static const double gone_per_day = 0.2;

struct counts {
    double objects[AGE_BINS], bytes[AGE_BINS];
};

struct rates {
    double deleted[AGE_BINS], reads[AGE_BINS], share[AGE_BINS];
};

static int age_from(int bin)
{
    return bin == 0 ? 0 : object_age_bound_days[bin - 1];
}

/* The open last bin is taken to be a year wide. */
static int age_width(int bin)
{
    return bin == AGE_BINS - 1 ? 365 : object_age_bound_days[bin] - age_from(bin);
}

static int age_middle(int bin)
{
    return age_from(bin) + age_width(bin) / 2;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool in_scope(const char *prefix, struct s3_scope scope)
{
    for (size_t i = 0; i < scope.excepts; i++)
        if (starts_with(prefix, scope.except[i]))
            return false;
    return starts_with(prefix, scope.prefix);
}

static bool counts_here(const struct object_group *g, const struct s3_bucket *bucket,
                        struct s3_scope scope)
{
    enum lifecycle_class class;
    return g->bucket == bucket->resource && g->state == OBJECT_CURRENT &&
           in_scope(g->prefix, scope) && lifecycle_class_named(&class, g->storage_class);
}

static struct counts count(const struct s3_bucket *bucket, struct s3_scope scope)
{
    struct counts c = {{0}, {0}};
    const struct estate *e = bucket->in->estate;
    for (size_t i = bucket->first_object; i < bucket->end_object; i++)
        if (counts_here(&e->objects.at[i], bucket, scope))
            for (int a = 0; a < AGE_BINS; a++)
                for (int s = 0; s < SIZE_BINS; s++) {
                    c.objects[a] += (double)e->objects.at[i].bins[a][s].count;
                    c.bytes[a] += (double)e->objects.at[i].bins[a][s].bytes;
                }
    return c;
}

/*
 * Deletion by age from one snapshot: with steady arrivals the density of objects
 * at an age is what survives to it. A growing bucket looks the same, so this
 * overstates deletion and understates savings.
 */
static void estimate_deletion(double deleted[AGE_BINS], const struct counts *c)
{
    double density = c->objects[0] / age_width(0);
    if (c->objects[0] < ENOUGH_OBJECTS)
        return;
    for (int a = 0; a + 1 < AGE_BINS; a++) {
        double next = fmin(density, c->objects[a + 1] / age_width(a + 1));
        if (next <= 0) {
            for (int empty = a + 1; empty < AGE_BINS; empty++)
                deleted[empty] = gone_per_day;
            return;
        }
        deleted[a] = log(density / next) / (age_middle(a + 1) - age_middle(a));
        density = next;
    }
}

/* Everything measured in the scope, or about the nearest prefix above it. */
struct measured {
    double days, requests[AGE_BINS], bytes[AGE_BINS], byte_days[AGE_BINS];
    double unaged_requests, unaged_bytes;
    struct s3_scope scope;
    const char *source;
    VEC(const char *) sources;
};

/* Logs of one day each add up to the days they cover; prefixes of one log do not. */
static void add_days(struct measured *m, const struct access_evidence *e)
{
    for (size_t i = 0; i < m->sources.count; i++)
        if (m->sources.at[i] == e->source)
            return;
    VEC_ADD(&m->sources, e->source);
    m->days += e->days;
}

static bool add_measured(struct measured *m, const struct access_evidence *e)
{
    add_days(m, e);
    m->source = e->source;
    m->unaged_requests += e->unaged_requests;
    m->unaged_bytes += e->unaged_bytes;
    for (int a = 0; a < AGE_BINS; a++) {
        m->requests[a] += e->read_requests[a];
        m->bytes[a] += e->read_bytes[a];
        m->byte_days[a] += e->stored_byte_days[a];
    }
    return e->days > 0;
}

static bool find_measured(struct measured *out, const struct s3_bucket *bucket,
                          struct s3_scope scope)
{
    const struct estate *e = bucket->in->estate;
    const struct access_evidence *above = NULL;
    bool found = false;
    *out = (struct measured){.scope = scope};
    for (size_t i = 0; i < e->access.count; i++) {
        const struct access_evidence *x = &e->access.at[i];
        if (x->bucket != bucket->resource)
            continue;
        if (in_scope(x->prefix, scope))
            found |= add_measured(out, x);
        else if (starts_with(scope.prefix, x->prefix) &&
                 (!above || strlen(x->prefix) > strlen(above->prefix)))
            above = x;
    }
    if (!found && above) {
        out->scope = (struct s3_scope){.prefix = above->prefix};
        found = add_measured(out, above);
    }
    return found;
}

/* Reads of objects of unknown age fall on all that is stored: too many on the old ones. */
static void spread_unaged(struct measured *m, const struct counts *c)
{
    double objects = 0, bytes = 0;
    for (int a = 0; a < AGE_BINS; a++) {
        objects += c->objects[a];
        bytes += c->bytes[a];
    }
    for (int a = 0; a < AGE_BINS && objects > 0 && bytes > 0; a++) {
        m->requests[a] += m->unaged_requests * c->objects[a] / objects;
        m->bytes[a] += m->unaged_bytes * c->bytes[a] / bytes;
    }
}

static double times(double rate, double factor, double expected)
{
    return expected > 0 ? rate * factor / expected : 0;
}

/* Rates by age with their bounds; an age without objects behaves as the one before it. */
static void measured_rates(struct rates rates[S3_SCENARIOS], const struct measured *m,
                           const struct counts *c)
{
    for (int a = 0; a < AGE_BINS; a++) {
        bool counted = m->byte_days[a] > 0;
        double mean = c->objects[a] > 0 ? c->bytes[a] / c->objects[a] : 0;
        double byte_days = counted ? m->byte_days[a] : c->bytes[a] * m->days;
        double object_days = mean > 0 ? byte_days / mean : 0;
        double per_object = m->bytes[a] > 0 ? fmax(1, m->requests[a] * mean / m->bytes[a]) : 1;
        struct access_rate r =
            access_rate(m->requests[a], object_days, per_object * OBJECTS_A_SCAN);
        double share = byte_days > 0 ? m->bytes[a] / byte_days : NAN;
        const double reads[S3_SCENARIOS] = {r.high, r.expected, r.low};
        for (int s = 0; s < S3_SCENARIOS; s++) {
            bool unknown = isnan(r.expected) || isnan(share);
            rates[s].reads[a] = !unknown ? reads[s] : a > 0 ? rates[s].reads[a - 1] : 0;
            rates[s].share[a] = unknown          ? a > 0 ? rates[s].share[a - 1] : 0
                                : r.expected > 0 ? times(share, reads[s], r.expected)
                                                 : reads[s];
        }
    }
}

/* All GETs of the bucket spread evenly: too cold for young data, too hot for old. */
static void billed_rates(struct rates rates[S3_SCENARIOS], double gets_per_object_day,
                         double mean_bytes)
{
    const double get_bytes[S3_SCENARIOS] = {INFINITY, expected_get_bytes, least_get_bytes};
    for (int s = 0; s < S3_SCENARIOS; s++)
        for (int a = 0; a < AGE_BINS; a++) {
            rates[s].reads[a] = gets_per_object_day;
            rates[s].share[a] = gets_per_object_day * fmin(1, get_bytes[s] / mean_bytes);
        }
}

/* The bill's GETs; the map's where there is no bill. */
static bool known_gets(double *a_month, const char **source, const struct s3_bucket *bucket)
{
    static const char *const measures[] = {"Requests-Tier2",     "Requests-SIA-Tier2",
                                           "Requests-ZIA-Tier2", "Requests-GIR-Tier2",
                                           "Requests-INT-Tier2", "TimedStorage-ByteHrs"};
    const struct node *usage = bucket->in->estate->resources.at[bucket->resource].usage;
    double quantity, usd;
    struct range declared;
    bool found = false;
    *a_month = 0;
    *source = "GET requests on the bill, spread evenly over the objects";
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (s3_billed(&quantity, &usd, bucket, measures[i])) {
            /* A bucket that the bill knows and that has no GET line was not read. */
            *a_month += strcmp(measures[i], "TimedStorage-ByteHrs") == 0 ? 0 : quantity;
            found = true;
        }
    if (!found && range_read(&declared, node_get(usage, "gets_per_month"))) {
        *a_month = declared.high;
        *source = "GET requests declared in the map, spread evenly over the objects";
        found = true;
    }
    return found;
}

static bool gets_per_object_day(double *out, const char **source,
                                const struct s3_bucket *bucket)
{
    struct counts all = count(bucket, (struct s3_scope){.prefix = ""});
    double objects = 0, a_month;
    bool known = known_gets(&a_month, source, bucket);
    for (int a = 0; a < AGE_BINS; a++)
        objects += all.objects[a];
    *out = objects > 0 ? a_month / LIFECYCLE_DAYS_PER_MONTH / objects : 0;
    return known;
}

double s3_measured_gets(const struct s3_bucket *bucket)
{
    struct measured m;
    double gets = 0;
    if (find_measured(&m, bucket, (struct s3_scope){.prefix = ""})) {
        gets = m.unaged_requests;
        for (int a = 0; a < AGE_BINS; a++)
            gets += m.requests[a];
        gets *= LIFECYCLE_DAYS_PER_MONTH / m.days;
    }
    VEC_FREE(&m.sources);
    return gets;
}

static void fill_rates(struct s3_population *p, struct rates rates[S3_SCENARIOS],
                       const struct s3_bucket *bucket, struct s3_scope scope,
                       const struct counts *c)
{
    struct measured m;
    double gets;
    estimate_deletion(rates[S3_EXPECTED].deleted, c);
    estimate_deletion(rates[S3_LOW].deleted, c);
    if (find_measured(&m, bucket, scope)) {
        struct counts there = count(bucket, m.scope);
        spread_unaged(&m, &there);
        measured_rates(rates, &m, &there);
        p->access = S3_ACCESS_MEASURED;
        p->access_days = m.days;
        p->access_source = m.source;
        VEC_FREE(&m.sources);
    } else if (gets_per_object_day(&gets, &p->access_source, bucket)) {
        billed_rates(rates, gets, p->bytes / p->objects);
        p->access = S3_ACCESS_BILL;
    }
}

/* Wide age bins are split, so that what is in them does not come of age on one day. */
enum { SPLIT = 3, SPLIT_DAYS = 45, COHORTS_MAX = AGE_BINS * SPLIT };

static int parts_of(int bin)
{
    return age_width(bin) > SPLIT_DAYS ? SPLIT : 1;
}

static size_t cohort_ages(int ages[COHORTS_MAX])
{
    size_t n = 0;
    for (int a = 0; a < AGE_BINS; a++)
        for (int part = 0; part < parts_of(a); part++)
            ages[n++] = age_from(a) + age_width(a) * (2 * part + 1) / (2 * parts_of(a));
    return n;
}

static double *cohort_stock(struct arena *arena, const double count[AGE_BINS])
{
    double *stock = ARENA_ARRAY(arena, double, COHORTS_MAX);
    size_t n = 0;
    for (int a = 0; a < AGE_BINS; a++)
        for (int part = 0; part < parts_of(a); part++)
            stock[n++] = count[a] / parts_of(a);
    return stock;
}

static double *copy(struct arena *arena, const double values[AGE_BINS])
{
    double *to = ARENA_ARRAY(arena, double, AGE_BINS);
    memcpy(to, values, sizeof *to * AGE_BINS);
    return to;
}

struct bin_sum {
    double count[AGE_BINS], objects, bytes;
};

static void sum_bins(struct bin_sum sums[LC_CLASSES][SIZE_BINS],
                     const struct s3_bucket *bucket, struct s3_scope scope)
{
    const struct estate *e = bucket->in->estate;
    for (size_t i = bucket->first_object; i < bucket->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        enum lifecycle_class class;
        if (!counts_here(g, bucket, scope) || !lifecycle_class_named(&class, g->storage_class))
            continue;
        for (int a = 0; a < AGE_BINS; a++)
            for (int s = 0; s < SIZE_BINS; s++) {
                struct bin_sum *sum = &sums[class][s];
                sum->count[a] += (double)g->bins[a][s].count;
                sum->objects += (double)g->bins[a][s].count;
                sum->bytes += (double)g->bins[a][s].bytes;
            }
    }
}

static size_t make_bins(struct lifecycle_bin *bins, struct arena *arena,
                        struct bin_sum sums[LC_CLASSES][SIZE_BINS])
{
    size_t n = 0;
    for (int class = 0; class < LC_CLASSES; class ++)
        for (int s = 0; s < SIZE_BINS; s++) {
            const struct bin_sum *sum = &sums[class][s];
            double young = 0;
            if (sum->bytes <= 0)
                continue;
            for (int a = 0; a < ARRIVAL_BINS; a++)
                young += sum->count[a];
            bins[n++] = (struct lifecycle_bin){
                .bytes = sum->bytes / sum->objects,
                .start = (enum lifecycle_class) class,
                .arrivals_per_day = young / ARRIVAL_DAYS,
                .stock = cohort_stock(arena, sum->count),
            };
        }
    return n;
}

static void describe(struct s3_population *p, const struct counts *c,
                     struct bin_sum sums[LC_CLASSES][SIZE_BINS])
{
    for (int a = 0; a < AGE_BINS; a++) {
        p->objects += c->objects[a];
        p->bytes += c->bytes[a];
        p->young_bytes += a < ARRIVAL_BINS ? c->bytes[a] : 0;
    }
    for (int class = 0; class < LC_CLASSES; class ++)
        for (int s = 0; s < SIZE_BINS; s++)
            if (object_size_bound_bytes[s] <= S3_SMALL_BYTES)
                p->small_objects += sums[class][s].objects;
}

bool s3_population_of(struct s3_population *out, struct advice *advice,
                      const struct s3_bucket *bucket, struct s3_scope scope)
{
    struct arena *arena = &advice->arena;
    struct bin_sum sums[LC_CLASSES][SIZE_BINS] = {0};
    struct rates rates[S3_SCENARIOS] = {0};
    struct counts c = count(bucket, scope);
    struct lifecycle_bin *bins =
        ARENA_ARRAY(arena, struct lifecycle_bin, LC_CLASSES * SIZE_BINS);
    int *from = ARENA_ARRAY(arena, int, AGE_BINS);
    int *ages = ARENA_ARRAY(arena, int, COHORTS_MAX);
    size_t cohorts = cohort_ages(ages);
    *out = (struct s3_population){.prefix = scope.prefix};
    sum_bins(sums, bucket, scope);
    size_t n = make_bins(bins, arena, sums);
    describe(out, &c, sums);
    if (n == 0)
        return false;
    fill_rates(out, rates, bucket, scope, &c);
    for (int a = 0; a < AGE_BINS; a++)
        from[a] = age_from(a);
    for (int s = 0; s < S3_SCENARIOS; s++)
        out->scenario[s] = (struct lifecycle_population){
            .curve = {AGE_BINS, from, copy(arena, rates[s].deleted),
                      copy(arena, rates[s].reads), copy(arena, rates[s].share), 1},
            .cohorts = cohorts,
            .cohort_age_days = ages,
            .bins = n,
            .bin = bins,
            .horizon_days = S3_HORIZON_DAYS,
        };
    return true;
}
