#ifndef ADVISOR_COMMENT_H
#define ADVISOR_COMMENT_H

#include "command.h"
#include "forge.h"

enum comment_behaviour { COMMENT_UPDATE, COMMENT_NEW, COMMENT_HIDE_AND_NEW, COMMENT_DELETE_AND_NEW };

/* Where and how to comment; strings from the options, else from the environment. */
struct comment_target {
    const struct forge *forge;
    const char *id; /* tells several comments of one merge request apart; "default" */
    enum comment_behaviour behaviour;
    const char *api, *repo, *change, *token;
    long long run;  /* the pipeline's number; a comment of a later run is never overwritten */
};

/* Reads what the options leave open from the forge's environment variables. */
bool comment_target_read(struct comment_target *out, struct arena *arena, const char *forge,
                         const char *behaviour, const char *id, struct err *err);

/*
 * The report as this forge's Markdown, with a marker that says whose it is, from
 * which run and with which content. Sections go by priority until it fits the limit.
 */
const char *comment_text(struct arena *arena, const struct report *report,
                         const struct comment_target *target);

enum comment_outcome { COMMENT_POSTED, COMMENT_UPDATED, COMMENT_UNCHANGED, COMMENT_STALE };

/*
 * Keeps one comment up to date. Comments of other authors are never touched, whatever
 * marker they carry. Nothing is written when the content is the same.
 */
bool comment_post(enum comment_outcome *out, struct arena *arena,
                  const struct comment_target *target, const char *text, struct err *err);

/* Appends to the file that GITHUB_STEP_SUMMARY names; nothing where it names none. */
bool comment_summary(const char *text, struct err *err);

#endif
