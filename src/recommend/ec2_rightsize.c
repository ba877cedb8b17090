#include "ec2_rightsize.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "pricing/cost.h"

#define IDLE_CPU_PCT        5
#define IDLE_BYTES_PER_HOUR 5e6
#define FULL_MEMORY_PCT     90
#define WORTH_ANOTHER       0.15 /* of today's cost: a vCPU of another processor may be slower */

static double usd_now(const struct machine *m)
{
    return money_double(price_times(&m->price, m->monthly_hours));
}

/* Bills put other things of EC2 under the same type. */
static bool is_instance(const struct resource *r)
{
    const char *id = r->id ? r->id : r->key, *slash = strrchr(id, '/');
    return r->type && strcmp(r->type, "aws_instance") == 0 &&
           (strncmp(slash ? slash + 1 : id, "i-", 2) == 0 ||
            !node_absent(node_get(r->attrs, "instance_type")));
}

/* Part of a cluster or pool, which the cluster recommender sizes as a whole. */
static bool belongs_to_a_cluster(const struct resource *r)
{
    const char *vendor = resource_tag(r, "Vendor");
    return r->parent != NOTHING || (vendor && strcmp(vendor, "Databricks") == 0) ||
           resource_tag(r, "ClusterId") != NULL;
}

static enum level confidence_of(const struct machine *m)
{
    int level = m->days >= 28 ? LEVEL_VERY_HIGH : m->days >= 14 ? LEVEL_HIGH : LEVEL_MEDIUM;
    level -= m->days < 7;
    level -= m->step > 300 && strcmp(m->cpu_stat, "Average") == 0;
    level -= isnan(m->memory_pct);
    return (enum level)(level < 0 ? 0 : level);
}

static void add_use(struct advice *out, const struct recommend_input *in,
                    struct recommendation *r, const struct machine *m)
{
    evidence_add(out, r, EVIDENCE_INPUT, NULL, "CPU",
                 "median %.1f %%, %gth percentile %.1f %%, highest %.1f %% (%s, %.1f days)",
                 m->cpu_p50, in->options->cpu_percentile, m->cpu_pct, m->cpu_max, m->cpu_stat,
                 m->days);
    if (isnan(m->memory_pct))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Memory",
                     "not known: the CloudWatch agent would tell; today's %.4g GiB are kept%s",
                     m->type->memory_gib,
                     fit_rules_of(in).memory_ignored ? " unless ignored" : "");
    else
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Memory",
                     "%gth percentile %.1f %% of %.4g GiB", in->options->memory_percentile,
                     m->memory_pct, m->type->memory_gib);
    if (!isnan(m->network_gbps))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "Network", "%gth percentile %.3f Gbit/s",
                     in->options->memory_percentile, m->network_gbps);
    if (!isnan(m->ebs_mb_per_s))
        evidence_add(out, r, EVIDENCE_INPUT, NULL, "EBS",
                     "%.2f MB/s, %.0f operations a second", m->ebs_mb_per_s,
                     isnan(m->ebs_iops) ? 0 : m->ebs_iops);
}

static void print_use(char out[16], double pct)
{
    if (isnan(pct))
        snprintf(out, 16, "unknown");
    else
        snprintf(out, 16, "%.1f %%", pct);
}

static void add_projection(struct advice *out, struct recommendation *r,
                           const struct option *o)
{
    char cpu[16], memory[16], network[16], disk[16];
    print_use(cpu, o->use.cpu);
    print_use(memory, o->use.memory);
    print_use(network, o->use.network);
    print_use(disk, fmax(o->use.ebs_mb, o->use.ebs_iops));
    evidence_add(out, r, EVIDENCE_MODEL, NULL, "Projected use",
                 "%s: CPU %s, memory %s, network %s, EBS %s; a vCPU is taken for a vCPU",
                 o->type->name, cpu, memory, network, disk);
}

static const char *machine_id(struct advice *out, const struct recommend_input *in,
                              const struct machine *m)
{
    const struct resource *r = &in->estate->resources.at[m->resource];
    return shell_word(&out->arena, r->id ? command_id(r) : r->key);
}

