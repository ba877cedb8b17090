#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "csv_bulk.h"

/* For the piece up to that many bytes; they keep their place in a page. */
static void make_room(struct bulk_piece *p, size_t wanted)
{
    size_t offset = p->from % MEM_PAGE, needed = offset + wanted + BULK_PAD;
    if (needed > p->room) {
        char *larger = mem_alloc(MEM_PAGE + needed);
        if (p->length)
            memcpy(mem_first_page(larger) + offset, p->bytes, p->length);
        free(p->memory);
        p->memory = larger;
        p->room = needed;
    }
    p->bytes = mem_first_page(p->memory) + offset;
}

/*
 * A piece owns the rows that begin in it. Where the first one begins depends on
 * whether the piece starts inside quotes: the parity of all quotes before it.
 * Every worker counts its own piece's quotes first and passes the parity on, so
 * the state is known, not guessed, after one fast pass over bytes that the scan
 * needs in the cache anyway.
 */
static bool read_up_to(struct bulk_worker *w, const struct bulk_file *file, size_t wanted)
{
    struct bulk_piece *p = &w->piece;
    make_room(p, wanted);
    while (p->length < wanted) {
        ssize_t n = pread(file->fd, p->bytes + p->length, wanted - p->length,
                          (off_t)(p->from + p->length));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(&w->err, "%s: %s", w->run->job->parts[file->part].path,
                           strerror(errno));
        if (n == 0)
            break;
        p->length += (size_t)n;
    }
    return true;
}

/* Waits for the pieces before; false when the run was stopped meanwhile. */
static bool starts_in_quotes(struct bulk_worker *w, struct bulk_file *file, uint64_t piece,
                             bool own_parity, bool *inside)
{
    unsigned before = PARITY_EVEN;
    while (piece && !(before = atomic_load_explicit(&file->parity[piece - 1],
                                                    memory_order_acquire))) {
        if (atomic_load(&w->run->stop))
            return false;
        sched_yield();
    }
    *inside = before == PARITY_ODD;
    atomic_store_explicit(&file->parity[piece], *inside ^ own_parity ? PARITY_ODD : PARITY_EVEN,
                          memory_order_release);
    return true;
}

/* Behind the first end of a row from `from` on, or SIZE_MAX when there is none. */
static size_t behind_row_end(const struct bulk_piece *p, size_t from, bool inside)
{
    for (size_t i = from; i < p->length; i++) {
        char c = p->bytes[i];
        inside ^= c == '"';
        if (!inside && (c == '\n' || c == '\r'))
            return i + 1;
    }
    return SIZE_MAX;
}

/* The row that begins in this piece and ends behind it. */
static bool scan_last_row(struct bulk_worker *w, const struct bulk_file *file, uint32_t piece,
                          uint64_t *row, size_t start)
{
    struct bulk_piece *p = &w->piece;
    for (size_t ahead = 4096;; ahead *= 2) {
        if (p->end - start + ahead > BULK_ROW_LIMIT)
            return err_set(&w->err, "%s: a row is longer than %d bytes; is a quote not closed?",
                           w->run->job->parts[file->part].path, BULK_ROW_LIMIT);
        if (!read_up_to(w, file, p->end + ahead))
            return false;
        bool file_ends = p->length < p->end + ahead;
        size_t stop = behind_row_end(p, start, false), used;
        if (stop == SIZE_MAX && !file_ends)
            continue;
        if (stop == SIZE_MAX)
            stop = p->length;
        return bulk_rows(w, file, piece, row, p->bytes + start, stop - start, true, &used);
    }
}

bool bulk_read_piece(struct bulk_worker *w, struct bulk_file *file, uint64_t piece)
{
    struct bulk_piece *p = &w->piece;
    uint64_t start = piece * file->piece_bytes;
    size_t before = piece ? 1 : 0, used, at = 0;
    uint64_t row = 0;
    p->from = start - before;
    p->length = 0;
    p->end = (size_t)(file->size - p->from < file->piece_bytes + before
                          ? file->size - p->from : file->piece_bytes + before);
    if (!read_up_to(w, file, p->end))
        return false;
    if (p->length < p->end)
        return err_set(&w->err, "%s: became shorter while it was read",
                       w->run->job->parts[file->part].path);
    bool inside;
    if (!starts_in_quotes(w, file, piece, csv_quote_parity(p->bytes + before, p->end - before),
                          &inside))
        return false;
    if (piece)
        at = behind_row_end(p, 0, inside ^ (p->bytes[0] == '"'));
    else if (p->end >= 3 && !memcmp(p->bytes, "\xef\xbb\xbf", 3))
        at = 3;
    bool ok = true;
    if (at < p->end) {
        ok = bulk_rows(w, file, (uint32_t)piece, &row, p->bytes + at, p->end - at, false, &used);
        at += used;
    }
    if (ok && at < p->end)
        ok = scan_last_row(w, file, (uint32_t)piece, &row, at);
    w->run->result->piece_rows[file->part][piece] = row;
    bulk_progress(w->run, p->end - before);
    return ok;
}
