#include <math.h>
#include <string.h>

#include "ec2_rightsize.h"

struct fit_rules fit_rules_of(const struct recommend_input *in)
{
    const struct node *own = node_get(in->options->parameters, "ec2");
    return (struct fit_rules){
        .most_pct = 100 * (1 - in->options->headroom),
        .memory_ignored =
            strcmp(node_text(node_get(own, "memory_unknown"), "keep"), "ignore") == 0,
        .smallest_step = node_number(node_get(own, "smallest_step"), 0.4),
    };
}

/* A need in its own unit as a percentage of what a type has; NaN when either is unknown. */
static double share(double need, double capacity)
{
    return capacity > 0 ? 100 * need / capacity : NAN;
}

struct projection project(const struct machine *m, const struct instance_type *onto)
{
    const struct instance_type *from = m->type;
    return (struct projection){
        .cpu = m->cpu_pct * from->vcpus / onto->vcpus,
        .memory = m->memory_pct * from->memory_gib / onto->memory_gib,
        .network = share(m->network_gbps, onto->network_gbps),
        .ebs_mb = share(m->ebs_mb_per_s, onto->ebs_mb_per_s),
        .ebs_iops = share(m->ebs_iops, onto->ebs_iops),
    };
}

double worst_use(const struct projection *use, const char **dimension)
{
    const struct {
        const char *name;
        double value;
    } all[] = {{"cpu", use->cpu},
               {"memory", use->memory},
               {"network", use->network},
               {"disk", use->ebs_mb},
               {"disk", use->ebs_iops}};
    double worst = 0;
    *dimension = "cpu";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value > worst) {
            worst = all[i].value;
            *dimension = all[i].name;
        }
    return worst;
}

static bool same_family(const struct machine *m, const struct instance_type *t)
{
    return strcmp(m->type->family, t->family) == 0;
}

static enum option_scope scope_of(const struct machine *m, const struct instance_type *t)
{
    if (same_family(m, t))
        return OPTION_FAMILY;
    return strcmp(t->arch, m->type->arch) == 0 ? OPTION_OTHER_FAMILY : OPTION_GRAVITON;
}

/* Types that are never proposed, whatever they cost. */
static bool is_candidate(const struct machine *m, const struct instance_type *t,
                         const struct recommend_input *in)
{
    if (t == m->type || t->gpus > 0 || t->accelerators > 0 ||
        t->bare_metal != m->type->bare_metal)
        return false;
    bool arm = strcmp(t->arch, m->type->arch) != 0;
    if (arm && (strcmp(t->arch, "arm64") != 0 || !in->options->graviton_ok ||
                strcmp(m->os, "linux") != 0))
        return false;
    if (!same_family(m, t) && (!t->current_generation || t->gone))
        return false;
    return !t->burstable || m->type->burstable;
}

/*
 * A burstable type lives on credits: the mean must stay below its baseline. An
 * unknown mean is let through within the family only, as a risk.
 */
static bool credits_suffice(const struct machine *m, const struct instance_type *t)
{
    if (!t->burstable)
        return true;
    double mean = m->cpu_mean * m->type->vcpus / t->vcpus;
    return isnan(mean) ? same_family(m, t) : mean <= t->cpu_baseline_pct;
}

enum misfit { FITS, MEMORY_UNKNOWN, TOO_BUSY, NO_CREDITS, NO_LOCAL_DISK };

static enum misfit misfit_of(const struct machine *m, const struct instance_type *t,
                             const struct fit_rules *rules)
{
    const char *dimension;
    struct projection use = project(m, t);
    if (isnan(m->memory_pct) && !rules->memory_ignored && t->memory_gib < m->type->memory_gib)
        return MEMORY_UNKNOWN;
    if (worst_use(&use, &dimension) > rules->most_pct)
        return TOO_BUSY;
    if (!credits_suffice(m, t))
        return NO_CREDITS;
    if (m->type->local_gb > 0 && m->local_disk_used != TRI_NO &&
        t->local_gb < m->type->local_gb)
        return NO_LOCAL_DISK;
    return FITS;
}

