#include "diff_pairs.h"

#include <math.h>
#include <string.h>

#include "alike.h"

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a >= b && a <= b);
}

/* What lacks a price costs the same on both sides when it is the same price that lacks. */
static bool same_component(const struct cost_component *a, const struct cost_component *b)
{
    if (a->state == COMPONENT_UNPRICED &&
        (!same_text(a->price_key, b->price_key) || !same_text(a->why, b->why)))
        return false;
    return a->state == b->state && !money_cmp(a->unit_price, b->unit_price) &&
           same_number(a->quantity.low, b->quantity.low) &&
           same_number(a->quantity.expected, b->quantity.expected) &&
           same_number(a->quantity.high, b->quantity.high);
}

static const struct cost_component *counterpart(const struct resource_cost *in,
                                                const struct cost_component *c, size_t nth)
{
    for (size_t i = 0; in && i < in->count; i++) {
        const struct cost_component *other = &in->components[i];
        if (same_text(other->name, c->name) && same_text(other->group, c->group) && !nth--)
            return other;
    }
    return NULL;
}

/* How many components before this one have its name and group. */
static size_t rank_of(const struct resource_cost *cost, size_t at)
{
    size_t rank = 0;
    for (size_t i = 0; i < at; i++)
        rank += same_text(cost->components[i].name, cost->components[at].name) &&
                same_text(cost->components[i].group, cost->components[at].group);
    return rank;
}

static void add_pair(struct component_pairs *out, const struct cost_component *before,
                     const struct cost_component *after)
{
    struct component_pair *p = VEC_PUSH(&out->all);
    struct money_range zero = money_range_of(MONEY_ZERO);
    p->before = before;
    p->after = after;
    p->same = before && after && same_component(before, after);
    /* From a known amount to an unknown one nothing can be said of the difference. */
    bool open = before && after &&
                (before->state != COMPONENT_PRICED || after->state != COMPONENT_PRICED);
    p->difference = p->same || open ? zero
                                    : money_range_sub(after ? after->monthly : zero,
                                                      before ? before->monthly : zero);
    out->difference = money_range_add(out->difference, p->difference);
    struct money_range *part =
        (after ? after : before)->usage_based ? &out->usage : &out->baseline;
    *part = money_range_add(*part, p->difference);
    out->open += open && !p->same;
    if (open && !p->same)
        out->left_out = money_add(out->left_out, before->monthly.expected);
}

void pair_components(struct component_pairs *out, const struct resource_cost *before,
                     const struct resource_cost *after)
{
    *out = (struct component_pairs){0};
    for (size_t i = 0; after && i < after->count; i++)
        add_pair(out, counterpart(before, &after->components[i], rank_of(after, i)),
                 &after->components[i]);
    for (size_t i = 0; before && i < before->count; i++)
        if (!counterpart(after, &before->components[i], rank_of(before, i)))
            add_pair(out, &before->components[i], NULL);
}

const struct resource_cost *cost_before(const struct diff_input *in,
                                        const struct resource_change *change)
{
    return change->before == NOTHING ? NULL : &in->before->resources[change->before];
}

const struct resource_cost *cost_after(const struct diff_input *in,
                                       const struct resource_change *change)
{
    return change->after == NOTHING ? NULL : &in->after->resources[change->after];
}

const struct resource *resource_of(const struct diff_input *in,
                                   const struct resource_change *change)
{
    return change->after != NOTHING ? &in->change->after->resources.at[change->after]
                                    : &in->change->before->resources.at[change->before];
}

bool change_matters(const struct diff_input *in, const struct resource_change *change,
                    struct component_pairs *sums)
{
    pair_components(sums, cost_before(in, change), cost_after(in, change));
    VEC_FREE(&sums->all);
    const struct money_range *d = &sums->difference;
    bool costs = !money_is_zero(d->low) || !money_is_zero(d->expected) ||
                 !money_is_zero(d->high) || !money_is_zero(sums->left_out);
    return change->kind != CHANGE_NONE || costs;
}

static const char *key_of(const struct estate *estate, uint32_t resource)
{
    return resource == NOTHING ? "" : estate->resources.at[resource].key;
}

bool findings_have(const struct findings *other, const struct estate *of,
                   const struct finding *f, const struct estate *f_of)
{
    for (size_t i = 0; other && i < other->all.count; i++) {
        const struct finding *g = &other->all.at[i];
        if (!g->waived_by && !strcmp(g->policy, f->policy) && !strcmp(g->reason, f->reason) &&
            !strcmp(key_of(of, g->resource), key_of(f_of, f->resource)) &&
            same_text(g->subject, f->subject))
            return true;
    }
    return false;
}

static size_t findings_only_in(const struct findings *findings, const struct estate *estate,
                               const struct findings *other, const struct estate *other_estate)
{
    size_t count = 0;
    for (size_t i = 0; findings && i < findings->all.count; i++)
        count += !findings->all.at[i].waived_by &&
                 !findings_have(other, other_estate, &findings->all.at[i], estate);
    return count;
}

static void add_new_advice(struct diff_figures *f, const struct diff_input *in)
{
    for (size_t i = 0; in->advice_after && i < in->advice_after->recommendations.count; i++) {
        const struct recommendation *r = &in->advice_after->recommendations.at[i];
        if (alike_is_in(in->advice_before, r->id))
            continue;
        f->new_advice++;
        if (r->counted)
            f->new_saving = money_add(f->new_saving, r->counted_saving.expected);
    }
}

struct diff_figures diff_figures_of(const struct diff_input *in)
{
    struct diff_figures f = {0};
    const struct estate *before = in->change->before, *after = in->change->after;
    for (size_t i = 0; i < in->diff->all.count; i++) {
        struct component_pairs sums;
        f.changed += change_matters(in, &in->diff->all.at[i], &sums);
        f.increase = money_range_add(f.increase, sums.difference);
        f.baseline_increase = money_range_add(f.baseline_increase, sums.baseline);
        f.usage_increase = money_range_add(f.usage_increase, sums.usage);
        f.left_out = money_add(f.left_out, sums.left_out);
    }
    double whole = money_double(in->before->total.expected);
    f.increase_percent = whole > 0 ? 100 * money_double(f.increase.expected) / whole : NAN;
    f.unpriced = in->after->by_status[COST_UNPRICED];
    f.unknown_types = in->after->by_status[COST_UNKNOWN_TYPE];
    for (size_t i = 0; i < in->after->count; i++)
        f.usage_missing += in->after->resources[i].usage_missing > 0;
    add_new_advice(&f, in);
    for (size_t i = 0; in->advice_before && i < in->advice_before->recommendations.count; i++)
        f.resolved_advice +=
            !alike_is_in(in->advice_after, in->advice_before->recommendations.at[i].id);
    f.broken_policies =
        findings_only_in(in->findings_after, after, in->findings_before, before);
    f.fixed_policies =
        findings_only_in(in->findings_before, before, in->findings_after, after);
    return f;
}
