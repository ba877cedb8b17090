#include <math.h>
#include <string.h>

#include "elb.h"

double elb_usd(const struct price *price)
{
    return money_double(price->usd) / price->per;
}

enum lcu_kind elb_unit_kind(const struct balancer *b)
{
    return b->kind == ELB_NETWORK   ? LCU_NETWORK
           : b->kind == ELB_GATEWAY ? LCU_GATEWAY
           : b->parts.mutual_tls    ? LCU_APPLICATION_MTLS
                                    : LCU_APPLICATION;
}

static struct money at_price(const struct price *price, double quantity)
{
    return isnan(quantity) ? MONEY_ZERO : price_times(price, quantity);
}

struct money_range elb_units_saved(const struct balancer *b, double low, double expected,
                                   double high)
{
    return (struct money_range){at_price(&b->unit_price, low),
                                at_price(&b->unit_price, expected),
                                at_price(&b->unit_price, high)};
}

struct money_range elb_list_now(const struct balancer *b)
{
    struct money fixed = at_price(&b->hour_price, b->monthly_hours);
    struct money_range units =
        b->kind == ELB_CLASSIC
            ? elb_units_saved(b, b->monthly_gb, b->monthly_gb, b->monthly_gb)
            : elb_units_saved(b, b->units_low, b->monthly_units, b->units_high);
    return money_range_add(money_range_of(fixed), units);
}

void elb_set_saving(struct recommendation *r, const struct recommend_input *in,
                    const struct balancer *b, struct money beside, struct money_range saving)
{
    struct money now = money_add(elb_list_now(b).expected, beside);
    struct money_range after = {money_sub(now, saving.high), money_sub(now, saving.expected),
                                money_sub(now, saving.low)};
    saving_set(r, in, money_range_of(now), after);
}

double elb_parameter(const struct recommend_input *in, const char *name, double otherwise)
{
    return node_number(node_get(node_get(in->options->parameters, "elb"), name), otherwise);
}

enum level elb_confidence(double days)
{
    return days >= 28   ? LEVEL_VERY_HIGH
           : days >= 14 ? LEVEL_HIGH
           : days >= 7  ? LEVEL_MEDIUM
                        : LEVEL_LOW;
}

static void add_load(struct advice *out, struct recommendation *r, const struct balancer *b)
{
    const char *from = b->billed ? "the bill" : b->declared ? "what is declared" : "metrics";
    if (b->kind != ELB_CLASSIC && !isnan(b->monthly_units))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Hours and capacity units a month",
                     "%.0f h, %.2f LCU-hours (next quarter %.2f to %.2f), from %s",
                     b->monthly_hours, b->monthly_units, b->units_low, b->units_high, from);
    else if (!isnan(b->monthly_gb))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Hours and data a month",
                     "%.0f h, %.2f GB, from %s", b->monthly_hours, b->monthly_gb, from);
}

struct recommendation *elb_advise(struct advice *out, const struct recommend_input *in,
                                  const struct balancer *b, const char *kind,
                                  enum action action, struct money_range saving)
{
    struct recommendation *r = advice_add(out, in, kind, action, b->resource);
    elb_set_saving(r, in, b, MONEY_ZERO, saving);
    r->effort = LEVEL_LOW;
    r->confidence = b->declared ? LEVEL_VERY_LOW : elb_confidence(b->days);
    r->confidence_why =
        b->declared ? "the traffic is declared, not measured"
                    : arena_printf(&out->arena, "%.1f days of %s", b->days,
                                   b->measured_hours > 0 ? "metrics" : "the bill alone");
    add_load(out, r, b);
    evidence_price(out, r, &b->hour_price, "Load balancer hour");
    evidence_price(out, r, &b->unit_price,
                   b->kind == ELB_CLASSIC ? "GB processed" : "Capacity unit hour");
    return r;
}

const char *elb_arn(struct advice *out, const struct recommend_input *in,
                    const struct balancer *b)
{
    const struct resource *r = &in->estate->resources.at[b->resource];
    if (r->id && strncmp(r->id, "arn:", 4) == 0)
        return shell_word(&out->arena, r->id);
    return strncmp(r->key, "arn:", 4) == 0 ? shell_word(&out->arena, r->key)
                                           : "\"$LOAD_BALANCER_ARN\"";
}
