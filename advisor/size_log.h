#ifndef ADVISOR_SIZE_LOG_H
#define ADVISOR_SIZE_LOG_H

#include "size_inputs.h"

/*
 * Event logs of the workload: each becomes an own run, and the replay of its
 * tasks stands in for runs on other numbers of the same workers. *said is a
 * sentence of evidence, or stays NULL without logs.
 */
bool size_read_logs(struct size_runs *runs, const char **said, struct session *session,
                    const struct size_options *options,
                    const struct size_candidates *candidates, const struct book *book,
                    struct err *err);

#endif
