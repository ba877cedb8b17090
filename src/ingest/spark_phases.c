#include "ingest/spark_phases.h"

#include <string.h>

#include "base/map.h"
#include "spark_phase.h"
#include "spark_units.h"

enum { MERGE_GAP_MS = 60 * 1000 };

static void add_idle(struct spark_phases *out, int64_t from_ms, int64_t to_ms)
{
    if (to_ms - from_ms < MERGE_GAP_MS)
        return;
    struct spark_phase *idle = VEC_PUSH(&out->at);
    idle->idle = true;
    idle->from_ms = from_ms;
    idle->to_ms = to_ms;
}

static void add_unit(struct spark_phase *phase, const struct spark_unit *u)
{
    for (size_t i = 0; i < u->jobs.count; i++)
        VEC_ADD(&phase->jobs, u->jobs.at[i]);
    for (size_t i = 0; i < u->stages.count; i++)
        VEC_ADD(&phase->stages, u->stages.at[i]);
    phase->hints |= u->hints;
    phase->incomplete |= u->incomplete;
    phase->demand.core_seconds += (double)u->good.run_ms / 1e3;
    phase->units++;
    if (u->to_ms > phase->to_ms)
        phase->to_ms = u->to_ms;
}

static bool goes_on(const struct spark_phase *last, const struct spark_unit *u)
{
    if (!last || last->idle || last->declared != u->declared)
        return false;
    return u->declared || last->class == u->class;
}

/* A declared phase is one whatever its parts look like; it has the character of the largest.
 */
static void merge_units(struct spark_phases *out, const struct spark_units *units,
                        const struct spark_log *log)
{
    int64_t end = log->started_ms, largest_ms = 0;
    for (size_t i = 0; i < units->at.count; i++) {
        const struct spark_unit *u = &units->at.at[i];
        add_idle(out, end, u->from_ms);
        struct spark_phase *last = out->at.count ? &out->at.at[out->at.count - 1] : NULL;
        if (!goes_on(last, u)) {
            last = VEC_PUSH(&out->at);
            last->declared = u->declared;
            last->from_ms = last->to_ms = u->from_ms;
            largest_ms = -1;
        }
        if (u->good.run_ms > largest_ms) {
            last->class = u->class;
            largest_ms = u->good.run_ms;
        }
        add_unit(last, u);
        end = u->to_ms > end ? u->to_ms : end;
    }
    add_idle(out, end, log->ended_ms);
}

static bool next_to(const struct spark_phase *a, const struct spark_phase *b)
{
    return !a->idle && !b->idle && b->from_ms - a->to_ms < MERGE_GAP_MS;
}

/* A little work beside the real one: a schema read, a count; of no class it may be more. */
static bool is_trifle(const struct spark_phase *p, const struct spark_phase *beside)
{
    double most = p->class == CLASS_UNKNOWN ? 0.05 : 0.01;
    return !p->declared && p->demand.core_seconds < most * beside->demand.core_seconds;
}

/* The later one goes into the earlier one. */
static void join(struct spark_phase *a, struct spark_phase *b)
{
    if (is_trifle(a, b)) {
        a->class = b->class;
        a->declared = b->declared;
    }
    for (size_t i = 0; i < b->jobs.count; i++)
        VEC_ADD(&a->jobs, b->jobs.at[i]);
    for (size_t i = 0; i < b->stages.count; i++)
        VEC_ADD(&a->stages, b->stages.at[i]);
    a->hints |= b->hints;
    a->incomplete |= b->incomplete;
    a->demand.core_seconds += b->demand.core_seconds;
    a->units += b->units;
    a->to_ms = b->to_ms > a->to_ms ? b->to_ms : a->to_ms;
    VEC_FREE(&b->jobs);
    VEC_FREE(&b->stages);
}

static bool belong_together(const struct spark_phase *a, const struct spark_phase *b)
{
    bool same = a->declared == b->declared && (a->declared || a->class == b->class);
    return next_to(a, b) && (same || is_trifle(a, b) || is_trifle(b, a));
}

/* What was joined may now go with what stands before it. */
static void join_neighbours(struct spark_phases *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < out->at.count; i++) {
        out->at.at[kept++] = out->at.at[i];
        while (kept > 1 && belong_together(&out->at.at[kept - 2], &out->at.at[kept - 1])) {
            join(&out->at.at[kept - 2], &out->at.at[kept - 1]);
            kept--;
        }
    }
    out->at.count = kept;
}

static const char *plain_name(const struct spark_phase *p)
{
    return p->declared ? p->declared->name : spark_phase_class(p);
}

/* "etl", "etl 2"; idle phases share one name. */
static void name_phases(struct spark_phases *out)
{
    struct map seen = MAP_INIT;
    for (size_t i = 0; i < out->at.count; i++) {
        struct spark_phase *p = &out->at.at[i];
        const char *name = arena_strdup(&out->arena, plain_name(p));
        size_t before = 0;
        map_get(&seen, name, strlen(name), &before);
        map_put(&seen, name, strlen(name), before + 1);
        p->name =
            !before || p->idle ? name : arena_printf(&out->arena, "%s %zu", name, before + 1);
    }
    map_release(&seen);
}

static void take_declared(struct spark_phase *p)
{
    if (p->declared && p->declared->class != CLASS_UNKNOWN)
        p->class = p->declared->class;
    if (p->declared && p->declared->iterative != TRI_UNKNOWN)
        p->iterative = p->declared->iterative;
}

void spark_phases_of(struct spark_phases *out, const struct spark_log *log,
                     const struct spark_labels *labels)
{
    *out = (struct spark_phases){0};
    struct spark_units units = {0};
    spark_units_find(&units, log, labels);
    merge_units(out, &units, log);
    spark_units_release(&units);
    join_neighbours(out);
    for (size_t i = 0; i < out->at.count; i++) {
        spark_phase_measure(&out->at.at[i], log);
        take_declared(&out->at.at[i]);
    }
    name_phases(out);
}

void spark_phases_release(struct spark_phases *phases)
{
    for (size_t i = 0; i < phases->at.count; i++) {
        VEC_FREE(&phases->at.at[i].jobs);
        VEC_FREE(&phases->at.at[i].stages);
    }
    VEC_FREE(&phases->at);
    arena_release(&phases->arena);
}

const char *spark_phase_class(const struct spark_phase *phase)
{
    if (phase->idle)
        return "idle";
    return phase->class == CLASS_UNKNOWN ? "mixed" : class_name(phase->class);
}
