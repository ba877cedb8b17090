#ifndef INGEST_SPARK_PHASES_H
#define INGEST_SPARK_PHASES_H

#include "estate/estate.h"
#include "ingest/spark_labels.h"
#include "ingest/spark_log.h"

/*
 * The phases of one application. Work units are SQL executions, else jobs; each
 * unit is classified by what moved (bytes), what its plan and names say and where
 * it came from; neighbours of one class less than a minute apart are one phase.
 * Gaps of a minute and more without a job are phases too, `idle`. Work that a layer map
 * declares as one of its phases is that phase, with its name and, where stated, its class.
 */
struct spark_phase {
    const char *name;             /* "etl", "etl 2", "idle"; of a declared one the map's */
    const struct phase *declared; /* the map's phase that it is, or NULL; borrowed */
    enum workload_class class;    /* CLASS_UNKNOWN prints as "mixed" */
    bool idle, incomplete;        /* incomplete: a job or stage of it has no end in the log */
    enum tristate iterative;
    enum run_status status;
    unsigned hints; /* of enum spark_hint */
    sym label;      /* job group or description that all its jobs share, or NULL */
    int64_t from_ms, to_ms;
    VEC(uint32_t) jobs;   /* indexes into the log's jobs */
    VEC(uint32_t) stages; /* indexes into the log's stages */
    size_t units;
    struct spark_totals good, wasted;
    struct phase_demand demand;
    double job_seconds;                   /* union of its jobs */
    double offered_seconds, used_seconds; /* slot-seconds */
    double workers;                       /* mean of the machines that offered slots */
    double waves;                         /* tasks a slot of the stage that has most of them */
    double skewed_stages;
    double process_bytes;  /* the most that one worker's processes held; NaN unknown */
    size_t executors_lost; /* other than for idleness */
    size_t executors_lost_to_spot;
};

struct spark_phases {
    struct arena arena;
    VEC(struct spark_phase) at; /* in time order */
};

/* `labels` may be NULL; they must outlive the phases. */
void spark_phases_of(struct spark_phases *out, const struct spark_log *log,
                     const struct spark_labels *labels);
void spark_phases_release(struct spark_phases *phases);

/* Ratios of a phase; NaN where there is nothing to divide by, or where it would mislead. */
struct spark_ratios {
    double slot_use;     /* used / offered slot time */
    double cpu_fraction; /* CPU / run time; NaN when much runs outside the JVM */
    double gc_fraction, fetch_fraction;
    double spill_ratio;        /* disk spill / (input + shuffle read) */
    double expansion;          /* memory spill / disk spill */
    double mb_per_core_second; /* bytes moved / run time */
    double remote_fraction;    /* of shuffle read */
    double cpu_percent;        /* CPU time / slot time offered, 0..100 */
    double scheduler_fraction; /* scheduler delay / duration */
};

struct spark_ratios spark_ratios_of(const struct spark_phase *phase);

/* "etl", "mixed", "idle": what a table prints. */
const char *spark_phase_class(const struct spark_phase *phase);

/* Its workload in the runs table: "nightly load", of several phases "nightly load / etl". */
sym spark_phase_workload(struct intern *symbols, const struct spark_log *log,
                         const struct spark_phases *phases, const struct spark_phase *phase);

/*
 * Adds the phases (without idle ones), for phases that ended one run each, and for a log
 * that names its cluster how long that was up and when it waited.
 * A log whose phases are in the estate already is left out, with a note.
 */
void spark_log_into_estate(struct estate *estate, const struct spark_log *log,
                           const struct spark_phases *phases);

#endif
