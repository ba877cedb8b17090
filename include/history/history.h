#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/money.h"
#include "base/vec.h"
#include "base/when.h"
#include "estate/advice.h"
#include "estate/estate.h"
#include "estate/spend.h"

/*
 * What reviews advised, what people decided and what it really saved: a SQLite file with
 * the schema's version in it. A file of a newer schema, or that is no history, is refused
 * with a sentence. Texts that are handed out live in the history until it is closed.
 */
struct history;

/* To read, the file must be there; to write, it is made. */
bool history_open(struct history **out, const char *path, bool to_write, struct err *err);
void history_close(struct history *history); /* NULL is fine */

/* A snapshot in a new file, while others read and write. */
bool history_backup(struct history *history, const char *path, struct err *err);

/* ---- reviews ---- */

struct history_review {
    day on;           /* reporting day: there is one review a day */
    const char *name; /* of the deployment; "" when nobody named it */
    const char *currency, *book;
    int32_t from, until;       /* hours since 1970: the bill's window, [from, until) */
    struct money spent;        /* amortized, in the window */
    struct money_range saving; /* per month, of all that is counted */
    struct money commitments;  /* what commitments took off list prices, per month */
    size_t advice;             /* recommendations */
};

/* Records the review of an analysed estate; one of the same day is replaced. */
bool history_record_review(struct history *history, day on, const char *book,
                           const struct estate *estate, const struct spend *spend,
                           const struct advice *advice, struct err *err);

struct history_reviews {
    VEC(struct history_review) all; /* oldest first */
};
bool history_reviews(struct history_reviews *out, struct history *history, struct err *err);

/* A recommendation as a review recorded it. */
struct history_advice {
    day on;
    const char *id, *kind, *action, *title;
    struct money_range saving; /* per month: what counts in the sum, else the whole */
    bool counted;
};

struct history_advices {
    VEC(struct history_advice) all; /* by review, the largest saving first */
};
bool history_advices(struct history_advices *out, struct history *history, struct err *err);

/* ---- decisions ---- */

enum decision_state { DECISION_ACCEPTED, DECISION_REJECTED, DECISION_SNOOZED };

const char *decision_state_name(enum decision_state state); /* "accepted" */

struct decision {
    const char *id; /* of a recommendation */
    enum decision_state state;
    day on, until; /* until: last day that it counts; 0: for good */
    day review;    /* the newest that had the recommendation when it was decided */
    const char *by, *reason;
    const char *title;         /* of that review */
    struct money_range saving; /* the same */
};

struct decisions {
    VEC(struct decision) all;
};

/*
 * Notes a decision on the recommendation whose id begins with `id`, or on all that are
 * alike (the same advice on other resources of the same review) as well. *count says on
 * how many. Fails when no recorded review has such a recommendation, or several begin so.
 */
bool history_decide(size_t *count, struct history *history, const struct decision *decision,
                    bool and_alike, struct err *err);

/* All decisions in the order they were made, or for each id the last one. */
bool history_decisions(struct decisions *out, struct history *history, bool last_only,
                       struct err *err);
/* Rejected, or snoozed until that day or later: not to be proposed again on that day. */
bool decision_sets_aside(const struct decision *decision, day on);

/* ---- realised savings ---- */

enum realised_state {
    REALISED_MEASURED,
    REALISED_TOO_EARLY,   /* the bill does not reach beyond the decision */
    REALISED_NOT_COVERED, /* no line of its account: the bill says nothing of it */
    REALISED_WITH,        /* its resource is measured with another decision's */
    REALISED_UNKNOWN,
};

/*
 * What accepted advice saved: its resources' amortized cost a month before, in the window
 * of the review that proposed it, less the cost a month in the hours that the bill has
 * after the decision. `by_use` is the part that comes from running or holding less, by the
 * quantities on the bill at the prices before; `saved` is the rest, and before - after =
 * saved + by_use. Where less use is the advice (stop, schedule, re-route) all is `saved`.
 */
struct realised {
    struct decision decision;
    enum realised_state state;
    const char *why;     /* a phrase: how it was measured, or why it could not be */
    bool use_known;      /* by_use could be told apart */
    bool still_proposed; /* the review at hand proposes the same again */
    int32_t from, until; /* hours since 1970 that were measured */
    struct money before, after, saved, by_use;
};

struct realised_list {
    VEC(struct realised) all;     /* by decision day, then id */
    struct money saved, promised; /* of what was measured */
};

/* Of the decisions before the day `on`, whose review is at hand. */
bool history_realised(struct realised_list *out, struct history *history, day on,
                      const struct estate *estate, const struct spend *spend,
                      const struct advice *advice, struct err *err);

/* ---- recorded checks ---- */

/* One check, as it goes into the record. */
struct check_entry {
    day on;
    const char *map; /* path; NULL: none */
    size_t judged;   /* resources */
    const struct findings *findings;
};

/*
 * Appends the check as a line of JSON: day, SHA-256 of the map, counts, findings, the
 * digest of the line before and of this one. A record whose chain is broken, because a
 * line was changed, taken out or put in, is refused and left as it is.
 */
bool history_record_check(struct history *history, const struct check_entry *entry,
                          struct err *err);

struct history_check {
    day on;
    const char *line; /* as recorded: a JSON object */
    const char *map;  /* SHA-256; "" without one */
    double resources, high, medium, low, waived;
    bool intact; /* as it was written, and behind the line that it names */
};

struct history_checks {
    VEC(struct history_check) all; /* in the order they were recorded */
};
bool history_checks(struct history_checks *out, struct history *history, struct err *err);

#endif
