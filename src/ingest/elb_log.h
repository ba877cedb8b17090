#ifndef INGEST_ELB_LOG_H
#define INGEST_ELB_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ingest/ingest.h"

/*
 * Access logs of load balancers, plain or gzip. Delivery is best effort and
 * health checks are not in them, so they tell rates and times but no complete
 * count. Application logs of every layout since 2016 (16 fields or more), network
 * (TLS listeners) and Classic logs are told apart line by line.
 */
enum elb_log_kind { ELB_LOG_CLASSIC, ELB_LOG_APPLICATION, ELB_LOG_NETWORK };

enum { ELB_RULE_DEFAULT = 0, ELB_RULE_NONE = -1 };

/* One line; texts are views into it. Times are microseconds. */
struct elb_log_line {
    enum elb_log_kind kind;
    const char *balancer; /* "app/name/id", "net/name/id" or a Classic name */
    size_t balancer_length;
    int64_t second;                 /* when it was answered or closed, since 1970 */
    uint32_t micro;                 /* and the part of that second */
    int64_t service;                /* in the target; -1 when none was asked */
    int64_t duration;               /* from arrival to answer, or of the connection */
    unsigned status, target_status; /* 0 when there is none */
    bool inside;          /* the client has a private address */
    uint64_t received, sent;        /* bytes */
    int rule; /* priority of the rule that matched, ELB_RULE_DEFAULT or ELB_RULE_NONE */
};

/* The day of the line before, so that a date is reckoned once a day; begins as zeros. */
struct elb_log_day {
    char date[10];
    int64_t midnight;
};

/* NULL when the line is good, else what is wrong with it. */
const char *elb_log_parse(struct elb_log_line *out, struct elb_log_day *today,
                          const char *line, size_t length);

/* Traffic of every load balancer by the minute. All sums are of integers, so their order never
 * matters. */
struct elb_sums;

enum { ELB_MINUTE_PARTS = 6 };

struct elb_minute {
    uint64_t inside; /* requests of clients with a private address */
    uint64_t requests, answered, errors,
        target_errors; /* answered: by a target; errors: 5xx */
    uint64_t received, sent;
    uint64_t service;       /* microseconds, over `answered` */
    uint64_t busy;          /* microseconds of requests or connections open in this minute */
    double service_squares; /* milliseconds squared, of whole ones, so exact */
    uint32_t part[ELB_MINUTE_PARTS]; /* requests by ten seconds */
};

struct elb_sums *elb_sums_open(void);
void elb_sums_free(struct elb_sums *sums);
/* False when there are more load balancers or minutes than any estate has: the wrong file. */
bool elb_sums_add(struct elb_sums *sums, const struct elb_log_line *line, struct err *err);
bool elb_sums_merge(struct elb_sums *into, const struct elb_sums *from, struct err *err);

size_t elb_sums_balancers(const struct elb_sums *sums);
/* NULL for a minute without a line; minute counts from 1970. */
const struct elb_minute *elb_sums_minute(const struct elb_sums *sums, size_t balancer,
                                         int64_t minute);

/*
 * Writes them as metric series of space "access-log", by the minute:
 * RequestCount (Sum; stat "Dispersion": variance / mean of ten-second counts, by
 * the hour), TargetProcessingTime (Average; "SquaredVariation"), ConcurrentRequests
 * (Average), PrivateClientCount, ReceivedBytes, SentBytes, HTTPCode_ELB_5XX_Count and
 * HTTPCode_Target_5XX_Count (Sum), and for each matched rule RequestCount of
 * subject "app/name/id;rule 7" with one point, the sum, at the first minute.
 * Network logs give NewFlowCount_TLS and ActiveFlowCount_TLS instead.
 */
void elb_sums_write(const struct elb_sums *sums, struct estate *into, const char *source);

/*
 * Reads files on up to `threads` threads. A file that ends early gives what it
 * has and a note; bad lines are counted by file, the first one named.
 */
bool elb_log_read_files(struct estate *into, const char *const *paths, size_t count,
                        unsigned threads, const struct ingest_options *options,
                        struct err *err);

#endif
