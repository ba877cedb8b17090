#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/parallel.h"
#include "run.h"

enum { LINE = 64, USUAL_RECORD = 3 * LINE }; /* bytes */

/* A worker's key on its way to its place in the list. */
struct item {
    uint64_t front[2]; /* of its bytes, so that most comparisons stay here */
    const struct key_record *record;
    uint32_t worker;
};

struct sorting {
    struct key_list *out;
    struct item *items;
    size_t first[PARTITIONS + 1]; /* of the items */
    size_t unique[PARTITIONS];
};

static int by_bytes(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    for (unsigned i = 0; i < 2; i++)
        if (x->front[i] != y->front[i])
            return x->front[i] < y->front[i] ? -1 : 1;
    uint32_t n = x->record->length, m = y->record->length;
    int order = memcmp(x->record->bytes, y->record->bytes, n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

static bool same_key(const struct item *a, const struct item *b)
{
    return a->record->hash == b->record->hash && !by_bytes(a, b);
}

static struct item item_of(const struct key_record *record, size_t worker)
{
    struct item item = {.record = record, .worker = (uint32_t)worker};
    memcpy(item.front, record->bytes,
           record->length < sizeof item.front ? record->length : sizeof item.front);
    item.front[0] = be64toh(item.front[0]);
    item.front[1] = be64toh(item.front[1]);
    return item;
}

/* All items, those of a partition together. */
static void list_items(struct sorting *s, const struct key_table *const *tables)
{
    size_t next[PARTITIONS + 1] = {0}, all = 0;
    for (size_t w = 0; w < s->out->workers; w++)
        for (size_t i = 0; i < tables[w]->places.count; i++, all++)
            next[key_record(tables[w], i)->partition + 1]++;
    for (size_t p = 0; p < PARTITIONS; p++)
        next[p + 1] += next[p];
    memcpy(s->first, next, sizeof next);
    s->items = mem_alloc(all * sizeof *s->items);
    for (size_t w = 0; w < s->out->workers; w++)
        for (size_t i = 0; i < tables[w]->places.count; i++) {
            const struct key_record *record = key_record(tables[w], i);
            s->items[next[record->partition]++] = item_of(record, w);
        }
}

static void sort_partition(void *context, size_t p)
{
    struct sorting *s = context;
    struct item *items = s->items + s->first[p];
    size_t count = s->first[p + 1] - s->first[p];
    qsort(items, count, sizeof *items, by_bytes);
    for (size_t i = 0; i < count; i++)
        s->unique[p] += i == 0 || !same_key(&items[i - 1], &items[i]);
}

static void number_partition(void *context, size_t p)
{
    struct sorting *s = context;
    size_t number = 0;
    for (size_t before = 0; before < p; before++)
        number += s->unique[before];
    for (size_t i = s->first[p]; i < s->first[p + 1]; i++) {
        const struct item *item = &s->items[i];
        number += i == s->first[p] || !same_key(item - 1, item);
        s->out->records[number - 1] = item->record;
        s->out->number_of[item->worker][item->record->number] = (uint32_t)(number - 1);
    }
}

void key_list_make(struct key_list *out, const struct key_table *const *tables, size_t count)
{
    struct sorting s = {.out = out};
    *out = (struct key_list){.workers = count};
    out->number_of = mem_alloc(count * sizeof *out->number_of);
    for (size_t w = 0; w < count; w++)
        out->number_of[w] = mem_alloc(tables[w]->places.count * sizeof **out->number_of);
    list_items(&s, tables);
    parallel_run(count, PARTITIONS, sort_partition, &s);
    for (size_t p = 0; p < PARTITIONS; p++)
        out->count += s.unique[p];
    out->records = mem_alloc(out->count * sizeof *out->records);
    parallel_run(count, PARTITIONS, number_partition, &s);
    free(s.items);
}

void key_list_release(struct key_list *list)
{
    for (size_t w = 0; w < list->workers; w++)
        free(list->number_of[w]);
    free(list->number_of);
    free(list->records);
}

void key_list_fetch(const struct key_list *list, size_t number)
{
    const char *record = (const char *)list->records[number];
    for (size_t at = 0; at < USUAL_RECORD; at += LINE)
        __builtin_prefetch(record + at);
}

size_t key_list_parts(struct key_head *head, struct key_text *out, size_t room,
                      const struct key_list *list, size_t number)
{
    const struct key_record *r = list->records[number];
    return key_parts(head, out, room, r->bytes, r->length);
}
