#include <stdlib.h>

#include "spark_state.h"

struct span {
    int64_t from, to;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A clock apart from the driver's may put Added behind the first task: the task is right. */
static struct span life_of(const struct spark_log *log, const struct spark_executor *e)
{
    struct span life = {e->added_ms ? e->added_ms : log->started_ms,
                        e->removed ? e->removed_ms : log->ended_ms};
    if (e->first_launch_ms)
        life.from = least(life.from, e->first_launch_ms);
    life.to = most(life.to, e->last_finish_ms);
    life.from = most(life.from, log->started_ms);
    return life;
}

static struct span task_span(const struct spark_task *t)
{
    return (struct span){t->launch_ms, t->launch_ms + t->duration_ms};
}

static double overlap(struct span a, int64_t from, int64_t to)
{
    int64_t n = least(a.to, to) - most(a.from, from);
    return n > 0 ? (double)n : 0;
}

static double slots_of(const struct spark_log *log, const struct spark_executor *e)
{
    int64_t cpus = log->cluster.task_cpus > 0 ? log->cluster.task_cpus : 1;
    return e->cores_observed ? (double)e->cores : (double)(e->cores / cpus);
}

static void add_over_steps(double *steps, const struct spark_slots *s, struct span span,
                           double weight)
{
    int64_t end = s->from_ms + s->step_ms * (int64_t)s->count;
    span.from = most(span.from, s->from_ms);
    span.to = least(span.to, end);
    if (span.from >= span.to)
        return;
    size_t first = (size_t)((span.from - s->from_ms) / s->step_ms);
    for (size_t i = first; i < s->count; i++) {
        int64_t from = s->from_ms + s->step_ms * (int64_t)i;
        if (from >= span.to)
            break;
        steps[i] += weight * overlap(span, from, from + s->step_ms) / (double)s->step_ms;
    }
}

void spark_slots_of_stage(double *steps, const struct spark_slots *grid,
                          const struct spark_stage *stage)
{
    for (size_t i = 0; i < stage->tasks.count; i++)
        add_over_steps(steps, grid, task_span(&stage->tasks.at[i]), 1);
}

void spark_slots_over(struct spark_slots *out, struct arena *arena,
                      const struct spark_log *log, int64_t from_ms, int64_t to_ms,
                      size_t steps)
{
    *out = (struct spark_slots){.from_ms = from_ms, .count = steps};
    out->step_ms = most(1, (to_ms - from_ms + (int64_t)steps - 1) / (int64_t)steps);
    out->offered = ARENA_ARRAY(arena, double, steps);
    out->used = ARENA_ARRAY(arena, double, steps);
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        add_over_steps(out->offered, out, life_of(log, e), slots_of(log, e));
    }
    for (size_t i = 0; i < log->stages.count; i++)
        spark_slots_of_stage(out->used, out, &log->stages.at[i]);
}

void spark_slots_sum(double *offered, double *used, const struct spark_log *log,
                     int64_t from_ms, int64_t to_ms)
{
    *offered = *used = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        *offered += slots_of(log, e) * overlap(life_of(log, e), from_ms, to_ms);
    }
    for (size_t i = 0; i < log->stages.count; i++)
        for (size_t k = 0; k < log->stages.at[i].tasks.count; k++)
            *used += overlap(task_span(&log->stages.at[i].tasks.at[k]), from_ms, to_ms);
}

static bool offers(const struct spark_executor *e)
{
    return e->cores > 0;
}

static bool same_host(const struct spark_executor *a, const struct spark_executor *b)
{
    return a->host ? a->host == b->host : a == b;
}

double spark_workers_mean(const struct spark_log *log, int64_t from_ms, int64_t to_ms)
{
    double sum = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        if (!offers(e))
            continue;
        struct span life = life_of(log, e);
        bool first = true;
        for (size_t k = 0; k < log->executors.count; k++) {
            const struct spark_executor *other = &log->executors.at[k];
            if (k == i || !offers(other) || !same_host(e, other))
                continue;
            first &= k > i;
            struct span more = life_of(log, other);
            life = (struct span){least(life.from, more.from), most(life.to, more.to)};
        }
        if (first)
            sum += overlap(life, from_ms, to_ms);
    }
    return to_ms > from_ms ? sum / (double)(to_ms - from_ms) : 0;
}

double spark_executors_per_worker(const struct spark_log *log)
{
    size_t executors = 0, hosts = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        if (!offers(&log->executors.at[i]))
            continue;
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first &= !offers(&log->executors.at[k]) ||
                     !same_host(&log->executors.at[i], &log->executors.at[k]);
        executors++;
        hosts += first;
    }
    return hosts ? (double)executors / (double)hosts : 1;
}

static int by_time(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to; /* ends before starts of one moment */
}

/* Old logs name no cores: the most tasks that an executor ran at once is what it had. */
static int64_t most_at_once(const struct spark_log *log, size_t executor)
{
    VEC(struct span) changes = {0}; /* .from a time, .to +1 or -1 */
    for (size_t i = 0; i < log->stages.count; i++)
        for (size_t k = 0; k < log->stages.at[i].tasks.count; k++) {
            const struct spark_task *t = &log->stages.at[i].tasks.at[k];
            if (t->executor != executor)
                continue;
            VEC_ADD(&changes, ((struct span){t->launch_ms, 1}));
            VEC_ADD(&changes, ((struct span){t->launch_ms + t->duration_ms, -1}));
        }
    if (changes.count)
        qsort(changes.at, changes.count, sizeof *changes.at, by_time);
    int64_t now = 0, peak = 0;
    for (size_t i = 0; i < changes.count; i++) {
        now += changes.at[i].to;
        peak = most(peak, now);
    }
    VEC_FREE(&changes);
    return peak;
}

void spark_observe_cores(struct spark_log *log)
{
    for (size_t i = 0; i < log->executors.count; i++) {
        struct spark_executor *e = &log->executors.at[i];
        if (e->cores > 0 || !e->last_finish_ms)
            continue;
        e->cores = most_at_once(log, i);
        e->cores_observed = true;
    }
}
