#include <math.h>

#include "elb.h"

/* A change of kind must pay for the risk of it. */
#define WORTH_CHANGING 0.20

/* A kind to change to, with what its load would be billed as. */
struct other_kind {
    const char *name;
    struct price hour, unit;
    double units, units_high; /* LCU-hours a month */
};

static bool price_kind(struct other_kind *k, const struct recommend_input *in,
                       const struct balancer *b, const char *name)
{
    k->name = name;
    return b->region && elb_price(&k->hour, in->book, name, "hour", b->region) &&
           elb_price(&k->unit, in->book, name, "lcu_hour", b->region);
}

static struct money_range cost_of(const struct other_kind *k, double hours)
{
    struct money fixed = price_times(&k->hour, hours);
    struct money units = price_times(&k->unit, k->units);
    return (struct money_range){money_add(fixed, units), money_add(fixed, units),
                                money_add(fixed, price_times(&k->unit, k->units_high))};
}

static double usd_of(struct money_range m)
{
    return money_double(m.expected);
}

/* The same traffic as another kind and protocol would meter it. */
static double units_as(const struct balancer *b, enum lcu_kind kind,
                       enum lcu_protocol protocol)
{
    double sum = 0;
    for (size_t h = 0; h < b->hour_count; h++) {
        struct lcu_traffic all = {.seconds = 3600}, as[LCU_PROTOCOLS] = {0};
        for (int p = 0; p < LCU_PROTOCOLS; p++) {
            const struct lcu_traffic *t = &b->hours[h].traffic[p];
            bool counted = b->kind == ELB_NETWORK ? p != LCU_ANY : p == LCU_ANY;
            all.new_connections += counted ? t->new_connections : 0;
            all.active_connections += counted ? t->active_connections : 0;
            all.bytes += counted ? t->bytes + t->lambda_bytes : 0;
        }
        as[protocol] = all;
        if (b->hours[h].measured)
            sum += lcu_of_balancer(kind, as, b->check.gb_bytes).units;
    }
    return b->measured_hours > 0 ? sum / b->measured_hours : 0;
}

static struct recommendation *advise(struct advice *out, const struct recommend_input *in,
                                     const struct balancer *b, const struct other_kind *to,
                                     const char *lost)
{
    struct money_range saving = money_range_sub(money_range_of(elb_list_now(b).expected),
                                                cost_of(to, b->monthly_hours));
    struct recommendation *r = elb_advise(out, in, b, "elb.kind", ACTION_RESIZE, saving);
    r->title = arena_printf(&out->arena, "Replace the %s load balancer %s by %s %s one",
                            b->kind_name, b->label, *to->name == 'a' ? "an" : "a", to->name);
    r->effort = LEVEL_MEDIUM;
    r->risk = 2;
    r->risk_dimension = "network";
    evidence_price(out, r, &to->hour, "Hour of the other kind");
    evidence_price(out, r, &to->unit, "Capacity unit hour of the other kind");
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "The same traffic there",
                 "%.0f h x %.4f + %.1f LCU-hours x %.4f = %.2f USD", b->monthly_hours,
                 elb_usd(&to->hour), to->units, elb_usd(&to->unit),
                 usd_of(cost_of(to, b->monthly_hours)));
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "What would be lost or change", "%s", lost);
    change_add(out, r, "load_balancer_type", b->kind_name, to->name);
    artefact_add(out, r, "terraform", "load-balancer.tf",
                 arena_printf(&out->arena,
                              "resource \"aws_lb\" \"replacement\" {\n"
                              "  name               = \"REPLACEMENT\"\n"
                              "  load_balancer_type = \"%s\"\n"
                              "  # subnets, security groups and listeners as on %s\n}\n",
                              to->name, b->label));
    return r;
}

static void decline(struct advice *out, const struct balancer *b, const struct other_kind *to,
                    double saving, const char *reason)
{
    advice_decline(out, "elb.kind", b->resource,
                   "as %s %s one it would cost %.2f USD a month %s (%.2f instead of %.2f): %s",
                   *to->name == 'a' ? "an" : "a", to->name, fabs(saving),
                   saving >= 0 ? "less" : "more", usd_of(cost_of(to, b->monthly_hours)),
                   usd_of(elb_list_now(b)), reason);
}

static const char *lost_by_leaving_classic(void)
{
    return "the DNS name; TCP listeners with their own health checks, EC2-Classic links and "
           "application-set cookies that an application load balancer treats differently";
}

