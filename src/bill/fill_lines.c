#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "fill.h"

/* A group on its way to its place among the lines. */
struct entry {
    uint32_t resource, sku, span;
    const struct group *group;
};

static int by_place(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->resource != y->resource)
        return x->resource < y->resource ? -1 : 1;
    if (x->sku != y->sku)
        return x->sku < y->sku ? -1 : 1;
    return (x->span > y->span) - (x->span < y->span);
}

static void add_sums(struct group *to, const struct group *from, unsigned sums)
{
    to->rows += from->rows;
    for (unsigned i = 0; i < sums; i++)
        to->sums[i] += from->sums[i];
}

/* The run's numbers instead of the worker's. */
static struct group_key run_key(const struct fill *f, size_t worker, struct group_key key)
{
    return (struct group_key){f->skus.number_of[worker][key.sku],
                              f->places.number_of[worker][key.place], key.span};
}

static uint64_t run_hash(const struct fill *f, const struct group_key *key)
{
    return group_hash(key_list_record(&f->skus, key->sku)->hash,
                      key_list_record(&f->places, key->place)->hash, key->span);
}

struct merging {
    struct fill *f;
    struct groups *merged;
    size_t worker;
    unsigned partition;
};

static void merge_group(void *context, const struct group *from)
{
    struct merging *m = context;
    struct group_key key = run_key(m->f, m->worker, from->key);
    add_sums(groups_at(m->merged, m->partition, &key, run_hash(m->f, &key)), from,
             m->merged->sum_count);
}

/* One partition of all workers, from memory and from disk. */
static bool merge_partition(struct fill *f, struct groups *merged, unsigned p, struct err *err)
{
    bool ok = true;
    for (size_t w = 0; ok && w < f->count; w++) {
        struct merging m = {f, merged, w, p};
        struct groups *groups = &f->workers[w].groups;
        for (size_t i = 0; i < groups->partitions[p].count; i++)
            merge_group(&m, partition_group(groups, p, i));
        partition_release(groups, p);
        ok = spill_each(&f->workers[w].spill, p, merged->group_size, merge_group, &m, err);
    }
    return ok;
}

static uint32_t line_hours(uint32_t span)
{
    static const uint32_t lengths[] = {[SPAN_HOUR] = 1, [SPAN_DAY] = 24};
    if (span % 4 != SPAN_MONTH)
        return lengths[span % 4];
    return 24 * (uint32_t)month_days(month_of((day)(span / 4 / 24)));
}

/* A partition on its way from groups to lines. */
struct task {
    struct fill *f;
    unsigned partition;
    struct groups merged;
    struct entry *entries;
    size_t count, lines; /* of entries; of the lines they make */
    size_t first_line;   /* in the estate */
    bool ok;
    struct err err;
};

static void list_entries(struct task *t)
{
    const struct fill *f = t->f;
    size_t groups = t->merged.partitions[t->partition].count;
    t->entries = mem_alloc(groups * sizeof *t->entries);
    for (size_t i = 0; i < groups; i++) {
        const struct group *g = partition_group(&t->merged, t->partition, i);
        if (f->sku[g->key.sku] == NOTHING)
            continue;
        uint32_t resource = f->resource[g->key.place];
        if (resource == NOTHING)
            resource = fill_nameless(t->f, g->key.place, g->key.sku);
        int32_t hour = (int32_t)(g->key.span / 4);
        if (hour > f->latest[g->key.place])
            f->latest[g->key.place] = hour;
        t->entries[t->count++] = (struct entry){resource, f->sku[g->key.sku], g->key.span, g};
    }
}

/* Zones and tags do not part lines: those of one resource, sku and span are one. */
static bool same_line(const struct entry *a, const struct entry *b)
{
    return a->resource == b->resource && a->sku == b->sku && a->span == b->span;
}

static void *merge_and_sort(void *context)
{
    struct task *t = context;
    groups_init(&t->merged, t->f->run->shape.count);
    t->ok = merge_partition(t->f, &t->merged, t->partition, &t->err);
    if (!t->ok)
        return NULL;
    list_entries(t);
    qsort(t->entries, t->count, sizeof *t->entries, by_place);
    for (size_t i = 0; i < t->count; i++)
        t->lines += i == 0 || !same_line(&t->entries[i - 1], &t->entries[i]);
    return NULL;
}

static void add_group(struct cost_line *line, const struct group *group,
                      const struct shape *shape)
{
    line->rows += group->rows;
    line->quantity.atto += group->sums[shape->quantity];
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        if (shape->of_basis[b] < shape->count)
            line->cost[b].atto += group->sums[shape->of_basis[b]];
}

static void *write_lines(void *context)
{
    struct task *t = context;
    size_t next = t->first_line;
    for (size_t i = 0; i < t->count; i++) {
        const struct entry *e = &t->entries[i];
        if (i == 0 || !same_line(&t->entries[i - 1], e))
            t->f->into->lines.at[next++] =
                (struct cost_line){.resource = e->resource, .sku = e->sku,
                                   .hour = (int32_t)(e->span / 4), .hours = line_hours(e->span)};
        add_group(&t->f->into->lines.at[next - 1], e->group, &t->f->run->shape);
    }
    free(t->entries);
    groups_release(&t->merged);
    return NULL;
}

/* Runs a step for some partitions at once; what cannot get a thread runs here. */
static void run_step(struct task *tasks, size_t count, void *(*step)(void *))
{
    pthread_t threads[PARTITIONS];
    bool started[PARTITIONS];
    for (size_t i = 1; i < count; i++)
        started[i] = !pthread_create(&threads[i], NULL, step, &tasks[i]);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || !started[i])
            step(&tasks[i]);
    for (size_t i = 1; i < count; i++)
        if (started[i])
            pthread_join(threads[i], NULL);
}

static bool fill_partitions(struct fill *f, unsigned first, size_t count, uint64_t *groups,
                            struct err *err)
{
    struct task tasks[PARTITIONS];
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        tasks[i] = (struct task){.f = f, .partition = first + (unsigned)i};
    run_step(tasks, count, merge_and_sort);
    size_t lines = f->into->lines.count;
    for (size_t i = 0; i < count; i++) {
        if (!tasks[i].ok && ok && err)
            *err = tasks[i].err;
        ok = ok && tasks[i].ok;
        tasks[i].first_line = lines;
        lines += tasks[i].lines;
        *groups += tasks[i].merged.partitions[tasks[i].partition].count;
    }
    f->into->lines.at = vec_grow(f->into->lines.at, &f->into->lines.room, lines,
                                 sizeof *f->into->lines.at);
    run_step(tasks, count, write_lines);
    if (ok)
        f->into->lines.count = lines;
    return ok;
}

/*
 * A few partitions at a time, as many as there are workers, so that what is
 * merged never stands in memory as a whole. The one without names makes new
 * resources and goes alone.
 */
bool fill_lines(struct fill *f, uint64_t *groups, struct err *err)
{
    unsigned at_once = f->count < NAMELESS ? (unsigned)f->count : NAMELESS;
    *groups = 0;
    for (unsigned p = 0; p < NAMELESS; p += at_once)
        if (!fill_partitions(f, p, p + at_once < NAMELESS ? at_once : NAMELESS - p, groups, err))
            return false;
    return fill_partitions(f, NAMELESS, 1, groups, err);
}
