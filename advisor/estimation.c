#include "estimation.h"

#include "ingest/ingest.h"
#include "recommend/cluster_plan.h"
#include "recommend/recommend.h"

static bool read_runs(struct estimation *e, const struct text_list *named, struct err *err)
{
    const struct text_list *runs = config_list(named, &e->config.runs);
    struct ingest_options options = {e->config.recommend.reporting_day, e->config.strict,
                                     e->map};
    for (size_t i = 0; i < runs->texts.count; i++)
        if (!ingest_path(e->map->estate, runs->texts.at[i], &options, err))
            return false;
    estate_join_phases(e->map->estate);
    return true;
}

static bool judge(struct estimation *e, struct err *err)
{
    struct estate *estate = e->map->estate;
    struct recommend_input in = {estate, e->book, &e->config.recommend};
    estate_index(estate);
    advice_init(&e->advice, estate);
    return cluster_plan(estate, e->book, &e->config.recommend, err) &&
           estimate_compute(&e->estimate, estate, e->book, err) &&
           recommend_all(&e->advice, &in, err);
}

bool estimation_load(struct estimation *out, struct session *session, const char *path,
                     const struct text_list *runs, struct err *err)
{
    *out = (struct estimation){0};
    if (!config_open(&out->config, session, err))
        return false;
    path = path ? path : out->config.map;
    if (!path)
        return err_usage(err, "no layer map: name one, or `map:` in advisor.yaml (advisor init "
                              "writes a first one)");
    if (!layer_map_open(&out->map, path, err))
        return false;
    config_take_prices(&out->config, session, node_get(out->map->document, "prices"), path);
    return config_book(&out->book, &out->config, session, err) && read_runs(out, runs, err) &&
           judge(out, err);
}

void estimation_release(struct estimation *e)
{
    advice_release(&e->advice);
    estimate_release(&e->estimate);
    book_free(e->book);
    layer_map_free(e->map);
    config_release(&e->config);
}
