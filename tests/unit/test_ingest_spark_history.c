#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "ingest/spark_log.h"
#include "io/doc.h"
#include "io/files.h"

/* Figures of real logs against the answers of Spark's own history server for them. */

static const char *data_folder(void)
{
    const char *data = getenv("ADVISOR_DATA");
    return data ? data : "../shared/data";
}

struct sides {
    struct arena arena;
    struct spark_log *log;
    const struct node *answer;
    const char *file;
};

static size_t compared, different;

static void same(const struct sides *s, const struct node *holder, const char *field,
                 int64_t got)
{
    const struct node *want = node_get(holder, field);
    if (!want || want->kind == NODE_NULL)
        return;
    compared++;
    int64_t expected = (int64_t)strtoll(node_text(want, "0"), NULL, 10);
    if (expected == got)
        return;
    different++;
    print_message("%s: %s is %lld, read as %lld\n", s->file, field, (long long)expected,
                  (long long)got);
}

/* "2015-02-03T16:43:06.286GMT" */
static void same_time(const struct sides *s, const struct node *holder, const char *field,
                      int64_t got_ms)
{
    const char *text = node_text(node_get(holder, field), NULL);
    int64_t seconds;
    if (!text)
        return;
    compared++;
    if (strlen(text) < 23 || !when_parse(&seconds, text, 19) ||
        seconds * 1000 + atoi(text + 20) != got_ms) {
        different++;
        print_message("%s: %s is %s, read as %lld\n", s->file, field, text, (long long)got_ms);
    }
}

static void same_text(const struct sides *s, const struct node *holder, const char *field,
                      const char *got)
{
    const char *want = node_text(node_get(holder, field), NULL);
    if (!want)
        return;
    compared++;
    if (!strcmp(want, got))
        return;
    different++;
    print_message("%s: %s is %s, read as %s\n", s->file, field, want, got);
}

static void compare_stage(const struct sides *s, const struct node *want)
{
    static const char *const statuses[] = {"PENDING", "ACTIVE", "COMPLETE", "FAILED"};
    int64_t key[2] = {(int64_t)node_number(node_get(want, "stageId"), -1),
                      (int64_t)node_number(node_get(want, "attemptId"), 0)};
    size_t i;
    if (node_text(node_get(want, "status"), NULL) &&
        !strcmp(node_text(node_get(want, "status"), ""), "SKIPPED"))
        return;
    assert_true(map_get(&s->log->stage_index, key, sizeof key, &i));
    const struct spark_stage *stage = &s->log->stages.at[i];
    const struct spark_totals *a = &stage->good, *b = &stage->wasted;
    const struct {
        const char *field;
        int64_t got;
    } figures[] = {
        {"numTasks", stage->planned_tasks},
        {"numCompleteTasks", a->tasks},
        {"numFailedTasks", stage->failed_tasks},
        {"numKilledTasks", stage->killed_tasks},
        {"executorRunTime", a->run_ms + b->run_ms},
        {"executorCpuTime", a->cpu_ns + b->cpu_ns},
        {"executorDeserializeTime", a->deserialize_ms + b->deserialize_ms},
        {"executorDeserializeCpuTime", a->deserialize_cpu_ns + b->deserialize_cpu_ns},
        {"resultSize", a->result_bytes + b->result_bytes},
        {"jvmGcTime", a->gc_ms + b->gc_ms},
        {"resultSerializationTime", a->serialize_ms + b->serialize_ms},
        {"memoryBytesSpilled", a->memory_spilled + b->memory_spilled},
        {"diskBytesSpilled", a->disk_spilled + b->disk_spilled},
        {"inputBytes", a->input_bytes + b->input_bytes},
        {"inputRecords", a->input_records + b->input_records},
        {"outputBytes", a->output_bytes + b->output_bytes},
        {"outputRecords", a->output_records + b->output_records},
        {"shuffleRemoteBlocksFetched", a->remote_blocks + b->remote_blocks},
        {"shuffleLocalBlocksFetched", a->local_blocks + b->local_blocks},
        {"shuffleFetchWaitTime", a->fetch_wait_ms + b->fetch_wait_ms},
        {"shuffleRemoteBytesRead", a->remote_bytes + b->remote_bytes},
        {"shuffleRemoteBytesReadToDisk", a->remote_to_disk_bytes + b->remote_to_disk_bytes},
        {"shuffleLocalBytesRead", a->local_bytes + b->local_bytes},
        {"shuffleReadBytes",
         a->remote_bytes + b->remote_bytes + a->local_bytes + b->local_bytes},
        {"shuffleReadRecords", a->shuffle_read_records + b->shuffle_read_records},
        {"shuffleWriteBytes", a->shuffle_write_bytes + b->shuffle_write_bytes},
        {"shuffleWriteTime", a->shuffle_write_ns + b->shuffle_write_ns},
        {"shuffleWriteRecords", a->shuffle_write_records + b->shuffle_write_records},
    };
    for (size_t k = 0; k < sizeof figures / sizeof *figures; k++)
        same(s, want, figures[k].field, figures[k].got);
    same_text(s, want, "status", statuses[stage->status]);
    same_text(s, want, "name", sym_or_empty(stage->name));
    same_time(s, want, "submissionTime", stage->submitted_ms);
    same_time(s, want, "completionTime", stage->completed_ms);
    same_time(s, want, "firstTaskLaunchedTime", stage->first_launch_ms);
}

