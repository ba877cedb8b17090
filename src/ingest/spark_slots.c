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

double spark_slots_offered(const struct spark_log *log, int64_t from_ms, int64_t to_ms)
{
    double offered = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        offered += slots_of(log, e) * overlap(life_of(log, e), from_ms, to_ms);
    }
    return offered;
}

static bool offers(const struct spark_executor *e)
{
    return e->cores > 0;
}

/* Machines by host; an executor without one is a machine of its own. */
void spark_find_machines(struct spark_log *log)
{
    struct map by_host = MAP_INIT;
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        sym host = e->host ? e->host : e->id;
        size_t known;
        if (!offers(e))
            continue;
        struct span life = life_of(log, e);
        if (!map_get(&by_host, &host, sizeof host, &known)) {
            known = log->machines.count;
            struct spark_machine *made = VEC_PUSH(&log->machines);
            *made = (struct spark_machine){host, life.from, life.to, 0};
            sym *key = ARENA_NEW(&log->arena, sym);
            *key = host;
            map_put(&by_host, key, sizeof *key, known);
        }
        struct spark_machine *m = &log->machines.at[known];
        m->from_ms = least(m->from_ms, life.from);
        m->to_ms = most(m->to_ms, life.to);
        m->executors++;
    }
    map_release(&by_host);
}

double spark_workers_mean(const struct spark_log *log, int64_t from_ms, int64_t to_ms)
{
    double sum = 0;
    for (size_t i = 0; i < log->machines.count; i++) {
        const struct spark_machine *m = &log->machines.at[i];
        sum += overlap((struct span){m->from_ms, m->to_ms}, from_ms, to_ms);
    }
    return to_ms > from_ms ? sum / (double)(to_ms - from_ms) : 0;
}

double spark_executors_per_worker(const struct spark_log *log)
{
    size_t executors = 0;
    for (size_t i = 0; i < log->machines.count; i++)
        executors += log->machines.at[i].executors;
    return log->machines.count ? (double)executors / (double)log->machines.count : 1;
}

/* A task's start (+1) or end (-1) on an executor. */
struct change {
    uint32_t executor;
    int step;
    int64_t at_ms;
};

static int by_executor_and_time(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    if (a->executor != b->executor)
        return a->executor < b->executor ? -1 : 1;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    return a->step - b->step; /* ends before starts of one moment */
}

/* Old logs name no cores: the most tasks that an executor ran at once is what it had. */
void spark_observe_cores(struct spark_log *log)
{
    VEC(struct change) changes = {0};
    for (size_t i = 0; i < log->stages.count; i++)
        for (size_t k = 0; k < log->stages.at[i].tasks.count; k++) {
            const struct spark_task *t = &log->stages.at[i].tasks.at[k];
            if (log->executors.at[t->executor].cores > 0)
                continue;
            VEC_ADD(&changes, ((struct change){t->executor, 1, t->launch_ms}));
            VEC_ADD(&changes,
                    ((struct change){t->executor, -1, t->launch_ms + t->duration_ms}));
        }
    VEC_SORT(&changes, by_executor_and_time);
    int64_t now = 0, peak = 0;
    for (size_t i = 0; i < changes.count; i++) {
        const struct change *c = &changes.at[i];
        now += c->step;
        peak = most(peak, now);
        if (i + 1 == changes.count || changes.at[i + 1].executor != c->executor) {
            log->executors.at[c->executor].cores = peak;
            log->executors.at[c->executor].cores_observed = true;
            now = peak = 0;
        }
    }
    VEC_FREE(&changes);
}
