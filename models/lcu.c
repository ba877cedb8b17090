#include "models/lcu.h"

#include <math.h>

static const struct lcu_capacity capacities[LCU_KINDS][LCU_PROTOCOLS] = {
    [LCU_APPLICATION][LCU_ANY] = {25, 3000, 1, 0.4, 1000, 10},
    [LCU_APPLICATION_MTLS][LCU_ANY] = {25, 1500, 1, 0.4, 1000, 10},
    [LCU_NETWORK][LCU_TCP] = {800, 100000, 1, 0, 0, 0},
    [LCU_NETWORK][LCU_UDP] = {400, 50000, 1, 0, 0, 0},
    [LCU_NETWORK][LCU_TLS] = {50, 3000, 1, 0, 0, 0},
    [LCU_GATEWAY][LCU_ANY] = {600, 60000, 1, 0, 0, 0},
};

const struct lcu_capacity *lcu_capacity(enum lcu_kind kind, enum lcu_protocol protocol)
{
    const struct lcu_capacity *found = &capacities[kind][protocol];
    return found->active > 0 ? found : NULL;
}

const char *lcu_dimension_name(enum lcu_dimension dimension)
{
    static const char *const names[] = {"new connections", "active connections",
                                        "processed bytes", "rule evaluations"};
    return names[dimension];
}

double lcu_rules_evaluated(double rules, double requests)
{
    return rules * requests;
}

static double per_unit(double amount, double capacity)
{
    return capacity > 0 ? amount / capacity : 0;
}

static void find_binding(struct lcu_units *u)
{
    for (int d = 0; d < LCU_DIMENSIONS; d++) {
        if (u->by[d] > u->units) {
            u->second = u->units;
            u->units = u->by[d];
            u->binding = (enum lcu_dimension)d;
        } else if (u->by[d] > u->second) {
            u->second = u->by[d];
        }
    }
}

struct lcu_units lcu_of_hour(const struct lcu_capacity *capacity,
                             const struct lcu_traffic *hour, double gb_bytes)
{
    double paid_rules = fmax(0, hour->rules_evaluated - capacity->free_rules * hour->requests);
    double active = hour->active_connections * hour->seconds / 3600;
    struct lcu_units u = {
        .by =
            {
                [LCU_NEW] = per_unit(hour->new_connections / 3600, capacity->new_per_second),
                [LCU_ACTIVE] = per_unit(active, capacity->active),
                [LCU_BYTES] =
                    per_unit(hour->bytes / gb_bytes, capacity->gb_per_hour) +
                    per_unit(hour->lambda_bytes / gb_bytes, capacity->lambda_gb_per_hour),
                [LCU_RULES] = per_unit(paid_rules / 3600, capacity->rules_per_second),
            },
    };
    find_binding(&u);
    return u;
}

struct lcu_total lcu_of_balancer(enum lcu_kind kind,
                                 const struct lcu_traffic traffic[LCU_PROTOCOLS],
                                 double gb_bytes)
{
    struct lcu_total total = {.units = 0};
    double most = -1;
    for (int p = 0; p < LCU_PROTOCOLS; p++) {
        const struct lcu_capacity *capacity = lcu_capacity(kind, (enum lcu_protocol)p);
        if (!capacity)
            continue;
        total.by_protocol[p] = lcu_of_hour(capacity, &traffic[p], gb_bytes);
        total.units += total.by_protocol[p].units;
        if (total.by_protocol[p].units > most) {
            most = total.by_protocol[p].units;
            total.largest = (enum lcu_protocol)p;
        }
    }
    return total;
}

void lcu_shares_add(struct lcu_shares *shares, const struct lcu_total *hour)
{
    shares->hours++;
    shares->units += hour->units;
    if (hour->units > 0)
        shares->hours_by[hour->by_protocol[hour->largest].binding]++;
    for (int p = 0; p < LCU_PROTOCOLS; p++) {
        const struct lcu_units *u = &hour->by_protocol[p];
        shares->units_by[u->binding] += u->units;
        shares->avoidable_by[u->binding] += u->units - u->second;
    }
}

enum lcu_dimension lcu_shares_top(const struct lcu_shares *shares)
{
    int top = 0;
    for (int d = 1; d < LCU_DIMENSIONS; d++)
        if (shares->units_by[d] > shares->units_by[top])
            top = d;
    return (enum lcu_dimension)top;
}

struct lcu_reservation lcu_reserve(const double *units_by_hour, size_t hours, double reserved,
                                   double usd_per_reserved_unit, double usd_per_unit)
{
    struct lcu_reservation r = {.reserved = reserved};
    for (size_t h = 0; h < hours; h++) {
        double used = units_by_hour[h];
        r.on_demand_cost += used * usd_per_unit;
        r.over_unit_hours += fmax(0, used - reserved);
        r.idle_unit_hours += fmax(0, reserved - used);
    }
    r.cost =
        (double)hours * reserved * usd_per_reserved_unit + r.over_unit_hours * usd_per_unit;
    return r;
}

double lcu_cheapest_reservation(const double *sorted, size_t hours,
                                double usd_per_reserved_unit, double usd_per_unit)
{
    if (hours == 0 || usd_per_unit <= 0 || usd_per_reserved_unit >= usd_per_unit)
        return 0;
    double share = 1 - usd_per_reserved_unit / usd_per_unit;
    size_t rank = (size_t)ceil(share * (double)hours - 1e-9);
    return sorted[rank > 0 ? rank - 1 : 0];
}
