#include "s3.h"

#include <math.h>

/*
 * What can be said without an inventory. The bill knows GB by class, requests and
 * bytes retrieved, but neither sizes nor ages: bounds, and what would settle it.
 */
static const char kind[] = "s3.lifecycle";

/* Reads at most that share of its bytes a month: each GET takes a row group of 8 MiB. */
static const double get_bytes = 0x1p23, cold_share = 0.05;

struct billed {
    double gb, gets;
    bool has_gets;
};

static double most_saved(const struct s3_bucket *b, double gb)
{
    const struct lifecycle_class_price *p = b->prices.class;
    return gb * (p[LC_STANDARD].storage_gb_month - p[LC_GLACIER_IR].storage_gb_month);
}

/* All of the data in the archive instant tier, without the fee for objects nobody counted. */
static void decline(struct advice *advice, const struct s3_bucket *b, const struct billed *x)
{
    double most = most_saved(b, x->gb), share = x->gets * get_bytes / (x->gb * LIFECYCLE_GB);
    const char *reads =
        !x->has_gets ? "the bill shows no GET request"
        : share < cold_share
            ? arena_printf(&advice->arena,
                           "%.0f GETs a month read at most %.1f %% of it at 8 MiB "
                           "each, so much of it looks cold",
                           x->gets, 100 * share)
            : arena_printf(&advice->arena,
                           "%.0f GETs a month could read %.0f %% of it at 8 MiB "
                           "each",
                           x->gets, 100 * fmin(1, share));
    advice_decline(
        advice, kind, b->resource,
        "%.0f GB in STANDARD cost %.2f USD a month and ages and sizes are unknown: at "
        "most %.2f USD a month if all of it were cold and large; %s. An S3 Inventory "
        "(0.0025 USD per million objects) and 30 days of Storage Class Analysis tell",
        x->gb, x->gb * b->prices.class[LC_STANDARD].storage_gb_month, most, reads);
}

bool s3_advise_from_bill(struct advice *advice, const struct s3_bucket *bucket)
{
    struct billed x = {0};
    double usd;
    if (!s3_billed(&x.gb, &usd, bucket, "TimedStorage-ByteHrs") || x.gb <= 0)
        return true;
    x.has_gets = s3_billed(&x.gets, &usd, bucket, "Requests-Tier2");
    if (most_saved(bucket, x.gb) < bucket->in->options->min_monthly_usd)
        return false;
    decline(advice, bucket, &x);
    return true;
}
