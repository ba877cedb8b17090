#include <math.h>
#include <string.h>

#include "base/when.h"
#include "cmd_phases.h"
#include "report/result.h"

enum { LABEL_LENGTH = 50, CHART_STEPS = 60 };

enum {
    PHASE,
    FROM,
    MINUTES,
    WORKERS,
    SLOTS,
    INPUT,
    OUTPUT,
    SHUFFLE,
    SPILL,
    MEMORY,
    CPU,
    GC,
    FETCH,
    RATE,
    SKEW,
    DRIVER,
    TASKS,
    FAILED,
    LOST,
    LABEL,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [PHASE] = {"phase", "Phase", ALIGN_LEFT, 0, false},
    [FROM] = {"from_minute", "From min", ALIGN_RIGHT, 1, false},
    [MINUTES] = {"minutes", "Minutes", ALIGN_RIGHT, 0, false},
    [WORKERS] = {"workers", "Workers", ALIGN_RIGHT, 2, false},
    [SLOTS] = {"slot_use", "Slots used", ALIGN_RIGHT, 0, false},
    [INPUT] = {"input_gb", "Input GB", ALIGN_RIGHT, 0, false},
    [OUTPUT] = {"output_gb", "Output GB", ALIGN_RIGHT, 6, false},
    [SHUFFLE] = {"shuffle_gb", "Shuffle GB", ALIGN_RIGHT, 0, false},
    [SPILL] = {"spill_gb", "Spill GB", ALIGN_RIGHT, 2, false},
    [MEMORY] = {"working_set_gb", "Set GB", ALIGN_RIGHT, 4, false},
    [CPU] = {"cpu_fraction", "CPU", ALIGN_RIGHT, 1, false},
    [GC] = {"gc_fraction", "GC", ALIGN_RIGHT, 3, false},
    [FETCH] = {"fetch_fraction", "Fetch", ALIGN_RIGHT, 7, false},
    [RATE] = {"mb_per_core_second", "MB/s core", ALIGN_RIGHT, 7, false},
    [SKEW] = {"skew_seconds", "Skew s", ALIGN_RIGHT, 5, false},
    [DRIVER] = {"driver_seconds", "Driver s", ALIGN_RIGHT, 5, false},
    [TASKS] = {"tasks", "Tasks", ALIGN_RIGHT, 3, false},
    [FAILED] = {"failed_tasks", "Failed", ALIGN_RIGHT, 4, false},
    [LOST] = {"executors_lost", "Lost", ALIGN_RIGHT, 6, false},
    [LABEL] = {"label", "Label", ALIGN_LEFT, 8, true},
};

static double gb(double bytes)
{
    return bytes / 1e9;
}

static double minutes(int64_t ms)
{
    return (double)ms / 60e3;
}

/* Descriptions may be whole scripts: their first line that says something, cut. */
static const char *one_line(struct report *report, sym text)
{
    if (!text)
        return NULL;
    text += strspn(text, " \t\r\n");
    size_t n = strcspn(text, "\r\n");
    bool cut = n > LABEL_LENGTH;
    for (n = cut ? LABEL_LENGTH : n; cut && n && ((unsigned char)text[n] & 0xc0) == 0x80;)
        n--;
    return arena_printf(&report->arena, "%.*s%s", (int)n, text, cut ? "..." : "");
}

static void fill_row(struct report *report, struct cell *cells, const struct spark_log *log,
                     const struct spark_phase *p)
{
    struct spark_ratios r = spark_ratios_of(p);
    const struct phase_demand *d = &p->demand;
    cells[PHASE] = cell_printf(report, "%s%s", p->name, p->incomplete ? " (cut)" : "");
    cells[FROM] = cell_number(round(minutes(p->from_ms - log->started_ms) * 10) / 10);
    cells[MINUTES] = cell_number(round(minutes(p->to_ms - p->from_ms) * 100) / 100);
    cells[WORKERS] = cell_number(round(p->workers * 10) / 10);
    if (p->idle)
        return;
    cells[SLOTS] = isnan(r.slot_use) ? cell_unknown(report, NULL) : cell_percent(r.slot_use);
    cells[INPUT] = cell_number(gb(d->input_bytes));
    cells[OUTPUT] = cell_number(gb(d->output_bytes));
    cells[SHUFFLE] = cell_number(gb(d->shuffle_write_bytes));
    cells[SPILL] = cell_number(gb(d->spill_bytes));
    cells[MEMORY] = cell_number(gb(d->working_set_bytes));
    if (!isnan(r.cpu_fraction))
        cells[CPU] = cell_percent(r.cpu_fraction);
    if (!isnan(r.gc_fraction))
        cells[GC] = cell_percent(r.gc_fraction);
    if (!isnan(r.fetch_fraction))
        cells[FETCH] = cell_percent(r.fetch_fraction);
    if (!isnan(r.mb_per_core_second))
        cells[RATE] = cell_number(r.mb_per_core_second);
    cells[SKEW] = cell_number(round(d->skew_seconds));
    cells[DRIVER] = cell_number(round(d->driver_seconds));
    cells[TASKS] = cell_count(d->tasks);
    cells[FAILED] = cell_count(d->failed_tasks);
    cells[LOST] = cell_count((double)p->executors_lost);
    cells[LABEL] = cell_text(report, one_line(report, p->label));
}

