#include "ingest/spark_phases.h"

#include <stdlib.h>
#include <string.h>

#include "spark_phase.h"

enum { MERGE_GAP_MS = 60 * 1000, SHORT_UNIT_MS = 30 * 1000 };

/* One SQL execution with its jobs, or one job, or stages of a job that the log does not name.
 */
struct unit {
    int64_t from_ms, to_ms;
    enum workload_class class;
    bool incomplete;
    unsigned hints;
    VEC(uint32_t) jobs;
    VEC(uint32_t) stages;
    struct spark_totals good;
};

struct units {
    VEC(struct unit) at;
};

static void widen(struct unit *u, int64_t from_ms, int64_t to_ms)
{
    if (from_ms && (!u->from_ms || from_ms < u->from_ms))
        u->from_ms = from_ms;
    if (to_ms > u->to_ms)
        u->to_ms = to_ms;
}

static int64_t root_of(const struct spark_log *log, uint32_t sql)
{
    return log->sqls.at[sql].root;
}

/* The unit of each job: one for all jobs of one outermost SQL execution. */
static void group_jobs(struct units *units, size_t *unit_of_job, const struct spark_log *log)
{
    struct map by_root = MAP_INIT;
    for (size_t i = 0; i < log->jobs.count; i++) {
        const struct spark_job *job = &log->jobs.at[i];
        const struct spark_sql *sql = job->sql == SPARK_NONE ? NULL : &log->sqls.at[job->sql];
        size_t u;
        if (!sql || !map_get(&by_root, &sql->root, sizeof sql->root, &u)) {
            u = units->at.count;
            VEC_PUSH(&units->at);
            if (sql)
                map_put(&by_root, &sql->root, sizeof sql->root, u);
        }
        struct unit *unit = &units->at.at[u];
        unit_of_job[i] = u;
        unit->hints |= job->hints | (sql ? sql->hints : 0);
        unit->incomplete |= !job->ended;
        widen(unit, job->submitted_ms, job->ended ? job->ended_ms : log->ended_ms);
        VEC_ADD(&unit->jobs, (uint32_t)i);
    }
    for (size_t i = 0; i < log->sqls.count; i++) {
        size_t u;
        int64_t root = root_of(log, (uint32_t)i);
        if (!map_get(&by_root, &root, sizeof root, &u))
            continue;
        units->at.at[u].hints |= log->sqls.at[i].hints;
        if (log->sqls.at[i].ended)
            widen(&units->at.at[u], log->sqls.at[i].started_ms, log->sqls.at[i].ended_ms);
    }
    map_release(&by_root);
}

static void group_stages(struct units *units, const size_t *unit_of_job,
                         const struct spark_log *log)
{
    for (size_t i = 0; i < log->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[i];
        bool orphan = stage->job == SPARK_NONE;
        if (orphan && !stage->tasks.count)
            continue;
        struct unit *unit =
            orphan ? VEC_PUSH(&units->at) : &units->at.at[unit_of_job[stage->job]];
        VEC_ADD(&unit->stages, (uint32_t)i);
        unit->incomplete |= stage->status == SPARK_STAGE_RUNNING;
        spark_totals_add(&unit->good, &stage->good);
        if (orphan)
            widen(unit, stage->submitted_ms, stage->completed_ms);
        for (size_t k = 0; k < stage->tasks.count; k++) {
            const struct spark_task *t = &stage->tasks.at[k];
            widen(unit, t->launch_ms, t->launch_ms + t->duration_ms);
        }
        unit->hints |=
            spark_hints_in(sym_or_empty(stage->name), strlen(sym_or_empty(stage->name)));
    }
}

static int by_start(const void *left, const void *right)
{
    const struct unit *a = left, *b = right;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

/*
 * Many short units with pauses between them: somebody works at it. A batch of
 * short queries runs one behind the other and has no pauses.
 */
static bool is_session(const struct units *units)
{
    enum { LEAST_UNITS = 5, PAUSE_MS = 5000, UNITS_PER_HOUR = 20 };
    int64_t pauses = 0, end = 0, first = 0;
    size_t short_units = 0;
    for (size_t i = 0; i < units->at.count; i++) {
        const struct unit *u = &units->at.at[i];
        if (i == 0)
            first = u->from_ms;
        else if (u->from_ms - end >= PAUSE_MS)
            pauses += u->from_ms - end;
        end = u->to_ms > end ? u->to_ms : end;
        short_units += u->to_ms - u->from_ms < SHORT_UNIT_MS;
    }
    double hours = (double)(end - first) / 3.6e6;
    return short_units >= LEAST_UNITS && short_units * 10 >= units->at.count * 9 &&
           (double)short_units >= UNITS_PER_HOUR * hours && pauses * 5 >= end - first;
}

/* Bytes that moved, by kind. */
static enum workload_class class_by_bytes(const struct unit *u)
{
    double in = (double)u->good.input_bytes, out = (double)u->good.output_bytes;
    double written = (double)u->good.shuffle_write_bytes;
    double shuffled = written + (double)(u->good.remote_bytes + u->good.local_bytes);
    double all = in + out + shuffled;
    unsigned both = SPARK_HINT_SCAN | SPARK_HINT_WRITE;
    if (all > 0 && in >= 0.6 * all && written < 0.2 * in &&
        (out >= 0.1 * in || (u->hints & both) == both))
        return CLASS_INGEST;
    if ((all > 0 && shuffled >= 0.5 * all) || u->hints & SPARK_HINT_SHUFFLE)
        return CLASS_ETL;
    return CLASS_UNKNOWN;
}

/* The rules in order; the first that holds decides. */
static enum workload_class class_of(const struct unit *u, bool session, bool in_rounds)
{
    bool brief = u->to_ms - u->from_ms < SHORT_UNIT_MS;
    bool sql_on_gpu = u->hints & SPARK_HINT_GPU;
    if (u->hints & SPARK_HINT_STREAM)
        return CLASS_STREAMING;
    if ((u->hints & SPARK_HINT_TRAINING && !sql_on_gpu) || in_rounds)
        return CLASS_TRAINING;
    if (u->hints & SPARK_HINT_SERVING && brief)
        return CLASS_SERVING;
    if (brief &&
        (session || (u->hints & SPARK_HINT_NOTEBOOK && !(u->hints & SPARK_HINT_SCHEDULED))))
        return CLASS_INTERACTIVE;
    return class_by_bytes(u);
}

/* A cache that fills a fifth of the memory it may have. */
static bool cache_is_used(const struct spark_log *log)
{
    int64_t held = 0, limit = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        held += log->executors.at[i].peaks.storage_bytes;
        limit += log->executors.at[i].storage_limit_bytes;
    }
    return limit > 0 && (double)held > 0.2 * (double)limit;
}

