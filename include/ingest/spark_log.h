#ifndef INGEST_SPARK_LOG_H
#define INGEST_SPARK_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/sym.h"
#include "base/vec.h"

/*
 * One Spark application as its event log tells it. Times are milliseconds since
 * 1970, 0 where the log has none; bytes are bytes. Indexes that point at nothing
 * are SPARK_NONE. Texts are in the log's own symbol table.
 */
#define SPARK_NONE UINT32_MAX

enum spark_task_flag {
    SPARK_TASK_FAILED = 1,
    SPARK_TASK_KILLED = 2,
    SPARK_TASK_SPECULATIVE = 4,
    SPARK_TASK_LOST = 8, /* its executor went */
    SPARK_TASK_OUT_OF_MEMORY = 16,
};

/* A task that ended, 32 bytes: a log's memory is this times its tasks, and little else. */
struct spark_task {
    int64_t launch_ms;
    uint32_t duration_ms; /* launch to finish: what it held its slot for */
    uint32_t run_ms;      /* executor run time */
    uint32_t read_kib;    /* input and shuffle read */
    uint32_t peak_kib;    /* peak execution memory */
    uint32_t executor;    /* index */
    uint8_t flags;        /* of enum spark_task_flag; 0 is a success */
};

/* Sums over tasks, in the units of the log. */
struct spark_totals {
    int64_t tasks, duration_ms;
    int64_t run_ms, cpu_ns, gc_ms, deserialize_ms, deserialize_cpu_ns, serialize_ms;
    int64_t result_bytes, memory_spilled, disk_spilled;
    int64_t fetch_wait_ms, shuffle_write_ns;
    int64_t remote_bytes, remote_to_disk_bytes, local_bytes; /* shuffle read */
    int64_t remote_blocks, local_blocks, shuffle_read_records;
    int64_t shuffle_write_bytes, shuffle_write_records;
    int64_t input_bytes, input_records, output_bytes, output_records;
    int64_t getting_result_ms,
        scheduler_ms; /* scheduler delay: of the duration, what is neither
                         run, deserialisation, serialisation nor result */
    int64_t process_local, node_local, no_preference, rack_local,
        any_place; /* tasks by locality */
};

/* The highest seen in samples of an executor (Task or Stage Executor Metrics). */
struct spark_peaks {
    int64_t unified_bytes, storage_bytes, heap_bytes, process_bytes;
};

enum spark_stage_status {
    SPARK_STAGE_PENDING,
    SPARK_STAGE_RUNNING,
    SPARK_STAGE_COMPLETE,
    SPARK_STAGE_FAILED
};

/* One attempt of a stage that was submitted or had tasks. */
struct spark_stage {
    int64_t id, attempt;
    sym name, failure;
    uint32_t job;          /* index of the job that it ran for */
    int64_t planned_tasks; /* as submitted */
    int64_t submitted_ms, completed_ms, first_launch_ms;
    enum spark_stage_status status;
    VEC(int64_t) parents; /* stage ids */
    bool caches;          /* an RDD of it is kept in memory */
    int64_t started_tasks;
    int64_t failed_tasks, killed_tasks;
    struct spark_totals good, wasted; /* successes; failures and killed */
    struct spark_peaks peaks;
    VEC(struct spark_task) tasks; /* in the order they ended */
};

/* What names, plans and properties say about the kind of work. */
enum spark_hint {
    SPARK_HINT_TRAINING = 1,
    SPARK_HINT_STREAM = 2,
    SPARK_HINT_SERVING = 4, /* thrift server, SQL warehouse */
    SPARK_HINT_NOTEBOOK = 8,
    SPARK_HINT_SCAN = 16, /* reads files, Kafka, JDBC */
    SPARK_HINT_WRITE = 32,
    SPARK_HINT_SHUFFLE = 64,      /* joins, aggregates, sorts, exchanges */
    SPARK_HINT_OUTSIDE_JVM = 128, /* Photon or Python: CPU time is not all of it */
    SPARK_HINT_GPU = 256,
    SPARK_HINT_SCHEDULED = 512, /* a Databricks job run */
};

struct spark_job {
    int64_t id, submitted_ms, ended_ms;
    bool ended, succeeded;
    sym failure;
    sym group, description, call_site; /* NULL when absent */
    sym notebook, task_key;
    uint32_t sql; /* index of its SQL execution */
    unsigned hints;
    int64_t planned_tasks;
    VEC(int64_t) stage_ids; /* as planned: some may have been skipped */
};

