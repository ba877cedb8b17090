#ifndef ADVISOR_CMD_DIFF_H
#define ADVISOR_CMD_DIFF_H

#include "command.h"
#include "comment.h"
#include "config.h"
#include "ingest/change.h"
#include "ingest/layer_map.h"
#include "pricing/change_commitments.h"
#include "pricing/cost.h"
#include "report/diff.h"

struct diff_options {
    const char *map, *region;
    struct text_list usage, bill, fail_on;
    struct comment_options comment;
    bool no_advice;
};

/* Everything about one change: what was read, what it costs, what is advised. */
struct diff_job {
    struct config config;
    struct layer_map *map; /* NULL: none given */
    struct book *book;
    const struct node *parameters; /* of policies: the configuration's and the map's */
    struct change change;
    struct estate_diff diff;
    struct arena arena;
    struct estate_cost before, after;
    struct change_commitments commitments;
    bool has_commitments; /* a bill or the map says what is bought */
    struct advice advice[2]; /* before, after */
    struct findings findings[2];
    bool has_advice;
};

/*
 * Reads the inputs (one plan, template or state, or a state before and one after),
 * prices both sides and asks recommenders and policies. Release it also after a
 * failure. diff_input_of() is what reports are made from.
 */
bool diff_run(struct diff_job *job, struct session *session, const struct diff_options *options,
              struct err *err);
void diff_release(struct diff_job *job);
struct diff_input diff_input_of(struct diff_job *job);
struct report *diff_report(struct diff_job *job); /* report_free() it */

#endif
