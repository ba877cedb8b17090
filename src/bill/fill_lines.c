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

static void add_line(struct fill *f, const struct entry *e)
{
    const struct shape *shape = &f->run->shape;
    struct cost_line *line = f->into->lines.count > f->first_line
                                 ? &f->into->lines.at[f->into->lines.count - 1] : NULL;
    int32_t hour = (int32_t)(e->span / 4);
    uint32_t hours = line_hours(e->span);
    if (!line || line->resource != e->resource || line->sku != e->sku || line->hour != hour ||
        line->hours != hours) {
        line = VEC_PUSH(&f->into->lines);
        line->resource = e->resource;
        line->sku = e->sku;
        line->hour = hour;
        line->hours = hours;
    }
    line->rows += e->group->rows;
    line->quantity.atto += e->group->sums[shape->quantity];
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        if (shape->of_basis[b] < shape->count)
            line->cost[b].atto += e->group->sums[shape->of_basis[b]];
}

static size_t list_entries(struct fill *f, const struct groups *merged, unsigned p,
                           struct entry *out)
{
    size_t n = 0;
    for (size_t i = 0; i < merged->partitions[p].count; i++) {
        const struct group *g = partition_group(merged, p, i);
        if (f->sku[g->key.sku] == NOTHING)
            continue;
        uint32_t resource = f->resource[g->key.place];
        if (resource == NOTHING)
            resource = fill_nameless(f, g->key.place, g->key.sku);
        int32_t hour = (int32_t)(g->key.span / 4);
        if (hour > f->latest[g->key.place])
            f->latest[g->key.place] = hour;
        out[n++] = (struct entry){resource, f->sku[g->key.sku], g->key.span, g};
    }
    return n;
}

static void add_lines(struct fill *f, const struct groups *merged, unsigned p)
{
    struct entry *entries = mem_alloc(merged->partitions[p].count * sizeof *entries);
    size_t n = list_entries(f, merged, p, entries);
    qsort(entries, n, sizeof *entries, by_place);
    for (size_t i = 0; i < n; i++)
        add_line(f, &entries[i]);
    free(entries);
}

bool fill_lines(struct fill *f, uint64_t *count, struct err *err)
{
    bool ok = true;
    *count = 0;
    for (unsigned p = 0; ok && p < PARTITIONS; p++) {
        struct groups merged;
        groups_init(&merged, f->run->shape.count);
        ok = merge_partition(f, &merged, p, err);
        *count += merged.partitions[p].count;
        if (ok)
            add_lines(f, &merged, p);
        groups_release(&merged);
    }
    return ok;
}
