#include "facts.h"
#include "load.h"
#include "report/review.h"

struct review_options {
    struct inputs inputs;
};

static const struct option_row rows[] = {
    INPUT_ROWS(struct review_options, inputs),
    {0},
};

static void put_facts(struct report *report, const struct analysis *a)
{
    char text[DAY_TEXT];
    day reporting = a->config.recommend.reporting_day;
    report_fact(report, "Currency", "%s", a->estate->currency ? a->estate->currency : "USD");
    if (reporting)
        report_fact(report, "Reporting day", "%s", day_format(text, reporting));
    facts_of_prices(report, a->book, reporting);
}

static enum status status_of(const struct estate *estate)
{
    for (size_t i = 0; i < estate->notes.count; i++)
        if (estate->notes.at[i].kind == NOTE_UNREAD)
            return STATUS_INCOMPLETE;
    return STATUS_DONE;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct review_options *o = options;
    struct analysis a = {0};
    bool ok = analysis_load(&a, session, &o->inputs, err);
    if (ok) {
        struct report *report = report_new("Cost review");
        put_facts(report, &a);
        report_review(report, a.estate, &a.spend, &a.advice);
        ok = session_emit(session, report, err);
        session->status = status_of(a.estate);
        report_free(report);
    }
    analysis_release(&a);
    return ok;
}

extern const struct command cmd_review;
const struct command cmd_review = {
    .name = "review",
    .words = "",
    .summary = "what was spent, what to change and what that saves",
    .options = rows,
    .options_size = sizeof(struct review_options),
    .run = run,
};