static const char *cluster_words(struct report *report, const struct spark_log *log)
{
    const struct spark_cluster *c = &log->cluster;
    struct arena *arena = &report->arena;
    if (!c->cluster_id && !c->worker_type)
        return "";
    const char *size = "";
    if (c->min_workers >= 0 && c->max_workers > c->min_workers)
        size = arena_printf(arena, ", %lld to %lld workers", (long long)c->min_workers,
                            (long long)c->max_workers);
    else if (c->workers >= 0)
        size = arena_printf(arena, ", %lld workers", (long long)c->workers);
    return arena_printf(arena, " Cluster %s%s%s%s%s%s%s.",
                        c->cluster_id ? c->cluster_id : "of unknown id",
                        c->worker_type ? " of " : "", sym_or_empty(c->worker_type), size,
                        c->photon ? ", Photon" : "", c->spot ? ", Spot" : "",
                        c->region ? arena_printf(arena, ", %s", c->region) : "");
}

static size_t task_count(const struct spark_log *log)
{
    size_t n = 0;
    for (size_t i = 0; i < log->stages.count; i++)
        n += log->stages.at[i].tasks.count;
    return n;
}

static void add_chart(struct report *report, struct section *section,
                      const struct spark_log *log, const struct spark_phases *phases)
{
    struct spark_slots grid;
    if (log->ended_ms <= log->started_ms)
        return;
    spark_slots_over(&grid, &report->arena, log, log->started_ms, log->ended_ms, CHART_STEPS);
    bool present[CLASS_COUNT] = {false};
    size_t series = 1;
    for (size_t i = 0; i < phases->at.count; i++)
        if (!phases->at.at[i].idle && !present[phases->at.at[i].class]) {
            present[phases->at.at[i].class] = true;
            series++;
        }
    struct chart *chart =
        section_chart(report, section, CHART_LINES,
                      "Slots offered, and used by each kind of phase, over time", "slots",
                      series, grid.count);
    for (size_t i = 0; i < grid.count; i++) {
        double at = minutes(grid.step_ms * (int64_t)i);
        chart->categories[i] = arena_printf(&report->arena, "%.4g min", at);
        chart->values[i] = grid.offered[i];
    }
    chart->series[0] = "offered";
    size_t row = 1;
    for (int class = 0; class < CLASS_COUNT; class ++) {
        if (!present[class])
            continue;
        double *values = &chart->values[row * grid.count];
        for (size_t i = 0; i < grid.count; i++)
            values[i] = 0;
        for (size_t i = 0; i < phases->at.count; i++) {
            const struct spark_phase *p = &phases->at.at[i];
            if (p->idle || (int)p->class != class)
                continue;
            chart->series[row] = spark_phase_class(p);
            for (size_t k = 0; k < p->stages.count; k++)
                spark_slots_of_stage(values, &grid, &log->stages.at[p->stages.at[k]]);
        }
        row++;
    }
}

static void add_picture(struct report *report, struct section *section,
                        const struct spark_log *log, const struct spark_phases *phases,
                        size_t width)
{
    const char *picture = phases_picture(report, log, phases, width > 4 ? width - 4 : width);
    if (picture)
        section_code(report, section, "",
                     "Slots in use (filled) and offered (line); below, phases by first letter",
                     picture);
}

