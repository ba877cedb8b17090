#include <string.h>

#include "run.h"

enum { HOUR = 3600, DAY = 24 * HOUR, LONGEST_FEE_DAYS = 31 };

static struct commitment_sum *sum_of(struct bill_worker *w, uint32_t sku, int32_t month)
{
    const uint32_t key[2] = {sku, (uint32_t)month};
    uint64_t hash = key_hash(key, sizeof key);
    struct key_record *r = key_table_find(&w->commitment_keys, key, sizeof key, hash);
    if (r)
        return &w->commitments.at[r->number];
    key_table_add(&w->commitment_keys, key, sizeof key, hash);
    struct commitment_sum *sum = VEC_PUSH(&w->commitments);
    sum->sku = sku;
    sum->month = month;
    return sum;
}

static wide amount(struct bill_worker *w, const struct bill_row *row, enum role role)
{
    bool rounded;
    struct money m = MONEY_ZERO;
    struct csv_view v = row_text(row, row->layout->field[role], &w->scratch);
    return v.length && money_parse(&m, v.at, v.length, &rounded) ? m.atto : 0;
}

static void copy(char *out, size_t room, struct bill_worker *w, const struct bill_row *row,
                 enum role role)
{
    struct csv_view v = row_text(row, row->layout->field[role], &w->scratch);
    if (!v.length || v.length >= room || *out)
        return;
    memcpy(out, v.at, v.length);
    out[v.length] = '\0';
}

/* The last day of the term; rows of one commitment that differ mean the latest. */
static void set_end(struct commitment_sum *sum, struct bill_worker *w,
                    const struct bill_row *row, enum role role)
{
    int64_t seconds;
    struct csv_view v = row_text(row, row->layout->field[role], &w->scratch);
    if (!v.length || !when_parse(&seconds, v.at, v.length))
        return;
    day end = (day)((seconds - 1) / DAY);
    sum->end = end > sum->end ? end : sum->end;
}

static int64_t rounded_to_hours(int64_t seconds)
{
    return (seconds + HOUR - 1) / HOUR * HOUR;
}

static void add_plan(struct commitment_sum *sum, struct bill_worker *w,
                     const struct bill_row *row, const struct span *span)
{
    wide committed = amount(w, row, ROLE_SP_TOTAL);
    if (!committed)
        return;
    sum->committed += committed;
    sum->used += amount(w, row, ROLE_SP_USED);
    sum->seconds += rounded_to_hours(span->to - span->from);
}

/*
 * What a month of a reservation costs is its recurring fee and the month's share of
 * what was paid before; the amortized cost of the fee is the part that was not used.
 */
static void add_reservation(struct commitment_sum *sum, struct bill_worker *w,
                            const struct bill_row *row, const struct amounts *a,
                            const struct span *span)
{
    wide month = amount(w, row, ROLE_RI_UPFRONT) + a->cost[BASIS_UNBLENDED];
    wide count = amount(w, row, ROLE_RI_COUNT), units = amount(w, row, ROLE_RI_UNITS);
    if (a->without_column || !month)
        return;
    sum->committed += month;
    sum->used += month - a->cost[BASIS_AMORTIZED];
    sum->count = count > sum->count ? count : sum->count;
    sum->seconds += count > 0 && units > 0 ? (int64_t)(units / count) * HOUR
                                           : rounded_to_hours(span->to - span->from);
}

void commitment_row(struct bill_worker *w, const struct bill_row *row, uint32_t sku,
                    const struct amounts *a, const struct span *span)
{
    enum charge charge = w->skus.at[sku].charge;
    struct commitment_sum *sum = sum_of(w, sku, month_of((day)(span->from / DAY)));
    if (charge == CHARGE_PLAN_FEE && row->layout->format->family == FAMILY_CUR)
        add_plan(sum, w, row, span);
    if (charge == CHARGE_RESERVATION_FEE && row->layout->format->family == FAMILY_CUR)
        add_reservation(sum, w, row, a, span);
    /* FOCUS has no column for it, but a purchase is charged for its whole term. */
    if (charge == CHARGE_UPFRONT && row->layout->format->family == FAMILY_FOCUS &&
        span->to - span->from > (int64_t)LONGEST_FEE_DAYS * DAY)
        set_end(sum, w, row, ROLE_END);
    set_end(sum, w, row, ROLE_SP_END);
    set_end(sum, w, row, ROLE_RI_END);
    copy(sum->kind, sizeof sum->kind, w, row, ROLE_SP_KIND);
    copy(sum->family, sizeof sum->family, w, row, ROLE_SP_FAMILY);
    copy(sum->region, sizeof sum->region, w, row, ROLE_SP_REGION);
}
