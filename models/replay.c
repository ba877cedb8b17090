#include "models/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/vec.h"

enum { MOST_CORES = 1 << 20 };
static const double LEAST_TASK = 0.001; /* Sparklens: a task takes at least a millisecond */

/* A stage of one of the jobs that run together. */
struct stage {
    const struct replay_stage *recorded;
    const struct replay_job *job;
    size_t first_of_job;    /* index of its job's first stage */
    size_t launched, running, waits_for; /* tasks; parents that are not done */
    bool done;
    double chain; /* longest chain of longest tasks up to its end */
};

/* A task on a core: the earliest finish on top of a heap. */
struct running {
    double finish;
    size_t stage;
};

struct simulation {
    struct stage *stages;
    size_t stage_count, stages_left;
    size_t first_open; /* all stages before it have launched all their tasks */
    struct running *heap;
    size_t used, cores;
    double speed, now;
    double idle; /* no task running: the driver's time has it already */
};

static void push(struct simulation *s, struct running task)
{
    size_t at = s->used++;
    for (; at > 0 && s->heap[(at - 1) / 2].finish > task.finish; at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = task;
}

static struct running pop(struct simulation *s)
{
    struct running top = s->heap[0], last = s->heap[--s->used];
    size_t at = 0;
    for (size_t child = 1; child < s->used; child = 2 * at + 1) {
        if (child + 1 < s->used && s->heap[child + 1].finish < s->heap[child].finish)
            child++;
        if (s->heap[child].finish >= last.finish)
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return top;
}

static double seconds_of(const struct simulation *s, const struct replay_task *task)
{
    return fmax(task->seconds, LEAST_TASK) / s->speed;
}

/* When the stage's job began, on the clock of the group. */
static double job_start(const struct simulation *s, const struct stage *stage)
{
    /* A job that began later began for a reason that the new cluster shares. */
    return (stage->job->start - s->stages[0].job->start) / s->speed;
}

static void finish_stage(struct simulation *s, size_t index)
{
    struct stage *done = &s->stages[index];
    double longest = 0;
    for (size_t t = 0; t < done->recorded->task_count; t++)
        longest = fmax(longest, seconds_of(s, &done->recorded->tasks[t]));
    done->chain += longest;
    done->done = true;
    s->stages_left--;
    for (size_t i = done->first_of_job;
         i < s->stage_count && s->stages[i].first_of_job == done->first_of_job; i++)
        for (size_t p = 0; p < s->stages[i].recorded->parent_count; p++)
            if (done->first_of_job + s->stages[i].recorded->parents[p] == index) {
                s->stages[i].waits_for--;
                s->stages[i].chain = fmax(s->stages[i].chain, done->chain);
            }
}

static bool can_launch(const struct simulation *s, const struct stage *stage)
{
    return stage->waits_for == 0 && !stage->done && job_start(s, stage) <= s->now;
}

/* Gives free cores to the tasks of ready stages in the order of submission. */
static void launch(struct simulation *s)
{
    for (size_t i = s->first_open; i < s->stage_count && s->used < s->cores; i++) {
        struct stage *stage = &s->stages[i];
        if (!can_launch(s, stage))
            continue;
        while (stage->launched < stage->recorded->task_count && s->used < s->cores) {
            const struct replay_task *task = &stage->recorded->tasks[stage->launched++];
            push(s, (struct running){s->now + seconds_of(s, task), i});
            stage->running++;
        }
        if (stage->recorded->task_count == 0)
            finish_stage(s, i);
    }
    while (s->first_open < s->stage_count &&
           (s->stages[s->first_open].done ||
            (s->stages[s->first_open].launched == s->stages[s->first_open].recorded->task_count &&
             s->stages[s->first_open].launched > 0)))
        s->first_open++;
}

/* The next moment at which anything can change; INFINITY when nothing will. */
static double next_start(const struct simulation *s)
{
    double next = INFINITY;
    for (size_t i = s->first_open; i < s->stage_count; i++) {
        double start = job_start(s, &s->stages[i]);
        if (!s->stages[i].done && start > s->now)
            next = fmin(next, start);
    }
    return next;
}

static bool simulate(struct simulation *s, struct err *err)
{
    while (s->stages_left > 0) {
        size_t left = s->stages_left;
        launch(s);
        if (s->stages_left < left)
            continue; /* an empty stage may have freed its children */
        double start = s->used < s->cores ? next_start(s) : INFINITY;
        if (s->used == 0 && isinf(start))
            return err_set(err, "the stages of a job wait for each other: the log is damaged");
        if (s->used == 0 || s->heap[0].finish > start) {
            s->idle += s->used == 0 ? start - s->now : 0;
            s->now = start;
            continue;
        }
        struct running task = pop(s);
        struct stage *stage = &s->stages[task.stage];
        s->now = task.finish;
        if (--stage->running == 0 && stage->launched == stage->recorded->task_count)
            finish_stage(s, task.stage);
    }
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct replay_job *x = *(const struct replay_job *const *)a;
    const struct replay_job *y = *(const struct replay_job *const *)b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* How many jobs from `first` on overlap one another: they share the cores. */
static size_t group_size(const struct replay_job *const *jobs, size_t first, size_t count)
{
    double end = jobs[first]->end;
    size_t n = 1;
    while (first + n < count && jobs[first + n]->start < end) {
        end = fmax(end, jobs[first + n]->end);
        n++;
    }
    return n;
}

static void add_job(struct simulation *s, const struct replay_job *job)
{
    size_t first = s->stage_count;
    for (size_t i = 0; i < job->stage_count; i++)
        s->stages[s->stage_count++] = (struct stage){
            .recorded = &job->stages[i],
            .job = job,
            .first_of_job = first,
            .waits_for = job->stages[i].parent_count,
        };
}

/* Intervals in which a task ran. */
struct span {
    double start, end;
};

static int by_span(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->start > y->start) - (x->start < y->start);
}

/* Seconds of the run in which at least one task ran. */
static double busy_seconds(const struct replay_job *const *jobs, size_t count)
{
    VEC(struct span) spans = {0};
    double busy = 0, end = -INFINITY;
    for (size_t j = 0; j < count; j++)
        for (size_t i = 0; i < jobs[j]->stage_count; i++)
            for (size_t t = 0; t < jobs[j]->stages[i].task_count; t++) {
                const struct replay_task *task = &jobs[j]->stages[i].tasks[t];
                VEC_ADD(&spans, ((struct span){task->start, task->start + task->seconds}));
            }
    VEC_SORT(&spans, by_span);
    for (size_t i = 0; i < spans.count; i++) {
        busy += fmax(0, spans.at[i].end - fmax(end, spans.at[i].start));
        end = fmax(end, spans.at[i].end);
    }
    VEC_FREE(&spans);
    return busy;
}

/* Runs jobs together from time 0 and adds the time in which they had tasks. */
static bool run_group(double *seconds, double *chain, const struct replay_job *const *jobs,
                      size_t count, size_t cores, double speed, struct err *err)
{
    size_t stages = 0;
    for (size_t j = 0; j < count; j++)
        stages += jobs[j]->stage_count;
    if (stages == 0)
        return true;
    struct simulation s = {.stages = mem_alloc(stages * sizeof *s.stages),
                           .stages_left = stages,
                           .heap = mem_alloc(cores * sizeof *s.heap),
                           .cores = cores,
                           .speed = speed};
    for (size_t j = 0; j < count; j++)
        add_job(&s, jobs[j]);
    double longest = 0;
    bool ok = simulate(&s, err);
    for (size_t i = 0; i < stages && ok; i++)
        longest = fmax(longest, s.stages[i].chain);
    *seconds += s.now - s.idle;
    *chain += longest;
    free(s.stages);
    free(s.heap);
    return ok;
}

static double count_work(const struct replay_log *log)
{
    double total = 0;
    for (size_t j = 0; j < log->job_count; j++)
        for (size_t i = 0; i < log->jobs[j].stage_count; i++)
            for (size_t t = 0; t < log->jobs[j].stages[i].task_count; t++)
                total += fmax(log->jobs[j].stages[i].tasks[t].seconds, LEAST_TASK);
    return total;
}

bool replay_on(struct replay_forecast *out, const struct replay_log *log, double cores,
               double speed, struct err *err)
{
    *out = (struct replay_forecast){0};
    double work = count_work(log), jobs = 0, chain = 0;
    if (!(work > 0) || !(cores >= 1) || cores > MOST_CORES || !(speed > 0))
        return err_set(err, "a replay needs at least one task, one core and a speed above 0");
    const struct replay_job **by_time = mem_alloc(log->job_count * sizeof *by_time);
    for (size_t j = 0; j < log->job_count; j++)
        by_time[j] = &log->jobs[j];
    qsort(by_time, log->job_count, sizeof *by_time, by_start);
    bool ok = true;
    for (size_t i = 0, n; i < log->job_count && ok; i += n) {
        n = group_size(by_time, i, log->job_count);
        ok = run_group(&jobs, &chain, by_time + i, n, (size_t)cores, speed, err);
    }
    double driver = fmax(0, log->seconds - busy_seconds(by_time, log->job_count));
    *out = (struct replay_forecast){driver + jobs, driver, driver + chain, work};
    free(by_time);
    return ok;
}
