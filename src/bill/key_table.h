#ifndef BILL_KEY_TABLE_H
#define BILL_KEY_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/vec.h"

/* Byte strings -> numbers 0, 1, 2 ... in the order in which they came; keys are copied. */
struct key_entry {
    size_t offset; /* in `bytes` */
    uint32_t length;
    uint32_t value; /* the user's */
    uint64_t hash;
};

struct key_table {
    uint64_t *slots; /* high half of the hash, then entry + 1 */
    size_t room;
    VEC(struct key_entry) entries;
    VEC(char) bytes;
};

void key_table_release(struct key_table *table);

/* The entry of a key, or NULL. */
const struct key_entry *key_table_find(const struct key_table *table, const void *key,
                                       size_t length, uint64_t hash);
/* Adds a key that is not there yet and returns its number. */
uint32_t key_table_add(struct key_table *table, const void *key, size_t length, uint64_t hash,
                       uint32_t value);

static inline const char *key_bytes(const struct key_table *table, size_t entry)
{
    return table->bytes.at + table->entries.at[entry].offset;
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
    } else {
        memcpy(&a, p, length);
    }
    return key_mix(a ^ 0xe7037ed1a0b428dbu, b ^ h ^ 0x8ebc6af09c88c6e3u);
}

#endif
