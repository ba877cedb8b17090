#include "csv_bulk_feed.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Who has to wait is woken when there is work for a while: waking costs half a block's time. */
enum { WAKE_AT = BULK_RING / 2 };

/* Content that grows this much past this size is a bomb, not a bill (deflate ends at 1032). */
static const uint64_t bomb_size = (uint64_t)1 << 30;
enum { BOMB_RATIO = 400 };

static bool fill(struct bulk_feed *f, struct bulk_block *b, struct err *err)
{
    char *to = bulk_block_bytes(b);
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
    b->offset = stream_offset(f->stream);
    if (f->produced > bomb_size && f->produced / BOMB_RATIO > b->offset)
        return err_set(err, "%s: more than %d times its size unpacked at byte %llu; that is not "
                       "a bill", f->part->path, BOMB_RATIO, (unsigned long long)b->offset);
    return true;
}

/* The lock is held before and after, not meanwhile. */
static void fill_next(struct bulk_feed *f)
{
    struct bulk_block *b = &f->ring[f->filled % BULK_RING];
    f->filling = true;
    pthread_mutex_unlock(&f->run->lock);
    if (!b->memory)
        b->memory = mem_alloc(MEM_PAGE + BULK_FRONT + BULK_BLOCK + BULK_PAD);
    b->failed = !fill(f, b, &f->err);
    pthread_mutex_lock(&f->run->lock);
    f->filling = false;
    f->filled++;
    f->ended = b->failed || !b->length;
}

static void wait_for_change(struct bulk_feed *f)
{
    pthread_cond_wait(&f->changed, &f->run->lock);
}

/* Fills all that is left, as far ahead as the ring allows; the lock is held. */
static void fill_beside(struct bulk_feed *f)
{
    while (f->filling)
        wait_for_change(f);
    while (!f->stop && !f->ended) {
        fill_next(f);
        if (f->ended || f->filled == f->handed + WAKE_AT)
            pthread_cond_signal(&f->changed);
        if (f->filled == f->handed + BULK_RING - 2)
            while (!f->stop && f->filled > f->handed + WAKE_AT)
                wait_for_change(f);
    }
    f->helped = false;
    pthread_cond_signal(&f->changed);
}

void bulk_help(struct bulk_run *run)
{
    pthread_mutex_lock(&run->lock);
    run->busy--;
    pthread_cond_broadcast(&run->feeds_changed);
    while (run->busy) {
        struct bulk_feed *f = run->feeds;
        while (f && (f->helped || f->ended || f->stop))
            f = f->next;
        if (f) {
            f->helped = true;
            fill_beside(f);
        } else {
            pthread_cond_wait(&run->feeds_changed, &run->lock);
        }
    }
    pthread_mutex_unlock(&run->lock);
}

bool bulk_feed_next(struct bulk_feed *f, struct bulk_block **out, struct err *err)
{
    struct bulk_block *b = *out = &f->ring[f->handed % BULK_RING];
    pthread_mutex_lock(&f->run->lock);
    if (f->filled == f->handed && !f->helped) {
        fill_next(f);
        if (f->helped)
            pthread_cond_signal(&f->changed);
    }
    if (f->filled == f->handed)
        while (!f->ended && f->filled < f->handed + WAKE_AT)
            wait_for_change(f);
    f->handed++;
    if (f->helped && f->filled == f->handed + WAKE_AT)
        pthread_cond_signal(&f->changed);
    pthread_mutex_unlock(&f->run->lock);
    if (b->failed)
        *err = f->err;
    return !b->failed;
}

/* Only unpacking is worth another thread. */
void bulk_feed_offer(struct bulk_feed *f)
{
    if (f->part->text || !strcmp(stream_codec(f->stream), "plain"))
        return;
    f->next = f->run->feeds;
    f->run->feeds = f;
    pthread_cond_signal(&f->run->feeds_changed);
}

void bulk_feed_withdraw(struct bulk_feed *f)
{
    struct bulk_feed **at = &f->run->feeds;
    while (*at && *at != f)
        at = &(*at)->next;
    if (*at)
        *at = f->next;
}

bool bulk_feed_open(struct bulk_feed *f, struct bulk_run *run, const struct csv_part *part,
                    struct err *err)
{
    *f = (struct bulk_feed){.part = part, .run = run};
    if (!part->text && !stream_open(&f->stream, part->path, err))
        return false;
    pthread_cond_init(&f->changed, NULL);
    pthread_mutex_lock(&run->lock);
    bulk_feed_offer(f);
    pthread_mutex_unlock(&run->lock);
    return true;
}

void bulk_feed_close(struct bulk_feed *f)
{
    pthread_mutex_lock(&f->run->lock);
    f->stop = true;
    pthread_cond_signal(&f->changed);
    while (f->helped)
        wait_for_change(f);
    bulk_feed_withdraw(f);
    pthread_mutex_unlock(&f->run->lock);
    stream_close(f->stream);
    for (size_t i = 0; i < BULK_RING; i++)
        free(f->ring[i].memory);
    pthread_cond_destroy(&f->changed);
}
