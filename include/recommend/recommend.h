#ifndef RECOMMEND_RECOMMEND_H
#define RECOMMEND_RECOMMEND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "estate/advice.h"
#include "estate/estate.h"
#include "estate/recommendation.h"

struct book; /* pricing/book.h */
struct price;

/* Advice that was decided against: shown with the reason, never counted. */
struct set_aside {
    const char *id;  /* of a recommendation */
    const char *why; /* "rejected on 2026-10-03 by ana: ..." */
};

/* What the user decided; the defaults are in recommend_defaults(). */
struct recommend_options {
    day reporting_day;        /* 0: the day after the last bill line or metric point */
    double min_days;          /* shorter evidence gives no advice: 3 */
    double cpu_percentile;    /* 95 */
    double memory_percentile; /* 99.5 */
    double headroom;          /* 0.20: keep this share of capacity free */
    double min_monthly_usd;   /* savings below are declined: 1 */
    double sp_horizon_years;  /* 1: the longest term of a Savings Plan to propose, 1 or 3 */
    bool archive_ok;          /* archives that need a restore may be proposed */
    bool graviton_ok;         /* arm64 may be proposed, with its risk */
    const struct node *parameters; /* "recommend:" of the configuration; NULL none */
    const struct set_aside *set_aside;
    size_t set_aside_count;
};

struct recommend_options recommend_defaults(void);

struct recommend_input {
    const struct estate *estate;
    const struct book *book;
    const struct recommend_options *options;
};

/* One recommender: a constant in its own file, named in the list below. */
struct recommender {
    const char *name; /* the beginning of its kinds: "elb" */
    const char *summary;
    bool (*run)(struct advice *out, const struct recommend_input *in, struct err *err);
};

extern const struct recommender *const recommenders[]; /* ends with NULL */

/*
 * Runs every recommender, rounds what it costs and saves to cents, so that every sum is the
 * sum of what is shown, marks the best compatible set (stop, schedule, resize,
 * re-tier, re-route, spot, commit, each on what the ones before leave), and sorts
 * by counted saving, then id.
 */
bool recommend_all(struct advice *out, const struct recommend_input *in, struct err *err);

/*
 * A new recommendation of `kind` about `resource`, with the stable id: a hash of
 * account, resource key, kind and action. Both bases start at the resource's own
 * monthly cost where the bill knows it. The pointer is good until the next one.
 */
struct recommendation *advice_add(struct advice *advice, const struct recommend_input *in,
                                  const char *kind, enum action action, uint32_t resource);
/*
 * The same about what many resources cost together, so that its id is of kind and
 * action alone, whichever they are. The costs are the caller's to set.
 */
struct recommendation *advice_add_many(struct advice *advice, const char *kind,
                                       enum action action, const uint32_t *resources,
                                       size_t count);
struct declined *advice_decline(struct advice *advice, const char *kind, uint32_t resource,
                                const char *reason_format, ...)
    __attribute__((format(printf, 4, 5)));
void advice_note(struct advice *advice, enum note_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends evidence; `source` may be NULL. */
void evidence_add(struct advice *advice, struct recommendation *r, enum evidence_kind kind,
                  const char *source, const char *label, const char *value_format, ...)
    __attribute__((format(printf, 6, 7)));
/* A price row as evidence: amount and unit, with key, region, date and source beside it. */
void evidence_price(struct advice *advice, struct recommendation *r, const struct price *price,
                    const char *label);
/*
 * What is pasted or run. Several steps of a shell stand in a subshell, "(set -eu ... )": one
 * that fails ends the rest and not the terminal that it was pasted into.
 */
void artefact_add(struct advice *advice, struct recommendation *r, const char *format,
                  const char *name, const char *text);
/* One word of a shell command, in quotes where it needs them. */
const char *shell_word(struct arena *arena, const char *text);
/* A name within a comment of what is pasted: on one line, whatever it holds. */
const char *comment_word(struct arena *arena, const char *text);
void alternative_add(struct advice *advice, struct recommendation *r, struct money_range saving,
                     const char *title, const char *why_not);

/* One attribute that changes, in r->current and r->proposed. */
void change_add(struct advice *advice, struct recommendation *r, const char *attribute,
                const char *from, const char *to);

/*
 * Sets list and net from a saving at list prices: what running commitments cover
 * is not saved on the next bill but stranded until they end, unless other
 * uncovered usage of the same kind can take the freed commitment up.
 */
void saving_set(struct recommendation *r, const struct recommend_input *in,
                struct money_range list_now, struct money_range list_after);

#endif
