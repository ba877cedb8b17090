#include <string.h>

#include "csv_scan_kernel.h"

#ifdef __aarch64__
#include <arm_neon.h>

static inline uint64_t mask_of(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bit = vld1q_u8(weights);
    uint8x16_t low = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    uint8x16_t high = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    uint8x16_t sum = vpaddq_u8(low, high);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

static inline uint8x16_t load(const char *at, int part)
{
    return vld1q_u8((const uint8_t *)at + 16 * part);
}

static inline uint64_t equal(const char *at, char c)
{
    uint8x16_t v = vdupq_n_u8((uint8_t)c);
    return mask_of(vceqq_u8(load(at, 0), v), vceqq_u8(load(at, 1), v),
                   vceqq_u8(load(at, 2), v), vceqq_u8(load(at, 3), v));
}

static inline struct scan_block scan_masks(const char *at, char separator)
{
    uint8x16_t cr = vdupq_n_u8('\r');
    return (struct scan_block){equal(at, '"'), equal(at, separator),
                               mask_of(vcleq_u8(load(at, 0), cr), vcleq_u8(load(at, 1), cr),
                                       vcleq_u8(load(at, 2), cr), vcleq_u8(load(at, 3), cr))};
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

#define SCAN csv_scan_neon
#define SCAN_TARGET
#include "csv_scan_body.h"
#endif
