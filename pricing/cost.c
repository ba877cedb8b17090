#include "pricing/cost.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cost_walk.h"

/* Types without a section of their own are what the book knows of them. */
static void without_section(struct resource_cost *out, struct arena *arena,
                            const struct book *book, const struct resource *r)
{
    switch (r->type ? book_type_status(book, r->type) : TYPE_UNKNOWN) {
    case TYPE_FREE:
        out->status = COST_FREE;
        return;
    case TYPE_PARENT:
        out->status = COST_PARENT;
        return;
    case TYPE_USAGE_ONLY:
        out->status = COST_USAGE_ONLY;
        out->why = "its use costs money; the price book has no price for it";
        return;
    case TYPE_PRICED:
        out->status = COST_UNPRICED;
        out->why = arena_printf(arena, "%s costs money; the price book has no price for it",
                                r->type);
        return;
    case TYPE_UNKNOWN:
        out->status = COST_UNKNOWN_TYPE;
        out->why = r->type
                       ? arena_printf(arena, "it is not known whether %s costs money", r->type)
                       : "the type of the resource is unknown";
    }
}

/* What is not known has a bound only where each part of it has one. */
static struct money sum_at_most(const struct resource_cost *cost)
{
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < cost->count; i++) {
        const struct cost_component *c = &cost->components[i];
        if (c->state == COMPONENT_USAGE && money_is_zero(c->at_most))
            return MONEY_ZERO;
        sum = money_add(sum, c->at_most);
    }
    return sum;
}

static void sum_up(struct resource_cost *out)
{
    for (size_t i = 0; i < out->count; i++) {
        const struct cost_component *c = &out->components[i];
        if (c->state == COMPONENT_PRICED) {
            struct money_range *part = c->usage_based ? &out->usage : &out->baseline;
            *part = money_range_add(*part, c->monthly);
        } else if (c->state == COMPONENT_USAGE) {
            out->usage_missing++;
        } else {
            out->unpriced++;
            if (!out->why)
                out->why = c->why;
        }
    }
    out->total = money_range_add(out->baseline, out->usage);
    out->at_most = sum_at_most(out);
}

static enum cost_status status_of(const struct resource_cost *c, const struct walk *w)
{
    if (c->unpriced)
        return COST_UNPRICED;
    if (!c->count)
        return w->parent ? COST_PARENT : COST_FREE;
    return c->usage_missing == c->count ? COST_USAGE_ONLY : COST_PRICED;
}

static struct binding hours_binding(const struct estate *estate)
{
    return (struct binding){"hours", value_number(estate->hours_per_month), NULL};
}

static bool from_section(struct resource_cost *out, struct walk *w, const char *type)
{
    struct binding *hours = ARENA_NEW(w->scope.arena, struct binding);
    *hours = hours_binding(w->scope.estate);
    w->scope.bindings = hours;
    bool ok = walk_section(w, type);
    out->count = w->components.count;
    out->components = ARENA_ARRAY(w->scope.arena, struct cost_component, out->count + 1);
    if (out->count)
        memcpy(out->components, w->components.at, out->count * sizeof *out->components);
    VEC_FREE(&w->components);
    if (ok) {
        sum_up(out);
        out->status = status_of(out, w);
    }
    return ok;
}

struct pricer {
    const struct book *book;
    const struct estate *estate;
    bool indexed; /* when the first resource is asked for: many reviews ask for none */
    struct reference_index index;
};

struct pricer *pricer_open(const struct book *book, const struct estate *estate)
{
    struct pricer *pricer = mem_alloc(sizeof *pricer);
    *pricer = (struct pricer){.book = book, .estate = estate};
    return pricer;
}

void pricer_free(struct pricer *pricer)
{
    if (pricer && pricer->indexed)
        reference_index_release(&pricer->index);
    free(pricer);
}

bool resource_cost(struct resource_cost *out, struct arena *arena, struct pricer *pricer,
                   uint32_t resource, struct err *err)
{
    const struct resource *r = &pricer->estate->resources.at[resource];
    struct table_text section;
    *out = (struct resource_cost){0};
    if (!pricer->indexed)
        reference_index_open(&pricer->index, pricer->estate);
    pricer->indexed = true;
    if (!r->type || !components_section(&section, &pricer->index.components, r->type)) {
        without_section(out, arena, pricer->book, r);
        return true;
    }
    struct err own = ERR_INIT;
    struct walk w = {
        .scope = {.arena = arena,
                  .book = pricer->book,
                  .estate = pricer->estate,
                  .resource = resource,
                  .usage = r->usage,
                  .index = &pricer->index},
        .factor = {1, 1, 1},
        .region = r->region,
        .err = &own,
    };
    if (from_section(out, &w, r->type))
        return true;
    return err_set(err, "%s", own.text) || err_within(err, "pricing %s", resource_label(r));
}

bool estate_cost(struct estate_cost *out, struct arena *arena, const struct book *book,
                 const struct estate *estate, struct err *err)
{
    *out = (struct estate_cost){.count = estate->resources.count};
    out->resources = ARENA_ARRAY(arena, struct resource_cost, out->count + 1);
    struct pricer *pricer = pricer_open(book, estate);
    bool ok = true;
    for (uint32_t i = 0; i < out->count && ok; i++) {
        struct resource_cost *c = &out->resources[i];
        ok = resource_cost(c, arena, pricer, i, err);
        out->by_status[c->status]++;
        out->baseline = money_range_add(out->baseline, c->baseline);
        out->usage = money_range_add(out->usage, c->usage);
    }
    pricer_free(pricer);
    out->total = money_range_add(out->baseline, out->usage);
    return ok;
}
