#include "s3.h"

#include <math.h>
#include <string.h>

#include "models/transfer.h"
#include "pricing/network.h"

/*
 * Transfer Acceleration and Multi-Region Access Points charge by the byte for
 * time or for nearness. Whether that is worth it depends on the distance and on
 * what an hour of waiting costs: where nobody says, the answer is the border.
 */
enum { PARALLEL_PARTS = 8, FAR_RTT_MS = 200, LINK_MBPS = 1000 };
static const double typical_loss = 1e-4;

static double parameter(const struct s3_bucket *b, const char *name, double otherwise)
{
    return node_number(node_get(node_get(b->in->options->parameters, "transfer"), name),
                       otherwise);
}

static void recommend_without(struct advice *advice, const struct s3_bucket *b, double gb,
                              double usd, const struct transfer_path *path, double worth,
                              double value)
{
    const double saving[S3_SCENARIOS] = {usd, usd, usd};
    struct recommendation *r =
        advice_add(advice, b->in, "s3.acceleration", ACTION_REROUTE, b->resource);
    r->title =
        arena_printf(&advice->arena,
                     "Upload to bucket %s in parallel parts instead of accelerated", b->name);
    s3_set_saving(r, b->in, usd, saving);
    r->separate = true;
    r->effort = LEVEL_LOW;
    r->risk = 1;
    r->risk_dimension = "network";
    r->confidence = LEVEL_MEDIUM;
    r->confidence_why = "fee and bytes are on the bill; the path is as the configuration says";
    evidence_add(advice, r, EVIDENCE_INPUT, NULL, "Accelerated",
                 "%.1f GB a month for %.2f USD", gb, usd);
    evidence_add(advice, r, EVIDENCE_MODEL, NULL, "Direct, 8 parts at once",
                 "%.0f Mbit/s at %.0f ms and %.3f %% loss: %.1f hours a month",
                 transfer_mbps(path, PARALLEL_PARTS), path->rtt_ms, 100 * path->loss,
                 transfer_hours(gb, transfer_mbps(path, PARALLEL_PARTS)));
    evidence_add(advice, r, EVIDENCE_THRESHOLD, NULL, "An hour of waiting",
                 isinf(worth) ? "would have to cost more than any sum: no time is saved (%.2f)"
                              : "would have to cost %.2f USD",
                 isinf(worth) ? 0 : worth);
    evidence_add(advice, r, EVIDENCE_INPUT, "recommend.transfer.usd_per_hour", "It costs",
                 "%.2f USD", value);
    change_add(advice, r, "acceleration_status", "Enabled", "Suspended");
    artefact_add(advice, r, "cli", "acceleration.sh",
                 arena_printf(&advice->arena,
                              "aws s3api put-bucket-accelerate-configuration --bucket %s "
                              "--accelerate-configuration Status=Suspended\n"
                              "aws configure set default.s3.max_concurrent_requests %d\n",
                              b->name, PARALLEL_PARTS));
}

static void advise_acceleration(struct advice *advice, const struct s3_bucket *b)
{
    double gb, usd;
    if (!s3_billed_with(&gb, &usd, b, "ABytes") || usd <= 0)
        return;
    struct transfer_path path = {parameter(b, "rtt_ms", FAR_RTT_MS),
                                 parameter(b, "loss", typical_loss),
                                 parameter(b, "link_mbps", LINK_MBPS)};
    double value = parameter(b, "usd_per_hour", NAN);
    double worth = transfer_worth_per_hour(gb, usd / gb, transfer_mbps(&path, PARALLEL_PARTS),
                                           path.link_mbps);
    if (!isnan(value) && worth > value && usd >= b->in->options->min_monthly_usd) {
        recommend_without(advice, b, gb, usd, &path, worth, value);
        return;
    }
    advice_decline(
        advice, "s3.acceleration", b->resource,
        "%.1f GB a month are accelerated for %.2f USD; %d parallel parts over %.0f ms "
        "reach %.0f of %.0f Mbit/s, so it pays from %.2f USD per hour of waiting%s",
        gb, usd, PARALLEL_PARTS, path.rtt_ms, transfer_mbps(&path, PARALLEL_PARTS),
        path.link_mbps, isinf(worth) ? 0 : worth,
        isinf(worth)   ? " never: no time is saved"
        : isnan(value) ? " (say rtt_ms, loss, link_mbps and usd_per_hour to judge it)"
                       : ", which an hour is worth");
}

static void advise_multi_region(struct advice *advice, const struct s3_bucket *b)
{
    double gb, usd;
    if (!s3_billed_with(&gb, &usd, b, "MRAP") || usd <= 0)
        return;
    struct price price;
    const char *to = strcmp(b->region, "us-east-1") == 0 ? "us-west-2" : "us-east-1";
    if (!transfer_price(&price, b->in->book, "inter_region", b->region, to))
        return;
    double per_gb = usd / gb, crossing = money_double(price.usd);
    advice_decline(
        advice, "s3.multi_region", b->resource,
        "a Multi-Region Access Point routes %.1f GB a month for %.2f USD (%.4f a GB): "
        "it pays where at least %.0f %% of that would else cross regions at %.2f a GB, "
        "before the replicas' own storage",
        gb, usd, per_gb, 100 * fmin(1, per_gb / crossing), crossing);
}

void s3_advise_transfer(struct advice *advice, const struct s3_bucket *bucket)
{
    advise_acceleration(advice, bucket);
    advise_multi_region(advice, bucket);
}
