#include "key_table.h"

#include <stdlib.h>

#include "base/mem.h"

void key_table_release(struct key_table *table)
{
    free(table->slots);
    VEC_FREE(&table->entries);
    VEC_FREE(&table->bytes);
    *table = (struct key_table){0};
}

const struct key_entry *key_table_find(const struct key_table *table, const void *key,
                                       size_t length, uint64_t hash)
{
    if (!table->room)
        return NULL;
    for (size_t i = hash & (table->room - 1); table->slots[i]; i = (i + 1) & (table->room - 1)) {
        if (table->slots[i] >> 32 != hash >> 32)
            continue;
        const struct key_entry *e = &table->entries.at[(uint32_t)table->slots[i] - 1];
        if (e->hash == hash && e->length == length &&
            !memcmp(table->bytes.at + e->offset, key, length))
            return e;
    }
    return NULL;
}

static void place(struct key_table *table, uint64_t hash, uint32_t entry)
{
    size_t i = hash & (table->room - 1);
    while (table->slots[i])
        i = (i + 1) & (table->room - 1);
    table->slots[i] = hash >> 32 << 32 | (entry + 1);
}

uint32_t key_table_add(struct key_table *table, const void *key, size_t length, uint64_t hash,
                       uint32_t value)
{
    if ((table->entries.count + 1) * 3 > table->room * 2) {
        free(table->slots);
        table->room = table->room ? table->room * 2 : 64;
        table->slots = mem_alloc(table->room * sizeof *table->slots);
        for (size_t i = 0; i < table->entries.count; i++)
            place(table, table->entries.at[i].hash, (uint32_t)i);
    }
    size_t offset = table->bytes.count;
    table->bytes.at = vec_grow(table->bytes.at, &table->bytes.room, offset + length + 1, 1);
    if (length)
        memcpy(table->bytes.at + offset, key, length);
    table->bytes.count += length;
    VEC_ADD(&table->entries, ((struct key_entry){offset, (uint32_t)length, value, hash}));
    uint32_t entry = (uint32_t)(table->entries.count - 1);
    place(table, hash, entry);
    return entry;
}
