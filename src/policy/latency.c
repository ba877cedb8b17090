#include <math.h>
#include <string.h>

#include "checks.h"

/*
 * checks.params.latency: {figures: {"us-east-1/eu-west-1": 76}, budgets: [{from, to, max_ms,
 * via}]}. Round trips are the team's own measurements: no list of AWS's can be relied on, so
 * what has no figure is said to be unknown. Only zones of one region have a published bound.
 */

/* "Single-digit millisecond latency" between zones: AWS, Regions and Availability Zones. */
#define SAME_REGION_MS 10.0

static const struct {
    const char *via, *type, *what;
} ways[] = {
    {"peering", "aws_vpc_peering_connection", "VPC peering"},
    {"transit_gateway", "aws_ec2_transit_gateway", "transit gateway"},
    {"accelerator", "aws_globalaccelerator_accelerator", "Global Accelerator"},
    {"cdn", "aws_cloudfront_distribution", "CloudFront distribution"},
};

struct budget {
    const char *from, *to, *via; /* regions, or geographies of users; via NULL: any way */
    double max_ms;
    uint32_t resource; /* of the judged estate that it is about, or NOTHING */
};

static uint32_t resource_named(const struct estate *estate, const char *name)
{
    for (uint32_t i = 0; estate && i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const char *names[] = {r->key, r->name, r->address};
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (names[k] && !strcmp(names[k], name))
                return i;
    }
    return NOTHING;
}

/* An entry of the map or a resource stands in its region; all else is a region's name. */
static const char *place_of(const struct inspection *in, const char *name,
                            uint32_t *resource)
{
    uint32_t here = resource_named(in->judged, name), meant = resource_named(in->map, name);
    if (here != NOTHING) {
        *resource = here;
        return in->judged->resources.at[here].region;
    }
    return meant != NOTHING ? in->map->resources.at[meant].region : name;
}

static size_t way_named(const char *via)
{
    size_t i = 0;
    while (i < sizeof ways / sizeof *ways && strcmp(ways[i].via, via) != 0)
        i++;
    return i;
}

/* "a/b via cdn", then "a/b", in either order; NaN when nobody measured it. */
static double figure_of(struct arena *arena, const struct node *figures,
                        const struct budget *b)
{
    const char *ends[2][2] = {{b->from, b->to}, {b->to, b->from}};
    for (int with_via = b->via ? 1 : 0; with_via >= 0; with_via--)
        for (int k = 0; k < 2; k++) {
            const char *key = arena_printf(arena, "%s/%s%s%s", ends[k][0], ends[k][1],
                                           with_via ? " via " : "", with_via ? b->via : "");
            double ms = node_number(node_get(figures, key), NAN);
            if (!isnan(ms))
                return ms;
        }
    return NAN;
}

static void add_unknown(struct findings *out, const struct policy *self,
                        const struct budget *b)
{
    struct note *n = VEC_PUSH(&out->notes);
    *n = (struct note){.kind = NOTE_UNKNOWN, .count = 1};
    n->text =
        arena_printf(&out->arena,
                     "%s: the latency from %s to %s is not known: measure it, and state it "
                     "as \"%s/%s\" in checks.params.latency.figures",
                     self->id, b->from, b->to, b->from, b->to);
}

static void judge(struct findings *out, const struct policy *self, const struct inspection *in,
                  const struct node *figures, const struct budget *b)
{
    const struct estate *estate = in->judged;
    double ms = figure_of(&out->arena, figures, b);
    bool same = !strcmp(b->from, b->to);
    size_t way = b->via ? way_named(b->via) : 0;
    if (b->via && first_of_type(&in->names, ways[way].type) == NOTHING)
        finding_add(out, self, estate, b->resource, "Add it, or state another way.",
                    "the budget of %.4g ms from %s to %s counts on a %s, and there is none",
                    b->max_ms, b->from, b->to, ways[way].what);
    else if (!isnan(ms) && ms > b->max_ms)
        finding_add(
            out, self, estate, b->resource,
            "Move one end, keep a copy beside the reader, or put an accelerator or a CDN "
            "in between.",
            "a round trip from %s to %s takes %.4g ms, the budget is %.4g ms", b->from, b->to,
            ms, b->max_ms);
    else if (isnan(ms) && !(same && b->max_ms >= SAME_REGION_MS))
        add_unknown(out, self, b);
}

static bool read_budget(struct budget *b, const struct inspection *in, const struct node *n,
                        struct err *err)
{
    const char *from = node_text(node_get(n, "from"), NULL);
    const char *to = node_text(node_get(n, "to"), NULL);
    *b = (struct budget){.via = node_text(node_get(n, "via"), NULL),
                         .max_ms = node_number(node_get(n, "max_ms"), NAN),
                         .resource = NOTHING};
    if (!from || !to || !(b->max_ms > 0))
        return err_usage(err,
                         "checks.params.latency.budgets: a budget needs from, to and max_ms");
    if (b->via && way_named(b->via) == sizeof ways / sizeof *ways)
        return err_usage(err,
                         "checks.params.latency.budgets: via is peering, transit_gateway, "
                         "accelerator or cdn, not '%s'",
                         b->via);
    b->from = place_of(in, from, &b->resource);
    b->to = place_of(in, to, &b->resource);
    b->from = b->from ? b->from : from;
    b->to = b->to ? b->to : to;
    return true;
}

static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    const struct node *latency = node_at(in->parameters, "params.latency");
    const struct node *budgets = node_get(latency, "budgets");
    for (size_t i = 0; node_is(budgets, NODE_LIST) && i < budgets->count; i++) {
        struct budget b;
        if (!read_budget(&b, in, budgets->items[i], err))
            return false;
        judge(out, self, in, node_get(latency, "figures"), &b);
    }
    return true;
}

extern const struct policy policy_latency;
const struct policy policy_latency = {"NET-002", SEVERITY_MEDIUM,
                                      "latency stays within the map's budgets", NULL, run};
