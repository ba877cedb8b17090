#include "size_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/spark_log.h"
#include "log_replay.h"
#include "pricing/catalogue.h"
#include "recommend/sizing_inputs.h"

/* A log in the replay's terms; arrays live in the session's arena. */
struct recording {
    struct replay_log log;
    double workers, cores_per_worker;
    double input_gb, shuffle_gb, spill_gb, cached_gb;
};

static bool same_host(const struct spark_log *log, size_t a, size_t b)
{
    return log->executors.at[a].host && log->executors.at[b].host &&
           !strcmp(log->executors.at[a].host, log->executors.at[b].host);
}

/* Hosts that ran tasks, and what they offered. */
static void count_workers(struct recording *r, const struct spark_log *log)
{
    double hosts = 0, cores = 0;
    for (size_t i = 0; i < log->executors.count; i++) {
        bool again = log->executors.at[i].good_tasks == 0;
        if (!again)
            cores += (double)log->executors.at[i].cores;
        for (size_t k = 0; k < i && !again; k++)
            again = log->executors.at[k].good_tasks > 0 && same_host(log, i, k);
        hosts += !again;
    }
    r->workers = fmax(1, hosts);
    r->cores_per_worker = fmax(1, (cores > 0 ? cores : r->log.cores) / r->workers);
}

static bool record(struct recording *out, struct arena *arena, const struct spark_log *log,
                   struct err *err)
{
    double input = 0, shuffled = 0, spilled = 0, cached = 0;
    for (size_t i = 0; i < log->stages.count; i++) {
        input += (double)log->stages.at[i].good.input_bytes;
        shuffled += (double)log->stages.at[i].good.shuffle_write_bytes;
        spilled += (double)log->stages.at[i].good.disk_spilled;
    }
    for (size_t i = 0; i < log->executors.count; i++)
        cached += (double)log->executors.at[i].peaks.storage_bytes;
    *out = (struct recording){
        .input_gb = input > 0 ? input / 1e9 : NAN,
        .shuffle_gb = shuffled / 1e9,
        .spill_gb = spilled / 1e9,
        .cached_gb = cached > 0 ? cached / 1e9 : NAN,
    };
    replay_log_of(&out->log, arena, log);
    count_workers(out, log);
    if (!(out->log.seconds > 0) || out->log.job_count == 0)
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
    struct sizing_hardware hardware = sizing_hardware_of(t);
    for (size_t i = 0; i < candidates->list.count && type; i++)
        if (!strcmp(candidates->list.at[i].instance_type, type))
            return candidates->list.at[i].hardware;
    if (!t) {
        hardware.vcpus = r->cores_per_worker;
        hardware.memory_gib = 4 * r->cores_per_worker;
    }
    return hardware;
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
        .shuffle_gb = r->shuffle_gb,
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
    if (!record(&r, &session->arena, log, err) ||
        !replay_on(&own, &r.log, r.log.cores, 1, err))
        return err_within(err, "%s", log->path);
    const char *type = type_of(log, &r, candidates, session);
    struct sizing_hardware hardware = hardware_of(type, &r, candidates, book);
    add_run(runs, o, &r, type, r.workers, r.log.seconds)->hardware = hardware;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        double workers = round(r.workers * factors[i]);
        if (workers < 1 || workers == r.workers ||
            !replay_on(&other, &r.log, fmax(1, round(r.log.cores * workers / r.workers)), 1,
                       NULL))
            continue;
        /* What the replay misses on the run's own size it misses on the others. */
        double seconds = other.seconds * r.log.seconds / own.seconds;
        struct sizing_run *replayed = add_run(runs, o, &r, type, workers, seconds);
        replayed->hardware = hardware;
        replayed->shuffle_gb = NAN; /* that its disks would hold that is not shown */
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
    if (!spark_sources_find(&sources, &session->arena, o->logs.texts.at, o->logs.texts.count,
                            err))
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
