#include "io/csv_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "csv_scan_kernel.h"

#ifdef __x86_64__
static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
}

static bool has_fast_pdep(void)
{
    return has_avx2() && !__builtin_cpu_is("znver1") && !__builtin_cpu_is("znver2") &&
           !__builtin_cpu_is("bdver4");
}

static bool has_avx512(void)
{
    return has_fast_pdep() && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vbmi2");
}
#endif

static bool always(void)
{
    return true;
}

/* In the order of the enum: a later one that is available is the better one. */
static const struct {
    csv_scan_fn *scan;
    bool (*available)(void);
} kernels[CSV_KERNELS] = {
    [CSV_KERNEL_PORTABLE] = {csv_scan_portable, always},
#ifdef __x86_64__
    [CSV_KERNEL_SSE2] = {csv_scan_sse2, always},
    [CSV_KERNEL_AVX2] = {csv_scan_avx2, has_avx2},
    [CSV_KERNEL_AVX2_PDEP] = {csv_scan_avx2_pdep, has_fast_pdep},
    [CSV_KERNEL_AVX512] = {csv_scan_avx512, has_avx512},
#endif
#ifdef __aarch64__
    [CSV_KERNEL_NEON] = {csv_scan_neon, always},
#endif
};

bool csv_kernel_available(enum csv_kernel kernel)
{
    return kernel < CSV_KERNELS && kernels[kernel].scan && kernels[kernel].available();
}

enum csv_kernel csv_kernel_best(void)
{
    enum csv_kernel best = CSV_KERNEL_PORTABLE;
    for (unsigned k = 0; k < CSV_KERNELS; k++)
        if (csv_kernel_available((enum csv_kernel)k))
            best = (enum csv_kernel)k;
    return best;
}

static uint8_t mark_of(const struct csv_plan *plan, uint32_t separator)
{
    uint8_t m = 0;
    while (plan->marks[m] != separator)
        m++;
    return (uint8_t)(m + 1); /* marks[0] of a row is its beginning */
}

static void set_mark_bits(struct csv_plan *plan)
{
    uint32_t words = plan->mark_count ? plan->marks[plan->mark_count - 1] / 32 + 1 : 0;
    if (words > CSV_MARK_WORDS)
        return;
    plan->mark_words = words;
    for (uint32_t m = 0; m < plan->mark_count; m++)
        plan->mark_bits[plan->marks[m] / 32] |= (uint32_t)1 << plan->marks[m] % 32;
}

void csv_plan_make(struct csv_plan *plan, enum csv_kernel kernel, char separator,
                   const uint32_t *columns, size_t count)
{
    *plan = (struct csv_plan){.kernel = kernel, .separator = separator};
    plan->wanted_count = (uint32_t)count;
    uint32_t all[2 * CSV_WANTED_MAX];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (columns[i] > 0)
            all[n++] = columns[i] - 1;
        all[n++] = columns[i];
    }
    qsort(all, n, sizeof *all, order_uint32);
    for (size_t i = 0; i < n; i++)
        if (!plan->mark_count || plan->marks[plan->mark_count - 1] != all[i])
            plan->marks[plan->mark_count++] = all[i];
    plan->marks[plan->mark_count] = UINT32_MAX;
    set_mark_bits(plan);
    for (size_t i = 0; i < count; i++) {
        plan->begin[i] = columns[i] ? mark_of(plan, columns[i] - 1) : 0;
        plan->end[i] = mark_of(plan, columns[i]);
    }
}

void csv_rows_init(struct csv_rows *rows, const struct csv_plan *plan)
{
    *rows = (struct csv_rows){.stride = plan->mark_count + 1};
    size_t marks = (size_t)rows->stride * CSV_BATCH_ROWS + CSV_MARKS_SLACK;
    rows->marks = mem_alloc(sizeof *rows->marks * marks);
}

void csv_rows_release(struct csv_rows *rows)
{
    free(rows->marks);
    rows->marks = NULL;
}

enum place { FIELD_START, UNQUOTED, QUOTED, BEHIND_QUOTE };

