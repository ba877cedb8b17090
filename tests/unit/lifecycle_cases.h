#ifndef UNIT_LIFECYCLE_CASES_H
#define UNIT_LIFECYCLE_CASES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "models/lifecycle.h"

/* Populations drawn at random, the same ones for the same seed on every machine. */
enum { CASE_CELLS = 6, CASE_COHORTS = 4, CASE_BINS = 3 };

struct lifecycle_case {
    int from_day[CASE_CELLS], age[CASE_COHORTS];
    double deleted[CASE_CELLS], reads[CASE_CELLS], share[CASE_CELLS];
    double stock[CASE_BINS][CASE_COHORTS];
    struct lifecycle_bin bin[CASE_BINS];
    struct lifecycle_population population;
    struct lifecycle_choice choice;
};

static inline double random_unit(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t x = *state;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

static inline double random_log(uint64_t *state, double low, double high)
{
    return low * pow(high / low, random_unit(state));
}

static inline void random_curve(struct lifecycle_case *c, uint64_t *seed)
{
    static const int from[CASE_CELLS] = {0, 15, 30, 90, 180, 365};
    double reads = random_log(seed, 0.001, 2), cooling = random_unit(seed);
    double deleted = random_unit(seed) < 0.4 ? 0 : random_log(seed, 1e-4, 0.05);
    for (int i = 0; i < CASE_CELLS; i++, reads *= cooling) {
        c->from_day[i] = from[i];
        c->reads[i] = reads < 1e-7 ? 0 : reads;
        c->share[i] = c->reads[i] * random_unit(seed);
        c->deleted[i] = deleted * random_unit(seed);
    }
    double hot = random_unit(seed) < 0.5 ? 1 : 0.05 + 0.95 * random_unit(seed);
    c->population.curve =
        (struct lifecycle_curve){CASE_CELLS, c->from_day, c->deleted, c->reads, c->share, hot};
}

static inline void random_bins(struct lifecycle_case *c, uint64_t *seed)
{
    static const enum lifecycle_class starts[] = {
        LC_STANDARD,  LC_STANDARD, LC_STANDARD, LC_STANDARD_IA, LC_INTELLIGENT_TIERING,
        LC_GLACIER_IR};
    for (int k = 0; k < CASE_COHORTS; k++)
        c->age[k] = (int)random_log(seed, 1, 1200);
    for (int b = 0; b < CASE_BINS; b++) {
        for (int k = 0; k < CASE_COHORTS; k++)
            c->stock[b][k] = random_unit(seed) < 0.2 ? 0 : random_log(seed, 1, 1e6);
        c->bin[b] = (struct lifecycle_bin){
            .bytes = random_log(seed, 2e3, 5e8),
            .start = starts[(size_t)(random_unit(seed) * 6)],
            .arrivals_per_day = random_unit(seed) < 0.3 ? 0 : random_log(seed, 1, 1e5),
            .stock = c->stock[b],
        };
    }
}

static inline void random_case(struct lifecycle_case *c, uint64_t *seed)
{
    static const int horizons[] = {90, 200, 365, 365};
    memset(c, 0, sizeof *c);
    random_curve(c, seed);
    random_bins(c, seed);
    c->population.cohorts = CASE_COHORTS;
    c->population.cohort_age_days = c->age;
    c->population.bins = CASE_BINS;
    c->population.bin = c->bin;
    c->population.growth_per_year = random_unit(seed) - 0.3;
    c->population.horizon_days = horizons[(size_t)(random_unit(seed) * 4)];
    c->choice.classes = (unsigned)(random_unit(seed) * 128) | 1u << LC_GLACIER_IR;
    c->choice.size_filter = random_unit(seed) < 0.5;
    c->choice.larger_than_bytes = random_unit(seed) < 0.5 ? 0 : 128 * 1024;
    c->choice.expire_day = random_unit(seed) < 0.8 ? 0 : 40 + (int)(500 * random_unit(seed));
}

#endif
