#include <math.h>
#include <string.h>

#include "cloudwatch.h"
#include "io/doc.h"
#include "io/files.h"

/*
 * Answers of GetMetricStatistics: {"Label": "CPUUtilization", "Datapoints": [...]}.
 * They name the metric and never its resource, so that comes from the request
 * (MetricName, Namespace, Dimensions) in the same object or in a file beside, or
 * from the path: an instance's or volume's id, or the folders app/name/id.
 */
struct reading {
    struct estate *into;
    const char *path;
    struct series_set *set;
    uint64_t unnamed, bad_points;
    const char *first_bad;
};

static const char *const plain_stats[] = {"Average", "Sum", "Maximum", "Minimum",
                                          "SampleCount"};

static bool take_value(struct reading *r, struct series_name name, const char *stat,
                       int64_t at, const struct node *value)
{
    double number = node_number(value, NAN);
    if (!cloudwatch_is_point(at, number))
        return false;
    name.stat = intern(r->into->symbols, stat);
    series_set_add(r->set, series_set_find(r->set, &name), at, number);
    return true;
}

static void take_point(struct reading *r, struct series_name name, size_t number,
                       const struct node *point)
{
    const struct node *extended = node_get(point, "ExtendedStatistics");
    const char *unit = node_text(node_get(point, "Unit"), NULL);
    int64_t at;
    size_t taken = 0;
    name.unit = unit && strcmp(unit, "None") != 0 ? intern(r->into->symbols, unit) : NULL;
    if (cloudwatch_time(&at, node_get(point, "Timestamp"))) {
        for (size_t i = 0; i < sizeof plain_stats / sizeof *plain_stats; i++)
            taken += take_value(r, name, plain_stats[i], at, node_get(point, plain_stats[i]));
        for (size_t i = 0; node_is(extended, NODE_MAP) && i < extended->count; i++)
            taken += take_value(r, name, extended->items[i]->key, at, extended->items[i]);
    }
    if (taken == 0 && r->bad_points++ == 0)
        r->first_bad = arena_printf(&r->into->arena, "number %zu of %.80s, at '%.40s'",
                                    number, name.metric,
                                    node_text(node_get(point, "Timestamp"), "no time"));
}

static sym subject_of_path(const struct reading *r, struct arena *arena)
{
    const char *name = path_base(r->path), *folder = path_folder(arena, r->path);
    char *stem = arena_strndup(arena, name, strcspn(name, "."));
    const char *parts[3];
    for (char *save = NULL, *word = strtok_r(stem, "_ ,", &save); word;
         word = strtok_r(NULL, "_ ,", &save))
        if (strncmp(word, "i-", 2) == 0 || strncmp(word, "vol-", 4) == 0)
            return intern(r->into->symbols, word);
    for (int i = 2; i >= 0; i--, folder = path_folder(arena, folder))
        parts[i] = path_base(folder);
    bool balancer =
        !strcmp(parts[0], "app") || !strcmp(parts[0], "net") || !strcmp(parts[0], "gwy");
    return balancer ? intern_printf(r->into->symbols, "%s/%s/%s", parts[0], parts[1], parts[2])
                    : NULL;
}

/* "web-query.json" or "web-queries.json" beside "web.json"; NULL when there is none. */
static bool read_request(const struct node **out, const struct reading *r, struct arena *arena,
                         struct err *err)
{
    static const char *const ends[] = {"-query.json", "-queries.json", "-request.json"};
    const char *name = path_base(r->path), *folder = path_folder(arena, r->path);
    *out = NULL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *beside =
            arena_printf(arena, "%.*s%s", (int)strcspn(name, "."), name, ends[i]);
        beside = path_join(arena, folder, beside);
        if (strcmp(r->path, "-") != 0 && files_exists(beside))
            return doc_read(out, arena, beside, err);
    }
    return true;
}

static sym maybe(struct intern *symbols, const char *text)
{
    return text && *text ? intern(symbols, text) : NULL;
}

static void take_answer(struct reading *r, const struct node *answer,
                        const struct node *request, sym subject)
{
    struct intern *symbols = r->into->symbols;
    const struct node *points = node_get(answer, "Datapoints");
    const struct node *from = node_get(answer, "MetricName") ? answer : request;
    sym stated = cloudwatch_subject(symbols, node_get(from, "Dimensions"));
    struct series_name name = {
        .subject = stated ? stated : subject,
        .space = maybe(symbols, node_text(node_get(from, "Namespace"), NULL)),
        .metric = maybe(symbols, node_text(node_get(from, "MetricName"),
                                           node_text(node_get(answer, "Label"), NULL))),
    };
    if (!node_is(points, NODE_LIST) || points->count == 0)
        return;
    if (!name.subject || !name.metric) {
        r->unnamed++;
        return;
    }
    for (size_t i = 0; i < points->count; i++)
        take_point(r, name, i + 1, points->items[i]);
}

static void note_losses(struct reading *r)
{
    estate_note_many(r->into, NOTE_UNREAD, r->path, r->unnamed,
                     "%llu answers of GetMetricStatistics name no resource: put the request "
                     "(Namespace, MetricName, Dimensions) into a file beside it whose name "
                     "ends with -query.json, or the instance's id into the file's name",
                     (unsigned long long)r->unnamed);
    estate_note_many(r->into, NOTE_UNREAD, r->path, r->bad_points,
                     "%llu points without a time or a number that a metric can have; the "
                     "first is %s",
                     (unsigned long long)r->bad_points, r->first_bad);
}

static bool read_answers(struct reading *r, struct arena *arena, struct err *err)
{
    const struct node *document, *request;
    if (!doc_read(&document, arena, r->path, err) || !read_request(&request, r, arena, err))
        return false;
    sym subject = subject_of_path(r, arena);
    r->set = series_set_open(r->into, r->path);
    take_answer(r, document, request, subject);
    for (size_t i = 0; node_is(document, NODE_LIST) && i < document->count; i++)
        take_answer(r, document->items[i], request, subject);
    note_losses(r);
    series_set_close(r->set);
    return true;
}

bool cloudwatch_read_statistics(struct estate *into, const char *path,
                                const struct ingest_options *options, struct err *err)
{
    (void)options;
    struct arena arena = ARENA_INIT;
    struct reading r = {.into = into, .path = path};
    bool ok = read_answers(&r, &arena, err);
    arena_release(&arena);
    return ok;
}

/* A request by itself is one, too: it says nothing, and is nothing strange in a folder. */
static int matches(const struct probe *probe)
{
    if (probe_holds(probe, "\"Datapoints\"") && probe_holds(probe, "\"Timestamp\""))
        return 2;
    return probe_holds(probe, "\"Namespace\"") && probe_holds(probe, "\"MetricName\"") &&
                   probe_holds(probe, "\"Dimensions\"") && probe_holds(probe, "\"Period\"")
               ? 1
               : 0;
}

extern const struct ingest_format ingest_cloudwatch_statistics;
const struct ingest_format ingest_cloudwatch_statistics = {
    .name = "metric statistics",
    .summary = "CloudWatch GetMetricStatistics answers, with their requests",
    .matches = matches,
    .read = cloudwatch_read_statistics,
};
