#include "s3.h"

#include <math.h>
#include <string.h>

#include "models/transfer.h"
#include "pricing/network.h"
#include "pricing/storage.h"

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

/* Whether an upload is in time, directly and accelerated, where a deadline is given. */
static const char *deadline_text(struct arena *arena, const struct s3_bucket *b,
                                 const struct transfer_path *path, enum tristate *needed)
{
    double hours = parameter(b, "deadline_hours", NAN), gb = parameter(b, "upload_gb", NAN);
    *needed = TRI_UNKNOWN;
    if (isnan(hours) || isnan(gb))
        return "";
    double direct = transfer_hours(gb, transfer_mbps(path, PARALLEL_PARTS));
    double fast = transfer_hours(gb, path->link_mbps);
    *needed = direct > hours && fast <= hours ? TRI_YES : TRI_NO;
    return arena_printf(arena,
                        "; an upload of %.0f GB takes %.1f hours directly and %.1f "
                        "accelerated, %.1f are allowed: %s",
                        gb, direct, fast, hours,
                        *needed == TRI_YES ? "only accelerated is in time"
                        : fast > hours     ? "neither is in time"
                                           : "both are in time");
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
    if (isinf(worth))
        evidence_add(advice, r, EVIDENCE_THRESHOLD, NULL, "An hour of waiting",
                     "would have to cost more than any sum: no time is saved");
    else
        evidence_add(advice, r, EVIDENCE_THRESHOLD, NULL, "An hour of waiting",
                     "would have to cost %.2f USD", worth);
    if (!isnan(value))
        evidence_add(advice, r, EVIDENCE_INPUT, "recommend.transfer.usd_per_hour", "It costs",
                     "%.2f USD", value);
    enum tristate needed;
    const char *deadline = deadline_text(&advice->arena, b, path, &needed);
    if (deadline[0])
        evidence_add(advice, r, EVIDENCE_THRESHOLD, "recommend.transfer", "Deadline", "%s",
                     deadline + 2);
    change_add(advice, r, "acceleration_status", "Enabled", "Suspended");
    artefact_add(advice, r, "cli", "acceleration.sh",
                 arena_printf(&advice->arena,
                              "aws s3api put-bucket-accelerate-configuration --bucket %s "
                              "--accelerate-configuration Status=Suspended\n"
                              "aws configure set default.s3.max_concurrent_requests %d\n",
                              shell_word(&advice->arena, b->name), PARALLEL_PARTS));
}

/* The fee as billed; for a declared bucket as the book has it, by the edges that are used. */
static bool accelerated(double *gb, double *usd, const struct s3_bucket *b)
{
    static const struct {
        const char *declared, *item;
    } edges[] = {{"gb_us_eu_jp", "transfer_acceleration_in_us_eu_jp_edge"},
                 {"gb_other", "transfer_acceleration_in_other_edge"}};
    const struct node *usage = b->in->estate->resources.at[b->resource].usage;
    const struct node *map = node_get(usage, "transfer_acceleration");
    if (s3_billed_with(gb, usd, b, "ABytes"))
        return *usd > 0;
    for (size_t i = 0; i < 2; i++) {
        struct range declared;
        struct price price;
        if (!range_read(&declared, node_get(map, edges[i].declared)) ||
            !s3_price(&price, b->in->book, "any", edges[i].item, b->region))
            continue;
        *gb += declared.expected;
        *usd += money_double(price_times(&price, declared.expected));
    }
    return *usd > 0;
}

static void advise_acceleration(struct advice *advice, const struct s3_bucket *b)
{
    double gb = 0, usd = 0;
    enum tristate needed;
    if (!accelerated(&gb, &usd, b))
        return;
    struct transfer_path path = {parameter(b, "rtt_ms", FAR_RTT_MS),
                                 parameter(b, "loss", typical_loss),
                                 parameter(b, "link_mbps", LINK_MBPS)};
    double value = parameter(b, "usd_per_hour", NAN);
    double worth = transfer_worth_per_hour(gb, usd / gb, transfer_mbps(&path, PARALLEL_PARTS),
                                           path.link_mbps);
    const char *deadline = deadline_text(&advice->arena, b, &path, &needed);
    bool waits = isnan(value) ? needed == TRI_NO : worth > value && needed != TRI_YES;
    if (waits && usd >= b->in->options->min_monthly_usd) {
        recommend_without(advice, b, gb, usd, &path, worth, value);
        return;
    }
    advice_decline(
        advice, "s3.acceleration", b->resource,
        "%.1f GB a month are accelerated for %.2f USD; %d parallel parts over %.0f ms "
        "reach %.0f of %.0f Mbit/s, so it pays %s%s%s",
        gb, usd, PARALLEL_PARTS, path.rtt_ms, transfer_mbps(&path, PARALLEL_PARTS),
        path.link_mbps,
        isinf(worth)
            ? "never: no time is saved"
            : arena_printf(&advice->arena, "from %.2f USD per hour of waiting", worth),
        isinf(worth)   ? ""
        : isnan(value) ? " (say rtt_ms, loss, link_mbps and usd_per_hour to judge it)"
                       : arena_printf(&advice->arena, ", and an hour is worth %.2f", value),
        deadline);
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
