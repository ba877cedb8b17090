#include "spark_units.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "spark_labelling.h"
#include "spark_state.h"

enum { SHORT_UNIT_MS = 30 * 1000 };

static void widen(struct spark_unit *u, int64_t from_ms, int64_t to_ms)
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
static void group_jobs(struct spark_units *units, size_t *unit_of_job,
                       const struct spark_log *log)
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
        struct spark_unit *unit = &units->at.at[u];
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

static void group_stages(struct spark_units *units, const size_t *unit_of_job,
                         const struct spark_log *log)
{
    for (size_t i = 0; i < log->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[i];
        bool orphan = stage->job == SPARK_NONE;
        if (orphan && !stage->tasks.count)
            continue;
        struct spark_unit *unit =
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
    const struct spark_unit *a = left, *b = right;
    if (a->from_ms != b->from_ms)
        return a->from_ms < b->from_ms ? -1 : 1;
    return a->to_ms < b->to_ms ? -1 : a->to_ms > b->to_ms;
}

/*
 * Many short units with pauses between them: somebody works at it. A batch of
 * short queries runs one behind the other and has no pauses.
 */
static bool is_session(const struct spark_units *units)
{
    enum { LEAST_UNITS = 5, PAUSE_MS = 5000, UNITS_PER_HOUR = 20 };
    int64_t pauses = 0, end = 0, first = 0;
    size_t short_units = 0;
    for (size_t i = 0; i < units->at.count; i++) {
        const struct spark_unit *u = &units->at.at[i];
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
static enum workload_class class_by_bytes(const struct spark_unit *u)
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
static enum workload_class class_of(const struct spark_unit *u, bool session, bool in_rounds)
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

static bool reads_cache(const struct spark_log *log, const struct spark_unit *u)
{
    for (size_t i = 0; i < u->stages.count; i++)
        if (log->stages.at[u->stages.at[i]].caches)
            return true;
    return false;
}

static size_t stages_of(const struct spark_log *log, const struct spark_unit *u)
{
    return u->jobs.count ? log->jobs.at[u->jobs.at[0]].stage_ids.count : 0;
}

/* Jobs of one shape over one cache, again and again: an algorithm goes round. */
static bool repeats(const struct spark_units *units, size_t i, const struct spark_log *log)
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

static void classify(struct spark_units *units, const struct spark_log *log)
{
    bool session = is_session(units), cache = cache_is_used(log);
    for (size_t i = 0; i < units->at.count; i++) {
        struct spark_unit *u = &units->at.at[i];
        u->class = class_of(u, session, cache && repeats(units, i, log));
    }
}

static void label(struct spark_units *units, const struct spark_log *log,
                  const struct spark_labels *labels)
{
    struct spark_labelling *labelling = spark_labelling_open(labels, log);
    for (size_t i = 0; labelling && i < units->at.count; i++) {
        struct spark_unit *u = &units->at.at[i];
        u->declared = spark_labelling_find(labelling, u->jobs.at, u->jobs.count, u->stages.at,
                                           u->stages.count);
    }
    spark_labelling_free(labelling);
}

void spark_units_release(struct spark_units *units)
{
    for (size_t i = 0; i < units->at.count; i++) {
        VEC_FREE(&units->at.at[i].jobs);
        VEC_FREE(&units->at.at[i].stages);
    }
    VEC_FREE(&units->at);
}

void spark_units_find(struct spark_units *units, const struct spark_log *log,
                      const struct spark_labels *labels)
{
    size_t *unit_of_job = mem_alloc((log->jobs.count + 1) * sizeof *unit_of_job);
    group_jobs(units, unit_of_job, log);
    group_stages(units, unit_of_job, log);
    free(unit_of_job);
    size_t kept = 0;
    for (size_t i = 0; i < units->at.count; i++) {
        struct spark_unit u = units->at.at[i];
        if (u.from_ms > 0 && u.to_ms >= u.from_ms) {
            units->at.at[kept++] = u;
            continue;
        }
        VEC_FREE(&u.jobs);
        VEC_FREE(&u.stages);
    }
    units->at.count = kept;
    VEC_SORT(&units->at, by_start);
    classify(units, log);
    label(units, log, labels);
}
