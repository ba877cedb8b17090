#include "size_log.h"

#include <math.h>
#include <string.h>

#include "log_replay.h"
#include "pricing/catalogue.h"
#include "recommend/sizing_inputs.h"

/* A log, or one phase of it, in the replay's terms; arrays live in the session's arena. */
struct recording {
    struct replay_log log;
    double workers, cores_per_worker;
    double input_gb, shuffle_gb, spill_gb, cached_gb;
    const char *class_name;
    int iterative;
    enum sizing_status status;
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

static void sum_log(struct recording *r, const struct spark_log *log)
{
    double input = 0, shuffled = 0, spilled = 0, cached = 0;
    for (size_t i = 0; i < log->stages.count; i++) {
        input += (double)log->stages.at[i].good.input_bytes;
        shuffled += (double)log->stages.at[i].good.shuffle_write_bytes;
        spilled += (double)log->stages.at[i].good.disk_spilled;
    }
    for (size_t i = 0; i < log->executors.count; i++)
        cached += (double)log->executors.at[i].peaks.storage_bytes;
    r->input_gb = input > 0 ? input / 1e9 : NAN;
    r->shuffle_gb = shuffled / 1e9;
    r->spill_gb = spilled / 1e9;
    r->cached_gb = cached > 0 ? cached / 1e9 : NAN;
}

static void sum_phase(struct recording *r, const struct spark_phase *phase)
{
    r->input_gb = phase->demand.input_bytes / 1e9;
    r->shuffle_gb = phase->demand.shuffle_write_bytes / 1e9;
    r->spill_gb = phase->demand.spill_bytes / 1e9;
    r->cached_gb = phase->demand.cached_bytes / 1e9;
    r->class_name = sizing_class_text(phase->class);
    r->iterative = sizing_iterative(phase->iterative);
    if (phase->workers > 0)
        r->workers = fmax(1, round(phase->workers));
}

/* What the workload's name means in this log: one phase, or with NULL the whole log. */
static const struct spark_phase *phase_named(const struct spark_log *log,
                                             const struct spark_phases *phases,
                                             const char *workload)
{
    for (size_t i = 0; i < phases->at.count; i++) {
        const struct spark_phase *p = &phases->at.at[i];
        if (!p->idle && !strcmp(spark_phase_workload(log->symbols, log, phases, p), workload))
            return p;
    }
    return NULL;
}

/* How the last of it ended; false where the log breaks off before it did. */
static bool read_status(struct recording *r, const struct spark_phases *phases,
                        const struct spark_phase *only)
{
    static const enum sizing_status statuses[] = {
        [RUN_OK] = SIZING_OK, [RUN_FAILED] = SIZING_FAILED, [RUN_OUT_OF_MEMORY] = SIZING_OOM};
    for (size_t i = 0; i < phases->at.count; i++) {
        const struct spark_phase *p = &phases->at.at[i];
        if (p->idle || (only && p != only))
            continue;
        if (p->incomplete)
            return false;
        r->status = statuses[p->status];
    }
    return true;
}

static bool record(struct recording *out, struct arena *arena, const struct spark_log *log,
                   const struct spark_phases *phases, const struct spark_phase *only,
                   struct err *err)
{
    *out = (struct recording){.iterative = -1};
    replay_log_of(&out->log, arena, log, only);
    count_workers(out, log);
    if (only)
        sum_phase(out, only);
    else
        sum_log(out, log);
    if (!(out->log.seconds > 0) || out->log.job_count == 0)
        return err_set(err, "the log holds no finished work to replay");
    if (!read_status(out, phases, only))
        return err_set(err, "the log breaks off before its work is done");
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
        .class_name = o->class_name ? o->class_name : r->class_name,
        .iterative = r->iterative,
        .input_gb = o->input_gb > 0 ? o->input_gb : r->input_gb,
        .instance_type = type ? type : "the log's workers",
        .workers = workers,
        .minutes = seconds / 60,
        .status = r->status,
        .cpu_pct = NAN,
        .memory_peak_gib = NAN,
        .shuffle_gb = r->shuffle_gb,
        .spill_gb = r->spill_gb,
        .cached_gb = r->cached_gb,
    };
    return run;
}