static void add_application(struct report *report, const struct phases_input *in, size_t i,
                            bool pictures, size_t width)
{
    const struct spark_log *log = in->logs[i];
    const struct spark_phases *phases = &in->phases[i];
    struct section *s = report_section(
        report, arena_printf(&report->arena, "application_%zu", i + 1),
        arena_printf(&report->arena, "%s",
                     log->app_name ? one_line(report, log->app_name) : log->path));
    size_t tasks = task_count(log);
    section_text(report, s, "%s%s%s, Spark %s, %.1f minutes, %zu job%s, %zu task%s.%s",
                 log->app_id ? log->app_id : "no application id",
                 log->attempt ? ", attempt " : "", sym_or_empty(log->attempt),
                 log->spark_version ? log->spark_version : "unknown",
                 minutes(log->ended_ms - log->started_ms), log->jobs.count,
                 log->jobs.count == 1 ? "" : "s", tasks, tasks == 1 ? "" : "s",
                 cluster_words(report, log));
    struct table *table = section_table(
        report, s, arena_printf(&report->arena, "phases_%zu", i + 1), "", columns, COLUMNS);
    table->empty = "No job ran.";
    for (size_t k = 0; k < phases->at.count; k++)
        fill_row(report, table_row(report, table)->cells, log, &phases->at.at[k]);
    if (pictures)
        add_picture(report, s, log, phases, width);
    else
        add_chart(report, s, log, phases);
    for (size_t k = 0; k < log->notes.count; k++)
        section_text(report, s, "Note: %s.", log->notes.at[k]);
}

static struct node *put(struct report *report, struct node *map, const char *key,
                        struct node *n)
{
    return node_add(&report->arena, map, key, n);
}

static void put_time(struct report *report, struct node *map, const char *key, int64_t ms)
{
    char text[TIME_TEXT];
    result_text(report, map, key, ms > 0 ? time_format(text, ms / 1000) : NULL);
}

static const char *tristate_name(enum tristate t)
{
    return t == TRI_YES ? "yes" : t == TRI_NO ? "no" : NULL;
}

/* What there is to say of a phase that is not idle. */
static void put_figures(struct report *report, struct node *map, const struct spark_phase *p)
{
    struct spark_ratios r = spark_ratios_of(p);
    const struct phase_demand *d = &p->demand;
    const struct {
        const char *key;
        double number;
    } figures[] = {
        {"units", (double)p->units},
        {"jobs", (double)p->jobs.count},
        {"stages", (double)p->stages.count},
        {"tasks", d->tasks},
        {"failed_tasks", d->failed_tasks},
        {"executors_lost", (double)p->executors_lost},
        {"executors_lost_to_spot", (double)p->executors_lost_to_spot},
        {"core_seconds", d->core_seconds},
        {"cpu_seconds", d->cpu_seconds},
        {"gc_seconds", d->gc_seconds},
        {"wasted_seconds", (double)p->wasted.duration_ms / 1e3},
        {"input_bytes", d->input_bytes},
        {"output_bytes", d->output_bytes},
        {"shuffle_read_bytes", d->shuffle_read_bytes},
        {"shuffle_write_bytes", d->shuffle_write_bytes},
        {"spill_bytes", d->spill_bytes},
        {"cached_bytes", d->cached_bytes},
        {"working_set_bytes", d->working_set_bytes},
        {"process_bytes", p->process_bytes},
        {"driver_seconds", d->driver_seconds},
        {"longest_task_seconds", d->longest_task_seconds},
        {"skew_seconds", d->skew_seconds},
        {"skewed_stages", p->skewed_stages},
        {"waves", p->waves},
        {"slot_use", r.slot_use},
        {"cpu_fraction", r.cpu_fraction},
        {"gc_fraction", r.gc_fraction},
        {"fetch_fraction", r.fetch_fraction},
        {"scheduler_fraction", r.scheduler_fraction},
        {"spill_ratio", r.spill_ratio},
        {"spill_expansion", r.expansion},
        {"remote_fraction", r.remote_fraction},
        {"mb_per_core_second", r.mb_per_core_second},
        {"process_local_tasks", (double)p->good.process_local},
        {"node_local_tasks", (double)p->good.node_local},
        {"any_place_tasks", (double)p->good.any_place},
    };
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        result_number(report, map, figures[i].key, figures[i].number);
}

static struct node *phase_json(struct report *report, const struct spark_phase *p)
{
    struct node *map = node_new(&report->arena, NODE_MAP);
    result_text(report, map, "name", p->name);
    result_text(report, map, "declared", p->declared ? p->declared->id : NULL);
    result_text(report, map, "class", spark_phase_class(p));
    result_text(report, map, "label", one_line(report, p->label));
    result_text(report, map, "status", run_status_name(p->status));
    result_text(report, map, "iterative", tristate_name(p->iterative));
    put(report, map, "incomplete", node_bool_new(&report->arena, p->incomplete));
    put_time(report, map, "from", p->from_ms);
    put_time(report, map, "to", p->to_ms);
    result_number(report, map, "minutes", minutes(p->to_ms - p->from_ms));
    result_number(report, map, "workers", p->workers);
    if (!p->idle)
        put_figures(report, map, p);
    return map;
}

