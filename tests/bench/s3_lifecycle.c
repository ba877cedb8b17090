/*
 * s3_lifecycle [CASES]: draws that many populations (1000) and finds the cheapest policy
 * of each over all default ages, all classes and three years, then walks its first year
 * day by day. Prints milliseconds a case of each, and the largest difference between the
 * walk and the cost function.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "models/lifecycle.h"
#include "models/lifecycle_simulate.h"
#include "../unit/lifecycle_cases.h"
#include "../unit/lifecycle_prices.h"

enum { MONTHS = 12, YEAR = 365, DECISION = 3 * YEAR };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cost_of(const struct lifecycle_population *p,
                      const struct lifecycle_policy *policy)
{
    struct lifecycle_model *model;
    struct lifecycle_bill bill = {{0}};
    if (lifecycle_open(&model, p, &prices, NULL)) {
        lifecycle_cost(&bill, model, policy, NULL);
        lifecycle_free(model);
    }
    return lifecycle_total(&bill);
}

static double walk(const struct lifecycle_population *p, const struct lifecycle_policy *policy)
{
    struct lifecycle_bill months[MONTHS];
    double sum = 0;
    if (lifecycle_simulate(months, MONTHS, p, &prices, policy, NULL))
        for (int m = 0; m < MONTHS; m++)
            sum += lifecycle_total(&months[m]);
    return sum;
}

int main(int argc, char **argv)
{
    int cases = argc > 1 ? atoi(argv[1]) : 1000;
    double searching = 0, slowest = 0, walking = 0, difference = 0;
    uint64_t seed = 7;
    for (int i = 0; i < cases; i++) {
        struct lifecycle_case c;
        struct lifecycle_model *model;
        struct lifecycle_optimum found;
        random_case(&c, &seed);
        c.choice.classes = (1u << LC_CLASSES) - 1;
        c.population.horizon_days = DECISION;
        double from = now();
        if (!lifecycle_open(&model, &c.population, &prices, NULL) ||
            !lifecycle_optimise(&found, model, &c.choice, NULL))
            return 1;
        lifecycle_free(model);
        double seconds = now() - from;
        searching += seconds;
        slowest = fmax(slowest, seconds);
        c.population.horizon_days = YEAR;
        from = now();
        double walked = walk(&c.population, &found.best);
        walking += now() - from;
        difference = fmax(difference, fabs(walked / cost_of(&c.population, &found.best) - 1));
    }
    printf("%d cases: cheapest policy %.3f ms a case, the slowest %.3f ms; a year day by day "
           "%.3f ms; they differ by %.3f %% at most\n",
           cases, 1e3 * searching / cases, 1e3 * slowest, 1e3 * walking / cases,
           100 * difference);
    return 0;
}
