#include "estimation.h"
#include "load.h"
#include "report/advice_report.h"

struct explain_options {
    struct inputs inputs;
};

static const struct option_row rows[] = {
    INPUT_ROWS(struct explain_options, inputs),
    {0},
};

/* True also where there is no such recommendation: *found says so. */
static bool emit(bool *found, struct session *session, const struct estate *estate,
                 const struct advice *advice, struct err *err)
{
    const struct recommendation *r = advice_find(advice, session->words.texts.at[0]);
    *found = r != NULL;
    if (!r)
        return true;
    struct report *report = report_new("Why this is recommended");
    report_explanation(report, estate, r);
    bool ok = session_emit(session, report, err);
    report_free(report);
    return ok;
}

static bool explain_review(bool *found, struct session *session, const struct inputs *inputs,
                           struct err *err)
{
    struct analysis a = {0};
    bool ok = analysis_load(&a, session, inputs, err) &&
              emit(found, session, a.estate, &a.advice, err);
    analysis_release(&a);
    return ok;
}

static bool explain_estimate(bool *found, struct session *session, const struct inputs *inputs,
                             struct err *err)
{
    struct estimation e;
    bool ok = estimation_load(&e, session, inputs->map, &inputs->runs, err) &&
              emit(found, session, e.map->estate, &e.advice, err);
    estimation_release(&e);
    return ok;
}

/* A review has bills; an estimate has a map and none. */
static bool is_of_estimate(bool *out, struct session *session, const struct inputs *inputs,
                           struct err *err)
{
    struct config config;
    bool ok = config_open(&config, session, err);
    *out = ok && !config_list(&inputs->bills, &config.bills)->texts.count &&
           (inputs->map || config.map);
    config_release(&config);
    return ok;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct explain_options *o = options;
    bool found = false, estimated = false;
    if (session->words.texts.count != 1)
        return err_usage(err, "advisor explain takes the id of one recommendation, as the "
                              "review or the estimate prints it");
    bool ok = is_of_estimate(&estimated, session, &o->inputs, err) &&
              (estimated ? explain_estimate(&found, session, &o->inputs, err)
                         : explain_review(&found, session, &o->inputs, err));
    if (!ok || found)
        return ok;
    return err_set(err, "no recommendation, or more than one, has an id that begins with %s",
                   session->words.texts.at[0]);
}

extern const struct command cmd_explain;
const struct command cmd_explain = {
    .name = "explain",
    .words = "ID",
    .summary = "every number of one recommendation, down to price row and bill row",
    .options = rows,
    .options_size = sizeof(struct explain_options),
    .run = run,
};
