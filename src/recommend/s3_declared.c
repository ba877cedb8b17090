#include "s3.h"

#include <math.h>

/*
 * Objects as a layer map declares them: GB and object size by class, growth, reads. Their
 * ages follow from the growth: what is stored came at that rate. Reads are spread evenly
 * over them, which is too many on old ones, so savings are understated.
 */
enum { COHORTS = 24, OLDEST_DAYS = 10 * 365, YOUNG_DAYS = 30, ROWS_MAX = 1000 };
static const double kib = 1024, get_bytes = 0x1p23;

/* Objects by class and size. */
struct declared {
    double count[LC_CLASSES][SIZE_BINS], bytes[LC_CLASSES][SIZE_BINS];
    double objects, total_bytes, unsized_gb;
    enum lifecycle_class first; /* the one that uploads go to */
};

static void add_size(struct declared *d, enum lifecycle_class class, double bytes,
                     double count)
{
    int bin = 0;
    while (bin < SIZE_BINS - 1 && bytes >= object_size_bound_bytes[bin])
        bin++;
    d->count[class][bin] += count;
    d->bytes[class][bin] += count * bytes;
    d->objects += count;
    d->total_bytes += count * bytes;
}

/* Rows [KiB, count], scaled so that they fill the declared GB. */
static bool add_histogram(struct declared *d, enum lifecycle_class class, double gb,
                          const struct node *rows)
{
    double sum = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; node_is(rows, NODE_LIST) && i < rows->count && i < ROWS_MAX; i++) {
            double bytes = node_number(node_at(rows->items[i], "0"), 0) * kib;
            double count = node_number(node_at(rows->items[i], "1"), 0);
            if (!(bytes > 0) || !(count > 0))
                continue;
            if (pass == 0)
                sum += bytes * count;
            else
                add_size(d, class, bytes, count * gb * LIFECYCLE_GB / sum);
        }
    return sum > 0;
}

static void add_class(struct declared *d, const struct node *n)
{
    enum lifecycle_class class;
    struct range gb, objects;
    if (!lifecycle_class_named(&class, node_text(node_get(n, "class"), "")) ||
        !range_read(&gb, node_get(n, "gb")) || !(gb.expected > 0))
        return;
    double bytes = gb.expected * LIFECYCLE_GB;
    double mean = node_number(node_get(n, "mean_kb"), 0) * kib;
    if (range_read(&objects, node_get(n, "objects")) && objects.expected > 0)
        mean = bytes / objects.expected;
    if (add_histogram(d, class, gb.expected, node_get(n, "histogram")))
        return;
    if (mean > 0)
        add_size(d, class, mean, bytes / mean);
    else
        d->unsized_gb += gb.expected;
}

static struct declared read_storage(const struct node *list)
{
    struct declared d = {.first = LC_STANDARD};
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++)
        add_class(&d, list->items[i]);
    if (node_is(list, NODE_LIST) && list->count > 0)
        lifecycle_class_named(&d.first, node_text(node_get(list->items[0], "class"), ""));
    return d;
}

/* Days until what is stored was uploaded; 0 where nobody says how fast it grows. */
static double days_of_growth(const struct declared *d, double growth_gb)
{
    double months = growth_gb > 0 ? d->total_bytes / LIFECYCLE_GB / growth_gb : 0;
    return fmin(OLDEST_DAYS, months * LIFECYCLE_DAYS_PER_MONTH);
}

static size_t fill_bins(struct lifecycle_bin *bins, struct arena *arena,
                        const struct declared *d, size_t cohorts, double growth_gb)
{
    double arriving = growth_gb * LIFECYCLE_GB / LIFECYCLE_DAYS_PER_MONTH; /* bytes a day */
    double own = 0;
    size_t n = 0;
    for (int s = 0; s < SIZE_BINS; s++)
        own += d->bytes[d->first][s];
    for (int class = 0; class < LC_CLASSES; class ++)
        for (int s = 0; s < SIZE_BINS; s++) {
            double count = d->count[class][s], bytes = d->bytes[class][s];
            if (count <= 0)
                continue;
            double *stock = ARENA_ARRAY(arena, double, cohorts);
            for (size_t k = 0; k < cohorts; k++)
                stock[k] = count / (double)cohorts;
            bool uploads = class == (int)d->first && own > 0;
            bins[n++] = (struct lifecycle_bin){
                .bytes = bytes / count,
                .start = (enum lifecycle_class) class,
                .arrivals_per_day = uploads ? arriving * bytes / own / (bytes / count) : 0,
                .stock = stock,
            };
        }
    return n;
}

