#include <math.h>
#include <string.h>

#include "elb.h"

enum { HITS_TRIED = 50 }; /* percent of bytes that a cache serves, for the example */
#define WORTH_A_HOP 0.05  /* share of the transfer that must be saved without one cache hit */

static double egress_gb(const struct recommend_input *in, const struct balancer *b)
{
    struct money ignored;
    double gb;
    return estate_monthly_measure(&ignored, &gb, in->estate, b->resource,
                                  "DataTransfer-Out-Bytes", BASIS_UNBLENDED)
               ? gb
               : NAN;
}

/* The price areas that a region lies in; the first letters tell. */
struct area {
    const char *begins, *edge, *accelerator; /* of CloudFront, of Global Accelerator */
};

static const struct area *area_of(const char *region)
{
    static const struct area areas[] = {
        {"us-", "edge:united_states", "area:united_states_and_canada"},
        {"ca-", "edge:canada", "area:united_states_and_canada"},
        {"mx-", "edge:canada", "area:united_states_and_canada"},
        {"eu-", "edge:eu", "area:europe"},
        {"il-", "edge:middle_east", "area:middle_east"},
        {"me-", "edge:middle_east", "area:middle_east"},
        {"sa-", "edge:south_america", "area:south_america"},
        {"af-", "edge:south_africa", "area:za"},
        {"ap-northeast-2", "edge:asia_pacific", "area:south_korea"},
        {"ap-northeast", "edge:japan", "area:asia_pacific"},
        {"ap-south-", "edge:india", "area:india"},
        {"ap-southeast-2", "edge:australia", "area:australia"},
        {"", "edge:asia_pacific", "area:asia_pacific"},
    };
    size_t i = 0;
    while (strncmp(region, areas[i].begins, strlen(areas[i].begins)) != 0)
        i++;
    return &areas[i];
}

/* A month of its traffic to the internet, directly and through CloudFront without one cache
 * hit. */
struct ways {
    double gb, requests; /* requests: NaN unknown */
    double direct, edge, fees;
    double accelerator; /* what Global Accelerator adds to `direct`; NaN unknown */
    struct price_trace direct_trace, edge_trace;
    struct price per_request;
};

/* Hours, and a premium on every GB; clients are taken to be in the region's own area. */
static double accelerator_usd(const struct recommend_input *in, const struct balancer *b,
                              double gb)
{
    const char *area = area_of(b->region)->accelerator;
    struct price hour, premium;
    if (!transfer_price(&hour, in->book, "global_accelerator_hour", b->region, NULL) ||
        !transfer_price(&premium, in->book, "global_accelerator_dt_premium", area, area))
        return NAN;
    return elb_usd(&hour) * b->monthly_hours + elb_usd(&premium) * gb;
}

static bool price_ways(struct ways *w, const struct recommend_input *in,
                       const struct balancer *b)
{
    struct money direct, edge;
    const char *area = area_of(b->region)->edge;
    if (!transfer_cost(&direct, in->book, "internet_egress", b->region, "internet", w->gb,
                       &w->direct_trace) ||
        !transfer_cost(&edge, in->book, "cloudfront_egress", area, "internet", w->gb,
                       &w->edge_trace) ||
        !transfer_price(&w->per_request, in->book, "cloudfront_requests_https", area, NULL))
        return false;
    double total = elb_total(in, b->resource, "RequestCount");
    w->requests = isnan(total) || b->measured_hours <= 0
                      ? NAN
                      : total / b->measured_hours * b->monthly_hours;
    w->accelerator = accelerator_usd(in, b, w->gb);
    w->direct = money_double(direct);
    w->edge = money_double(edge);
    w->fees = isnan(w->requests) ? NAN : w->requests * elb_usd(&w->per_request);
    return true;
}

static double units_kept_away(const struct balancer *b)
{
    return isnan(b->monthly_units) || b->kind == ELB_CLASSIC
               ? 0
               : b->monthly_units * elb_usd(&b->unit_price) * HITS_TRIED / 100;
}

