#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "ingest/ingest.h"
#include "ingest/spark_phases.h"
#include "io/files.h"

sym spark_phase_workload(struct intern *symbols, const struct spark_log *log,
                         const struct spark_phases *phases, const struct spark_phase *phase)
{
    size_t working = 0;
    const char *name = log->cluster.workload ? log->cluster.workload : log->app_name;
    if (phase->declared)
        return intern(symbols, phase->declared->workload);
    for (size_t i = 0; i < phases->at.count; i++)
        working += !phases->at.at[i].idle;
    if (!name)
        name = log->app_id ? log->app_id : path_base(log->path);
    if (working < 2)
        return intern(symbols, name);
    return intern_printf(symbols, "%s / %s", name, phase->name);
}

static sym id_of(struct estate *estate, const struct spark_log *log,
                 const struct spark_phase *phase)
{
    const char *app = log->app_id ? log->app_id : path_base(log->path);
    return intern_printf(estate->symbols, "%s%s%s/%s", app, log->attempt ? "_" : "",
                         sym_or_empty(log->attempt), phase->name);
}

static sym copied(struct estate *estate, sym text)
{
    return text ? intern(estate->symbols, text) : NULL;
}

static double minutes_of(const struct spark_phase *phase)
{
    return (double)(phase->to_ms - phase->from_ms) / 60e3;
}

/* By its property, or by the name that Databricks gives the clusters of job runs:
 * "job-77-run-12-main". */
static sym job_of(struct estate *estate, const struct spark_cluster *cluster)
{
    const char *name = cluster->cluster_name;
    if (cluster->job_id)
        return intern(estate->symbols, cluster->job_id);
    if (!name || strncmp(name, "job-", 4))
        return NULL;
    size_t digits = strspn(name + 4, "0123456789");
    bool of_a_run = digits && !strncmp(name + 4 + digits, "-run-", 5);
    return of_a_run ? intern_n(estate->symbols, name + 4, digits) : NULL;
}

static struct phase to_phase(struct estate *estate, const struct spark_log *log,
                             const struct spark_phases *phases, const struct spark_phase *from)
{
    struct phase phase = phase_unknown();
    phase.id = id_of(estate, log, from);
    phase.name = intern(estate->symbols, from->name);
    phase.class = from->class;
    phase.iterative = from->iterative;
    phase.workload = spark_phase_workload(estate->symbols, log, phases, from);
    if (from->declared) {
        phase.algorithm = copied(estate, from->declared->algorithm);
        phase.declared = intern(estate->symbols, from->declared->id);
    }
    phase.cluster_id = copied(estate, log->cluster.cluster_id);
    phase.job_id = job_of(estate, &log->cluster);
    phase.instance_type = copied(estate, log->cluster.worker_type);
    phase.driver_type = copied(estate, log->cluster.driver_type);
    phase.workers = from->workers > 0 ? from->workers : NAN;
    phase.minutes = minutes_of(from);
    phase.input_gb = from->demand.input_bytes / 1e9;
    phase.slot_use = spark_ratios_of(from).slot_use;
    phase.photon = log->cluster.photon;
    phase.incomplete = from->incomplete;
    phase.from = from->from_ms / 1000;
    phase.to = from->to_ms / 1000;
    phase.demand = from->demand;
    phase.source = arena_strdup(&estate->arena, log->path);
    return phase;
}

static struct run to_run(const struct spark_phase *from, const struct phase *phase)
{
    const double gb = 1e9, gib = 1024.0 * 1024 * 1024;
    struct run run = run_unknown();
    run.workload = phase->workload;
    run.algorithm = phase->algorithm;
    run.class = from->class;
    run.iterative = from->iterative;
    run.input_gb = phase->input_gb;
    run.instance_type = phase->instance_type;
    run.workers = fmax(1, round(phase->workers)); /* machines that were asked for, not ramps */
    run.minutes = phase->minutes;
    run.status = from->status;
    double cpu = spark_ratios_of(from).cpu_percent;
    if (!phase->photon) /* it works outside the JVM, whose time the log tells */
        run.cpu_pct = cpu > 100 ? 100 : cpu;
    run.memory_peak_gib = from->process_bytes / gib;
    run.shuffle_gb = from->demand.shuffle_write_bytes / gb;
    run.spill_gb = from->demand.spill_bytes / gb;
    run.cached_gb = from->demand.cached_bytes / gb;
    run.source = phase->source;
    return run;
}

