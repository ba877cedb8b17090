#include "cmd_phases.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "ingest/runs.h"

struct phases_options {
    const char *runs, *instance_type, *map;
    bool append;
};

static const struct option_row rows[] = {
    {"runs", 0, OPT_TEXT, offsetof(struct phases_options, runs), "FILE",
     "write the table of runs that size, review and estimate learn from (CSV; JSON by its "
     "name)"},
    {"append", 0, OPT_FLAG, offsetof(struct phases_options, append), NULL,
     "keep the runs that FILE already has; the same run is not added twice"},
    {"instance-type", 0, OPT_TEXT, offsetof(struct phases_options, instance_type), "TYPE",
     "type of the workers, for logs that do not name it"},
    {"map", 'm', OPT_TEXT, offsetof(struct phases_options, map), "FILE",
     "layer map whose phases name the work that their `match` tells"},
    {0},
};

static bool read_map(struct phases_input *in, const char *path, struct err *err)
{
    if (path && !layer_map_open(&in->map, path, err))
        return false;
    in->labels = spark_labels_open(in->map);
    return true;
}

static bool read_input(struct phases_input *in, struct session *session, struct err *err)
{
    if (!spark_sources_find(&in->sources, &session->arena, session->words.texts.at,
                            session->words.texts.count, err))
        return false;
    size_t n = in->sources.at.count;
    in->logs = mem_alloc((n + 1) * sizeof *in->logs);
    in->errs = mem_alloc((n + 1) * sizeof *in->errs);
    in->phases = mem_alloc((n + 1) * sizeof *in->phases);
    spark_logs_read(in->logs, in->errs, &in->sources, parallel_cores());
    for (size_t i = 0; i < n; i++) {
        if (in->logs[i])
            spark_phases_of(&in->phases[i], in->logs[i], in->labels);
        in->read += in->logs[i] != NULL;
        in->unread += !in->logs[i] && in->errs[i].code != ERR_NONE;
    }
    if (in->read)
        return true;
    if (n == 1)
        return err_set(err, "%s", in->errs[0].text);
    return err_set(err, "no Spark event log among %zu file%s%s%s", n, n == 1 ? "" : "s",
                   n ? "; the first: " : "", n ? in->errs[0].text : "");
}

static void release_input(struct phases_input *in)
{
    for (size_t i = 0; in->logs && i < in->sources.at.count; i++) {
        if (in->logs[i])
            spark_phases_release(&in->phases[i]);
        spark_log_free(in->logs[i]);
    }
    free(in->logs);
    free(in->errs);
    free(in->phases);
    spark_sources_release(&in->sources);
    spark_labels_free(in->labels);
    layer_map_free(in->map);
}

static bool save_runs(const struct session *session, const struct phases_options *o,
                      const struct phases_input *in, struct err *err)
{
    struct estate *estate = estate_open();
    size_t added;
    for (size_t i = 0; i < in->sources.at.count; i++)
        if (in->logs[i])
            spark_log_into_estate(estate, in->logs[i], &in->phases[i]);
    sym type = intern(estate->symbols, o->instance_type);
    for (size_t i = 0; i < estate->runs.count; i++)
        if (!estate->runs.at[i].instance_type)
            estate->runs.at[i].instance_type = type;
    bool ok = runs_save(&added, o->runs, estate->runs.at, estate->runs.count, o->append, err);
    if (ok)
        session_say(session, "%s: %zu run%s written%s", o->runs, added, added == 1 ? "" : "s",
                    o->append ? " in addition" : "");
    estate_free(estate);
    return ok;
}

static bool for_terminal(const struct session *session)
{
    return !session->common.format || !strcmp(session->common.format, "text");
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct phases_options *o = options;
    struct phases_input in = {0};
    if (!session->words.texts.count)
        return err_usage(err, "advisor phases takes event logs: files, rolling directories or "
                              "Databricks log folders");
    if (o->append && !o->runs)
        return err_usage(err, "--append adds to the file that --runs names");
    bool ok = read_map(&in, o->map, err) && read_input(&in, session, err);
    if (ok) {
        size_t width = session->common.width >= 40 ? (size_t)session->common.width : 80;
        struct report *report = phases_report(&in, for_terminal(session), width);
        ok = session_emit(session, report, err);
        report_free(report);
    }
    if (ok && o->runs)
        ok = save_runs(session, o, &in, err);
    if (ok && in.unread)
        session->status = STATUS_INCOMPLETE;
    release_input(&in);
    return ok;
}

const struct command cmd_phases = {
    .name = "phases",
    .words = "LOG...",
    .summary = "show the phases of Spark event logs and what each asks of a cluster",
    .options = rows,
    .options_size = sizeof(struct phases_options),
    .run = run,
};
