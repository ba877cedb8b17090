#include <stddef.h>
#include <string.h>

#include "spark_state.h"

/* What is read of one SparkListenerTaskEnd: nearly all of a log's bytes. */
struct task_end {
    int64_t stage, attempt, launch, finish, getting_result;
    struct json_span executor, host, locality, reason, class_name, loss;
    bool speculative;
    int64_t peak_execution;
    struct spark_totals sums;
    int64_t unified_on, unified_off, storage_on, storage_off, heap, off_heap, direct;
    int64_t jvm_rss, python_rss, other_rss;
};

/* The keys stand in the order in which Spark writes them. */
static const struct json_field reason_table[] = {
    JSON_TEXT(task_end, "Reason", reason),
    JSON_TEXT(task_end, "Class Name", class_name),
    JSON_TEXT(task_end, "Loss Reason", loss),
};
static const struct json_fields reason_fields = JSON_FIELDS(reason_table);

static const struct json_field info_table[] = {
    JSON_SKIPPED("Task ID"),
    JSON_SKIPPED("Index"),
    JSON_SKIPPED("Attempt"),
    JSON_SKIPPED("Partition ID"),
    JSON_INTEGER(task_end, "Launch Time", launch),
    JSON_TEXT(task_end, "Executor ID", executor),
    JSON_TEXT(task_end, "Host", host),
    JSON_TEXT(task_end, "Locality", locality),
    JSON_TRUTH(task_end, "Speculative", speculative),
    JSON_INTEGER(task_end, "Getting Result Time", getting_result),
    JSON_INTEGER(task_end, "Finish Time", finish),
    JSON_SKIPPED("Failed"),
    JSON_SKIPPED("Killed"),
    JSON_SKIPPED("Accumulables"),
};
static const struct json_fields info_fields = JSON_FIELDS(info_table);

static const struct json_field peaks_table[] = {
    JSON_INTEGER(task_end, "JVMHeapMemory", heap),
    JSON_INTEGER(task_end, "JVMOffHeapMemory", off_heap),
    JSON_SKIPPED("OnHeapExecutionMemory"),
    JSON_SKIPPED("OffHeapExecutionMemory"),
    JSON_INTEGER(task_end, "OnHeapStorageMemory", storage_on),
    JSON_INTEGER(task_end, "OffHeapStorageMemory", storage_off),
    JSON_INTEGER(task_end, "OnHeapUnifiedMemory", unified_on),
    JSON_INTEGER(task_end, "OffHeapUnifiedMemory", unified_off),
    JSON_INTEGER(task_end, "DirectPoolMemory", direct),
    JSON_SKIPPED("MappedPoolMemory"),
    JSON_SKIPPED("ProcessTreeJVMVMemory"),
    JSON_INTEGER(task_end, "ProcessTreeJVMRSSMemory", jvm_rss),
    JSON_SKIPPED("ProcessTreePythonVMemory"),
    JSON_INTEGER(task_end, "ProcessTreePythonRSSMemory", python_rss),
    JSON_SKIPPED("ProcessTreeOtherVMemory"),
    JSON_INTEGER(task_end, "ProcessTreeOtherRSSMemory", other_rss),
    JSON_SKIPPED("MinorGCCount"),
    JSON_SKIPPED("MinorGCTime"),
    JSON_SKIPPED("MajorGCCount"),
    JSON_SKIPPED("MajorGCTime"),
    JSON_SKIPPED("TotalGCTime"),
};
static const struct json_fields peaks_fields = JSON_FIELDS(peaks_table);

