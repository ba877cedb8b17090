#include <string.h>

#include "csv_scan_kernel.h"

/*
 * The positions of all separators are noted first, 32 at a time, rows are made of them
 * after: the text decides no branch but rare ones, of which the other kernels mispredict
 * about one in two blocks. Only VBMI2 can turn a mask into positions that fast.
 */
#ifdef __x86_64__
#include <immintrin.h>

#define SCAN_TARGET                                                                        \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,pclmul,bmi,bmi2,popcnt")))
#define MASKS SCAN_TARGET static inline __attribute__((always_inline))

MASKS uint64_t equal(__m512i bytes, char c)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c));
}

MASKS struct scan_block scan_masks(const char *at, char separator)
{
    __m512i bytes = _mm512_loadu_si512(at);
    return (struct scan_block){equal(bytes, '"'), equal(bytes, separator),
                               equal(bytes, '\n') | equal(bytes, '\r')};
}

/* The masks have no other controls. */
MASKS uint64_t scan_ends(const char *at)
{
    (void)at;
    return ~(uint64_t)0;
}

MASKS uint64_t scan_prefix(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                                           _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

#include "csv_scan_quotes.h"

/* A stretch begins a row; its positions fit 16 bits, its text the first cache. */
enum { BLOCK = 64, STRETCH = 32 * 1024, ENDS = CSV_BATCH_ROWS };

struct structure {
    uint16_t *positions; /* of separators and ends of rows; room for a block more */
    uint16_t *ends;      /* which of them end a row; the same */
    uint32_t count, end_count;
};

MASKS void store32(uint16_t *to, __m256i positions, size_t base)
{
    _mm512_storeu_si512(to, _mm512_add_epi16(_mm512_cvtepu8_epi16(positions),
                                             _mm512_set1_epi16((short)base)));
}

/* Few blocks have more than 32. */
MASKS void note_positions(uint16_t *to, uint64_t bits, size_t base)
{
    static const unsigned char numbers[BLOCK] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    __m512i set = _mm512_maskz_compress_epi8(bits, _mm512_loadu_si512(numbers));
    store32(to, _mm512_castsi512_si256(set), base);
    if (__builtin_expect(__builtin_popcountll(bits) > 32, 0))
        store32(to + 32, _mm512_extracti64x4_epi64(set, 1), base);
}

/* The number of the lowest end among all positions, of which `count` came before. */
MASKS uint16_t ordinal(uint32_t count, uint64_t marks, uint64_t ends)
{
    uint64_t below = (ends & -ends) - 1;
    return (uint16_t)(count + (uint32_t)__builtin_popcountll(marks & below));
}

MASKS void note(struct structure *s, uint64_t separators, uint64_t ends, size_t at)
{
    uint64_t marks = separators | ends;
    note_positions(s->positions + s->count, marks, at);
    for (; __builtin_expect(ends != 0, 0); ends &= ends - 1)
        s->ends[s->end_count++] = ordinal(s->count, marks, ends);
    s->count += (uint32_t)__builtin_popcountll(marks);
}

/* The valid bytes of a block; false at an irregular quote. */
MASKS bool note_block(struct structure *s, struct scan_quotes *quotes, const char *block,
                      char separator, size_t at, uint64_t valid)
{
    struct scan_block b = scan_masks(block, separator);
    uint64_t wrong = scan_unquoted(quotes, &b, block, valid);
    if (__builtin_expect(wrong != 0, 0)) {
        uint64_t before = (wrong & -wrong) - 1;
        b.separators &= before;
        b.controls &= before;
    }
    note(s, b.separators, b.controls, at);
    return !wrong;
}

/* Of a stretch, or of as much of it as has the rows of a batch. */
SCAN_TARGET static bool note_stretch(struct structure *out, const char *bytes, size_t length,
                                     char separator)
{
    struct structure s = {out->positions, out->ends, 0, 0}; /* stays in registers */
    struct scan_quotes quotes = {.opens = 1};
    bool regular = true;
    size_t at = 0;
    for (; regular && length - at >= BLOCK && s.end_count < ENDS; at += BLOCK)
        regular = note_block(&s, &quotes, bytes + at, separator, at, ~(uint64_t)0);
    if (regular && at < length && s.end_count < ENDS) {
        char padded[BLOCK] = {0};
        memcpy(padded, bytes + at, length - at);
        regular = note_block(&s, &quotes, padded, separator, at,
                             ((uint64_t)1 << (length - at)) - 1);
    }
    *out = s;
    return regular;
}

MASKS void store16(uint32_t *to, __m256i positions, size_t base)
{
    _mm512_storeu_si512(to, _mm512_add_epi32(_mm512_cvtepu16_epi32(positions),
                                             _mm512_set1_epi32((int)base)));
}

/* Of a row that has them all. Up to CSV_MARKS_SLACK more are written behind them. */
SCAN_TARGET static void pick_marks(uint32_t *marks, const struct csv_plan *plan,
                                   const uint16_t *positions, size_t stretch)
{
    for (uint32_t i = 0; i < plan->mark_words; i++) {
        uint32_t bits = plan->mark_bits[i], count = (uint32_t)__builtin_popcount(bits);
        __m512i all = _mm512_loadu_si512(positions + i * 32);
        __m512i picked = _mm512_maskz_compress_epi16(bits, all);
        store16(marks, _mm512_castsi512_si256(picked), stretch);
        if (count > 16)
            store16(marks + 16, _mm512_extracti64x4_epi64(picked, 1), stretch);
        marks += count;
    }
}

/* Marks that the row does not reach are set behind it. */
static void make_row(const struct csv_plan *plan, struct csv_rows *rows, size_t start,
                     size_t stretch, const uint16_t *positions, uint32_t separators)
{
    uint32_t *marks = csv_row_marks(rows), reached = plan->mark_count;
    while (reached > 0 && plan->marks[reached - 1] >= separators)
        reached--;
    marks[0] = (uint32_t)start - 1;
    if (reached == plan->mark_count && plan->mark_words)
        pick_marks(marks + 1, plan, positions, stretch);
    else
        for (uint32_t m = 0; m < reached; m++)
            marks[m + 1] = (uint32_t)stretch + positions[plan->marks[m]];
    csv_row_finish(plan, rows, marks, reached, separators, stretch + positions[separators]);
}

/* The rows that ended; where the next one begins. */
static size_t make_rows(const struct csv_plan *plan, struct csv_rows *rows,
                        const struct structure *s, size_t stretch)
{
    size_t start = stretch;
    uint32_t first = 0;
    for (uint32_t i = 0; i < s->end_count && rows->count < CSV_BATCH_ROWS; i++) {
        size_t end = stretch + s->positions[s->ends[i]];
        if (end > start)
            make_row(plan, rows, start, stretch, s->positions + first, s->ends[i] - first);
        start = end + 1;
        first = s->ends[i] + 1u;
    }
    return start;
}

/*
 * The rows of one stretch, whose text is then still in the first cache. A row without an
 * end, or longer than a stretch, is left to the kernel that takes any.
 */
size_t csv_scan_avx512(const struct csv_plan *plan, struct csv_rows *rows, const char *bytes,
                       size_t length, size_t from, bool last, bool *irregular)
{
    uint16_t positions[STRETCH + BLOCK], ends[ENDS + BLOCK];
    struct structure s = {positions, ends, 0, 0};
    for (size_t next;; from = next) {
        size_t stretch = length - from < STRETCH ? length - from : STRETCH;
        bool regular = note_stretch(&s, bytes + from, stretch, plan->separator);
        next = make_rows(plan, rows, &s, from);
        *irregular = !regular && rows->count < CSV_BATCH_ROWS;
        if (rows->count || !regular)
            return next;
        if (next == from)
            return csv_scan_avx2_pdep(plan, rows, bytes, length, from, last, irregular);
    }
}
#endif
