#ifndef ADVISOR_SIZE_LOG_H
#define ADVISOR_SIZE_LOG_H

#include "size_inputs.h"

/*
 * Event logs of the workload, or of the phase that its name is in them: each becomes an own
 * run, failed ones too, and the replay of its tasks stands in for runs on other numbers of
 * the same workers. runs->said has a sentence of evidence for each.
 */
bool size_read_logs(struct size_runs *runs, struct session *session,
                    const struct size_options *options,
                    const struct size_candidates *candidates, const struct book *book,
                    struct err *err);

#endif
