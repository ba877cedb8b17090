#include "config.h"

#include <math.h>
#include <string.h>

#include "io/files.h"

static const char usual_name[] = "advisor.yaml";

/* A path as the file that names it means it: from its own folder, unless it is absolute or a
 * URL.
 */
static const char *placed(struct session *session, const char *of, const char *path)
{
    if (*path == '/' || strstr(path, "://") || !strcmp(path, "-"))
        return path;
    const char *folder = path_folder(&session->arena, of);
    return strcmp(folder, ".") ? path_join(&session->arena, folder, path) : path;
}

static void read_texts(struct text_list *out, const struct node *n)
{
    if (node_is(n, NODE_LIST))
        for (size_t i = 0; i < n->count; i++)
            read_texts(out, n->items[i]);
    else if (!node_absent(n))
        VEC_ADD(&out->texts, node_text(n, ""));
}

static bool read_paths(struct config *c, struct session *session, struct err *err)
{
    const struct {
        const char *key;
        struct text_list *to;
    } lists[] = {
        {"bills", &c->bills}, {"metrics", &c->metrics}, {"inventory", &c->inventory},
        {"logs", &c->logs},   {"runs", &c->runs},       {"plans", &c->plans},
    };
    const struct {
        const char *key;
        const char **to;
    } single[] = {{"map", &c->map}, {"waivers", &c->waivers}, {"history", &c->history}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        read_texts(lists[i].to, node_get(c->document, lists[i].key));
        for (size_t t = 0; t < lists[i].to->texts.count; t++) {
            const char **path = &lists[i].to->texts.at[t];
            *path = placed(session, c->path, *path);
            if (!session_allows(session, *path, err))
                return false;
        }
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        const char *text = node_text(node_get(c->document, single[i].key), NULL);
        *single[i].to = text ? placed(session, c->path, text) : NULL;
        if (text && !session_allows(session, *single[i].to, err))
            return false;
    }
    return true;
}

static void read_overrides(struct config *c, struct session *session, const struct node *n,
                           bool discount, const char *path)
{
    for (size_t i = 0; n && i < n->count; i++) {
        const struct node *one = n->items[i];
        struct book_override *o = VEC_PUSH(&c->overrides);
        o->match = one->key;
        o->kind = discount ? OVERRIDE_DISCOUNT_PCT : OVERRIDE_USD;
        if (!one->text || !money_parse(&o->amount, one->text, strlen(one->text), NULL))
            o->amount = money_of(one->number);
        o->where = arena_printf(&session->arena, "%s:%u", path, one->line);
    }
}

void config_take_prices(struct config *c, struct session *session, const struct node *prices,
                        const char *path)
{
    const char *folder = node_text(node_get(prices, "folder"), NULL);
    read_overrides(c, session, node_get(prices, "overrides"), false, path);
    read_overrides(c, session, node_get(prices, "discounts_pct"), true, path);
    if (folder && !c->prices)
        c->prices = placed(session, path, folder);
}

static void read_recommend(struct config *c)
{
    const struct node *n = node_get(c->document, "recommend");
    struct recommend_options *r = &c->recommend;
    const struct {
        const char *key;
        double *to;
    } numbers[] = {
        {"min_days", &r->min_days},
        {"cpu_percentile", &r->cpu_percentile},
        {"memory_percentile", &r->memory_percentile},
        {"headroom", &r->headroom},
        {"min_monthly_usd", &r->min_monthly_usd},
        {"sp_horizon_years", &r->sp_horizon_years},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i].to = node_number(node_get(n, numbers[i].key), *numbers[i].to);
    r->archive_ok = node_bool(node_get(n, "archive_ok"), r->archive_ok);
    r->graviton_ok = node_bool(node_get(n, "graviton_ok"), r->graviton_ok);
    r->parameters = n;
    const char *on = node_text(node_get(c->document, "reporting_day"), "");
    day_parse(&r->reporting_day, on, strlen(on));
}

static void read_document(struct config *c, struct session *session)
{
    config_take_prices(c, session, node_get(c->document, "prices"), c->path);
    read_recommend(c);
    read_texts(&c->tags, node_get(c->document, "tags"));
    read_texts(&c->fail_on, node_get(c->document, "fail_on"));
    c->currency = node_text(node_get(c->document, "currency"), NULL);
    c->shared_by = node_text(node_get(c->document, "shared_by"), NULL);
    c->hours_per_month = node_number(node_get(c->document, "hours_per_month"), NAN);
    c->checks = node_get(c->document, "checks");
    c->strict = node_bool(node_get(c->document, "strict"), false);
}

bool config_open(struct config *out, struct session *session, struct err *err)
{
    *out = (struct config){.recommend = recommend_defaults(), .hours_per_month = NAN};
    const char *path = session->common.config ? session->common.config : usual_name;
    if (!session->common.config && !files_exists(path))
        return true;
    out->path = path;
    if (!strict_read(&out->document, &session->arena, path, err) ||
        !strict_check(out->document, config_fields, path, err)) {
        if (err)
            err->code = ERR_USAGE;
        return false;
    }
    read_document(out, session);
    return read_paths(out, session, err);
}

void config_release(struct config *c)
{
    struct text_list *const lists[] = {&c->bills, &c->metrics, &c->inventory, &c->logs,
                                       &c->runs,  &c->plans,   &c->tags,      &c->fail_on};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        VEC_FREE(&lists[i]->texts);
    VEC_FREE(&c->overrides);
}

bool config_book(struct book **out, const struct config *config, const struct session *session,
                 struct err *err)
{
    struct book_options options = {
        .folder = session->common.prices ? session->common.prices : config->prices,
        .overrides = config->overrides.at,
        .override_count = config->overrides.count,
    };
    return book_open(out, &options, err);
}

const struct text_list *config_list(const struct text_list *given,
                                    const struct text_list *configured)
{
    return given->texts.count ? given : configured;
}
