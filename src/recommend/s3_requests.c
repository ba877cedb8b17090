#include "s3.h"

#include <string.h>

/* A request for a data key serves many objects: about one in a hundred requests is left. */
static const double bucket_key_share = 0.99;
static const double large_get_bytes = 0x1p23, small_get_bytes = 0x1p20;

static double billed_requests(const struct s3_bucket *b, const char *const *measures,
                              double *usd_sum)
{
    double sum = 0, quantity, usd;
    *usd_sum = 0;
    for (; *measures; measures++)
        if (s3_billed(&quantity, &usd, b, *measures)) {
            sum += quantity;
            *usd_sum += usd;
        }
    return sum;
}

static const char *const put_measures[] = {"Requests-Tier1", "Requests-SIA-Tier1",
                                           "Requests-GIR-Tier1", "Requests-INT-Tier1", NULL};
static const char *const get_measures[] = {"Requests-Tier2", "Requests-SIA-Tier2",
                                           "Requests-GIR-Tier2", "Requests-INT-Tier2", NULL};

/* Which share of the objects asks KMS for a key of its own, and who says so. */
struct unkeyed {
    double share;
    bool counted; /* by the inventory; else the bucket's configuration says it of all */
};

static bool find_unkeyed(struct unkeyed *out, const struct s3_bucket *b)
{
    const struct node *usage = b->in->estate->resources.at[b->resource].usage;
    const struct node *seen = node_get(usage, "s3_inventory"), *map;
    double bare = node_number(node_at(seen, "kms_without_bucket_key.objects"), 0);
    double all = node_number(node_at(seen, "all.objects"), 0);
    *out = (struct unkeyed){.share = all > 0 ? bare / all : 0, .counted = true};
    if (all > 0)
        return bare > 0;
    *out = (struct unkeyed){.share = 1};
    map = node_get(usage, "encryption");
    if (map)
        return node_get(map, "kms_key_ref") && !node_bool(node_get(map, "bucket_key"), false);
    static const char type[] = "aws_s3_bucket_server_side_encryption_configuration";
    size_t at = 0;
    const struct resource *r = s3_companion(b, type, &at);
    const struct node *rule = r ? node_get(r->attrs, "rule") : NULL;
    const char *algorithm =
        node_text(node_at(rule, "apply_server_side_encryption_by_default.sse_algorithm"), "");
    return strncmp(algorithm, "aws:kms", 7) == 0 &&
           !node_bool(node_at(rule, "bucket_key_enabled"), false);
}

/* Those on the bill; where there is no bill, those that are declared. */
static double all_requests(const struct s3_bucket *b)
{
    const struct node *usage = b->in->estate->resources.at[b->resource].usage;
    double usd, gets_usd;
    double billed =
        billed_requests(b, put_measures, &usd) + billed_requests(b, get_measures, &gets_usd);
    struct range puts = {0, 0, 0}, gets = {0, 0, 0};
    range_read(&puts, node_get(usage, "puts_per_month"));
    range_read(&gets, node_get(usage, "gets_per_month"));
    return billed > 0 ? billed : puts.expected + gets.expected;
}

static void recommend_bucket_key(struct advice *advice, const struct s3_bucket *b,
                                 const struct price *kms, double requests, struct unkeyed x)
{
    double usd = requests * x.share * money_double(kms->usd) / kms->per;
    const double saving[S3_SCENARIOS] = {0, usd * bucket_key_share, usd * bucket_key_share};
    struct recommendation *r =
        advice_add(advice, b->in, "s3.bucket_key", ACTION_REROUTE, b->resource);
    r->title = arena_printf(&advice->arena, "Turn on the S3 Bucket Key of bucket %s", b->name);
    s3_set_saving(r, b->in, usd, saving);
    r->separate = true;
    r->effort = LEVEL_LOW;
    r->confidence = LEVEL_LOW;
    r->confidence_why = "requests are of the whole bucket, the encrypted share is by objects; "
                        "objects that exist keep their own keys until they are copied";
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "SSE-KMS without Bucket Key",
                 x.counted ? "%.0f %% of the objects, by the inventory"
                           : "%.0f %% of the objects, by the bucket's configuration",
                 100 * x.share);
    evidence_add(advice, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "%.0f requests x %.0f %% x %.8f x %.0f %% = %.2f USD a month", requests,
                 100 * x.share, money_double(kms->usd) / kms->per, 100 * bucket_key_share,
                 saving[S3_EXPECTED]);
    evidence_price(advice, r, kms, "KMS requests");
    change_add(advice, r, "bucket_key_enabled", "false", "true");
    artefact_add(advice, r, "terraform", "bucket-key.tf",
                 "# in the aws_s3_bucket_server_side_encryption_configuration of this bucket\n"
                 "rule {\n  bucket_key_enabled = true\n}\n");
}