static void compare_stages(const struct sides *s)
{
    if (s->answer->kind == NODE_MAP)
        compare_stage(s, s->answer);
    for (size_t i = 0; s->answer->kind == NODE_LIST && i < s->answer->count; i++)
        compare_stage(s, s->answer->items[i]);
}

struct job_figures {
    int64_t completed_stages, failed_stages, completed, failed, killed;
};

static struct job_figures figures_of(const struct spark_log *log, size_t job)
{
    struct job_figures f = {0};
    for (size_t i = 0; i < log->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[i];
        if (stage->job != job)
            continue;
        f.completed_stages += stage->status == SPARK_STAGE_COMPLETE;
        f.failed_stages += stage->status == SPARK_STAGE_FAILED;
        f.completed += stage->good.tasks;
        f.failed += stage->failed_tasks;
        f.killed += stage->killed_tasks;
    }
    return f;
}

static void compare_job(const struct sides *s, const struct node *want)
{
    int64_t id = (int64_t)node_number(node_get(want, "jobId"), -1);
    size_t i;
    assert_true(map_get(&s->log->job_index, &id, sizeof id, &i));
    const struct spark_job *job = &s->log->jobs.at[i];
    struct job_figures f = figures_of(s->log, i);
    same(s, want, "numTasks", job->planned_tasks);
    same(s, want, "numCompletedTasks", f.completed);
    same(s, want, "numFailedTasks", f.failed);
    same(s, want, "numKilledTasks", f.killed);
    same(s, want, "numCompletedStages", f.completed_stages);
    same(s, want, "numFailedStages", f.failed_stages);
    same_text(s, want, "status",
              !job->ended      ? "RUNNING"
              : job->succeeded ? "SUCCEEDED"
                               : "FAILED");
    same_text(s, want, "jobGroup", sym_or_empty(job->group));
    if (job->submitted_ms > 0)
        same_time(s, want, "submissionTime", job->submitted_ms);
    same_time(s, want, "completionTime", job->ended_ms);
    const struct node *ids = node_get(want, "stageIds");
    for (size_t k = 0; ids && k < ids->count; k++) {
        bool found = false;
        for (size_t j = 0; j < job->stage_ids.count; j++)
            found |= job->stage_ids.at[j] == (int64_t)ids->items[k]->number;
        compared++;
        different += !found;
    }
}

