#include <math.h>
#include <stdio.h>
#include <string.h>

#include "drift_cost.h"
#include "pricing/book.h"
#include "pricing/cost.h"

/* Below this a difference in cost is not worth a line. */
enum { LEAST_USD = 10 };

/* What was billed for it and all that belongs to it. */
static bool billed_of(struct money *out, const struct estate *estate, uint32_t resource)
{
    size_t count;
    const uint32_t *children = estate_children(estate, resource, &count);
    bool any = estate_monthly_cost(out, estate, resource, BASIS_AMORTIZED);
    for (size_t i = 0; i < count; i++) {
        struct money one;
        if (!estate_monthly_cost(&one, estate, children[i], BASIS_AMORTIZED))
            continue;
        *out = any ? money_add(*out, one) : one;
        any = true;
    }
    return any;
}

/* A month of it: from the bill where there is one, else by the component table. */
static bool monthly_of(struct money_range *out, struct findings *found, struct pricer *pricer,
                       const struct estate *estate, uint32_t resource)
{
    struct money billed;
    struct resource_cost cost;
    if (billed_of(&billed, estate, resource)) {
        *out = money_range_of(billed);
        return true;
    }
    if (!pricer || !resource_cost(&cost, &found->arena, pricer, resource, NULL) ||
        cost.status != COST_PRICED)
        return false;
    *out = cost.total;
    return cost.total.expected.atto > 0;
}

static bool may_cost(const struct book *book, const struct resource *r)
{
    if (!r->type)
        return true;
    if (!strncmp(r->type, "aws_s3_bucket_", 14))
        return false; /* settings of a bucket, which the map names itself */
    enum type_status status = book ? book_type_status(book, r->type) : TYPE_UNKNOWN;
    return status == TYPE_PRICED || status == TYPE_USAGE_ONLY || status == TYPE_PARENT ||
           !strncmp(r->type, "databricks_", 11);
}

/* Of a bill: what costs less is not worth a line, fees and credits are no resources. */
static bool is_worth_naming(const struct resource *r, bool known, struct money_range cost)
{
    return r->address || (known && money_double(cost.high) >= LEAST_USD);
}

static bool run_unmapped(struct findings *out, const struct policy *self,
                         const struct inspection *in, struct err *err)
{
    (void)err;
    if (!in->map || !in->actual)
        return true;
    struct pricer *pricer = in->book ? pricer_open(in->book, in->actual) : NULL;
    for (uint32_t i = 0; i < in->actual->resources.count; i++) {
        const struct resource *r = &in->actual->resources.at[i];
        struct money_range cost = money_range_of(MONEY_ZERO);
        if (r->parent != NOTHING || drift_entry_of(in->actual, i) || !may_cost(in->book, r))
            continue;
        bool known = monthly_of(&cost, out, pricer, in->actual, i);
        if (!is_worth_naming(r, known, cost))
            continue;
        struct finding *f = finding_add(
            out, self, in->actual, i, "Add it to the layer map, or to a rule of it.",
            "the layer map does not name it%s", known ? "" : "; what it costs is not known");
        f->monthly_cost = cost;
    }
    pricer_free(pricer);
    return true;
}

static bool is_present(const struct drift_costs *costs, sym mapped_by)
{
    struct multimap_walk w = multimap_find(&costs->shown, mapped_by, strlen(mapped_by));
    while (multimap_next(&w)) {
        const char *by = costs->in->actual->resources.at[w.value].mapped_by;
        if (by && !strcmp(by, mapped_by))
            return true;
    }
    return false;
}

/* A bill shows only what costs: no catalogs, no gateway endpoints. */
static bool would_be_seen(const struct inspection *in, const struct resource *r,
                          struct money_range cost)
{
    bool by_bill = in->actual->lines.count > 0;
    return may_cost(in->book, r) && (!by_bill || money_double(cost.low) >= LEAST_USD);
}

