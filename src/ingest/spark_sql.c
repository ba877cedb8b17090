#include <stddef.h>

#include "spark_state.h"

enum { PLAN_DEPTH_LIMIT = 1000 };

struct sql_event {
    int64_t id, root, time;
    bool has_root;
    struct json_span description, error;
    unsigned hints;
    int depth;
};

/* A plan is a tree; what its nodes are called says what the work is. */
static void read_plan(struct json_walk *w, void *into)
{
    struct sql_event *event = into;
    struct json_span key, name;
    if (event->depth >= PLAN_DEPTH_LIMIT || !json_enter(w, '{')) {
        json_skip(w);
        return;
    }
    event->depth++;
    while (json_key(w, &key)) {
        if (json_span_is(key, "nodeName")) {
            if (json_string(w, &name))
                event->hints |= spark_hints_of_node(name);
        } else if (json_span_is(key, "children") && json_enter(w, '[')) {
            while (json_item(w))
                read_plan(w, into);
        } else {
            json_skip(w);
        }
    }
    event->depth--;
}

static void read_details(struct json_walk *w, void *into)
{
    struct sql_event *event = into;
    struct json_span text;
    if (json_string(w, &text))
        event->hints |= spark_hints_in(text.at, text.length);
}

static const struct json_field sql_table[] = {
    JSON_SKIPPED("Event"),
    JSON_INTEGER(sql_event, "executionId", id),
    JSON_INTEGER(sql_event, "rootExecutionId", root),
    JSON_TEXT(sql_event, "description", description),
    JSON_READ("details", read_details),
    JSON_SKIPPED("physicalPlanDescription"),
    JSON_READ("sparkPlanInfo", read_plan),
    JSON_INTEGER(sql_event, "time", time),
    JSON_TEXT(sql_event, "errorMessage", error),
};
static const struct json_fields sql_fields = JSON_FIELDS(sql_table);

bool spark_read_sql_start(struct spark_log *log, struct json_walk *w)
{
    struct sql_event event = {.root = -1};
    if (!json_read_fields(w, &sql_fields, &event))
        return false;
    struct spark_sql *sql = spark_sql_of(log, event.id);
    sql->root = event.root >= 0 ? event.root : event.id;
    sql->started_ms = event.time;
    sql->description = spark_text(log, event.description);
    sql->hints |= event.hints | spark_hints_in(event.description.at, event.description.length);
    spark_seen(log, event.time);
    return true;
}

bool spark_read_sql_end(struct spark_log *log, struct json_walk *w)
{
    struct sql_event event = {0};
    if (!json_read_fields(w, &sql_fields, &event))
        return false;
    size_t known; /* the start of others lies in a part that is not here */
    if (!map_get(&log->sql_index, &event.id, sizeof event.id, &known))
        return true;
    struct spark_sql *sql = &log->sqls.at[known];
    sql->ended = true;
    sql->ended_ms = event.time;
    sql->error = spark_text(log, event.error);
    spark_seen(log, event.time);
    return true;
}

bool spark_read_sql_plan(struct spark_log *log, struct json_walk *w)
{
    struct sql_event event = {0};
    if (!json_read_fields(w, &sql_fields, &event))
        return false;
    spark_sql_of(log, event.id)->hints |= event.hints;
    return true;
}