static void compare_jobs(const struct sides *s)
{
    if (s->answer->kind == NODE_MAP)
        compare_job(s, s->answer);
    for (size_t i = 0; s->answer->kind == NODE_LIST && i < s->answer->count; i++)
        compare_job(s, s->answer->items[i]);
}

static void compare_executors(const struct sides *s)
{
    for (size_t i = 0; i < s->answer->count; i++) {
        const struct node *want = s->answer->items[i];
        const char *id = node_text(node_get(want, "id"), "");
        size_t k;
        assert_true(map_get(&s->log->executor_index, id, strlen(id), &k));
        const struct spark_executor *e = &s->log->executors.at[k];
        same(s, want, "totalCores", e->cores_observed ? 0 : e->cores);
        same(s, want, "completedTasks", e->good_tasks);
        same(s, want, "failedTasks", e->failed_tasks);
        if (strcmp(id, "driver") != 0) { /* there they are the application's and the JVM's */
            same(s, want, "totalDuration", e->duration_ms);
            same(s, want, "totalGCTime", e->gc_ms);
        }
        same(s, want, "totalInputBytes", e->input_bytes);
        same(s, want, "totalShuffleRead", e->shuffle_read_bytes);
        same(s, want, "totalShuffleWrite", e->shuffle_write_bytes);
        same(s, want, "maxMemory", e->storage_limit_bytes);
        same_time(s, want, "addTime", e->added_ms);
        same_time(s, want, "removeTime", e->removed_ms);
        same_text(s, want, "removeReason", sym_or_empty(e->reason));
    }
}

/* Tasks of the list by launch time, duration and run time; each found once. */
static void compare_tasks(const struct sides *s)
{
    for (size_t i = 0; i < s->answer->count; i++) {
        const struct node *want = s->answer->items[i];
        const char *text = node_text(node_get(want, "launchTime"), "");
        int64_t seconds = 0;
        size_t found = 0;
        when_parse(&seconds, text, strlen(text) < 19 ? 0 : 19);
        int64_t launch = seconds * 1000 + (strlen(text) > 20 ? atoi(text + 20) : 0);
        for (size_t k = 0; k < s->log->stages.count; k++)
            for (size_t j = 0; j < s->log->stages.at[k].tasks.count; j++) {
                const struct spark_task *t = &s->log->stages.at[k].tasks.at[j];
                found +=
                    t->launch_ms == launch &&
                    t->duration_ms == (uint32_t)node_number(node_get(want, "duration"), 0) &&
                    t->run_ms ==
                        (uint32_t)node_number(node_at(want, "taskMetrics.executorRunTime"), 0);
            }
        compared += 3;
        different += found ? 0 : 3;
    }
}

/* Only where the list has the application that the log is of. */
static void compare_applications(const struct sides *s)
{
    const struct node *apps = s->answer;
    struct node alone = *apps, *items[] = {&alone};
    struct node wrapped = {.kind = NODE_LIST, .items = items, .count = 1};
    apps = apps->kind == NODE_MAP ? &wrapped : apps;
    for (size_t i = 0; i < apps->count; i++) {
        const struct node *want = apps->items[i];
        const struct node *attempts = node_get(want, "attempts");
        if (strcmp(node_text(node_get(want, "id"), ""), sym_or_empty(s->log->app_id)) != 0)
            continue;
        same_text(s, want, "name", sym_or_empty(s->log->app_name));
        for (size_t k = 0; k < attempts->count; k++) {
            const struct node *a = attempts->items[k];
            if (strcmp(node_text(node_get(a, "attemptId"), ""),
                       sym_or_empty(s->log->attempt)) != 0)
                continue;
            same(s, a, "startTimeEpoch", s->log->started_ms);
            same_text(s, a, "sparkUser", sym_or_empty(s->log->user));
            if (s->log->has_end) {
                same(s, a, "endTimeEpoch", s->log->ended_ms);
                same(s, a, "duration", s->log->ended_ms - s->log->started_ms);
            }
        }
    }
}

