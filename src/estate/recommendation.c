#include "estate/recommendation.h"

struct money_range recommendation_saving(const struct recommendation *r)
{
    return money_range_sub(r->net.now, r->net.after);
}

struct money_range recommendation_list_saving(const struct recommendation *r)
{
    return money_range_sub(r->list.now, r->list.after);
}

double recommendation_payback_months(const struct recommendation *r)
{
    double cost = money_double(r->one_off.expected);
    double saving = money_double(recommendation_saving(r).expected);
    if (cost <= 0)
        return 0;
    return saving > 0 ? cost / saving : -1;
}
