#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "elb.h"

enum { LEAST_HOURS = 72 };
#define BURST_THAT_NEEDS_IT                                                                   \
    2.0 /* a load balancer keeps up with a doubling in five minutes                           \
         */
#define SPARE_OVER_P99 1.2
#define WASTED_BELOW   0.5

struct units_by_hour {
    double *at; /* ascending */
    size_t count;
};

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct units_by_hour units_of(const struct balancer *b)
{
    struct units_by_hour u = {calloc(b->hour_count + 1, sizeof(double)), 0};
    for (size_t h = 0; u.at && h < b->hour_count; h++)
        if (b->hours[h].billed || b->hours[h].measured)
            u.at[u.count++] =
                b->hours[h].billed ? b->hours[h].billed_units : b->hours[h].units.units;
    VEC_SORT(&u, ascending);
    return u;
}

static double quantile(const struct units_by_hour *u, double p)
{
    size_t rank = (size_t)ceil(p * (double)u->count - 1e-9);
    return u->at[rank ? rank - 1 : 0];
}

static double reserved_units(const struct recommend_input *in, const struct balancer *b)
{
    const struct resource *r = &in->estate->resources.at[b->resource];
    const char path[] = "minimum_load_balancer_capacity.capacity_units";
    double declared = node_number(node_at(r->attrs, path), NAN);
    if (!isnan(declared))
        return declared;
    const struct metric_series *s = elb_series(in, b->resource, "ReservedLCUs", "Sum");
    /* A minute's point is the reservation / 60, an hour's the reservation. */
    return s && s->count && s->step > 0 ? s->values[s->count - 1] * 3600 / s->step : 0;
}

static void advise_less(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b, const struct units_by_hour *u,
                        double reserved, double to, const struct price *price)
{
    double p_r = elb_usd(price), p = elb_usd(&b->unit_price);
    struct lcu_reservation now = lcu_reserve(u->at, u->count, reserved, p_r, p);
    struct lcu_reservation then = lcu_reserve(u->at, u->count, to, p_r, p);
    double month = b->monthly_hours / (double)u->count;
    struct money_range saving = money_range_of(money_of((now.cost - then.cost) * month));
    struct recommendation *r =
        elb_advise(out, in, b, "elb.reservation", ACTION_COMMIT, saving);
    elb_set_saving(r, in, b, money_of((now.cost - now.on_demand_cost) * month), saving);
    r->title =
        arena_printf(&out->arena, "Lower the capacity reservation of %s from %.0f to %.0f LCU",
                     b->label, reserved, to);
    r->effort = LEVEL_VERY_LOW;
    r->risk = 1;
    r->risk_dimension = "network";
    evidence_price(out, r, price, "Reserved capacity unit hour");
    evidence_add(
        out, r, EVIDENCE_FORMULA, NULL, "Paid and not used",
        "%.0f of %.0f reserved LCU-hours in %zu hours; the 99th percentile of an hour is "
        "%.2f LCU",
        now.idle_unit_hours, reserved * (double)u->count, u->count, quantile(u, 0.99));
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Cancel it wholly",
        "it is a guarantee for the fastest minutes, not a discount: keep it as long "
        "as somebody expects an event");
    artefact_add(
        out, r, "cli", "reservation.sh",
        arena_printf(&out->arena,
                     "aws elbv2 modify-capacity-reservation --load-balancer-arn %s \\\n"
                     "    --minimum-load-balancer-capacity CapacityUnits=%.0f%s\n",
                     elb_arn(out, in, b), to, region_option(&out->arena, b->region)));
    char from_text[32], to_text[32];
    snprintf(from_text, sizeof from_text, "%.0f", reserved);
    snprintf(to_text, sizeof to_text, "%.0f", to);
    change_add(out, r, "minimum_load_balancer_capacity.capacity_units", from_text, to_text);
}

/* Why none is advised: the break-even on the distribution of the hours, and the ramp. */
static void explain_none(struct advice *out, const struct recommend_input *in,
                         const struct balancer *b, const struct units_by_hour *u,
                         const struct price *price)
{
    double p_r = elb_usd(price), p = elb_usd(&b->unit_price);
    double best = lcu_cheapest_reservation(u->at, u->count, p_r, p);
    double median = quantile(u, 0.5);
    struct lcu_reservation at_median = lcu_reserve(u->at, u->count, median, p_r, p);
    double month = b->monthly_hours / (double)u->count;
    struct traffic_shape shape = {.points = 0};
    elb_shape(&shape, in, b);
    double more = fmax(0, (at_median.cost - at_median.on_demand_cost) * month);
    const char *ramp =
        shape.burst_ratio <= 0 ? "metrics by the minute would show whether it grows too fast"
        : shape.burst_ratio > BURST_THAT_NEEDS_IT
            ? "it bursts beyond what load balancers follow: reserve for safety, not to save"
            : "it never outruns the scaling of a load balancer";
    const char *burst =
        shape.burst_ratio > 0
            ? arena_printf(&out->arena,
                           "; its busiest step is %.1f x its hour, and it grows %.1f "
                           "x within 5 minutes",
                           shape.burst_ratio, shape.ramp_ratio)
            : "";
    const char *cheapest =
        best < 0.005 ? "none" : arena_printf(&out->arena, "one of %.2f LCU", best);
    advice_decline(out, "elb.reservation", b->resource,
                   "a reserved LCU-hour costs %.4f USD and another %.4f, so %s is cheapest (the "
                   "median of the hours is %.2f, their 99th percentile %.2f; to reserve the "
                   "median would cost %.2f USD a month more)%s; %s",
                   p_r, p, cheapest, median, quantile(u, 0.99), more, burst, ramp);
}

void elb_judge_reservation(struct advice *out, const struct recommend_input *in,
                           struct balancer *b)
{
    struct price price;
    if (b->kind == ELB_CLASSIC)
        return;
    if (!elb_price(&price, in->book, b->kind_name, "reserved_lcu_hour", b->region))
        price = b->unit_price; /* taken to be the same where the book has no other */
    struct units_by_hour u = units_of(b);
    double reserved = reserved_units(in, b);
    if (u.count >= LEAST_HOURS) {
        double p99 = quantile(&u, 0.99), least = elb_parameter(in, "least_reservation", 100);
        double to = fmax(ceil(SPARE_OVER_P99 * p99), least);
        if (reserved > 0 && p99 < WASTED_BELOW * reserved && to < reserved)
            advise_less(out, in, b, &u, reserved, to, &price);
        else if (reserved > 0)
            advice_decline(
                out, "elb.reservation", b->resource,
                "%.0f LCU are reserved and the 99th percentile of an hour is %.2f: "
                "below half, and above the least that can be reserved, less would do",
                reserved, p99);
        else
            explain_none(out, in, b, &u, &price);
    }
    free(u.at);
}
