#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "csv_bulk.h"

enum { RING = 4 };

/* Content that grows this much past this size is a bomb, not a bill (deflate ends at 1032). */
static const uint64_t bomb_size = (uint64_t)1 << 30;
enum { BOMB_RATIO = 400 };

struct block {
    char *memory; /* FRONT + BLOCK + PAD */
    size_t length;
    bool full, failed;
};

/* A part's bytes, block after block; filled by a thread of its own where that pays. */
struct feed {
    const struct csv_part *part;
    struct stream *stream;
    size_t text_at;
    uint64_t produced, offset;
    struct block ring[RING];
    size_t blocks; /* in use */
    pthread_t thread;
    bool beside, stop;
    struct err err;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

static bool fill(struct feed *f, struct block *b, struct err *err)
{
    char *to = b->memory + BULK_FRONT;
    b->length = 0;
    if (f->part->text) {
        size_t left = f->part->text_length - f->text_at;
        b->length = left < BULK_BLOCK ? left : BULK_BLOCK;
        memcpy(to, f->part->text + f->text_at, b->length);
        f->text_at += b->length;
        return true;
    }
    for (size_t got = 1; got && b->length < BULK_BLOCK; b->length += got)
        if (!stream_read(f->stream, to + b->length, BULK_BLOCK - b->length, &got, err))
            return false;
    f->produced += b->length;
    f->offset = stream_offset(f->stream);
    if (f->produced > bomb_size && f->produced / BOMB_RATIO > f->offset)
        return err_set(err, "%s: more than %d times its size unpacked at byte %llu; that is not "
                       "a bill", f->part->path, BOMB_RATIO, (unsigned long long)f->offset);
    return true;
}

static void *fill_beside(void *context)
{
    struct feed *f = context;
    for (size_t i = 0;; i = (i + 1) % RING) {
        struct block *b = &f->ring[i];
        pthread_mutex_lock(&f->lock);
        while (b->full && !f->stop)
            pthread_cond_wait(&f->changed, &f->lock);
        bool stop = f->stop;
        pthread_mutex_unlock(&f->lock);
        if (stop)
            return NULL;
        bool ok = fill(f, b, &f->err);
        size_t length = b->length;
        pthread_mutex_lock(&f->lock);
        b->failed = !ok;
        b->full = true;
        pthread_cond_broadcast(&f->changed);
        pthread_mutex_unlock(&f->lock);
        if (!ok || !length)
            return NULL;
    }
}

/* The next block, the one before stays readable; length 0 at the end. */
static bool next_block(struct feed *f, size_t n, struct block **out, struct err *err)
{
    struct block *b = &f->ring[n % f->blocks];
    *out = b;
    if (!f->beside)
        return fill(f, b, err);
    pthread_mutex_lock(&f->lock);
    if (n >= 2) {
        f->ring[(n - 2) % RING].full = false;
        pthread_cond_broadcast(&f->changed);
    }
    while (!b->full)
        pthread_cond_wait(&f->changed, &f->lock);
    bool failed = b->failed;
    pthread_mutex_unlock(&f->lock);
    if (failed)
        *err = f->err;
    return !failed;
}

static bool feed_open(struct feed *f, const struct csv_part *part, bool beside, struct err *err)
{
    *f = (struct feed){.part = part, .beside = beside && !part->text};
    if (!part->text && !stream_open(&f->stream, part->path, err))
        return false;
    f->blocks = f->beside ? RING : 2;
    for (size_t i = 0; i < f->blocks; i++)
        f->ring[i].memory = mem_alloc(BULK_FRONT + BULK_BLOCK + BULK_PAD);
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->changed, NULL);
    if (f->beside && pthread_create(&f->thread, NULL, fill_beside, f)) {
        f->beside = false;
        f->blocks = 2;
    }
    return true;
}

static void feed_close(struct feed *f)
{
    if (f->beside) {
        pthread_mutex_lock(&f->lock);
        f->stop = true;
        pthread_cond_broadcast(&f->changed);
        pthread_mutex_unlock(&f->lock);
        pthread_join(f->thread, NULL);
    }
    stream_close(f->stream);
    for (size_t i = 0; i < RING; i++)
        free(f->ring[i].memory);
    pthread_mutex_destroy(&f->lock);
    pthread_cond_destroy(&f->changed);
}

/* The bytes to scan: what was left before, then the block. */
struct window {
    char *at;
    size_t length;
    char *large; /* for a row that does not fit before a block */
    size_t large_room;
};

static bool join(struct window *w, struct block *b, const char *path, uint64_t row,
                 struct err *err)
{
    if (w->length <= BULK_FRONT) {
        char *front = b->memory + BULK_FRONT - w->length;
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
    memcpy(w->large + w->length, b->memory + BULK_FRONT, b->length);
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

bool bulk_read_whole(struct bulk_worker *w, struct bulk_file *file)
{
    const struct csv_part *part = &w->run->job->parts[file->part];
    struct feed feed;
    if (!feed_open(&feed, part, w->run->beside, &w->err))
        return false;
    struct window window = {.at = NULL};
    uint64_t row = 0, offset = 0;
    bool ok = true, last = false;
    for (size_t n = 0; ok && !last && !atomic_load(&w->run->stop); n++) {
        struct block *b;
        size_t used;
        ok = next_block(&feed, n, &b, &w->err) &&
             join(&window, b, part->path, row, &w->err);
        if (!ok)
            break;
        if (n == 0)
            skip_byte_order_mark(&window);
        last = b->length == 0;
        ok = bulk_rows(w, file, 0, &row, window.at, window.length, last, &used);
        window.at += used;
        window.length -= used;
        bulk_progress(w->run, feed.offset - offset);
        offset = feed.offset;
    }
    feed_close(&feed);
    free(window.large);
    w->run->result->piece_rows[file->part][0] = row;
    return ok;
}
