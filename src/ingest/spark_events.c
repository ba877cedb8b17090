#include "spark_state.h"

#define SQL_PREFIX "org.apache.spark.sql.execution.ui."

/* The frequent ones first. */
static const struct spark_event events[] = {
    {"SparkListenerTaskEnd", spark_read_task_end},
    {"SparkListenerTaskStart", spark_read_task_start},
    {"SparkListenerStageExecutorMetrics", spark_read_stage_metrics},
    {"SparkListenerStageSubmitted", spark_read_stage_submitted},
    {"SparkListenerStageCompleted", spark_read_stage_completed},
    {"SparkListenerJobStart", spark_read_job_start},
    {"SparkListenerJobEnd", spark_read_job_end},
    {SQL_PREFIX "SparkListenerSQLExecutionStart", spark_read_sql_start},
    {SQL_PREFIX "SparkListenerSQLExecutionEnd", spark_read_sql_end},
    {SQL_PREFIX "SparkListenerSQLAdaptiveExecutionUpdate", spark_read_sql_plan},
    {"SparkListenerExecutorAdded", spark_read_executor_added},
    {"SparkListenerExecutorRemoved", spark_read_executor_removed},
    {"SparkListenerBlockManagerAdded", spark_read_block_manager},
    {"SparkListenerApplicationStart", spark_read_app_start},
    {"SparkListenerApplicationEnd", spark_read_app_end},
    {"SparkListenerEnvironmentUpdate", spark_read_environment},
    {"SparkListenerLogStart", spark_read_log_start},
    {"DBCEventLoggingListenerMetadata", spark_read_databricks},
};

/* The value of "Event", which Spark writes first; other writers may not. */
static bool event_name(struct json_span *name, const char *line, size_t length)
{
    struct json_walk w = json_walk_over(line, length);
    struct json_span key;
    if (!json_enter(&w, '{'))
        return false;
    while (json_key(&w, &key)) {
        if (json_span_is(key, "Event"))
            return json_string(&w, name);
        json_skip(&w);
    }
    return false;
}

enum spark_line spark_event_line(struct spark_log *log, const char *line, size_t length)
{
    struct json_span name;
    if (!event_name(&name, line, length))
        return SPARK_LINE_BAD;
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (!json_span_is(name, events[i].name))
            continue;
        struct json_walk w = json_walk_over(line, length);
        bool whole = events[i].read(log, &w) && json_done(&w);
        return whole ? SPARK_LINE_READ : SPARK_LINE_BAD;
    }
    return SPARK_LINE_OTHER;
}
