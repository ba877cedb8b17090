#include "cmd_diff.h"

#include <string.h>

#include "facts.h"
#include "fail_on.h"

static const struct option_row rows[] = {
    {"map", 'm', OPT_TEXT, offsetof(struct diff_options, map), "FILE",
     "layer map: usage, layers and tenants of the resources"},
    {"usage", 'u', OPT_LIST, offsetof(struct diff_options, usage), "FILE",
     "usage of resources by address, as Infracost writes it"},
    {"bill", 'b', OPT_LIST, offsetof(struct diff_options, bill), "PATH",
     "bills, for what commitments make of the change"},
    {"region", 0, OPT_TEXT, offsetof(struct diff_options, region), "REGION",
     "where the input does not name one"},
    {"fail-on", 0, OPT_LIST, offsetof(struct diff_options, fail_on), "RULE",
     "exit 3 where it holds: 'monthly_increase > 500'"},
    {"no-advice", 0, OPT_FLAG, offsetof(struct diff_options, no_advice), NULL,
     "costs alone, without recommendations and policies"},
    COMMENT_OPTION_ROWS(struct diff_options, comment),
    {0},
};

static void put_facts(struct report *report, const struct diff_job *job)
{
    report_fact(report, "Currency", "USD, list prices, a month of %g hours",
                job->change.after->hours_per_month);
    facts_of_prices(report, job->book, job->config.recommend.reporting_day);
}

struct report *diff_report(struct diff_job *job)
{
    struct report *report =
        report_new(job->change.has_before ? "Cost of this change" : "Monthly cost");
    struct diff_input in = diff_input_of(job);
    put_facts(report, job);
    report_diff(report, &in);
    return report;
}

static bool judge(struct session *session, struct diff_job *job,
                  const struct diff_options *options, struct err *err)
{
    struct diff_input in = diff_input_of(job);
    struct diff_figures f = diff_figures_of(&in);
    const struct text_list *rules = config_list(&options->fail_on, &job->config.fail_on);
    const struct measure measures[] = {
        {"monthly_increase", money_double(f.increase.expected), "the monthly increase"},
        {"monthly_increase_high", money_double(f.increase.high),
         "the monthly increase at the most"},
        {"monthly_increase_percent", f.increase_percent, "the monthly increase in percent"},
        {"monthly_increase_committed",
         money_double(job->has_commitments ? job->commitments.difference.expected
                                           : f.increase.expected),
         "the monthly increase after commitments"},
        {"monthly_total", money_double(job->after.total.expected), "the monthly cost after it"},
        {"changed_resources", (double)f.changed, "the number of resources that change"},
        {"unpriced_resources", (double)(f.unpriced + f.unknown_types),
         "the number of resources without a price"},
        {"new_recommendations", (double)f.new_advice, "the number of new recommendations"},
        {"broken_policies", (double)f.broken_policies, "the number of newly broken policies"},
    };
    bool broken;
    if (!fail_on_check(&broken, session, rules, measures, sizeof measures / sizeof *measures,
                       err))
        return false;
    if (broken)
        session->status = STATUS_NOT_MET;
    return true;
}

/* A tree of every component is made only for those who read it. */
static void put_json(struct report *report, struct diff_job *job)
{
    struct diff_input in = diff_input_of(job);
    report_diff_json(report, &in);
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct diff_options *o = options;
    struct diff_job job;
    struct comment_target target;
    if (!comment_target_check(&target, session, &o->comment, err))
        return false;
    bool ok = diff_run(&job, session, o, err);
    if (ok) {
        struct report *report = diff_report(&job);
        if (session->common.format && !strcmp(session->common.format, "json"))
            put_json(report, &job);
        ok = session_emit(session, report, err);
        if (ok)
            comment_deliver(session, &target, report);
        ok = ok && judge(session, &job, o, err);
        report_free(report);
    }
    diff_release(&job);
    return ok;
}

extern const struct command cmd_diff;
const struct command cmd_diff = {
    .name = "diff",
    .words = "PLAN | TEMPLATE | STATE | BEFORE AFTER",
    .summary = "what an infrastructure change costs and what it changes in the advice",
    .options = rows,
    .options_size = sizeof(struct diff_options),
    .run = run,
};
