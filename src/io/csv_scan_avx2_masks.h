/* What both AVX2 kernels share; included where SCAN_TARGET is defined. */
#include <immintrin.h>

#define MASKS SCAN_TARGET static inline __attribute__((always_inline))

MASKS __m256i load(const char *at, int part)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at + part);
}

MASKS uint64_t mask_of(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

MASKS uint64_t equal(__m256i low, __m256i high, char c)
{
    __m256i v = _mm256_set1_epi8(c);
    return mask_of(_mm256_cmpeq_epi8(low, v), _mm256_cmpeq_epi8(high, v));
}

MASKS struct scan_block scan_masks(const char *at, char separator)
{
    __m256i low = load(at, 0), high = load(at, 1), cr = _mm256_set1_epi8('\r');
    return (struct scan_block){
        equal(low, high, '"'), equal(low, high, separator),
        mask_of(_mm256_cmpeq_epi8(_mm256_min_epu8(low, cr), low),
                _mm256_cmpeq_epi8(_mm256_min_epu8(high, cr), high))};
}

MASKS uint64_t scan_ends(const char *at)
{
    return equal(load(at, 0), load(at, 1), '\n') | equal(load(at, 0), load(at, 1), '\r');
}

MASKS uint64_t scan_prefix(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                                           _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}
