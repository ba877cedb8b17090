#include "models/replay.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { MOST_CORES = 1 << 20 };
static const double LEAST_TASK = 0.001; /* Sparklens: a task takes at least a millisecond */

/* When each core is free next: a heap with the earliest on top. */
struct cores {
    double *free_at;
    size_t count;
};

/* The earliest core takes `seconds` of work that may not start before `ready`. */
static double occupy(struct cores *c, double ready, double seconds)
{
    double finish = fmax(c->free_at[0], ready) + seconds;
    size_t at = 0;
    for (size_t child = 1; child < c->count; child = 2 * at + 1) {
        if (child + 1 < c->count && c->free_at[child + 1] < c->free_at[child])
            child++;
        if (c->free_at[child] >= finish)
            break;
        c->free_at[at] = c->free_at[child];
        at = child;
    }
    c->free_at[at] = finish;
    return finish;
}

/* Jobs that overlap in the log: they share the cores. */
struct group {
    size_t first, count; /* in the order of starts */
};

struct state {
    const struct replay_log *log;
    const struct replay_job **by_start;
    double speed;
    double *done; /* per stage of the job at hand: when it was done; NAN = not yet */
    double *chain;
};

static int by_start(const void *a, const void *b)
{
    const struct replay_job *x = *(const struct replay_job *const *)a;
    const struct replay_job *y = *(const struct replay_job *const *)b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static bool ready_at(double *when, const double *done, const struct replay_stage *stage)
{
    for (size_t i = 0; i < stage->parent_count; i++) {
        if (isnan(done[stage->parents[i]]))
            return false;
        *when = fmax(*when, done[stage->parents[i]]);
    }
    return true;
}

/* One pass over a job's stages; a stage whose parents come later waits for the next pass. */
static size_t run_ready_stages(struct state *s, struct cores *cores, const struct replay_job *job,
                               double start)
{
    size_t ran = 0;
    for (size_t i = 0; i < job->stage_count; i++) {
        const struct replay_stage *stage = &job->stages[i];
        double ready = start, longest = 0, chain = 0, end;
        if (!isnan(s->done[i]) || !ready_at(&ready, s->done, stage))
            continue;
        end = ready;
        for (size_t t = 0; t < stage->task_count; t++) {
            double seconds = fmax(stage->tasks[t].seconds, LEAST_TASK) / s->speed;
            end = fmax(end, occupy(cores, ready, seconds));
            longest = fmax(longest, seconds);
        }
        for (size_t p = 0; p < stage->parent_count; p++)
            chain = fmax(chain, s->chain[stage->parents[p]]);
        s->done[i] = end;
        s->chain[i] = chain + longest;
        ran++;
    }
    return ran;
}

static bool run_job(struct state *s, struct cores *cores, const struct replay_job *job,
                    double start, double *end, double *chain, struct err *err)
{
    for (size_t i = 0; i < job->stage_count; i++)
        s->done[i] = NAN;
    for (size_t left = job->stage_count; left > 0;) {
        size_t ran = run_ready_stages(s, cores, job, start);
        if (ran == 0)
            return err_set(err, "the stages of a job wait for each other: the log is damaged");
        left -= ran;
    }
    for (size_t i = 0; i < job->stage_count; i++) {
        *end = fmax(*end, s->done[i]);
        *chain = fmax(*chain, s->chain[i]);
    }
    return true;
}

/* Jobs from `first` on that overlap one another. */
static struct group next_group(const struct state *s, size_t first)
{
    double end = s->by_start[first]->end;
    struct group g = {first, 1};
    while (first + g.count < s->log->job_count && s->by_start[first + g.count]->start < end) {
        end = fmax(end, s->by_start[first + g.count]->end);
        g.count++;
    }
    return g;
}

static bool run_group(struct state *s, struct group g, size_t cores, double *seconds,
                      double *chain, struct err *err)
{
    struct cores c = {mem_alloc(cores * sizeof(double)), cores};
    double begin = s->by_start[g.first]->start, end = 0, longest = 0;
    bool ok = true;
    for (size_t i = 0; i < g.count && ok; i++) {
        const struct replay_job *job = s->by_start[g.first + i];
        double one = 0;
        /* A job that began later began for a reason that the new cluster shares. */
        ok = run_job(s, &c, job, (job->start - begin) / s->speed, &end, &one, err);
        longest = fmax(longest, one);
    }
    *seconds += end;
    *chain += longest;
    free(c.free_at);
    return ok;
}

/* The whole run less the union of the jobs' intervals. */
static double driver_seconds(const struct state *s)
{
    double busy = 0;
    for (size_t i = 0; i < s->log->job_count;) {
        struct group g = next_group(s, i);
        double end = s->by_start[i]->end;
        for (size_t k = 0; k < g.count; k++)
            end = fmax(end, s->by_start[i + k]->end);
        busy += end - s->by_start[i]->start;
        i += g.count;
    }
    return fmax(0, s->log->seconds - busy);
}

static double count_work(const struct replay_log *log, size_t *most_stages)
{
    double total = 0;
    for (size_t j = 0; j < log->job_count; j++) {
        const struct replay_job *job = &log->jobs[j];
        *most_stages = job->stage_count > *most_stages ? job->stage_count : *most_stages;
        for (size_t i = 0; i < job->stage_count; i++)
            for (size_t t = 0; t < job->stages[i].task_count; t++)
                total += fmax(job->stages[i].tasks[t].seconds, LEAST_TASK);
    }
    return total;
}

bool replay_on(struct replay_forecast *out, const struct replay_log *log, double cores,
               double speed, struct err *err)
{
    *out = (struct replay_forecast){0};
    size_t most_stages = 0;
    double work = count_work(log, &most_stages);
    if (!(work > 0) || !(cores >= 1) || cores > MOST_CORES || !(speed > 0))
        return err_set(err, "a replay needs at least one task, one core and a speed above 0");
    struct state s = {log, mem_alloc(log->job_count * sizeof *s.by_start), speed,
                      mem_alloc(most_stages * sizeof(double)),
                      mem_alloc(most_stages * sizeof(double))};
    for (size_t j = 0; j < log->job_count; j++)
        s.by_start[j] = &log->jobs[j];
    qsort(s.by_start, log->job_count, sizeof *s.by_start, by_start);
    double jobs = 0, chain = 0;
    bool ok = true;
    for (size_t i = 0; i < log->job_count && ok;) {
        struct group g = next_group(&s, i);
        ok = run_group(&s, g, (size_t)cores, &jobs, &chain, err);
        i += g.count;
    }
    double driver = driver_seconds(&s);
    *out = (struct replay_forecast){driver + jobs, driver, driver + chain, work};
    free(s.by_start);
    free(s.done);
    free(s.chain);
    return ok;
}
