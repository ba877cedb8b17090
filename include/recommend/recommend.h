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

#endif
