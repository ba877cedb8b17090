#ifndef ADVISOR_PROGRESS_H
#define ADVISOR_PROGRESS_H

#include <stdint.h>

#include "command.h"

/*
 * How far reading has come, on stderr and never with --quiet: on a terminal a
 * line that is redrawn from half a second on, with the rate and the time left;
 * else one line where there is much to read.
 */
struct progress {
    const struct session *session;
    const char *what; /* "bills" */
    bool drawn, said;
    int64_t start, shown; /* milliseconds of the monotonic clock */
};

void progress_begin(struct progress *p, const struct session *session, const char *what);
/* struct bill_options.progress; the context is the struct progress. */
void progress_bytes(void *progress, uint64_t done, uint64_t all);
void progress_end(struct progress *p); /* leaves the terminal's line empty */

#endif
