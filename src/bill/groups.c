#include "groups.h"

#include <string.h>

enum { FIRST_ROOM = 1024 };

void groups_init(struct groups *groups, unsigned sum_count)
{
    *groups = (struct groups){.sum_count = sum_count};
    groups->group_size = sizeof(struct group) + sum_count * sizeof(wide);
}

static size_t chunk_size(const struct groups *groups)
{
    return CHUNK_GROUPS * groups->group_size;
}

void partition_release(struct groups *groups, unsigned partition)
{
    struct partition *p = &groups->partitions[partition];
    slabs_release(&p->slabs);
    pages_free(p->slots, p->room * sizeof *p->slots);
    *p = (struct partition){0};
}

void groups_release(struct groups *groups)
{
    for (unsigned i = 0; i < PARTITIONS; i++)
        partition_release(groups, i);
}

/* The high half of the hash is kept in the slot and chooses its place. */
static size_t find_slot(const struct groups *groups, unsigned partition,
                        const struct group_key *key, uint64_t hash)
{
    const struct partition *p = &groups->partitions[partition];
    size_t i = (hash >> 32) & (p->room - 1);
    for (uint64_t slot; (slot = p->slots[i]); i = (i + 1) & (p->room - 1)) {
        if (slot >> 32 != hash >> 32)
            continue;
        if (!memcmp(&partition_group(groups, partition, (uint32_t)slot - 1)->key, key,
                    sizeof *key))
            return i;
    }
    return i;
}

static void grow(struct groups *groups, struct partition *p)
{
    uint64_t *old = p->slots;
    size_t old_room = p->room;
    p->room = old_room ? old_room * 2 : FIRST_ROOM;
    p->slots = pages_alloc(p->room * sizeof *p->slots);
    groups->memory += (p->room - old_room) * sizeof *p->slots;
    for (size_t n = 0; n < old_room; n++) {
        if (!old[n])
            continue;
        size_t i = (old[n] >> 32) & (p->room - 1);
        while (p->slots[i])
            i = (i + 1) & (p->room - 1);
        p->slots[i] = old[n];
    }
    pages_free(old, old_room * sizeof *old);
}

static struct group *add(struct groups *groups, unsigned partition, const struct group_key *key,
                         uint64_t hash, size_t slot)
{
    struct partition *p = &groups->partitions[partition];
    if (p->count % CHUNK_GROUPS == 0) {
        slabs_add(&p->slabs, chunk_size(groups), 1);
        groups->memory += chunk_size(groups);
    }
    p->slots[slot] = hash >> 32 << 32 | (uint32_t)++p->count;
    struct group *group = partition_group(groups, partition, p->count - 1);
    group->key = *key;
    return group;
}

struct group *groups_at(struct groups *groups, unsigned partition, const struct group_key *key,
                        uint64_t hash)
{
    struct partition *p = &groups->partitions[partition];
    if ((p->count + 1) * 4 > p->room * 3)
        grow(groups, p);
    size_t slot = find_slot(groups, partition, key, hash);
    if (p->slots[slot])
        return partition_group(groups, partition, (uint32_t)p->slots[slot] - 1);
    return add(groups, partition, key, hash, slot);
}
