#ifndef MODELS_AUTOTERMINATION_H
#define MODELS_AUTOTERMINATION_H

#include <stddef.h>

/*
 * After how many idle minutes a cluster should end. Waiting costs the minutes that it
 * waits, ending costs the start-up of the next one:
 *
 *     paid(limit) = sum over gaps of  gap               when gap <= limit
 *                                     limit + start-up  when gap > limit
 *                 + sum over tails of the shorter of tail and limit
 *
 * A gap lies between two pieces of work, a tail behind the last one: nothing starts again
 * after it. A longer wait pays for itself only at gaps that are just longer than the limit.
 */
struct idle_times {
    const double *gaps, *tails; /* minutes */
    size_t gap_count, tail_count;
    double startup_minutes; /* billed at each start */
};

struct idle_cost {
    double waiting_minutes;
    size_t restarts;
    double paid_minutes; /* waiting, and the start-up of the restarts */
};

/* A limit of INFINITY waits for ever. */
struct idle_cost idle_cost_of(const struct idle_times *times, double limit_minutes);

/*
 * The index of the longest limit that saves at least `share` of what the best one saves
 * against waiting for ever: the fewest restarts for nearly the same money. `limits` ascend.
 */
size_t idle_limit_choose(const struct idle_times *times, const double *limits, size_t count,
                         double share);

#endif