/* Bytes are on the bill; connections only where CloudWatch estimated them. */
static void judge_classic(struct advice *out, const struct recommend_input *in,
                          const struct balancer *b)
{
    struct other_kind to;
    if (isnan(b->monthly_gb) || !price_kind(&to, in, b, "application"))
        return;
    double estimated = elb_total(in, b->resource, "EstimatedALBConsumedLCUs");
    bool known = !isnan(estimated) && b->measured_hours > 0;
    to.units = known ? estimated / b->measured_hours * b->monthly_hours : b->monthly_gb;
    struct money_range now = elb_list_now(b);
    /* Bytes alone are the least it can be: without more, the high end is what it costs today.
     */
    double room = (usd_of(now) - elb_usd(&to.hour) * b->monthly_hours) / elb_usd(&to.unit);
    to.units_high = known ? to.units : fmax(to.units, room);
    double saving = usd_of(now) - usd_of(cost_of(&to, b->monthly_hours));
    if (saving < in->options->min_monthly_usd) {
        decline(out, b, &to, saving,
                "a Classic one is an older kind without rules, HTTP/2 or WAF, but not dearer");
        return;
    }
    struct recommendation *r = advise(out, in, b, &to, lost_by_leaving_classic());
    if (!known) {
        r->confidence = LEVEL_LOW;
        r->confidence_why =
            "bytes are known, connections are not: metrics EstimatedALBConsumedLCUs "
            "would settle it";
    }
}

/* Whether anything of layer 7 is in use; unknown when neither rules nor their metric are
 * known. */
static enum tristate needs_layer_7(const struct recommend_input *in, const struct balancer *b)
{
    double rules = elb_total(in, b->resource, "RuleEvaluations");
    double redirects = elb_total(in, b->resource, "HTTP_Redirect_Count");
    double lambda = elb_total(in, b->resource, "LambdaTargetProcessedBytes");
    if (rules > 0 || redirects > 0 || lambda > 0 || b->rules > 0)
        return TRI_YES;
    return isnan(rules) && isnan(b->rules) ? TRI_UNKNOWN : TRI_NO;
}

static const char lost_to_network[] =
    "host and path rules, redirects, authentication, WAF, HTTP metrics and logs of each "
    "request, "
    "header and cookie stickiness, gRPC and Lambda targets; TLS must end at the network load "
    "balancer or the target";

static void judge_application(struct advice *out, const struct recommend_input *in,
                              const struct balancer *b)
{
    struct other_kind to;
    if (b->measured_hours <= 0 || isnan(b->monthly_units) ||
        !price_kind(&to, in, b, "network"))
        return;
    to.units = units_as(b, LCU_NETWORK, LCU_TLS) * b->monthly_hours;
    to.units_high = to.units;
    double now = usd_of(elb_list_now(b)),
           saving = now - usd_of(cost_of(&to, b->monthly_hours));
    enum tristate layer_7 = needs_layer_7(in, b);
    if (saving < WORTH_CHANGING * now || saving < in->options->min_monthly_usd)
        decline(out, b, &to, saving, "less than the fifth that a change of kind must save");
    else if (layer_7 == TRI_NO)
        advise(out, in, b, &to, lost_to_network);
    else
        decline(out, b, &to, saving,
                layer_7 == TRI_YES
                    ? "but it routes by rules, redirects or Lambda targets, which "
                      "only an application load balancer has"
                    : "but nothing says that no rule, redirect, authentication or "
                      "WAF is in use; the rules of its listeners would");
}

static void judge_network(struct advice *out, const struct recommend_input *in,
                          const struct balancer *b)
{
    struct other_kind to;
    double tls = 0;
    if (b->measured_hours <= 0 || isnan(b->monthly_units) ||
        !price_kind(&to, in, b, "application"))
        return;
    for (size_t h = 0; h < b->hour_count; h++)
        tls += b->hours[h].units.by_protocol[LCU_TLS].by[LCU_NEW];
    if (tls < b->shares.units / 2) {
        advice_decline(out, "elb.kind", b->resource,
                       "new TLS connections make %.0f %% of its units: an application load "
                       "balancer would not be cheaper",
                       b->shares.units > 0 ? 100 * tls / b->shares.units : 0);
        return;
    }
    to.units = to.units_high = units_as(b, LCU_APPLICATION, LCU_ANY) * b->monthly_hours;
    double now = usd_of(elb_list_now(b)),
           saving = now - usd_of(cost_of(&to, b->monthly_hours));
    decline(out, b, &to, saving,
            saving >= WORTH_CHANGING * now
                ? "possible where all of it is HTTP and nobody needs static addresses, the "
                  "client's address at layer 4, PrivateLink or UDP"
                : "an application load balancer holds fewer new connections in a unit");
}

void elb_judge_kind(struct advice *out, const struct recommend_input *in, struct balancer *b)
{
    static void (*const judges[])(struct advice *, const struct recommend_input *,
                                  const struct balancer *) = {
        [ELB_APPLICATION] = judge_application,
        [ELB_NETWORK] = judge_network,
        [ELB_CLASSIC] = judge_classic,
    };
    if (b->kind != ELB_GATEWAY)
        judges[b->kind](out, in, b);
}
