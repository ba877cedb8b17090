#include "facts.h"
#include "history_report.h"
#include "load.h"
#include "report/review.h"

struct review_options {
    struct inputs inputs;
};

static const struct option_row rows[] = {
    INPUT_ROWS(struct review_options, inputs),
    {"history", 0, OPT_TEXT, offsetof(struct review_options, inputs.history.file), "FILE",
     "decisions and realised savings, and where the review is recorded"},
    {"record", 0, OPT_FLAG, offsetof(struct review_options, inputs.history.record), NULL,
     "record it (as a named history always does), by default in advisor.db"},
    {"no-record", 0, OPT_FLAG, offsetof(struct review_options, inputs.history.no_record), NULL,
     "leave the history as it is"},
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

static bool record(const struct session *session, const struct analysis *a,
                   const struct history_options *options, struct err *err)
{
    struct history *history = NULL;
    char text[DAY_TEXT];
    day on = a->config.recommend.reporting_day;
    const char *path = history_file(&a->config, options);
    if (!history_wanted(&a->config, options))
        return true;
    bool ok = history_open(&history, path, true, err) &&
              history_record_review(history, on, book_version(a->book), a->estate, &a->spend,
                                    &a->advice, err);
    history_close(history);
    if (ok)
        session_say(session, "Recorded in %s as the review of %s.", path, day_format(text, on));
    return ok;
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
        if (a.past.history)
            report_realised(report, &a.past.realised,
                            a.estate->currency ? a.estate->currency : "USD");
        ok = session_emit(session, report, err) &&
             record(session, &a, &o->inputs.history, err);
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
