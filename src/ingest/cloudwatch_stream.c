#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cloudwatch.h"
#include "io/doc.h"
#include "io/json_fields.h"
#include "io/stream.h"

/*
 * A metric stream's records come by the million and repeat a few thousand names:
 * the text of a record's dimensions is looked up as it stands.
 */
enum { BUFFER = 256 * 1024, NAME_MAX_BYTES = 4096 };

struct record {
    struct json_span space, metric, unit;
    const char *dimensions, *dimensions_end;
    int64_t milliseconds;
    double sum, count, max, min;
};

/* The series that a metric's records go to; `second` of averages is their maximum. */
struct target {
    bool wanted, average;
    size_t first, second;
    const char *stat;
};

struct reading {
    struct estate *into;
    const char *path;
    const struct ingest_options *options;
    struct series_set *set;
    struct arena names;
    struct map by_name;
    VEC(struct target) targets;
    uint64_t lines, unwanted, bad, first_bad;
};

static void read_dimensions(struct json_walk *w, void *into)
{
    struct record *r = into;
    r->dimensions = w->at;
    json_skip(w);
    r->dimensions_end = w->at;
}

/* {"count": 3, "sum": 20, "max": 18, "min": 0}; percentiles beside them are skipped. */
static void read_value(struct json_walk *w, void *into)
{
    struct record *r = into;
    const struct {
        const char *name;
        double *number;
    } members[] = {{"count", &r->count}, {"sum", &r->sum}, {"max", &r->max}, {"min", &r->min}};
    struct json_span key;
    if (!json_enter(w, '{')) {
        json_skip(w);
        return;
    }
    while (json_key(w, &key)) {
        double *number = NULL;
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            if (json_span_is(key, members[i].name))
                number = members[i].number;
        if (number)
            json_number(w, number);
        else
            json_skip(w);
    }
}

static const struct json_field rows[] = {
    JSON_TEXT(record, "namespace", space),    JSON_TEXT(record, "metric_name", metric),
    JSON_READ("dimensions", read_dimensions), JSON_INTEGER(record, "timestamp", milliseconds),
    JSON_READ("value", read_value),
    JSON_TEXT(record, "unit", unit),
};
static const struct json_fields fields = JSON_FIELDS(rows);

static bool read_record(struct record *out, const char *line, size_t length)
{
    *out = (struct record){
        .milliseconds = INT64_MIN, .sum = NAN, .count = NAN, .max = NAN, .min = NAN};
    struct json_walk w = json_walk_over(line, length);
    return json_read_fields(&w, &fields, out) && json_done(&w) && out->metric.length > 0 &&
           out->space.length > 0 && out->dimensions && out->milliseconds > 0 &&
           isfinite(out->sum) && isfinite(out->max) && isfinite(out->min) && out->count > 0;
}

/* {"LoadBalancer": "app/web/1"} as the list of names and values that requests have. */
static const struct node *dimension_list(struct arena *arena, const struct record *record)
{
    const struct node *map;
    struct node *list = node_new(arena, NODE_LIST);
    size_t length = (size_t)(record->dimensions_end - record->dimensions);
    if (!doc_parse_json(&map, arena, "dimensions", record->dimensions, length, NULL) ||
        !node_is(map, NODE_MAP))
        return list;
    for (size_t i = 0; i < map->count; i++) {
        struct node *pair = node_new(arena, NODE_MAP);
        node_add(arena, pair, "Name", node_string(arena, map->items[i]->key));
        node_add(arena, pair, "Value", node_string(arena, node_text(map->items[i], "")));
        node_add(arena, list, NULL, pair);
    }
    return list;
}

static sym span_symbol(struct intern *symbols, struct json_span span)
{
    struct buf text = BUF_INIT;
    json_span_text(&text, span);
    sym symbol = intern_n(symbols, buf_text(&text), text.length);
    buf_release(&text);
    return symbol;
}

static struct target target_new(struct reading *r, const struct record *record)
{
    struct intern *symbols = r->into->symbols;
    struct arena arena = ARENA_INIT;
    struct series_name name = {
        .subject = cloudwatch_subject(symbols, dimension_list(&arena, record)),
        .space = span_symbol(symbols, record->space),
        .metric = span_symbol(symbols, record->metric),
        .unit = span_symbol(symbols, record->unit),
    };
    struct target t = {.stat = cloudwatch_usual_stat(sym_or_empty(name.metric))};
    arena_release(&arena);
    t.wanted = name.subject && cloudwatch_is_known(sym_or_empty(name.metric));
    t.average = strcmp(t.stat, "Average") == 0;
    if (!t.wanted)
        return t;
    name.stat = intern(symbols, t.stat);
    t.first = series_set_find(r->set, &name);
    name.stat = intern(symbols, "Maximum");
    t.second = t.average ? series_set_find(r->set, &name) : t.first;
    return t;
}

