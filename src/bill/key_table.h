#ifndef BILL_KEY_TABLE_H
#define BILL_KEY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"
#include "pages.h"

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
 * Records stay where they are.
 */
struct key_record {
    uint64_t hash;
    uint32_t length, number;
    uint32_t value, partition; /* the user's */
    char bytes[];
};

enum { RECORD_UNIT = 8, CHUNK_UNITS = 8192 };

struct key_table {
    size_t extra;    /* bytes of the user behind each key; set before the first one */
    uint64_t *slots; /* high half of the hash, then the record's place + 1 */
    size_t room;
    VEC(uint32_t) places; /* by number; in units, counted through all chunks */
    struct slabs slabs;   /* a record longer than a chunk lies over several that adjoin */
    size_t used;          /* units */
};

void key_table_release(struct key_table *table);

static inline struct key_record *key_record_at(const struct key_table *table, uint32_t place)
{
    char *chunk = table->slabs.chunks.at[place / CHUNK_UNITS];
    return (struct key_record *)(void *)(chunk + place % CHUNK_UNITS * RECORD_UNIT);
}

/* What the user keeps with a key: zeros when it is new. */
static inline void *key_extra(struct key_record *record)
{
    return record->bytes + ((size_t)record->length + RECORD_UNIT - 1) / RECORD_UNIT * RECORD_UNIT;
}

static inline struct key_record *key_record(const struct key_table *table, size_t number)
{
    return key_record_at(table, table->places.at[number]);
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

static inline void key_table_fetch_record(const struct key_table *table, size_t length,
                                          uint64_t hash)
{
    if (!table->room)
        return;
    size_t i = hash & (table->room - 1);
    while (table->slots[i] && table->slots[i] >> 32 != hash >> 32)
        i = (i + 1) & (table->room - 1);
    if (!table->slots[i])
        return;
    const char *record = (const char *)key_record_at(table, (uint32_t)table->slots[i] - 1);
    for (size_t at = 0; at < sizeof(struct key_record) + length + table->extra; at += 64)
        __builtin_prefetch(record + at);
}

/* 64 x 64 -> 128 bits, folded. */
static inline uint64_t key_mix(uint64_t a, uint64_t b)
{
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t key_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Of less than 32 bytes. */
static inline uint64_t key_hash_short(const char *p, size_t length, uint64_t h)
{
    uint64_t a = 0, b = 0;
    if (length > 16) {
        h = key_mix(key_word(p) ^ 0xa0761d6478bd642fu, key_word(p + 8) ^ h);
        a = key_word(p + length - 16);
        b = key_word(p + length - 8);
    } else if (length >= 8) {
        a = key_word(p);
        b = key_word(p + length - 8);
    } else {
        for (size_t i = 0; i < length; i++)
            a = a << 8 | (unsigned char)p[i];
    }
    return key_mix(a ^ 0xe7037ed1a0b428dbu, b ^ h ^ 0x8ebc6af09c88c6e3u);
}

/* In two chains, since each step waits for its own product. */
static inline uint64_t key_hash(const void *key, size_t length)
{
    const char *p = key, *end = p + length;
    uint64_t one = 0x9e3779b97f4a7c15u ^ length, two = one;
    if (length < 32)
        return key_hash_short(p, length, one);
    for (; end - p > 32; p += 32) {
        one = key_mix(key_word(p) ^ 0xa0761d6478bd642fu, key_word(p + 8) ^ one);
        two = key_mix(key_word(p + 16) ^ 0xe7037ed1a0b428dbu, key_word(p + 24) ^ two);
    }
    one = key_mix(key_word(end - 32) ^ 0xa0761d6478bd642fu, key_word(end - 24) ^ one);
    two = key_mix(key_word(end - 16) ^ 0xe7037ed1a0b428dbu, key_word(end - 8) ^ two);
    return key_mix(one ^ 0x8ebc6af09c88c6e3u, two);
}

#endif
