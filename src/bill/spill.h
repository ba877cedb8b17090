#ifndef BILL_SPILL_H
#define BILL_SPILL_H

#include "groups.h"
#include "io/scratch.h"

/* Groups of a worker that went to disk, partition by partition. */
struct spill {
    struct scratch file;
    bool open;
    struct extent {
        unsigned partition;
        uint64_t offset, groups;
    } *extents;
    size_t count, room;
};

/* Writes all groups out and forgets them. */
bool spill_groups(struct spill *spill, struct groups *groups, struct err *err);
void spill_release(struct spill *spill);

typedef void spill_fn(void *context, const struct group *group);
/* Hands out the groups of a partition, as they were written: one key may come several times. */
bool spill_each(const struct spill *spill, unsigned partition, size_t group_size, spill_fn *each,
                void *context, struct err *err);

#endif
