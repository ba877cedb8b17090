#ifndef ADVISOR_CMD_PHASES_H
#define ADVISOR_CMD_PHASES_H

#include "command.h"
#include "ingest/spark_phases.h"

/* All that `advisor phases` read: logs[i] and phases[i] of sources.at[i], or errs[i]. */
struct phases_input {
    struct spark_sources sources;
    struct spark_log **logs; /* NULL where errs[i] says why */
    struct err *errs;        /* code ERR_NONE: left out, but nothing is lost */
    struct spark_phases *phases;
    size_t read, unread;
    struct layer_map *map; /* whose phases name the work; NULL: none given */
    struct spark_labels *labels;
};

/* `pictures` draws the slots with characters, for terminals; else as charts. */
struct report *phases_report(const struct phases_input *input, bool pictures, size_t width);

/* How many phases the map names, and which of its phases nothing is. */
void phases_put_labels(struct report *report, const struct phases_input *input);

/* Slots in use over time with the phases below, as lines of text in the report's arena. */
const char *phases_picture(struct report *report, const struct spark_log *log,
                           const struct spark_phases *phases, size_t width);

#endif
