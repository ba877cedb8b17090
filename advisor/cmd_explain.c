#include "load.h"
#include "report/advice_report.h"

struct explain_options {
    struct inputs inputs;
};

static const struct option_row rows[] = {
    INPUT_ROWS(struct explain_options, inputs),
    {0},
};

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct explain_options *o = options;
    struct analysis a = {0};
    if (session->words.texts.count != 1)
        return err_usage(err, "advisor explain takes the id of one recommendation, as the "
                              "review prints it");
    bool ok = analysis_load(&a, session, &o->inputs, err);
    if (ok) {
        const char *id = session->words.texts.at[0];
        const struct recommendation *r = advice_find(&a.advice, id);
        struct report *report = report_new("Why this is recommended");
        if (r)
            report_explanation(report, a.estate, r);
        ok = r ? session_emit(session, report, err)
               : err_set(err, "no recommendation, or more than one, has an id that begins with %s",
                         id);
        report_free(report);
    }
    analysis_release(&a);
    return ok;
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
