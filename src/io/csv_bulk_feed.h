#ifndef IO_CSV_BULK_FEED_H
#define IO_CSV_BULK_FEED_H

#include "base/mem.h"
#include "csv_bulk.h"

enum { BULK_RING = 8 };

struct bulk_block {
    char *memory; /* FRONT + BLOCK + PAD from the first page on */
    size_t length;
    uint64_t offset; /* of the part, behind it */
    bool failed;
};

/*
 * A part's bytes, block after block. Its worker unpacks them itself until a worker
 * that has nothing left to read comes to help. All but the blocks, the stream and what
 * belongs to it, which are of whoever fills at the time, is under the run's lock.
 */
struct bulk_feed {
    const struct csv_part *part;
    struct bulk_run *run;
    struct stream *stream;
    size_t text_at;
    uint64_t produced;
    struct err err;
    struct bulk_block ring[BULK_RING];
    size_t filled, handed; /* blocks so far; the last two handed out are being read */
    bool helped, filling, ended, stop;
    pthread_cond_t changed;
    struct bulk_feed *next;
};

static inline char *bulk_block_bytes(const struct bulk_block *block)
{
    return mem_first_page(block->memory) + BULK_FRONT;
}

bool bulk_feed_open(struct bulk_feed *f, struct bulk_run *run, const struct csv_part *part,
                    struct err *err);
void bulk_feed_close(struct bulk_feed *f);
/* Lets others come to help, or not; the run's lock is held. */
void bulk_feed_offer(struct bulk_feed *f);
void bulk_feed_withdraw(struct bulk_feed *f);
/* The next block, the one before stays readable; length 0 at the end. */
bool bulk_feed_next(struct bulk_feed *f, struct bulk_block **out, struct err *err);

#endif
