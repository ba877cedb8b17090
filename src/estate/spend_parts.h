#ifndef ESTATE_SPEND_PARTS_H
#define ESTATE_SPEND_PARTS_H

#include "estate/spend.h"

/* The lines of one resource and sku in one month, added up. */
struct spend_span {
    uint32_t resource, sku;
    int32_t month;
    int32_t first, last; /* hours that they reach over: [first, last) */
    struct money quantity, cost[BASIS_COUNT];
};

/* What the parts of spend_compute() share. */
struct spend_run {
    struct spend *out;
    const struct estate *estate;
    struct spend_options options;
    VEC(struct spend_span) spans; /* by resource, sku, month */
    size_t *first_span;           /* per resource, count + 1 entries */
    bool *counts; /* per sku: usage in the estate's currency, what groups hold */
};

bool in_currency(const struct estate *estate, sym currency); /* NULL is the estate's own */
void add_bases(struct money *to, const struct money *from);

/* All lines of the estate as spans: a month of a bill by the hour has far fewer of these. */
void spend_spans_make(struct spend_run *run);
void spend_spans_release(struct spend_run *run);
/* Those of one resource; never NULL. */
const struct spend_span *spend_spans(const struct spend_run *run, uint32_t resource,
                                     size_t *count);

/* The months of the spans, ascending, as yet empty. */
void spend_find_months(struct spend_run *run);
/* Index into months; the month must be one of them. */
size_t spend_month_at(const struct spend *spend, int32_t month);

/* By month, charge, layer, service, account, region and currency. */
void spend_totals(struct spend_run *run);
void spend_tenants(struct spend_run *run);
void spend_phases(struct spend_run *run);
void spend_movers(struct spend_run *run);
void spend_anomalies(struct spend_run *run);

#endif
