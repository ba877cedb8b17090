#include "cloudwatch.h"

#include <math.h>
#include <string.h>

#include "io/doc.h"
#include "io/files.h"

struct reading {
    struct estate *into;
    const char *path;
    struct metric_queries queries;
    struct series_set *set;
    uint64_t unnamed, uneven, bad_points, partial;
    const char *first_unnamed, *first_uneven, *first_bad;
};

bool cloudwatch_time(int64_t *out, const struct node *n)
{
    if (node_is(n, NODE_STRING))
        return when_parse(out, n->text, n->length);
    if (!node_is(n, NODE_NUMBER) || !(fabs(n->number) < 1e14))
        return false;
    *out = (int64_t)(fabs(n->number) > 1e11 ? n->number / 1000 : n->number);
    return true;
}

bool cloudwatch_is_point(int64_t at, double value)
{
    return when_is_recorded(at) && value >= 0 && value < 1e18;
}

static bool name_of(struct series_name *out, const struct reading *r,
                    const struct node *result)
{
    const char *id = node_text(node_get(result, "Id"), "");
    const char *label = node_text(node_get(result, "Label"), "");
    const struct metric_query *query = metric_queries_find(&r->queries, id);
    if (query && query->name.subject) {
        *out = query->name;
        return true;
    }
    return cloudwatch_label(out, r->into->symbols, label);
}

static void leave_out(struct reading *r, const char *label, size_t number,
                      const struct node *time, const struct node *value)
{
    if (r->bad_points++ == 0)
        r->first_bad = arena_printf(&r->into->arena, "number %zu of %.80s, '%.40s' at '%.40s'",
                                    number, label, node_text(value, "no number"),
                                    node_text(time, "no time"));
}

static void take_points(struct reading *r, const struct series_name *name, const char *label,
                        const struct node *times, const struct node *values)
{
    size_t series = series_set_find(r->set, name);
    for (size_t i = 0; i < times->count; i++) {
        int64_t at;
        double value = node_number(values->items[i], NAN);
        if (cloudwatch_time(&at, times->items[i]) && cloudwatch_is_point(at, value))
            series_set_add(r->set, series, at, value);
        else
            leave_out(r, label, i + 1, times->items[i], values->items[i]);
    }
}

static void take_result(struct reading *r, const struct node *result)
{
    const struct node *times = node_get(result, "Timestamps");
    const struct node *values = node_get(result, "Values");
    const char *label = node_text(node_get(result, "Label"),
                                  node_text(node_get(result, "Id"), "a result without an Id"));
    const char *status = node_text(node_get(result, "StatusCode"), "Complete");
    struct series_name name;
    r->partial += strcmp(status, "Complete") != 0;
    if (!node_is(times, NODE_LIST) || !node_is(values, NODE_LIST) ||
        times->count != values->count) {
        if (r->uneven++ == 0)
            r->first_uneven = label;
        return;
    }
    if (times->count == 0)
        return;
    if (!name_of(&name, r, result)) {
        if (r->unnamed++ == 0)
            r->first_unnamed = label;
        return;
    }
    take_points(r, &name, label, times, values);
}

static void take_messages(struct reading *r, const struct node *response)
{
    const struct node *messages = node_get(response, "Messages");
    for (size_t i = 0; node_is(messages, NODE_LIST) && i < messages->count; i++)
        estate_note(r->into, NOTE_WARNING, r->path, "CloudWatch said: %.300s",
                    node_text(node_get(messages->items[i], "Value"), "nothing"));
}

static void take_response(struct reading *r, const struct node *response)
{
    const struct node *results = node_get(response, "MetricDataResults");
    for (size_t i = 0; node_is(results, NODE_LIST) && i < results->count; i++)
        take_result(r, results->items[i]);
    take_messages(r, response);
}

