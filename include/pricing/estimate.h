#ifndef PRICING_ESTIMATE_H
#define PRICING_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "estate/estate.h"
#include "pricing/cost.h"

struct book;

/* One thing that a declared resource will be billed for. */
struct estimate_line {
    uint32_t resource;
    struct cost_component component; /* texts live in the estimate */
};

struct estimate_phase {
    uint32_t phase;
    struct money_range total; /* its share of its cluster */
};

/* A commitment of the map at work on the declared EC2 usage, spread evenly over the hours. */
struct estimate_commitment {
    uint32_t commitment;
    struct money cost;           /* paid in any case */
    struct money_range covered;  /* on-demand cost that it takes over */
    struct money_range saving;   /* covered - cost: negative where it is not used up */
};

/*
 * A deployment priced from what its layer map declares: a month of
 * estate.hours_per_month; low, expected and high from min, typ and max. `count` of
 * an entry multiplies what is paid without use; declared load is of all together.
 */
struct estimate {
    struct arena arena;
    VEC(struct estimate_line) lines; /* in the order of the resources */
    struct money_range *by_resource; /* one per estate.resources */
    enum cost_status *status;        /* the same */
    const char **why;                /* the same: what is missing, or NULL */
    size_t by_status[COST_STATUSES];
    struct money_range layers[LAYER_COUNT];
    VEC(struct estimate_phase) phases; /* of the estate, those with a cost */
    struct money_range total;          /* before commitments */
    VEC(struct estimate_commitment) commitments; /* reservations first, then EC2, then Compute */
    struct money_range after;                    /* total with commitments */
};

bool estimate_compute(struct estimate *out, const struct estate *estate, const struct book *book,
                      struct err *err);
void estimate_release(struct estimate *estimate);

/* A resource with other attributes, in a region that may be another one. */
struct estimate_variant {
    uint32_t resource;
    const struct node *attrs;
    sym region;
    struct money_range cost; /* of it in a month, with all others as they are declared */
    enum cost_status status;
};

/* Prices variants, ascending by resource: each by itself, in one pass over the estate. */
bool estimate_variants(struct estimate_variant *variants, size_t count,
                       const struct estate *estate, const struct book *book, struct err *err);

#endif
