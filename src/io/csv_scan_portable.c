#include <string.h>

#include "csv_scan_kernel.h"

#define ONES 0x0101010101010101u
#define HIGH (ONES << 7)

/* The high bit of each byte becomes a bit of the result, in the order of memory. */
static inline uint64_t gather(uint64_t high_bits)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    high_bits = __builtin_bswap64(high_bits);
#endif
    return ((high_bits >> 7) * 0x0102040810204080u) >> 56;
}

static inline uint64_t bytes_equal(uint64_t word, unsigned char c)
{
    uint64_t x = word ^ (ONES * c);
    return ~(((x & ~HIGH) + ~HIGH) | x) & HIGH;
}

static inline uint64_t bytes_up_to_cr(uint64_t word)
{
    return ~(((word & ~HIGH) + ONES * (0x7f - '\r')) | word) & HIGH;
}

static inline uint64_t load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline struct scan_block scan_masks(const char *at, char separator)
{
    struct scan_block b = {0, 0, 0};
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word = load(at + 8 * i);
        b.quotes |= gather(bytes_equal(word, '"')) << 8 * i;
        b.separators |= gather(bytes_equal(word, (unsigned char)separator)) << 8 * i;
        b.controls |= gather(bytes_up_to_cr(word)) << 8 * i;
    }
    return b;
}

static inline uint64_t scan_ends(const char *at)
{
    uint64_t ends = 0;
    for (unsigned i = 0; i < 8; i++) {
        uint64_t word = load(at + 8 * i);
        ends |= gather(bytes_equal(word, '\n') | bytes_equal(word, '\r')) << 8 * i;
    }
    return ends;
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

#define SCAN csv_scan_portable
#define SCAN_TARGET
#include "csv_scan_body.h"