static bool is_known(const struct estate *estate, const struct phase *phase)
{
    for (size_t i = 0; i < estate->phases.count; i++)
        if (estate->phases.at[i].id == phase->id && estate->phases.at[i].from == phase->from)
            return true;
    return false;
}

/* What lies before the first work and behind the last is no gap. */
static void add_life(struct estate *estate, const struct spark_log *log,
                     const struct spark_phases *phases)
{
    size_t n = phases->at.count;
    if (!log->cluster.cluster_id || !n)
        return;
    struct cluster_life *life = VEC_PUSH(&estate->lives);
    int64_t *gaps = ARENA_ARRAY(&estate->arena, int64_t, n);
    life->cluster_id = copied(estate, log->cluster.cluster_id);
    life->cluster = NOTHING;
    life->up_ms = log->ended_ms - log->started_ms;
    life->gaps_ms = gaps;
    life->source = arena_strdup(&estate->arena, log->path);
    for (size_t i = 1; i + 1 < n; i++)
        if (phases->at.at[i].idle)
            gaps[life->gap_count++] = phases->at.at[i].to_ms - phases->at.at[i].from_ms;
    const struct spark_phase *last = &phases->at.at[n - 1];
    if (last->idle && n > 1 && log->has_end)
        life->tail_ms = last->to_ms - last->from_ms;
}

void spark_log_into_estate(struct estate *estate, const struct spark_log *log,
                           const struct spark_phases *phases)
{
    for (size_t i = 0; i < log->notes.count; i++)
        estate_note(estate, log->damaged ? NOTE_UNREAD : NOTE_INFO, NULL, "%s",
                    log->notes.at[i]);
    for (size_t i = 0; i < phases->at.count; i++) {
        const struct spark_phase *from = &phases->at.at[i];
        if (from->idle)
            continue;
        struct phase phase = to_phase(estate, log, phases, from);
        if (is_known(estate, &phase)) {
            estate_note(estate, NOTE_INFO, NULL,
                        "%s: the same application as one read before; counted once",
                        log->path);
            return;
        }
        VEC_ADD(&estate->phases, phase);
        if (!phase.incomplete && phase.workers > 0)
            VEC_ADD(&estate->runs, to_run(from, &phase));
    }
    add_life(estate, log, phases);
}

static int matches(const struct probe *probe)
{
    static const char *const starts[] = {"{\"Event\":\"SparkListener", "{\"Event\":\"DBCEvent",
                                         "{\"Event\":\"org.apache.spark."};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (probe->length >= strlen(starts[i]) &&
            !memcmp(probe->bytes, starts[i], strlen(starts[i])))
            return 2;
    return 0;
}

/* A folder that is no whole log may hold other things: what cannot be read is noted. */
static bool read_logs(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct spark_sources sources;
    if (!spark_sources_find(&sources, &into->arena, &path, 1, err))
        return false;
    struct spark_labels *labels = spark_labels_open(options->map);
    bool ok = true;
    for (size_t i = 0; ok && i < sources.at.count; i++) {
        struct spark_log *log;
        struct err why = ERR_INIT;
        if (spark_log_read(&log, &sources.at.at[i], &why)) {
            struct spark_phases phases;
            spark_phases_of(&phases, log, labels);
            spark_log_into_estate(into, log, &phases);
            spark_phases_release(&phases);
            spark_log_free(log);
        } else if (sources.at.count == 1 || options->strict) {
            ok = err_set(err, "%s", why.text);
        } else {
            estate_note(into, NOTE_UNREAD, NULL, "%s", why.text);
        }
    }
    spark_labels_free(labels);
    spark_sources_release(&sources);
    return ok;
}

const struct ingest_format ingest_spark_log = {
    .name = "Spark event log",
    .summary = "Spark event logs: a file, a rolling directory, a Databricks delivery",
    .matches = matches,
    .matches_folder = spark_folder_is_log,
    .read = read_logs,
};
