#include <math.h>
#include <string.h>

#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * T = start + work/(cores speed) (1 + slow misfit + tight shortage)
 *     + disk/(workers MB/s) + network/(workers Gbit/s) + worker n + core busy
 *
 * The first, second and last two terms are Ernest's (NSDI 2016) with cores for
 * machines, the last growing only while a stage has tasks for them; the middle ones are
 * the resource bounds of the catalogue's figures; misfit and shortage are what memory
 * does to them.
 */

bool same_text(const char *a, const char *b)
{
    return a && b && !strcmp(a, b);
}

bool is_figure(double x)
{
    return x >= 1e-6 && x <= 1e9;
}

static double known_or(double value, double otherwise)
{
    return is_figure(value) ? value : otherwise;
}

void point_of(struct point *out, const char *type, double workers,
              const struct sizing_hardware *hardware)
{
    double clock = known_or(hardware->clock_ghz, SIZING_CLOCK_REFERENCE);
    double memory = workers * hardware->memory_gib, cores = workers * hardware->vcpus;
    *out = (struct point){
        .type = type,
        .workers = workers,
        .vcpus = hardware->vcpus,
        .cores = cores,
        .gib_per_core = hardware->memory_gib / hardware->vcpus,
        .usable_gib = fmax(memory - SIZING_CORE_GIB * cores, SIZING_LEAST_USABLE * memory),
        .disk = workers * known_or(hardware->disk_mb_per_s, SIZING_DISK_UNKNOWN) / 100,
        .network = workers * known_or(hardware->network_gbps, SIZING_NETWORK_UNKNOWN),
        .local_gb = workers * known_or(hardware->local_storage_gb, NAN),
        .speed = pow(clock / SIZING_CLOCK_REFERENCE, SIZING_CLOCK_POWER),
        .input = 1,
    };
}

static double between_0_and_1(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

double point_misfit(const struct point *at, double set_gib)
{
    return between_0_and_1((set_gib * at->input / at->usable_gib - 1) / SIZING_CLIFF);
}

void point_memory(double columns[COLUMNS], const struct point *at, double set_gib,
                  double tight_gib)
{
    double shortage = between_0_and_1((tight_gib / at->gib_per_core - 1) / SIZING_TIGHT_RANGE);
    columns[COL_SLOW] = point_misfit(at, set_gib) * columns[COL_WORK];
    columns[COL_TIGHT] = shortage * columns[COL_WORK];
}

void point_columns(double columns[COLUMNS], const struct point *at, double set_gib,
                   double tight_gib)
{
    columns[COL_START] = 1;
    columns[COL_WORK] = at->input / (at->cores * at->speed);
    columns[COL_DISK] = at->input / at->disk;
    columns[COL_NETWORK] = at->input / at->network;
    columns[COL_WORKER] = at->workers;
    /* What waits for every core waits for those that have a task. */
    columns[COL_CORE] = fmin(at->cores, SIZING_STAGE_TASKS);
    point_memory(columns, at, set_gib, tight_gib);
}

double columns_seconds(const double columns[COLUMNS], const double beta[COLUMNS])
{
    static const double moment = 0.1;
    double seconds = 0;
    for (size_t j = 0; j < COLUMNS; j++)
        seconds += columns[j] * beta[j];
    return fmax(seconds, moment);
}

double shape_seconds(const struct shape *shape, const struct point *at)
{
    double columns[COLUMNS];
    point_columns(columns, at, shape->set_gib, shape->tight_gib);
    return columns_seconds(columns, shape->beta);
}

void shape_scale(struct shape *shape, double log_scale)
{
    /* Work grows with the data; start-up and coordination hardly do (two sizes of nine
     * algorithms in scout: exponents near 0.2 and 0.4). */
    static const double power[COLUMNS] = {0.25, 1, 1, 1, 1, 1, 0.2, 0.4};
    double factor = 1;
    for (size_t j = 0; j < COLUMNS; j++) {
        if (j == 0 || power[j] != power[j - 1])
            factor = exp(power[j] * log_scale);
        shape->beta[j] *= factor;
    }
}

enum sizing_term column_term(enum column column)
{
    static const enum sizing_term term[COLUMNS] = {
        [COL_START] = SIZING_START,         [COL_WORK] = SIZING_CPU,
        [COL_SLOW] = SIZING_MEMORY,         [COL_TIGHT] = SIZING_MEMORY,
        [COL_DISK] = SIZING_DISK,           [COL_NETWORK] = SIZING_NETWORK,
        [COL_WORKER] = SIZING_COORDINATION, [COL_CORE] = SIZING_COORDINATION,
    };
    return term[column];
}

const char *sizing_term_name(enum sizing_term term)
{
    static const char *const name[SIZING_TERMS] = {"start-up", "cpu",     "memory",
                                                   "disk",     "network", "coordination"};
    return name[term];
}
