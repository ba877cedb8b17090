#include <math.h>
#include <string.h>

#include "estimate_build.h"

/* Reservations are used up first, then EC2 Instance plans, then Compute plans. */
static const enum commitment_kind order[] = {COMMITMENT_RESERVATION, COMMITMENT_EC2_PLAN,
                                             COMMITMENT_COMPUTE_PLAN};

static bool same(const char *wanted, const char *have)
{
    return !wanted || (have && !strcmp(wanted, have));
}

static bool covers(const struct commitment *c, const struct eligible *e)
{
    if (!same(c->region, e->region))
        return false;
    if (c->kind == COMMITMENT_RESERVATION)
        return c->instance_type ? same(c->instance_type, e->instance_type)
                                : c->family && same(c->family, e->family);
    return c->kind == COMMITMENT_COMPUTE_PLAN || same(c->family, e->family);
}

/* On-demand cost that a commitment could take over at most: c / (1 - d), or its instances. */
static double capacity(const struct commitment *c, const struct eligible *e, double hours)
{
    double usd = money_double(c->usd_per_hour) * hours;
    if (c->kind == COMMITMENT_RESERVATION && !isnan(c->count)) {
        double hourly = e->instance_hours.expected > 0
                            ? money_double(e->monthly.expected) / e->instance_hours.expected
                            : 0;
        return c->count * hours * hourly;
    }
    return isnan(c->discount) || c->discount >= 1 ? usd : usd / (1 - c->discount);
}

static double take(struct money *from, double *room)
{
    double amount = fmin(money_double(*from), *room);
    *room -= amount;
    *from = money_sub(*from, money_of(amount));
    return amount;
}

static void apply(struct estimate_run *run, uint32_t index)
{
    const struct commitment *c = &run->estate->commitments.at[index];
    double hours = run->estate->hours_per_month, covered[3] = {0, 0, 0}, rooms[3] = {0, 0, 0};
    bool sized = false;
    for (size_t i = 0; i < run->eligible.count; i++) {
        struct eligible *e = &run->eligible.at[i];
        if (!covers(c, e))
            continue;
        if (!sized)
            rooms[0] = rooms[1] = rooms[2] = capacity(c, e, hours);
        sized = true;
        covered[0] += take(&e->monthly.low, &rooms[0]);
        covered[1] += take(&e->monthly.expected, &rooms[1]);
        covered[2] += take(&e->monthly.high, &rooms[2]);
    }
    struct estimate_commitment *out = VEC_PUSH(&run->out->commitments);
    out->commitment = index;
    out->cost = money_times(c->usd_per_hour, hours);
    out->covered =
        (struct money_range){money_of(covered[0]), money_of(covered[1]), money_of(covered[2])};
    out->saving = (struct money_range){money_sub(out->covered.low, out->cost),
                                       money_sub(out->covered.expected, out->cost),
                                       money_sub(out->covered.high, out->cost)};
}

void estimate_commitments(struct estimate_run *run)
{
    struct estimate *out = run->out;
    out->after = out->total;
    for (size_t o = 0; o < sizeof order / sizeof *order; o++)
        for (size_t i = 0; i < run->estate->commitments.count; i++)
            if (run->estate->commitments.at[i].kind == order[o])
                apply(run, (uint32_t)i);
    for (size_t i = 0; i < out->commitments.count; i++) {
        const struct money_range *s = &out->commitments.at[i].saving;
        out->after.low = money_sub(out->after.low, s->low);
        out->after.expected = money_sub(out->after.expected, s->expected);
        out->after.high = money_sub(out->after.high, s->high);
    }
}
