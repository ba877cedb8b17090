#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/near.h"
#include "ingest/runs.h"
#include "io/csv.h"
#include "size_inputs.h"
#include "size_table.h"

/*
 * The runs table: workload, algorithm, class, iterative, input_gb,
 * instance_type, workers, minutes, status, and what is known beside.
 */

static const char *const needed[] = {"workload", "instance_type", "workers", "minutes", NULL};

static const struct {
    const char *column;
    size_t offset;
} numbers[] = {
    {"input_gb", offsetof(struct sizing_run, input_gb)},
    {"workers", offsetof(struct sizing_run, workers)},
    {"minutes", offsetof(struct sizing_run, minutes)},
    {"cpu_pct", offsetof(struct sizing_run, cpu_pct)},
    {"memory_peak_gib", offsetof(struct sizing_run, memory_peak_gib)},
    {"shuffle_gb", offsetof(struct sizing_run, shuffle_gb)},
    {"spill_gb", offsetof(struct sizing_run, spill_gb)},
    {"cached_gb", offsetof(struct sizing_run, cached_gb)},
};

static const struct {
    const char *word;
    enum sizing_status status;
} statuses[] = {{"ok", SIZING_OK}, {"", SIZING_OK}, {"failed", SIZING_FAILED}, {"oom", SIZING_OOM}};

static bool read_status(enum sizing_status *out, const struct csv *csv, const char *path,
                        struct err *err)
{
    const char *text = csv_text(csv, csv_column(csv, "status"));
    struct near near = {.word = text};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        if (!strcasecmp(text, statuses[i].word)) {
            *out = statuses[i].status;
            return true;
        }
        near_try(&near, statuses[i].word);
    }
    return err_row(err, path, csv_row(csv), "status", "'%s' is none of ok, failed, oom", text);
}

bool size_read_iterative(int *out, const char *text)
{
    static const struct {
        const char *word;
        int value;
    } words[] = {{"", -1}, {"yes", 1}, {"no", 0}, {"true", 1}, {"false", 0}, {"1", 1}, {"0", 0}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcasecmp(text ? text : "", words[i].word)) {
            *out = words[i].value;
            return true;
        }
    return false;
}

static bool read_row(struct sizing_run *r, struct session *session, const struct csv *csv,
                     const char *path, struct err *err)
{
    *r = (struct sizing_run){.iterative = -1};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!size_number((double *)((char *)r + numbers[i].offset), csv, path, numbers[i].column,
                         err))
            return false;
    r->workload = size_text(session, csv, "workload");
    r->algorithm = size_text(session, csv, "algorithm");
    r->class_name = size_text(session, csv, "class");
    r->instance_type = size_text(session, csv, "instance_type");
    if (!size_read_iterative(&r->iterative, csv_text(csv, csv_column(csv, "iterative"))))
        return err_row(err, path, csv_row(csv), "iterative", "'%s' is neither yes nor no",
                       csv_text(csv, csv_column(csv, "iterative")));
    if (!r->workload || !r->instance_type)
        return err_row(err, path, csv_row(csv), r->workload ? "instance_type" : "workload",
                       "it is empty");
    if (!(r->workers > 0))
        return err_row(err, path, csv_row(csv), "workers", "a run needs at least one worker");
    if (!read_status(&r->status, csv, path, err))
        return false;
    if (r->status == SIZING_OK && !(r->minutes > 0))
        return err_row(err, path, csv_row(csv), "minutes", "a completed run needs its time");
    return true;
}

enum { BAD_ROWS_SHOWN = 5 };
static const char *kept(struct session *session, const char *text)
{
    return text && *text ? arena_strdup(&session->arena, text) : NULL;
}

static struct sizing_run from_estate(struct session *session, const struct run *r)
{
    static const enum sizing_status status[] = {
        [RUN_OK] = SIZING_OK, [RUN_FAILED] = SIZING_FAILED, [RUN_OUT_OF_MEMORY] = SIZING_OOM};
    return (struct sizing_run){
        .workload = kept(session, r->workload),
        .algorithm = kept(session, r->algorithm),
        .class_name = r->class == CLASS_UNKNOWN ? NULL : class_name(r->class),
        .iterative = r->iterative == TRI_UNKNOWN ? -1 : r->iterative == TRI_YES,
        .input_gb = r->input_gb,
        .instance_type = kept(session, r->instance_type),
        .workers = r->workers,
        .minutes = r->minutes,
        .status = status[r->status],
        .cpu_pct = r->cpu_pct,
        .memory_peak_gib = r->memory_peak_gib,
        .shuffle_gb = r->shuffle_gb,
        .spill_gb = r->spill_gb,
        .cached_gb = r->cached_gb,
    };
}

/* JSON, as `advisor phases` writes it. */
static bool read_json(struct size_runs *out, struct session *session, const char *path,
                      struct err *err)
{
    struct estate *estate = estate_open();
    bool ok = ingest_runs.read(estate, path, &(struct ingest_options){.strict = true}, err);
    for (size_t i = 0; ok && i < estate->runs.count; i++)
        VEC_ADD(&out->list, from_estate(session, &estate->runs.at[i]));
    estate_free(estate);
    return ok;
}

bool size_read_runs(struct size_runs *out, struct session *session, const char *path,
                    struct err *err)
{
    size_t length = strlen(path);
    if (length > 5 && !strcmp(path + length - 5, ".json"))
        return read_json(out, session, path, err);
    struct csv *csv;
    bool more = true;
    if (!csv_open(&csv, path, err))
        return false;
    bool ok = size_needs_columns(csv, path, needed, err);
    while (ok && (ok = csv_next(csv, &more, err)) && more) {
        struct sizing_run run;
        struct err bad = ERR_INIT;
        if (read_row(&run, session, csv, path, &bad)) {
            VEC_ADD(&out->list, run);
        } else {
            if (out->skipped++ < BAD_ROWS_SHOWN)
                session_say(session, "left out: %s", bad.text);
        }
    }
    csv_close(csv);
    if (out->skipped > BAD_ROWS_SHOWN)
        session_say(session, "left out: %zu more rows of %s", out->skipped - BAD_ROWS_SHOWN, path);
    if (ok && out->skipped)
        session->status = STATUS_INCOMPLETE;
    return ok;
}