static const struct {
    const char *answer, *log;
    void (*compare)(const struct sides *s);
} cases[] = {
    {"one_app_json", "local-1422981780767", compare_applications},
    {"one_job_json", "local-1422981780767", compare_jobs},
    {"succeeded_failed_job_list_json", "local-1422981780767", compare_jobs},
    {"complete_stage_list_json", "local-1422981780767", compare_stages},
    {"failed_stage_list_json", "local-1422981780767", compare_stages},
    {"one_stage_json", "local-1422981780767", compare_stages},
    {"one_stage_attempt_json_details_with_failed_task", "local-1422981780767", compare_stages},
    {"executor_list_json", "local-1422981780767", compare_executors},
    {"job_list_from_multi_attempt_app_json_2_", "local-1426633911242", compare_jobs},
    {"stage_list_with_accumulable_json", "local-1426533911241", compare_stages},
    {"stage_with_accumulable_json", "local-1426533911241", compare_stages},
    {"stage_task_list", "local-1430917381534", compare_tasks},
    {"stage_task_list_w__sortBy", "local-1430917381534", compare_tasks},
    {"stage_task_list_w__sortBy_short_names__runtime", "local-1430917381534", compare_tasks},
    {"stage_task_list_w__status___sortBy_short_names__runtime", "local-1430917381534",
     compare_tasks},
    {"stage_task_list_from_multi_attempt_app_json_2_", "local-1426633911242", compare_tasks},
    {"stage_task_list_with_partitionId", "local-1642039451826", compare_tasks},
    {"one_stage_json_with_partitionId", "local-1642039451826", compare_stages},
    {"excludeOnFailure_for_stage", "app-20180109111548-0000", compare_stages},
    {"executor_node_excludeOnFailure_unexcluding", "app-20161115172038-0000",
     compare_executors},
    {"executor_memory_usage", "app-20161116163331-0000", compare_executors},
    {"stage_with_speculation_summary", "application_1628109047826_1317105", compare_stages},
    {"limit_app_list_json", "local-1642039451826", compare_applications},
    {"maxDate_app_list_json", "local-1422981780767", compare_applications},
    {"minDate_and_maxEndDate_app_list_json", "local-1426533911241", compare_applications},
};

static struct spark_log *read_log(const char *path)
{
    struct spark_source source = {0};
    struct spark_log *log = NULL;
    struct err err = ERR_INIT;
    VEC_ADD(&source.parts, path);
    if (!spark_log_read(&log, &source, &err))
        fail_msg("%s", err.text);
    VEC_FREE(&source.parts);
    return log;
}

static void agrees_with_the_history_server(void **state)
{
    (void)state;
    struct sides s = {0};
    const char *folder = arena_printf(&s.arena, "%s/spark/eventlogs", data_folder());
    if (!files_is_folder(folder)) {
        print_message("skipped: %s is not here\n", folder);
        arena_release(&s.arena);
        skip();
    }
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t before = compared;
        struct err err = ERR_INIT;
        s.file = cases[i].answer;
        const char *answer = arena_printf(
            &s.arena, "%s/spark-expectations/HistoryServerExpectations/%s_expectation.json",
            folder, cases[i].answer);
        if (!doc_read(&s.answer, &s.arena, answer, &err))
            fail_msg("%s", err.text);
        s.log =
            read_log(arena_printf(&s.arena, "%s/spark/spark-events/%s", folder, cases[i].log));
        cases[i].compare(&s);
        spark_log_free(s.log);
        print_message("%s: %zu figures\n", cases[i].answer, compared - before);
    }
    print_message("%zu figures compared, %zu different\n", compared, different);
    arena_release(&s.arena);
    assert_true(compared > 800);
    assert_int_equal(different, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_history_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
