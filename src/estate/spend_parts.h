#ifndef ESTATE_SPEND_PARTS_H
#define ESTATE_SPEND_PARTS_H

#include "estate/spend.h"

/* What the parts of spend_compute() share. */
struct spend_run {
    struct spend *out;
    const struct estate *estate;
    struct spend_options options;
};

int32_t line_month(const struct cost_line *line);
/* Usage in the estate's currency: what groups hold. */
bool line_counts(const struct estate *estate, const struct cost_line *line);
bool in_currency(const struct estate *estate, sym currency); /* NULL is the estate's own */
void add_bases(struct money *to, const struct money *from);

/* The months of the lines, ascending, as yet empty. */
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
