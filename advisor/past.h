#ifndef ADVISOR_PAST_H
#define ADVISOR_PAST_H

#include "config.h"
#include "estate/advice.h"
#include "estate/spend.h"
#include "history/history.h"

/* Which history file a command means, and whether it writes there. */
struct history_options {
    const char *file; /* --history */
    bool record, no_record;
};

/* --history, else "history:" of the configuration, else advisor.db in the working directory.
 */
const char *history_file(const struct config *config, const struct history_options *options);
/* A review records itself where a file is named, or where it is asked to. */
bool history_wanted(const struct config *config, const struct history_options *options);

/* What earlier reviews and decisions mean for the analysis at hand. */
struct past {
    struct history *history;    /* NULL: there is none yet, or none is wanted */
    struct decisions decisions; /* the last one on each recommendation */
    struct set_aside *aside;
    struct arena texts;
    struct realised_list realised;
};

bool past_open(struct past *out, const struct config *config,
               const struct history_options *options, struct err *err);
/* Advice decided against, to be left out of the sum on that day. */
void past_set_aside(struct past *past, struct recommend_options *options);
/* What was accepted, measured on the analysed estate. */
bool past_measure(struct past *past, day on, const struct estate *estate,
                  const struct spend *spend, const struct advice *advice, struct err *err);
void past_release(struct past *past);

#endif