static bool run_stale(struct findings *out, const struct policy *self,
                      const struct inspection *in, struct err *err)
{
    struct drift_costs costs;
    if (!in->map || !in->actual)
        return true;
    bool ok = drift_costs_open(&costs, in, err);
    for (uint32_t i = 0; ok && i < in->map->resources.count; i++) {
        const struct resource *r = &in->map->resources.at[i];
        struct money_range cost = drift_meant(&costs, i);
        if (!drift_is_mapped(r) || !would_be_seen(in, r, cost) || is_present(&costs, r->mapped_by))
            continue;
        struct finding *f =
            finding_add(out, self, in->map, i, "Take it out of the layer map, or deploy it.",
                        "the layer map names it, but it is not there");
        f->resource = NOTHING; /* of the map, not of what is judged */
        f->monthly_cost = money_range_sub(money_range_of(MONEY_ZERO), cost);
    }
    drift_costs_close(&costs);
    return ok;
}

struct comparing {
    struct buf text;
    size_t differences;
};

static bool is_scalar(const struct node *n)
{
    return node_is(n, NODE_STRING) || node_is(n, NODE_NUMBER) || node_is(n, NODE_BOOL);
}

static const char *scalar_text(const struct node *n)
{
    if (n->sensitive)
        return "(sensitive)";
    return n->kind == NODE_BOOL ? (n->truth ? "true" : "false") : n->text;
}

static bool differs(const struct node *meant, const struct node *is)
{
    if (meant->kind == NODE_NUMBER)
        return fabs(node_number(is, NAN) - meant->number) > 1e-9;
    return strcmp(scalar_text(meant), scalar_text(is)) != 0;
}

/* Clusters of runs are named after the run, and the map's own name is for its readers. */
static bool is_left_out(const char *key)
{
    return key && (!strcmp(key, "cluster_name") || !strcmp(key, "instance_pool_name") ||
                   !strcmp(key, "tags")); /* compared by themselves */
}

/* What both state and state differently; what either leaves open is no difference. */
static void compare(struct comparing *c, const char *path, const struct node *meant,
                    const struct node *is, int depth)
{
    enum { DEEPEST = 4 };
    if (!meant || !is || node_is(is, NODE_UNKNOWN) || depth > DEEPEST)
        return;
    if (is_scalar(meant) && is_scalar(is)) {
        if (!differs(meant, is))
            return;
        buf_printf(&c->text, "%s%s is %s, the map says %s", c->differences++ ? "; " : "", path,
                   scalar_text(is), scalar_text(meant));
        return;
    }
    for (size_t i = 0; i < meant->count; i++) {
        if (is_left_out(meant->items[i]->key))
            continue;
        const struct node *other = meant->kind == NODE_MAP ? node_get(is, meant->items[i]->key)
                                   : i < is->count         ? is->items[i]
                                                           : NULL;
        char inner[256];
        snprintf(inner, sizeof inner, "%s%s%s", path, *path && meant->items[i]->key ? "." : "",
                 meant->items[i]->key ? meant->items[i]->key : "");
        compare(c, inner, meant->items[i], other, depth + 1);
    }
}

static void tell_difference(struct findings *out, const struct policy *self,
                            const struct drift_costs *costs, uint32_t resource,
                            struct drift_differences *told)
{
    const struct estate *actual = costs->in->actual, *map = costs->in->map;
    const struct resource *r = &actual->resources.at[resource];
    uint32_t at = drift_is_mapped(r) ? drift_entry(costs, r->mapped_by) : NOTHING;
    const struct resource *meant = at == NOTHING ? NULL : &map->resources.at[at];
    struct comparing c = {BUF_INIT, 0};
    if (!meant || !r->type || !meant->type || strcmp(r->type, meant->type) != 0)
        return;
    compare(&c, "", meant->attrs, r->attrs, 0);
    compare(&c, "tags", meant->tags, r->tags, 0);
    if (meant->region && r->region && strcmp(meant->region, r->region) != 0)
        buf_printf(&c.text, "%sit is in %s, the map says %s", c.differences++ ? "; " : "",
                   r->region, meant->region);
    if (c.differences) {
        struct drift_difference d = {
            .entry = at, .resource = resource, .finding = out->all.count};
        finding_add(out, self, actual, resource,
                    "Change the deployment, or the map where it is out of date.", "%s",
                    buf_text(&c.text));
        VEC_ADD(&told->all, d);
    }
    buf_release(&c.text);
}