static void add_artefacts(struct advice *out, const struct recommend_input *in,
                          struct recommendation *r, const struct machine *m,
                          const struct option *o)
{
    const char *id = machine_id(out, in, m);
    artefact_add(
        out, r, "cli", "resize.sh",
        arena_printf(&out->arena,
                     "(set -eu\n"
                     "aws ec2 stop-instances --instance-ids %s --region %s\n"
                     "aws ec2 wait instance-stopped --instance-ids %s --region %s\n"
                     "aws ec2 modify-instance-attribute --instance-id %s --region %s \\\n"
                     "    --instance-type %s\n"
                     "aws ec2 start-instances --instance-ids %s --region %s)\n",
                     id, m->region, id, m->region, id, m->region, o->type->name, id,
                     m->region));
    artefact_add(out, r, "terraform", "instance.tf",
                 arena_printf(&out->arena, "# in the aws_instance\ninstance_type = \"%s\"\n",
                              o->type->name));
    change_add(out, r, "instance_type", m->type->name, o->type->name);
}

static const char *scope_text(enum option_scope scope)
{
    static const char *const texts[] = {
        "the same family",
        "another family: the same code, another processor, so test it",
        "Graviton: everything must exist for arm64, the software, its libraries and agents",
    };
    return texts[scope];
}

static void add_alternatives(struct advice *out, struct recommendation *r,
                             const struct option options[OPTION_SCOPES], int chosen,
                             double now, const struct rejection *rejected)
{
    for (int s = 0; s < OPTION_SCOPES; s++)
        if (options[s].type && s != chosen)
            alternative_add(out, r, money_range_of(money_of(now - options[s].monthly_usd)),
                            arena_printf(&out->arena, "%s, risk %d", options[s].type->name,
                                         options[s].risk),
                            scope_text((enum option_scope)s));
    if (rejected->nearest && !options[OPTION_FAMILY].type)
        alternative_add(out, r, money_range_of(MONEY_ZERO), rejected->nearest->name,
                        rejected->why);
}

static void advise_type(struct advice *out, const struct recommend_input *in,
                        const struct machine *m, const char *kind,
                        const struct option options[OPTION_SCOPES], int chosen,
                        const struct rejection *rejected)
{
    const struct option *o = &options[chosen];
    struct recommendation *r = advice_add(out, in, kind, ACTION_RESIZE, m->resource);
    r->title = arena_printf(&out->arena, "Change %s from %s to %s", m->label, m->type->name,
                            o->type->name);
    /* Another processor may need more of them: the low end saves nothing. */
    struct money now = money_of(usd_now(m)), after = money_of(o->monthly_usd);
    struct money most = chosen == OPTION_FAMILY ? after : money_max(now, after);
    saving_set(r, in, money_range_of(now), (struct money_range){after, after, most});
    r->effort = chosen == OPTION_FAMILY     ? LEVEL_LOW
                : chosen == OPTION_GRAVITON ? LEVEL_HIGH
                                            : LEVEL_MEDIUM;
    r->risk = o->risk;
    r->risk_dimension = o->risk_dimension;
    r->confidence = confidence_of(m);
    r->confidence_why =
        arena_printf(&out->arena, "%.1f days of CPU points of %d s, memory %s", m->days,
                     m->step, isnan(m->memory_pct) ? "unknown" : "known");
    add_use(out, in, r, m);
    add_projection(out, r, o);
    evidence_price(out, r, &m->price, m->type->name);
    evidence_price(out, r, &o->price, o->type->name);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Saving", "%.6g h x (%.6g - %.6g) = %.2f USD",
                 m->monthly_hours, money_double(m->price.usd), money_double(o->price.usd),
                 usd_now(m) - o->monthly_usd);
    if (chosen != OPTION_FAMILY)
        evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Low saving",
                     "nothing, should the other processor need more of them");
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Limit",
                 "no dimension above %.0f %%, about half at once",
                 100 * (1 - in->options->headroom));
    add_alternatives(out, r, options, chosen, usd_now(m), rejected);
    add_artefacts(out, in, r, m, o);
}

static bool is_idle(const struct machine *m)
{
    return m->cpu_pct < IDLE_CPU_PCT && m->network_bytes_per_hour < IDLE_BYTES_PER_HOUR;
}

/* What it could be if somebody must keep it. */
static void add_smaller_types(struct advice *out, const struct recommend_input *in,
                              struct recommendation *r, const struct machine *m)
{
    struct option options[OPTION_SCOPES];
    struct rejection rejected;
    struct fit_rules rules = fit_rules_of(in);
    find_options(options, &rejected, out, in, m, &rules, true);
    add_alternatives(out, r, options, -1, usd_now(m), &rejected);
}

