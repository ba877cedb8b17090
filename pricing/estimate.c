#include "pricing/estimate.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "estate/spend.h"
#include "estimate_build.h"

/* What is paid without use is paid for each of `count`; load is declared for all. */
static void times_count(struct quote *q, struct cost_component *c)
{
    struct range count = quote_usage(q, "count", 1);
    if (c->usage_based || c->state != COMPONENT_PRICED || !quote_has(q, "count"))
        return;
    double *const quantities[] = {&c->quantity.low, &c->quantity.expected, &c->quantity.high};
    struct money *const amounts[] = {&c->monthly.low, &c->monthly.expected, &c->monthly.high};
    const double times[] = {count.low, count.expected, count.high};
    for (int i = 0; i < 3; i++) {
        *quantities[i] *= times[i];
        *amounts[i] = money_times(*amounts[i], times[i]);
    }
}

static bool ask_table(struct quote *q, struct resource_cost *cost, struct err *err)
{
    struct estimate_run *run = q->run;
    if (!resource_cost(cost, &run->out->arena, run->pricer, q->resource, err))
        return false;
    for (size_t i = 0; i < cost->count; i++)
        VEC_ADD(&q->parts, cost->components[i]);
    return true;
}

static enum cost_status status_of(const struct quote *q, const struct resource_cost *cost)
{
    size_t unpriced = 0, missing = 0;
    for (size_t i = 0; i < q->parts.count; i++) {
        unpriced += q->parts.at[i].state == COMPONENT_UNPRICED;
        missing += q->parts.at[i].state == COMPONENT_USAGE;
    }
    if (unpriced)
        return COST_UNPRICED;
    if (!q->parts.count)
        return cost->status;
    return missing == q->parts.count ? COST_USAGE_ONLY : COST_PRICED;
}

static void take(struct quote *q, const struct resource_cost *cost)
{
    struct estimate *out = q->run->out;
    struct money_range sum = money_range_of(MONEY_ZERO);
    const char *why = cost->why;
    for (size_t i = 0; i < q->parts.count; i++) {
        struct cost_component *c = &q->parts.at[i];
        times_count(q, c);
        if (c->state == COMPONENT_PRICED) {
            c->formula = component_formula(&out->arena, c);
            sum = money_range_add(sum, c->monthly);
        } else if (c->state == COMPONENT_UNPRICED) {
            why = c->why;
        }
        VEC_ADD(&out->lines, ((struct estimate_line){q->resource, *c}));
    }
    enum cost_status status = status_of(q, cost);
    out->by_resource[q->resource] = sum;
    out->status[q->resource] = status;
    out->why[q->resource] = status == COST_PRICED || status == COST_FREE ? NULL : why;
    out->by_status[status]++;
    out->layers[q->r->layer] = money_range_add(out->layers[q->r->layer], sum);
    out->total = money_range_add(out->total, sum);
}

static bool price_resource(struct estimate_run *run, uint32_t resource, struct err *err)
{
    struct quote q = {
        .run = run, .resource = resource, .r = &run->estate->resources.at[resource]};
    struct resource_cost cost = {.status = COST_PRICED};
    bool ok = quote_special(&q) || ask_table(&q, &cost, err);
    if (ok) {
        quote_adjust(&q);
        take(&q, &cost);
    }
    VEC_FREE(&q.parts);
    return ok;
}

static void price_phases(struct estimate *out, const struct estate *estate)
{
    double *shares = phase_shares(estate);
    for (size_t i = 0; i < estate->phases.count; i++) {
        uint32_t cluster = estate->phases.at[i].cluster;
        if (cluster < estate->resources.count)
            VEC_ADD(&out->phases,
                    ((struct estimate_phase){
                        (uint32_t)i, money_range_times(out->by_resource[cluster], shares[i])}));
    }
    free(shares);
}

static void begin(struct estimate_run *run, struct estimate *out, const struct estate *estate,
                  const struct book *book)
{
    enum { FREE_DASHBOARDS = 3 };
    size_t n = estate->resources.count + 1;
    *out = (struct estimate){0};
    out->by_resource = ARENA_ARRAY(&out->arena, struct money_range, n);
    out->status = ARENA_ARRAY(&out->arena, enum cost_status, n);
    out->why = ARENA_ARRAY(&out->arena, const char *, n);
    *run = (struct estimate_run){.out = out,
                                 .estate = estate,
                                 .book = book,
                                 .pricer = pricer_open(book, estate),
                                 .free_dashboards = FREE_DASHBOARDS,
                                 .free_requests = {1e6, 1e6, 1e6},
                                 .free_gb_seconds = {4e5, 4e5, 4e5},
                                 .free_egress_gb = {100, 100, 100}};
}

static void end(struct estimate_run *run)
{
    VEC_FREE(&run->eligible);
    pricer_free(run->pricer);
}

bool estimate_compute(struct estimate *out, const struct estate *estate,
                      const struct book *book, struct err *err)
{
    struct estimate_run run;
    bool ok = true;
    begin(&run, out, estate, book);
    for (uint32_t i = 0; ok && i < estate->resources.count; i++)
        ok = price_resource(&run, i, err);
    if (ok) {
        price_phases(out, estate);
        estimate_commitments(&run);
    }
    end(&run);
    return ok;
}

/* From where `run` stood before the resource itself took its free amounts and tiers. */
static bool price_variant(const struct estimate_run *before, struct resource *r,
                          struct estimate_variant *variant, struct err *err)
{
    struct estimate_run run = *before;
    struct resource own = *r;
    run.eligible.at = NULL;
    run.eligible.count = run.eligible.room = 0;
    r->attrs = variant->attrs;
    r->region = variant->region;
    bool ok = price_resource(&run, variant->resource, err);
    variant->cost = run.out->by_resource[variant->resource];
    variant->status = run.out->status[variant->resource];
    *r = own;
    VEC_FREE(&run.eligible);
    return ok;
}

bool estimate_variants(struct estimate_variant *variants, size_t count,
                       const struct estate *estate, const struct book *book, struct err *err)
{
    struct estimate estimate;
    struct estimate_run run;
    struct estate changed = *estate;
    size_t bytes = estate->resources.count * sizeof *changed.resources.at, next = 0;
    bool ok = true;
    if (!count)
        return true;
    changed.resources.at = mem_alloc(bytes);
    memcpy(changed.resources.at, estate->resources.at, bytes);
    begin(&run, &estimate, &changed, book);
    for (uint32_t i = 0; ok && next < count && i < estate->resources.count; i++) {
        struct estimate_run before = run;
        ok = price_resource(&run, i, err);
        for (; ok && next < count && variants[next].resource == i; next++)
            ok = price_variant(&before, &changed.resources.at[i], &variants[next], err);
    }
    end(&run);
    estimate_release(&estimate);
    free(changed.resources.at);
    return ok;
}

void estimate_release(struct estimate *estimate)
{
    VEC_FREE(&estimate->lines);
    VEC_FREE(&estimate->phases);
    VEC_FREE(&estimate->commitments);
    arena_release(&estimate->arena);
}
