#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "spark_phase.h"

struct stage_shape {
    double median, p75, longest; /* seconds */
    size_t count;
};

static int by_value(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

static double rank(const uint32_t *sorted, size_t n, double p)
{
    size_t i = (size_t)ceil(p * (double)n);
    return sorted[i ? i - 1 : 0] / 1e3;
}

static struct stage_shape shape_of(const struct spark_stage *stage)
{
    struct stage_shape shape = {0};
    uint32_t *sorted = mem_alloc((stage->tasks.count + 1) * sizeof *sorted);
    for (size_t i = 0; i < stage->tasks.count; i++)
        if (!(stage->tasks.at[i].flags & (SPARK_TASK_FAILED | SPARK_TASK_KILLED)))
            sorted[shape.count++] = stage->tasks.at[i].duration_ms;
    if (shape.count) {
        qsort(sorted, shape.count, sizeof *sorted, by_value);
        shape.median = rank(sorted, shape.count, 0.5);
        shape.p75 = rank(sorted, shape.count, 0.75);
        shape.longest = sorted[shape.count - 1] / 1e3;
    }
    free(sorted);
    return shape;
}

static bool is_skewed(struct stage_shape s)
{
    return s.count >= 10 && s.longest > 4 * s.median && s.longest - s.median > 30;
}

/* The most that one worker needed at once: what was sampled, and what did not fit and spilled.
 */
static double working_set(const struct spark_phase *p, const struct spark_log *log)
{
    double held = 0, spilled = 0, largest_task = 0;
    double per_worker = spark_executors_per_worker(log), slots = 0;
    for (size_t i = 0; i < p->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[p->stages.at[i]];
        held = fmax(held, (double)stage->peaks.unified_bytes);
        spilled = fmax(spilled, (double)stage->good.memory_spilled);
        for (size_t k = 0; k < stage->tasks.count; k++)
            largest_task = fmax(largest_task, stage->tasks.at[k].peak_kib * 1024.0);
    }
    for (size_t i = 0; i < log->executors.count; i++)
        slots = fmax(slots, (double)log->executors.at[i].cores);
    if (held <= 0)
        held = largest_task * slots; /* an upper bound: not all tasks peak at once */
    double need = held * per_worker + (p->workers > 0 ? spilled / fmax(1, p->workers) : 0);
    return need > 0 ? need : NAN;
}

static double process_peak(const struct spark_phase *p, const struct spark_log *log)
{
    double peak = 0;
    for (size_t i = 0; i < p->stages.count; i++)
        peak = fmax(peak, (double)log->stages.at[p->stages.at[i]].peaks.process_bytes);
    return peak > 0 ? peak * spark_executors_per_worker(log) : NAN;
}

/* What executors held in storage memory together; only where an RDD or table is kept. */
static double cached(const struct spark_phase *p, const struct spark_log *log)
{
    double sum = 0;
    bool caches = false;
    for (size_t i = 0; i < p->stages.count; i++)
        caches |= log->stages.at[p->stages.at[i]].caches;
    for (size_t i = 0; caches && i < log->executors.count; i++)
        sum += (double)log->executors.at[i].peaks.storage_bytes;
    return sum;
}

struct interval {
    int64_t from, to;
};

static int by_from(const void *left, const void *right)
{
    const struct interval *a = left, *b = right;
    return a->from < b->from ? -1 : a->from > b->from;
}

static double union_seconds(const struct spark_phase *p, const struct spark_log *log)
{
    VEC(struct interval) spans = {0};
    for (size_t i = 0; i < p->jobs.count; i++) {
        const struct spark_job *job = &log->jobs.at[p->jobs.at[i]];
        VEC_ADD(&spans, ((struct interval){job->submitted_ms,
                                           job->ended ? job->ended_ms : log->ended_ms}));
    }
    VEC_SORT(&spans, by_from);
    int64_t sum = 0, end = 0;
    for (size_t i = 0; i < spans.count; i++) {
        int64_t from = spans.at[i].from > end ? spans.at[i].from : end;
        if (spans.at[i].to > from) {
            sum += spans.at[i].to - from;
            end = spans.at[i].to;
        }
    }
    VEC_FREE(&spans);
    return (double)sum / 1e3;
}

static bool in_span(const struct spark_phase *p, int64_t time_ms)
{
    return time_ms >= p->from_ms && time_ms <= p->to_ms;
}

static bool mentions(sym text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcasestr(text, *words))
            return true;
    return false;
}

static void count_losses(struct spark_phase *p, const struct spark_log *log)
{
    static const char *const wanted[] = {"idle for", "killed by driver", "user request", NULL};
    static const char *const spot[] = {"decommission", "spot", "preempt", NULL};
    for (size_t i = 0; i < log->executors.count; i++) {
        const struct spark_executor *e = &log->executors.at[i];
        if (!e->removed || !in_span(p, e->removed_ms) || mentions(e->reason, wanted))
            continue;
        p->executors_lost++;
        p->executors_lost_to_spot += mentions(e->reason, spot);
    }
}

