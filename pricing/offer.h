#ifndef PRICING_OFFER_H
#define PRICING_OFFER_H

#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/sym.h"
#include "base/vec.h"
#include "pricing/refresh.h"

/* The columns of an offer file that rules look at. */
enum offer_column {
    TERM_TYPE,
    STARTING_RANGE,
    PRICE_PER_UNIT,
    CURRENCY,
    REGION_CODE,
    USAGE_TYPE,
    OPERATION,
    MARKET_OPTION,
    INSTANCE_TYPE,
    TO_REGION,
    OFFER_COLUMNS
};

struct field {
    const char *text; /* not NUL-terminated */
    size_t length;
};

struct offer_column_name {
    const char *name;
    bool required;
};
extern const struct offer_column_name offer_columns[OFFER_COLUMNS];

/* How a row of an offer becomes a price of the book. */
struct offer_rule {
    const char *offer;
    const char *usage_type; /* without the region's prefix; may begin or end with a '*' */
    const char *operation;  /* NULL: any */
    const char *service, *item;
    const char *attributes; /* '@' stands for the instance type or the region it goes to */
    const char *unit;
    double from; /* added to the starting range: what is included, or a higher tier */
    int64_t times, parts; /* our unit's price = the row's x times / parts; 0 is 1 */
};

bool offer_known(struct field offer);
void offer_names(struct buf *out); /* "AmazonEC2, AmazonS3, ..." */
/* The first rule that the row meets; NULL when it is of no interest. */
const struct offer_rule *offer_rule_for(struct field offer, const struct field *row);

struct offer_cell {
    sym key, region; /* key: "service item attributes" */
    const struct offer_rule *rule;
    uint32_t first_tier; /* + 1, a chain through offer_tier.next */
};

struct offer_tier {
    double from;
    int64_t pico;
    uint32_t next; /* + 1 */
};

/* The index of an offer: all that stays in memory of it. */
struct offer {
    struct intern *strings;
    VEC(struct offer_cell) cells;
    VEC(struct offer_tier) tiers;
    struct map index; /* two symbols -> cell */
    struct arena arena;
};

void offer_release(struct offer *offer);

/* Reads the file into the index and fills the counts of `result`. */
bool offer_read(struct offer *offer, struct refresh_result *result, struct arena *arena,
                const char *input, struct err *err);

/* The index as a price file; sorts the cells. */
void offer_write(struct buf *out, struct offer *offer, const struct refresh_result *result);

#endif
