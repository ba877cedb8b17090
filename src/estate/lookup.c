#include <string.h>
#include <strings.h>

#include "estate/estate.h"

bool estate_is_uncovered(const struct estate *estate, const struct cost_line *line)
{
    const struct sku *sku = &estate->skus.at[line->sku];
    return sku->charge == CHARGE_USAGE && sku->purchase == PURCHASE_ON_DEMAND &&
           sku->provider == PROVIDER_AWS && sku->instance_type;
}

struct money cost_line_list(const struct cost_line *line)
{
    struct money list = line->cost[BASIS_LIST];
    return money_is_zero(list) ? line->cost[BASIS_UNBLENDED] : list;
}

const uint32_t *estate_children(const struct estate *estate, uint32_t resource, size_t *count)
{
    *count = 0;
    if (!estate->first_child || resource >= estate->resources.count)
        return NULL;
    size_t first = estate->first_child[resource];
    *count = estate->first_child[resource + 1] - first;
    return estate->children + first;
}

const struct metric_series *estate_series(const struct estate *estate, uint32_t resource,
                                          size_t *count)
{
    *count = 0;
    if (!estate->first_series || resource >= estate->resources.count)
        return NULL;
    size_t first = estate->first_series[resource];
    *count = estate->first_series[resource + 1] - first;
    return *count ? estate->series.at + first : NULL;
}

const struct metric_series *estate_metric(const struct estate *estate, uint32_t resource,
                                          const char *metric, const char *stat)
{
    size_t count;
    const struct metric_series *at = estate_series(estate, resource, &count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(sym_or_empty(at[i].metric), metric) &&
            (!stat || !strcmp(sym_or_empty(at[i].stat), stat)))
            return &at[i];
    return NULL;
}

const struct cost_line *estate_lines(const struct estate *estate, uint32_t resource,
                                     size_t *count)
{
    *count = 0;
    if (!estate->first_line || resource >= estate->resources.count)
        return NULL;
    size_t first = estate->first_line[resource];
    *count = estate->first_line[resource + 1] - first;
    return *count ? estate->lines.at + first : NULL;
}

double estate_window_hours(const struct estate *estate)
{
    return estate->last_hour - estate->first_hour;
}

double estate_month_hours(const struct estate *estate, uint32_t sku, int32_t month)
{
    const char *unit = estate->skus.at[sku].unit;
    if (!unit || strncasecmp(unit, "GB-Mo", 5) != 0)
        return estate->hours_per_month;
    return month_days(month) * 24;
}

static bool is_usage_of(const struct sku *sku, const char *measure)
{
    return charge_is_usage(sku->charge) &&
           (!measure || (sku->measure && !strcmp(sku->measure, measure)));
}

/* Sums the usage lines of a resource that have the measure; NULL takes all. */
static bool monthly(struct money *cost, double *quantity, const struct estate *estate,
                    uint32_t resource, const char *measure, enum basis basis)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    double window = estate_window_hours(estate), amount = 0;
    struct money sum = MONEY_ZERO;
    bool any = false, counts = false;
    for (size_t i = 0; i < count && window > 0; i++) {
        uint32_t sku = lines[i].sku;
        if (i == 0 || sku != lines[i - 1].sku)
            counts = is_usage_of(&estate->skus.at[sku], measure);
        if (!counts)
            continue;
        double factor =
            estate_month_hours(estate, sku, month_of(lines[i].hour / 24)) / window;
        sum = money_add(sum, money_times(lines[i].cost[basis], factor));
        amount += money_double(lines[i].quantity) * factor;
        any = true;
    }
    *cost = sum;
    if (quantity)
        *quantity = amount;
    return any;
}

bool estate_monthly_cost(struct money *out, const struct estate *estate, uint32_t resource,
                         enum basis basis)
{
    return monthly(out, NULL, estate, resource, NULL, basis);
}

bool estate_monthly_measure(struct money *cost, double *quantity, const struct estate *estate,
                            uint32_t resource, const char *measure, enum basis basis)
{
    return monthly(cost, quantity, estate, resource, measure, basis);
}
