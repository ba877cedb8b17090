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

static bool is_by_gb_month(const struct sku *sku)
{
    return sku->unit && !strncasecmp(sku->unit, "GB-Mo", 5);
}

double estate_month_hours(const struct estate *estate, uint32_t sku, int32_t month)
{
    return is_by_gb_month(&estate->skus.at[sku]) ? month_days(month) * 24
                                                 : estate->hours_per_month;
}

/* Usage of one sku and length of month, still as billed, and what all so far come to. */
struct monthly {
    double window, hours, quantity;
    struct money billed_cost, billed_quantity, cost;
};

static void scale_up(struct monthly *m)
{
    double factor = m->hours / m->window;
    m->cost = money_add(m->cost, money_times(m->billed_cost, factor));
    m->quantity += money_double(m->billed_quantity) * factor;
    m->billed_cost = m->billed_quantity = MONEY_ZERO;
}

static void add_sku(struct monthly *m, const struct estate *estate,
                    const struct cost_line *lines, size_t count, enum basis basis)
{
    bool by_gb_month = is_by_gb_month(&estate->skus.at[lines->sku]);
    m->hours = estate->hours_per_month;
    for (size_t i = 0; i < count; i++) {
        double hours = by_gb_month ? month_days(month_of(lines[i].hour / 24)) * 24 : m->hours;
        if (hours != m->hours)
            scale_up(m);
        m->hours = hours;
        m->billed_cost = money_add(m->billed_cost, lines[i].cost[basis]);
        m->billed_quantity = money_add(m->billed_quantity, lines[i].quantity);
    }
    scale_up(m);
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
    struct monthly m = {.window = estate_window_hours(estate)};
    bool any = false;
    for (size_t i = 0, end; i < count && m.window > 0; i = end) {
        for (end = i + 1; end < count && lines[end].sku == lines[i].sku;)
            end++;
        if (!is_usage_of(&estate->skus.at[lines[i].sku], measure))
            continue;
        add_sku(&m, estate, lines + i, end - i, basis);
        any = true;
    }
    *cost = m.cost;
    if (quantity)
        *quantity = m.quantity;
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
