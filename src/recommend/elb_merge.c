#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "elb.h"

enum { FREE_RULES = 10, MOST_RULES = 100, MOST_MERGED = 5, SMALL_UNITS = 2 };

/* Load balancers that nothing known keeps apart. */
struct group {
    sym key;
    bool complete; /* network and scheme are known */
    VEC(struct balancer *) members;
};

typedef VEC(struct group) groups;

static bool is_isolated(const struct resource *r)
{
    const char *tag = resource_tag(r, "isolation");
    return (tag && strcmp(tag, "none") != 0) ||
           node_bool(node_get(r->attrs, "isolated"), false);
}

static bool is_small(const struct balancer *b)
{
    return b->kind == ELB_APPLICATION && b->priced && !isnan(b->monthly_units) &&
           b->monthly_hours > 0 && b->monthly_units / b->monthly_hours < SMALL_UNITS;
}

static sym group_key(const struct advice *out, const struct recommend_input *in,
                     const struct balancer *b)
{
    const struct resource *r = &in->estate->resources.at[b->resource];
    return intern_printf(out->symbols, "%s|%s|%s|%d|%s|%u", sym_or_empty(r->account),
                         b->region, node_text(node_get(r->attrs, "vpc_id"), ""),
                         (int)b->facing,
                         node_text(node_get(r->attrs, "ip_address_type"), "ipv4"), r->tenant);
}

static struct group *group_of(groups *all, sym key)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].key == key)
            return &all->at[i];
    struct group *g = VEC_PUSH(all);
    g->key = key;
    return g;
}

/* What the members cost in units apart, together, and together with all free rules in use. */
struct together {
    double apart, merged, merged_with_rules; /* LCU-hours a month */
    double hours;
};

static double merged_units(const struct group *g, size_t k, bool with_rules, double *hours)
{
    double sum = 0;
    int64_t from = INT64_MAX, to = INT64_MIN;
    *hours = 0;
    for (size_t i = 0; i < k; i++) {
        const struct balancer *b = g->members.at[i];
        from = b->first_hour < from ? b->first_hour : from;
        to = b->first_hour + (int64_t)b->hour_count > to
                 ? b->first_hour + (int64_t)b->hour_count
                 : to;
    }
    for (int64_t h = from; h < to; h++) {
        struct lcu_traffic all[LCU_PROTOCOLS] = {[LCU_ANY] = {.seconds = 3600}};
        struct lcu_traffic *sums = &all[LCU_ANY];
        for (size_t i = 0; i < k; i++) {
            const struct balancer *b = g->members.at[i];
            int64_t at = h - b->first_hour;
            if (at < 0 || at >= (int64_t)b->hour_count)
                continue;
            const struct lcu_traffic *t = &b->hours[at].traffic[LCU_ANY];
            sums->new_connections += t->new_connections;
            sums->active_connections += t->active_connections;
            sums->bytes += t->bytes;
            sums->lambda_bytes += t->lambda_bytes;
            sums->requests += t->requests;
            sums->rules_evaluated += t->rules_evaluated;
        }
        if (with_rules)
            sums->rules_evaluated += sums->requests * FREE_RULES * (double)k;
        sum += lcu_of_balancer(LCU_APPLICATION, all, LCU_BINARY_GB).units;
        (*hours)++;
    }
    return sum;
}

static struct together put_together(const struct group *g, size_t k)
{
    struct together t = {0};
    bool measured = true;
    double month = 0;
    for (size_t i = 0; i < k; i++) {
        const struct balancer *b = g->members.at[i];
        t.apart += b->monthly_units;
        t.hours += i > 0 ? b->monthly_hours : 0;
        month = fmax(month, b->monthly_hours);
        measured = measured && b->measured_hours > 0;
    }
    double hours = 1;
    t.merged = measured ? merged_units(g, k, false, &hours) / hours * month : t.apart;
    t.merged =
        fmin(t.merged, t.apart); /* the largest of sums is at most the sum of the largest */
    t.merged_with_rules =
        measured ? fmax(t.merged, merged_units(g, k, true, &hours) / hours * month) : t.apart;
    return t;
}

