#ifndef ESTATE_PHASE_H
#define ESTATE_PHASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sym.h"
#include "base/vec.h"

enum workload_class {
    CLASS_UNKNOWN,
    CLASS_INGEST,
    CLASS_ETL,
    CLASS_TRAINING,
    CLASS_SERVING,
    CLASS_INTERACTIVE,
    CLASS_STREAMING,
    CLASS_COUNT
};

enum tristate { TRI_UNKNOWN, TRI_NO, TRI_YES };
enum run_status { RUN_OK, RUN_FAILED, RUN_OUT_OF_MEMORY };

/*
 * One past run of a workload: a row of the `runs` table. Unknown figures are NaN.
 * Minutes of a failed run may be a time limit or mean nothing.
 */
struct run {
    sym workload, algorithm;
    enum workload_class class;
    enum tristate iterative; /* reads its data again and again and wants it cached */
    double input_gb;
    sym instance_type;
    double workers, minutes;
    enum run_status status;
    double cpu_pct, memory_peak_gib, shuffle_gb, spill_gb, cached_gb;
    const char *source;
    unsigned line;
};

/*
 * What a phase asks of any cluster, summed over its tasks. NaN is unknown.
 * Seconds are of one core of the type it ran on; bytes are bytes.
 */
struct phase_demand {
    double core_seconds; /* task run time */
    double cpu_seconds;  /* of it on the CPU */
    double gc_seconds;
    double input_bytes, output_bytes;
    double shuffle_read_bytes, shuffle_write_bytes;
    double spill_bytes;       /* to disk */
    double cached_bytes;      /* the most held in storage memory */
    double working_set_bytes; /* the most needed at once, per worker */
    double driver_seconds;    /* no job active */
    double longest_task_seconds;
    double skew_seconds;      /* longest task above the 75th percentile, summed over stages */
    double tasks, failed_tasks;
};

/*
 * A piece of work of one resource character: declared in a layer map, or read
 * from Spark event logs.
 */
struct phase {
    sym id, name;
    enum workload_class class;
    enum tristate iterative;
    sym workload, algorithm;
    uint32_t tenant;  /* index into estate.tenants or NOTHING */
    uint32_t cluster; /* index into estate.resources or NOTHING */
    sym cluster_id;   /* as the log or the map names it; NULL when unknown */
    sym job_id;       /* of the Databricks job whose run it was; NULL when unknown */
    sym instance_type, driver_type;
    double workers;        /* mean while it ran; NaN unknown */
    double minutes;        /* wall time of one run; NaN unknown */
    double runs_per_month; /* NaN unknown */
    double input_gb;       /* of one run; NaN unknown */
    double max_minutes;    /* the limit that the map states; NaN none */
    double share;          /* of its cluster's hours, 0..1; NaN unknown */
    double slot_use;       /* 0..1; NaN unknown */
    bool photon;
    bool incomplete;       /* the log ends early */
    int64_t from, to;      /* seconds since 1970; 0 when unknown */
    struct phase_demand demand;
    VEC(sym) allowed_types; /* the map's allow-list; empty: any */
    VEC(sym) match;         /* expressions of a declared phase that tell its work in logs */
    sym declared; /* of a phase of a log: id of the map's phase that it is; else NULL */
    const char *source;
    unsigned line;
};

/*
 * How long a cluster was up and when it waited, as one log of it tells. A gap is time
 * between two pieces of work, of a minute and more.
 */
struct cluster_life {
    sym cluster_id;
    uint32_t cluster; /* index into estate.resources or NOTHING */
    int64_t up_ms;
    const int64_t *gaps_ms;
    size_t gap_count;
    int64_t tail_ms; /* without work at its end; 0 where the log has no end */
    const char *source;
};

/* Every figure NaN, every index NOTHING: the start of a phase or a run to fill in. */
struct phase phase_unknown(void);
struct run run_unknown(void);
void phase_release(struct phase *phase);

const char *class_name(enum workload_class class);   /* "etl"; "unknown" */
enum workload_class class_named(const char *name);   /* in any case; else CLASS_UNKNOWN */
/* yes, no, true, false, 1, 0 in any case; "" is unknown. False: none of these. */
bool tristate_read(enum tristate *out, const char *text);
const char *run_status_name(enum run_status status); /* "ok", "failed", "oom" */

#endif
