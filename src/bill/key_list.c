#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "run.h"

static int by_bytes(const void *a, const void *b, void *context)
{
    const struct key_table *table = context;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t n = table->entries.at[x].length, m = table->entries.at[y].length;
    int order = memcmp(key_bytes(table, x), key_bytes(table, y), n < m ? n : m);
    return order ? order : (n > m) - (n < m);
}

void key_list_make(struct key_list *out, const struct key_table *const *tables, size_t count)
{
    *out = (struct key_list){.workers = count};
    out->number_of = mem_alloc(count * sizeof *out->number_of);
    for (size_t w = 0; w < count; w++) {
        const struct key_table *table = tables[w];
        out->number_of[w] = mem_alloc(table->entries.count * sizeof **out->number_of);
        for (size_t i = 0; i < table->entries.count; i++) {
            const struct key_entry *e = &table->entries.at[i];
            const char *key = key_bytes(table, i);
            const struct key_entry *known = key_table_find(&out->table, key, e->length, e->hash);
            out->number_of[w][i] =
                known ? (uint32_t)(known - out->table.entries.at)
                      : key_table_add(&out->table, key, e->length, e->hash, 0);
        }
    }
    size_t n = out->table.entries.count;
    for (size_t i = 0; i < n; i++)
        VEC_ADD(&out->sorted, (uint32_t)i);
    if (n)
        qsort_r(out->sorted.at, n, sizeof *out->sorted.at, by_bytes, &out->table);
    for (size_t i = 0; i < n; i++)
        out->table.entries.at[out->sorted.at[i]].value = (uint32_t)i;
    for (size_t w = 0; w < count; w++)
        for (size_t i = 0; i < tables[w]->entries.count; i++)
            out->number_of[w][i] = out->table.entries.at[out->number_of[w][i]].value;
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
    uint32_t entry = list->sorted.at[number];
    return key_parts(head, out, room, key_bytes(&list->table, entry),
                     list->table.entries.at[entry].length);
}
