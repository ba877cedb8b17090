#include "spark_state.h"

#include <stdarg.h>
#include <stdio.h>

static const void *kept(struct spark_log *log, const void *key, size_t length)
{
    return arena_strndup(&log->arena, key, length);
}

struct spark_stage *spark_stage_of(struct spark_log *log, int64_t id, int64_t attempt)
{
    int64_t key[2] = {id, attempt};
    size_t i;
    if (map_get(&log->stage_index, key, sizeof key, &i))
        return &log->stages.at[i];
    map_put(&log->stage_index, kept(log, key, sizeof key), sizeof key, log->stages.count);
    struct spark_stage *stage = VEC_PUSH(&log->stages);
    stage->id = id;
    stage->attempt = attempt;
    stage->job = map_get(&log->job_of_stage, &id, sizeof id, &i) ? (uint32_t)i : SPARK_NONE;
    return stage;
}

struct spark_job *spark_job_of(struct spark_log *log, int64_t id)
{
    size_t i;
    if (map_get(&log->job_index, &id, sizeof id, &i))
        return &log->jobs.at[i];
    map_put(&log->job_index, kept(log, &id, sizeof id), sizeof id, log->jobs.count);
    struct spark_job *job = VEC_PUSH(&log->jobs);
    job->id = id;
    job->sql = SPARK_NONE;
    return job;
}

struct spark_sql *spark_sql_of(struct spark_log *log, int64_t id)
{
    size_t i;
    if (map_get(&log->sql_index, &id, sizeof id, &i))
        return &log->sqls.at[i];
    map_put(&log->sql_index, kept(log, &id, sizeof id), sizeof id, log->sqls.count);
    struct spark_sql *sql = VEC_PUSH(&log->sqls);
    sql->id = sql->root = id;
    return sql;
}

uint32_t spark_executor_of(struct spark_log *log, struct json_span id)
{
    size_t i;
    if (!id.length)
        id = (struct json_span){.at = "?", .length = 1};
    if (map_get(&log->executor_index, id.at, id.length, &i))
        return (uint32_t)i;
    sym name = intern_n(log->symbols, id.at, id.length);
    i = log->executors.count;
    map_put(&log->executor_index, name, id.length, i);
    struct spark_executor *executor = VEC_PUSH(&log->executors);
    executor->id = name;
    return (uint32_t)i;
}

struct spark_executor *spark_executor_named(struct spark_log *log, struct json_span id)
{
    uint32_t i = spark_executor_of(log, id);
    return &log->executors.at[i];
}

sym spark_text(struct spark_log *log, struct json_span s)
{
    if (!s.length)
        return NULL;
    if (!s.escaped)
        return intern_n(log->symbols, s.at, s.length);
    struct buf text = BUF_INIT;
    json_span_text(&text, s);
    sym made = intern_n(log->symbols, buf_text(&text), text.length);
    buf_release(&text);
    return made;
}

void spark_seen(struct spark_log *log, int64_t time_ms)
{
    if (time_ms > log->ended_ms && !log->has_end)
        log->ended_ms = time_ms;
    if (time_ms > 0 && !log->has_start && (!log->started_ms || time_ms < log->started_ms))
        log->started_ms = time_ms;
}

void spark_note(struct spark_log *log, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    VEC_ADD(&log->notes, arena_strdup(&log->arena, text));
}

void spark_log_free(struct spark_log *log)
{
    if (!log)
        return;
    for (size_t i = 0; i < log->stages.count; i++) {
        VEC_FREE(&log->stages.at[i].parents);
        VEC_FREE(&log->stages.at[i].tasks);
    }
    for (size_t i = 0; i < log->jobs.count; i++)
        VEC_FREE(&log->jobs.at[i].stage_ids);
    VEC_FREE(&log->stages);
    VEC_FREE(&log->jobs);
    VEC_FREE(&log->sqls);
    VEC_FREE(&log->executors);
    VEC_FREE(&log->machines);
    VEC_FREE(&log->notes);
    map_release(&log->stage_index);
    map_release(&log->job_index);
    map_release(&log->sql_index);
    map_release(&log->executor_index);
    map_release(&log->job_of_stage);
    intern_free(log->symbols);
    arena_release(&log->arena);
    vec_free(log);
}
