#include "size_log.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/spark_log.h"
#include "models/replay.h"
#include "pricing/catalogue.h"

/* A log in the replay's terms; arrays live in the session's arena. */
struct recording {
    struct replay_log log;
    double workers, cores_per_worker;
    double input_gb, spill_gb, cached_gb;
};

static void add_tasks(struct arena *arena, struct replay_stage *out, const struct spark_stage *s)
{
    struct replay_task *tasks = ARENA_ARRAY(arena, struct replay_task, s->tasks.count);
    size_t count = 0;
    for (size_t i = 0; i < s->tasks.count; i++)
        if (s->tasks.at[i].flags == 0 || s->tasks.at[i].flags == SPARK_TASK_SPECULATIVE)
            tasks[count++] = (struct replay_task){(double)s->tasks.at[i].launch_ms / 1000,
                                                  s->tasks.at[i].duration_ms / 1000.0};
    out->tasks = tasks;
    out->task_count = count;
}

/* Parents of the stage that ran in the same job: others were done before it began. */
static void add_parents(struct arena *arena, struct replay_stage *out, const struct spark_log *log,
                        const struct spark_stage *s, const size_t *of_job, size_t count)
{
    size_t *parents = ARENA_ARRAY(arena, size_t, s->parents.count * count + 1);
    for (size_t p = 0; p < s->parents.count; p++)
        for (size_t k = 0; k < count; k++)
            if (log->stages.at[of_job[k]].id == s->parents.at[p] &&
                &log->stages.at[of_job[k]] != s)
                parents[out->parent_count++] = k;
    out->parents = parents;
}

/* A retried stage runs its attempts one after the other: only the first waits for parents. */
static void add_job(struct arena *arena, struct replay_job *out, const struct spark_log *log,
                    uint32_t job)
{
    size_t *of_job = ARENA_ARRAY(arena, size_t, log->stages.count + 1), count = 0;
    for (size_t i = 0; i < log->stages.count; i++)
        if (log->stages.at[i].job == job && log->stages.at[i].tasks.count)
            of_job[count++] = i;
    struct replay_stage *stages = ARENA_ARRAY(arena, struct replay_stage, count + 1);
    for (size_t k = 0; k < count; k++) {
        add_tasks(arena, &stages[k], &log->stages.at[of_job[k]]);
        add_parents(arena, &stages[k], log, &log->stages.at[of_job[k]], of_job, count);
    }
    out->stages = stages;
    out->stage_count = count;
    out->start = (double)log->jobs.at[job].submitted_ms / 1000;
    out->end = (double)(log->jobs.at[job].ended ? log->jobs.at[job].ended_ms : log->ended_ms) /
               1000;
}

static bool same_host(const struct spark_log *log, size_t a, size_t b)
{
    return log->executors.at[a].host && log->executors.at[b].host &&
           !strcmp(log->executors.at[a].host, log->executors.at[b].host);
}

/* Task slots of the executors that lived at a moment. */
static double slots_at(const struct spark_log *log, int64_t ms)
{
    double slots = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        bool alive = e->added_ms <= ms && (!e->removed || e->removed_ms > ms);
        slots += alive ? (double)(e->cores / (log->cluster.task_cpus > 0 ? log->cluster.task_cpus
                                                                         : 1))
                       : 0;
    }
    return slots;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The most tasks at once: what logs without executors leave to go by. */
static double most_at_once(const struct spark_log *log)
{
    VEC(int64_t) starts = {0};
    VEC(int64_t) ends = {0};
    size_t most = 0;
    for (size_t i = 0; i < log->stages.count; i++)
        for (size_t t = 0; t < log->stages.at[i].tasks.count; t++) {
            const struct spark_task *task = &log->stages.at[i].tasks.at[t];
            VEC_ADD(&starts, task->launch_ms);
            VEC_ADD(&ends, task->launch_ms + task->duration_ms);
        }
    if (starts.count) {
        qsort(starts.at, starts.count, sizeof *starts.at, by_time);
        qsort(ends.at, ends.count, sizeof *ends.at, by_time);
    }
    for (size_t i = 0, k = 0; i < starts.count; i++) {
        while (k < ends.count && ends.at[k] <= starts.at[i])
            k++;
        most = i + 1 - k > most ? i + 1 - k : most;
    }
    VEC_FREE(&starts);
    VEC_FREE(&ends);
    return (double)most;
}

