#include <string.h>

#include "check_parameters.h"
#include "config.h"
#include "fail_on.h"
#include "ingest/change.h"
#include "ingest/embedded_json.h"
#include "ingest/layer_map.h"
#include "io/files.h"
#include "io/stream.h"
#include "judging_day.h"
#include "load.h"
#include "past.h"
#include "policy/policy.h"
#include "policy_texts.h"
#include "report/check.h"

struct check_options {
    const char *map, *region, *waivers, *on;
    struct history_options history;
    struct text_list bills, fail_on;
};

static const struct option_row rows[] = {
    {"map", 'm', OPT_TEXT, offsetof(struct check_options, map), "FILE",
     "layer map: what is meant to be there"},
    {"bill", 'b', OPT_LIST, offsetof(struct check_options, bills), "PATH",
     "bills of what really ran"},
    {"region", 0, OPT_TEXT, offsetof(struct check_options, region), "REGION",
     "where the input does not name one"},
    {"waivers", 0, OPT_TEXT, offsetof(struct check_options, waivers), "FILE",
     "accepted findings: a list of id, resource, reason, owner, until"},
    {"on", 0, OPT_TEXT, offsetof(struct check_options, on), "DAY",
     "the day that waivers are judged on (default reporting_day, else today)"},
    {"record", 0, OPT_FLAG, offsetof(struct check_options, history.record), NULL,
     "record the result in the history, chained to the check before"},
    {"history", 0, OPT_TEXT, offsetof(struct check_options, history.file), "FILE",
     "the history (default: history of the configuration, else advisor.db)"},
    {"fail-on", 0, OPT_LIST, offsetof(struct check_options, fail_on), "RULE",
     "exit 3 where it holds: 'high > 0', 'medium > 5'"},
    {0},
};

struct check_job {
    struct config config;
    struct layer_map *map; /* NULL: none */
    const char *map_path;
    day on;
    struct book *book;
    struct change change; /* `after` is what is judged */
    struct findings findings;
    const struct node *parameters;
};

/* A map says so in its first key; everything else is a plan, a state or a template. */
static bool is_map(const char *path)
{
    enum { LOOKED_AT = 4096 };
    struct stream *stream;
    char start[LOOKED_AT + 1];
    size_t got = 0;
    if (files_is_folder(path) || !stream_look(&stream, path, NULL))
        return false;
    bool ok = stream_read(stream, start, LOOKED_AT, &got, NULL);
    stream_close(stream);
    start[ok ? got : 0] = '\0';
    return strstr(start, "layer_map") != NULL;
}

static bool read_word(struct check_job *job, const char *path, const char *region,
                      struct err *err)
{
    struct ingest_options options = {.reporting_day = job->config.recommend.reporting_day,
                                     .strict = job->config.strict};
    if (is_map(path)) {
        if (job->map)
            return err_usage(err, "%s: a check takes one layer map, and %s is given already",
                             path, job->map_path);
        job->map_path = path;
        return layer_map_open(&job->map, path, err);
    }
    return change_read(&job->change, path, region, &options, err);
}

/* What is given counts; where nothing is, the configuration's map, plans and bills. */
static bool read_inputs(struct check_job *job, const struct session *session,
                        const struct check_options *options, struct err *err)
{
    static const struct text_list none = {0};
    bool asked = session->words.texts.count || options->bills.texts.count;
    const struct text_list *words = asked ? &session->words : &job->config.plans;
    const struct text_list *bills = asked || words->texts.count ? &none : &job->config.bills;
    bills = config_list(&options->bills, bills);
    job->map_path = options->map;
    if (options->map && !layer_map_open(&job->map, options->map, err))
        return false;
    for (size_t i = 0; i < words->texts.count; i++)
        if (!read_word(job, words->texts.at[i], options->region, err))
            return false;
    if (!job->map && job->config.map) {
        job->map_path = job->config.map;
        if (!layer_map_open(&job->map, job->config.map, err))
            return false;
    }
    if (!job->map && !words->texts.count && !bills->texts.count)
        return err_usage(err,
                         "check needs a layer map, a plan, a state, a template or a bill");
    struct estate *actual = job->change.after;
    return (!bills->texts.count ||
            load_bills(actual, bills, job->map, &job->config, session, job->config.strict,
                       err)) &&
           map_apply(actual, job->map, err);
}