/* A phase failed when its last job did; out of memory when tasks of it say so. */
static enum run_status status_of(const struct spark_phase *p, const struct spark_log *log)
{
    bool memory = false, failed = false;
    int64_t last = -1;
    for (size_t i = 0; i < p->jobs.count; i++) {
        const struct spark_job *job = &log->jobs.at[p->jobs.at[i]];
        if (job->ended && job->ended_ms >= last) {
            last = job->ended_ms;
            failed = !job->succeeded;
        }
    }
    for (size_t i = 0; failed && i < p->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[p->stages.at[i]];
        for (size_t k = 0; k < stage->tasks.count; k++)
            memory |= (stage->tasks.at[k].flags & SPARK_TASK_OUT_OF_MEMORY) != 0;
        memory |= stage->failure && strstr(stage->failure, "OutOfMemory");
    }
    return !failed ? RUN_OK : memory ? RUN_OUT_OF_MEMORY : RUN_FAILED;
}

static sym shared_label(const struct spark_phase *p, const struct spark_log *log)
{
    sym group = NULL, description = NULL;
    for (size_t i = 0; i < p->jobs.count; i++) {
        const struct spark_job *job = &log->jobs.at[p->jobs.at[i]];
        group = i == 0 || group == job->group ? job->group : NULL;
        description = i == 0 || description == job->description ? job->description : NULL;
    }
    return description ? description : group;
}

static void add_stages(struct spark_phase *p, const struct spark_log *log)
{
    double slots =
        p->to_ms > p->from_ms ? p->offered_seconds * 1e3 / (double)(p->to_ms - p->from_ms) : 0;
    for (size_t i = 0; i < p->stages.count; i++) {
        const struct spark_stage *stage = &log->stages.at[p->stages.at[i]];
        struct stage_shape shape = shape_of(stage);
        spark_totals_add(&p->good, &stage->good);
        spark_totals_add(&p->wasted, &stage->wasted);
        p->demand.longest_task_seconds = fmax(p->demand.longest_task_seconds, shape.longest);
        if (is_skewed(shape)) {
            p->skewed_stages++;
            p->demand.skew_seconds += shape.longest - shape.p75;
        }
        if (slots > 0)
            p->waves = fmax(p->waves, (double)stage->tasks.count / slots);
    }
}

static void set_demand(struct spark_phase *p, const struct spark_log *log)
{
    struct phase_demand *d = &p->demand;
    const struct spark_totals *g = &p->good;
    d->core_seconds = (double)g->run_ms / 1e3;
    d->cpu_seconds =
        g->cpu_ns > 0 && !(p->hints & SPARK_HINT_OUTSIDE_JVM) ? (double)g->cpu_ns / 1e9 : NAN;
    d->gc_seconds = (double)g->gc_ms / 1e3;
    d->input_bytes = (double)g->input_bytes;
    d->output_bytes = (double)g->output_bytes;
    d->shuffle_read_bytes = (double)(g->remote_bytes + g->local_bytes);
    d->shuffle_write_bytes = (double)g->shuffle_write_bytes;
    d->spill_bytes = (double)g->disk_spilled;
    d->cached_bytes = cached(p, log);
    d->working_set_bytes = working_set(p, log);
    d->driver_seconds = fmax(0, (double)(p->to_ms - p->from_ms) / 1e3 - p->job_seconds);
    d->tasks = (double)g->tasks;
    d->failed_tasks = (double)p->wasted.tasks;
}

void spark_phase_measure(struct spark_phase *p, const struct spark_log *log)
{
    p->offered_seconds = spark_slots_offered(log, p->from_ms, p->to_ms) / 1e3;
    p->workers = spark_workers_mean(log, p->from_ms, p->to_ms);
    p->job_seconds = union_seconds(p, log);
    add_stages(p, log);
    p->used_seconds = (double)(p->good.duration_ms + p->wasted.duration_ms) / 1e3;
    set_demand(p, log);
    p->process_bytes = process_peak(p, log);
    p->status = status_of(p, log);
    p->label = shared_label(p, log);
    bool keeps = p->demand.cached_bytes > 0;
    p->iterative = keeps && p->jobs.count >= 5 ? TRI_YES : keeps ? TRI_UNKNOWN : TRI_NO;
    count_losses(p, log);
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

struct spark_ratios spark_ratios_of(const struct spark_phase *p)
{
    const struct phase_demand *d = &p->demand;
    double run = d->core_seconds;
    double moved =
        d->input_bytes + d->output_bytes + d->shuffle_read_bytes + d->shuffle_write_bytes;
    double cpu = share(d->cpu_seconds, run);
    return (struct spark_ratios){
        .slot_use = share(p->used_seconds, p->offered_seconds),
        .cpu_fraction = cpu > 1.2 ? 1.2 : cpu, /* clocks of two kinds */
        .gc_fraction = share(d->gc_seconds, run),
        .fetch_fraction = share((double)p->good.fetch_wait_ms / 1e3, run),
        .spill_ratio = share(d->spill_bytes, d->input_bytes + d->shuffle_read_bytes),
        .expansion = share((double)p->good.memory_spilled, d->spill_bytes),
        .mb_per_core_second = share(moved / 1e6, run),
        .remote_fraction = share((double)p->good.remote_bytes, d->shuffle_read_bytes),
        .cpu_percent = 100 * share(d->cpu_seconds, p->offered_seconds),
        .scheduler_fraction = share((double)p->good.scheduler_ms, (double)p->good.duration_ms),
    };
}