/* Slots while the work was done: the mean over stages, by the time of their tasks. */
static double slots_of_work(const struct spark_log *log)
{
    double sum = 0, weight = 0;
    for (size_t i = 0; i < log->stages.count; i++) {
        const struct spark_stage *s = &log->stages.at[i];
        int64_t first = INT64_MAX, last = 0;
        double busy = 0;
        for (size_t t = 0; t < s->tasks.count; t++) {
            int64_t end = s->tasks.at[t].launch_ms + s->tasks.at[t].duration_ms;
            first = s->tasks.at[t].launch_ms < first ? s->tasks.at[t].launch_ms : first;
            last = end > last ? end : last;
            busy += s->tasks.at[t].duration_ms;
        }
        if (s->tasks.count == 0)
            continue;
        sum += busy * slots_at(log, first + (last - first) / 2);
        weight += busy;
    }
    return weight > 0 ? sum / weight : 0;
}

/* Hosts that ran tasks, and what they offered. */
static void count_workers(struct recording *r, const struct spark_log *log)
{
    double hosts = 0, cores = 0, slots = slots_of_work(log);
    for (size_t i = 0; i < log->executors.count; i++) {
        bool again = log->executors.at[i].good_tasks == 0;
        if (!again)
            cores += (double)log->executors.at[i].cores;
        for (size_t k = 0; k < i && !again; k++)
            again = log->executors.at[k].good_tasks > 0 && same_host(log, i, k);
        hosts += !again;
    }
    r->log.cores = fmax(1, slots >= 1 ? round(slots) : most_at_once(log));
    r->workers = fmax(1, hosts);
    r->cores_per_worker = fmax(1, (cores > 0 ? cores : r->log.cores) / r->workers);
}

static bool record(struct recording *out, struct arena *arena, const struct spark_log *log,
                   struct err *err)
{
    struct replay_job *jobs = ARENA_ARRAY(arena, struct replay_job, log->jobs.count + 1);
    double input = 0, spilled = 0, cached = 0;
    for (uint32_t j = 0; j < log->jobs.count; j++)
        add_job(arena, &jobs[j], log, j);
    for (size_t i = 0; i < log->stages.count; i++) {
        input += (double)log->stages.at[i].good.input_bytes;
        spilled += (double)log->stages.at[i].good.disk_spilled;
    }
    for (size_t i = 0; i < log->executors.count; i++)
        cached += (double)log->executors.at[i].peaks.storage_bytes;
    *out = (struct recording){
        .log = {jobs, log->jobs.count, (double)(log->ended_ms - log->started_ms) / 1000, 0},
        .input_gb = input > 0 ? input / 1e9 : NAN,
        .spill_gb = spilled / 1e9,
        .cached_gb = cached > 0 ? cached / 1e9 : NAN,
    };
    count_workers(out, log);
    if (!(out->log.seconds > 0) || log->jobs.count == 0)
        return err_set(err, "%s: the log holds no finished work to replay", log->path);
    return true;
}

/* The type that ran: as the log says, else the candidate with as many vCPUs. */
static const char *type_of(const struct spark_log *log, const struct recording *r,
                           const struct size_candidates *candidates, struct session *session)
{
    if (log->cluster.worker_type)
        return arena_strdup(&session->arena, log->cluster.worker_type);
    for (size_t i = 0; i < candidates->list.count; i++)
        if (candidates->list.at[i].hardware.vcpus == r->cores_per_worker)
            return candidates->list.at[i].instance_type;
    return NULL;
}

