#ifndef BILL_KEY_TABLE_H
#define BILL_KEY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"

/* memcmp() of mostly short texts, without the call. */
static inline bool same_bytes(const char *a, const char *b, size_t length)
{
    uint64_t x, y, different = 0;
    if (length > 64)
        return !memcmp(a, b, length);
    if (length < 8) {
        for (size_t i = 0; i < length; i++)
            different |= (uint64_t)(a[i] != b[i]);
        return !different;
    }
    for (size_t i = 0; i + 8 < length; i += 8) {
        memcpy(&x, a + i, 8);
        memcpy(&y, b + i, 8);
        different |= x ^ y;
    }
    memcpy(&x, a + length - 8, 8);
    memcpy(&y, b + length - 8, 8);
    return !(different | (x ^ y));
}

/*
 * Byte strings -> numbers 0, 1, 2 ... in the order in which they came. A record
 * holds its key, so that a look-up touches one slot and one place in memory.
 * Pointers to records are good until the next one is added.
 */
struct key_record {
    uint64_t hash;
    uint32_t length, number;
    uint32_t value, partition; /* the user's */
    uint64_t value_hash;       /* the user's */
    char bytes[];
};

struct key_table {
    uint64_t *slots; /* high half of the hash, then offset / 8 + 1 */
    size_t room;
    VEC(uint32_t) offsets; /* / 8, by number */
    VEC(char) records;
};

void key_table_release(struct key_table *table);

static inline struct key_record *key_record_at(const struct key_table *table, uint32_t offset)
{
    return (struct key_record *)(void *)(table->records.at + (size_t)offset * 8);
}

static inline struct key_record *key_record(const struct key_table *table, size_t number)
{
    return key_record_at(table, table->offsets.at[number]);
}

/* The record of a key, or NULL. */
static inline struct key_record *key_table_find(const struct key_table *table, const void *key,
                                                size_t length, uint64_t hash)
{
    if (!table->room)
        return NULL;
    for (size_t i = hash & (table->room - 1); table->slots[i]; i = (i + 1) & (table->room - 1)) {
        if (table->slots[i] >> 32 != hash >> 32)
            continue;
        struct key_record *r = key_record_at(table, (uint32_t)table->slots[i] - 1);
        if (r->hash == hash && r->length == length && same_bytes(r->bytes, key, length))
            return r;
    }
    return NULL;
}

/* Adds a key that is not there yet. */
struct key_record *key_table_add(struct key_table *table, const void *key, size_t length,
                                 uint64_t hash);

/* Two steps that fetch what key_table_find() will touch, some rows ahead of it. */
static inline void key_table_fetch_slot(const struct key_table *table, uint64_t hash)
{
    if (table->room)
        __builtin_prefetch(&table->slots[hash & (table->room - 1)]);
}

static inline void key_table_fetch_record(const struct key_table *table, uint64_t hash)
{
    if (!table->room)
        return;
    size_t i = hash & (table->room - 1);
    while (table->slots[i] && table->slots[i] >> 32 != hash >> 32)
        i = (i + 1) & (table->room - 1);
    if (!table->slots[i])
        return;
    const char *record = (const char *)key_record_at(table, (uint32_t)table->slots[i] - 1);
    __builtin_prefetch(record);
    __builtin_prefetch(record + 64);
    __builtin_prefetch(record + 128);
}

/* 64 x 64 -> 128 bits, folded. */
static inline uint64_t key_mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t key_hash(const void *key, size_t length)
{
    const char *p = key;
    uint64_t h = 0x9e3779b97f4a7c15u ^ length, a, b;
    for (; length > 16; p += 16, length -= 16) {
        memcpy(&a, p, 8);
        memcpy(&b, p + 8, 8);
        h = key_mix(a ^ 0xa0761d6478bd642fu, b ^ h);
    }
    a = b = 0;
    if (length >= 8) {
        memcpy(&a, p, 8);
        memcpy(&b, p + length - 8, 8);
    } else if (length >= 4) {
        uint32_t front, back;
        memcpy(&front, p, 4);
        memcpy(&back, p + length - 4, 4);
        a = (uint64_t)front << 32 | back;
    } else if (length) {
        a = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[length / 2] << 8 |
            (unsigned char)p[length - 1];
    }
    return key_mix(a ^ 0xe7037ed1a0b428dbu, b ^ h ^ 0x8ebc6af09c88c6e3u);
}

#endif