static void note_losses(struct reading *r)
{
    const struct {
        enum note_kind kind;
        uint64_t count;
        const char *what, *first;
    } losses[] = {
        {NOTE_UNREAD, r->unnamed,
         "results whose Id has no query beside it and whose Label does not name a resource "
         "and a metric; the first is",
         r->first_unnamed},
        {NOTE_UNREAD, r->uneven,
         "results without as many Values as Timestamps; the first is", r->first_uneven},
        {NOTE_UNREAD, r->bad_points, "points that no metric can have; the first is",
         r->first_bad},
        {NOTE_WARNING, r->partial,
         "results that CloudWatch calls incomplete: give all pages; in", r->path},
    };
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++)
        estate_note_many(r->into, losses[i].kind, r->path, losses[i].count, "%llu %s %.200s",
                         (unsigned long long)losses[i].count, losses[i].what,
                         losses[i].first ? losses[i].first : "");
}

static bool is_queries(const char *name)
{
    return strstr(name, "quer") && strstr(name, ".json");
}

/* "web.json" has its own queries in "web-queries.json": ids are unique in one request only. */
static bool is_own(const char *name, const char *answers)
{
    size_t stem = strcspn(answers, ".");
    return is_queries(name) && !strncmp(name, answers, stem) && strcmp(name, answers) != 0 &&
           strchr("-_.", name[stem]);
}

static bool has_own(const struct path_list *files, const char *answers)
{
    for (size_t i = 0; i < files->paths.count; i++)
        if (is_own(path_base(files->paths.at[i]), answers))
            return true;
    return false;
}

/* Queries kept in a file beside the answers: web-queries.json for web.json, else any. */
static bool add_queries_beside(struct reading *r, struct arena *arena, struct err *err)
{
    struct path_list files = {0};
    const char *answers = path_base(r->path);
    bool ok = files_list(&files, arena, path_folder(arena, r->path), false, err);
    bool own = ok && has_own(&files, answers);
    for (size_t i = 0; ok && i < files.paths.count; i++) {
        const char *name = path_base(files.paths.at[i]);
        const struct node *document;
        bool wanted = own ? is_own(name, answers) : is_queries(name) && strcmp(name, answers);
        if (!wanted || files_is_folder(files.paths.at[i]))
            continue;
        ok = doc_read(&document, arena, files.paths.at[i], err);
        if (ok)
            metric_queries_add(&r->queries, r->into->symbols, document);
    }
    path_list_release(&files);
    return ok;
}

static bool read_answers(struct reading *r, struct arena *arena, struct err *err)
{
    const struct node *document;
    if (!doc_read(&document, arena, r->path, err))
        return false;
    metric_queries_add(&r->queries, r->into->symbols, document);
    if (strcmp(r->path, "-") != 0 && !add_queries_beside(r, arena, err))
        return false;
    r->set = series_set_open(r->into, r->path);
    take_response(r, document);
    for (size_t i = 0; node_is(document, NODE_LIST) && i < document->count; i++) {
        metric_queries_add(&r->queries, r->into->symbols, document->items[i]);
        take_response(r, document->items[i]);
    }
    note_losses(r);
    series_set_close(r->set);
    return true;
}

bool cloudwatch_read(struct estate *into, const char *path,
                     const struct ingest_options *options, struct err *err)
{
    (void)options;
    struct arena arena = ARENA_INIT;
    struct reading r = {.into = into, .path = path};
    bool ok = read_answers(&r, &arena, err);
    metric_queries_release(&r.queries);
    arena_release(&arena);
    return ok;
}

static int matches(const struct probe *probe)
{
    if (probe_holds(probe, "\"MetricDataResults\"") ||
        probe_holds(probe, "\"MetricDataQueries\""))
        return 2;
    size_t blank = 0;
    while (blank < probe->length && strchr(" \t\r\n", probe->bytes[blank]))
        blank++;
    bool list = blank < probe->length && probe->bytes[blank] == '[';
    return list && probe_holds(probe, "\"MetricStat\"") ? 1 : 0;
}

const struct ingest_format ingest_cloudwatch = {
    .name = "cloudwatch",
    .summary = "CloudWatch GetMetricData answers, with their queries",
    .matches = matches,
    .read = cloudwatch_read,
};
