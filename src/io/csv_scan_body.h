/*
 * The scan, written once. A kernel defines before including this file:
 *   SCAN            the function's name
 *   SCAN_TARGET     the attribute that switches its instructions on
 *   scan_masks()    64 bytes -> bit masks of quotes, separators, bytes <= CR
 *   scan_ends()     64 bytes -> bit mask of LF and CR
 *   scan_prefix()   bit i of the result: parity of bits 0..i
 *   scan_select()   position of the n-th set bit (from 0)
 */

#include "csv_scan_quotes.h"

struct scan_state {
    struct scan_quotes quotes;
    uint32_t separators, reached;
    uint32_t before_next; /* separators in front of the next one to note */
    size_t row_start;
    uint32_t *marks; /* of the row */
};

SCAN_INLINE void scan_begin_row(const struct csv_plan *plan, const struct csv_rows *rows,
                                struct scan_state *s, size_t start)
{
    s->row_start = start;
    s->separators = s->reached = 0;
    s->before_next = plan->marks[0];
    s->marks = csv_row_marks(rows);
    s->marks[0] = (uint32_t)start - 1;
}

SCAN_INLINE void scan_note(const struct csv_plan *plan, struct scan_state *s,
                           uint64_t separators, size_t at)
{
    uint32_t n = (uint32_t)__builtin_popcountll(separators);
    while (s->before_next < n) {
        s->marks[s->reached + 1] = (uint32_t)at + scan_select(separators, s->before_next);
        s->reached++;
        s->before_next = plan->marks[s->reached] - s->separators;
    }
    s->before_next -= n;
    s->separators += n;
}

/* Ends the rows of a block; false when the batch is full. */
SCAN_INLINE bool scan_rows_of_block(const struct csv_plan *plan, struct csv_rows *rows,
                                    struct scan_state *s, uint64_t separators, uint64_t ends,
                                    size_t at)
{
    while (ends) {
        uint64_t below = ends ^ (ends - 1); /* up to and with the lowest end */
        size_t end = at + (size_t)__builtin_ctzll(ends);
        scan_note(plan, s, separators & below, at);
        if (end > s->row_start)
            csv_row_finish(plan, rows, s->marks, s->reached, s->separators, end);
        separators &= ~below;
        ends &= ends - 1;
        if (rows->count == CSV_BATCH_ROWS) {
            s->row_start = end + 1;
            return false;
        }
        scan_begin_row(plan, rows, s, end + 1);
    }
    scan_note(plan, s, separators, at);
    return true;
}

/* The valid bytes of a block; false at an irregular quote or when the batch is full. */
SCAN_INLINE bool scan_one(const struct csv_plan *plan, struct csv_rows *rows,
                          struct scan_state *s, const char *block, size_t at, uint64_t valid,
                          bool *irregular)
{
    struct scan_block b = scan_masks(block, plan->separator);
    uint64_t wrong = scan_unquoted(&s->quotes, &b, block, valid);
    if (__builtin_expect(wrong != 0, 0)) {
        uint64_t before = (wrong & -wrong) - 1;
        *irregular = scan_rows_of_block(plan, rows, s, b.separators & before,
                                        b.controls & before, at);
        return false;
    }
    if (__builtin_expect(b.controls != 0, 0))
        return scan_rows_of_block(plan, rows, s, b.separators, b.controls, at);
    scan_note(plan, s, b.separators, at);
    return true;
}

SCAN_TARGET size_t SCAN(const struct csv_plan *plan, struct csv_rows *rows, const char *bytes,
                        size_t length, size_t from, bool last, bool *irregular)
{
    struct scan_state s = {.quotes.opens = 1};
    scan_begin_row(plan, rows, &s, from);
    size_t at = from;
    for (; length - at >= 64; at += 64)
        if (!scan_one(plan, rows, &s, bytes + at, at, ~(uint64_t)0, irregular))
            return s.row_start;
    if (at < length) {
        char padded[64] = {0};
        memcpy(padded, bytes + at, length - at);
        if (!scan_one(plan, rows, &s, padded, at, ((uint64_t)1 << (length - at)) - 1, irregular))
            return s.row_start;
    }
    if (last && s.row_start < length) {
        rows->unclosed = s.quotes.in_quotes != 0;
        csv_row_finish(plan, rows, s.marks, s.reached, s.separators, length);
        return length;
    }
    return s.row_start;
}
