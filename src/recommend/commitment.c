#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commitment_usage.h"
#include "pricing/book.h"

/* Below this many days the demand of a year cannot be told from it. */
enum { LEAST_DAYS = 28 };

static const char kind[] = "commitment.savings_plan";

/* What is weighed beside the recommended plan: a Compute plan without upfront payment. */
static const struct commitment_terms others[] = {
    {COMPUTE_SP, 1, NO_UPFRONT},      {COMPUTE_SP, 1, ALL_UPFRONT},
    {COMPUTE_SP, 3, NO_UPFRONT},      {COMPUTE_SP, 3, ALL_UPFRONT},
    {EC2_INSTANCE_SP, 1, NO_UPFRONT}, {EC2_INSTANCE_SP, 3, NO_UPFRONT},
};

static const char *title_of(struct advice *out, const struct plan_offer *o)
{
    const struct commitment_terms *t = &o->terms;
    if (o->plans > 1)
        return arena_printf(&out->arena, "%zu %d-year %ss of %.3f USD an hour together, %s",
                            o->plans, t->years, commitment_plan_name(t->plan), o->usd_per_hour,
                            payment_name(t->payment));
    return arena_printf(&out->arena, "%d-year %s of %.3f USD an hour, %s", t->years,
                        commitment_plan_name(t->plan), o->usd_per_hour,
                        payment_name(t->payment));
}

/* What an offer asks for beyond the recommended one, or what it saves less. */
static const char *why_not(struct advice *out, const struct plan_offer *o,
                           const struct plan_offer *best)
{
    enum { HOURS_A_YEAR = 8760 };
    struct buf why = BUF_INIT;
    if (o->terms.years > best->terms.years)
        buf_add(&why, "binds for three years; recommend.sp_horizon_years: 3 allows it");
    if (o->terms.payment == ALL_UPFRONT)
        buf_printf(&why, "%s%.0f USD are paid at once", why.length ? "; " : "",
                   o->usd_per_hour * HOURS_A_YEAR * o->terms.years);
    if (o->terms.plan == EC2_INSTANCE_SP)
        buf_printf(&why, "%sserves one family in one region each (%s most), so it hinders a "
                         "change of type",
                   why.length ? "; " : "", o->largest);
    if (!why.length)
        buf_add(&why, "saves less");
    const char *kept = arena_strdup(&out->arena, why.text);
    buf_release(&why);
    return kept;
}

static void add_alternatives(struct advice *out, const struct recommend_input *in,
                             struct recommendation *r, const struct commitment_usage *usage,
                             const struct plan_offer *best)
{
    struct plan_offer o;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!memcmp(&others[i], &best->terms, sizeof *others) ||
            !plan_offer_best(&o, out, usage, in->book, others[i]) || o.usd_per_hour <= 0)
            continue;
        double month = in->estate->hours_per_month;
        alternative_add(out, r, money_range_of(money_of((o.before - o.after) * month)),
                        title_of(out, &o), why_not(out, &o, best));
    }
}

static void add_evidence(struct advice *out, const struct recommend_input *in,
                         struct recommendation *r, const struct commitment_usage *usage,
                         const struct plan_offer *best)
{
    static const char *const bases[] = {
        [DISCOUNT_MEASURED] = "from AWS's offers",
        [DISCOUNT_DERIVED] = "from AWS's offers with another payment option",
        [DISCOUNT_TYPICAL] = "a typical figure, not an offer",
    };
    double month = in->estate->hours_per_month;
    char date[DAY_TEXT];
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "On-demand instance use after the advice above",
                 "%.2f USD of on-demand use in %zu days: the advice leaves %.2f, or %.6g USD an "
                 "hour",
                 usage->usd_billed, usage->days, usage->usd_left, best->before);
    evidence_add(out, r, EVIDENCE_PRICE,
                 arena_printf(&out->arena, "%s, %s", best->leading.source,
                              best->leading.date ? day_format(date, best->leading.date)
                                                 : "undated"),
                 "Discount", "%.1f %% weighted by use; that of the largest use is %.1f %%, %s",
                 best->discount * 100, best->leading.percent, bases[best->leading.basis]);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Best commitment",
                 "c plus what c does not serve costs least at c = %.3f USD an hour, the highest "
                 "discount served first: used %.0f %%, covering %.0f %%",
                 best->usd_per_hour, best->used * 100, best->covered * 100);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving",
                 "%.6f x %.0f h = %.2f USD a month become %.6f x %.0f h = %.2f", best->before,
                 month, best->before * month, best->after, month, best->after * month);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                 "half of what a month of the lowest day would save, should use fall");
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "Not counted",
                 "Fargate and Lambda, which a Compute plan serves too");
}

