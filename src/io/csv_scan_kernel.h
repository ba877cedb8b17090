#ifndef IO_CSV_SCAN_KERNEL_H
#define IO_CSV_SCAN_KERNEL_H

#include "io/csv_scan.h"

/*
 * One kernel's scan, beginning with the row at `from`. Returns the end of the
 * rows found. *irregular is set when the row there needs the careful reader:
 * it has a quote where a regular file has none.
 */
typedef size_t csv_scan_fn(const struct csv_plan *plan, struct csv_rows *rows,
                           const char *bytes, size_t length, size_t from, bool last,
                           bool *irregular);

csv_scan_fn csv_scan_portable, csv_scan_sse2, csv_scan_avx2, csv_scan_avx2_pdep, csv_scan_avx512,
    csv_scan_neon;

enum { CSV_MARKS_SLACK = 16 }; /* that may be written behind a row's marks */

/* What 64 bytes hold, a bit each. */
struct scan_block {
    uint64_t quotes, separators, controls; /* controls: bytes up to CR, a superset of row ends */
};

/* Row bookkeeping, the same for every kernel. */
static inline uint32_t *csv_row_marks(const struct csv_rows *rows)
{
    return rows->marks + (size_t)rows->count * rows->stride;
}

/* Ends the row at `end`; marks that were not reached are set behind it. */
static inline void csv_row_finish(const struct csv_plan *plan, struct csv_rows *rows,
                                  uint32_t *marks, uint32_t reached, uint32_t separators,
                                  size_t end)
{
    for (uint32_t m = reached; m < plan->mark_count; m++)
        marks[m + 1] = (uint32_t)end;
    rows->ends[rows->count] = (uint32_t)end;
    rows->field_counts[rows->count++] = separators + 1;
}

#endif
