#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * How fast a type's cores really are: what the runs of all workloads on it leave
 * unexplained, shrunk towards the clock's figure while few workloads show it. A
 * workload counts once per type however often it ran there.
 */

struct tally {
    double log_error; /* of the workload at hand: sum over its runs on the type */
    size_t runs;
    double sum;       /* of the means, over workloads */
    size_t workloads;
};

static size_t speed_of(struct sizing_history *h, struct map *index, const struct point *at)
{
    size_t i;
    if (map_get(index, at->type, strlen(at->type), &i))
        return i;
    i = h->speeds.count;
    *VEC_PUSH(&h->speeds) = (struct type_speed){at->type, at->speed, at->gib_per_core, 0};
    map_put(index, at->type, strlen(at->type), i);
    return i;
}

/* Mean error of one workload over all its runs: its level says nothing about a type. */
static double add_errors(struct tally *tallies, const struct workload *w, const size_t *types)
{
    double level = 0, completed = 0;
    for (size_t i = 0; i < w->runs.count; i++) {
        const struct observation *o = &w->runs.at[i];
        if (!o->completed)
            continue;
        double error = log(o->seconds / shape_seconds(&w->fitted[0].shape, &o->at));
        tallies[types[i]].log_error += error;
        tallies[types[i]].runs++;
        level += error;
        completed++;
    }
    return completed > 0 ? level / completed : 0;
}

static void close_workload(struct tally *tallies, size_t count, double level)
{
    for (size_t t = 0; t < count; t++) {
        struct tally *k = &tallies[t];
        if (k->runs) {
            k->sum += k->log_error / (double)k->runs - level;
            k->workloads++;
        }
        k->log_error = 0;
        k->runs = 0;
    }
}

void history_learn_speeds(struct sizing_history *h)
{
    struct map index = MAP_INIT;
    size_t runs = 0;
    for (size_t i = 0; i < h->lessons; i++)
        runs += h->workloads.at[i].runs.count;
    size_t *types = mem_alloc((runs + 1) * sizeof *types), first = 0;
    for (size_t i = 0; i < h->lessons; i++)
        for (size_t k = 0; k < h->workloads.at[i].runs.count; k++)
            types[first++] = speed_of(h, &index, &h->workloads.at[i].runs.at[k].at);
    struct tally *tallies = mem_alloc((h->speeds.count + 1) * sizeof *tallies);
    first = 0;
    for (size_t i = 0; i < h->lessons; i++) {
        const struct workload *w = &h->workloads.at[i];
        if (w->fitted_count)
            close_workload(tallies, h->speeds.count, add_errors(tallies, w, types + first));
        first += w->runs.count;
    }
    const double noise = SIZING_SPEED_NOISE / SIZING_SPEED_SD;
    for (size_t t = 0; t < h->speeds.count; t++)
        h->speeds.at[t].log_speed =
            -tallies[t].sum / ((double)tallies[t].workloads + noise * noise);
    first = 0;
    for (size_t i = 0; i < h->lessons; i++)
        for (size_t k = 0; k < h->workloads.at[i].runs.count; k++)
            h->workloads.at[i].runs.at[k].at.speed *= exp(h->speeds.at[types[first++]].log_speed);
    for (size_t i = h->lessons; i < h->workloads.count; i++)
        for (size_t k = 0; k < h->workloads.at[i].runs.count; k++) {
            struct point *at = &h->workloads.at[i].runs.at[k].at;
            at->speed *= exp(history_speed(h, at));
        }
    free(tallies);
    free(types);
    map_release(&index);
}

double history_speed(const struct sizing_history *h, const struct point *at)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < h->speeds.count; i++) {
        const struct type_speed *s = &h->speeds.at[i];
        if (same_text(s->type, at->type))
            return s->log_speed;
        /* Other sizes of the type: the same clock and memory per core. */
        if (s->clock_speed == at->speed && fabs(s->gib_per_core / at->gib_per_core - 1) < 0.03) {
            sum += s->log_speed;
            count++;
        }
    }
    return count > 0 ? sum / count : 0;
}
