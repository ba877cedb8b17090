#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "estate/estate.h"

static int by_resource_sku_hour(const void *a, const void *b)
{
    const struct cost_line *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->sku != y->sku)
        return x->sku < y->sku ? -1 : 1;
    return (x->hour > y->hour) - (x->hour < y->hour);
}

/* The window of the usage lines, and what of them no commitment covers. */
static void sum_lines(struct estate *estate)
{
    bool any = false;
    estate->uncovered = MONEY_ZERO;
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        if (!charge_is_usage(estate->skus.at[line->sku].charge))
            continue;
        int32_t end = line->hour + (int32_t)line->hours;
        estate->first_hour = !any || line->hour < estate->first_hour ? line->hour
                                                                     : estate->first_hour;
        estate->last_hour = !any || end > estate->last_hour ? end : estate->last_hour;
        any = true;
        if (estate_is_uncovered(estate, line))
            estate->uncovered = money_add(estate->uncovered, cost_line_list(line));
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

/* Resources that were made since the last time, of which there are no lines, come last. */
static void index_lines(struct estate *estate)
{
    size_t resources = estate->resources.count, known = estate->indexed_resources;
    size_t line = estate->first_line ? estate->first_line[known] : 0;
    estate->first_line =
        mem_resize(estate->first_line, (resources + 1) * sizeof *estate->first_line);
    for (size_t r = known; r <= resources; r++) {
        while (line < estate->lines.count && estate->lines.at[line].resource < r)
            line++;
        estate->first_line[r] = line;
    }
    estate->indexed_resources = resources;
}

static void read_lines(struct estate *estate)
{
    if (!lines_in_order(estate))
        VEC_SORT(&estate->lines, by_resource_sku_hour);
    sum_lines(estate);
    free(estate->first_line);
    estate->first_line = NULL;
    estate->indexed_resources = 0;
    estate->indexed_lines = estate->lines.count;
}

static void index_series(struct estate *estate)
{
    size_t resources = estate->resources.count, at = 0;
    VEC_SORT(&estate->series, by_resource_metric);
    map_release(&estate->series_by_name);
    estate->named_series = 0;
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

void estate_index(struct estate *estate)
{
    estate_link_series(estate);
    if (!estate->first_line || estate->indexed_lines != estate->lines.count)
        read_lines(estate);
    index_lines(estate);
    index_series(estate);
    index_children(estate);
}
