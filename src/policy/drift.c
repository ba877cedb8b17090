#include <math.h>
#include <stdio.h>
#include <string.h>

#include "policy/policy.h"
#include "pricing/book.h"
#include "pricing/cost.h"

/* Below this a difference in cost is not worth a line. */
enum { LEAST_USD = 10 };

static bool is_mapped(const struct resource *r)
{
    return r->mapped_by && !strncmp(r->mapped_by, "map:", 4);
}

/* A month of it: from the bill where there is one, else by the component table. */
static bool monthly_of(struct money_range *out, struct findings *found, const struct book *book,
                       const struct estate *estate, uint32_t resource)
{
    struct money billed;
    struct resource_cost cost;
    if (estate_monthly_cost(&billed, estate, resource, BASIS_AMORTIZED)) {
        *out = money_range_of(billed);
        return true;
    }
    if (!book || !resource_cost(&cost, &found->arena, book, estate, resource, NULL) || !cost.count)
        return false;
    *out = cost.total;
    return true;
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

/* A cluster's instances and volumes are the cluster's: its entry speaks for them. */
static bool has_mapped_parent(const struct estate *estate, const struct resource *r)
{
    return r->parent != NOTHING && is_mapped(&estate->resources.at[r->parent]);
}

static bool run_unmapped(struct findings *out, const struct policy *self,
                         const struct policy_input *in, struct err *err)
{
    (void)err;
    for (uint32_t i = 0; in->map && in->actual && i < in->actual->resources.count; i++) {
        const struct resource *r = &in->actual->resources.at[i];
        struct money_range cost = money_range_of(MONEY_ZERO);
        if (is_mapped(r) || has_mapped_parent(in->actual, r) || !may_cost(in->book, r))
            continue;
        bool known = monthly_of(&cost, out, in->book, in->actual, i);
        if (known && money_double(cost.high) < LEAST_USD && !r->address)
            continue;
        struct finding *f =
            finding_add(out, self, in->actual, i, "Add it to the layer map, or to a rule of it.",
                        "the layer map does not name it%s",
                        known ? "" : "; what it costs is not known");
        f->monthly_cost = cost;
    }
    return true;
}

static bool is_present(const struct policy_input *in, sym mapped_by)
{
    for (size_t i = 0; i < in->actual->resources.count; i++) {
        const char *by = in->actual->resources.at[i].mapped_by;
        if (by && !strcmp(by, mapped_by))
            return true;
    }
    return false;
}

static bool run_stale(struct findings *out, const struct policy *self,
                      const struct policy_input *in, struct err *err)
{
    (void)err;
    for (uint32_t i = 0; in->map && in->actual && i < in->map->resources.count; i++) {
        const struct resource *r = &in->map->resources.at[i];
        if (is_mapped(r) && may_cost(in->book, r) && !is_present(in, r->mapped_by))
            finding_add(out, self, in->map, i, "Take it out of the layer map, or deploy it.",
                        "the layer map names it, but it is not there");
    }
    return true;
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
        const struct node *other =
            meant->kind == NODE_MAP ? node_get(is, meant->items[i]->key)
            : i < is->count         ? is->items[i]
                                    : NULL;
        char inner[256];
        snprintf(inner, sizeof inner, "%s%s%s", path, *path && meant->items[i]->key ? "." : "",
                 meant->items[i]->key ? meant->items[i]->key : "");
        compare(c, inner, meant->items[i], other, depth + 1);
    }
}

static const struct resource *meant_of(const struct policy_input *in, const struct resource *r)
{
    for (size_t i = 0; i < in->map->resources.count; i++) {
        const struct resource *meant = &in->map->resources.at[i];
        if (meant->mapped_by && !strcmp(meant->mapped_by, r->mapped_by))
            return meant;
    }
    return NULL;
}

static bool run_differing(struct findings *out, const struct policy *self,
                          const struct policy_input *in, struct err *err)
{
    (void)err;
    for (uint32_t i = 0; in->map && in->actual && i < in->actual->resources.count; i++) {
        const struct resource *r = &in->actual->resources.at[i];
        const struct resource *meant = is_mapped(r) ? meant_of(in, r) : NULL;
        struct comparing c = {BUF_INIT, 0};
        if (!meant || !r->type || !meant->type || strcmp(r->type, meant->type) != 0)
            continue;
        compare(&c, "", meant->attrs, r->attrs, 0);
        compare(&c, "tags", meant->tags, r->tags, 0);
        if (meant->region && r->region && strcmp(meant->region, r->region) != 0)
            buf_printf(&c.text, "%sit is in %s, the map says %s", c.differences++ ? "; " : "",
                       r->region, meant->region);
        if (c.differences)
            finding_add(out, self, in->actual, i,
                        "Change the deployment, or the map where it is out of date.", "%s",
                        buf_text(&c.text));
        buf_release(&c.text);
    }
    return true;
}

/* The bill of an entry against what its declared load should cost. */
static bool run_cost(struct findings *out, const struct policy *self,
                     const struct policy_input *in, struct err *err)
{
    (void)err;
    for (uint32_t i = 0; in->map && in->actual && i < in->map->resources.count; i++) {
        const struct resource *meant = &in->map->resources.at[i];
        struct money_range expected;
        struct money sum = MONEY_ZERO, one;
        uint32_t any = NOTHING;
        if (!is_mapped(meant) || !monthly_of(&expected, out, in->book, in->map, i))
            continue;
        for (uint32_t k = 0; k < in->actual->resources.count; k++) {
            const char *by = in->actual->resources.at[k].mapped_by;
            if (by && !strcmp(by, meant->mapped_by) &&
                estate_monthly_cost(&one, in->actual, k, BASIS_AMORTIZED)) {
                sum = money_add(sum, one);
                any = any == NOTHING ? k : any;
            }
        }
        double billed = money_double(sum), typ = money_double(expected.expected);
        bool outside = billed > fmax(money_double(expected.high), typ * 1.2) ||
                       billed < fmin(money_double(expected.low), typ * 0.8);
        if (any == NOTHING || !outside || fabs(billed - typ) < LEAST_USD)
            continue;
        struct finding *f = finding_add(
            out, self, in->actual, any, "Correct the declared load, or look for what uses more.",
            "%s costs %.2f a month, the declared load %.2f", resource_label(meant), billed, typ);
        f->monthly_cost = money_range_of(money_of(billed - typ));
    }
    return true;
}

extern const struct policy policy_unmapped, policy_stale, policy_differing, policy_cost_drift;
const struct policy policy_unmapped = {"MAP-001", SEVERITY_MEDIUM,
                                       "what costs is named by the layer map", NULL, run_unmapped};
const struct policy policy_stale = {"MAP-002", SEVERITY_MEDIUM,
                                    "what the layer map names is there", NULL, run_stale};
const struct policy policy_differing = {
    "MAP-003", SEVERITY_MEDIUM, "what is there is as the layer map says", NULL, run_differing};
const struct policy policy_cost_drift = {
    "MAP-004", SEVERITY_LOW, "what is there costs what its declared load should", NULL, run_cost};
