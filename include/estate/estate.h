#ifndef ESTATE_ESTATE_H
#define ESTATE_ESTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/money.h"
#include "base/sym.h"
#include "base/vec.h"
#include "base/when.h"
#include "estate/cost.h"
#include "estate/metric.h"
#include "estate/objects.h"
#include "estate/phase.h"
#include "estate/resource.h"

struct tenant {
    sym id, name;
    const struct node *tags; /* a resource with all of these pairs is this tenant's; NULL none */
    VEC(sym) prefixes, catalogs, roles, workspaces, accounts;
    struct money budget_month; /* 0: none */
};

enum commitment_kind {
    COMMITMENT_COMPUTE_PLAN,
    COMMITMENT_EC2_PLAN,
    COMMITMENT_RESERVATION,
    COMMITMENT_OTHER_PLAN, /* of SageMaker, databases ...: covers no EC2 */
};

/* How a commitment was used in one month of the bill. */
struct commitment_month {
    int32_t month;
    struct money committed, used; /* the rest is paid for nothing */
    struct money covered_list, covered_amortized; /* of the usage it covered */
};

struct commitment {
    enum commitment_kind kind;
    sym arn;                   /* NULL when only declared */
    struct money usd_per_hour; /* the commitment; for a reservation its effective hourly cost */
    double discount;           /* 0..1 against on demand; NaN unknown */
    sym family, instance_type, region; /* NULL: any */
    double count;              /* instances, for a reservation; NaN unknown */
    day end;                   /* 0 unknown */
    double utilisation;        /* 0..1 over the bill's window; NaN unknown */
    const struct commitment_month *months; /* ascending */
    size_t month_count;        /* 0: no bill has it */
    const char *source;
};

/* What the reader should know about the inputs: nothing is lost silently. */
enum note_kind {
    NOTE_UNREAD,   /* an input that could not be read, wholly or in part */
    NOTE_WARNING,
    NOTE_UNKNOWN,  /* a figure that nobody gave, with its upper bound where there is one */
    NOTE_UNPRICED, /* no price: not counted, never 0 */
    NOTE_INFO,
};

struct note {
    enum note_kind kind;
    const char *text;   /* a sentence */
    const char *source; /* file, or NULL */
    uint64_t count;     /* rows or things it stands for; at least 1 */
};

/* A bill as it was read: the other side of the reconciliation line. */
struct bill_file {
    const char *path, *format; /* "CUR 2.0", "FOCUS 1.2", "Databricks usage" */
    sym currency;
    int64_t from, to;          /* seconds: first start and last end of its rows */
    uint64_t rows, bad_rows;
    uint64_t rounded;          /* amounts with more than 18 decimals */
    struct money total[BASIS_COUNT]; /* summed row by row, apart from the cost lines */
};

/*
 * Everything that was read, as one model. Filled by bill and ingest, named by
 * the layer map, then read only. All memory belongs to it; texts and nodes live
 * in its arena, symbols in its table.
 */
struct estate {
    struct arena arena;
    struct intern *symbols;
    sym name;     /* of the deployment; NULL when nobody named it */
    sym currency; /* of all money here; NULL until a bill or map states it */
    VEC(struct resource) resources;
    VEC(struct sku) skus;
    VEC(struct cost_line) lines; /* after estate_index(): by resource, sku, hour */
    VEC(struct tenant) tenants;
    VEC(struct phase) phases;
    VEC(struct cluster_life) lives;
    VEC(struct run) runs;
    VEC(struct commitment) commitments;
    VEC(struct metric_series) series;
    VEC(struct object_group) objects;
    VEC(struct access_evidence) access;
    VEC(struct bill_file) bills;
    VEC(struct note) notes;
    int32_t first_hour, last_hour; /* of the usage lines: [first, last); 0 and 0 without a bill */
    struct money uncovered;        /* on-demand instance usage of the window, at list prices */
    double hours_per_month;        /* 730 unless the map says otherwise */
    struct map resource_by_key;    /* key bytes -> index */
    struct map series_by_name;     /* of the first named_series; whoever adds points keeps it */
    size_t named_series;           /* estate_index(), which sorts them, forgets the names */
    size_t *first_line;            /* per resource, count + 1 entries, after estate_index() */
    size_t *first_series;          /* the same for series; those of no resource are last */
    uint32_t *children;            /* all resources that have a parent, by parent */
    size_t *first_child;           /* per parent, count + 1 entries, after estate_index() */
    size_t indexed_lines, indexed_resources; /* so many there were at the last one */
};