/* As many as quotas and the damage of one failure allow. */
static size_t fitting(const struct recommend_input *in, const struct group *g)
{
    double rules = 0, most_rules = elb_parameter(in, "rules_quota", MOST_RULES);
    size_t k = 0, most = (size_t)elb_parameter(in, "merge_at_most", MOST_MERGED);
    while (k < g->members.count && k < most) {
        const struct balancer *b = g->members.at[k];
        rules += isnan(b->rules) ? FREE_RULES : b->rules;
        if (rules > most_rules)
            break;
        k++;
    }
    return k;
}

static void add_listing(struct advice *out, struct recommendation *r, const struct group *g,
                        size_t k)
{
    struct buf text = BUF_INIT;
    for (size_t i = 1; i < k; i++) {
        VEC_ADD(&r->resources, g->members.at[i]->resource);
        buf_printf(&text,
                   "# %s: add its rules, by host name, to the listeners of %s, then its\n"
                   "# certificates; move its DNS names; delete it when it is quiet\n",
                   g->members.at[i]->label, g->members.at[0]->label);
    }
    artefact_add(out, r, "text", "merge.txt", buf_text(&text));
    buf_release(&text);
}

static void advise(struct advice *out, const struct recommend_input *in, const struct group *g,
                   size_t k, const struct together *t)
{
    const struct balancer *b = g->members.at[0];
    double p_hour = elb_usd(&b->hour_price), p = elb_usd(&b->unit_price);
    double fixed = t->hours * p_hour, expected = fixed + (t->apart - t->merged) * p;
    double low = fixed + (t->apart - t->merged_with_rules) * p;
    struct money beside = money_of(fixed + (t->apart - b->monthly_units) * p);
    struct money_range saving = {money_of(fmin(low, expected)), money_of(expected),
                                 money_of(expected)};
    struct recommendation *r = elb_advise(out, in, b, "elb.merge", ACTION_RESIZE, saving);
    elb_set_saving(r, in, b, beside, saving);
    r->title = arena_printf(
        &out->arena, "Serve %zu small application load balancers by one, %s", k, b->label);
    r->effort = LEVEL_MEDIUM;
    r->risk = k > 3 ? 3 : 2;
    r->risk_dimension = "availability";
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Hours saved", "%.0f h x %.4f = %.2f USD",
                 t->hours, p_hour, fixed);
    evidence_add(
        out, r, EVIDENCE_FORMULA, NULL, "Capacity units",
        "%.1f LCU-hours apart, %.1f together (the largest of sums), %.1f if every one uses "
        "its 10 free rules, which are then shared",
        t->apart, t->merged, t->merged_with_rules);
    evidence_add(
        out, r, EVIDENCE_THRESHOLD, NULL, "Quotas",
        "%zu of %zu are merged; rules, certificates and target groups of one are limited", k,
        g->members.count);
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Keep them apart",
        "one fault, one wrong rule or one attack then reaches all of them: never across "
        "tenants or stages");
    add_listing(out, r, g, k);
}

static void judge(struct advice *out, const struct recommend_input *in, const struct group *g)
{
    size_t k = fitting(in, g);
    if (k < 2)
        return;
    struct together t = put_together(g, k);
    const struct balancer *b = g->members.at[0];
    double usd =
        t.hours * elb_usd(&b->hour_price) + (t.apart - t.merged) * elb_usd(&b->unit_price);
    if (!g->complete)
        advice_note(
            out, NOTE_UNKNOWN,
            "%zu small application load balancers in %s (the first is %s) might be one: at "
            "most %.2f USD a month; their VPC and scheme are not known",
            g->members.count, b->region, b->label,
            usd / (double)(k - 1) * (double)(g->members.count - 1));
    else if (usd >= in->options->min_monthly_usd)
        advise(out, in, g, k, &t);
}

void elb_judge_merging(struct advice *out, const struct recommend_input *in,
                       struct balancer *all, const bool *idle, size_t count)
{
    groups found = {0};
    for (size_t i = 0; i < count; i++) {
        const struct resource *r = &in->estate->resources.at[all[i].resource];
        if (idle[i] || !is_small(&all[i]) || is_isolated(r))
            continue;
        struct group *g = group_of(&found, group_key(out, in, &all[i]));
        g->complete =
            all[i].facing != TRI_UNKNOWN && !node_absent(node_get(r->attrs, "vpc_id"));
        VEC_ADD(&g->members, &all[i]);
    }
    for (size_t i = 0; i < found.count; i++) {
        judge(out, in, &found.at[i]);
        VEC_FREE(&found.at[i].members);
    }
    VEC_FREE(&found);
}
