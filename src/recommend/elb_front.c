#include <math.h>
#include <string.h>

#include "elb.h"

enum { HITS_TRIED = 50 }; /* percent of bytes that a cache serves, for the example */

static double egress_gb(const struct recommend_input *in, const struct balancer *b)
{
    struct money ignored;
    double gb;
    return estate_monthly_measure(&ignored, &gb, in->estate, b->resource,
                                  "DataTransfer-Out-Bytes", BASIS_UNBLENDED)
               ? gb
               : NAN;
}

/* The price area of CloudFront that a region lies in; the first three letters tell most. */
static const char *edge_of(const char *region)
{
    static const struct {
        const char *begins, *edge;
    } edges[] = {
        {"us-", "edge:united_states"},
        {"ca-", "edge:canada"},
        {"mx-", "edge:canada"},
        {"eu-", "edge:europe"},
        {"il-", "edge:middle_east"},
        {"me-", "edge:middle_east"},
        {"sa-", "edge:south_america"},
        {"af-", "edge:south_africa"},
        {"ap-northeast", "edge:japan"},
        {"ap-south-", "edge:india"},
        {"ap-southeast-2", "edge:australia"},
        {"ap-", "edge:asia_pacific"},
    };
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        if (strncmp(region, edges[i].begins, strlen(edges[i].begins)) == 0)
            return edges[i].edge;
    return "edge:asia_pacific";
}

/*
 * A distribution in front never saves on the transfer alone by much: its egress is
 * priced like the region's and its requests come on top. It pays by what it keeps
 * away from the origin, which no bill tells; so the figures are shown, not advised.
 */
void elb_judge_front(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    double gb = egress_gb(in, b), requests = elb_total(in, b->resource, "RequestCount");
    struct money direct, edge;
    struct price per_request;
    if (b->kind == ELB_GATEWAY || b->facing == TRI_NO || isnan(gb) || !b->region)
        return;
    bool known =
        transfer_cost(&direct, in->book, "internet_egress", b->region, "internet", gb, NULL) &&
        transfer_cost(&edge, in->book, "cloudfront_egress", edge_of(b->region), "internet", gb,
                      NULL) &&
        transfer_price(&per_request, in->book, "cloudfront_requests_https", edge_of(b->region),
                       NULL);
    if (!known) {
        advice_decline(
            out, "elb.front", b->resource,
            "%.1f GB a month leave it for the internet; the price book does not know "
            "CloudFront for %s",
            gb, b->region);
        return;
    }
    double month = isnan(requests) || b->measured_hours <= 0
                       ? NAN
                       : requests / b->measured_hours * b->monthly_hours;
    double fees = isnan(month) ? 0 : month * elb_usd(&per_request);
    double origin = isnan(b->monthly_units) || b->kind == ELB_CLASSIC
                        ? 0
                        : b->monthly_units * elb_usd(&b->unit_price) * HITS_TRIED / 100;
    advice_decline(
        out, "elb.front", b->resource,
        "%.1f GB a month leave it for the internet: %.2f USD directly, %.2f through "
        "CloudFront and %.2f for its %s; what a cache keeps away (at %d %% of the "
        "bytes %.2f of capacity units) decides, so measure the cacheable share first. "
        "Global Accelerator only adds to this: it buys latency and fixed addresses",
        gb, money_double(direct), money_double(edge), fees,
        isnan(month) ? "requests, whose number is unknown," : "requests", HITS_TRIED, origin);
}
