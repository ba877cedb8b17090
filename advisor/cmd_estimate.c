#include "command.h"
#include "estimate_report.h"
#include "estimation.h"
#include "facts.h"

struct estimate_options {
    struct text_list runs;
    const char *map;
};

static const struct option_row rows[] = {
    {"map", 'm', OPT_TEXT, offsetof(struct estimate_options, map), "FILE",
     "layer map, instead of as a word"},
    {"runs", 0, OPT_LIST, offsetof(struct estimate_options, runs), "FILE",
     "tables of past runs and event logs, for sizing"},
    {0},
};

static void put_facts(struct report *report, const struct estimation *e)
{
    report_fact(report, "Layer map", "%s", e->map->path);
    report_fact(report, "Currency", "%s, before tax", e->map->estate->currency);
    report_fact(report, "Month", "%g hours", e->map->estate->hours_per_month);
    facts_of_prices(report, e->book, e->config.recommend.reporting_day);
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct estimate_options *o = options;
    size_t words = session->words.texts.count;
    if (words > 1)
        return err_usage(err, "advisor estimate takes one layer map, not %zu", words);
    const char *map = words && !o->map ? session->words.texts.at[0] : o->map;
    struct estimation e;
    bool ok = estimation_load(&e, session, map, &o->runs, err);
    if (ok) {
        struct report *report = report_new("Cost estimate");
        put_facts(report, &e);
        report_estimate(report, e.map, &e.estimate, &e.advice);
        ok = session_emit(session, report, err);
        report_free(report);
    }
    estimation_release(&e);
    return ok;
}

extern const struct command cmd_estimate;
const struct command cmd_estimate = {
    .name = "estimate",
    .words = "MAP",
    .summary = "what a deployment will cost, from its layer map",
    .options = rows,
    .options_size = sizeof(struct estimate_options),
    .run = run,
};
