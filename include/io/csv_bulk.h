#ifndef IO_CSV_BULK_H
#define IO_CSV_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "io/csv_scan.h"

/*
 * Many large CSV files at once: one worker a file at a time, a plain file in pieces for
 * all workers. The last files are read by turns, so that all end together; a worker that then
 * finds none left unpacks for one that scans. A byte order mark and the header row are not
 * handed out. A file that is cut off or damaged fails the whole run.
 */
struct csv_part {
    const char *path;
    const char *text; /* the content itself; NULL: read it from `path` */
    size_t text_length;
    struct csv_plan plan;
    bool whole; /* never in pieces: set by csv_bulk_run() for a file with irregular quotes */
};

/* Rows [first, rows->count) of a batch. Fields may be read up to 64 bytes past their end. */
struct csv_batch {
    const struct csv_plan *plan;
    const struct csv_rows *rows;
    size_t first;
    uint32_t part, piece;
    uint64_t row; /* in the piece, of rows[0] */
};

typedef bool csv_batch_fn(void *worker, const struct csv_batch *batch, struct err *err);

struct csv_bulk {
    struct csv_part *parts;
    size_t part_count;
    unsigned threads; /* at least 1 */
    void *const *workers; /* one context a thread */
    csv_batch_fn *on_batch;
    size_t piece_bytes; /* 0: 256 KiB */
    /* Bytes of input read so far, and in all; from any thread, one at a time; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t all);
    void *progress_context;
};

/* How many rows came from each piece, to turn (part, piece, row) into a row number. */
struct csv_bulk_result {
    uint64_t **piece_rows; /* [part][piece] */
    size_t part_count;
    uint64_t bytes; /* of CSV, decompressed */
};

enum csv_bulk_status { CSV_BULK_DONE, CSV_BULK_FAILED, CSV_BULK_AGAIN };

/*
 * CSV_BULK_AGAIN: a file cut in pieces turned out to have irregular quotes, so
 * some rows may have been cut wrongly. Its `whole` is set now: forget what the
 * workers have and run again. Happens at most once per file.
 */
enum csv_bulk_status csv_bulk_run(const struct csv_bulk *job, struct csv_bulk_result *out,
                                  struct err *err);
void csv_bulk_result_release(struct csv_bulk_result *result);

/* The row's number in its file; the header is row 1. */
uint64_t csv_bulk_row_number(const struct csv_bulk_result *result, uint32_t part,
                             uint32_t piece, uint64_t row);

#endif
