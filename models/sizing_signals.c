#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * What own runs show beside their time, as evidence for or against a scenario:
 * how busy their cores were, whether they spilled, what they cached. Each is weak
 * alone, since none is measured the same way everywhere.
 */

/* Share of the time in which a scenario keeps the cores busy. */
static double busy(const double seconds[COLUMNS])
{
    double total = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        total += seconds[j];
    double sum = seconds[COL_WORK] + SIZING_BUSY_RECOMPUTING * (seconds[COL_SLOW] + seconds[COL_TIGHT]);
    return total > 0 ? sum / total : 0;
}

static double cpu_likelihood(const double seconds[COLUMNS], double cpu_share)
{
    if (isnan(cpu_share))
        return 0;
    double z = log((cpu_share + 0.05) / (SIZING_BUSY_WORKING * busy(seconds) + 0.05)) /
               SIZING_BUSY_SD;
    return -0.5 * z * z;
}

/* Spilling is want of memory: of the working set or of each core. */
static double spill_likelihood(const double columns[COLUMNS], double spill_gb)
{
    bool wants = columns[COL_SLOW] > 0 || columns[COL_TIGHT] > 0;
    return spill_gb > SIZING_SPILL_GB && !wants ? log(SIZING_SPILL_ANYWAY) : 0;
}

/* What own runs cached is their working set, or what of it had room. */
static double cache_likelihood(const struct shape *shape, double cached_set_gib,
                               const struct observation *own, size_t count)
{
    double room = 0;
    if (isnan(cached_set_gib))
        return 0;
    if (shape->set_gib == 0)
        return log(0.1);
    for (size_t i = 0; i < count; i++)
        room = fmax(room, own[i].completed ? own[i].at.usable_gib : 0);
    double z = log(shape->set_gib / cached_set_gib) / SIZING_SET_CACHED_SD;
    return z > 0 && cached_set_gib > 0.7 * room ? 0 : -0.5 * z * z;
}

double signals_likelihood(const struct scenario *s, double cached_set_gib,
                          const struct observation *own, size_t count)
{
    double sum = 0, told = 0;
    for (size_t i = 0; i < count; i++) {
        double columns[COLUMNS];
        bool measured = !isnan(own[i].cpu_share) || !isnan(own[i].spill_gb);
        if (!own[i].completed || !measured)
            continue;
        point_columns(columns, &own[i].at, s->shape.set_gib, s->shape.tight_gib);
        sum += spill_likelihood(columns, own[i].spill_gb);
        for (size_t j = 0; j < COLUMNS; j++)
            columns[j] *= s->shape.beta[j];
        sum += cpu_likelihood(columns, own[i].cpu_share);
        told++;
    }
    /* Runs of one workload err alike: four tell what two strangers would. */
    return sum / sqrt(fmax(told, 1)) + cache_likelihood(&s->shape, cached_set_gib, own, count);
}
