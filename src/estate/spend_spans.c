#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "spend_parts.h"

enum { HOURS_A_DAY = 24 };

bool in_currency(const struct estate *estate, sym currency)
{
    return !currency || !estate->currency || !strcmp(currency, estate->currency);
}

void add_bases(struct money *to, const struct money *from)
{
    for (int b = 0; b < BASIS_COUNT; b++)
        to[b] = money_add(to[b], from[b]);
}

/* The month asked for last: lines of one sku follow in time, so it seldom changes. */
struct last_month {
    int64_t from, to; /* its hours */
    int32_t month;
};

static day day_of_hour(int32_t hour)
{
    return hour >= 0 ? hour / HOURS_A_DAY : -((-hour + HOURS_A_DAY - 1) / HOURS_A_DAY);
}

static int32_t month_of_hour(struct last_month *last, int32_t hour)
{
    if (hour < last->from || hour >= last->to) {
        last->month = month_of(day_of_hour(hour));
        last->from = (int64_t)month_first(last->month) * HOURS_A_DAY;
        last->to = (int64_t)month_first(last->month + 1) * HOURS_A_DAY;
    }
    return last->month;
}

static struct spend_span *span_of(struct spend_run *run, const struct cost_line *line,
                                  int32_t month)
{
    struct spend_span *span = run->spans.count ? &run->spans.at[run->spans.count - 1] : NULL;
    if (span && span->resource == line->resource && span->sku == line->sku &&
        span->month == month)
        return span;
    span = VEC_PUSH(&run->spans);
    span->resource = line->resource;
    span->sku = line->sku;
    span->month = month;
    span->first = line->hour;
    span->last = line->hour;
    return span;
}

static void add_line(struct spend_span *span, const struct cost_line *line)
{
    int32_t end = line->hour + (int32_t)line->hours;
    span->last = end > span->last ? end : span->last;
    span->quantity = money_add(span->quantity, line->quantity);
    add_bases(span->cost, line->cost);
}

static void index_spans(struct spend_run *run)
{
    size_t resources = run->estate->resources.count, at = 0;
    run->first_span = mem_alloc((resources + 1) * sizeof *run->first_span);
    for (size_t r = 0; r <= resources; r++) {
        while (at < run->spans.count && run->spans.at[at].resource < r)
            at++;
        run->first_span[r] = at;
    }
}

void spend_spans_make(struct spend_run *run)
{
    const struct estate *estate = run->estate;
    struct last_month last = {0, 0, 0};
    for (size_t i = 0; i < estate->lines.count; i++) {
        const struct cost_line *line = &estate->lines.at[i];
        add_line(span_of(run, line, month_of_hour(&last, line->hour)), line);
    }
    index_spans(run);
    run->counts = mem_alloc(estate->skus.count + 1);
    for (size_t i = 0; i < estate->skus.count; i++)
        run->counts[i] = charge_is_usage(estate->skus.at[i].charge) &&
                         in_currency(estate, estate->skus.at[i].currency);
}

void spend_spans_release(struct spend_run *run)
{
    VEC_FREE(&run->spans);
    free(run->first_span);
    free(run->counts);
}

const struct spend_span *spend_spans(const struct spend_run *run, uint32_t resource,
                                     size_t *count)
{
    size_t first = run->first_span[resource];
    *count = run->first_span[resource + 1] - first;
    return run->spans.at + first;
}
