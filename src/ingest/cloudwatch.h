#ifndef INGEST_CLOUDWATCH_H
#define INGEST_CLOUDWATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/node.h"
#include "ingest/ingest.h"
#include "series.h"

/*
 * CloudWatch metrics: answers of GetMetricData, one, a list of them, or page by
 * page in several files (a series goes on where another file left it).
 * What an answer's Id means is looked up in this order: MetricDataQueries in the
 * same file, a list of queries in a file beside it whose name holds "quer", the
 * Label.
 *
 * A subject is the value of the metric's dimension: an instance id, or
 * "app/name/id". Further dimensions follow behind semicolons, in the order
 * LoadBalancer, TargetGroup, AvailabilityZone, then by name:
 * "app/web/50dc6c49;targetgroup/web/73e2d6bc;eu-west-1a".
 */
bool cloudwatch_read(struct estate *into, const char *path,
                     const struct ingest_options *options, struct err *err);

/*
 * Answers of GetMetricStatistics, one or a list. A point's statistics become series
 * of their own. What an answer is about: MetricName, Namespace and Dimensions in the
 * same object or in web-query.json beside web.json, else an id in the path.
 */
bool cloudwatch_read_statistics(struct estate *into, const char *path,
                                const struct ingest_options *options, struct err *err);

/*
 * Records of a metric stream in JSON, one a line. Only metrics that advice is made
 * from are kept, by their usual statistic; of averages the maximum, too.
 */
bool cloudwatch_read_stream(struct estate *into, const char *path,
                            const struct ingest_options *options, struct err *err);

/* ISO 8601, or seconds or milliseconds since 1970 as SDKs write them. */
bool cloudwatch_time(int64_t *out, const struct node *n);

/* A point that a metric can have: 1970 to 2100, from 0 to below 1e18; NaN is none. */
bool cloudwatch_is_point(int64_t at, double value);

/* The subject that a list of {"Name": ..., "Value": ...} stands for; NULL for none. */
sym cloudwatch_subject(struct intern *symbols, const struct node *dimensions);

/*
 * The parts of a label such as "i-0abc CPUUtilization Average": the words are
 * told apart by their form. False when it names no metric, or no subject.
 */
bool cloudwatch_label(struct series_name *out, struct intern *symbols, const char *label);

bool cloudwatch_is_known(const char *metric); /* advice is made from it */

/* The statistic to read a metric by when the input does not say: "Sum" for counts. */
const char *cloudwatch_usual_stat(const char *metric);

/* Queries by Id, from `MetricDataQueries` or a bare list of queries. NULL node gives none. */
struct metric_query {
    const char *id;
    struct series_name name;
};

struct metric_queries {
    VEC(struct metric_query) at;
};

void metric_queries_add(struct metric_queries *queries, struct intern *symbols,
                        const struct node *document);
const struct metric_query *metric_queries_find(const struct metric_queries *queries,
                                               const char *id);
void metric_queries_release(struct metric_queries *queries);

/*
 * The table form. Its header names a time (timestamp, time), a resource (resource,
 * lb, subject, instance), metric and value, in any order, and may name stat
 * (statistic), namespace and unit. Rows that make no point are counted and left out.
 */
bool cloudwatch_read_table(struct estate *into, const char *path,
                           const struct ingest_options *options, struct err *err);

#endif
