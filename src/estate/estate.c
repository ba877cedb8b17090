#include "estate/estate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

struct estate *estate_open(void)
{
    struct estate *estate = mem_alloc(sizeof *estate);
    estate->symbols = intern_open();
    estate->hours_per_month = 730;
    return estate;
}

static void free_tenants(struct estate *estate)
{
    for (size_t i = 0; i < estate->tenants.count; i++) {
        struct tenant *t = &estate->tenants.at[i];
        VEC_FREE(&t->prefixes);
        VEC_FREE(&t->catalogs);
        VEC_FREE(&t->roles);
        VEC_FREE(&t->workspaces);
        VEC_FREE(&t->accounts);
    }
    VEC_FREE(&estate->tenants);
}

static void free_phases(struct estate *estate)
{
    for (size_t i = 0; i < estate->phases.count; i++)
        VEC_FREE(&estate->phases.at[i].allowed_types);
    VEC_FREE(&estate->phases);
}

void estate_free(struct estate *estate)
{
    if (!estate)
        return;
    free_tenants(estate);
    free_phases(estate);
    VEC_FREE(&estate->resources);
    VEC_FREE(&estate->skus);
    VEC_FREE(&estate->lines);
    VEC_FREE(&estate->runs);
    VEC_FREE(&estate->commitments);
    VEC_FREE(&estate->series);
    VEC_FREE(&estate->objects);
    VEC_FREE(&estate->access);
    VEC_FREE(&estate->bills);
    VEC_FREE(&estate->notes);
    map_release(&estate->resource_by_key);
    free(estate->first_line);
    free(estate->first_series);
    free(estate->children);
    free(estate->first_child);
    intern_free(estate->symbols);
    arena_release(&estate->arena);
    free(estate);
}

uint32_t estate_find(const struct estate *estate, const char *key)
{
    size_t index;
    return map_get(&estate->resource_by_key, key, strlen(key), &index) ? (uint32_t)index : NOTHING;
}

uint32_t estate_resource(struct estate *estate, const char *key)
{
    uint32_t found = estate_find(estate, key);
    if (found != NOTHING)
        return found;
    size_t index = estate->resources.count;
    struct resource *r = VEC_PUSH(&estate->resources);
    r->key = intern(estate->symbols, key);
    r->tenant = r->phase = r->parent = NOTHING;
    map_put(&estate->resource_by_key, r->key, strlen(r->key), index);
    return (uint32_t)index;
}

void estate_note(struct estate *estate, enum note_kind kind, const char *source,
                 const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    VEC_ADD(&estate->notes,
            ((struct note){kind, arena_strdup(&estate->arena, text),
                           source ? arena_strdup(&estate->arena, source) : NULL, 1}));
}

static int by_resource_sku_hour(const void *a, const void *b)
{
    const struct cost_line *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->sku != y->sku)
        return x->sku < y->sku ? -1 : 1;
    return (x->hour > y->hour) - (x->hour < y->hour);
}

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

static void sum_uncovered(struct estate *estate)
{
    estate->uncovered = MONEY_ZERO;
    for (size_t i = 0; i < estate->lines.count; i++)
        if (estate_is_uncovered(estate, &estate->lines.at[i]))
            estate->uncovered =
                money_add(estate->uncovered, cost_line_list(&estate->lines.at[i]));
}

static void set_window(struct estate *estate)
{
    bool any = false;
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (!charge_is_usage(estate->skus.at[line->sku].charge))
            continue;
        int32_t end = line->hour + (int32_t)line->hours;
        estate->first_hour = !any || line->hour < estate->first_hour ? line->hour
                                                                     : estate->first_hour;
        estate->last_hour = !any || end > estate->last_hour ? end : estate->last_hour;
        any = true;
    }
}

static int text_order(sym a, sym b)
{
    return a == b ? 0 : strcmp(sym_or_empty(a), sym_or_empty(b));
}

static int by_resource_metric(const void *a, const void *b)
{
    const struct metric_series *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    int order = text_order(x->metric, y->metric);
    order = order ? order : text_order(x->stat, y->stat);
    return order ? order : text_order(x->subject, y->subject);
}

/* Bills give their lines in order; only what comes from several inputs has to be sorted. */
static bool lines_in_order(const struct estate *estate)
{
    for (size_t i = 1; i < estate->lines.count; i++)
        if (by_resource_sku_hour(&estate->lines.at[i - 1], &estate->lines.at[i]) > 0)
            return false;
    return true;
}

static void index_lines(struct estate *estate)
{
    size_t resources = estate->resources.count, line = 0;
    if (!lines_in_order(estate))
        qsort(estate->lines.at, estate->lines.count, sizeof *estate->lines.at,
              by_resource_sku_hour);
    free(estate->first_line);
    estate->first_line = mem_alloc((resources + 1) * sizeof *estate->first_line);
    for (size_t r = 0; r <= resources; r++) {
        while (line < estate->lines.count && estate->lines.at[line].resource < r)
            line++;
        estate->first_line[r] = line;
    }
}

static void index_series(struct estate *estate)
{
    size_t resources = estate->resources.count, at = 0;
    if (estate->series.count)
        qsort(estate->series.at, estate->series.count, sizeof *estate->series.at,
              by_resource_metric);
    free(estate->first_series);
    estate->first_series = mem_alloc((resources + 1) * sizeof *estate->first_series);
    for (size_t r = 0; r <= resources; r++) {
        while (at < estate->series.count && estate->series.at[at].resource < r)
            at++;
        estate->first_series[r] = at;
    }
}

/* A counting sort: first_child[p] .. first_child[p + 1] are the children of p. */
static void index_children(struct estate *estate)
{
    size_t resources = estate->resources.count, sum = 0;
    free(estate->children);
    free(estate->first_child);
    estate->children = mem_alloc((resources + 1) * sizeof *estate->children);
    estate->first_child = mem_alloc((resources + 2) * sizeof *estate->first_child);
    size_t *next = estate->first_child + 1;
    for (size_t r = 0; r < resources; r++)
        if (estate->resources.at[r].parent < resources)
            next[estate->resources.at[r].parent]++;
    for (size_t r = 0; r < resources; r++) {
        size_t count = next[r];
        next[r] = sum;
        sum += count;
    }
    for (uint32_t r = 0; r < resources; r++)
        if (estate->resources.at[r].parent < resources)
            estate->children[next[estate->resources.at[r].parent]++] = r;
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

void estate_index(struct estate *estate)
{
    estate_link_series(estate);
    index_lines(estate);
    index_series(estate);
    index_children(estate);
    sum_uncovered(estate);
    set_window(estate);
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

double estate_month_hours(const struct estate *estate, const struct cost_line *line)
{
    const char *unit = estate->skus.at[line->sku].unit;
    if (!unit || strncasecmp(unit, "GB-Mo", 5) != 0)
        return estate->hours_per_month;
    return month_days(month_of(line->hour / 24)) * 24;
}

/* Sums the usage lines of a resource that have the measure; NULL takes all. */
static bool monthly(struct money *cost, double *quantity, const struct estate *estate,
                    uint32_t resource, const char *measure, enum basis basis)
{
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    double window = estate_window_hours(estate), amount = 0;
    struct money sum = MONEY_ZERO;
    bool any = false;
    for (size_t i = 0; i < count && window > 0; i++) {
        const struct sku *sku = &estate->skus.at[lines[i].sku];
        if (!charge_is_usage(sku->charge))
            continue;
        if (measure && (!sku->measure || strcmp(sku->measure, measure)))
            continue;
        double factor = estate_month_hours(estate, &lines[i]) / window;
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
