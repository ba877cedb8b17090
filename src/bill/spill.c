#include "spill.h"

#include <stdlib.h>

#include "base/mem.h"

static bool write_partition(struct spill *spill, const struct groups *groups, unsigned p,
                            struct err *err)
{
    const struct partition *partition = &groups->partitions[p];
    spill->extents = vec_grow(spill->extents, &spill->room, spill->count + 1,
                              sizeof *spill->extents);
    spill->extents[spill->count++] =
        (struct extent){p, spill->file.size, partition->count};
    for (size_t i = 0; i < partition->count; i += CHUNK_GROUPS) {
        size_t n = partition->count - i < CHUNK_GROUPS ? partition->count - i : CHUNK_GROUPS;
        if (!scratch_append(&spill->file, partition_group(groups, p, i), n * groups->group_size,
                            err))
            return false;
    }
    return true;
}

bool spill_groups(struct spill *spill, struct groups *groups, struct err *err)
{
    if (!spill->open && !scratch_open(&spill->file, err))
        return false;
    spill->open = true;
    for (unsigned p = 0; p < PARTITIONS; p++) {
        if (!groups->partitions[p].count)
            continue;
        if (!write_partition(spill, groups, p, err))
            return false;
        partition_release(groups, p);
    }
    groups->memory = 0;
    return true;
}

void spill_release(struct spill *spill)
{
    if (spill->open)
        scratch_close(&spill->file);
    free(spill->extents);
    *spill = (struct spill){.open = false};
}

static bool each_of_extent(const struct spill *spill, const struct extent *extent,
                           size_t group_size, char *chunk, spill_fn *each, void *context,
                           struct err *err)
{
    for (uint64_t i = 0; i < extent->groups; i += CHUNK_GROUPS) {
        size_t n = extent->groups - i < CHUNK_GROUPS ? (size_t)(extent->groups - i)
                                                     : CHUNK_GROUPS;
        if (!scratch_read(&spill->file, extent->offset + i * group_size, chunk, n * group_size,
                          err))
            return false;
        for (size_t g = 0; g < n; g++)
            each(context, (const struct group *)(const void *)(chunk + g * group_size));
    }
    return true;
}

bool spill_each(const struct spill *spill, unsigned partition, size_t group_size, spill_fn *each,
                void *context, struct err *err)
{
    if (!spill->open)
        return true;
    char *chunk = mem_alloc(CHUNK_GROUPS * group_size);
    bool ok = true;
    for (size_t i = 0; ok && i < spill->count; i++)
        if (spill->extents[i].partition == partition)
            ok = each_of_extent(spill, &spill->extents[i], group_size, chunk, each, context, err);
    free(chunk);
    return ok;
}