/* By everything that names the record's metric, as it stands in the line. */
static const struct target *target_of(struct reading *r, const struct record *record)
{
    char key[NAME_MAX_BYTES];
    size_t index, dimensions = (size_t)(record->dimensions_end - record->dimensions);
    size_t length = record->metric.length + record->space.length + dimensions + 2;
    if (length > sizeof key)
        return NULL;
    char *at = mempcpy(key, record->metric.at, record->metric.length);
    *at++ = '\n';
    at = mempcpy(at, record->space.at, record->space.length);
    *at++ = '\n';
    memcpy(at, record->dimensions, dimensions);
    if (!map_get(&r->by_name, key, length, &index)) {
        index = r->targets.count;
        VEC_ADD(&r->targets, target_new(r, record));
        map_put(&r->by_name, arena_strndup(&r->names, key, length), length, index);
    }
    return &r->targets.at[index];
}

static double statistic(const struct record *record, const char *stat)
{
    switch (stat[0]) {
    case 'S':
        return record->sum;
    case 'A':
        return record->sum / record->count;
    default:
        return stat[1] == 'i' ? record->min : record->max;
    }
}

static void take_line(struct reading *r, const char *line, size_t length)
{
    struct record record;
    r->lines++;
    if (length == 0 || (length == 1 && *line == '\r'))
        return;
    const struct target *t = read_record(&record, line, length) ? target_of(r, &record) : NULL;
    if (t && !t->wanted) {
        r->unwanted++;
        return;
    }
    int64_t at = record.milliseconds / 1000;
    if (!t || !cloudwatch_is_point(at, statistic(&record, t->stat)) ||
        (t->average && !cloudwatch_is_point(at, record.max))) {
        r->first_bad = r->bad++ ? r->first_bad : r->lines;
        return;
    }
    series_set_add(r->set, t->first, at, statistic(&record, t->stat));
    if (t->average)
        series_set_add(r->set, t->second, at, record.max);
}

static bool read_lines(struct reading *r, struct stream *stream, char *buffer, struct err *err)
{
    size_t filled = 0, got = 1;
    while (got) {
        if (!stream_read(stream, buffer + filled, BUFFER - filled, &got, err))
            return false;
        filled += got;
        const char *at = buffer, *end = buffer + filled, *line_end;
        while ((line_end = memchr(at, '\n', (size_t)(end - at)))) {
            take_line(r, at, (size_t)(line_end - at));
            at = line_end + 1;
        }
        filled = (size_t)(end - at);
        if (filled == BUFFER)
            return err_set(err,
                           "%s: line %llu is longer than %d bytes: no record of a metric "
                           "stream",
                           r->path, (unsigned long long)r->lines + 1, BUFFER);
        memmove(buffer, at, filled);
    }
    if (filled)
        take_line(r, buffer, filled);
    return true;
}

static bool note_losses(const struct reading *r, struct err *err)
{
    if (r->unwanted)
        estate_note(r->into, NOTE_INFO, r->path,
                    "%llu of %llu records are of metrics that no advice is made from",
                    (unsigned long long)r->unwanted, (unsigned long long)r->lines);
    if (!r->bad)
        return true;
    if (r->options && r->options->strict)
        return err_at(err, r->path, (size_t)r->first_bad, 0,
                      "not a record of a metric stream");
    estate_note_many(r->into, NOTE_UNREAD, r->path, r->bad,
                     "%llu of %llu lines were left out, the first is line %llu: not a record "
                     "of a metric stream",
                     (unsigned long long)r->bad, (unsigned long long)r->lines,
                     (unsigned long long)r->first_bad);
    return true;
}

bool cloudwatch_read_stream(struct estate *into, const char *path,
                            const struct ingest_options *options, struct err *err)
{
    struct reading r = {.into = into, .path = path, .options = options};
    struct stream *stream = NULL;
    char *buffer = mem_alloc(BUFFER);
    r.set = series_set_open(into, path);
    bool ok = stream_open(&stream, path, err) && read_lines(&r, stream, buffer, err) &&
              note_losses(&r, err);
    series_set_close(r.set);
    stream_close(stream);
    map_release(&r.by_name);
    VEC_FREE(&r.targets);
    arena_release(&r.names);
    free(buffer);
    return ok;
}

static int matches(const struct probe *probe)
{
    return probe_holds(probe, "\"metric_stream_name\"") &&
                   probe_holds(probe, "\"metric_name\"")
               ? 2
               : 0;
}

extern const struct ingest_format ingest_cloudwatch_stream;
const struct ingest_format ingest_cloudwatch_stream = {
    .name = "metric stream",
    .summary = "records of a CloudWatch metric stream in JSON",
    .matches = matches,
    .read = cloudwatch_read_stream,
};
