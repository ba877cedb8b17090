#include <math.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * What own runs show beside their time, as evidence for or against a scenario:
 * how busy their cores were, whether they spilled, what they held, moved and cached.
 * Each is weak alone, since none is measured the same way everywhere.
 */

/* Share of the time in which a scenario keeps the cores busy. */
static double busy(const double seconds[COLUMNS])
{
    double total = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        total += seconds[j];
    double sum =
        seconds[COL_WORK] + SIZING_BUSY_RECOMPUTING * (seconds[COL_SLOW] + seconds[COL_TIGHT]);
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

/* One-sided: `z` sds above what was seen, but not below what happens anyway. */
static double excess(double z, double anyway)
{
    return z > 0 ? fmax(-0.5 * z * z, log(anyway)) : 0;
}

/* Processes that left most of their machine alone, and did not spill, held all they needed. */
static double memory_likelihood(const struct shape *shape, const struct observation *o)
{
    double machine_gib = o->at.gib_per_core * o->at.vcpus;
    bool had_room = o->memory_peak_gib < SIZING_PEAK_ROOM * machine_gib;
    if (!had_room || o->spill_gb > SIZING_SPILL_GB || shape->set_gib == 0)
        return 0;
    double held_gib = o->memory_peak_gib * o->at.workers;
    return excess(log(shape->set_gib * o->at.input / held_gib) / SIZING_PEAK_SD,
                  SIZING_PEAK_ANYWAY);
}

/*
 * Bytes bound what the network and the disks can have taken: input and as much output over
 * the wire, shuffles over the wire, shuffles and spill to disk and back. Less is no news,
 * since both run beside the work.
 */
static double bytes_likelihood(const double seconds[COLUMNS], const struct observation *o)
{
    double total = 0, spill_gb = isnan(o->spill_gb) ? 0 : o->spill_gb;
    if (isnan(o->shuffle_gb) || isnan(o->input_gb))
        return 0;
    for (size_t j = 0; j < COLUMNS; j++)
        total += seconds[j];
    double wire = 8 * (2 * o->input_gb + o->shuffle_gb) / o->at.network;
    double disk = 10 * (2 * o->input_gb + 2 * (o->shuffle_gb + spill_gb)) / o->at.disk;
    double beyond = fmax(0, seconds[COL_NETWORK] - SIZING_BYTES_SLACK * wire) +
                    fmax(0, seconds[COL_DISK] - SIZING_BYTES_SLACK * disk);
    return total > 0 ? excess(beyond / total / SIZING_BYTES_SD, SIZING_BYTES_ANYWAY) : 0;
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
        bool measured = !isnan(own[i].cpu_share) || !isnan(own[i].spill_gb) ||
                        !isnan(own[i].memory_peak_gib) || !isnan(own[i].shuffle_gb);
        if (!own[i].completed || !measured)
            continue;
        point_columns(columns, &own[i].at, s->shape.set_gib, s->shape.tight_gib);
        sum +=
            spill_likelihood(columns, own[i].spill_gb) + memory_likelihood(&s->shape, &own[i]);
        for (size_t j = 0; j < COLUMNS; j++)
            columns[j] *= s->shape.beta[j];
        sum += cpu_likelihood(columns, own[i].cpu_share) + bytes_likelihood(columns, &own[i]);
        told++;
    }
    /* Runs of one workload err alike: four tell what two strangers would. */
    return sum / sqrt(fmax(told, 1)) + cache_likelihood(&s->shape, cached_set_gib, own, count);
}

/* GB that a run writes to local disks, at the input that is asked for. */
static double local_files(const struct observation *o)
{
    return (o->shuffle_gb + (isnan(o->spill_gb) ? 0 : o->spill_gb)) / o->at.input;
}

static double disk_failure(double filled)
{
    static const double full[] = SIZING_DISK_FULL;
    double share = (filled - full[0]) / (full[1] - full[0]);
    return SIZING_DISK_FAILURE * fmin(1, fmax(0, share));
}

static void raise_failure(struct sizing_forecast *f, size_t candidate, double by)
{
    for (size_t i = 0; i < f->beliefs.scenarios.count; i++) {
        double *failure = &f->failure[i * f->count + candidate];
        *failure = 1 - (1 - *failure) * (1 - by);
    }
}

/* How full disks were when it went well is proof that so much goes well. */
void signals_apply_disks(struct sizing_forecast *f, const struct observation *own,
                         size_t count)
{
    double proven = 0;
    f->local_files_gb = NAN;
    for (size_t i = 0; i < count; i++) {
        f->local_files_gb = fmax(f->local_files_gb, local_files(&own[i]));
        if (own[i].completed)
            proven = fmax(proven, local_files(&own[i]) * own[i].at.input / own[i].at.local_gb);
    }
    for (size_t c = 0; c < f->count; c++) {
        double filled = f->local_files_gb / f->points[c].local_gb;
        if (!(filled > proven) || !(disk_failure(filled) > 0))
            continue;
        f->short_of_disk++;
        if (f->own[c] <= 0)
            raise_failure(f, c, disk_failure(filled));
    }
}