static void advise_bucket_key(struct advice *advice, const struct s3_bucket *b)
{
    struct unkeyed x;
    struct price kms;
    struct price_key key = {"kms", "requests_symmetric", NULL, b->region};
    double requests = all_requests(b);
    if (!find_unkeyed(&x, b) || !book_price(&kms, b->in->book, &key))
        return;
    double saving = requests * x.share * money_double(kms.usd) / kms.per * bucket_key_share;
    if (saving >= b->in->options->min_monthly_usd)
        recommend_bucket_key(advice, b, &kms, requests, x);
    else
        advice_decline(advice, "s3.bucket_key", b->resource,
                       "%.0f %% of its objects are encrypted without a Bucket Key, but %.0f "
                       "requests a month make that %.2f USD",
                       100 * x.share, requests, saving);
}

/* The prefix with most GETs, where its reads are measured. */
static const struct access_evidence *busiest(const struct s3_bucket *b, double *gets,
                                             double *bytes)
{
    const struct estate *e = b->in->estate;
    const struct access_evidence *found = NULL;
    *gets = *bytes = 0;
    for (size_t i = 0; i < e->access.count; i++) {
        const struct access_evidence *x = &e->access.at[i];
        double g = x->unaged_requests, n = x->unaged_bytes;
        for (int a = 0; a < AGE_BINS; a++) {
            g += x->read_requests[a];
            n += x->read_bytes[a];
        }
        if (x->bucket == b->resource && x->days > 0 &&
            g / x->days * LIFECYCLE_DAYS_PER_MONTH > *gets) {
            found = x;
            *gets = g / x->days * LIFECYCLE_DAYS_PER_MONTH;
            *bytes = n / x->days * LIFECYCLE_DAYS_PER_MONTH;
        }
    }
    return found;
}

static void recommend_compaction(struct advice *advice, const struct s3_bucket *b,
                                 const struct access_evidence *x, double gets, double bytes)
{
    double price = b->prices.class[LC_STANDARD].get_per_1000 / 1000;
    double least = bytes / large_get_bytes;
    const double saving[S3_SCENARIOS] = {(gets - bytes / small_get_bytes) * price,
                                         (gets - least) * price, (gets - least) * price};
    struct recommendation *r =
        advice_add(advice, b->in, "s3.requests", ACTION_REROUTE, b->resource);
    r->title =
        arena_printf(&advice->arena, "Compact the files of bucket %s/%s: its GETs read %s",
                     b->name, x->prefix, s3_bytes_text(&advice->arena, bytes / gets));
    s3_set_saving(r, b->in, gets * price, saving);
    r->separate = true;
    r->effort = LEVEL_MEDIUM;
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why =
        "reads are measured; that larger files are read in larger pieces is not";
    evidence_add(advice, r, EVIDENCE_INPUT, x->source, "Reads", "%.0f GETs and %s a month",
                 gets, s3_bytes_text(&advice->arena, bytes));
    evidence_add(advice, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "(%.0f - %.0f GETs of 8 MiB) x %.4f / 1,000 = %.2f USD a month", gets, least,
                 price * 1000, saving[S3_EXPECTED]);
    s3_evidence_prices(advice, r, b, LC_STANDARD);
    artefact_add(
        advice, r, "sql", "optimize.sql",
        arena_printf(&advice->arena, "OPTIMIZE delta.`s3://%s/%s`;\n", b->name, x->prefix));
}

static void advise_hot_spots(struct advice *advice, const struct s3_bucket *b)
{
    double least = b->in->options->min_monthly_usd, gets, bytes, put_usd, get_usd, gb, usd = 0;
    const struct access_evidence *x = busiest(b, &gets, &bytes);
    double price = b->prices.class[LC_STANDARD].get_per_1000 / 1000;
    if (x && bytes > 0 && bytes / gets < small_get_bytes &&
        (gets - bytes / large_get_bytes) * price >= least) {
        recommend_compaction(advice, b, x, gets, bytes);
        return;
    }
    double puts = billed_requests(b, put_measures, &put_usd);
    gets = billed_requests(b, get_measures, &get_usd);
    if (put_usd + get_usd < least ||
        (s3_billed(&gb, &usd, b, "TimedStorage-ByteHrs") && put_usd + get_usd < usd / 2))
        return;
    advice_decline(
        advice, "s3.requests", b->resource,
        "requests cost %.2f USD a month (%.0f PUT, COPY, POST or LIST, %.0f GET), as "
        "against %.2f for storage; server access logs would name the prefix and the "
        "caller",
        put_usd + get_usd, puts, gets, usd);
}

void s3_advise_requests(struct advice *advice, const struct s3_bucket *bucket)
{
    advise_bucket_key(advice, bucket);
    advise_hot_spots(advice, bucket);
}
