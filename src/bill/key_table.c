#include "key_table.h"

enum { CHUNK = CHUNK_UNITS * RECORD_UNIT, FIRST_ROOM = 512 /* a page of slots */ };

void key_table_release(struct key_table *table)
{
    pages_free(table->slots, table->room * sizeof *table->slots);
    slabs_release(&table->slabs);
    VEC_FREE(&table->places);
    *table = (struct key_table){.extra = table->extra};
}

static void put(struct key_table *table, uint64_t hash, uint32_t place)
{
    size_t i = hash & (table->room - 1);
    while (table->slots[i])
        i = (i + 1) & (table->room - 1);
    table->slots[i] = hash >> 32 << 32 | (place + 1);
}

static void grow(struct key_table *table)
{
    pages_free(table->slots, table->room * sizeof *table->slots);
    table->room = table->room ? table->room * 2 : FIRST_ROOM;
    table->slots = pages_alloc(table->room * sizeof *table->slots);
    for (size_t i = 0; i < table->places.count; i++)
        put(table, key_record(table, i)->hash, table->places.at[i]);
}

/* Room for that many units in one piece; its place. */
static uint32_t take_units(struct key_table *table, size_t units)
{
    size_t left = table->slabs.chunks.count * CHUNK_UNITS - table->used;
    if (units > left) {
        slabs_add(&table->slabs, CHUNK, (units + CHUNK_UNITS - 1) / CHUNK_UNITS);
        table->used += left;
    }
    table->used += units;
    return (uint32_t)(table->used - units);
}

struct key_record *key_table_add(struct key_table *table, const void *key, size_t length,
                                 uint64_t hash)
{
    if ((table->places.count + 1) * 2 > table->room)
        grow(table);
    size_t size = (sizeof(struct key_record) + length + RECORD_UNIT - 1) / RECORD_UNIT *
                      RECORD_UNIT + table->extra;
    uint32_t place = take_units(table, size / RECORD_UNIT);
    struct key_record *r = key_record_at(table, place);
    *r = (struct key_record){.hash = hash, .length = (uint32_t)length,
                             .number = (uint32_t)table->places.count};
    if (length)
        memcpy(r->bytes, key, length);
    VEC_ADD(&table->places, place);
    put(table, hash, place);
    return r;
}
