#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "csv_bulk_feed.h"

/* The bytes to scan: what was left before, then the block. */
struct window {
    char *at;
    size_t length;
    char *large; /* for a row that does not fit before a block */
    size_t large_room;
};

static bool join(struct window *w, struct bulk_block *b, const char *path, uint64_t row,
                 struct err *err)
{
    if (w->length <= BULK_FRONT) {
        char *front = bulk_block_bytes(b) - w->length;
        if (w->length)
            memcpy(front, w->at, w->length);
        w->at = front;
        w->length += b->length;
        return true;
    }
    if (w->length > BULK_ROW_LIMIT)
        return err_row(err, path, row + 1, NULL, "longer than %d bytes; is a quote not closed?",
                       BULK_ROW_LIMIT);
    if (w->large_room < w->length + b->length + BULK_PAD) {
        size_t room = 2 * (w->length + b->length) + BULK_PAD;
        char *grown = mem_alloc(room);
        memcpy(grown, w->at, w->length);
        free(w->large);
        w->large = grown;
        w->large_room = room;
    } else {
        memmove(w->large, w->at, w->length);
    }
    memcpy(w->large + w->length, bulk_block_bytes(b), b->length);
    w->at = w->large;
    w->length += b->length;
    return true;
}

static void skip_byte_order_mark(struct window *w)
{
    if (w->length >= 3 && !memcmp(w->at, "\xef\xbb\xbf", 3)) {
        w->at += 3;
        w->length -= 3;
    }
}

struct bulk_reading {
    struct bulk_feed feed;
    struct bulk_file *file;
    struct window window;
    uint64_t row, offset; /* of the file as it is stored, behind the last block */
    size_t blocks;
    struct bulk_reading *next; /* that waits */
};

enum {
    SLICE = 8, /* blocks from one look at the other files to the next */
    WORTH_LEAVING = 64 * 1024,
};

struct bulk_reading *bulk_reading_open(struct bulk_worker *w, struct bulk_file *file)
{
    struct bulk_reading *r = mem_alloc(sizeof *r);
    r->file = file;
    if (bulk_feed_open(&r->feed, w->run, &w->run->job->parts[file->part], &w->err))
        return r;
    free(r);
    return NULL;
}

static void close_reading(struct bulk_reading *r)
{
    struct bulk_run *run = r->feed.run;
    run->result->piece_rows[r->file->part][0] = r->row;
    bulk_feed_close(&r->feed);
    free(r->window.large);
    free(r);
    pthread_mutex_lock(&run->lock);
    run->unread--;
    pthread_mutex_unlock(&run->lock);
}

struct bulk_file *bulk_reading_file(const struct bulk_reading *r)
{
    return r->file;
}

/* Stored bytes to come; 0 where that is not known: a transfer is not kept waiting. */
static uint64_t left_of(const struct bulk_reading *r)
{
    return r->file->size > r->offset ? r->file->size - r->offset : 0;
}

static struct bulk_reading **most_left(struct bulk_run *run)
{
    struct bulk_reading **most = &run->waiting;
    for (struct bulk_reading **r = &run->waiting; *r; r = &(*r)->next)
        if (left_of(*r) > left_of(*most))
            most = r;
    return most;
}

struct bulk_reading *bulk_reading_take(struct bulk_run *run, uint64_t least)
{
    struct bulk_reading **at = most_left(run), *r = *at;
    if (!r || left_of(r) < least)
        return NULL;
    *at = r->next;
    bulk_feed_offer(&r->feed);
    return r;
}

/* What another file has that nobody reads now. */
static uint64_t left_elsewhere(struct bulk_run *run)
{
    const struct bulk_file *next = bulk_next_file(run);
    const struct bulk_reading *waiting = *most_left(run);
    uint64_t most = next && !next->pieces ? next->size : 0;
    return waiting && left_of(waiting) > most ? left_of(waiting) : most;
}

/* Not for a little more: whoever goes on with a file has to learn what its rows name. */
static bool leave(struct bulk_reading *r)
{
    struct bulk_run *run = r->feed.run;
    size_t threads = run->job->threads;
    uint64_t mine = left_of(r);
    pthread_mutex_lock(&run->lock);
    bool left = mine > 0 && threads > 1 && run->unread <= 2 * threads && !r->feed.helped &&
                left_elsewhere(run) > 2 * mine + WORTH_LEAVING;
    if (left) {
        bulk_feed_withdraw(&r->feed);
        r->next = run->waiting;
        run->waiting = r;
    }
    pthread_mutex_unlock(&run->lock);
    return left;
}

static bool read_block(struct bulk_worker *w, struct bulk_reading *r, bool *last)
{
    const struct csv_part *part = r->feed.part;
    struct bulk_block *b;
    size_t used;
    if (!bulk_feed_next(&r->feed, &b, &w->err) ||
        !join(&r->window, b, part->path, r->row, &w->err))
        return false;
    if (r->blocks++ == 0)
        skip_byte_order_mark(&r->window);
    *last = b->length == 0;
    bool ok = bulk_rows(w, r->file, 0, &r->row, r->window.at, r->window.length, *last, &used);
    r->window.at += used;
    r->window.length -= used;
    bulk_progress(w->run, b->offset - r->offset);
    r->offset = b->offset;
    return ok;
}

bool bulk_read_on(struct bulk_worker *w, struct bulk_reading *r)
{
    bool ok = true, last = false;
    while (ok && !last && !atomic_load(&w->run->stop)) {
        ok = read_block(w, r, &last);
        if (ok && !last && r->blocks % SLICE == 0 && leave(r))
            return true;
    }
    close_reading(r);
    return ok;
}
