#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "models/commitment.h"
#include "pricing/book.h"
#include "pricing/ec2.h"
#include "recommend/recommend.h"

/* Below this many days the demand of a year cannot be told from it. */
enum { LEAST_DAYS = 28 };

/* On-demand compute that a plan could serve, by day, after what is advised before. */
struct demand {
    double *usd_per_hour; /* one mean a day */
    size_t days;
    double total;
    double discount_sum; /* discount x usd, for the weighted mean */
    struct commitment_discount discount; /* of the largest share */
    uint32_t largest;
    double largest_usd;
};

static bool is_eligible(const struct sku *sku)
{
    return sku->charge == CHARGE_USAGE && sku->purchase == PURCHASE_ON_DEMAND &&
           sku->provider == PROVIDER_AWS && sku->instance_type && sku->service &&
           !strcmp(sku->service, "AmazonEC2") && sku->measure &&
           !strncmp(sku->measure, "BoxUsage", 8);
}

/* What stopping, scheduling and resizing leave of a resource: right-size first, commit after. */
static double *shares_left(const struct advice *advice, const struct estate *estate)
{
    double *left = mem_alloc((estate->resources.count + 1) * sizeof *left);
    for (size_t i = 0; i < estate->resources.count; i++)
        left[i] = 1;
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        double now = money_double(r->list.now.expected);
        double after = money_double(r->list.after.expected);
        if (now <= 0 || after >= now)
            continue;
        for (size_t k = 0; k < r->resources.count; k++)
            left[r->resources.at[k]] = fmin(left[r->resources.at[k]], after / now);
    }
    enum { STEPS = 2 }; /* instances stand below a cluster, clusters below a job */
    for (int step = 0; step < STEPS; step++)
        for (size_t i = 0; i < estate->resources.count; i++) {
            uint32_t parent = estate->resources.at[i].parent;
            if (parent != NOTHING)
                left[i] = fmin(left[i], left[parent]);
        }
    return left;
}

static const char *family_of(struct advice *out, const char *instance_type)
{
    return arena_strndup(&out->arena, instance_type, strcspn(instance_type, "."));
}

/* By sku, percent 0 where no plan is known: a bill has far fewer skus than lines. */
static struct commitment_discount *discounts_of(struct advice *out,
                                                const struct recommend_input *in,
                                                struct commitment_terms terms)
{
    size_t count = in->estate->skus.count;
    struct commitment_discount *all =
        ARENA_ARRAY(&out->arena, struct commitment_discount, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &in->estate->skus.at[i];
        if (is_eligible(sku) &&
            !ec2_commitment_discount(&all[i], in->book, family_of(out, sku->instance_type),
                                     sku->region ? sku->region : "us-east-1", terms))
            all[i].percent = 0;
    }
    return all;
}

static void add_line(const struct recommend_input *in, struct demand *d,
                     const struct cost_line *line, double share,
                     const struct commitment_discount *discount)
{
    double usd = money_double(line->cost[BASIS_UNBLENDED]) * share;
    if (usd <= 0 || discount->percent <= 0)
        return;
    double days = fmax(1, line->hours / 24.0);
    for (uint32_t h = 0; h < line->hours; h += 24) {
        size_t day_index = (size_t)(line->hour + (int32_t)h - in->estate->first_hour) / 24;
        if (day_index < d->days)
            d->usd_per_hour[day_index] += usd / days / 24;
    }
    d->total += usd;
    d->discount_sum += usd * discount->percent / 100;
    if (usd > d->largest_usd) {
        d->largest_usd = usd;
        d->largest = line->resource;
        d->discount = *discount;
    }
}

static struct demand demand_of(struct advice *out, const struct recommend_input *in,
                               struct commitment_terms terms)
{
    const struct estate *estate = in->estate;
    struct demand d = {.days = (size_t)(estate_window_hours(estate) / 24), .largest = NOTHING};
    d.usd_per_hour = mem_alloc((d.days + 1) * sizeof *d.usd_per_hour);
    double *left = shares_left(out, estate);
    const struct commitment_discount *discounts = discounts_of(out, in, terms);
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (is_eligible(&estate->skus.at[line->sku]))
            add_line(in, &d, line, left[line->resource], &discounts[line->sku]);
    }
    free(left);
    return d;
}

