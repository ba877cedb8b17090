#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "estate/estate.h"

/* Fields of a phase that one run on any cluster tells, and those of its own machines. */
static const size_t of_the_work[] = {
    offsetof(struct phase, input_gb),
    offsetof(struct phase, demand.input_bytes),
    offsetof(struct phase, demand.output_bytes),
    offsetof(struct phase, demand.shuffle_read_bytes),
    offsetof(struct phase, demand.shuffle_write_bytes),
    offsetof(struct phase, demand.spill_bytes),
    offsetof(struct phase, demand.cached_bytes),
    offsetof(struct phase, demand.tasks),
    offsetof(struct phase, demand.failed_tasks),
};
static const size_t of_the_machines[] = {
    offsetof(struct phase, workers),
    offsetof(struct phase, minutes),
    offsetof(struct phase, slot_use),
    offsetof(struct phase, demand.core_seconds),
    offsetof(struct phase, demand.cpu_seconds),
    offsetof(struct phase, demand.gc_seconds),
    offsetof(struct phase, demand.working_set_bytes),
    offsetof(struct phase, demand.driver_seconds),
    offsetof(struct phase, demand.longest_task_seconds),
    offsetof(struct phase, demand.skew_seconds),
};

static void fill(struct phase *to, const struct phase *from, const size_t *fields, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *field = (double *)(void *)((char *)to + fields[i]);
        if (isnan(*field))
            *field = *(const double *)(const void *)((const char *)from + fields[i]);
    }
}

static void complete(struct phase *declared, const struct phase *measured)
{
    fill(declared, measured, of_the_work, sizeof of_the_work / sizeof *of_the_work);
    if (declared->class == CLASS_UNKNOWN)
        declared->class = measured->class;
    if (declared->iterative == TRI_UNKNOWN)
        declared->iterative = measured->iterative;
    if (measured->cluster_id)
        declared->cluster_id = measured->cluster_id;
    if (measured->job_id)
        declared->job_id = measured->job_id;
    if (!declared->instance_type) {
        declared->instance_type = measured->instance_type;
        declared->driver_type = measured->driver_type;
        declared->photon = measured->photon;
    }
    if (!measured->instance_type || declared->instance_type != measured->instance_type)
        return;
    fill(declared, measured, of_the_machines,
         sizeof of_the_machines / sizeof *of_the_machines);
    declared->from = measured->from;
    declared->to = measured->to;
}

/* Runs that were cut tell less; of whole ones the last, since inputs grow. */
static bool is_better(const struct phase *a, const struct phase *b)
{
    if (a->incomplete != b->incomplete)
        return b->incomplete;
    if (a->from != b->from)
        return a->from > b->from;
    return strcmp(sym_or_empty(a->id), sym_or_empty(b->id)) > 0;
}

/* best[d] is the phase of a log that tells most of declared phase d, or NOTHING. */
static void find_best(uint32_t *best, bool *joined, const struct estate *estate)
{
    struct map by_id = MAP_INIT;
    for (size_t i = 0; i < estate->phases.count; i++) {
        const struct phase *p = &estate->phases.at[i];
        best[i] = NOTHING;
        if (p->id && !p->declared)
            map_put(&by_id, p->id, strlen(p->id), i);
    }
    for (size_t i = 0; i < estate->phases.count; i++) {
        const struct phase *p = &estate->phases.at[i];
        size_t d;
        joined[i] = p->declared && map_get(&by_id, p->declared, strlen(p->declared), &d);
        if (joined[i] && (best[d] == NOTHING || is_better(p, &estate->phases.at[best[d]])))
            best[d] = (uint32_t)i;
    }
    map_release(&by_id);
}

void estate_join_phases(struct estate *estate)
{
    size_t count = estate->phases.count, kept = 0;
    uint32_t *best = mem_alloc((count + 1) * sizeof *best);
    bool *joined = mem_alloc(count + 1);
    find_best(best, joined, estate);
    for (size_t i = 0; i < count; i++)
        if (best[i] != NOTHING)
            complete(&estate->phases.at[i], &estate->phases.at[best[i]]);
    for (size_t i = 0; i < count; i++)
        if (joined[i])
            phase_release(&estate->phases.at[i]);
        else
            estate->phases.at[kept++] = estate->phases.at[i];
    estate->phases.count = kept;
    free(best);
    free(joined);
}
