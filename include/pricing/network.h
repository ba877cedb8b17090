#ifndef PRICING_NETWORK_H
#define PRICING_NETWORK_H

#include "pricing/book.h"

/*
 * `kind`: application, network, gateway, classic; `item`: hour, lcu_hour, gb_processed
 * (classic), reserved_lcu_hour, trust_store_hour (application).
 */
bool elb_price(struct price *out, const struct book *book, const char *kind,
               const char *item, const char *region);

/*
 * How much of a dimension one LCU holds; NaN when the book does not say. `kind` as
 * above without classic; `protocol`: any (application, gateway), tcp, udp, tls
 * (network), reservation; `dimension`: new_connections (a second), active_connections
 * (in a minute), processed_bytes (GB an hour), rule_evaluations (a second), ...
 */
double lcu_holds(const struct book *book, const char *kind, const char *protocol,
                 const char *dimension);

/*
 * Network prices: `item` is inter_region, internet_egress, inter_az, nat_gateway_hour,
 * nat_gateway_data, vpc_endpoint_interface_hour, ...; `to` is NULL where the item has
 * no destination. The list of items is in docs/prices.md.
 */
bool transfer_price(struct price *out, const struct book *book, const char *item,
                    const char *from_region, const char *to);
bool transfer_cost(struct money *out, const struct book *book, const char *item,
                   const char *from_region, const char *to, double quantity,
                   struct price_trace *trace);

#endif