static bool reads_cache(const struct spark_log *log, const struct unit *u)
{
    for (size_t i = 0; i < u->stages.count; i++)
        if (log->stages.at[u->stages.at[i]].caches)
            return true;
    return false;
}

static size_t stages_of(const struct spark_log *log, const struct unit *u)
{
    return u->jobs.count ? log->jobs.at[u->jobs.at[0]].stage_ids.count : 0;
}

/* Jobs of one shape over one cache, again and again: an algorithm goes round. */
static bool repeats(const struct units *units, size_t i, const struct spark_log *log)
{
    enum { ROUNDS = 5, AROUND = 20 };
    size_t alike = 0, from = i < AROUND ? 0 : i - AROUND;
    if (!reads_cache(log, &units->at.at[i]))
        return false;
    for (size_t k = from; k < units->at.count && k <= i + AROUND; k++)
        alike += stages_of(log, &units->at.at[k]) == stages_of(log, &units->at.at[i]) &&
                 reads_cache(log, &units->at.at[k]);
    return alike >= ROUNDS;
}

static void classify(struct units *units, const struct spark_log *log)
{
    bool session = is_session(units), cache = cache_is_used(log);
    for (size_t i = 0; i < units->at.count; i++) {
        struct unit *u = &units->at.at[i];
        u->class = class_of(u, session, cache && repeats(units, i, log));
    }
}

static void units_release(struct units *units)
{
    for (size_t i = 0; i < units->at.count; i++) {
        VEC_FREE(&units->at.at[i].jobs);
        VEC_FREE(&units->at.at[i].stages);
    }
    VEC_FREE(&units->at);
}

static void find_units(struct units *units, const struct spark_log *log)
{
    size_t *unit_of_job = mem_alloc((log->jobs.count + 1) * sizeof *unit_of_job);
    group_jobs(units, unit_of_job, log);
    group_stages(units, unit_of_job, log);
    free(unit_of_job);
    size_t kept = 0;
    for (size_t i = 0; i < units->at.count; i++) {
        struct unit u = units->at.at[i];
        if (u.from_ms > 0 && u.to_ms >= u.from_ms) {
            units->at.at[kept++] = u;
            continue;
        }
        VEC_FREE(&u.jobs);
        VEC_FREE(&u.stages);
    }
    units->at.count = kept;
    if (kept)
        qsort(units->at.at, kept, sizeof *units->at.at, by_start);
    classify(units, log);
}

static void add_idle(struct spark_phases *out, int64_t from_ms, int64_t to_ms)
{
    if (to_ms - from_ms < MERGE_GAP_MS)
        return;
    struct spark_phase *idle = VEC_PUSH(&out->at);
    idle->idle = true;
    idle->from_ms = from_ms;
    idle->to_ms = to_ms;
}

static void add_unit(struct spark_phase *phase, const struct unit *u)
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

static void merge_units(struct spark_phases *out, const struct units *units,
                        const struct spark_log *log)
{
    int64_t end = log->started_ms;
    for (size_t i = 0; i < units->at.count; i++) {
        const struct unit *u = &units->at.at[i];
        add_idle(out, end, u->from_ms);
        struct spark_phase *last = out->at.count ? &out->at.at[out->at.count - 1] : NULL;
        if (!last || last->idle || last->class != u->class) {
            last = VEC_PUSH(&out->at);
            last->class = u->class;
            last->from_ms = last->to_ms = u->from_ms;
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
    return p->demand.core_seconds < most * beside->demand.core_seconds;
}

/* The later one goes into the earlier one. */
static void join(struct spark_phase *a, struct spark_phase *b)
{
    if (is_trifle(a, b))
        a->class = b->class;
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
    return next_to(a, b) && (a->class == b->class || is_trifle(a, b) || is_trifle(b, a));
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

static void name_phases(struct spark_phases *out)
{
    size_t seen[CLASS_COUNT] = {0};
    for (size_t i = 0; i < out->at.count; i++) {
        struct spark_phase *p = &out->at.at[i];
        const char *class = spark_phase_class(p);
        size_t n = p->idle ? 1 : ++seen[p->class];
        p->name = n == 1 ? class : arena_printf(&out->arena, "%s %zu", class, n);
    }
}

void spark_phases_of(struct spark_phases *out, const struct spark_log *log)
{
    *out = (struct spark_phases){0};
    struct units units = {0};
    find_units(&units, log);
    merge_units(out, &units, log);
    units_release(&units);
    join_neighbours(out);
    for (size_t i = 0; i < out->at.count; i++)
        spark_phase_measure(&out->at.at[i], log);
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
