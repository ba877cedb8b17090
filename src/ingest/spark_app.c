#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "spark_state.h"

/* The events of an application and its executors: few, small, read by one table. */
struct app_event {
    struct json_span app_name, app_id, attempt, user, version, executor, host, reason, context;
    int64_t time, cores, rollover, context_number, limit;
};

/* Also an executor's id and host inside its block manager's. */
static const struct json_field inner_table[] = {
    JSON_TEXT(app_event, "Executor ID", executor),
    JSON_TEXT(app_event, "Host", host),
    JSON_INTEGER(app_event, "Total Cores", cores),
};
static const struct json_fields inner_fields = JSON_FIELDS(inner_table);

/* The context id has 19 digits, more than an integer field takes. */
static void read_context(struct json_walk *w, void *into)
{
    struct app_event *event = into;
    const char *from = w->at;
    while (from < w->end && (*from == ' ' || *from == '"'))
        from++;
    if (json_skip(w))
        event->context = (struct json_span){.at = from, .length = strspn(from, "0123456789-")};
}

static const struct json_field app_table[] = {
    JSON_SKIPPED("Event"),
    JSON_TEXT(app_event, "App Name", app_name),
    JSON_TEXT(app_event, "App ID", app_id),
    JSON_TEXT(app_event, "Spark Version", version),
    JSON_INTEGER(app_event, "Timestamp", time),
    JSON_TEXT(app_event, "User", user),
    JSON_TEXT(app_event, "App Attempt ID", attempt),
    JSON_TEXT(app_event, "Executor ID", executor),
    JSON_OBJECT("Executor Info", inner_fields),
    JSON_TEXT(app_event, "Removed Reason", reason),
    JSON_OBJECT("Block Manager ID", inner_fields),
    JSON_INTEGER(app_event, "Maximum Memory", limit),
    JSON_INTEGER(app_event, "Rollover Number", rollover),
    JSON_READ("SparkContext Id", read_context),
};
static const struct json_fields app_fields = JSON_FIELDS(app_table);

bool spark_read_log_start(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    log->spark_version = spark_text(log, event.version);
    return true;
}

bool spark_read_databricks(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    log->spark_version = spark_text(log, event.version);
    log->context_id = spark_text(log, event.context);
    return true;
}

bool spark_read_app_start(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    log->app_name = spark_text(log, event.app_name);
    log->app_id = spark_text(log, event.app_id);
    log->attempt = spark_text(log, event.attempt);
    log->user = spark_text(log, event.user);
    log->has_start = event.time > 0;
    if (log->has_start)
        log->started_ms = event.time;
    spark_seen(log, event.time);
    return true;
}

bool spark_read_app_end(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    log->ended_ms = event.time;
    log->has_end = true;
    return true;
}

bool spark_read_executor_added(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    struct spark_executor *e = spark_executor_named(log, event.executor);
    e->added_ms = event.time;
    e->host = spark_text(log, event.host);
    e->cores = event.cores > 0 ? event.cores : 0;
    return true;
}

bool spark_read_executor_removed(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    struct spark_executor *e = spark_executor_named(log, event.executor);
    e->removed = true;
    e->removed_ms = event.time;
    e->reason = spark_text(log, event.reason);
    return true;
}

bool spark_read_block_manager(struct spark_log *log, struct json_walk *w)
{
    struct app_event event = {0};
    if (!json_read_fields(w, &app_fields, &event))
        return false;
    struct spark_executor *e = spark_executor_named(log, event.executor);
    if (!e->host)
        e->host = spark_text(log, event.host);
    e->storage_limit_bytes = event.limit;
    if (!e->added_ms)
        e->added_ms = event.time;
    return true;
}

static void set_text(struct spark_log *log, sym *to, struct json_span value)
{
    *to = spark_text(log, value);
}

static void set_count(int64_t *to, struct json_span value)
{
    struct json_walk digits = json_walk_over(value.at, value.length);
    int64_t number;
    if (json_integer(&digits, &number) && number >= 0)
        *to = number;
}

static void set_property(struct spark_log *log, struct json_span key, struct json_span value)
{
    struct spark_cluster *c = &log->cluster;
    const struct {
        const char *key; /* behind "spark." */
        sym *text;
        int64_t *count;
    } wanted[] = {
        {"task.cpus", NULL, &c->task_cpus},
        {"databricks.clusterUsageTags.clusterId", &c->cluster_id, NULL},
        {"databricks.clusterUsageTags.clusterName", &c->cluster_name, NULL},
        {"databricks.clusterUsageTags.clusterNodeType", &c->worker_type, NULL},
        {"databricks.workerNodeTypeId", &c->worker_type, NULL},
        {"databricks.clusterUsageTags.driverNodeType", &c->driver_type, NULL},
        {"databricks.driverNodeTypeId", &c->driver_type, NULL},
        {"databricks.clusterUsageTags.region", &c->region, NULL},
        {"databricks.clusterUsageTags.dataPlaneRegion", &c->region, NULL},
        {"databricks.clusterUsageTags.sparkVersion", &c->runtime, NULL},
        {"databricks.clusterUsageTags.clusterAvailability", &c->availability, NULL},
        {"databricks.clusterUsageTags.clusterWorkers", NULL, &c->workers},
        {"databricks.clusterUsageTags.clusterMinWorkers", NULL, &c->min_workers},
        {"databricks.clusterUsageTags.clusterMaxWorkers", NULL, &c->max_workers},
        {"databricks.job.id", &c->job_id, NULL},
        {"databricks.job.runId", &c->run_id, NULL},
        {"databricks.workload.name", &c->workload, NULL},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if (!json_span_is(key, wanted[i].key))
            continue;
        if (wanted[i].text)
            set_text(log, wanted[i].text, value);
        else
            set_count(wanted[i].count, value);
        return;
    }
    if (json_span_is(key, "databricks.clusterUsageTags.runtimeEngine"))
        c->photon = json_span_is(value, "PHOTON");
}

static bool redacted(struct json_span value)
{
    return value.length >= 9 && !memcmp(value.at, "*********", 9);
}

/* Repeated updates come with all properties; the last value of each wins. */
static void read_spark_properties(struct json_walk *w, void *into)
{
    struct spark_log *log = into;
    struct json_span key, value;
    if (!json_enter(w, '{')) {
        json_skip(w);
        return;
    }
    while (json_key(w, &key)) {
        if (!json_string(w, &value) || redacted(value) || key.length < 6 ||
            memcmp(key.at, "spark.", 6) != 0)
            continue;
        key.at += 6;
        key.length -= 6;
        set_property(log, key, value);
    }
}

static const struct json_field environment_table[] = {
    JSON_SKIPPED("Event"),
    JSON_SKIPPED("JVM Information"),
    JSON_READ("Spark Properties", read_spark_properties),
};
static const struct json_fields environment_fields = JSON_FIELDS(environment_table);

bool spark_read_environment(struct spark_log *log, struct json_walk *w)
{
    if (!json_read_fields(w, &environment_fields, log))
        return false;
    struct spark_cluster *c = &log->cluster;
    if (c->runtime && strstr(c->runtime, "photon"))
        c->photon = true;
    c->spot = c->availability && strncasecmp(c->availability, "SPOT", 4) == 0;
    return true;
}
