#ifndef MODELS_REPLAY_H
#define MODELS_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Replays the tasks that a run recorded on another number of cores: greedy list
 * scheduling in order of submission, a stage's tasks once all its parents are
 * done, jobs that ran at the same time sharing the cores, the time in which no
 * task ran (the driver working alone) added unchanged. It keeps waves, the
 * longest task (skew) and the dependencies; it does not know memory, so it
 * answers for the type that ran, or one with as much memory per core.
 *
 * Source: Qubole's Sparklens (CompletionEstimator, PQParallelStageScheduler),
 * with two changes. Tasks count from launch to finish, not run time alone: the
 * difference is scheduling and serialisation that the new cluster pays again.
 * The driver's time is the run less the union of its tasks, not of its jobs: it
 * also works alone between the stages of a job.
 */
struct replay_task {
    double start;   /* on the clock of the jobs */
    double seconds; /* launch to finish */
};

struct replay_stage {
    const struct replay_task *tasks;
    size_t task_count;
    const size_t *parents; /* indices into the job's stages; only those that ran */
    size_t parent_count;
};

struct replay_job {
    double start, end; /* seconds on one clock: jobs that overlap run together */
    const struct replay_stage *stages; /* in order of submission */
    size_t stage_count;
};

struct replay_log {
    const struct replay_job *jobs;
    size_t job_count;
    double seconds; /* the whole run, first to last event */
    double cores;   /* task slots that ran it */
};

struct replay_forecast {
    double seconds;         /* driver + jobs */
    double driver_seconds;  /* no task running: more cores do not shorten it */
    double floor_seconds;   /* driver + longest chain of longest tasks: unlimited cores */
    double core_seconds;    /* of all tasks */
};

/*
 * `speed` is how fast a core is against the one that ran: 1 = the same. Fails
 * for a log without a task, fewer than one core or stages that wait for each
 * other.
 */
bool replay_on(struct replay_forecast *out, const struct replay_log *log, double cores,
               double speed, struct err *err);

#endif
