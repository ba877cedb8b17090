#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "elb.h"

enum { FREE_RULES = 10, MOST_MERGED = 5, SMALL_UNITS = 2 };

/* Quotas of one application load balancer (AWS's defaults); what each member adds to them. */
struct load {
    double rules, listeners, certificates, groups, targets;
};

static const struct quota {
    const char *parameter, *name;
    double most;
    size_t field;
} quotas[] = {
    {"rules_quota", "rules", 100, offsetof(struct load, rules)},
    {"listeners_quota", "listeners", 50, offsetof(struct load, listeners)},
    {"certificates_quota", "certificates", 25, offsetof(struct load, certificates)},
    {"target_groups_quota", "target groups", 100, offsetof(struct load, groups)},
    {"targets_quota", "targets", 1000, offsetof(struct load, targets)},
};

/* Load balancers that nothing known keeps apart. */
struct group {
    sym key;
    bool complete;                  /* network and scheme are known */
    VEC(struct balancer *) members; /* the one with most requests first */
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

static const char *stage_of(const struct resource *r)
{
    static const char *const tags[] = {"Environment", "environment", "Env",
                                       "env",         "Stage",       "stage"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (resource_tag(r, tags[i]))
            return resource_tag(r, tags[i]);
    return "";
}

static sym group_key(const struct advice *out, const struct recommend_input *in,
                     const struct balancer *b)
{
    const struct resource *r = &in->estate->resources.at[b->resource];
    return intern_printf(out->symbols, "%s|%s|%s|%d|%s|%u|%d|%s", sym_or_empty(r->account),
                         b->region, node_text(node_get(r->attrs, "vpc_id"), ""),
                         (int)b->facing,
                         node_text(node_get(r->attrs, "ip_address_type"), "ipv4"), r->tenant,
                         (int)b->parts.mutual_tls, stage_of(r));
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

/* What the members cost in units apart, together, and when each passes all rules of all. */
struct together {
    double apart, merged, merged_at_worst; /* LCU-hours a month */
    double hours;
};

static double rules_of(const struct balancer *b, double unknown)
{
    return isnan(b->rules) ? unknown : b->rules;
}

/* Which rules of other members a request passes besides its own. */
enum passing {
    NO_OTHERS,
    THOSE_BEFORE, /* with the busiest member first, as one would order them */
    ALL_OTHERS,   /* at worst */
};

static double rules_besides(const struct group *g, size_t k, size_t member,
                            enum passing passing)
{
    double rules = 0;
    size_t end = passing == NO_OTHERS ? 0 : passing == THOSE_BEFORE ? member : k;
    for (size_t i = 0; i < end; i++)
        if (i != member)
            rules += rules_of(g->members.at[i], passing == ALL_OTHERS ? FREE_RULES : 0);
    return rules;
}

static double merged_units(const struct group *g, size_t k, enum passing passing,
                           double *hours)
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
            sums->rules_evaluated +=
                t->rules_evaluated + t->requests * rules_besides(g, k, i, passing);
        }
        sum += lcu_of_balancer(elb_unit_kind(g->members.at[0]), all, LCU_BINARY_GB).units;
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
    t.merged = t.merged_at_worst = t.apart;
    if (!measured)
        return t;
    double hours, own = merged_units(g, k, NO_OTHERS, &hours);
    double before = merged_units(g, k, THOSE_BEFORE, &hours);
    double all = merged_units(g, k, ALL_OTHERS, &hours);
    /* The largest of sums is at most the sum of the largest; only rules can add to it. */
    t.merged = fmin(own / hours * month, t.apart) + (before - own) / hours * month;
    t.merged_at_worst = fmax(t.merged, all / hours * month);
    return t;
}

static double targets_of(const struct recommend_input *in, const struct balancer *b)
{
    double healthy = elb_highest(in, b->resource, "HealthyHostCount");
    return isnan(healthy) ? 0 : healthy * fmax(1, (double)b->parts.groups);
}

/* Listeners of one port can be one, but each brings its own certificate along. */
static struct load load_of(const struct recommend_input *in, const struct balancer *b)
{
    return (struct load){
        .rules = isnan(b->rules) ? FREE_RULES : fmax(b->rules, (double)b->parts.rules),
        .listeners = (double)b->parts.listeners,
        .certificates = (double)(b->parts.certificates + b->parts.listeners),
        .groups = (double)b->parts.groups,
        .targets = targets_of(in, b),
    };
}

static double *field(struct load *load, const struct quota *quota)
{
    return (double *)(void *)((char *)load + quota->field);
}

/* As many as quotas and the damage of one failure allow; *full is the quota that stops it. */
static size_t fitting(const struct quota **full, const struct recommend_input *in,
                      const struct group *g)
{
    struct load sum = {0};
    size_t k = 0, most = (size_t)elb_parameter(in, "merge_at_most", MOST_MERGED);
    for (*full = NULL; k < g->members.count && k < most; k++) {
        struct load one = load_of(in, g->members.at[k]);
        for (size_t q = 0; q < sizeof quotas / sizeof *quotas; q++) {
            *field(&sum, &quotas[q]) += *field(&one, &quotas[q]);
            if (*field(&sum, &quotas[q]) >
                elb_parameter(in, quotas[q].parameter, quotas[q].most))
                *full = &quotas[q];
        }
        if (*full)
            return k;
    }
    return k;
}

static double requests_of(const struct balancer *b)
{
    double sum = 0;
    for (size_t h = 0; h < b->hour_count; h++)
        sum += b->hours[h].traffic[LCU_ANY].requests;
    return sum;
}

static int busiest_first(const void *a, const void *b)
{
    const struct balancer *x = *(const struct balancer *const *)a;
    const struct balancer *y = *(const struct balancer *const *)b;
    double more = requests_of(y) - requests_of(x);
    return more > 0 ? 1 : more < 0 ? -1 : x->resource < y->resource ? -1 : 1;
}

static void add_listing(struct advice *out, struct recommendation *r, const struct group *g,
                        size_t k)
{
    struct buf text = BUF_INIT;
    for (size_t i = 1; i < k; i++) {
        VEC_ADD(&r->resources, g->members.at[i]->resource);
        buf_printf(&text,
                   "# %s: add its rules, by host name, behind those of %s, then its\n"
                   "# certificates; move its DNS names; delete it when it is quiet\n",
                   g->members.at[i]->label, g->members.at[0]->label);
    }
    artefact_add(out, r, "text", "merge.txt", buf_text(&text));
    buf_release(&text);
}

static const char *quota_text(struct advice *out, const struct recommend_input *in,
                              const struct quota *full)
{
    return full ? arena_printf(&out->arena, "one more would break the quota of %.0f %s",
                               elb_parameter(in, full->parameter, full->most), full->name)
                : "rules, listeners, certificates, target groups and targets of one stay "
                  "below their quotas, as far as they are known";
}

static void advise(struct advice *out, const struct recommend_input *in, const struct group *g,
                   size_t k, const struct together *t, const struct quota *full)
{
    const struct balancer *b = g->members.at[0];
    double p_hour = elb_usd(&b->hour_price), p = elb_usd(&b->unit_price);
    double fixed = t->hours * p_hour, expected = fixed + (t->apart - t->merged) * p;
    double low = fixed + (t->apart - t->merged_at_worst) * p;
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
        "%.1f LCU-hours apart, %.1f together (the largest of sums; the 10 free rules are "
        "shared), %.1f if every request passes the rules of all",
        t->apart, t->merged, t->merged_at_worst);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Quotas", "%zu of %zu are merged; %s", k,
                 g->members.count, quota_text(out, in, full));
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Keep them apart",
        "one fault, one wrong rule or one attack then reaches all of them: never across "
        "tenants or stages");
    add_listing(out, r, g, k);
}

static void judge(struct advice *out, const struct recommend_input *in, const struct group *g)
{
    const struct quota *full;
    VEC_SORT(&g->members, busiest_first);
    size_t k = fitting(&full, in, g);
    if (k < 2 && g->members.count > 1 && full)
        advice_decline(out, "elb.merge", g->members.at[0]->resource,
                       "%zu small application load balancers are of one network: %s",
                       g->members.count, quota_text(out, in, full));
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
        advise(out, in, g, k, &t, full);
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
