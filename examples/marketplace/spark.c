/* One Spark event log a phase of tenant north, as Databricks delivers them. */

#include "world.h"

struct stage {
    const char *name;
    int tasks;
    double seconds;      /* of a usual task */
    double cpu_share;    /* of its run time */
    double input_mib, shuffle_read_mib, shuffle_write_mib, output_mib, spill_mib; /* a task */
    double longest;      /* the slowest task is so many times the usual one */
};

struct log {
    const char *app, *id, *type;
    int workers, cores;
    double memory_gib;
    int hour;
    int stage_count;
    struct stage stages[4];
};

static const struct log logs[] = {
    {"north-ingest", "app-20260915060012-0001", "m5d.2xlarge", 4, 8, 32, 6, 2,
     {{"scan and parse at Ingest.scala:41", 640, 38, 0.55, 128, 0, 4, 0, 0, 1.6},
      {"write raw at Ingest.scala:77", 160, 21, 0.40, 0, 16, 0, 96, 0, 1.4}}},
    {"north-feature-training", "app-20260915030009-0001", "i3.2xlarge", 8, 8, 61, 3, 3,
     {{"join features at Features.scala:88", 800, 42, 0.78, 64, 96, 110, 0, 0, 1.5},
      {"aggregate at Features.scala:120", 640, 46, 0.82, 0, 130, 60, 0, 0, 2.2},
      {"fit at Trainer.scala:30", 512, 55, 0.93, 0, 40, 2, 1, 0, 1.3}}},
};

static long start_of(const struct log *l)
{
    return ((long)day_number(2, 15) * 86400 + l->hour * 3600 + 12) * 1000;
}

static void put_environment(struct out *out, const struct log *l, long at)
{
    out_printf(out,
               "{\"Event\":\"DBCEventLoggingListenerMetadata\",\"Spark Version\":\"3.5.0\",\"Timestamp\":%ld,"
               "\"Rollover Number\":0,\"SparkContext Id\":%ld}\n",
               at, 5000000000L + l->hour);
    out_printf(out,
               "{\"Event\":\"SparkListenerEnvironmentUpdate\",\"JVM Information\":{\"Java Version\":\"17\"},"
               "\"Spark Properties\":{\"spark.app.name\":\"%s\","
               "\"spark.databricks.clusterUsageTags.clusterId\":\"0711-%02d0000-%s%02d\","
               "\"spark.databricks.clusterUsageTags.clusterName\":\"job-%s\","
               "\"spark.databricks.clusterUsageTags.clusterNodeType\":\"%s\","
               "\"spark.databricks.clusterUsageTags.driverNodeType\":\"%s\","
               "\"spark.databricks.clusterUsageTags.clusterWorkers\":\"%d\","
               "\"spark.databricks.clusterUsageTags.clusterScalingType\":\"fixed_size\","
               "\"spark.databricks.clusterUsageTags.runtimeEngine\":\"STANDARD\","
               "\"spark.databricks.workerNodeTypeId\":\"%s\"},\"Hadoop Properties\":{},"
               "\"System Properties\":{},\"Classpath Entries\":{}}\n",
               l->app, l->hour, l->stage_count == 2 ? "9001" : "9011", l->hour, l->app, l->type, l->type,
               l->workers, l->type);
    out_printf(out,
               "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"%s\",\"App ID\":\"%s\","
               "\"Timestamp\":%ld,\"User\":\"root\"}\n",
               l->app, l->id, at);
}

static void put_executors(struct out *out, const struct log *l, long at)
{
    for (int i = 0; i < l->workers; i++) {
        out_printf(out,
                   "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":%ld,\"Executor ID\":\"%d\","
                   "\"Executor Info\":{\"Host\":\"10.0.4.%d\",\"Total Cores\":%d,\"Log Urls\":{},"
                   "\"Attributes\":{},\"Resources\":{},\"Resource Profile Id\":0}}\n",
                   at + 900, i, 10 + i, l->cores);
        out_printf(out,
                   "{\"Event\":\"SparkListenerBlockManagerAdded\",\"Block Manager ID\":{\"Executor ID\":\"%d\","
                   "\"Host\":\"10.0.4.%d\",\"Port\":40001},\"Maximum Memory\":%.0f,\"Timestamp\":%ld,"
                   "\"Maximum Onheap Memory\":%.0f,\"Maximum Offheap Memory\":0}\n",
                   i, 10 + i, l->memory_gib * 0.4 * 1073741824.0, at + 950,
                   l->memory_gib * 0.4 * 1073741824.0);
    }
}

static void put_stage_info(struct out *out, const struct stage *s, int id, long from, long to)
{
    out_printf(out,
               "\"Stage Info\":{\"Stage ID\":%d,\"Stage Attempt ID\":0,\"Stage Name\":\"%s\","
               "\"Number of Tasks\":%d,\"RDD Info\":[],\"Parent IDs\":[",
               id, s->name, s->tasks);
    if (id)
        out_printf(out, "%d", id - 1);
    out_printf(out, "],\"Details\":\"\",\"Submission Time\":%ld,", from);
    if (to)
        out_printf(out, "\"Completion Time\":%ld,", to);
    out_printf(out, "\"Accumulables\":[],\"Resource Profile Id\":0}");
}

