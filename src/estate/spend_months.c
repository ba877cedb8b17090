#include <stdlib.h>

#include "spend_parts.h"

static int by_month(const void *a, const void *b)
{
    const struct spend_month *x = a, *y = b;
    return (x->month > y->month) - (x->month < y->month);
}

size_t spend_month_at(const struct spend *spend, int32_t month)
{
    struct spend_month key = {.month = month};
    const struct spend_month *found =
        bsearch(&key, spend->months.at, spend->months.count, sizeof key, by_month);
    return found ? (size_t)(found - spend->months.at) : 0;
}

static bool is_known(const struct spend *spend, int32_t month)
{
    for (size_t i = 0; i < spend->months.count; i++)
        if (spend->months.at[i].month == month)
            return true;
    return false;
}

void spend_find_months(struct spend_run *run)
{
    struct spend *out = run->out;
    for (size_t i = 0; i < run->spans.count; i++)
        if (!is_known(out, run->spans.at[i].month))
            VEC_PUSH(&out->months)->month = run->spans.at[i].month;
    VEC_SORT(&out->months, by_month);
}
