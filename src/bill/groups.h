#ifndef BILL_GROUPS_H
#define BILL_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/money.h"
#include "base/vec.h"
#include "key_table.h"
#include "pages.h"

/*
 * The exact sums of rows by (sku, place, span of time), in partitions by a hash
 * of the resource's name: the same partition of two workers holds the same keys
 * and all lines of its resources, so partitions merge in parallel and leave the
 * memory one by one. The last partition has the rows that name no resource.
 */
enum { PARTITIONS = 17, NAMELESS = PARTITIONS - 1, SUMS_MAX = 6, CHUNK_GROUPS = 512 };

struct group_key {
    uint32_t sku, place; /* of the worker, or of the run once merged */
    uint32_t span;       /* hour since 1970 x 4 + enum span_length */
};

enum span_length { SPAN_HOUR, SPAN_DAY, SPAN_MONTH };

/* Followed in memory by its sums. */
struct group {
    struct group_key key;
    uint32_t rows;
    wide sums[];
};

struct partition {
    uint64_t *slots; /* high half of the hash, then group + 1 */
    size_t room, count;
    struct slabs slabs; /* in chunks of CHUNK_GROUPS groups */
};

struct groups {
    unsigned sum_count; /* of each group */
    size_t group_size;
    struct partition partitions[PARTITIONS];
    size_t memory; /* bytes that the groups took since they were last written to disk */
};

void groups_init(struct groups *groups, unsigned sum_count);
void groups_release(struct groups *groups);
/* Touches nothing but the partition: several go at once, from different threads. */
void partition_release(struct groups *groups, unsigned partition);

static inline uint64_t group_hash(const struct group_key *key)
{
    return key_mix(((uint64_t)key->sku << 32 | key->place) ^ 0xa0761d6478bd642fu,
                   key->span ^ 0xe7037ed1a0b428dbu);
}

/* `name`: the hash of the resource's key. */
static inline unsigned partition_of(uint64_t name)
{
    return (unsigned)(name >> 60);
}

/* The group of that key, made with sums of 0 when it is new. */
struct group *groups_at(struct groups *groups, unsigned partition, const struct group_key *key,
                        uint64_t hash);
/* The i-th of a partition, in the order in which they were made. */
static inline struct group *partition_group(const struct groups *groups, unsigned partition,
                                            size_t i)
{
    char *chunk = groups->partitions[partition].slabs.chunks.at[i / CHUNK_GROUPS];
    return (struct group *)(void *)(chunk + i % CHUNK_GROUPS * groups->group_size);
}

static inline void group_fetch(const struct group *group)
{
    __builtin_prefetch(group, 1);
    __builtin_prefetch((const char *)group + 64, 1);
}

/* Two steps that fetch what groups_at() will touch, some rows ahead of it. */
static inline void groups_fetch_slot(const struct groups *groups, unsigned partition,
                                     uint64_t hash)
{
    const struct partition *p = &groups->partitions[partition];
    if (p->room)
        __builtin_prefetch(&p->slots[(hash >> 32) & (p->room - 1)]);
}

static inline void groups_fetch_group(const struct groups *groups, unsigned partition,
                                      uint64_t hash)
{
    const struct partition *p = &groups->partitions[partition];
    if (!p->room)
        return;
    size_t i = (hash >> 32) & (p->room - 1);
    while (p->slots[i] && p->slots[i] >> 32 != hash >> 32)
        i = (i + 1) & (p->room - 1);
    if (!p->slots[i])
        return;
    group_fetch(partition_group(groups, partition, (uint32_t)p->slots[i] - 1));
}

#endif
