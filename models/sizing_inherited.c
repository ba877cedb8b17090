#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "data/sizing_figures.h"
#include "sizing_parts.h"

/*
 * What the shapes of a workload miss on clusters like those that it ran on: a mean of what
 * its runs there left unexplained, weighed by how alike the clusters are and drawn towards
 * nothing where few are (Nadaraya 1964, Watson 1964, with a ridge). Another input of
 * the same algorithm errs there alike.
 */

struct place {
    double size, memory, worker; /* logs over their ranges */
};

static struct place place_of(const struct point *at)
{
    return (struct place){log(at->cores) / SIZING_INHERITED_SIZE,
                          log(at->gib_per_core) / SIZING_INHERITED_MEMORY,
                          log(at->vcpus) / SIZING_INHERITED_WORKER};
}

static double alike(struct place a, struct place b)
{
    double size = a.size - b.size, memory = a.memory - b.memory, worker = a.worker - b.worker;
    return exp(-0.5 * (size * size + memory * memory + worker * worker));
}

double *inherited_errors(const struct workload *w, const struct point *at, size_t count)
{
    double *missed = mem_alloc(w->fitted_count * count * sizeof *missed);
    double *weight = mem_alloc(count * sizeof *weight);
    struct place *places = mem_alloc(count * sizeof *places);
    for (size_t c = 0; c < count; c++) {
        places[c] = place_of(&at[c]);
        weight[c] = SIZING_INHERITED_RIDGE;
    }
    for (size_t i = 0; i < w->runs.count; i++) {
        const struct observation *o = &w->runs.at[i];
        double error[MOST_FITTED];
        struct place place = place_of(&o->at);
        if (!o->completed)
            continue;
        for (size_t k = 0; k < w->fitted_count; k++)
            error[k] = log(o->seconds / shape_seconds(&w->fitted[k].shape, &o->at));
        for (size_t c = 0; c < count; c++) {
            double share = alike(places[c], place);
            weight[c] += share;
            for (size_t k = 0; k < w->fitted_count; k++)
                missed[k * count + c] += share * error[k];
        }
    }
    for (size_t k = 0; k < w->fitted_count; k++)
        for (size_t c = 0; c < count; c++)
            missed[k * count + c] /= weight[c];
    free(weight);
    free(places);
    return missed;
}
