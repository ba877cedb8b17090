#ifndef ESTATE_COMPONENT_H
#define ESTATE_COMPONENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/when.h"
#include "estate/resource.h"

enum component_state {
    COMPONENT_PRICED,   /* quantity, unit price and monthly amount are known */
    COMPONENT_USAGE,    /* depends on usage that nobody gave: unit price only, where known */
    COMPONENT_UNPRICED, /* no price or no quantity: see `why` */
};

/* One thing that a resource is billed for, by the month of estate.hours_per_month. */
struct cost_component {
    const char *name; /* "NAT gateway", "Storage (general purpose SSD, gp3)" */
    const char
        *group; /* the part that it belongs to, "root_block_device"; NULL: the resource */
    const char *unit; /* of quantity and unit_price: "hours", "GB", "1M requests" */
    enum component_state state;
    bool usage_based;           /* the quantity comes from usage, not from the configuration */
    struct range quantity;      /* per month, in units; NaN when unknown */
    struct money unit_price;    /* 0 when there is no price: look at the state */
    struct money_range monthly; /* 0 unless priced */
    struct money at_most;       /* of usage that nobody gave: its upper bound; 0 without one */
    const char *price_key;    /* "ec2 instance instance_type=m6i.large;os=linux"; NULL: none */
    const char *price_region; /* as the book has it: "*" is everywhere */
    const char *price_source;
    day price_date;      /* 0 when not known */
    const char *formula; /* component_formula(); NULL unless priced */
    const char *why; /* when unpriced: a sentence; when assumed: what was assumed; or NULL */
};

enum cost_status {
    COST_PRICED,     /* every component has a price; usage may be missing */
    COST_FREE,       /* known to cost nothing */
    COST_USAGE_ONLY, /* costs by use alone, and no use is known */
    COST_PARENT,     /* costs nothing itself, sizes something else that does */
    COST_UNPRICED,   /* a component or the whole lacks a price: the totals are a lower bound */
    COST_UNKNOWN_TYPE, /* neither priced nor known as free */
    COST_STATUSES
};

/* What one resource costs in a month. Arrays and texts live in the caller's arena. */
struct resource_cost {
    enum cost_status status;
    struct cost_component *components;
    size_t count;
    size_t unpriced, usage_missing; /* components in those states */
    struct money_range baseline;    /* provisioned: paid without any use */
    struct money_range usage;       /* of the usage that is known */
    struct money_range total;
    struct money at_most; /* of the usage that nobody gave; 0 unless all of it has a bound */
    const char *why; /* when unpriced or of unknown type: the first reason; else NULL */
};

/* The whole estate, so that nothing is lost: `count` is the sum of by_status. */
struct estate_cost {
    struct resource_cost *resources; /* one per estate.resources, same index */
    size_t count;
    size_t by_status[COST_STATUSES];
    struct money_range baseline, usage, total;
};

/* What running commitments make of a change, in USD a month. */
struct change_commitments {
    struct money_range difference; /* what the next bills show of it */
    struct money absorbed;         /* of what is added: taken by commitments that are not used up */
    struct money stranded;         /* of what is removed: paid on until the commitments end */
};

const char *cost_status_name(enum cost_status status); /* "usage only" */
/* What a priced component's amount is made of: "730 hours x 0.096 = 70.0800". */
const char *component_formula(struct arena *arena, const struct cost_component *c);

#endif
