#include "key_table.h"

#include <stdlib.h>

#include "base/mem.h"

void key_table_release(struct key_table *table)
{
    free(table->slots);
    VEC_FREE(&table->offsets);
    VEC_FREE(&table->records);
    *table = (struct key_table){0};
}

static void put(struct key_table *table, uint64_t hash, uint32_t offset)
{
    size_t i = hash & (table->room - 1);
    while (table->slots[i])
        i = (i + 1) & (table->room - 1);
    table->slots[i] = hash >> 32 << 32 | (offset + 1);
}

static void grow(struct key_table *table)
{
    free(table->slots);
    table->room = table->room ? table->room * 2 : 64;
    table->slots = mem_alloc(table->room * sizeof *table->slots);
    for (size_t i = 0; i < table->offsets.count; i++)
        put(table, key_record(table, i)->hash, table->offsets.at[i]);
}

struct key_record *key_table_add(struct key_table *table, const void *key, size_t length,
                                 uint64_t hash)
{
    if ((table->offsets.count + 1) * 2 > table->room)
        grow(table);
    size_t at = table->records.count, size = (sizeof(struct key_record) + length + 7) / 8 * 8;
    table->records.at = vec_grow(table->records.at, &table->records.room, at + size, 1);
    table->records.count += size;
    struct key_record *r = key_record_at(table, (uint32_t)(at / 8));
    *r = (struct key_record){.hash = hash, .length = (uint32_t)length,
                             .number = (uint32_t)table->offsets.count};
    if (length)
        memcpy(r->bytes, key, length);
    VEC_ADD(&table->offsets, (uint32_t)(at / 8));
    put(table, hash, (uint32_t)(at / 8));
    return r;
}