static const char *accelerator_text(struct arena *arena, const struct ways *w)
{
    static const char buys[] = "it buys latency for clients far away and fixed addresses, "
                               "never a smaller bill";
    return isnan(w->accelerator)
               ? arena_printf(arena,
                              "Global Accelerator adds hours and a premium on every "
                              "GB: %s",
                              buys)
               : arena_printf(arena,
                              "Global Accelerator adds %.2f USD a month (hours, and a "
                              "premium on every GB): %s",
                              w->accelerator, buys);
}

static void advise(struct advice *out, const struct recommend_input *in,
                   const struct balancer *b, const struct ways *w, double saving)
{
    struct money_range range = {MONEY_ZERO, money_of(saving),
                                money_of(saving + units_kept_away(b))};
    struct recommendation *r = elb_advise(out, in, b, "elb.front", ACTION_REROUTE, range);
    elb_set_saving(r, in, b, money_of(w->direct), range);
    r->title = arena_printf(&out->arena, "Put CloudFront in front of %s", b->label);
    r->effort = LEVEL_MEDIUM;
    r->risk = 2;
    r->risk_dimension = "network";
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "To the internet",
                 "%.1f GB and %.0f requests a month", w->gb, w->requests);
    evidence_price(out, r, &w->direct_trace.price, "Directly");
    evidence_price(out, r, &w->edge_trace.price, "Through CloudFront");
    evidence_price(out, r, &w->per_request, "CloudFront request");
    evidence_add(
        out, r, EVIDENCE_FORMULA, NULL, "Without one cache hit",
        "%.2f - (%.2f + %.2f for requests) = %.2f USD; clients are taken to be in %s, and "
        "the tiers to be used by this traffic alone",
        w->direct, w->edge, w->fees, saving, area_of(b->region)->edge);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "High",
                 "%d %% of the bytes from the cache keep %.2f USD of capacity units away",
                 HITS_TRIED, units_kept_away(b));
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Global Accelerator instead",
                    accelerator_text(&out->arena, w));
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "A private rate",
        "a discount on transfer in a contract takes this away: see the contract rates");
    artefact_add(
        out, r, "terraform", "distribution.tf",
        arena_printf(&out->arena,
                     "resource \"aws_cloudfront_distribution\" \"front\" {\n"
                     "  enabled = true\n"
                     "  origin {\n"
                     "    domain_name = \"DNS_NAME_OF_%s\"\n"
                     "    origin_id   = \"load-balancer\"\n"
                     "  }\n"
                     "  # cache behaviours, certificate and restrictions as needed\n}\n",
                     b->label));
}

static void decline(struct advice *out, const struct balancer *b, const struct ways *w)
{
    const char *fees = isnan(w->fees)
                           ? "requests, whose number is not known"
                           : arena_printf(&out->arena, "%.2f for its requests", w->fees);
    advice_decline(
        out, "elb.front", b->resource,
        "%.1f GB a month leave it for the internet: %.2f USD directly, %.2f through "
        "CloudFront and %s; what a cache keeps away (at %d %% of the bytes %.2f USD of "
        "capacity units) decides, so measure the cacheable share first. %s",
        w->gb, w->direct, w->edge, fees, HITS_TRIED, units_kept_away(b),
        accelerator_text(&out->arena, w));
}

void elb_judge_front(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    struct ways w = {.gb = egress_gb(in, b)};
    if (b->kind == ELB_GATEWAY || b->facing == TRI_NO || isnan(w.gb) || !b->region)
        return;
    if (!price_ways(&w, in, b)) {
        advice_decline(
            out, "elb.front", b->resource,
            "%.1f GB a month leave it for the internet; the price book does not know "
            "CloudFront for %s",
            w.gb, b->region);
        return;
    }
    double saving = w.direct - w.edge - w.fees;
    bool http = b->kind == ELB_APPLICATION;
    if (http && saving >= WORTH_A_HOP * w.direct && saving >= in->options->min_monthly_usd)
        advise(out, in, b, &w, saving);
    else
        decline(out, b, &w);
}
