#ifndef ESTATE_SPEND_H
#define ESTATE_SPEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/vec.h"
#include "estate/estate.h"

/*
 * What was spent, on whom and what for, and what changed: sums over the cost lines
 * of an indexed estate whose resources have their layer, tenant and phase. All
 * groups hold usage charges (charge_is_usage) in the estate's currency; fees,
 * credits, refunds, tax and purchases stand by their charge, so that
 *     sum of layers[].total + sum of by_charge[not usage] = total
 * holds to the last digit on every basis.
 */

struct spend_options {
    enum basis basis;      /* of by_month, tenants, phases, movers: amortized */
    const char *shared_by; /* dbu_share (default), bytes_share, requests_share, even */
};

struct spend_month {
    int32_t month;
    double hours; /* that its usage lines cover, at most the hours of the month */
    bool complete; /* at least 95 % of them */
    struct money by_charge[CHARGE_COUNT][BASIS_COUNT];
    struct money total[BASIS_COUNT];
};

/* A layer, service, account or region. */
struct spend_group {
    sym name;       /* NULL: lines that state none */
    uint32_t index; /* of a layer: its number */
    struct money total[BASIS_COUNT];
    struct money *by_month; /* one per month, on the basis of the options */
    struct money by_default; /* of total on that basis: by a default, not by the map */
    size_t resources;
};

struct spend_tenant {
    uint32_t tenant;     /* index into estate.tenants */
    struct money direct; /* of resources that are its own */
    struct money shared; /* its part of what the map names but no tenant owns */
    struct money total;
    double share;        /* of the shared cost, 0..1, rounded; `shared` is exact */
    struct money *by_month; /* direct and shared */
};

struct spend_phase {
    uint32_t phase; /* index into estate.phases: the first that is the same work */
    struct money ec2, ebs, dbu, other, total;
};

enum mover_cause { MOVER_NEW, MOVER_GONE, MOVER_USAGE, MOVER_PRICE };

/*
 * A resource whose cost changed between the last two months, with all that belongs to
 * it, both as a month of estate.hours_per_month: a short month is no change.
 */
struct spend_mover {
    uint32_t resource;
    enum mover_cause cause; /* the larger of the two effects */
    struct money before, after, change;
    struct money by_usage; /* (quantity after - before) x price before, summed over skus */
    struct money by_price; /* the rest */
};

/* A day on which a service cost far more than on the days before it. */
struct spend_anomaly {
    sym service;
    day on;
    struct money cost, usual; /* usual: median of the SPEND_USUAL_DAYS days before */
    uint32_t resource;        /* with the dearest line of that day */
};

enum { SPEND_USUAL_DAYS = 14 };
#define SPEND_ANOMALY_MADS 6.0   /* median absolute deviations above the median */
#define SPEND_ANOMALY_RATIO 1.3  /* and times the median */
#define SPEND_ANOMALY_LEAST 10.0 /* and currency units above it */

/* The bill's own sum of its rows beside the sum of the cost lines. */
struct spend_reconciliation {
    struct money stated[BASIS_COUNT], summed[BASIS_COUNT];
    bool exact[BASIS_COUNT];
    uint64_t rows, bad_rows, rounded;
};

struct spend_currency {
    sym currency;
    struct money total[BASIS_COUNT];
};

struct spend {
    struct arena arena;
    VEC(struct spend_month) months; /* ascending */
    struct money total[BASIS_COUNT];
    struct money by_charge[CHARGE_COUNT][BASIS_COUNT];
    struct spend_group layers[LAYER_COUNT]; /* layers[LAYER_NONE]: unmapped */
    VEC(struct spend_group) services, accounts, regions; /* most expensive first */
    VEC(struct spend_tenant) tenants; /* as in the estate; empty when nobody named any */
    struct money shared;              /* of all tenants together */
    struct money unattributed;        /* no tenant, and the map does not name it */
    const char *shared_by;            /* the key that was really used */
    bool shared_by_fallback;          /* the asked one is 0 for every tenant: even instead */
    VEC(struct spend_phase) phases;   /* with any cost, in the estate's order */
    struct money no_phase;            /* of the compute layer */
    VEC(struct spend_mover) movers;   /* largest change first */
    int32_t before_month, after_month; /* that movers compare; equal when there is one month */
    VEC(struct spend_anomaly) anomalies; /* by day, then service */
    struct money covered_list;      /* list price of what reservations and plans covered */
    struct money covered_amortized; /* what that cost with them */
    VEC(struct spend_currency) currencies; /* all, also the estate's own; by name */
    struct spend_reconciliation reconciliation; /* of what is in the estate's currency */
};

struct spend_options spend_defaults(void);
void spend_compute(struct spend *out, const struct estate *estate,
                   const struct spend_options *options);
void spend_release(struct spend *spend);

/* What is charged beside usage, and so in no group: total less all layers. False: nothing is. */
bool spend_beside_usage(struct money out[BASIS_COUNT], const struct spend *spend);

const char *mover_cause_name(enum mover_cause cause); /* "usage" */

/*
 * What share of its cluster's cost each phase has, by index into estate.phases; 0 of those
 * without a cluster. Stated shares as they are, the rest by minutes. Free with free().
 */
double *phase_shares(const struct estate *estate);

#endif