/* GETs and bytes read a month; false where nobody declares either. */
static bool read_access(struct range *gets, struct range *gb, const struct node *usage,
                        const struct declared *d)
{
    const struct node *list = node_get(usage, "storage");
    bool counted = range_read(gets, node_get(usage, "gets_per_month"));
    bool sized = range_read(gb, node_get(usage, "read_gb_month"));
    struct range sum = {0, 0, 0}, one;
    bool by_class = false;
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++)
        if (range_read(&one, node_get(list->items[i], "read_gb_month"))) {
            sum = (struct range){sum.low + one.low, sum.expected + one.expected,
                                 sum.high + one.high};
            by_class = true;
        }
    if (!sized && by_class)
        *gb = sum;
    double piece = fmin(get_bytes, d->total_bytes / d->objects) / LIFECYCLE_GB;
    if (!sized && !by_class && counted)
        *gb = (struct range){gets->low * piece, gets->expected * piece, gets->high * piece};
    if (!counted && (sized || by_class))
        *gets = (struct range){gb->low / piece, gb->expected / piece, gb->high / piece};
    return counted || sized || by_class;
}

static double *one(struct arena *arena, double value)
{
    double *v = ARENA_ARRAY(arena, double, 1);
    *v = value;
    return v;
}

static struct lifecycle_curve curve_of(struct arena *arena, const struct declared *d,
                                       double gets, double read_gb)
{
    double month = LIFECYCLE_DAYS_PER_MONTH;
    int *from = ARENA_ARRAY(arena, int, 1);
    return (struct lifecycle_curve){
        .cells = 1,
        .from_day = from,
        .deleted_per_day = one(arena, 0),
        .reads_per_day = one(arena, gets / d->objects / month),
        .read_share_per_day = one(arena, read_gb * LIFECYCLE_GB / d->total_bytes / month),
        .hot_share = 1,
    };
}

static void fill_scenarios(struct s3_population *p, struct arena *arena,
                           const struct declared *d, const struct node *usage,
                           struct lifecycle_population shape)
{
    struct range gets = {0, 0, 0}, gb = {0, 0, 0};
    p->access = read_access(&gets, &gb, usage, d) ? S3_ACCESS_BILL : S3_ACCESS_NONE;
    const double reads[S3_SCENARIOS][2] = {
        {gets.high, gb.high}, {gets.expected, gb.expected}, {gets.low, gb.low}};
    for (int s = 0; s < S3_SCENARIOS; s++) {
        p->scenario[s] = shape;
        p->scenario[s].curve = curve_of(arena, d, reads[s][0], reads[s][1]);
    }
}

bool s3_population_declared(struct s3_population *out, struct advice *advice,
                            const struct s3_bucket *bucket)
{
    struct arena *arena = &advice->arena;
    const struct node *usage = bucket->in->estate->resources.at[bucket->resource].usage;
    struct declared d = read_storage(node_get(usage, "storage"));
    struct range growth = {0, 0, 0};
    if (d.unsized_gb > 0)
        advice_decline(advice, "s3.lifecycle", bucket->resource,
                       "%.0f GB are declared without the size of their objects, which decides "
                       "what a move costs: give mean_kb, objects or histogram",
                       d.unsized_gb);
    if (d.total_bytes <= 0)
        return false;
    range_read(&growth, node_get(usage, "growth_gb_month"));
    double days = days_of_growth(&d, growth.expected);
    size_t cohorts = days >= COHORTS ? COHORTS : 1;
    int *ages = ARENA_ARRAY(arena, int, cohorts);
    for (size_t k = 0; k < cohorts; k++)
        ages[k] = (int)(days * ((double)k + 0.5) / (double)cohorts);
    struct lifecycle_bin *bins =
        ARENA_ARRAY(arena, struct lifecycle_bin, LC_CLASSES * SIZE_BINS);
    *out = (struct s3_population){
        .prefix = "",
        .declared = true,
        .access_source = "declared in the map, spread evenly over the objects",
        .objects = d.objects,
        .bytes = d.total_bytes,
        .young_bytes = days > 0 ? d.total_bytes * fmin(1, YOUNG_DAYS / days) : d.total_bytes,
    };
    for (int class = 0; class < LC_CLASSES; class ++)
        for (int s = 0; s < SIZE_BINS; s++)
            if (object_size_bound_bytes[s] <= S3_SMALL_BYTES)
                out->small_objects += d.count[class][s];
    struct lifecycle_population shape = {
        .cohorts = cohorts,
        .cohort_age_days = ages,
        .bins = fill_bins(bins, arena, &d, cohorts, growth.expected),
        .bin = bins,
        .horizon_days = S3_HORIZON_DAYS,
    };
    fill_scenarios(out, arena, &d, usage, shape);
    return true;
}