static void advise_stop(struct advice *out, const struct recommend_input *in,
                        const struct machine *m)
{
    struct recommendation *r = advice_add(out, in, "ec2.idle", ACTION_STOP, m->resource);
    r->title =
        arena_printf(&out->arena, "Stop %s (%s), which does nothing", m->label, m->type->name);
    saving_set(r, in, money_range_of(money_of(usd_now(m))), money_range_of(MONEY_ZERO));
    r->effort = LEVEL_VERY_LOW;
    r->risk = 1;
    r->risk_dimension = "availability";
    r->confidence = m->days >= 14 ? LEVEL_HIGH : LEVEL_MEDIUM;
    r->confidence_why = arena_printf(&out->arena, "%.1f days of CPU and network", m->days);
    add_use(out, in, r, m);
    evidence_add(out, r, EVIDENCE_THRESHOLD, NULL, "Idle",
                 "CPU %.1f %% < %d %% and network %.2f MB/h < %.0f MB/h", m->cpu_pct,
                 IDLE_CPU_PCT, m->network_bytes_per_hour / 1e6, IDLE_BYTES_PER_HOUR / 1e6);
    evidence_price(out, r, &m->price, m->type->name);
    alternative_add(
        out, r, money_range_of(MONEY_ZERO), "Terminate it",
        "stopping keeps its volumes and can be undone; they cost on until deleted");
    add_smaller_types(out, in, r, m);
    artefact_add(out, r, "cli", "stop.sh",
                 arena_printf(&out->arena,
                              "aws ec2 stop-instances --instance-ids %s --region %s\n",
                              machine_id(out, in, m), m->region));
}

/* The first scope whose saving is worth the change, or -1. */
static int choose(const struct option options[OPTION_SCOPES], double now, double least)
{
    for (int s = 0; s < OPTION_SCOPES; s++) {
        double wanted = s == OPTION_FAMILY ? least : fmax(least, WORTH_ANOTHER * now);
        if (options[s].type && now - options[s].monthly_usd >= wanted)
            return s;
    }
    return -1;
}

/* The same size for arm64 is a migration, with the work of one, and no rightsizing. */
static const char *kind_of(const struct machine *m, const struct option *o, int scope)
{
    bool same_size =
        o->type->vcpus == m->type->vcpus && o->type->memory_gib >= m->type->memory_gib;
    return scope == OPTION_GRAVITON && same_size ? "ec2.graviton" : "ec2.rightsize";
}

static void decline(struct advice *out, const struct recommend_input *in,
                    const struct machine *m, const struct option *other,
                    const struct rejection *rejected)
{
    double less = other->type ? usd_now(m) - other->monthly_usd : 0;
    if (rejected->why)
        advice_decline(out, "ec2.rightsize", m->resource, "%s stays: %s", m->type->name,
                       rejected->why);
    else if (less >= in->options->min_monthly_usd)
        advice_decline(
            out, "ec2.rightsize", m->resource,
            "%s stays: %s would save %.2f USD a month (%.0f %%), below the %.0f %% that "
            "another processor must save",
            m->type->name, other->type->name, less, 100 * less / usd_now(m),
            100 * WORTH_ANOTHER);
    else
        advice_decline(
            out, "ec2.rightsize", m->resource,
            "%s stays: CPU at the %gth percentile is %.1f %%, and no type that fits is "
            "cheaper by %.2f USD a month",
            m->type->name, in->options->cpu_percentile, m->cpu_pct,
            in->options->min_monthly_usd);
}

static void judge_size(struct advice *out, const struct recommend_input *in,
                       const struct machine *m)
{
    struct option options[OPTION_SCOPES];
    struct rejection rejected;
    struct fit_rules rules = fit_rules_of(in);
    bool too_small = m->cpu_pct > rules.most_pct || m->memory_pct > FULL_MEMORY_PCT;
    find_options(options, &rejected, out, in, m, &rules, !too_small);
    if (too_small && options[OPTION_FAMILY].type) {
        advise_type(out, in, m, "ec2.undersized", options, OPTION_FAMILY, &rejected);
        return;
    }
    int chosen = choose(options, usd_now(m), in->options->min_monthly_usd);
    if (chosen >= 0 && !too_small)
        advise_type(out, in, m, kind_of(m, &options[chosen], chosen), options, chosen,
                    &rejected);
    else
        decline(out, in, m, &options[OPTION_OTHER_FAMILY], &rejected);
}