static const struct json_field read_table[] = {
    JSON_INTEGER(task_end, "Remote Blocks Fetched", sums.remote_blocks),
    JSON_INTEGER(task_end, "Local Blocks Fetched", sums.local_blocks),
    JSON_INTEGER(task_end, "Fetch Wait Time", sums.fetch_wait_ms),
    JSON_INTEGER(task_end, "Remote Bytes Read", sums.remote_bytes),
    JSON_INTEGER(task_end, "Remote Bytes Read To Disk", sums.remote_to_disk_bytes),
    JSON_INTEGER(task_end, "Local Bytes Read", sums.local_bytes),
    JSON_INTEGER(task_end, "Total Records Read", sums.shuffle_read_records),
};
static const struct json_fields read_fields = JSON_FIELDS(read_table);

static const struct json_field write_table[] = {
    JSON_INTEGER(task_end, "Shuffle Bytes Written", sums.shuffle_write_bytes),
    JSON_INTEGER(task_end, "Shuffle Write Time", sums.shuffle_write_ns),
    JSON_INTEGER(task_end, "Shuffle Records Written", sums.shuffle_write_records),
};
static const struct json_fields write_fields = JSON_FIELDS(write_table);

static const struct json_field input_table[] = {
    JSON_INTEGER(task_end, "Bytes Read", sums.input_bytes),
    JSON_INTEGER(task_end, "Records Read", sums.input_records),
};
static const struct json_fields input_fields = JSON_FIELDS(input_table);

static const struct json_field output_table[] = {
    JSON_INTEGER(task_end, "Bytes Written", sums.output_bytes),
    JSON_INTEGER(task_end, "Records Written", sums.output_records),
};
static const struct json_fields output_fields = JSON_FIELDS(output_table);

static const struct json_field metrics_table[] = {
    JSON_INTEGER(task_end, "Executor Deserialize Time", sums.deserialize_ms),
    JSON_INTEGER(task_end, "Executor Deserialize CPU Time", sums.deserialize_cpu_ns),
    JSON_INTEGER(task_end, "Executor Run Time", sums.run_ms),
    JSON_INTEGER(task_end, "Executor CPU Time", sums.cpu_ns),
    JSON_INTEGER(task_end, "Peak Execution Memory", peak_execution),
    JSON_INTEGER(task_end, "Result Size", sums.result_bytes),
    JSON_INTEGER(task_end, "JVM GC Time", sums.gc_ms),
    JSON_INTEGER(task_end, "Result Serialization Time", sums.serialize_ms),
    JSON_INTEGER(task_end, "Memory Bytes Spilled", sums.memory_spilled),
    JSON_INTEGER(task_end, "Disk Bytes Spilled", sums.disk_spilled),
    JSON_OBJECT("Shuffle Read Metrics", read_fields),
    JSON_OBJECT("Shuffle Write Metrics", write_fields),
    JSON_OBJECT("Input Metrics", input_fields),
    JSON_OBJECT("Output Metrics", output_fields),
    JSON_SKIPPED("Updated Blocks"),
};
static const struct json_fields metrics_fields = JSON_FIELDS(metrics_table);

static const struct json_field end_table[] = {
    JSON_SKIPPED("Event"),
    JSON_INTEGER(task_end, "Stage ID", stage),
    JSON_INTEGER(task_end, "Stage Attempt ID", attempt),
    JSON_SKIPPED("Task Type"),
    JSON_OBJECT("Task End Reason", reason_fields),
    JSON_OBJECT("Task Info", info_fields),
    JSON_OBJECT("Task Executor Metrics", peaks_fields),
    JSON_OBJECT("Task Metrics", metrics_fields),
};
static const struct json_fields end_fields = JSON_FIELDS(end_table);

/* struct spark_totals is nothing but sums, so it adds up as a row of them. */
void spark_totals_add(struct spark_totals *to, const struct spark_totals *more)
{
    enum { MEMBERS = sizeof(struct spark_totals) / sizeof(int64_t) };
    int64_t sum[MEMBERS], part[MEMBERS];
    memcpy(sum, to, sizeof sum);
    memcpy(part, more, sizeof part);
    for (size_t i = 0; i < MEMBERS; i++)
        if (__builtin_add_overflow(sum[i], part[i], &sum[i]))
            sum[i] = INT64_MAX;
    memcpy(to, sum, sizeof sum);
}

