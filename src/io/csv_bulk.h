#ifndef IO_CSV_BULK_PRIVATE_H
#define IO_CSV_BULK_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/vec.h"
#include "io/csv_bulk.h"
#include "io/stream.h"

/*
 * FRONT bytes before a block take the unfinished row of the block before it;
 * PAD bytes behind it may be read by who copies fields in words.
 */
enum {
    BULK_FRONT = 64 * 1024,
    BULK_BLOCK = 128 * 1024,
    BULK_PAD = 64,
    BULK_ROW_LIMIT = 16 * 1024 * 1024,
    BULK_PIECE = 256 * 1024,
};

struct bulk_reading;

/* What is common to the workers of a run. */
struct bulk_run {
    const struct csv_bulk *job;
    struct csv_bulk_result *result;
    struct bulk_file *files;
    pthread_mutex_t lock;
    size_t next_file; /* whole files are handed out in this order first */
    size_t unread;    /* whole files that nobody has come to the end of */
    struct bulk_reading *waiting; /* whole files that their workers left for others */
    struct bulk_feed *feeds;      /* compressed parts that are being read whole */
    unsigned busy;                /* workers that may still open one */
    pthread_cond_t feeds_changed;
    atomic_bool stop;
    struct err err;   /* of the first failure, by part */
    size_t err_part;
    bool again;
    uint64_t input_bytes, all_bytes; /* as stored */
};

/* One part while it runs. */
struct bulk_file {
    uint32_t part;
    bool pieces;       /* read in pieces by any worker */
    int fd;
    uint64_t size;
    size_t piece_bytes;
    uint64_t next_piece, piece_count;
    atomic_uchar *parity; /* of all quotes up to a piece's end: enum quote_parity */
};

enum quote_parity { PARITY_UNKNOWN, PARITY_EVEN, PARITY_ODD };

/* The byte before a piece (but for the first), the piece, and what follows it. */
struct bulk_piece {
    char *memory;
    size_t room;
    char *bytes; /* in it, where they lie in their page of the file */
    size_t length;
    uint64_t from; /* offset in the file of bytes[0] */
    size_t end;    /* of the piece itself in `bytes` */
};

struct bulk_worker {
    struct bulk_run *run;
    void *context;
    struct csv_rows rows;
    const struct csv_plan *plan; /* that `rows` was made for */
    struct bulk_piece piece;
    uint64_t bytes;
    struct err err;
};

void bulk_fail(struct bulk_run *run, uint32_t part, const struct err *err);
void bulk_again(struct bulk_run *run, uint32_t part);
void bulk_progress(struct bulk_run *run, uint64_t bytes);

/*
 * Scans whole rows and hands them out; *used tells how far it came, *row counts
 * the rows of the piece. The first row of the first piece is the header.
 */
bool bulk_rows(struct bulk_worker *w, const struct bulk_file *file, uint32_t piece,
               uint64_t *row, const char *bytes, size_t length, bool last, size_t *used);

/* The next one to open, or of which pieces are left; NULL: none. Under the lock. */
struct bulk_file *bulk_next_file(struct bulk_run *run);

/* Unpacks for other workers until nothing is left to read. */
void bulk_help(struct bulk_run *run);

/*
 * Whole files, a block after the other. When few are left, a worker leaves its file for one
 * that has much more to come, so that all come to their ends at the same time.
 */
struct bulk_reading *bulk_reading_open(struct bulk_worker *w, struct bulk_file *file);
/* To the end of the file, or until it is left: then it is among those that wait. */
bool bulk_read_on(struct bulk_worker *w, struct bulk_reading *reading);
/* Of those that wait, the one with most to come; NULL: none has `least` bytes. Under the lock. */
struct bulk_reading *bulk_reading_take(struct bulk_run *run, uint64_t least);
struct bulk_file *bulk_reading_file(const struct bulk_reading *reading);

bool bulk_read_piece(struct bulk_worker *w, struct bulk_file *file, uint64_t piece);

#endif