static bool run_differing(struct findings *out, const struct policy *self,
                          const struct inspection *in, struct err *err)
{
    struct drift_costs costs;
    struct drift_differences told = {0};
    if (!in->map || !in->actual)
        return true;
    bool ok = drift_costs_open(&costs, in, err);
    for (uint32_t i = 0; ok && i < in->actual->resources.count; i++)
        tell_difference(out, self, &costs, i, &told);
    drift_price(&told, &costs);
    for (size_t i = 0; i < told.all.count; i++)
        out->all.at[told.all.at[i].finding].monthly_cost = told.all.at[i].cost;
    VEC_FREE(&told.all);
    drift_costs_close(&costs);
    return ok;
}

/* What is billed for an entry: *first is the resource that shows it, NOTHING when none. */
static struct money billed_for(const struct drift_costs *costs, sym entry, uint32_t *first)
{
    const struct estate *actual = costs->in->actual;
    struct money sum = MONEY_ZERO, one;
    *first = NOTHING;
    struct multimap_walk w = multimap_find(&costs->shown, entry, strlen(entry));
    while (multimap_next(&w)) {
        uint32_t k = (uint32_t)w.value;
        if (!estate_monthly_cost(&one, actual, k, BASIS_AMORTIZED))
            continue;
        sum = money_add(sum, one);
        bool node = actual->resources.at[k].parent != NOTHING;
        if (*first == NOTHING || (!node && actual->resources.at[*first].parent != NOTHING))
            *first = k;
    }
    return sum;
}

/* The bill of an entry against what its declared load should cost. */
static bool run_cost(struct findings *out, const struct policy *self,
                     const struct inspection *in, struct err *err)
{
    struct drift_costs costs;
    if (!in->map || !in->actual || !in->actual->lines.count)
        return true;
    bool ok = drift_costs_open(&costs, in, err);
    for (uint32_t i = 0; ok && i < in->map->resources.count; i++) {
        const struct resource *meant = &in->map->resources.at[i];
        struct money_range expected = drift_meant(&costs, i);
        uint32_t any;
        if (!drift_is_mapped(meant) || !drift_is_known(&costs, i))
            continue;
        double billed = money_double(billed_for(&costs, meant->mapped_by, &any));
        double typ = money_double(expected.expected);
        bool outside = billed > fmax(money_double(expected.high), typ * 1.2) ||
                       billed < fmin(money_double(expected.low), typ * 0.8);
        if (any == NOTHING || !outside || fabs(billed - typ) < LEAST_USD)
            continue;
        struct finding *f =
            finding_add(out, self, in->actual, any,
                        "Correct the declared load, or look for what uses more.",
                        "%s costs %.2f a month, the declared load %.2f", resource_label(meant),
                        billed, typ);
        f->monthly_cost = money_range_of(money_of(billed - typ));
    }
    drift_costs_close(&costs);
    return ok;
}

extern const struct policy policy_unmapped, policy_stale, policy_differing, policy_cost_drift;
const struct policy policy_unmapped = {
    "MAP-001", SEVERITY_MEDIUM, "what costs is named by the layer map", NULL, run_unmapped};
const struct policy policy_stale = {"MAP-002", SEVERITY_MEDIUM,
                                    "what the layer map names is there", NULL, run_stale};
const struct policy policy_differing = {
    "MAP-003", SEVERITY_MEDIUM, "what is there is as the layer map says", NULL, run_differing};
const struct policy policy_cost_drift = {"MAP-004", SEVERITY_LOW,
                                         "what is there costs what its declared load should",
                                         NULL, run_cost};
