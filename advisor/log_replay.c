#include "log_replay.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

/* A stage attempt of the job at hand, on its way into the replay. */
struct attempt {
    const struct spark_stage *stage;
    int64_t begun_ms;
};

static int by_job_and_begin(const void *left, const void *right)
{
    const struct attempt *a = left, *b = right;
    if (a->stage->job != b->stage->job)
        return a->stage->job < b->stage->job ? -1 : 1;
    if (a->begun_ms != b->begun_ms)
        return a->begun_ms < b->begun_ms ? -1 : 1;
    if (a->stage->id != b->stage->id)
        return a->stage->id < b->stage->id ? -1 : 1;
    return a->stage->attempt < b->stage->attempt ? -1 : 1;
}

static int by_launch(const void *left, const void *right)
{
    const struct spark_task *const *a = left, *const *b = right;
    if ((*a)->launch_ms != (*b)->launch_ms)
        return (*a)->launch_ms < (*b)->launch_ms ? -1 : 1;
    return (*a)->duration_ms < (*b)->duration_ms ? -1 : (*a)->duration_ms > (*b)->duration_ms;
}

static void set_tasks(struct replay_stage *out, struct arena *arena, int64_t begun_ms,
                      const struct spark_stage *stage)
{
    size_t n = stage->tasks.count;
    const struct spark_task **order = ARENA_ARRAY(arena, const struct spark_task *, n);
    struct replay_task *tasks = ARENA_ARRAY(arena, struct replay_task, n);
    for (size_t i = 0; i < n; i++)
        order[i] = &stage->tasks.at[i];
    qsort(order, n, sizeof(struct spark_task *), by_launch);
    for (size_t i = 0; i < n; i++)
        tasks[i] = (struct replay_task){(double)(order[i]->launch_ms - begun_ms) / 1e3,
                                        order[i]->duration_ms / 1e3};
    out->tasks = tasks;
    out->task_count = n;
}

/* Only attempts that began before this one: a parent that ran again later did not hold it up.
 */
static void set_parents(struct replay_stage *out, struct arena *arena,
                        const struct attempt *attempts, size_t mine)
{
    const struct spark_stage *stage = attempts[mine].stage;
    size_t *parents = ARENA_ARRAY(arena, size_t, mine + 1);
    for (size_t i = 0; i < mine; i++) {
        bool wanted = attempts[i].stage->id == stage->id; /* its own former attempt */
        for (size_t k = 0; k < stage->parents.count; k++)
            wanted |= stage->parents.at[k] == attempts[i].stage->id;
        if (wanted)
            parents[out->parent_count++] = i;
    }
    out->parents = parents;
}

static void set_stages(struct replay_job *out, struct arena *arena, int64_t begun_ms,
                       const struct attempt *attempts, size_t count)
{
    struct replay_stage *stages = ARENA_ARRAY(arena, struct replay_stage, count + 1);
    for (size_t i = 0; i < count; i++) {
        set_tasks(&stages[i], arena, begun_ms, attempts[i].stage);
        set_parents(&stages[i], arena, attempts, i);
    }
    out->stages = stages;
    out->stage_count = count;
}

/*
 * A job is taken from its first task's launch to its last one's finish: planning
 * before and result handling behind are the driver's, whatever the cluster.
 */
static void set_span(struct replay_job *to, int64_t begun_ms, const struct attempt *attempts,
                     size_t count)
{
    int64_t from = INT64_MAX, end = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < attempts[i].stage->tasks.count; k++) {
            const struct spark_task *t = &attempts[i].stage->tasks.at[k];
            int64_t finish = t->launch_ms + t->duration_ms;
            from = t->launch_ms < from ? t->launch_ms : from;
            end = finish > end ? finish : end;
        }
    to->start = (double)(from - begun_ms) / 1e3;
    to->end = (double)(end - begun_ms) / 1e3;
}

/* The attempts of all jobs, those of one job together. */
static void add_jobs(struct replay_log *out, struct replay_job *jobs, struct arena *arena,
                     const struct spark_log *log, const struct spark_phase *phase)
{
    VEC(struct attempt) all = {0};
    int64_t begun_ms = phase ? phase->from_ms : log->started_ms;
    size_t count = phase ? phase->stages.count : log->stages.count;
    for (size_t i = 0; i < count; i++) {
        const struct spark_stage *stage = &log->stages.at[phase ? phase->stages.at[i] : i];
        if (stage->job == SPARK_NONE || !stage->tasks.count)
            continue;
        VEC_ADD(&all, ((struct attempt){stage, stage->submitted_ms ? stage->submitted_ms
                                                                   : stage->first_launch_ms}));
    }
    VEC_SORT(&all, by_job_and_begin);
    for (size_t from = 0, to; from < all.count; from = to) {
        struct replay_job *job = &jobs[out->job_count++];
        for (to = from + 1;
             to < all.count && all.at[to].stage->job == all.at[from].stage->job;)
            to++;
        set_span(job, begun_ms, &all.at[from], to - from);
        set_stages(job, arena, begun_ms, &all.at[from], to - from);
    }
    VEC_FREE(&all);
}

/* Slots while some job was active: the time before the executors came is not the tasks'. */
static double mean_slots(const struct spark_log *log, const struct replay_log *replay,
                         int64_t begun_ms)
{
    double offered = 0, seconds = 0;
    for (size_t i = 0; i < replay->job_count; i++) {
        double from = replay->jobs[i].start, to = replay->jobs[i].end;
        offered += spark_slots_offered(log, begun_ms + (int64_t)(from * 1e3),
                                       begun_ms + (int64_t)(to * 1e3)) /
                   1e3;
        seconds += to - from;
    }
    return seconds > 0 ? fmax(1, round(offered / seconds)) : 1;
}

void replay_log_of(struct replay_log *out, struct arena *arena, const struct spark_log *log,
                   const struct spark_phase *phase)
{
    struct replay_job *jobs = ARENA_ARRAY(arena, struct replay_job, log->jobs.count + 1);
    int64_t from_ms = phase ? phase->from_ms : log->started_ms;
    int64_t to_ms = phase ? phase->to_ms : log->ended_ms;
    *out = (struct replay_log){.jobs = jobs, .seconds = (double)(to_ms - from_ms) / 1e3};
    add_jobs(out, jobs, arena, log, phase);
    out->cores = mean_slots(log, out, from_ms);
}