static void raise_to(int64_t *peak, int64_t value)
{
    if (value > *peak)
        *peak = value;
}

static void raise_peaks(struct spark_peaks *p, const struct task_end *t)
{
    int64_t resident = t->jvm_rss + t->python_rss + t->other_rss;
    raise_to(&p->unified_bytes, t->unified_on + t->unified_off);
    raise_to(&p->storage_bytes, t->storage_on + t->storage_off);
    raise_to(&p->heap_bytes, t->heap);
    raise_to(&p->process_bytes,
             resident ? resident : t->heap + t->off_heap + t->unified_off + t->direct);
}

static bool contains(struct json_span s, const char *text)
{
    return s.length && memmem(s.at, s.length, text, strlen(text)) != NULL;
}

static uint8_t flags_of(const struct task_end *t)
{
    static const char *const memory[] = {"OutOfMemory", "memory limits", "code 137", "code 52",
                                         "OOM"};
    uint8_t flags = t->speculative ? SPARK_TASK_SPECULATIVE : 0;
    if (!t->reason.length || json_span_is(t->reason, "Success"))
        return flags;
    if (json_span_is(t->reason, "TaskKilled") || json_span_is(t->reason, "TaskCommitDenied"))
        return flags | SPARK_TASK_KILLED;
    flags |= SPARK_TASK_FAILED;
    if (json_span_is(t->reason, "ExecutorLostFailure"))
        flags |= SPARK_TASK_LOST;
    for (size_t i = 0; i < sizeof memory / sizeof *memory; i++)
        if (contains(t->class_name, memory[i]) || contains(t->loss, memory[i]))
            flags |= SPARK_TASK_OUT_OF_MEMORY;
    return flags;
}

