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
    struct bulk_feed feed;
    if (!bulk_feed_open(&feed, w->run, part, &w->err))
        return false;
    struct window window = {.at = NULL};
    uint64_t row = 0, offset = 0;
    bool ok = true, last = false;
    for (size_t n = 0; ok && !last && !atomic_load(&w->run->stop); n++) {
        struct bulk_block *b;
        size_t used;
        ok = bulk_feed_next(&feed, &b, &w->err) &&
             join(&window, b, part->path, row, &w->err);
        if (!ok)
            break;
        if (n == 0)
            skip_byte_order_mark(&window);
        last = b->length == 0;
        ok = bulk_rows(w, file, 0, &row, window.at, window.length, last, &used);
        window.at += used;
        window.length -= used;
        bulk_progress(w->run, b->offset - offset);
        offset = b->offset;
    }
    bulk_feed_close(&feed);
    free(window.large);
    w->run->result->piece_rows[file->part][0] = row;
    return ok;
}
