#include "models/autotermination.h"

#include <math.h>

struct idle_cost idle_cost_of(const struct idle_times *times, double limit_minutes)
{
    struct idle_cost cost = {0};
    for (size_t i = 0; i < times->gap_count; i++) {
        cost.waiting_minutes += fmin(times->gaps[i], limit_minutes);
        cost.restarts += times->gaps[i] > limit_minutes;
    }
    for (size_t i = 0; i < times->tail_count; i++)
        cost.waiting_minutes += fmin(times->tails[i], limit_minutes);
    cost.paid_minutes = cost.waiting_minutes + (double)cost.restarts * times->startup_minutes;
    return cost;
}

size_t idle_limit_choose(const struct idle_times *times, const double *limits, size_t count,
                         double share)
{
    double waiting = idle_cost_of(times, INFINITY).paid_minutes, most = 0;
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, waiting - idle_cost_of(times, limits[i]).paid_minutes);
    for (size_t i = 0; i < count; i++)
        if (waiting - idle_cost_of(times, limits[i]).paid_minutes >= share * most)
            chosen = i;
    return chosen;
}