static void put_task(struct out *out, const struct log *l, const struct stage *s, int stage, long id,
                     int index, int slot, long launch, long finish, bool last)
{
    double mib = 1048576, run = (double)(finish - launch - 40), memory = l->memory_gib * 1073741824.0;
    out_printf(out,
               "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":%d,\"Stage Attempt ID\":0,\"Task Type\":\"%s\","
               "\"Task End Reason\":{\"Reason\":\"Success\"},\"Task Info\":{\"Task ID\":%ld,\"Index\":%d,"
               "\"Attempt\":0,\"Partition ID\":%d,\"Launch Time\":%ld,\"Executor ID\":\"%d\","
               "\"Host\":\"10.0.4.%d\",\"Locality\":\"PROCESS_LOCAL\",\"Speculative\":false,"
               "\"Getting Result Time\":0,\"Finish Time\":%ld,\"Failed\":false,\"Killed\":false,"
               "\"Accumulables\":[]},",
               stage, last ? "ResultTask" : "ShuffleMapTask", id, index, index, launch, slot / l->cores,
               10 + slot / l->cores, finish);
    out_printf(out,
               "\"Task Executor Metrics\":{\"JVMHeapMemory\":%.0f,\"JVMOffHeapMemory\":180000000,"
               "\"OnHeapExecutionMemory\":%.0f,\"OffHeapExecutionMemory\":0,\"OnHeapStorageMemory\":%.0f,"
               "\"OffHeapStorageMemory\":0,\"OnHeapUnifiedMemory\":%.0f,\"OffHeapUnifiedMemory\":0},",
               memory * 0.22, memory * 0.08, memory * 0.02, memory * 0.10);
    out_printf(out,
               "\"Task Metrics\":{\"Executor Deserialize Time\":12,\"Executor Deserialize CPU Time\":9000000,"
               "\"Executor Run Time\":%.0f,\"Executor CPU Time\":%.0f,\"Peak Execution Memory\":%.0f,"
               "\"Result Size\":2048,\"JVM GC Time\":%.0f,\"Result Serialization Time\":1,"
               "\"Memory Bytes Spilled\":%.0f,\"Disk Bytes Spilled\":%.0f,",
               run, run * 1e6 * s->cpu_share, memory * 0.01, run * 0.03, s->spill_mib * mib * 3,
               s->spill_mib * mib);
    out_printf(out,
               "\"Shuffle Read Metrics\":{\"Remote Blocks Fetched\":40,\"Local Blocks Fetched\":10,"
               "\"Fetch Wait Time\":%.0f,\"Remote Bytes Read\":%.0f,\"Remote Bytes Read To Disk\":0,"
               "\"Local Bytes Read\":%.0f,\"Total Records Read\":10000},"
               "\"Shuffle Write Metrics\":{\"Shuffle Bytes Written\":%.0f,\"Shuffle Write Time\":%.0f,"
               "\"Shuffle Records Written\":10000},\"Input Metrics\":{\"Bytes Read\":%.0f,"
               "\"Records Read\":100000},\"Output Metrics\":{\"Bytes Written\":%.0f,\"Records Written\":100000}}}\n",
               run * 0.02, s->shuffle_read_mib * mib * (l->workers - 1) / l->workers,
               s->shuffle_read_mib * mib / l->workers, s->shuffle_write_mib * mib, run * 1e4,
               s->input_mib * mib, s->output_mib * mib);
}

/* Tasks go to the slot that is free first, as Spark's scheduler does. */
static long run_stage(struct out *out, const struct log *l, int index, long *task, long at,
                      struct dice *dice)
{
    enum { MOST_SLOTS = 256 };
    long free_at[MOST_SLOTS], end = at;
    int slots = l->workers * l->cores;
    const struct stage *s = &l->stages[index];
    for (int i = 0; i < slots; i++)
        free_at[i] = at + 20;
    out_printf(out, "{\"Event\":\"SparkListenerStageSubmitted\",");
    put_stage_info(out, s, index, at, 0);
    out_printf(out, ",\"Properties\":{}}\n");
    for (int t = 0; t < s->tasks; t++) {
        int slot = 0;
        for (int i = 1; i < slots; i++)
            slot = free_at[i] < free_at[slot] ? i : slot;
        double factor = t == s->tasks / 3 ? s->longest : dice_between(dice, 0.85, 1.15);
        long finish = free_at[slot] + (long)(s->seconds * 1000 * factor);
        put_task(out, l, s, index, (*task)++, t, slot, free_at[slot], finish,
                 index == l->stage_count - 1);
        free_at[slot] = finish + 4;
        end = finish > end ? finish : end;
    }
    out_printf(out, "{\"Event\":\"SparkListenerStageCompleted\",");
    put_stage_info(out, s, index, at, end + 10);
    out_printf(out, "}\n");
    return end + 10;
}

static bool write_log(const char *folder, const struct log *l)
{
    char name[256];
    struct dice dice = {(uint64_t)l->hour};
    snprintf(name, sizeof name, "spark/%s/eventlog/%s/eventlog.gz", l->app, l->id);
    struct out *out = out_open(folder, name);
    if (!out)
        return false;
    long at = start_of(l), task = 0;
    put_environment(out, l, at);
    put_executors(out, l, at);
    at += 8000;
    out_printf(out, "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":0,\"Submission Time\":%ld,\"Stage Infos\":[],"
                    "\"Stage IDs\":[0",
               at);
    for (int i = 1; i < l->stage_count; i++)
        out_printf(out, ",%d", i);
    out_printf(out, "],\"Properties\":{\"spark.job.description\":\"%s\",\"spark.databricks.job.id\":\"%s\"}}\n",
               l->app, l->stage_count == 2 ? "9001" : "9011");
    for (int i = 0; i < l->stage_count; i++)
        at = run_stage(out, l, i, &task, at, &dice);
    out_printf(out, "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":0,\"Completion Time\":%ld,"
                    "\"Job Result\":{\"Result\":\"JobSucceeded\"}}\n",
               at);
    out_printf(out, "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":%ld}\n", at + 3000);
    return out_close(out);
}

bool write_spark_logs(const char *folder)
{
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        if (!write_log(folder, &logs[i]))
            return false;
    return true;
}
