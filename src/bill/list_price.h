#ifndef BILL_LIST_PRICE_H
#define BILL_LIST_PRICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/money.h"

/* Databricks' list price of one sku, cloud and unit from a moment on. */
struct list_price {
    int64_t from, to; /* seconds; to: exclusive, INT64_MAX while it holds */
    struct money rate;
    const struct list_price *next; /* by `from`, newest first */
};

/* The table system.billing.list_prices. */
struct list_prices {
    struct map by_key;
    size_t count;
};

/* Adds a dump of the table, CSV text with a header. */
bool list_prices_read(struct list_prices *into, struct arena *arena, const char *path,
                      const char *text, size_t length, struct err *err);
void list_prices_release(struct list_prices *prices);
const struct list_price *list_prices_find(const struct list_prices *prices, const char *sku,
                                          const char *cloud, const char *unit);
/* The price in force at the end of a usage; NULL when none was. */
const struct list_price *list_price_at(const struct list_price *prices, int64_t end);

/* quantity x rate, rounded to 1e-18; *rounded is set when that lost digits. */
struct money list_price_cost(struct money quantity, struct money rate, bool *rounded);

#endif
