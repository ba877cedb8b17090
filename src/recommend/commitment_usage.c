#include "commitment_usage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>


static bool is_eligible(const struct sku *sku)
{
    return sku->charge == CHARGE_USAGE && sku->purchase == PURCHASE_ON_DEMAND &&
           sku->provider == PROVIDER_AWS && sku->instance_type && sku->service &&
           !strcmp(sku->service, "AmazonEC2") && sku->measure &&
           !strncmp(sku->measure, "BoxUsage", 8);
}

static double *shares_left(struct advice *advice, const struct estate *estate)
{
    double *left = ARENA_ARRAY(&advice->arena, double, estate->resources.count + 1);
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

/* The columns: column_of[sku], SIZE_MAX for what no plan serves. */
static size_t *choose_skus(struct commitment_usage *out, struct advice *advice,
                           const struct estate *estate)
{
    size_t count = estate->skus.count;
    size_t *column_of = ARENA_ARRAY(&advice->arena, size_t, count + 1);
    out->sku = ARENA_ARRAY(&advice->arena, const struct sku *, count + 1);
    out->family = ARENA_ARRAY(&advice->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = &estate->skus.at[i];
        column_of[i] = SIZE_MAX;
        if (!is_eligible(sku))
            continue;
        const char *type = sku->instance_type;
        column_of[i] = out->skus;
        out->family[out->skus] = arena_strndup(&advice->arena, type, strcspn(type, "."));
        out->sku[out->skus++] = sku;
    }
    return column_of;
}

static void add_line(struct commitment_usage *out, const struct estate *estate,
                     const struct cost_line *line, size_t column, double share)
{
    double billed = money_double(line->cost[BASIS_UNBLENDED]), usd = billed * share;
    double days = fmax(1, line->hours / 24.0);
    if (usd <= 0)
        return;
    out->usd_billed += billed;
    for (uint32_t h = 0; h < line->hours; h += 24) {
        size_t day_index = (size_t)(line->hour + (int32_t)h - estate->first_hour) / 24;
        if (day_index < out->days)
            out->usd_per_hour[column * out->days + day_index] += usd / days / 24;
    }
    out->usd_of_resource[line->resource] += usd;
    out->usd_left += usd;
}

void commitment_usage_read(struct commitment_usage *out, struct advice *advice,
                           const struct recommend_input *in)
{
    const struct estate *estate = in->estate;
    *out = (struct commitment_usage){.days = (size_t)(estate_window_hours(estate) / 24)};
    const double *left = shares_left(advice, estate);
    const size_t *column_of = choose_skus(out, advice, estate);
    out->usd_per_hour = ARENA_ARRAY(&advice->arena, double, out->skus * out->days + 1);
    out->usd_of_resource = ARENA_ARRAY(&advice->arena, double, estate->resources.count + 1);
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (column_of[line->sku] != SIZE_MAX)
            add_line(out, estate, line, column_of[line->sku], left[line->resource]);
    }
}

/* A column with its discount under the terms that are weighed. */
struct served {
    size_t column;
    struct commitment_discount discount;
    double usd; /* the sum over the days */
};

static const char *region_of(const struct sku *sku)
{
    return sku->region ? sku->region : "us-east-1";
}