/* One row byte by byte, by libcsv's rules for any quote. False: its end is not there yet. */
static bool careful_row(const struct csv_plan *plan, struct csv_rows *rows, const char *bytes,
                        size_t length, size_t *from, bool last)
{
    size_t start = *from;
    while (start < length && (bytes[start] == '\n' || bytes[start] == '\r'))
        start++;
    uint32_t *marks = csv_row_marks(rows), separators = 0, reached = 0;
    enum place place = FIELD_START;
    marks[0] = (uint32_t)start - 1;
    for (size_t i = start; i < length; i++) {
        char c = bytes[i];
        if (place == QUOTED) {
            place = c == '"' ? BEHIND_QUOTE : QUOTED;
        } else if (c == plan->separator) {
            if (plan->marks[reached] == separators)
                marks[++reached] = (uint32_t)i;
            separators++;
            place = FIELD_START;
        } else if (c == '\n' || c == '\r') {
            csv_row_finish(plan, rows, marks, reached, separators, i);
            *from = i + 1;
            return true;
        } else if (place == BEHIND_QUOTE || (place == FIELD_START && c == '"')) {
            place = QUOTED;
        } else {
            place = UNQUOTED;
        }
    }
    if (!last)
        return false;
    rows->unclosed = place == QUOTED;
    csv_row_finish(plan, rows, marks, reached, separators, length);
    *from = length;
    return true;
}

size_t csv_scan(const struct csv_plan *plan, struct csv_rows *rows, const char *bytes,
                size_t length, bool last)
{
    rows->bytes = bytes;
    rows->count = 0;
    rows->unclosed = rows->irregular = false;
    for (size_t at = 0;;) {
        bool irregular = false;
        at = kernels[plan->kernel].scan(plan, rows, bytes, length, at, last, &irregular);
        rows->irregular |= irregular;
        if (!irregular || !careful_row(plan, rows, bytes, length, &at, last) ||
            rows->count == CSV_BATCH_ROWS || at == length)
            return at;
    }
}

struct csv_view csv_find(const struct csv_plan *plan, const struct csv_rows *rows, size_t row,
                         uint32_t column)
{
    const char *p = rows->bytes + (uint32_t)(rows->marks[row * rows->stride] + 1);
    const char *end = rows->bytes + rows->ends[row], *field = p;
    enum place place = FIELD_START;
    for (; p < end; p++) {
        if (place == QUOTED) {
            place = *p == '"' ? BEHIND_QUOTE : QUOTED;
        } else if (*p == plan->separator) {
            if (column-- == 0)
                break;
            field = p + 1;
            place = FIELD_START;
        } else if (place == BEHIND_QUOTE || (place == FIELD_START && *p == '"')) {
            place = QUOTED;
        } else {
            place = UNQUOTED;
        }
    }
    if (p == end && column > 0)
        field = end;
    return (struct csv_view){field, (uint32_t)(p - field)};
}

struct csv_view csv_unquote(struct csv_view raw, char *room)
{
    if (!raw.length || raw.at[0] != '"')
        return raw;
    const char *p = raw.at + 1, *end = raw.at + raw.length;
    const char *quote = memchr(p, '"', (size_t)(end - p));
    if (!quote || quote + 1 == end)
        return (struct csv_view){p, (uint32_t)((quote ? quote : end) - p)};
    char *to = room;
    while (p < end) {
        if (*p == '"') {
            if (p + 1 == end)
                break;
            if (p[1] == '"')
                p++;
        }
        *to++ = *p++;
    }
    return (struct csv_view){room, (uint32_t)(to - room)};
}

bool csv_quote_parity(const char *bytes, size_t length)
{
    typedef char lanes __attribute__((vector_size(16)));
    const lanes quote = (lanes){0} + '"';
    lanes flips[4] = {{0}, {0}, {0}, {0}};
    size_t at = 0;
    for (; at + sizeof flips <= length; at += sizeof flips) {
        lanes v[4];
        memcpy(v, bytes + at, sizeof v);
        for (unsigned i = 0; i < 4; i++)
            flips[i] ^= (lanes)(v[i] == quote);
    }
    flips[0] ^= flips[1] ^ flips[2] ^ flips[3];
    uint64_t words[2];
    memcpy(words, &flips[0], sizeof words);
    bool odd = __builtin_popcountll((words[0] ^ words[1]) & 0x0101010101010101u) & 1;
    for (; at < length; at++)
        odd ^= bytes[at] == '"';
    return odd;
}