static const char *misfit_text(struct arena *arena, const struct machine *m,
                               const struct instance_type *t, const struct fit_rules *rules)
{
    const char *dimension;
    struct projection use = project(m, t);
    double worst = worst_use(&use, &dimension);
    switch (misfit_of(m, t, rules)) {
    case MEMORY_UNKNOWN:
        return arena_printf(
            arena,
            "its memory use is not known and %s has %.4g of %.4g GiB; a memory "
            "metric below %.0f %% would allow it",
            t->name, t->memory_gib, m->type->memory_gib,
            rules->most_pct * t->memory_gib / m->type->memory_gib);
    case TOO_BUSY:
        return arena_printf(arena, "%s would use %.0f %% of its %s, above %.0f %%", t->name,
                            worst, dimension, rules->most_pct);
    case NO_CREDITS:
        return arena_printf(
            arena,
            "%s would run out of CPU credits: its baseline is %.0f %%, the mean "
            "would be %.1f %%",
            t->name, t->cpu_baseline_pct, m->cpu_mean * m->type->vcpus / t->vcpus);
    case NO_LOCAL_DISK:
        return arena_printf(arena,
                            "%s has %.0f GB of local disk, and today's %.0f are %s used",
                            t->name, t->local_gb, m->type->local_gb,
                            m->local_disk_used == TRI_YES ? "in fact" : "perhaps");
    case FITS:
        break;
    }
    return NULL;
}

/* About half at a time (36 to 16 vCPUs is one size): the next weeks decide about the next
 * step. */
static bool step_is_small(const struct machine *m, const struct instance_type *t,
                          const struct fit_rules *rules)
{
    return t->vcpus >= rules->smallest_step * m->type->vcpus &&
           t->memory_gib >= rules->smallest_step * m->type->memory_gib;
}

static int risk_of(const struct machine *m, const struct option *o, const char **dimension)
{
    static const double bounds[] = {50, 60, 70};
    double worst = worst_use(&o->use, dimension);
    int risk = 0;
    while (risk < 3 && worst > bounds[risk])
        risk++;
    if (isnan(m->memory_pct) && o->type->memory_gib < m->type->memory_gib && risk < 3) {
        risk = 3;
        *dimension = "memory";
    }
    if (strcmp(o->type->arch, m->type->arch) != 0 && risk < 3) {
        risk = 3;
        *dimension = "architecture";
    }
    if (strcmp(o->type->hypervisor, m->type->hypervisor) != 0 && risk < 2) {
        risk = 2;
        *dimension = "drivers";
    }
    if (o->type->burstable && isnan(m->cpu_mean) && risk < 2) {
        risk = 2;
        *dimension = "cpu credits";
    }
    if (risk == 0)
        *dimension = "";
    return risk;
}

static bool price_option(struct option *o, const struct recommend_input *in,
                         const struct machine *m, const struct instance_type *t)
{
    *o = (struct option){.type = t, .use = project(m, t)};
    if (!ec2_on_demand(&o->price, in->book, t->name, m->region, m->os))
        return false;
    o->monthly_usd = money_double(price_times(&o->price, m->monthly_hours));
    o->risk = risk_of(m, o, &o->risk_dimension);
    return true;
}

static bool is_better(const struct option *o, const struct option *than)
{
    if (!than->type || o->monthly_usd < than->monthly_usd)
        return true;
    if (o->monthly_usd > than->monthly_usd)
        return false;
    return o->type->generation != than->type->generation
               ? o->type->generation > than->type->generation
               : strcmp(o->type->name, than->type->name) < 0;
}

static bool may_replace(const struct machine *m, const struct instance_type *t,
                        const struct recommend_input *in, const struct fit_rules *rules)
{
    return is_candidate(m, t, in) && step_is_small(m, t, rules) &&
           t->vcpus <= 2 * m->type->vcpus;
}

void find_options(struct option out[OPTION_SCOPES], struct rejection *rejected,
                  struct advice *advice, const struct recommend_input *in,
                  const struct machine *m, const struct fit_rules *rules, bool cheaper)
{
    const struct instance_type *t;
    double now = money_double(price_times(&m->price, m->monthly_hours)), nearest = -1;
    size_t cursor = 0;
    memset(out, 0, OPTION_SCOPES * sizeof *out);
    *rejected = (struct rejection){0};
    while ((t = catalogue_next(in->book, NULL, &cursor))) {
        struct option o;
        bool family = same_family(m, t), fits;
        if (!may_replace(m, t, in, rules))
            continue;
        fits = misfit_of(m, t, rules) == FITS;
        if ((!fits && !family) || !price_option(&o, in, m, t) ||
            (cheaper && o.monthly_usd >= now))
            continue;
        enum option_scope scope = scope_of(m, t);
        if (fits && is_better(&o, &out[scope]))
            out[scope] = o;
        else if (!fits && o.monthly_usd > nearest) {
            nearest = o.monthly_usd;
            *rejected = (struct rejection){t, misfit_text(&advice->arena, m, t, rules)};
        }
    }
}