/* Instances that cannot be judged for one reason: one note for all, with what they cost. */
struct unjudged {
    const char *reason; /* as machine_read() gives it */
    const char *first;
    size_t count;
    double monthly_usd;
    bool declared; /* in no bill: what they cost is what they would all month */
};

struct unjudged_list {
    struct pricer *pricer; /* for those that no bill has */
    VEC(struct unjudged) reasons;
};

/* Of instances that no bill has; NaN when a part has no price. */
static double declared_cost(struct advice *out, const struct recommend_input *in,
                            struct pricer *pricer, uint32_t resource)
{
    struct resource_cost cost;
    struct range count = {1, 1, 1};
    range_read(&count, node_get(in->estate->resources.at[resource].usage, "count"));
    if (!resource_cost(&cost, &out->arena, pricer, resource, NULL) || cost.unpriced > 0)
        return NAN;
    return money_double(cost.total.high) * count.high;
}

static void count_unjudged(struct unjudged_list *list, struct advice *out,
                           const struct recommend_input *in, uint32_t resource,
                           const char *reason)
{
    struct money billed;
    size_t i = 0;
    while (i < list->reasons.count && strcmp(list->reasons.at[i].reason, reason) != 0)
        i++;
    if (i == list->reasons.count)
        VEC_ADD(&list->reasons,
                ((struct unjudged){
                    .reason = reason,
                    .first = resource_label(&in->estate->resources.at[resource])}));
    struct unjudged *u = &list->reasons.at[i];
    u->count++;
    if (estate_monthly_cost(&billed, in->estate, resource, BASIS_AMORTIZED)) {
        u->monthly_usd += money_double(billed);
    } else {
        u->declared = true;
        u->monthly_usd += declared_cost(out, in, list->pricer, resource);
    }
}

static const char *bound_of(struct advice *out, const struct unjudged *u)
{
    if (isnan(u->monthly_usd))
        return "an amount that is not known";
    if (u->monthly_usd < 0.005)
        return "nothing";
    return arena_printf(&out->arena, "%s%.2f USD a month, which is the most that could be saved",
                        u->declared ? "at most " : "", u->monthly_usd);
}

static void note_unjudged(struct advice *out, const struct unjudged_list *list)
{
    for (size_t i = 0; i < list->reasons.count; i++) {
        const struct unjudged *u = &list->reasons.at[i];
        bool one = u->count == 1;
        const char *which = one ? arena_printf(&out->arena, "%s is", u->first)
                                : arena_printf(&out->arena, "%zu instances (the first is %s) are",
                                               u->count, u->first);
        const char *cost = bound_of(out, u);
        advice_note(out, NOTE_UNKNOWN, "%s not judged: %s; %s %s", which, u->reason,
                    one ? "it costs" : "they cost", cost);
        out->notes.at[out->notes.count - 1].count = u->count;
    }
}

static void judge(struct advice *out, const struct recommend_input *in, uint32_t resource,
                  struct unjudged_list *unjudged)
{
    struct machine m;
    const char *unknown = machine_read(&m, in, resource);
    if (unknown)
        count_unjudged(unjudged, out, in, resource, unknown);
    else if (m.days < in->options->min_days)
        advice_decline(out, "ec2.rightsize", resource,
                       "%.1f days of CPU metrics are too few: %.0f are needed", m.days,
                       in->options->min_days);
    else if (is_idle(&m))
        advise_stop(out, in, &m);
    else
        judge_size(out, in, &m);
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    (void)err;
    struct unjudged_list unjudged = {.pricer = pricer_open(in->book, in->estate)};
    for (uint32_t i = 0; i < in->estate->resources.count; i++) {
        const struct resource *r = &in->estate->resources.at[i];
        if (is_instance(r) && !belongs_to_a_cluster(r))
            judge(out, in, i, &unjudged);
    }
    note_unjudged(out, &unjudged);
    VEC_FREE(&unjudged.reasons);
    pricer_free(unjudged.pricer);
    return true;
}

extern const struct recommender recommender_ec2;
const struct recommender recommender_ec2 = {
    .name = "ec2",
    .summary = "instances outside of clusters: too large, too small, idle",
    .run = run,
};