static uint32_t capped(int64_t value)
{
    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

/* Negative figures are damage or a clock that went back: none counts as less than nothing. */
static void floor_at_zero(struct spark_totals *sums)
{
    enum { MEMBERS = sizeof(struct spark_totals) / sizeof(int64_t) };
    int64_t value[MEMBERS];
    memcpy(value, sums, sizeof value);
    for (size_t i = 0; i < MEMBERS; i++)
        value[i] = value[i] < 0 ? 0 : value[i];
    memcpy(sums, value, sizeof value);
}

static void add_to_executor(struct spark_executor *e, const struct task_end *t, uint8_t flags)
{
    e->good_tasks += !(flags & (SPARK_TASK_FAILED | SPARK_TASK_KILLED));
    e->failed_tasks += (flags & SPARK_TASK_FAILED) != 0;
    e->duration_ms += t->sums.duration_ms;
    if (t->launch && (!e->first_launch_ms || t->launch < e->first_launch_ms))
        e->first_launch_ms = t->launch;
    raise_to(&e->last_finish_ms, t->finish);
    if (json_span_is(t->reason, "Resubmitted"))
        return;
    e->gc_ms += t->sums.gc_ms;
    e->input_bytes += t->sums.input_bytes;
    e->shuffle_read_bytes += t->sums.remote_bytes + t->sums.local_bytes;
    e->shuffle_write_bytes += t->sums.shuffle_write_bytes;
    raise_peaks(&e->peaks, t);
}

static void add_to_stage(struct spark_stage *stage, const struct task_end *t,
                         uint32_t executor, uint8_t flags)
{
    const struct spark_totals *s = &t->sums;
    bool good = !(flags & (SPARK_TASK_FAILED | SPARK_TASK_KILLED));
    stage->failed_tasks += (flags & SPARK_TASK_FAILED) != 0;
    stage->killed_tasks += (flags & SPARK_TASK_KILLED) != 0;
    if (t->launch && (!stage->first_launch_ms || t->launch < stage->first_launch_ms))
        stage->first_launch_ms = t->launch;
    spark_totals_add(good ? &stage->good : &stage->wasted, s);
    raise_peaks(&stage->peaks, t);
    VEC_ADD(&stage->tasks,
            ((struct spark_task){
                .launch_ms = t->launch,
                .duration_ms = capped(s->duration_ms),
                .run_ms = capped(s->run_ms),
                .read_kib =
                    capped((s->input_bytes + s->remote_bytes + s->local_bytes + 1023) / 1024),
                .peak_kib = capped((t->peak_execution + 1023) / 1024),
                .executor = executor,
                .flags = flags}));
}

static void count_place(struct spark_totals *sums, struct json_span place)
{
    const struct {
        const char *name;
        int64_t *count;
    } places[] = {
        {"PROCESS_LOCAL", &sums->process_local}, {"ANY", &sums->any_place},
        {"NODE_LOCAL", &sums->node_local},       {"NO_PREF", &sums->no_preference},
        {"RACK_LOCAL", &sums->rack_local},
    };
    for (size_t i = 0; place.length && i < sizeof places / sizeof *places; i++)
        if (json_span_is(place, places[i].name)) {
            ++*places[i].count;
            return;
        }
}

static void derive(struct task_end *t)
{
    struct spark_totals *s = &t->sums;
    floor_at_zero(s);
    s->tasks = 1;
    s->duration_ms = t->finish > t->launch ? t->finish - t->launch : 0;
    if (t->getting_result > 0 && t->finish > t->getting_result)
        s->getting_result_ms = t->finish - t->getting_result;
    int64_t known = s->run_ms + s->deserialize_ms + s->serialize_ms + s->getting_result_ms;
    s->scheduler_ms = s->duration_ms > known ? s->duration_ms - known : 0;
    count_place(s, t->locality);
}

bool spark_read_task_end(struct spark_log *log, struct json_walk *w)
{
    struct task_end t = {0};
    if (!json_read_fields(w, &end_fields, &t))
        return false;
    derive(&t);
    uint8_t flags = flags_of(&t);
    uint32_t executor = spark_executor_of(log, t.executor);
    struct spark_executor *e = &log->executors.at[executor];
    if (!e->host)
        e->host = spark_text(log, t.host);
    add_to_executor(e, &t, flags);
    add_to_stage(spark_stage_of(log, t.stage, t.attempt), &t, executor, flags);
    spark_seen(log, t.launch);
    spark_seen(log, t.finish);
    return true;
}

static const struct json_field start_table[] = {
    JSON_SKIPPED("Event"),
    JSON_INTEGER(task_end, "Stage ID", stage),
    JSON_INTEGER(task_end, "Stage Attempt ID", attempt),
    JSON_SKIPPED("Task Info"),
};
static const struct json_fields start_fields = JSON_FIELDS(start_table);

bool spark_read_task_start(struct spark_log *log, struct json_walk *w)
{
    struct task_end t = {0};
    if (!json_read_fields(w, &start_fields, &t))
        return false;
    spark_stage_of(log, t.stage, t.attempt)->started_tasks++;
    return true;
}

static const struct json_field sample_table[] = {
    JSON_SKIPPED("Event"),
    JSON_TEXT(task_end, "Executor ID", executor),
    JSON_INTEGER(task_end, "Stage ID", stage),
    JSON_INTEGER(task_end, "Stage Attempt ID", attempt),
    JSON_OBJECT("Executor Metrics", peaks_fields),
};
static const struct json_fields sample_fields = JSON_FIELDS(sample_table);

bool spark_read_stage_metrics(struct spark_log *log, struct json_walk *w)
{
    struct task_end t = {0};
    if (!json_read_fields(w, &sample_fields, &t))
        return false;
    raise_peaks(&spark_executor_named(log, t.executor)->peaks, &t);
    if (!json_span_is(t.executor, "driver"))
        raise_peaks(&spark_stage_of(log, t.stage, t.attempt)->peaks, &t);
    return true;
}
