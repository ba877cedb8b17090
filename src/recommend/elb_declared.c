#include <math.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "elb.h"

enum { LOW, EXPECTED, HIGH, CASES, FREE_RULES = 10 };

/* Traffic of one average hour as a map or a usage file declares it, in its three cases. */
struct declared {
    struct lcu_traffic at[CASES][LCU_PROTOCOLS];
    bool any;
};

static void put(struct declared *d, const struct node *value, enum lcu_protocol protocol,
                size_t field, double scale)
{
    struct range r;
    if (!range_read(&r, value))
        return;
    const double cases[CASES] = {r.low, r.expected, r.high};
    for (int c = 0; c < CASES; c++)
        *(double *)((char *)&d->at[c][protocol] + field) += cases[c] * scale;
    d->any = true;
}

#define PUT(d, value, protocol, field, scale)                                                 \
    put(d, value, protocol, offsetof(struct lcu_traffic, field), scale)

static void read_application(struct declared *d, const struct node *usage, double hours,
                             double rules)
{
    PUT(d, node_get(usage, "new_connections"), LCU_ANY, new_connections, 3600);
    PUT(d, node_get(usage, "active_connections"), LCU_ANY, active_connections, 1);
    PUT(d, node_get(usage, "processed_bytes_gb"), LCU_ANY, bytes, LCU_BINARY_GB / hours);
    PUT(d, node_get(usage, "requests_per_second"), LCU_ANY, requests, 3600);
    /* Declared evaluations are those behind the free ones. */
    PUT(d, node_get(usage, "rule_evaluations"), LCU_ANY, rules_evaluated, 3600);
    bool evaluations = !node_absent(node_get(usage, "rule_evaluations"));
    for (int c = 0; c < CASES; c++) {
        struct lcu_traffic *t = &d->at[c][LCU_ANY];
        t->rules_evaluated += evaluations    ? FREE_RULES * t->requests
                              : isnan(rules) ? 0
                                             : lcu_rules_evaluated(rules, t->requests);
    }
}

static enum lcu_protocol protocol_named(const char *name)
{
    return strcmp(name, "UDP") == 0 ? LCU_UDP : strcmp(name, "TLS") == 0 ? LCU_TLS : LCU_TCP;
}

static void read_network(struct declared *d, const struct node *usage, double hours)
{
    const struct node *list = node_get(usage, "protocols");
    for (size_t i = 0; list && i < list->count; i++) {
        const struct node *one = list->items[i];
        enum lcu_protocol p = protocol_named(node_text(node_get(one, "protocol"), "TCP"));
        PUT(d, node_get(one, "new_conn_per_s"), p, new_connections, 3600);
        PUT(d, node_get(one, "active_conn"), p, active_connections, 1);
        PUT(d, node_get(one, "gb_per_h"), p, bytes, LCU_BINARY_GB);
    }
    if (list)
        return;
    PUT(d, node_get(usage, "new_connections"), LCU_TCP, new_connections, 3600);
    PUT(d, node_get(usage, "active_connections"), LCU_TCP, active_connections, 1);
    PUT(d, node_get(usage, "processed_bytes_gb"), LCU_TCP, bytes, LCU_BINARY_GB / hours);
}

void elb_read_declared(struct balancer *b, const struct recommend_input *in)
{
    const struct node *usage = in->estate->resources.at[b->resource].usage;
    double hours = in->estate->hours_per_month;
    struct declared d = {.any = false};
    if (b->kind == ELB_CLASSIC) {
        struct range gb;
        if (isnan(b->monthly_gb) &&
            range_read(&gb, node_get(usage, "monthly_data_processed_gb")))
            b->monthly_gb = gb.expected;
        b->declared = !isnan(b->monthly_gb);
        return;
    }
    if (b->kind == ELB_NETWORK)
        read_network(&d, usage, hours);
    else
        read_application(&d, usage, hours, b->rules);
    if (!d.any)
        return;
    double units[CASES];
    for (int c = 0; c < CASES; c++) {
        for (int p = 0; p < LCU_PROTOCOLS; p++)
            d.at[c][p].seconds = 3600;
        units[c] = lcu_of_balancer(elb_unit_kind(b), d.at[c], LCU_BINARY_GB).units * hours;
    }
    b->hours = mem_alloc(sizeof *b->hours);
    b->hour_count = 1;
    b->hours->measured = b->declared = true;
    memcpy(b->hours->traffic, d.at[EXPECTED], sizeof b->hours->traffic);
    b->hours->units = lcu_of_balancer(elb_unit_kind(b), d.at[EXPECTED], LCU_BINARY_GB);
    lcu_shares_add(&b->shares, &b->hours->units);
    b->measured_hours = 1;
    b->check.gb_bytes = LCU_BINARY_GB;
    b->monthly_units = units[EXPECTED];
    b->units_low = units[LOW];
    b->units_high = units[HIGH];
}
