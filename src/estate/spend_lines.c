#include <string.h>

#include "spend_parts.h"

enum { HOURS_A_DAY = 24 };

static day day_of_hour(int32_t hour)
{
    return hour >= 0 ? hour / HOURS_A_DAY : -((-hour + HOURS_A_DAY - 1) / HOURS_A_DAY);
}

int32_t line_month(const struct cost_line *line)
{
    return month_of(day_of_hour(line->hour));
}

bool in_currency(const struct estate *estate, sym currency)
{
    return !currency || !estate->currency || !strcmp(currency, estate->currency);
}

bool line_counts(const struct estate *estate, const struct cost_line *line)
{
    const struct sku *sku = &estate->skus.at[line->sku];
    return charge_is_usage(sku->charge) && in_currency(estate, sku->currency);
}

void add_bases(struct money *to, const struct money *from)
{
    for (int b = 0; b < BASIS_COUNT; b++)
        to[b] = money_add(to[b], from[b]);
}