struct estate *estate_open(void);
void estate_free(struct estate *estate); /* NULL is fine */

/*
 * The resource with that key, made when it is new. Pointers into estate.resources
 * are good until the next one is made; indexes stay.
 */
uint32_t estate_resource(struct estate *estate, const char *key);
uint32_t estate_find(const struct estate *estate, const char *key); /* or NOTHING */
void estate_note(struct estate *estate, enum note_kind kind, const char *source,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* One note that stands for `count` rows or things; none where there are none. */
void estate_note_many(struct estate *estate, enum note_kind kind, const char *source,
                      uint64_t count, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * Gives every series without a resource the one that its subject names: by key, id,
 * the last part of its ARN, or a name that no other resource bears.
 */
void estate_link_series(struct estate *estate);
/* One note for all subjects that are no resource, so that metrics are never lost silently. */
void estate_note_unlinked(struct estate *estate);
/*
 * Notes for times of the window that no bill or no Databricks usage covers, though there are
 * some: a month that is missing, or usage of more months than the bill has.
 */
void estate_note_uncovered(struct estate *estate);

/*
 * Phases of logs that are a declared phase of this estate become that phase: what it leaves
 * open is taken from the latest of them, times and nodes only of its own instance type.
 * They lie before the declared ones or behind them; the order of the others stays.
 */
void estate_join_phases(struct estate *estate);
/*
 * Phases of one name and workload on one cluster are runs of the same work: each log of a
 * nightly job brings its own. Per phase the index of the first that is the same work, often
 * itself; free with free().
 */
uint32_t *phase_works(const struct estate *estate);

/*
 * Links the series, sorts lines and series, indexes both by resource and sets the
 * window: when everything is in, and again after resources, lines or series were added.
 * Lines that stand in an indexed estate do not change.
 */
void estate_index(struct estate *estate);
/* The lines of one resource after estate_index(). */
const struct cost_line *estate_lines(const struct estate *estate, uint32_t resource,
                                     size_t *count);

/* What belongs to a cluster, pool or job after estate_index(), its instances and volumes. */
const uint32_t *estate_children(const struct estate *estate, uint32_t resource, size_t *count);
/* The series of one resource after estate_index(), by metric, stat and subject. */
const struct metric_series *estate_series(const struct estate *estate, uint32_t resource,
                                          size_t *count);
/* One of them by metric and statistic; stat NULL takes any. NULL when there is none. */
const struct metric_series *estate_metric(const struct estate *estate, uint32_t resource,
                                          const char *metric, const char *stat);

/* Is the line usage of an AWS instance on demand, which a commitment could take over? */
bool estate_is_uncovered(const struct estate *estate, const struct cost_line *line);
/* Its list price, or what was paid where the bill states none. */
struct money cost_line_list(const struct cost_line *line);

/* Hours that the usage lines cover; 0 when there is no bill. */
double estate_window_hours(const struct estate *estate);
/*
 * The length of the month that usage of a sku is scaled to. A GB-month is of the calendar
 * month that it is billed in, 744 hours in July, so that a month of it costs the
 * same in every month; what is billed by the hour is scaled to the standard month.
 */
double estate_month_hours(const struct estate *estate, uint32_t sku, int32_t month);
/*
 * What a resource cost in the window on one basis, usage charges only, scaled to
 * a month of hours_per_month by the hours of the window; GB-months to the calendar
 * month that bills them. False: no bill lines.
 */
bool estate_monthly_cost(struct money *out, const struct estate *estate, uint32_t resource,
                         enum basis basis);
/* The same for one measure ("LCUUsage", "TimedStorage-ByteHrs") and with its monthly quantity. */
bool estate_monthly_measure(struct money *cost, double *quantity, const struct estate *estate,
                            uint32_t resource, const char *measure, enum basis basis);

#endif
