#include <string.h>

#include "csv_scan_kernel.h"

#ifdef __x86_64__
#include <emmintrin.h>

static inline uint64_t mask_of(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(a) |
           (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(c) << 32 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(d) << 48;
}

static inline __m128i load(const char *at, int part)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at + part);
}

static inline uint64_t equal(const char *at, char c)
{
    __m128i v = _mm_set1_epi8(c);
    return mask_of(_mm_cmpeq_epi8(load(at, 0), v), _mm_cmpeq_epi8(load(at, 1), v),
                   _mm_cmpeq_epi8(load(at, 2), v), _mm_cmpeq_epi8(load(at, 3), v));
}

static inline __m128i up_to(__m128i bytes, __m128i limit)
{
    return _mm_cmpeq_epi8(_mm_min_epu8(bytes, limit), bytes);
}

static inline struct scan_block scan_masks(const char *at, char separator)
{
    __m128i cr = _mm_set1_epi8('\r');
    return (struct scan_block){equal(at, '"'), equal(at, separator),
                               mask_of(up_to(load(at, 0), cr), up_to(load(at, 1), cr),
                                       up_to(load(at, 2), cr), up_to(load(at, 3), cr))};
}

static inline uint64_t scan_ends(const char *at)
{
    return equal(at, '\n') | equal(at, '\r');
}

static inline uint64_t scan_prefix(uint64_t bits)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        bits ^= bits << shift;
    return bits;
}

static inline unsigned scan_select(uint64_t bits, uint32_t n)
{
    while (n--)
        bits &= bits - 1;
    return (unsigned)__builtin_ctzll(bits);
}

#define SCAN csv_scan_sse2
#define SCAN_TARGET
#include "csv_scan_body.h"
#endif
