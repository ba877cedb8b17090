#include "xxh32.h"

static const uint32_t P1 = 0x9E3779B1u, P2 = 0x85EBCA77u, P3 = 0xC2B2AE3Du, P4 = 0x27D4EB2Fu,
                      P5 = 0x165667B1u;

static uint32_t rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static uint32_t word_at(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t lanes(const unsigned char **p, const unsigned char *end, uint32_t seed)
{
    uint32_t lane[4] = {seed + P1 + P2, seed + P2, seed, seed - P1};
    for (; end - *p >= 16; *p += 16)
        for (int i = 0; i < 4; i++)
            lane[i] = rotate(lane[i] + word_at(*p + 4 * i) * P2, 13) * P1;
    return rotate(lane[0], 1) + rotate(lane[1], 7) + rotate(lane[2], 12) + rotate(lane[3], 18);
}

uint32_t xxh32(const void *bytes, size_t length, uint32_t seed)
{
    const unsigned char *p = bytes, *end = p + length;
    uint32_t h = (length >= 16 ? lanes(&p, end, seed) : seed + P5) + (uint32_t)length;
    for (; end - p >= 4; p += 4)
        h = rotate(h + word_at(p) * P3, 17) * P4;
    for (; p < end; p++)
        h = rotate(h + *p * P5, 11) * P1;
    h = (h ^ h >> 15) * P2;
    h = (h ^ h >> 13) * P3;
    return h ^ h >> 16;
}