static void add_artefact(struct advice *out, struct recommendation *r,
                         const struct plan_offer *best)
{
    artefact_add(out, r, "cli", "savings-plan.sh",
                 arena_printf(&out->arena,
                              "(set -eu\n"
                              "offering=$(aws savingsplans describe-savings-plans-offerings \\\n"
                              "  --plan-types Compute --durations %d --currencies USD \\\n"
                              "  --payment-options 'No Upfront' \\\n"
                              "  --query 'searchResults[0].offeringId' --output text)\n"
                              "aws savingsplans create-savings-plan --commitment %.3f \\\n"
                              "  --savings-plan-offering-id \"$offering\")\n",
                              best->terms.years * 31536000, best->usd_per_hour));
}

struct ranked {
    uint32_t resource;
    double usd;
};

static int most_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->usd < y->usd || x->usd > y->usd)
        return x->usd > y->usd ? -1 : 1;
    return (x->resource > y->resource) - (x->resource < y->resource);
}

/* Those whose on-demand use the plan is about, the largest first. */
static uint32_t *resources_of(size_t *count, struct advice *out, const struct estate *estate,
                              const struct commitment_usage *usage)
{
    size_t room = estate->resources.count;
    struct ranked *ranked = ARENA_ARRAY(&out->arena, struct ranked, room + 1);
    uint32_t *resources = ARENA_ARRAY(&out->arena, uint32_t, room + 1);
    *count = 0;
    for (uint32_t i = 0; i < room; i++)
        if (usage->usd_of_resource[i] > 0)
            ranked[(*count)++] = (struct ranked){i, usage->usd_of_resource[i]};
    qsort(ranked, *count, sizeof *ranked, most_first);
    for (size_t i = 0; i < *count; i++)
        resources[i] = ranked[i].resource;
    return resources;
}

static void advise(struct advice *out, const struct recommend_input *in,
                   const struct commitment_usage *usage, const struct plan_offer *best,
                   const uint32_t *resources, size_t count)
{
    double month = in->estate->hours_per_month, saving = best->before - best->after;
    double low = fmin(best->lowest_saving, saving) * 0.5;
    struct recommendation *r = advice_add_many(out, kind, ACTION_COMMIT, resources, count);
    r->title = arena_printf(&out->arena, "Buy a %s", title_of(out, best));
    r->list = r->net = (struct monthly){
        money_range_of(money_of(best->before * month)),
        {money_of(best->after * month), money_of(best->after * month),
         money_of((best->before - low) * month)}};
    r->effort = LEVEL_LOW;
    r->risk = 2;
    r->risk_dimension = "commitment";
    bool offered = best->leading.basis != DISCOUNT_TYPICAL;
    r->confidence = usage->days >= 84 && offered ? LEVEL_MEDIUM : LEVEL_LOW;
    r->confidence_why = "from daily means of the window: hours below the day's mean are not "
                        "seen, and next year's use is not known";
    add_evidence(out, in, r, usage, best);
    add_alternatives(out, in, r, usage, best);
    add_artefact(out, r, best);
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    struct commitment_usage usage;
    struct plan_offer best;
    size_t count;
    int years = in->options->sp_horizon_years >= 3 ? 3 : 1;
    commitment_usage_read(&usage, out, in);
    const uint32_t *resources = resources_of(&count, out, in->estate, &usage);
    if (!count || !usage.days ||
        !plan_offer_best(&best, out, &usage, in->book,
                         (struct commitment_terms){COMPUTE_SP, years, NO_UPFRONT}))
        return true;
    double monthly = (best.before - best.after) * in->estate->hours_per_month;
    if (usage.days < LEAST_DAYS)
        advice_decline(out, kind, resources[0],
                       "%zu %s too few to commit for a year; %d are needed", usage.days,
                       usage.days == 1 ? "day of bills is" : "days of bills are", LEAST_DAYS);
    else if (monthly < in->options->min_monthly_usd)
        advice_decline(out, kind, resources[0],
                       "the best commitment, %.3f USD an hour, would save %.2f USD a month",
                       best.usd_per_hour, monthly);
    else
        advise(out, in, &usage, &best, resources, count);
    return true;
}

extern const struct recommender recommender_commitment;
const struct recommender recommender_commitment = {
    .name = "commitment",
    .summary = "savings plans for what is left after right-sizing",
    .run = run,
};