static double lowest(const double *values, size_t count)
{
    double least = count ? values[0] : 0;
    for (size_t i = 1; i < count; i++)
        least = fmin(least, values[i]);
    return least;
}

static void advise(struct advice *out, const struct recommend_input *in, const struct demand *d,
                   const struct commitment_choice *best, double discount,
                   struct commitment_terms terms)
{
    double month = in->estate->hours_per_month;
    struct recommendation *r = advice_add(out, in, "commitment.savings_plan", ACTION_COMMIT,
                                          d->largest);
    double sure = lowest(d->usd_per_hour, d->days) * discount;
    double saving = best->before - best->after;
    struct money now = money_of(best->before * month);
    r->title = arena_printf(&out->arena, "Buy a %d-year %s of %.3f USD an hour, %s",
                            terms.years, commitment_plan_name(terms.plan), best->usd_per_hour,
                            payment_name(terms.payment));
    r->list = r->net = (struct monthly){
        money_range_of(now),
        {money_of(best->after * month), money_of(best->after * month),
         money_of((best->before - fmin(sure, saving) * 0.5) * month)}};
    r->effort = LEVEL_LOW;
    r->risk = 2;
    r->risk_dimension = "commitment";
    r->confidence = d->days >= 84 ? LEVEL_MEDIUM : LEVEL_LOW;
    r->confidence_why = "from daily means of the window: hours below the day's mean are not seen, "
                        "and next year's use is not known";
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "On-demand instance use after the advice above",
                 "%.4f USD an hour on average, %.4f on the lowest of %zu days", best->before,
                 lowest(d->usd_per_hour, d->days), d->days);
    char date[DAY_TEXT];
    evidence_add(out, r, EVIDENCE_PRICE,
                 arena_printf(&out->arena, "%s, %s", d->discount.source,
                              d->discount.date ? day_format(date, d->discount.date) : "undated"),
                 "Discount, weighted by use", "%.1f %%", discount * 100);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Best commitment",
                 "the %.0f %% quantile of daily demand x (1 - %.3f) = %.3f USD an hour, used %.0f "
                 "%%, covering %.0f %%",
                 discount * 100, discount, best->usd_per_hour, best->utilisation * 100,
                 best->coverage * 100);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "(%.4f - %.4f) x %.0f h = %.2f USD a month", best->before, best->after, month,
                 saving * month);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "half of what the lowest day alone would save, should use fall");
    artefact_add(out, r, "cli", "savings-plan.sh",
                 arena_printf(&out->arena,
                              "# find the offering, then buy it:\n"
                              "aws savingsplans describe-savings-plans-offerings --plan-types %s "
                              "--durations %d --payment-options '%s'\n"
                              "aws savingsplans create-savings-plan --commitment %.3f "
                              "--savings-plan-offering-id OFFERING\n",
                              terms.plan == COMPUTE_SP ? "Compute" : "EC2Instance",
                              terms.years * 31536000, "No Upfront", best->usd_per_hour));
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    struct commitment_terms terms = {COMPUTE_SP, 1, NO_UPFRONT};
    struct demand d = demand_of(out, in, terms);
    double discount = d.total > 0 ? d.discount_sum / d.total : 0;
    if (d.largest == NOTHING || discount <= 0 || discount >= 1) {
        free(d.usd_per_hour);
        return true;
    }
    struct commitment_choice best = commitment_optimal(d.usd_per_hour, d.days, discount);
    best.usd_per_hour = floor(best.usd_per_hour * 1000) / 1000;
    best = commitment_evaluate(d.usd_per_hour, d.days, discount, best.usd_per_hour);
    double monthly = (best.before - best.after) * in->estate->hours_per_month;
    if (d.days < LEAST_DAYS)
        advice_decline(out, "commitment.savings_plan", d.largest,
                       "%zu days of bills are too few to commit for a year; %d are needed", d.days,
                       LEAST_DAYS);
    else if (monthly < in->options->min_monthly_usd)
        advice_decline(out, "commitment.savings_plan", d.largest,
                       "the best commitment, %.3f USD an hour, would save %.2f USD a month",
                       best.usd_per_hour, monthly);
    else
        advise(out, in, &d, &best, discount, terms);
    free(d.usd_per_hour);
    return true;
}

extern const struct recommender recommender_commitment;
const struct recommender recommender_commitment = {
    .name = "commitment",
    .summary = "savings plans for what is left after right-sizing",
    .run = run,
};