/* The runs table may hold it already, in the digits that `phases` writes. */
static bool is_in_table(const struct size_runs *runs, const struct size_options *o,
                        const struct recording *r, const char *type)
{
    for (size_t i = 0; i < runs->list.count && type; i++) {
        const struct sizing_run *run = &runs->list.at[i];
        if (run->workload && !strcmp(run->workload, o->workload) && run->instance_type &&
            !strcmp(run->instance_type, type) && fabs(run->workers - r->workers) < 0.5 &&
            fabs(run->minutes * 60 - r->log.seconds) < 1e-4 * r->log.seconds)
            return true;
    }
    return false;
}

/* The replay on half, double and four times the workers; `own` is that on those that ran. */
static void add_replays(struct size_runs *runs, const struct size_options *o,
                        const struct recording *r, const struct replay_forecast *own,
                        const char *type, struct sizing_hardware hardware)
{
    static const double factors[] = {0.5, 2, 4};
    struct replay_forecast other;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        double workers = round(r->workers * factors[i]);
        if (workers < 1 || workers == r->workers ||
            !replay_on(&other, &r->log, fmax(1, round(r->log.cores * workers / r->workers)), 1,
                       NULL))
            continue;
        /* What the replay misses on the run's own size it misses on the others. */
        double seconds = other.seconds * r->log.seconds / own->seconds;
        struct sizing_run *replayed = add_run(runs, o, r, type, workers, seconds);
        replayed->hardware = hardware;
        replayed->shuffle_gb = NAN; /* that its disks would hold that is not shown */
        runs->replayed++;
    }
}

static const char *part_text(struct arena *arena, const struct spark_phases *phases,
                             const struct spark_phase *only)
{
    size_t working = 0;
    for (size_t i = 0; i < phases->at.count; i++)
        working += !phases->at.at[i].idle;
    if (working < 2)
        return "";
    return only ? arena_printf(arena, "phase %s alone, ", only->name)
                : arena_printf(arena, "its %zu phases together, ", working);
}

/* The run itself, and where it completed its replay on other sizes. */
static bool add_part(struct size_runs *runs, struct session *session,
                     const struct size_options *o, const struct spark_log *log,
                     const struct spark_phases *phases,
                     const struct size_candidates *candidates, const struct book *book,
                     struct err *err)
{
    struct recording r;
    struct replay_forecast own;
    const struct spark_phase *only = phase_named(log, phases, o->workload);
    if (!record(&r, &session->arena, log, phases, only, err) ||
        !replay_on(&own, &r.log, r.log.cores, 1, err))
        return err_within(err, "%s", log->path);
    const char *type = type_of(log, &r, candidates, session);
    struct sizing_hardware hardware = hardware_of(type, &r, candidates, book);
    if (!is_in_table(runs, o, &r, type))
        add_run(runs, o, &r, type, r.workers, r.log.seconds)->hardware = hardware;
    if (r.status == SIZING_OK)
        add_replays(runs, o, &r, &own, type, hardware);
    VEC_ADD(&runs->said,
            arena_printf(&session->arena,
                         "%s: %s%g worker%s of %g cores %s %.1f s; its replay says %.1f s "
                         "(%+.1f %%), of which driver alone %.1f s, and %.1f s at the least on "
                         "any number of cores.",
                         log->path, part_text(&session->arena, phases, only), r.workers,
                         r.workers > 1 ? "s" : "", r.cores_per_worker,
                         r.status == SIZING_OK ? "took" : "failed after", r.log.seconds,
                         own.seconds, 100 * (own.seconds / r.log.seconds - 1),
                         own.driver_seconds, own.floor_seconds));
    return true;
}

static bool add_log(struct size_runs *runs, struct session *session,
                    const struct size_options *o, const struct spark_source *source,
                    const struct size_candidates *candidates, const struct book *book,
                    struct err *err)
{
    struct spark_log *log = NULL;
    struct spark_phases phases;
    if (!spark_log_read(&log, source, err))
        return false;
    spark_phases_of(&phases, log, NULL);
    bool ok = add_part(runs, session, o, log, &phases, candidates, book, err);
    spark_phases_release(&phases);
    spark_log_free(log);
    return ok;
}

bool size_read_logs(struct size_runs *runs, struct session *session,
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
        struct err bad = ERR_INIT;
        if (add_log(runs, session, o, &sources.at.at[i], candidates, book, &bad)) {
            used++;
        } else {
            session_say(session, "left out: %s", bad.text);
            session->status = STATUS_INCOMPLETE;
        }
    }
    spark_sources_release(&sources);
    return used ? true : err_set(err, "none of the event logs could be used");
}