static bool read_parameters(struct check_job *job, struct session *session,
                            const struct check_options *options, struct err *err)
{
    const struct node *map = job->map ? node_get(job->map->document, "checks") : NULL;
    const char *waivers = options->waivers ? options->waivers : job->config.waivers;
    return check_parameters(&job->parameters, &session->arena, job->config.checks, map,
                            waivers, err);
}

/* A map alone is judged for itself; beside it, what is there is. */
static const struct estate *judged(const struct check_job *job)
{
    const struct estate *actual = job->change.after;
    return job->map && !actual->resources.count ? job->map->estate : actual;
}

static bool judge(struct check_job *job, struct err *err)
{
    struct estate *actual = job->change.after;
    embedded_json_decode(actual);
    if (job->map)
        embedded_json_decode(job->map->estate);
    estate_link_series(actual);
    estate_index(actual);
    struct policy_input in = {
        .map = job->map ? job->map->estate : NULL,
        .actual = judged(job) == actual ? actual : NULL,
        .book = job->book,
        .parameters = job->parameters,
        .reporting_day = job->on,
    };
    return policy_check(&job->findings, &in, err);
}

static bool fail_on(struct session *session, const struct check_job *job,
                    const struct check_options *options, struct err *err)
{
    double counts[SEVERITY_HIGH + 1] = {0}, all = 0;
    for (size_t i = 0; i < job->findings.all.count; i++) {
        const struct finding *f = &job->findings.all.at[i];
        counts[f->severity] += !f->waived_by;
        all += !f->waived_by;
    }
    const struct measure measures[] = {
        {"high", counts[SEVERITY_HIGH], "findings of high severity"},
        {"medium", counts[SEVERITY_MEDIUM], "findings of medium severity"},
        {"low", counts[SEVERITY_LOW], "findings of low severity"},
        {"findings", all, "findings"},
    };
    bool broken;
    const struct text_list *rules = config_list(&options->fail_on, &job->config.fail_on);
    if (!fail_on_check(&broken, session, rules, measures, sizeof measures / sizeof *measures,
                       err))
        return false;
    if (broken)
        session->status = STATUS_NOT_MET;
    return true;
}

static bool report(struct session *session, const struct check_job *job, struct err *err)
{
    size_t count;
    const struct policy_text *texts = policy_texts(&count, &session->arena, job->parameters);
    struct report *r = report_new("Policies and drift");
    const struct node *waivers = node_get(job->parameters, "waivers");
    char on[DAY_TEXT];
    if (waivers && waivers->count)
        report_fact(r, "Waivers judged on", "%s", day_format(on, job->on));
    report_check(r, &job->findings, texts, count, judged(job)->resources.count);
    bool ok = session_emit(session, r, err);
    report_free(r);
    return ok;
}

static bool record(const struct check_job *job, const struct history_options *options,
                   struct err *err)
{
    struct check_entry entry = {job->on, job->map_path, judged(job)->resources.count,
                                &job->findings};
    struct history *history = NULL;
    bool ok = !options->record ||
              (history_open(&history, history_file(&job->config, options), true, err) &&
               history_record_check(history, &entry, err));
    history_close(history);
    return ok;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct check_options *o = options;
    struct check_job job = {.map = NULL};
    change_init(&job.change);
    bool ok = config_open(&job.config, session, err) &&
              judging_day(&job.on, &job.config, o->on, err) &&
              config_book(&job.book, &job.config, session, err) &&
              read_inputs(&job, session, o, err) && read_parameters(&job, session, o, err) &&
              judge(&job, err) && report(session, &job, err) &&
              record(&job, &o->history, err) && fail_on(session, &job, o, err);
    findings_release(&job.findings);
    change_release(&job.change);
    layer_map_free(job.map);
    book_free(job.book);
    config_release(&job.config);
    return ok;
}

extern const struct command cmd_check;
const struct command cmd_check = {
    .name = "check",
    .words = "[MAP] [PLAN | STATE | TEMPLATE]...",
    .summary = "broken policies, and drift between the map and what is there",
    .options = rows,
    .options_size = sizeof(struct check_options),
    .run = run,
};
