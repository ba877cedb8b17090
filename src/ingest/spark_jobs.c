#include <stddef.h>
#include <string.h>

#include "spark_state.h"

struct stage_info {
    int64_t id, attempt, tasks, submitted, completed;
    struct json_span name, failure, details;
    bool use_memory;
    VEC(int64_t) parents;
};

static void add_parent(struct json_walk *w, void *into)
{
    struct stage_info *info = into;
    int64_t id;
    if (json_integer(w, &id))
        VEC_ADD(&info->parents, id);
}

struct rdd {
    bool memory, disk;
};

static const struct json_field level_table[] = {
    JSON_TRUTH(rdd, "Use Disk", disk),
    JSON_TRUTH(rdd, "Use Memory", memory),
};
static const struct json_fields level_fields = JSON_FIELDS(level_table);
static const struct json_field rdd_table[] = {
    JSON_OBJECT("Storage Level", level_fields),
};
static const struct json_fields rdd_fields = JSON_FIELDS(rdd_table);

static void read_rdd(struct json_walk *w, void *into)
{
    struct stage_info *info = into;
    struct rdd rdd = {0};
    if (json_read_fields(w, &rdd_fields, &rdd))
        info->use_memory |= rdd.memory;
}

static const struct json_field info_table[] = {
    JSON_INTEGER(stage_info, "Stage ID", id),
    JSON_INTEGER(stage_info, "Stage Attempt ID", attempt),
    JSON_TEXT(stage_info, "Stage Name", name),
    JSON_INTEGER(stage_info, "Number of Tasks", tasks),
    JSON_EACH("RDD Info", read_rdd),
    JSON_EACH("Parent IDs", add_parent),
    JSON_TEXT(stage_info, "Details", details),
    JSON_INTEGER(stage_info, "Submission Time", submitted),
    JSON_INTEGER(stage_info, "Completion Time", completed),
    JSON_TEXT(stage_info, "Failure Reason", failure),
    JSON_SKIPPED("Accumulables"),
};
static const struct json_fields info_fields = JSON_FIELDS(info_table);

struct job_start {
    struct spark_log *log;
    int64_t id, submitted, planned_tasks;
    struct json_span group, description, call_site, sql, notebook, task_key;
    unsigned hints;
    VEC(int64_t) stage_ids;
};

static void add_stage_id(struct json_walk *w, void *into)
{
    struct job_start *job = into;
    int64_t id;
    if (json_integer(w, &id))
        VEC_ADD(&job->stage_ids, id);
}

/* Stages that a former job completed are listed again; their tasks are not this job's. */
static void add_stage_info(struct json_walk *w, void *into)
{
    struct job_start *job = into;
    struct stage_info info = {0};
    if (json_read_fields(w, &info_fields, &info)) {
        job->planned_tasks += info.completed ? 0 : info.tasks;
        job->hints |= spark_hints_in(info.name.at, info.name.length) |
                      spark_hints_in(info.details.at, info.details.length);
    }
    VEC_FREE(&info.parents);
}

static void read_properties(struct json_walk *w, void *into)
{
    static const struct {
        const char *key;
        size_t offset; /* of a span in struct job_start, or 0 */
        unsigned hint;
    } wanted[] = {
        {"spark.jobGroup.id", offsetof(struct job_start, group), 0},
        {"spark.job.description", offsetof(struct job_start, description), 0},
        {"spark.sql.execution.id", offsetof(struct job_start, sql), 0},
        {"callSite.short", offsetof(struct job_start, call_site), 0},
        {"sql.streaming.queryId", 0, SPARK_HINT_STREAM},
        {"spark.databricks.notebook.path", offsetof(struct job_start, notebook),
         SPARK_HINT_NOTEBOOK},
        {"spark.databricks.job.taskKey", offsetof(struct job_start, task_key), 0},
        {"spark.databricks.job.id", 0, SPARK_HINT_SCHEDULED},
        {"spark.databricks.sqlGatewayHistory.queryId", 0, SPARK_HINT_SERVING},
        {"spark.hive.thriftServer.statement", 0, SPARK_HINT_SERVING},
    };
    struct job_start *job = into;
    struct json_span key, value = {0};
    if (!json_enter(w, '{')) {
        json_skip(w);
        return;
    }
    while (json_key(w, &key)) {
        if (!json_string(w, &value) || !value.length)
            continue;
        for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
            if (json_span_is(key, wanted[i].key)) {
                job->hints |= wanted[i].hint;
                if (wanted[i].offset)
                    memcpy((char *)job + wanted[i].offset, &value, sizeof value);
            }
    }
}

static const struct json_field job_start_table[] = {
    JSON_SKIPPED("Event"),
    JSON_INTEGER(job_start, "Job ID", id),
    JSON_INTEGER(job_start, "Submission Time", submitted),
    JSON_EACH("Stage Infos", add_stage_info),
    JSON_EACH("Stage IDs", add_stage_id),
    JSON_READ("Properties", read_properties),
};
static const struct json_fields job_start_fields = JSON_FIELDS(job_start_table);

static uint32_t sql_index_of(struct spark_log *log, struct json_span id)
{
    int64_t number;
    if (!id.length)
        return SPARK_NONE;
    struct json_walk digits = json_walk_over(id.at, id.length);
    if (!json_integer(&digits, &number))
        return SPARK_NONE;
    const struct spark_sql *sql = spark_sql_of(log, number);
    return (uint32_t)(sql - log->sqls.at);
}

