#ifndef ADVISOR_COMMENT_H
#define ADVISOR_COMMENT_H

#include "command.h"
#include "forge.h"

enum comment_behaviour {
    COMMENT_UPDATE,
    COMMENT_NEW,
    COMMENT_HIDE_AND_NEW,
    COMMENT_DELETE_AND_NEW
};

/* As they stand on the command line; NULL where nothing does. */
struct comment_options {
    const char *forge, *behaviour, *id;
};

/* Rows for the table of a command whose options hold a comment_options as `field`. */
#define COMMENT_OPTION_ROWS(type, field)                                                      \
    {"comment", 0, OPT_TEXT, offsetof(type, field.forge), "FORGE",                            \
     "keep a comment on the merge request: github, gitlab, bitbucket, azure"},                \
    {"comment-behaviour", 0, OPT_TEXT, offsetof(type, field.behaviour), "NAME",               \
     "update, new, hide-and-new or delete-and-new (default update)"},                         \
    {"comment-id", 0, OPT_TEXT, offsetof(type, field.id), "NAME",                             \
     "tells several comments of one merge request apart (default default)"}

/* Where and how to comment. */
struct comment_target {
    const struct forge *forge;
    const char *id;
    enum comment_behaviour behaviour;
    /* Of the environment: */
    const char *api, *hide_api, *repo, *change, *token;
    const char *author; /* who the token is, where it may not ask; NULL: ask */
    long long run;      /* the pipeline's number: a later run's comment is never overwritten */
};

/* What the command line says; fails as usage. Without --comment, out->forge is NULL. */
bool comment_target_check(struct comment_target *out, const struct session *session,
                          const struct comment_options *options, struct err *err);
/* Adds what the forge's environment variables say. */
bool comment_target_complete(struct comment_target *target, struct arena *arena,
                             struct err *err);

/*
 * The report as Markdown of at most `limit` bytes: tables shorten and sections go by
 * priority until it fits, and a last line says what is left out.
 */
void comment_fit(struct buf *out, const struct report *report, size_t limit);

/* The same within the forge's limit, behind a marker: whose it is, which run, which content. */
const char *comment_text(struct arena *arena, const struct report *report,
                         const struct comment_target *target);

struct comment_marker {
    char id[64], hash[17];
    long long run;
};

/* Whether a comment begins with our marker; one that is quoted or further down is none. */
bool comment_marker_read(struct comment_marker *out, const struct forge *forge,
                         const char *text);

enum comment_outcome { COMMENT_POSTED, COMMENT_UPDATED, COMMENT_UNCHANGED, COMMENT_STALE };

/*
 * Keeps one comment up to date. Comments of other authors are never touched, whatever
 * marker they carry. Nothing is written when the content is the same.
 */
bool comment_post(enum comment_outcome *out, struct arena *arena,
                  const struct comment_target *target, const char *text, struct err *err);

/*
 * Writes the step summary where the environment names a file for it, then posts where
 * a forge is asked for. What fails is said on stderr and makes the status
 * STATUS_NOT_POSTED: the result itself stands.
 */
void comment_deliver(struct session *session, struct comment_target *target,
                     const struct report *report);

#endif