struct spark_sql {
    int64_t id, root, started_ms, ended_ms;
    bool ended;
    sym description, error;
    unsigned hints;
};

struct spark_executor {
    sym id, host;
    int64_t cores, added_ms, removed_ms;
    bool removed;
    bool cores_observed; /* the log names none: the most tasks that ran at once */
    sym reason;
    int64_t storage_limit_bytes; /* of its block manager */
    int64_t good_tasks, failed_tasks, duration_ms, gc_ms;
    int64_t first_launch_ms, last_finish_ms; /* of its tasks */
    int64_t input_bytes, shuffle_read_bytes, shuffle_write_bytes;
    struct spark_peaks peaks;
};

/* A machine that offered slots: all its executors together, from the first to the last. */
struct spark_machine {
    sym host;
    int64_t from_ms, to_ms;
    size_t executors;
};

/* The cluster as properties tell it; NULL and -1 are unknown. */
struct spark_cluster {
    sym cluster_id, cluster_name, worker_type, driver_type, region, runtime, availability;
    sym job_id, run_id, workload;
    int64_t workers, min_workers, max_workers;
    int64_t task_cpus; /* 1 unless stated */
    bool photon, spot;
};

struct spark_log {
    struct arena arena;
    struct intern *symbols;
    const char *path; /* of the first part */
    sym app_id, app_name, user, attempt, spark_version, context_id;
    int64_t started_ms, ended_ms; /* the last time seen where there is no end */
    bool has_start, has_end;
    bool damaged; /* parts of it could not be read: a note says which */
    uint64_t lines, events, bad_lines;
    struct spark_cluster cluster;
    VEC(struct spark_stage) stages;
    VEC(struct spark_job) jobs;
    VEC(struct spark_sql) sqls;
    VEC(struct spark_executor) executors;
    VEC(struct spark_machine) machines;
    VEC(const char *) notes; /* sentences for the reader */
    struct map stage_index, job_index, sql_index, executor_index, job_of_stage;
};

/* The files of one application, in reading order. */
struct spark_source {
    VEC(const char *) parts;
    VEC(const char *) notes; /* missing and doubled parts */
};

struct spark_sources {
    VEC(struct spark_source) at;
    VEC(const char *) ignored; /* files beside logs that are none: stdout, appstatus ... */
};

/* A rolling directory, or one that holds only parts as Databricks delivers them. */
bool spark_folder_is_log(const char *folder);

void spark_sources_release(struct spark_sources *sources);

/*
 * Sorts files and folders (a single log, a rolling directory, a Databricks log
 * delivery tree at any depth) into applications. Texts are in `arena`.
 */
bool spark_sources_find(struct spark_sources *out, struct arena *arena,
                        const char *const *paths, size_t count, struct err *err);

/*
 * Reads one application. A log that is cut or still written gives what it has,
 * with a note. Fails for a file that is no event log.
 */
bool spark_log_read(struct spark_log **out, const struct spark_source *source,
                    struct err *err);
void spark_log_free(struct spark_log *log); /* NULL is fine */

/*
 * All of them, one worker thread a core. logs[i] belongs to sources->at[i] and is
 * NULL where errs[i] says why. Of the same application read twice (id, attempt and
 * start equal) the fuller one stays, the other becomes NULL with that as its text
 * and ERR_NONE as its code.
 */
void spark_logs_read(struct spark_log **logs, struct err *errs,
                     const struct spark_sources *sources, unsigned threads);

/* Cores that executors offered at once divided by the cores of a task, over time. */
struct spark_slots {
    int64_t from_ms, step_ms;
    size_t count;
    double *offered, *used; /* means over each step, `count` each, in the arena given */
};

/* Cuts [from_ms, to_ms) into `steps` (at least 1) of equal length. */
void spark_slots_over(struct spark_slots *out, struct arena *arena,
                      const struct spark_log *log, int64_t from_ms, int64_t to_ms,
                      size_t steps);
/* Adds to steps[0 .. grid->count) the slots that the tasks of one stage used. */
void spark_slots_of_stage(double *steps, const struct spark_slots *grid,
                          const struct spark_stage *stage);
/* Slot-milliseconds offered in the span. */
double spark_slots_offered(const struct spark_log *log, int64_t from_ms, int64_t to_ms);

#endif
