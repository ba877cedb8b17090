#include <math.h>
#include <string.h>

#include "elb.h"

/* What a month without a user still holds: probes, scanners, a stray connection. */
enum { IDLE_UNITS_A_MONTH = 1, IDLE_FLOWS_A_DAY = 100, IDLE_BYTES_A_DAY = 1000000 };

static double or_zero(double value)
{
    return isnan(value) ? 0 : value;
}

/* Redirects and fixed answers are traffic that no target sees. */
static double answered_without_target(const struct recommend_input *in, uint32_t resource)
{
    return or_zero(elb_total(in, resource, "HTTP_Redirect_Count")) +
           or_zero(elb_total(in, resource, "HTTP_Fixed_Response_Count")) +
           or_zero(elb_total(in, resource, "LambdaTargetProcessedBytes"));
}

static bool has_no_target(const struct recommend_input *in, const struct balancer *b)
{
    double healthy = elb_highest(in, b->resource, "HealthyHostCount");
    return !isnan(healthy) && healthy <= 0 && answered_without_target(in, b->resource) <= 0;
}

static bool metrics_are_silent(const struct recommend_input *in, const struct balancer *b)
{
    double requests = elb_total(in, b->resource, "RequestCount");
    double flows = elb_total(in, b->resource, "NewFlowCount");
    double bytes = or_zero(elb_total(in, b->resource, "ProcessedBytes")) +
                   or_zero(elb_total(in, b->resource, "EstimatedProcessedBytes"));
    double connections = or_zero(elb_total(in, b->resource, "NewConnectionCount"));
    if (b->kind == ELB_NETWORK || b->kind == ELB_GATEWAY)
        return flows < IDLE_FLOWS_A_DAY * b->days && bytes < IDLE_BYTES_A_DAY * b->days;
    return requests <= 0 && connections <= 0 &&
           answered_without_target(in, b->resource) <= 0 && bytes < IDLE_BYTES_A_DAY * b->days;
}

static bool bill_is_silent(const struct balancer *b)
{
    double used = b->kind == ELB_CLASSIC ? or_zero(b->monthly_gb) : b->monthly_units;
    return b->billed && used < IDLE_UNITS_A_MONTH;
}

/* Nothing can reach a target of one without a listener, whenever it was made. */
static bool is_orphan(const struct balancer *b)
{
    return b->without_listener && b->measured_hours <= 0;
}

static const char *why_idle(const struct recommend_input *in, const struct balancer *b)
{
    if (is_orphan(b))
        return "it has no listener";
    if (b->days < in->options->min_days)
        return NULL;
    if (has_no_target(in, b))
        return "it has had no healthy target";
    if (b->measured_hours > 0)
        return metrics_are_silent(in, b) ? "it has had no traffic" : NULL;
    return bill_is_silent(b) ? "its bill shows hours but no capacity used" : NULL;
}

/* Behind the slash of its ARN; Classic ones are called by name. */
static const char *classic_name(const struct recommend_input *in, const struct balancer *b)
{
    const struct resource *r = &in->estate->resources.at[b->resource];
    const char *slash = strrchr(r->key, '/');
    return slash ? slash + 1 : b->label;
}

static void add_commands(struct advice *out, const struct recommend_input *in,
                         struct recommendation *r, const struct balancer *b)
{
    const char *where = region_option(&out->arena, b->region);
    const char *text =
        b->kind == ELB_CLASSIC
            ? arena_printf(&out->arena,
                           "aws elb delete-load-balancer --load-balancer-name %s%s\n",
                           shell_word(&out->arena, classic_name(in, b)), where)
            : arena_printf(
                  &out->arena,
                  "(set -eu\n"
                  "aws elbv2 modify-load-balancer-attributes --load-balancer-arn %s \\\n"
                  "    --attributes Key=deletion_protection.enabled,Value=false%s\n"
                  "aws elbv2 delete-load-balancer --load-balancer-arn %s%s)\n",
                  elb_arn(out, in, b), where, elb_arn(out, in, b), where);
    artefact_add(out, r, "cli", "delete-load-balancer.sh", text);
}

/* Addresses of an internet-facing one: one in each zone, billed apart from it. */
static struct money address_cost(const struct recommend_input *in, const struct balancer *b,
                                 struct price *price)
{
    if (b->facing != TRI_YES || isnan(b->zones) || b->kind == ELB_CLASSIC || !b->region ||
        !transfer_price(price, in->book, "public_ipv4_in_use_hour", b->region, NULL))
        return MONEY_ZERO;
    return price_times(price, b->zones * b->monthly_hours);
}

static const char *window_text(struct advice *out, const struct balancer *b)
{
    return is_orphan(b) ? " in what is planned or deployed"
                        : arena_printf(&out->arena, " in %.0f days", b->days);
}

bool elb_judge_idle(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    const char *why = why_idle(in, b);
    if (!why)
        return false;
    struct price address;
    struct money addresses = address_cost(in, b, &address);
    struct recommendation *r =
        elb_advise(out, in, b, "elb.idle", ACTION_STOP, elb_list_now(b));
    r->title = arena_printf(&out->arena, "Delete the %s load balancer %s: %s%s", b->kind_name,
                            b->label, why, window_text(out, b));
    r->risk = b->measured_hours > 0 ? 1 : 2;
    r->risk_dimension = "availability";
    r->effort = LEVEL_VERY_LOW;
    if (b->measured_hours <= 0)
        r->confidence = LEVEL_MEDIUM;
    if (is_orphan(b))
        r->confidence_why = "its listeners may be managed elsewhere";
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Why it is idle",
                 "%s%s; health checks are no traffic", why, window_text(out, b));
    if (!money_is_zero(addresses)) {
        evidence_price(out, r, &address, "Public IPv4 address");
        evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Besides, not in the saving",
                     "%.0f addresses x %.0f h x %.4f = %.2f USD on the bill of its subnets",
                     b->zones, b->monthly_hours, elb_usd(&address), money_double(addresses));
    }
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Keep it for the next release",
                    "an empty load balancer is made anew in minutes; its DNS name changes, so "
                    "look for records that point at it first");
    add_commands(out, in, r, b);
    change_add(out, r, "count", "1", "0");
    return true;
}