static struct node *slots_json(struct report *report, const struct spark_log *log)
{
    struct node *map = node_new(&report->arena, NODE_MAP);
    struct spark_slots grid;
    spark_slots_over(&grid, &report->arena, log, log->started_ms, log->ended_ms, CHART_STEPS);
    result_number(report, map, "step_seconds", (double)grid.step_ms / 1e3);
    struct node *offered = put(report, map, "offered", node_new(&report->arena, NODE_LIST));
    struct node *used = put(report, map, "used", node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < grid.count; i++) {
        double shown[] = {round(grid.offered[i] * 1e3) / 1e3, round(grid.used[i] * 1e3) / 1e3};
        put(report, offered, NULL, node_number_new(&report->arena, shown[0]));
        put(report, used, NULL, node_number_new(&report->arena, shown[1]));
    }
    return map;
}

static void application_json(struct report *report, struct node *list,
                             const struct spark_log *log, const struct spark_phases *phases)
{
    struct node *map = put(report, list, NULL, node_new(&report->arena, NODE_MAP));
    const struct spark_cluster *c = &log->cluster;
    result_text(report, map, "id", log->app_id);
    result_text(report, map, "attempt", log->attempt);
    result_text(report, map, "name", log->app_name);
    result_text(report, map, "path", log->path);
    result_text(report, map, "spark_version", log->spark_version);
    put_time(report, map, "started", log->started_ms);
    put_time(report, map, "ended", log->ended_ms);
    put(report, map, "complete", node_bool_new(&report->arena, log->has_end && !log->damaged));
    struct node *cluster = put(report, map, "cluster", node_new(&report->arena, NODE_MAP));
    result_text(report, cluster, "id", c->cluster_id);
    result_text(report, cluster, "name", c->cluster_name);
    result_text(report, cluster, "worker_type", c->worker_type);
    result_text(report, cluster, "driver_type", c->driver_type);
    result_text(report, cluster, "runtime", c->runtime);
    result_text(report, cluster, "region", c->region);
    put(report, cluster, "photon", node_bool_new(&report->arena, c->photon));
    struct node *list_of_phases =
        put(report, map, "phases", node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < phases->at.count; i++)
        put(report, list_of_phases, NULL, phase_json(report, &phases->at.at[i]));
    if (log->ended_ms > log->started_ms)
        put(report, map, "slots", slots_json(report, log));
    struct node *notes = put(report, map, "notes", node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < log->notes.count; i++)
        put(report, notes, NULL, node_string(&report->arena, log->notes.at[i]));
}

static void add_unread(struct report *report, const struct phases_input *in)
{
    struct section *s = NULL;
    struct node *list =
        put(report, report->json, "not_read", node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < in->sources.at.count; i++) {
        if (in->logs[i])
            continue;
        if (!s)
            s = report_section(report, "not_read", "Not read, or counted elsewhere");
        section_text(report, s, "%s.", in->errs[i].text);
        put(report, list, NULL, node_string(&report->arena, in->errs[i].text));
    }
}

static void add_lead(struct report *report, const struct phases_input *in)
{
    double offered = 0, used = 0, hours = 0;
    size_t phases = 0;
    for (size_t i = 0; i < in->sources.at.count; i++)
        for (size_t k = 0; in->logs[i] && k < in->phases[i].at.count; k++) {
            const struct spark_phase *p = &in->phases[i].at.at[k];
            offered += p->offered_seconds;
            used += p->used_seconds;
            hours += minutes(p->to_ms - p->from_ms) / 60;
            phases += !p->idle;
        }
    report_lead(report,
                "%zu application%s with %zu phase%s over %.2f hours; %.0f %% of the slot time "
                "offered was used.",
                in->read, in->read == 1 ? "" : "s", phases, phases == 1 ? "" : "s", hours,
                offered > 0 ? 100 * used / offered : 0);
}

struct report *phases_report(const struct phases_input *in, bool pictures, size_t width)
{
    struct report *report = report_new("Spark phases");
    report->json = node_new(&report->arena, NODE_MAP);
    result_number(report, report->json, "schema_version", 1);
    add_lead(report, in);
    phases_put_labels(report, in);
    struct node *list =
        put(report, report->json, "applications", node_new(&report->arena, NODE_LIST));
    for (size_t i = 0; i < in->sources.at.count; i++)
        if (in->logs[i]) {
            add_application(report, in, i, pictures, width);
            application_json(report, list, in->logs[i], &in->phases[i]);
        }
    add_unread(report, in);
    return report;
}
