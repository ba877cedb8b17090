#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "base/when.h"
#include "fill.h"
#include "line_entry.h"
#include "pages.h"

enum {
    AHEAD = 12,   /* entries by which groups are fetched before they are added up */
    PIECE = 2048, /* lines of which the memory is made at once */
    ROUND = 4,    /* partitions for each worker, so that none waits long for the others */
};

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
    add_sums(groups_at(m->merged, m->partition, &key, group_hash(&key)), from,
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
    struct groups merged; /* where groups were on disk */
    struct line_entry *entries;
    size_t count, lines; /* of entries; of the lines they make */
    size_t first_line;   /* in the estate */
    VEC(struct line_run) committed;
    bool ok;
    struct err err;
};

static void add_entry(struct task *t, struct group_key key, const struct group *group)
{
    const struct fill *f = t->f;
    if (f->sku[key.sku] == NOTHING)
        return;
    uint32_t resource = f->resource[key.place];
    if (resource == NOTHING)
        resource = fill_nameless(t->f, key.place, key.sku);
    int32_t hour = (int32_t)(key.span / 4);
    if (hour > f->latest[key.place])
        f->latest[key.place] = hour;
    t->entries[t->count++] =
        (struct line_entry){{key.span, f->sku[key.sku], resource}, group};
}

/* Every worker's groups as they are: the same key from two workers ends up side by side. */
static void list_entries(struct task *t)
{
    const struct fill *f = t->f;
    size_t all = 0;
    for (size_t w = 0; w < f->count; w++)
        all += f->workers[w].groups.partitions[t->partition].count;
    t->entries = mem_alloc(all * sizeof *t->entries);
    for (size_t w = 0; w < f->count; w++) {
        const struct groups *groups = &f->workers[w].groups;
        for (size_t i = 0; i < groups->partitions[t->partition].count; i++) {
            const struct group *g = partition_group(groups, t->partition, i);
            add_entry(t, run_key(f, w, g->key), g);
        }
    }
}

static void list_merged(struct task *t)
{
    size_t all = t->merged.partitions[t->partition].count;
    t->entries = mem_alloc(all * sizeof *t->entries);
    for (size_t i = 0; i < all; i++) {
        const struct group *g = partition_group(&t->merged, t->partition, i);
        add_entry(t, g->key, g);
    }
}

static bool any_spilled(const struct fill *f)
{
    bool any = false;
    for (size_t w = 0; w < f->count; w++)
        any |= f->workers[w].spill.open;
    return any;
}

/* Zones and tags do not part lines: those of one resource, sku and span are one. */
static bool same_line(const struct line_entry *a, const struct line_entry *b)
{
    return !memcmp(a->key, b->key, sizeof a->key);
}

static void list_and_sort(void *tasks, size_t which)
{
    struct task *t = (struct task *)tasks + which;
    groups_init(&t->merged, t->f->run->shape.count);
    bool spilled = any_spilled(t->f);
    t->ok = !spilled || merge_partition(t->f, &t->merged, t->partition, &t->err);
    if (!t->ok)
        return;
    if (spilled)
        list_merged(t);
    else
        list_entries(t);
    line_entries_sort(&t->entries, t->count);
    for (size_t i = 0; i < t->count; i++)
        t->lines += i == 0 || !same_line(&t->entries[i - 1], &t->entries[i]);
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

/* A run of lines of one resource and sku is there. */
static void end_run(struct task *t, size_t first, size_t end)
{
    const struct sku *sku = &t->f->into->skus.at[t->f->into->lines.at[first].sku];
    find_in_run(t->f, first, end);
    if (sku->commitment && sku->charge != CHARGE_UPFRONT)
        VEC_ADD(&t->committed, ((struct line_run){first, end}));
}

static bool same_run(const struct line_entry *a, const struct line_entry *b)
{
    return a->key[ENTRY_SKU] == b->key[ENTRY_SKU] &&
           a->key[ENTRY_RESOURCE] == b->key[ENTRY_RESOURCE];
}

static struct cost_line line_of(const uint32_t *key)
{
    return (struct cost_line){.resource = key[ENTRY_RESOURCE],
                              .sku = key[ENTRY_SKU],
                              .hour = (int32_t)(key[ENTRY_SPAN] / 4),
                              .hours = line_hours(key[ENTRY_SPAN])};
}

/* The memory of lines is made by the piece: page by page each would cost a fault. */
static void add_up(struct task *t)
{
    struct cost_line *lines = t->f->into->lines.at;
    size_t next = t->first_line, end = next + t->lines, made = next, run = next;
    for (size_t i = 0; i < t->count; i++) {
        const struct line_entry *e = &t->entries[i];
        if (i + AHEAD < t->count)
            group_fetch(t->entries[i + AHEAD].group);
        if (i > 0 && !same_run(e - 1, e)) {
            end_run(t, run, next);
            run = next;
        }
        if (i == 0 || !same_line(e - 1, e)) {
            if (next == made) {
                made = end - next < PIECE ? end : next + PIECE;
                pages_make(&lines[next], (made - next) * sizeof *lines);
            }
            lines[next++] = line_of(e->key);
        }
        add_group(&lines[next - 1], e->group, &t->f->run->shape);
    }
    if (t->count)
        end_run(t, run, next);
}

static void write_lines(void *tasks, size_t which)
{
    struct task *t = (struct task *)tasks + which;
    add_up(t);
    free(t->entries);
    groups_release(&t->merged);
    for (size_t w = 0; w < t->f->count; w++)
        partition_release(&t->f->workers[w].groups, t->partition);
}

static void keep_committed(struct fill *f, struct task *t)
{
    for (size_t i = 0; i < t->committed.count; i++)
        VEC_ADD(&f->committed, t->committed.at[i]);
    VEC_FREE(&t->committed);
}

static bool fill_partitions(struct fill *f, unsigned first, size_t count, uint64_t *groups,
                            struct err *err)
{
    struct task tasks[PARTITIONS];
    bool ok = true;
    for (size_t i = 0; i < count; i++)
        tasks[i] = (struct task){.f = f, .partition = first + (unsigned)i};
    parallel_run(f->count, count, list_and_sort, tasks);
    size_t lines = f->into->lines.count;
    for (size_t i = 0; i < count; i++) {
        if (!tasks[i].ok && ok && err)
            *err = tasks[i].err;
        ok = ok && tasks[i].ok;
        tasks[i].first_line = lines;
        lines += tasks[i].lines;
        *groups += tasks[i].lines;
    }
    f->into->lines.at = vec_grow(f->into->lines.at, &f->into->lines.room, lines,
                                 sizeof *f->into->lines.at);
    findings_grow(f);
    parallel_run(f->count, count, write_lines, tasks);
    for (size_t i = 0; i < count; i++)
        keep_committed(f, &tasks[i]);
    if (ok)
        f->into->lines.count = lines;
    return ok;
}

/*
 * Some partitions at a time, so that what is merged from disk never stands in memory as a
 * whole, and few entries do. The one without names makes new resources and goes alone.
 */
bool fill_lines(struct fill *f, uint64_t *groups, struct err *err)
{
    size_t at_once = any_spilled(f) ? f->count : ROUND * f->count;
    *groups = 0;
    for (unsigned p = 0; p < NAMELESS; p += (unsigned)at_once)
        if (!fill_partitions(f, p, p + at_once < NAMELESS ? at_once : NAMELESS - p, groups, err))
            return false;
    return fill_partitions(f, NAMELESS, 1, groups, err);
}
