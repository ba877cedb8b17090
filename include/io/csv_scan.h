#ifndef IO_CSV_SCAN_H
#define IO_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The structure of CSV bytes, for bulk files: where rows end and where the
 * wanted columns lie, found 64 bytes at a time; other columns are counted, not
 * looked at. Reads nothing outside the bytes given. Rows and fields are those
 * of io/csv.h (libcsv without trimming): LF, CRLF and CR end a row, empty lines
 * are none, a quote inside an unquoted field is an ordinary byte.
 */
enum csv_kernel {
    CSV_KERNEL_PORTABLE,
    CSV_KERNEL_SSE2,
    CSV_KERNEL_AVX2,      /* and PCLMUL, BMI2 without a fast PDEP */
    CSV_KERNEL_AVX2_PDEP, /* and PCLMUL, BMI2 */
    CSV_KERNEL_AVX512,    /* all of the above and VBMI2 */
    CSV_KERNEL_NEON,
    CSV_KERNELS,
};

bool csv_kernel_available(enum csv_kernel kernel); /* built in, and this machine can run it */
enum csv_kernel csv_kernel_best(void);

enum {
    CSV_WANTED_MAX = 96,
    CSV_MARKS_MAX = 2 * CSV_WANTED_MAX + 1,
    CSV_MARK_WORDS = 16,
    CSV_BATCH_ROWS = 256,
};

/* Which columns of a file are wanted, compiled once per file. */
struct csv_plan {
    enum csv_kernel kernel;
    char separator;
    uint32_t wanted_count;
    uint32_t mark_count;
    uint32_t marks[CSV_MARKS_MAX + 1]; /* ordinals of the separators to note; an end marker */
    uint32_t mark_bits[CSV_MARK_WORDS]; /* the same, a bit each */
    uint32_t mark_words; /* of them in use; 0: the last mark lies further back */
    uint8_t begin[CSV_WANTED_MAX], end[CSV_WANTED_MAX]; /* of a wanted column, in `marks` */
};

/* `columns` (from 0, any order, at most CSV_WANTED_MAX) keep their order as fields 0, 1, ... */
void csv_plan_make(struct csv_plan *plan, enum csv_kernel kernel, char separator,
                   const uint32_t *columns, size_t count);

/* The rows of one batch; positions are offsets from `bytes`. */
struct csv_rows {
    const char *bytes;
    uint32_t count;
    uint32_t stride; /* of `marks`, a row */
    bool unclosed;   /* the input's end lies inside quotes */
    bool irregular;  /* a quote stood where a regular file has none */
    uint32_t *marks; /* [CSV_BATCH_ROWS][stride]: the row's first byte - 1, then the marks */
    uint32_t ends[CSV_BATCH_ROWS];         /* behind the row's last byte */
    uint32_t field_counts[CSV_BATCH_ROWS]; /* of the whole row */
};

void csv_rows_init(struct csv_rows *rows, const struct csv_plan *plan);
void csv_rows_release(struct csv_rows *rows);

/*
 * Fills a batch from the whole rows at the front of `bytes` (at most 4 GiB - 1),
 * which must begin a row. Returns the bytes used: up to the end of the last row
 * found. With `last` the end of the bytes ends a row too. Call again with the
 * rest until no row is found; then the rest needs more bytes behind it.
 */
size_t csv_scan(const struct csv_plan *plan, struct csv_rows *rows, const char *bytes,
                size_t length, bool last);

/* A field as it stands in the file, with its quotes if it has any. */
struct csv_view {
    const char *at;
    uint32_t length;
};

static inline struct csv_view csv_raw(const struct csv_plan *plan, const struct csv_rows *rows,
                                      size_t row, size_t field)
{
    const uint32_t *marks = rows->marks + row * rows->stride;
    uint32_t from = marks[plan->begin[field]] + 1, to = marks[plan->end[field]];
    return (struct csv_view){rows->bytes + from, from < to ? to - from : 0};
}

/* Is there such a field in this row? A short row ends before its last columns. */
static inline bool csv_has(const struct csv_plan *plan, const struct csv_rows *rows, size_t row,
                           size_t field)
{
    const uint32_t *marks = rows->marks + row * rows->stride;
    return marks[plan->begin[field]] + 1 <= marks[plan->end[field]];
}

/* A column that the plan does not note, looked for byte by byte: for rare rows only. */
struct csv_view csv_find(const struct csv_plan *plan, const struct csv_rows *rows, size_t row,
                         uint32_t column);

/*
 * Takes the quotes off. `room` holds the text where doubled quotes have to be
 * undone: at least raw.length bytes, never read outside of the result.
 */
struct csv_view csv_unquote(struct csv_view raw, char *room);

/* True when the count of quotes is odd: the state flips over these bytes. */
bool csv_quote_parity(const char *bytes, size_t length);

#endif
