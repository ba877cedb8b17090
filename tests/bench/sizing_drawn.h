#ifndef TESTS_BENCH_SIZING_DRAWN_H
#define TESTS_BENCH_SIZING_DRAWN_H

/*
 * Workloads whose law is known, drawn with a seed: scaling near 1/n, serial time,
 * coordination, cliffs of memory, noise of 2 to 10 % (half of them as means of five), now and
 * then a run that takes half as long again.
 */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

struct drawn_law {
    double vcpus, gib_per_core, input_gb;
    double work, power, serial, per_worker, set_gib, slow, noise;
    bool iterative, outliers;
};

static double drawn_uniform(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static double drawn_normal(uint64_t *seed)
{
    double radius = sqrt(-2 * log(drawn_uniform(seed) + 1e-12));
    return radius * cos(6.283185307179586 * drawn_uniform(seed));
}

static bool drawn_chance(uint64_t *seed, double p)
{
    return drawn_uniform(seed) < p;
}

static struct drawn_law draw_law(uint64_t *seed)
{
    struct drawn_law l = {.iterative = drawn_chance(seed, 0.4),
                          .outliers = drawn_chance(seed, 0.25)};
    l.vcpus = exp2(1 + floor(4 * drawn_uniform(seed)));
    l.gib_per_core = exp2(1 + floor(3 * drawn_uniform(seed)));
    l.input_gb = 5 * pow(40, drawn_uniform(seed));
    l.work = l.input_gb * (l.iterative ? 600 : 250) * exp(0.8 * drawn_normal(seed));
    l.power = 1 + 0.06 * drawn_normal(seed);
    if (drawn_chance(seed, 0.5)) /* of what the work takes eight workers, about a third */
        l.serial = l.work / (8 * l.vcpus) * exp(-1.2 + drawn_normal(seed));
    if (drawn_chance(seed, 0.5))
        l.per_worker = exp(-0.5 + drawn_normal(seed));
    if (drawn_chance(seed, l.iterative ? 0.6 : 0.15))
        l.set_gib = 3 * l.input_gb * exp(0.8 * drawn_normal(seed));
    l.slow = l.iterative ? 2.5 * exp(0.5 * drawn_normal(seed)) : 0.4;
    l.noise = 0.02 * pow(5, drawn_uniform(seed)) / sqrt(drawn_chance(seed, 0.5) ? 5 : 1);
    return l;
}

static double drawn_seconds(const struct drawn_law *l, double workers, uint64_t *seed)
{
    double cores = workers * l->vcpus, usable = cores * (l->gib_per_core - 1.2);
    double misfit = fmin(fmax((l->set_gib / usable - 1) / 0.12, 0), 1);
    double seconds = 20 + l->serial + l->per_worker * workers +
                     l->work / pow(cores, l->power) * (1 + l->slow * misfit);
    double late = l->outliers && drawn_chance(seed, 0.12) ? 1.5 : 1;
    return seconds * late * exp(l->noise * drawn_normal(seed));
}

#endif