/* A stage is the first job's that plans it, until that job has ended. */
static void own_stages(struct spark_log *log, const struct spark_job *job)
{
    size_t mine = (size_t)(job - log->jobs.at), owner;
    for (size_t i = 0; i < job->stage_ids.count; i++) {
        const int64_t *id = &job->stage_ids.at[i];
        if (map_get(&log->job_of_stage, id, sizeof *id, &owner) && !log->jobs.at[owner].ended)
            continue;
        const char *key = arena_strndup(&log->arena, (const char *)id, sizeof *id);
        map_put(&log->job_of_stage, key, sizeof *id, mine);
    }
}

static void fill_job(struct spark_log *log, struct job_start *start)
{
    uint32_t sql = sql_index_of(log, start->sql);
    struct spark_job *job = spark_job_of(log, start->id);
    VEC_FREE(&job->stage_ids);
    job->submitted_ms = start->submitted;
    job->planned_tasks = start->planned_tasks;
    job->group = spark_text(log, start->group);
    job->description = spark_text(log, start->description);
    job->call_site = spark_text(log, start->call_site);
    job->notebook = spark_text(log, start->notebook);
    job->task_key = spark_text(log, start->task_key);
    job->sql = sql;
    job->hints =
        start->hints | spark_hints_in(start->description.at, start->description.length);
    for (size_t i = 0; i < start->stage_ids.count; i++)
        VEC_ADD(&job->stage_ids, start->stage_ids.at[i]);
    own_stages(log, job);
    spark_seen(log, start->submitted);
}

bool spark_read_job_start(struct spark_log *log, struct json_walk *w)
{
    struct job_start start = {.log = log};
    bool ok = json_read_fields(w, &job_start_fields, &start);
    if (ok)
        fill_job(log, &start);
    VEC_FREE(&start.stage_ids);
    return ok;
}

struct job_end {
    int64_t id, completed;
    struct json_span result, message;
};

static const struct json_field exception_table[] = {
    JSON_TEXT(job_end, "Message", message),
};
static const struct json_fields exception_fields = JSON_FIELDS(exception_table);
static const struct json_field result_table[] = {
    JSON_TEXT(job_end, "Result", result),
    JSON_OBJECT("Exception", exception_fields),
};
static const struct json_fields result_fields = JSON_FIELDS(result_table);
static const struct json_field job_end_table[] = {
    JSON_SKIPPED("Event"),
    JSON_INTEGER(job_end, "Job ID", id),
    JSON_INTEGER(job_end, "Completion Time", completed),
    JSON_OBJECT("Job Result", result_fields),
};
static const struct json_fields job_end_fields = JSON_FIELDS(job_end_table);

bool spark_read_job_end(struct spark_log *log, struct json_walk *w)
{
    struct job_end end = {0};
    if (!json_read_fields(w, &job_end_fields, &end))
        return false;
    size_t known; /* the start of others lies in a part that is not here */
    if (!map_get(&log->job_index, &end.id, sizeof end.id, &known))
        return true;
    struct spark_job *job = &log->jobs.at[known];
    job->ended = true;
    job->ended_ms = end.completed;
    job->succeeded = json_span_is(end.result, "JobSucceeded");
    job->failure = spark_text(log, end.message);
    spark_seen(log, end.completed);
    return true;
}

static void read_info(struct json_walk *w, void *into)
{
    json_read_fields(w, &info_fields, into);
}

static const struct json_field stage_table[] = {
    JSON_SKIPPED("Event"),
    JSON_READ("Stage Info", read_info),
    JSON_SKIPPED("Properties"),
};
static const struct json_fields stage_fields = JSON_FIELDS(stage_table);

static struct spark_stage *fill_stage(struct spark_log *log, const struct stage_info *info)
{
    struct spark_stage *stage = spark_stage_of(log, info->id, info->attempt);
    stage->name = spark_text(log, info->name);
    stage->planned_tasks = info->tasks;
    stage->submitted_ms = info->submitted ? info->submitted : stage->submitted_ms;
    stage->caches |= info->use_memory;
    VEC_FREE(&stage->parents);
    for (size_t i = 0; i < info->parents.count; i++)
        VEC_ADD(&stage->parents, info->parents.at[i]);
    spark_seen(log, info->submitted);
    return stage;
}

bool spark_read_stage_submitted(struct spark_log *log, struct json_walk *w)
{
    struct stage_info info = {0};
    bool ok = json_read_fields(w, &stage_fields, &info);
    if (ok)
        fill_stage(log, &info)->status = SPARK_STAGE_RUNNING;
    VEC_FREE(&info.parents);
    return ok;
}

bool spark_read_stage_completed(struct spark_log *log, struct json_walk *w)
{
    struct stage_info info = {0};
    bool ok = json_read_fields(w, &stage_fields, &info);
    if (ok) {
        struct spark_stage *stage = fill_stage(log, &info);
        stage->completed_ms = info.completed;
        stage->failure = spark_text(log, info.failure);
        stage->status = info.failure.length ? SPARK_STAGE_FAILED : SPARK_STAGE_COMPLETE;
        spark_seen(log, info.completed);
    }
    VEC_FREE(&info.parents);
    return ok;
}
