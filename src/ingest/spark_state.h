#ifndef INGEST_SPARK_STATE_H
#define INGEST_SPARK_STATE_H

#include "ingest/spark_log.h"
#include "io/json_fields.h"

/* One event: `w` stands at the object's opening bracket. False when it is broken. */
typedef bool spark_event_reader(struct spark_log *log, struct json_walk *w);

struct spark_event {
    const char *name;
    spark_event_reader *read;
};

/* What one line is: an event that was read, one that nobody wants, or no event. */
enum spark_line { SPARK_LINE_READ, SPARK_LINE_OTHER, SPARK_LINE_BAD };
enum spark_line spark_event_line(struct spark_log *log, const char *line, size_t length);

spark_event_reader spark_read_task_start, spark_read_task_end, spark_read_stage_metrics;
spark_event_reader spark_read_job_start, spark_read_job_end, spark_read_stage_submitted,
    spark_read_stage_completed;
spark_event_reader spark_read_sql_start, spark_read_sql_end, spark_read_sql_plan;
spark_event_reader spark_read_app_start, spark_read_app_end, spark_read_environment,
    spark_read_executor_added, spark_read_executor_removed, spark_read_block_manager,
    spark_read_log_start, spark_read_databricks;

/* Found, or made when new. Pointers are good until the next one is made. */
struct spark_stage *spark_stage_of(struct spark_log *log, int64_t id, int64_t attempt);
struct spark_job *spark_job_of(struct spark_log *log, int64_t id);
struct spark_sql *spark_sql_of(struct spark_log *log, int64_t id);
uint32_t spark_executor_of(struct spark_log *log, struct json_span id); /* its index */
struct spark_executor *spark_executor_named(struct spark_log *log, struct json_span id);

sym spark_text(struct spark_log *log, struct json_span s); /* NULL for an empty one */
void spark_seen(struct spark_log *log, int64_t time_ms);   /* moves the log's end */
void spark_note(struct spark_log *log, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Cores that the log does not name, and the machines: once, when all is read. */
void spark_observe_cores(struct spark_log *log);
void spark_find_machines(struct spark_log *log);
/* Machines that offered slots, on the mean over the span; those of one host are one. */
double spark_workers_mean(const struct spark_log *log, int64_t from_ms, int64_t to_ms);
double spark_executors_per_worker(const struct spark_log *log);
void spark_totals_add(struct spark_totals *to,
                      const struct spark_totals *more); /* saturates */

/* Hints that a text gives: a plan's node name, a stage's name, a description. */
unsigned spark_hints_in(const char *text, size_t length);
unsigned spark_hints_of_node(struct json_span name);

#endif
