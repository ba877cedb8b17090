#include <math.h>
#include <string.h>
#include <strings.h>

#include "recommend/sizing_inputs.h"
#include "size_log.h"
#include "size_report.h"
#include "size_table.h"

static const struct option_row rows[] = {
    {"runs", 0, OPT_TEXT, offsetof(struct size_options, runs), "FILE",
     "table of past runs (CSV; JSON by its name), failed ones included"},
    {"workload", 0, OPT_TEXT, offsetof(struct size_options, workload), "NAME",
     "the workload to size; its rows in the runs are its own"},
    {"algorithm", 0, OPT_TEXT, offsetof(struct size_options, algorithm), "NAME",
     "what it runs: rows of the same algorithm count most"},
    {"class", 0, OPT_TEXT, offsetof(struct size_options, class_name), "CLASS",
     "ingest, etl, training, serving, interactive or streaming"},
    {"iterative", 0, OPT_TEXT, offsetof(struct size_options, iterative), "yes|no",
     "whether it reads its data again and again"},
    {"input-gb", 0, OPT_NUMBER, offsetof(struct size_options, input_gb), "GB", "its input"},
    {"candidates", 0, OPT_TEXT, offsetof(struct size_options, candidates), "FILE",
     "clusters to choose from (CSV): instance_type, workers, figures and prices"},
    {"types", 0, OPT_TEXT, offsetof(struct size_options, types), "GLOB",
     "instance types to choose from, such as 'm6i.*'"},
    {"workers", 0, OPT_TEXT, offsetof(struct size_options, workers), "N-M",
     "how many of them; 2-64"},
    {"region", 0, OPT_TEXT, offsetof(struct size_options, region), "REGION",
     "of the prices; us-east-1"},
    {"sku", 0, OPT_TEXT, offsetof(struct size_options, sku), "SKU",
     "adds DBUs at the price of this Databricks SKU, such as JOBS_COMPUTE"},
    {"tier", 0, OPT_TEXT, offsetof(struct size_options, tier), "TIER",
     "Databricks tier of --sku; premium"},
    {"max-minutes", 0, OPT_NUMBER, offsetof(struct size_options, max_minutes), "MINUTES",
     "the cheapest that makes it in time"},
    {"max-usd", 0, OPT_NUMBER, offsetof(struct size_options, max_usd), "USD",
     "the fastest within the budget of a run"},
    {"log", 0, OPT_LIST, offsetof(struct size_options, logs), "EVENTLOG",
     "event logs of the workload: own runs, and their tasks replayed on other sizes"},
    {"explain", 0, OPT_FLAG, offsetof(struct size_options, explain), NULL,
     "shows what the time goes into"},
    {0},
};

/* As in the runs table: a class that is none of ours is taken as unknown. */
static const char *class_of(const struct session *session, const char *text)
{
    enum workload_class class = class_named(text ? text : "");
    if (text && class == CLASS_UNKNOWN && strcasecmp(text, "unknown") != 0)
        session_say(session,
                    "--class '%s' is not ingest, etl, training, serving, interactive or "
                    "streaming; taken as unknown",
                    text);
    return sizing_class_text(class);
}

/* NaN is an option that was not given. */
static bool check_numbers(const struct size_options *o, struct err *err)
{
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"input-gb", o->input_gb}, {"max-minutes", o->max_minutes}, {"max-usd", o->max_usd}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].value <= 0 || numbers[i].value > SIZE_MOST)
            return err_usage(err, "--%s takes a number above 0 and up to %g, not %g",
                             numbers[i].name, SIZE_MOST, numbers[i].value);
    return true;
}

static bool make_request(struct sizing_request *out, const struct session *session,
                         const struct size_options *o, const struct size_candidates *c,
                         struct err *err)
{
    enum tristate iterative;
    if (!tristate_read(&iterative, o->iterative ? o->iterative : ""))
        return err_usage(err, "--iterative takes yes or no, not '%s'", o->iterative);
    *out = (struct sizing_request){
        .workload = o->workload,
        .algorithm = o->algorithm,
        .class_name = class_of(session, o->class_name),
        .iterative = sizing_iterative(iterative),
        .input_gb = o->input_gb,
        .candidates = c->list.at,
        .candidate_count = c->list.count,
    };
    return true;
}

static bool answer(struct session *session, const struct size_options *o,
                   const struct size_runs *runs, const struct size_candidates *candidates,
                   struct err *err)
{
    struct sizing_request request;
    struct sizing_history *history = NULL;
    struct sizing_forecast *forecast = NULL;
    struct sizing_choice choice = {0};
    struct sizing_evidence evidence;
    if (!make_request(&request, session, o, candidates, err))
        return false;
    sizing_history_open(&history, runs->list.at, runs->list.count);
    bool ok = sizing_forecast_open(&forecast, history, &request, err);
    if (ok) {
        sizing_rank(&choice, forecast, candidates->usd_per_hour.at,
                    (struct sizing_limits){o->max_minutes, o->max_usd});
        sizing_evidence(&evidence, forecast);
        struct report *report =
            size_report(&(struct size_answer){.options = o,
                                              .request = &request,
                                              .choice = &choice,
                                              .evidence = &evidence,
                                              .runs = runs,
                                              .usd_per_hour = candidates->usd_per_hour.at});
        ok = session_emit(session, report, err);
        report_free(report);
    }
    sizing_choice_release(&choice);
    sizing_forecast_free(forecast);
    sizing_history_free(history);
    return ok;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct size_options *o = options;
    struct size_runs runs = {0};
    struct size_candidates candidates = {0};
    struct book *book = NULL;
    struct book_options book_options = {.folder = session->common.prices};
    if (!o->workload)
        return err_usage(err, "advisor size needs --workload NAME");
    if (!check_numbers(o, err))
        return false;
    bool ok = book_open(&book, &book_options, err) &&
              (!o->runs || size_read_runs(&runs, session, book, o->runs, err)) &&
              size_find_candidates(&candidates, session, o, &runs, book, err);
    if (ok) {
        size_know_hardware(&runs, &candidates);
        ok = size_read_logs(&runs, session, o, &candidates, book, err);
        size_count_unknown(&runs);
        ok = ok && answer(session, o, &runs, &candidates, err);
    }
    size_candidates_release(&candidates);
    size_runs_release(&runs);
    book_free(book);
    return ok;
}

const struct command cmd_size = {
    .name = "size",
    .words = "",
    .summary = "choose the cluster of one Spark workload from what ran before",
    .options = rows,
    .options_size = sizeof(struct size_options),
    .run = run,
};
