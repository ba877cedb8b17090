#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "spend_parts.h"

/* The phases of one cluster: phases[first .. first + count) of the list, with their part. */
struct part {
    uint32_t cluster, phase;
    double share;
};

struct parts {
    struct part *at;
    size_t count;
    size_t *first; /* by resource, count + 1 entries */
};

static int by_cluster(const void *a, const void *b)
{
    const struct part *x = a, *y = b;
    if (x->cluster != y->cluster)
        return x->cluster < y->cluster ? -1 : 1;
    return (x->phase > y->phase) - (x->phase < y->phase);
}

/* Minutes that a phase ran in a month, as a weight among phases without a stated share. */
static double weight(const struct phase *p)
{
    double runs = isnan(p->runs_per_month) ? 1 : p->runs_per_month;
    return isnan(p->minutes) ? 1 : p->minutes * runs;
}

/* Stated shares count as they are; phases without one share what those leave by their minutes.
 */
static void set_shares(const struct estate *estate, struct part *parts, size_t count)
{
    double stated = 0, weights = 0;
    for (size_t i = 0; i < count; i++) {
        const struct phase *p = &estate->phases.at[parts[i].phase];
        stated += isnan(p->share) ? 0 : p->share;
        weights += isnan(p->share) ? weight(p) : 0;
    }
    double rest = stated < 1 ? 1 - stated : 0, over = stated > 1 ? stated : 1;
    for (size_t i = 0; i < count; i++) {
        const struct phase *p = &estate->phases.at[parts[i].phase];
        parts[i].share = !isnan(p->share) ? p->share / over
                         : weights > 0    ? rest * weight(p) / weights
                                          : 0;
    }
}

static void find_parts(struct parts *parts, const struct estate *estate)
{
    size_t resources = estate->resources.count, at = 0;
    parts->at = mem_alloc((estate->phases.count + 1) * sizeof *parts->at);
    parts->first = mem_alloc((resources + 1) * sizeof *parts->first);
    for (size_t i = 0; i < estate->phases.count; i++)
        if (estate->phases.at[i].cluster < resources)
            parts->at[parts->count++] =
                (struct part){estate->phases.at[i].cluster, (uint32_t)i, 0};
    qsort(parts->at, parts->count, sizeof *parts->at, by_cluster);
    for (size_t r = 0; r <= resources; r++) {
        while (at < parts->count && parts->at[at].cluster < r)
            at++;
        parts->first[r] = at;
    }
    for (size_t r = 0; r < resources; r++)
        set_shares(estate, parts->at + parts->first[r], parts->first[r + 1] - parts->first[r]);
}

double *phase_shares(const struct estate *estate)
{
    struct parts parts = {0};
    double *shares = mem_alloc((estate->phases.count + 1) * sizeof *shares);
    find_parts(&parts, estate);
    for (size_t i = 0; i < parts.count; i++)
        shares[parts.at[i].phase] = parts.at[i].share;
    free(parts.at);
    free(parts.first);
    return shares;
}

/* The cluster whose phases pay for a resource: itself or what it belongs to. */
static uint32_t cluster_of(const struct parts *parts, const struct estate *estate, uint32_t r)
{
    enum { DEEPEST = 8 };
    for (int depth = 0; r < estate->resources.count && depth < DEEPEST; depth++) {
        if (parts->first[r + 1] > parts->first[r])
            return r;
        r = estate->resources.at[r].parent;
    }
    return NOTHING;
}

static void add_cost(struct spend_phase *to, const struct sku *sku, struct money cost)
{
    bool dbu = sku->provider == PROVIDER_DATABRICKS || sku->provider == PROVIDER_MARKETPLACE;
    bool ebs = sku->measure && !strncmp(sku->measure, "EBS:", 4);
    struct money *part = dbu                  ? &to->dbu
                         : ebs                ? &to->ebs
                         : sku->instance_type ? &to->ec2
                                              : &to->other;
    *part = money_add(*part, cost);
    to->total = money_add(to->total, cost);
}

/* What the shares leave over stays without a phase. */
static struct money add_parts(struct spend_phase *phases, const struct part *parts,
                              size_t count, const struct sku *sku, struct money cost)
{
    struct money left = cost;
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += parts[i].share;
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count && sum > 0.999999;
        struct money part = last ? left : money_times(cost, parts[i].share);
        add_cost(&phases[parts[i].phase], sku, part);
        left = money_sub(left, part);
    }
    return left;
}

static void add_resource(struct spend_run *run, struct spend_phase *phases,
                         const struct parts *parts, uint32_t resource)
{
    const struct estate *estate = run->estate;
    const struct resource *r = &estate->resources.at[resource];
    uint32_t cluster =
        r->phase < estate->phases.count ? NOTHING : cluster_of(parts, estate, resource);
    size_t count;
    const struct spend_span *spans = spend_spans(run, resource, &count);
    for (size_t i = 0; i < count; i++) {
        if (!run->counts[spans[i].sku])
            continue;
        const struct sku *sku = &estate->skus.at[spans[i].sku];
        struct money cost = spans[i].cost[run->options.basis], left = cost;
        if (r->phase < estate->phases.count) {
            add_cost(&phases[r->phase], sku, cost);
            left = MONEY_ZERO;
        } else if (cluster != NOTHING) {
            size_t first = parts->first[cluster];
            left = add_parts(phases, parts->at + first, parts->first[cluster + 1] - first, sku,
                             cost);
        }
        if (r->layer == LAYER_COMPUTE)
            run->out->no_phase = money_add(run->out->no_phase, left);
    }
}

static void add_phase(struct spend_phase *to, const struct spend_phase *p)
{
    to->ec2 = money_add(to->ec2, p->ec2);
    to->ebs = money_add(to->ebs, p->ebs);
    to->dbu = money_add(to->dbu, p->dbu);
    to->other = money_add(to->other, p->other);
    to->total = money_add(to->total, p->total);
}

void spend_phases(struct spend_run *run)
{
    const struct estate *estate = run->estate;
    uint32_t *works = phase_works(estate);
    struct parts parts = {0};
    struct spend_phase *phases = mem_alloc((estate->phases.count + 1) * sizeof *phases);
    find_parts(&parts, estate);
    for (size_t i = 0; i < estate->resources.count; i++)
        add_resource(run, phases, &parts, (uint32_t)i);
    for (size_t i = estate->phases.count; i-- > 0;)
        if (works[i] != i)
            add_phase(&phases[works[i]], &phases[i]);
    for (size_t i = 0; i < estate->phases.count; i++) {
        phases[i].phase = (uint32_t)i;
        if (works[i] == i && !money_is_zero(phases[i].total))
            VEC_ADD(&run->out->phases, phases[i]);
    }
    free(works);
    free(phases);
    free(parts.at);
    free(parts.first);
}