static struct sizing_hardware hardware_of(const char *type, const struct recording *r,
                                          const struct size_candidates *candidates,
                                          const struct book *book)
{
    const struct instance_type *t = type ? catalogue_find(book, type) : NULL;
    for (size_t i = 0; i < candidates->list.count && type; i++)
        if (!strcmp(candidates->list.at[i].instance_type, type))
            return candidates->list.at[i].hardware;
    if (!t)
        return (struct sizing_hardware){r->cores_per_worker, 4 * r->cores_per_worker, NAN, NAN,
                                        NAN};
    return (struct sizing_hardware){t->vcpus, t->memory_gib, t->clock_ghz, t->network_gbps,
                                    t->ebs_mb_per_s};
}

static struct sizing_run *add_run(struct size_runs *runs, const struct size_options *o,
                                  const struct recording *r, const char *type, double workers,
                                  double seconds)
{
    struct sizing_run *run = VEC_PUSH(&runs->list);
    *run = (struct sizing_run){
        .workload = o->workload,
        .algorithm = o->algorithm,
        .class_name = o->class_name,
        .iterative = -1,
        .input_gb = o->input_gb > 0 ? o->input_gb : r->input_gb,
        .instance_type = type ? type : "the log's workers",
        .workers = workers,
        .minutes = seconds / 60,
        .cpu_pct = NAN,
        .memory_peak_gib = NAN,
        .shuffle_gb = NAN,
        .spill_gb = r->spill_gb,
        .cached_gb = r->cached_gb,
    };
    return run;
}

/* The run itself, and its replay on half, double and four times the workers. */
static bool add_log(struct size_runs *runs, const char **said, struct session *session,
                    const struct size_options *o, const struct spark_log *log,
                    const struct size_candidates *candidates, const struct book *book,
                    struct err *err)
{
    static const double factors[] = {0.5, 2, 4};
    struct recording r;
    struct replay_forecast own, other;
    if (!record(&r, &session->arena, log, err) || !replay_on(&own, &r.log, r.log.cores, 1, err))
        return err_within(err, "%s", log->path);
    const char *type = type_of(log, &r, candidates, session);
    struct sizing_hardware hardware = hardware_of(type, &r, candidates, book);
    add_run(runs, o, &r, type, r.workers, r.log.seconds)->hardware = hardware;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        double workers = round(r.workers * factors[i]);
        if (workers < 1 || workers == r.workers ||
            !replay_on(&other, &r.log, fmax(1, round(r.log.cores * workers / r.workers)), 1, NULL))
            continue;
        /* What the replay misses on the run's own size it misses on the others. */
        double seconds = other.seconds * r.log.seconds / own.seconds;
        add_run(runs, o, &r, type, workers, seconds)->hardware = hardware;
    }
    *said = arena_printf(
        &session->arena,
        "%s: %g workers of %g cores took %.1f s; its replay says %.1f s (%+.1f %%), of which "
        "driver alone %.1f s, and %.1f s at the least on any number of cores.",
        log->path, r.workers, r.cores_per_worker, r.log.seconds, own.seconds,
        100 * (own.seconds / r.log.seconds - 1), own.driver_seconds, own.floor_seconds);
    return true;
}

bool size_read_logs(struct size_runs *runs, const char **said, struct session *session,
                    const struct size_options *o, const struct size_candidates *candidates,
                    const struct book *book, struct err *err)
{
    struct spark_sources sources = {0};
    size_t used = 0;
    if (o->logs.texts.count == 0)
        return true;
    if (!spark_sources_find(&sources, &session->arena, o->logs.texts.at, o->logs.texts.count, err))
        return false;
    for (size_t i = 0; i < sources.at.count; i++) {
        struct spark_log *log = NULL;
        struct err bad = ERR_INIT;
        if (spark_log_read(&log, &sources.at.at[i], &bad) &&
            add_log(runs, said, session, o, log, candidates, book, &bad)) {
            used++;
        } else {
            session_say(session, "left out: %s", bad.text);
            session->status = STATUS_INCOMPLETE;
        }
        spark_log_free(log);
    }
    spark_sources_release(&sources);
    return used ? true : err_set(err, "none of the event logs could be used");
}
