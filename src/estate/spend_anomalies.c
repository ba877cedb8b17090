#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "spend_parts.h"

enum { LONGEST_DAYS = 4000, HOURS_A_DAY = 24 };

/* Daily cost of each service over the bill's window; doubles only choose, money is shown. */
struct days {
    day first;
    size_t count, services;
    struct map by_service;
    sym *names;
    struct money *cost;    /* service x day */
    struct money *largest; /* of one resource on that day */
    uint32_t *resource;
};

static bool is_daily(const struct spend_run *run, const struct cost_line *line)
{
    return line->hours <= HOURS_A_DAY && line->hour >= 0 && run->counts[line->sku];
}

static bool find_days(struct days *d, const struct spend_run *run)
{
    const struct estate *estate = run->estate;
    day last = 0;
    bool any = false;
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (!is_daily(run, line))
            continue;
        day on = line->hour / HOURS_A_DAY;
        d->first = !any || on < d->first ? on : d->first;
        last = !any || on > last ? on : last;
        any = true;
    }
    d->count = any ? (size_t)(last - d->first) + 1 : 0;
    return d->count > SPEND_USUAL_DAYS && d->count < LONGEST_DAYS;
}

static size_t service_at(struct days *d, sym service)
{
    size_t found;
    const char *name = sym_or_empty(service);
    if (map_get(&d->by_service, name, strlen(name), &found))
        return found;
    map_put(&d->by_service, name, strlen(name), d->services);
    d->names[d->services] = service;
    return d->services++;
}

/* `resource` is the one with the dearest single line of the day. */
static void fill_days(struct days *d, const struct spend_run *run)
{
    const struct estate *estate = run->estate;
    uint32_t sku = NOTHING;
    size_t service = 0;
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (!is_daily(run, line))
            continue;
        if (line->sku != sku)
            service = service_at(d, estate->skus.at[sku = line->sku].service);
        size_t at = service * d->count + (size_t)(line->hour / HOURS_A_DAY - d->first);
        struct money cost = line->cost[run->options.basis];
        d->cost[at] = money_add(d->cost[at], cost);
        if (money_cmp(cost, d->largest[at]) > 0) {
            d->largest[at] = cost;
            d->resource[at] = line->resource;
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Robust against earlier spikes: median and median absolute deviation of the days before. */
static bool stands_out(struct money *usual, const struct money *cost)
{
    double values[SPEND_USUAL_DAYS], today = money_double(*cost);
    for (int i = 0; i < SPEND_USUAL_DAYS; i++)
        values[i] = money_double(cost[i - SPEND_USUAL_DAYS]);
    double middle = median(values, SPEND_USUAL_DAYS);
    for (int i = 0; i < SPEND_USUAL_DAYS; i++)
        values[i] = fabs(money_double(cost[i - SPEND_USUAL_DAYS]) - middle);
    double spread = median(values, SPEND_USUAL_DAYS);
    *usual = money_of(middle);
    return today > middle + SPEND_ANOMALY_MADS * spread &&
           today > SPEND_ANOMALY_RATIO * middle && today > middle + SPEND_ANOMALY_LEAST;
}

static void judge(struct days *d, struct spend *out)
{
    for (size_t on = SPEND_USUAL_DAYS; on < d->count; on++)
        for (size_t s = 0; s < d->services; s++) {
            size_t at = s * d->count + on;
            struct money usual;
            if (stands_out(&usual, &d->cost[at]))
                VEC_ADD(&out->anomalies,
                        ((struct spend_anomaly){d->names[s], d->first + (day)on, d->cost[at],
                                                usual, d->resource[at]}));
        }
}

void spend_anomalies(struct spend_run *run)
{
    struct days d = {0};
    size_t services = run->out->services.count + 1;
    if (!find_days(&d, run))
        return;
    d.names = mem_alloc(services * sizeof *d.names);
    d.cost = mem_alloc(services * d.count * sizeof *d.cost);
    d.largest = mem_alloc(services * d.count * sizeof *d.largest);
    d.resource = mem_alloc(services * d.count * sizeof *d.resource);
    fill_days(&d, run);
    judge(&d, run->out);
    map_release(&d.by_service);
    free(d.names);
    free(d.cost);
    free(d.largest);
    free(d.resource);
}
