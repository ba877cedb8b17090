#include <math.h>
#include <string.h>

#include "elb.h"

/*
 * Bytes of Lambda targets are metered at 0.4 GB a unit. A function URL serves HTTPS for
 * nothing beyond the function itself, an HTTP API by the request: what an application
 * load balancer costs for Lambda alone buys rules, WAF and the private network.
 */
static const char kind[] = "elb.lambda";
#define WHOLLY 0.99 /* of the bytes */

struct lambda_use {
    double bytes, all_bytes, requests; /* over the measured hours */
    double units, units_without;       /* of the same hours; without the bytes of Lambda */
};

static struct lambda_use use_of(const struct balancer *b)
{
    struct lambda_use use = {0};
    for (size_t h = 0; h < b->hour_count; h++) {
        struct lcu_traffic without[LCU_PROTOCOLS];
        const struct lcu_traffic *t = &b->hours[h].traffic[LCU_ANY];
        if (!b->hours[h].measured)
            continue;
        memcpy(without, b->hours[h].traffic, sizeof without);
        without[LCU_ANY].lambda_bytes = 0;
        use.bytes += t->lambda_bytes;
        use.all_bytes += t->lambda_bytes + t->bytes;
        use.requests += t->requests;
        use.units += b->hours[h].units.units;
        use.units_without +=
            lcu_of_balancer(elb_unit_kind(b), without, b->check.gb_bytes).units;
    }
    return use;
}

/* A month of its requests through an HTTP API of API Gateway; NaN without a price. */
static double api_usd(const struct recommend_input *in, const struct balancer *b,
                      double requests)
{
    struct money usd;
    struct price_key key = {"apigateway", "requests", "api=http", b->region};
    return book_cost(&usd, in->book, &key, requests, NULL) ? money_double(usd) : NAN;
}

static const char lost[] =
    "host and path rules to other targets, WAF, sign-in at the load balancer, a name and "
    "certificate of one's own (CloudFront in front gives them back), and clients that only "
    "reach the private network";

static void add_evidence(struct advice *out, struct recommendation *r,
                         const struct balancer *b, const struct lambda_use *use)
{
    double gb = b->check.gb_bytes;
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Bytes",
                 "%.1f GB of %.1f GB in %.0f hours go to Lambda targets, of which a unit "
                 "holds 0.4 GB instead of 1",
                 use->bytes / gb, use->all_bytes / gb, b->measured_hours);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "What would be lost", "%s", lost);
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Leave it", lost);
    artefact_add(out, r, "terraform", "function-url.tf",
                 "resource \"aws_lambda_function_url\" \"front\" {\n"
                 "  function_name      = \"NAME_OF_THE_FUNCTION\"\n"
                 "  authorization_type = \"AWS_IAM\" # NONE makes it public\n"
                 "}\n");
}

/* All of it goes: hours and units, less what an HTTP API costs where rules are needed. */
static void replace(struct advice *out, const struct recommend_input *in,
                    const struct balancer *b, const struct lambda_use *use)
{
    double requests = use->requests / b->measured_hours * b->monthly_hours;
    double now = money_double(elb_list_now(b).expected), api = api_usd(in, b, requests);
    bool routes = b->rules > 0 || isnan(b->rules);
    double by_api = isnan(api) ? 0 : now - api, expected = routes ? by_api : now;
    if (expected < in->options->min_monthly_usd) {
        advice_decline(out, kind, b->resource,
                       "it serves Lambda alone for %.2f USD a month; %.0f requests through an "
                       "HTTP API cost %.2f, and a function URL, which has no rules, nothing",
                       now, requests, api);
        return;
    }
    struct money_range saving = {money_of(fmin(by_api, expected)), money_of(expected),
                                 money_of(now)};
    struct recommendation *r = elb_advise(out, in, b, kind, ACTION_REROUTE, saving);
    r->title = arena_printf(&out->arena, "Serve the functions behind %s by %s", b->label,
                            routes ? "an HTTP API" : "function URLs");
    r->effort = LEVEL_MEDIUM;
    r->risk = 2;
    r->risk_dimension = "network";
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Instead",
                 "function URL 0.00; HTTP API %.2f USD for %.0f requests; now %.2f", api,
                 requests, now);
    add_evidence(out, r, b, use);
}

/* Only what its bytes add to the units goes. */
static void relieve(struct advice *out, const struct recommend_input *in,
                    const struct balancer *b, const struct lambda_use *use)
{
    double units = b->monthly_units * (use->units - use->units_without) / use->units;
    double usd = units * elb_usd(&b->unit_price);
    if (usd < in->options->min_monthly_usd) {
        advice_decline(out, kind, b->resource,
                       "bytes of Lambda targets add %.2f LCU-hours, %.2f USD a month", units,
                       usd);
        return;
    }
    struct recommendation *r =
        elb_advise(out, in, b, kind, ACTION_REROUTE, elb_units_saved(b, 0, units, units));
    r->title = arena_printf(
        &out->arena, "Take the Lambda targets off %s: function URLs serve them", b->label);
    r->effort = LEVEL_MEDIUM;
    r->risk = 2;
    r->risk_dimension = "network";
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Units",
                 "%.2f of %.2f LCU-hours a month x %.4f = %.2f USD", units, b->monthly_units,
                 elb_usd(&b->unit_price), usd);
    add_evidence(out, r, b, use);
}

void elb_judge_lambda(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    if (b->kind != ELB_APPLICATION || b->measured_hours <= 0 || !(b->monthly_units > 0))
        return;
    struct lambda_use use = use_of(b);
    if (use.bytes <= 0 || use.units <= 0)
        return;
    if (use.bytes >= WHOLLY * use.all_bytes)
        replace(out, in, b, &use);
    else
        relieve(out, in, b, &use);
}
