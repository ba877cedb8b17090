#include "load.h"

#include "bill/bill.h"
#include "ingest/ingest.h"
#include "progress.h"

static const char *const hourly_services[] = {"AWSELB"};

/* Tags that the map asks for, beside those that Databricks sets. */
static void add_wanted_tags(struct text_list *out, const struct layer_map *map,
                            const struct text_list *configured)
{
    static const char *const usual[] = {"Tenant", "Team",  "Environment", "Env",
                                        "Layer",  "Owner", "CostCenter",  "Project"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        VEC_ADD(&out->texts, usual[i]);
    for (size_t i = 0; i < configured->texts.count; i++)
        VEC_ADD(&out->texts, configured->texts.at[i]);
    for (size_t t = 0; map && t < map->estate->tenants.count; t++) {
        const struct node *tags = map->estate->tenants.at[t].tags;
        for (size_t i = 0; tags && i < tags->count; i++)
            VEC_ADD(&out->texts, tags->items[i]->key);
    }
}

bool load_bills(struct estate *into, const struct text_list *bills, const struct layer_map *map,
                const struct config *config, const struct session *session, bool strict,
                struct err *err)
{
    struct text_list tags = {0};
    struct bill_summary summary = {0};
    struct progress progress;
    add_wanted_tags(&tags, map, &config->tags);
    struct bill_options options = {
        .paths = bills->texts.at,
        .path_count = bills->texts.count,
        .hourly_services = hourly_services,
        .hourly_service_count = sizeof hourly_services / sizeof *hourly_services,
        .wanted_tags = tags.texts.at,
        .wanted_tag_count = tags.texts.count,
        .strict = strict,
        .progress = progress_bytes,
        .progress_context = &progress,
    };
    progress_begin(&progress, session, "bills");
    bool ok = bill_load(into, &options, &summary, err);
    progress_end(&progress);
    for (size_t i = 0; ok && i < summary.bad_row_samples.count; i++)
        estate_note(into, NOTE_UNREAD, NULL, "%s", summary.bad_row_samples.at[i].text);
    bill_summary_release(&summary);
    VEC_FREE(&tags.texts);
    return ok;
}

static bool load_all_bills(struct analysis *a, const struct session *session,
                           const struct inputs *inputs, struct err *err)
{
    const struct text_list *bills = config_list(&inputs->bills, &a->config.bills);
    if (!bills->texts.count)
        return err_usage(err, "there is no bill to read: give --bill PATH, or let advisor init "
                              "write an advisor.yaml");
    return load_bills(a->estate, bills, a->map, &a->config, session,
                      inputs->strict || a->config.strict, err);
}

static bool load_others(struct analysis *a, const struct text_list *paths,
                        const struct ingest_options *options, struct err *err)
{
    for (size_t i = 0; i < paths->texts.count; i++)
        if (!ingest_path(a->estate, paths->texts.at[i], options, err))
            return false;
    return true;
}

static bool load_inputs(struct analysis *a, const struct session *session,
                        const struct inputs *inputs, struct err *err)
{
    const struct config *c = &a->config;
    struct ingest_options options = {c->recommend.reporting_day, inputs->strict || c->strict,
                                     a->map};
    const struct text_list *lists[] = {
        config_list(&inputs->metrics, &c->metrics), config_list(&inputs->inventory, &c->inventory),
        config_list(&inputs->logs, &c->logs), config_list(&inputs->runs, &c->runs)};
    if (!load_all_bills(a, session, inputs, err))
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!load_others(a, lists[i], &options, err))
            return false;
    return true;
}

/* Advice looks at prices of the day after the last thing that the inputs tell of. */
static day last_day(const struct estate *estate)
{
    day last = estate->last_hour / 24;
    for (size_t i = 0; i < estate->series.count; i++) {
        const struct metric_series *s = &estate->series.at[i];
        day end = s->count ? (day)(s->times[s->count - 1] / 86400 + 1) : 0;
        last = end > last ? end : last;
    }
    return last;
}

static bool analyse(struct analysis *a, struct err *err)
{
    estate_index(a->estate);
    estate_note_unlinked(a->estate);
    estate_note_uncovered(a->estate);
    struct recommend_options *options = &a->config.recommend;
    if (!options->reporting_day)
        options->reporting_day = last_day(a->estate);
    struct spend_options spend = spend_defaults();
    if (a->config.shared_by)
        spend.shared_by = a->config.shared_by;
    if (a->map && a->map->shared_by)
        spend.shared_by = a->map->shared_by;
    spend_compute(&a->spend, a->estate, &spend);
    past_set_aside(&a->past, options);
    struct recommend_input in = {a->estate, a->book, options};
    advice_init(&a->advice, a->estate);
    return recommend_all(&a->advice, &in, err) &&
           past_measure(&a->past, options->reporting_day, a->estate, &a->spend, &a->advice, err);
}

bool analysis_load(struct analysis *out, struct session *session, const struct inputs *inputs,
                   struct err *err)
{
    out->estate = estate_open();
    if (!config_open(&out->config, session, err))
        return false;
    const char *map = inputs->map ? inputs->map : out->config.map;
    return past_open(&out->past, &out->config, &inputs->history, err) &&
           (!map || layer_map_open(&out->map, map, err)) &&
           config_book(&out->book, &out->config, session, err) &&
           load_inputs(out, session, inputs, err) &&
           map_apply(out->estate, out->map, err) && analyse(out, err);
}

void analysis_release(struct analysis *a)
{
    past_release(&a->past);
    advice_release(&a->advice);
    spend_release(&a->spend);
    layer_map_free(a->map);
    book_free(a->book);
    estate_free(a->estate);
    config_release(&a->config);
}
