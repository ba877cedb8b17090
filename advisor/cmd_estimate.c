#include <string.h>

#include "command.h"
#include "config.h"
#include "estimate_report.h"
#include "facts.h"
#include "ingest/ingest.h"
#include "recommend/cluster_plan.h"
#include "recommend/recommend.h"

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

/* Everything that one estimate stands on. */
struct estimation {
    struct config config;
    struct layer_map *map;
    struct book *book;
    struct estimate estimate;
    struct advice advice;
};

static bool find_map(const char **out, const struct estimation *e,
                     const struct session *session, const struct estimate_options *o,
                     struct err *err)
{
    size_t words = session->words.texts.count;
    *out = o->map ? o->map : words ? session->words.texts.at[0] : e->config.map;
    if (words > 1)
        return err_usage(err, "advisor estimate takes one layer map, not %zu", words);
    return *out ||
           err_usage(err, "no layer map: name one, or `map:` in advisor.yaml (advisor init "
                          "writes a first one)");
}

static bool read_runs(struct estimation *e, const struct estimate_options *o, struct err *err)
{
    const struct text_list *runs = config_list(&o->runs, &e->config.runs);
    struct ingest_options options = {e->config.recommend.reporting_day, e->config.strict,
                                     e->map};
    for (size_t i = 0; i < runs->texts.count; i++)
        if (!ingest_path(e->map->estate, runs->texts.at[i], &options, err))
            return false;
    estate_join_phases(e->map->estate);
    return true;
}

static bool load(struct estimation *e, struct session *session,
                 const struct estimate_options *o, struct err *err)
{
    const char *path;
    if (!config_open(&e->config, session, err) || !find_map(&path, e, session, o, err) ||
        !layer_map_open(&e->map, path, err))
        return false;
    config_take_prices(&e->config, session, node_get(e->map->document, "prices"), path);
    if (!config_book(&e->book, &e->config, session, err) || !read_runs(e, o, err))
        return false;
    struct recommend_input in = {e->map->estate, e->book, &e->config.recommend};
    estate_index(e->map->estate);
    advice_init(&e->advice, e->map->estate);
    return cluster_plan(e->map->estate, e->book, &e->config.recommend, err) &&
           estimate_compute(&e->estimate, e->map->estate, e->book, err) &&
           recommend_all(&e->advice, &in, err);
}

static void put_facts(struct report *report, const struct estimation *e)
{
    report_fact(report, "Layer map", "%s", e->map->path);
    report_fact(report, "Currency", "%s, before tax", e->map->estate->currency);
    report_fact(report, "Month", "%g hours", e->map->estate->hours_per_month);
    facts_of_prices(report, e->book, e->config.recommend.reporting_day);
}

static bool run(struct session *session, const void *options, struct err *err)
{
    struct estimation e = {0};
    bool ok = load(&e, session, options, err);
    if (ok) {
        struct report *report = report_new("Cost estimate");
        put_facts(report, &e);
        report_estimate(report, e.map, &e.estimate, &e.advice);
        ok = session_emit(session, report, err);
        report_free(report);
    }
    advice_release(&e.advice);
    estimate_release(&e.estimate);
    book_free(e.book);
    layer_map_free(e.map);
    config_release(&e.config);
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
