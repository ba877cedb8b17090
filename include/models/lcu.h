#ifndef MODELS_LCU_H
#define MODELS_LCU_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Load balancer capacity units: what an hour of traffic is billed as. Of one
 * hour and one protocol only the largest dimension counts; the protocols of a
 * network load balancer are added. Fractions are billed as they are.
 * Source: the ELB pricing page and the NLB FAQ.
 */
enum lcu_kind {
    LCU_APPLICATION,
    LCU_APPLICATION_MTLS, /* that asks clients for certificates: half the connections a unit */
    LCU_NETWORK,
    LCU_GATEWAY,
    LCU_KINDS
};
enum lcu_protocol { LCU_ANY, LCU_TCP, LCU_UDP, LCU_TLS, LCU_PROTOCOLS };
enum lcu_dimension { LCU_NEW, LCU_ACTIVE, LCU_BYTES, LCU_RULES, LCU_DIMENSIONS };

#define LCU_BINARY_GB  1073741824.0
#define LCU_DECIMAL_GB 1e9

/* What one unit holds; 0 where a dimension does not exist. */
struct lcu_capacity {
    double new_per_second;
    double active;
    double gb_per_hour, lambda_gb_per_hour;
    double rules_per_second;
    double free_rules; /* evaluated per request before they count */
};

/* NULL when the kind has no such protocol (application and gateway have LCU_ANY only). */
const struct lcu_capacity *lcu_capacity(enum lcu_kind kind, enum lcu_protocol protocol);
const char *lcu_dimension_name(enum lcu_dimension dimension); /* "new connections" */

/* One hour of one protocol; an hour that was cut short has fewer seconds. */
struct lcu_traffic {
    double seconds;            /* 3600 */
    double new_connections;    /* in the hour */
    double active_connections; /* mean of the minutes */
    double bytes;              /* in the hour, without those of Lambda targets */
    double lambda_bytes;
    double requests;        /* in the hour */
    double rules_evaluated; /* in the hour, over all requests, the free ones among them */
};

struct lcu_units {
    double by[LCU_DIMENSIONS]; /* units that each dimension alone would cost */
    double units;              /* the largest */
    enum lcu_dimension binding;
    double second; /* the next largest: what is left when the binding one goes */
};

/*
 * Units of one hour: rates are taken over a whole hour, since that is what is
 * billed. gb_bytes says what a GB is (LCU_BINARY_GB unless a bill shows otherwise).
 */
struct lcu_units lcu_of_hour(const struct lcu_capacity *capacity,
                             const struct lcu_traffic *hour, double gb_bytes);

/* Rules evaluated in an hour when every request passes `rules` of them. */
double lcu_rules_evaluated(double rules, double requests);

/* One hour of a whole load balancer: its protocols added up. */
struct lcu_total {
    double units;
    enum lcu_protocol largest; /* the protocol with the most units */
    struct lcu_units by_protocol[LCU_PROTOCOLS];
};

/* traffic[p] of protocols that the kind does not have is ignored. */
struct lcu_total lcu_of_balancer(enum lcu_kind kind,
                                 const struct lcu_traffic traffic[LCU_PROTOCOLS],
                                 double gb_bytes);

/* How often and how much each dimension was the one billed. */
struct lcu_shares {
    double units, hours;             /* hours without traffic are counted in `hours` alone */
    double units_by[LCU_DIMENSIONS]; /* units of the hours that it bound */
    double hours_by[LCU_DIMENSIONS];
    double avoidable_by[LCU_DIMENSIONS]; /* units over the next dimension: what mending it
                                            alone saves */
};

void lcu_shares_add(struct lcu_shares *shares, const struct lcu_total *hour);
enum lcu_dimension lcu_shares_top(const struct lcu_shares *shares); /* by units */

/*
 * Capacity reservation, hour by hour: reserved units are paid whether used or
 * not, those above at the on-demand rate. cost(R) = sum [R p_r + max(0, u - R) p].
 */
struct lcu_reservation {
    double reserved;
    double cost, on_demand_cost; /* of all hours */
    double idle_unit_hours, over_unit_hours;
};

struct lcu_reservation lcu_reserve(const double *units_by_hour, size_t hours, double reserved,
                                   double usd_per_reserved_unit, double usd_per_unit);
/*
 * The cheapest reservation: the (1 - p_r / p) quantile of the hourly units, 0
 * where a reserved unit costs as much as one on demand. `sorted` is ascending.
 */
double lcu_cheapest_reservation(const double *sorted, size_t hours,
                                double usd_per_reserved_unit, double usd_per_unit);

#endif
