#include "series.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct point {
    int64_t at;
    double value;
};

struct growing {
    struct series_name name;
    size_t existing; /* index into estate.series, or (size_t)-1 */
    VEC(struct point) points;
};

struct series_set {
    struct estate *into;
    const char *source;
    struct map by_name;
    VEC(struct growing) series;
    uint64_t contradictions;
};

static sym name_key(struct intern *symbols, const struct series_name *n)
{
    return intern_printf(symbols, "%s\n%s\n%s\n%s", sym_or_empty(n->subject),
                         sym_or_empty(n->space), sym_or_empty(n->metric),
                         sym_or_empty(n->stat));
}

/* What files before this one, or other formats, have added. */
static void name_existing(struct estate *estate)
{
    for (; estate->named_series < estate->series.count; estate->named_series++) {
        const struct metric_series *s = &estate->series.at[estate->named_series];
        struct series_name name = {s->subject, s->space, s->metric, s->stat, s->unit};
        sym key = name_key(estate->symbols, &name);
        map_put(&estate->series_by_name, key, strlen(key), estate->named_series);
    }
}

struct series_set *series_set_open(struct estate *into, const char *source)
{
    struct series_set *set = mem_alloc(sizeof *set);
    set->into = into;
    set->source = arena_strdup(&into->arena, source);
    name_existing(into);
    return set;
}

size_t series_set_find(struct series_set *set, const struct series_name *name)
{
    sym key = name_key(set->into->symbols, name);
    size_t index = set->series.count, existing;
    if (map_get(&set->by_name, key, strlen(key), &index))
        return index;
    bool known = map_get(&set->into->series_by_name, key, strlen(key), &existing);
    struct growing *g = VEC_PUSH(&set->series);
    g->name = *name;
    g->existing = known ? existing : (size_t)-1;
    map_put(&set->by_name, key, strlen(key), index);
    return index;
}

void series_set_add(struct series_set *set, size_t series, int64_t at, double value)
{
    VEC_ADD(&set->series.at[series].points, ((struct point){at, value}));
}

static int by_time_and_value(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Keeps the last, so the largest, of each time; returns how many are left. */
static size_t drop_repeats(struct point *points, size_t n, uint64_t *contradictions)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept && points[kept - 1].at == points[i].at) {
            *contradictions += points[kept - 1].value < points[i].value;
            kept--;
        }
        points[kept++] = points[i];
    }
    return kept;
}

static int by_length(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The most common distance between neighbours, the shorter of two as common; 0 for one point.
 */
static int32_t step_of(const struct point *points, size_t n)
{
    if (n < 2)
        return 0;
    int32_t *distance = mem_alloc((n - 1) * sizeof *distance), best = 0;
    size_t most = 0;
    for (size_t i = 1; i < n; i++) {
        int64_t d = points[i].at - points[i - 1].at;
        distance[i - 1] = d > INT32_MAX ? INT32_MAX : (int32_t)d;
    }
    qsort(distance, n - 1, sizeof *distance, by_length);
    for (size_t from = 0, to; from < n - 1; from = to) {
        for (to = from; to < n - 1 && distance[to] == distance[from]; to++)
            ;
        if (to - from > most) {
            most = to - from;
            best = distance[from];
        }
    }
    free(distance);
    return best;
}

static void write_series(struct series_set *set, struct growing *g)
{
    struct estate *estate = set->into;
    if (g->points.count == 0)
        return;
    if (g->existing == (size_t)-1) {
        VEC_PUSH(&estate->series);
        g->existing = estate->series.count - 1;
    }
    struct metric_series *s = &estate->series.at[g->existing];
    for (size_t i = 0; i < s->count; i++)
        VEC_ADD(&g->points, ((struct point){s->times[i], s->values[i]}));
    VEC_SORT(&g->points, by_time_and_value);
    struct point *p = g->points.at;
    size_t n = drop_repeats(p, g->points.count, &set->contradictions);
    *s = (struct metric_series){
        .resource = NOTHING,
        .subject = g->name.subject,
        .space = g->name.space,
        .metric = g->name.metric,
        .stat = g->name.stat,
        .unit = s->unit ? s->unit : g->name.unit,
        .step = step_of(p, n),
        .count = n,
        .times = ARENA_ARRAY(&estate->arena, int64_t, n),
        .values = ARENA_ARRAY(&estate->arena, double, n),
        .source = s->source ? s->source : set->source,
    };
    for (size_t i = 0; i < n; i++) {
        s->times[i] = p[i].at;
        s->values[i] = p[i].value;
    }
}

void series_set_close(struct series_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->series.count; i++) {
        write_series(set, &set->series.at[i]);
        VEC_FREE(&set->series.at[i].points);
    }
    estate_note_many(set->into, NOTE_WARNING, set->source, set->contradictions,
                     "%llu points had a second value at the same time; the larger was kept",
                     (unsigned long long)set->contradictions);
    VEC_FREE(&set->series);
    map_release(&set->by_name);
    free(set);
}
