#include <math.h>
#include <string.h>

#include "elb.h"
#include "pricing/ec2.h"

#define CPU_QUANTILE 0.95

static void add(struct elb_targets *t, uint32_t resource)
{
    for (size_t i = 0; i < t->resources.count; i++)
        if (t->resources.at[i] == resource)
            return;
    VEC_ADD(&t->resources, resource);
}

static bool is_shared(const struct elb_parts *parts, uint32_t balancer, uint32_t group)
{
    for (size_t i = 0; i < parts->groups.count; i++)
        if (parts->groups.at[i].to == group && parts->groups.at[i].from != balancer)
            return true;
    return false;
}

static void add_servers(struct elb_targets *t, const struct elb_links *links, uint32_t from)
{
    size_t count;
    const struct elb_link *link = elb_links_of(links, from, &count);
    for (size_t i = 0; i < count; i++)
        add(t, link[i].to);
}

/* How many targets a resource is by its configuration; NaN where it does not say. */
static double size_of(const struct resource *r)
{
    static const char *const sizes[] = {"desired_capacity", "desired_count", "min_size"};
    struct range count;
    if (strcmp(r->type, "aws_instance") == 0)
        return range_read(&count, node_get(r->usage, "count")) ? count.expected : 1;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        double n = node_number(node_get(r->attrs, sizes[i]), NAN);
        if (n > 0)
            return n;
    }
    return NAN;
}

static bool price_resources(struct elb_targets *t, struct advice *out,
                            const struct recommend_input *in, struct pricer *pricer)
{
    double usd = 0, count = 0;
    for (size_t i = 0; i < t->resources.count; i++) {
        const struct resource *r = &in->estate->resources.at[t->resources.at[i]];
        struct resource_cost cost;
        if (isnan(size_of(r)) ||
            !resource_cost(&cost, &out->arena, pricer, t->resources.at[i], NULL) ||
            cost.status != COST_PRICED)
            return false;
        /* A declared instance stands for `count` and costs what one does. */
        bool one = strcmp(r->type, "aws_instance") == 0;
        usd += money_double(cost.baseline.expected) * (one ? size_of(r) : 1);
        count += size_of(r);
    }
    if (count <= 0 || usd <= 0)
        return false;
    t->usd_a_month = usd / count;
    t->declared = count;
    t->what = arena_printf(&out->arena, "%s%s",
                           resource_label(&in->estate->resources.at[t->resources.at[0]]),
                           t->resources.count > 1 ? " and others" : "");
    return true;
}

static bool price_type(struct elb_targets *t, const struct recommend_input *in,
                       const struct balancer *b)
{
    const struct node *parameters = node_get(in->options->parameters, "elb");
    const char *type = node_text(node_get(parameters, "target_type"), NULL);
    struct price hour;
    if (!type || !b->region || !ec2_on_demand(&hour, in->book, type, b->region, NULL))
        return false;
    t->usd_a_month = elb_usd(&hour) * in->estate->hours_per_month;
    t->what = type;
    return true;
}

/* How busy they are: the 95th percentile over all points of all of them. */
static double cpu_of(const struct elb_targets *t, const struct recommend_input *in)
{
    VEC(struct weighted) points = {0};
    double percent = NAN;
    for (size_t i = 0; i < t->resources.count; i++) {
        const struct metric_series *s =
            elb_finest(in, t->resources.at[i], "CPUUtilization", "Average");
        for (size_t k = 0; s && k < s->count; k++)
            VEC_ADD(&points, ((struct weighted){s->values[k], 1}));
    }
    if (points.count) {
        weighted_sort(points.at, points.count);
        quantile_nearest_rank(&percent, points.at, points.count, CPU_QUANTILE);
    }
    VEC_FREE(&points);
    return percent;
}

bool elb_targets_of(struct elb_targets *t, struct advice *out,
                    const struct recommend_input *in, const struct elb_parts *parts,
                    const struct balancer *b)
{
    size_t count;
    const struct elb_link *group = elb_links_of(&parts->groups, b->resource, &count);
    *t = (struct elb_targets){.declared = NAN, .usd_a_month = NAN, .cpu_percent = NAN};
    add_servers(t, &parts->direct, b->resource);
    for (size_t i = 0; i < count; i++) {
        t->shared |= is_shared(parts, b->resource, group[i].to);
        add_servers(t, &parts->servers, group[i].to);
    }
    t->cpu_percent = cpu_of(t, in);
    return price_resources(t, out, in, parts->pricer) || price_type(t, in, b);
}

void elb_targets_release(struct elb_targets *t)
{
    VEC_FREE(&t->resources);
}
