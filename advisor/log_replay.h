#ifndef ADVISOR_LOG_REPLAY_H
#define ADVISOR_LOG_REPLAY_H

#include "base/arena.h"
#include "ingest/spark_phases.h"
#include "models/replay.h"

/*
 * The tasks of a log, or of one phase of it where `phase` is not NULL, as the replay model
 * takes them, in `arena`: jobs that ran, their stage attempts in order of submission, tasks
 * in order of launch, failed ones included since a cluster pays for them too. `cores` is the
 * mean of the slots that were offered while a job was active, at least one.
 */
void replay_log_of(struct replay_log *out, struct arena *arena, const struct spark_log *log,
                   const struct spark_phase *phase);

#endif
