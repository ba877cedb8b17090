#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run.h"

static int by_bytes(const void *a, const void *b, void *context)
{
    const struct key_table *table = context;
    const struct key_record *x = key_record(table, *(const uint32_t *)a),
                            *y = key_record(table, *(const uint32_t *)b);
    uint32_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->bytes, y->bytes, shorter);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

void key_list_make(struct key_list *out, const struct key_table *const *tables, size_t count)
{
    *out = (struct key_list){.workers = count};
    out->number_of = mem_alloc(count * sizeof *out->number_of);
    for (size_t w = 0; w < count; w++) {
        const struct key_table *table = tables[w];
        out->number_of[w] = mem_alloc(table->offsets.count * sizeof **out->number_of);
        for (size_t i = 0; i < table->offsets.count; i++) {
            const struct key_record *r = key_record(table, i);
            const struct key_record *known = key_table_find(&out->table, r->bytes, r->length,
                                                            r->hash);
            if (!known)
                known = key_table_add(&out->table, r->bytes, r->length, r->hash);
            out->number_of[w][i] = known->number;
        }
    }
    size_t n = out->table.offsets.count;
    for (size_t i = 0; i < n; i++)
        VEC_ADD(&out->sorted, (uint32_t)i);
    if (n)
        qsort_r(out->sorted.at, n, sizeof *out->sorted.at, by_bytes, &out->table);
    for (size_t i = 0; i < n; i++)
        key_record(&out->table, out->sorted.at[i])->value = (uint32_t)i;
    for (size_t w = 0; w < count; w++)
        for (size_t i = 0; i < tables[w]->offsets.count; i++)
            out->number_of[w][i] = key_record(&out->table, out->number_of[w][i])->value;
}

void key_list_release(struct key_list *list)
{
    for (size_t w = 0; w < list->workers; w++)
        free(list->number_of[w]);
    free(list->number_of);
    VEC_FREE(&list->sorted);
    key_table_release(&list->table);
}

size_t key_list_parts(struct key_head *head, struct key_text *out, size_t room,
                      const struct key_list *list, size_t number)
{
    const struct key_record *r = key_list_record(list, number);
    return key_parts(head, out, room, r->bytes, r->length);
}