static int highest_discount_first(const void *a, const void *b)
{
    const struct served *x = a, *y = b;
    if (x->discount.percent < y->discount.percent || x->discount.percent > y->discount.percent)
        return x->discount.percent > y->discount.percent ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static double sum_of(const struct commitment_usage *usage, size_t column)
{
    double sum = 0;
    for (size_t d = 0; d < usage->days; d++)
        sum += usage->usd_per_hour[column * usage->days + d];
    return sum;
}

/* What is used and has a discount of the family and region; NULL takes every family. */
static struct served *served_by(size_t *count, struct advice *advice,
                                const struct commitment_usage *usage,
                                const struct book *book, struct commitment_terms terms,
                                const char *family, const char *region)
{
    struct served *out = ARENA_ARRAY(&advice->arena, struct served, usage->skus + 1);
    *count = 0;
    for (size_t i = 0; i < usage->skus; i++) {
        const char *own = usage->family[i], *here = region_of(usage->sku[i]);
        struct served *s = &out[*count];
        *s = (struct served){.column = i, .usd = sum_of(usage, i)};
        bool wanted = !family || (!strcmp(own, family) && !strcmp(here, region));
        if (wanted && s->usd > 0 &&
            ec2_commitment_discount(&s->discount, book, own, here, terms) &&
            s->discount.percent > 0 && s->discount.percent < 100)
            ++*count;
    }
    qsort(out, *count, sizeof *out, highest_discount_first);
    return out;
}

static struct commitment_demand demand_of(struct advice *advice,
                                          const struct commitment_usage *usage,
                                          const struct served *served, size_t count)
{
    double *on_demand = ARENA_ARRAY(&advice->arena, double, usage->days * count + 1);
    double *discount = ARENA_ARRAY(&advice->arena, double, count + 1);
    for (size_t k = 0; k < count; k++) {
        discount[k] = served[k].discount.percent / 100;
        for (size_t d = 0; d < usage->days; d++)
            on_demand[d * count + k] = usage->usd_per_hour[served[k].column * usage->days + d];
    }
    return (struct commitment_demand){usage->days, count, on_demand, discount};
}

/* What the day with the least use alone would have saved. */
static double lowest_saving(const struct commitment_demand *demand, double usd_per_hour)
{
    double least = INFINITY;
    for (size_t d = 0; d < demand->hours; d++) {
        struct commitment_demand one = *demand;
        one.hours = 1;
        one.on_demand = &demand->on_demand[d * demand->classes];
        struct commitment_choice c = commitment_evaluate(&one, usd_per_hour);
        least = fmin(least, c.before - c.after);
    }
    return isfinite(least) ? least : 0;
}

/* Adds the plan that costs least for what is served; used and covered are sums until the end. */
static void add_plan(struct plan_offer *out, struct advice *advice,
                     const struct commitment_usage *usage, const struct served *served,
                     size_t count)
{
    struct commitment_demand demand = demand_of(advice, usage, served, count);
    struct commitment_choice best = commitment_optimal(&demand);
    best = commitment_evaluate(&demand, floor(best.usd_per_hour * 1000) / 1000);
    double most = 0;
    for (size_t k = 0; k < count; k++) {
        out->discount += served[k].usd / (double)usage->days * demand.discount[k];
        if (served[k].usd > most) {
            most = served[k].usd;
            out->leading = served[k].discount;
        }
    }
    out->plans += best.usd_per_hour > 0;
    out->usd_per_hour += best.usd_per_hour;
    out->before += best.before;
    out->after += best.after;
    out->used += best.utilisation * best.usd_per_hour;
    out->covered += best.coverage * best.before;
    out->lowest_saving += lowest_saving(&demand, best.usd_per_hour);
}

/* Whether an earlier column has the same family and region. */
static bool is_repeated(const struct commitment_usage *usage, size_t column)
{
    for (size_t i = 0; i < column; i++)
        if (!strcmp(usage->family[i], usage->family[column]) &&
            !strcmp(region_of(usage->sku[i]), region_of(usage->sku[column])))
            return true;
    return false;
}

/* An EC2 Instance plan serves one family in one region: each gets its own. */
static void add_plans(struct plan_offer *out, struct advice *advice,
                      const struct commitment_usage *usage, const struct book *book)
{
    double largest = 0;
    for (size_t i = 0; i < usage->skus; i++) {
        const char *region = region_of(usage->sku[i]);
        size_t count;
        if (is_repeated(usage, i))
            continue;
        const struct served *served =
            served_by(&count, advice, usage, book, out->terms, usage->family[i], region);
        double before = out->before;
        if (count)
            add_plan(out, advice, usage, served, count);
        if (out->before - before > largest) {
            largest = out->before - before;
            out->largest = arena_printf(&advice->arena, "%s in %s", usage->family[i], region);
        }
    }
}

bool plan_offer_best(struct plan_offer *out, struct advice *advice,
                     const struct commitment_usage *usage, const struct book *book,
                     struct commitment_terms terms)
{
    size_t count;
    *out = (struct plan_offer){.terms = terms};
    if (terms.plan == EC2_INSTANCE_SP) {
        add_plans(out, advice, usage, book);
    } else {
        const struct served *all =
            served_by(&count, advice, usage, book, terms, NULL, NULL);
        if (count)
            add_plan(out, advice, usage, all, count);
    }
    if (out->before <= 0)
        return false;
    out->discount /= out->before;
    out->used = out->usd_per_hour > 0 ? out->used / out->usd_per_hour : 0;
    out->covered /= out->before;
    return true;
}
