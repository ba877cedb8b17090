#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes in words, for the inner loops of readers. Nothing here looks for an end. */

static inline uint64_t bytes_load8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, 8);
    return le64toh(word); /* at[0] is the lowest byte on every machine */
}

static inline uint64_t bytes_repeat(char c)
{
    return (unsigned char)c * UINT64_C(0x0101010101010101);
}

/* The high bit of every byte that is 0; of bytes above the lowest of them it may lie. */
static inline uint64_t bytes_zeros(uint64_t word)
{
    return (word - bytes_repeat(1)) & ~word & bytes_repeat((char)0x80);
}

/* Bit i tells whether at[i] is c, of 64 bytes that all may be read. */
static inline uint64_t bytes_equal64(const char *at, char c)
{
    uint64_t mask = 0;
#ifdef __SSE2__
    const __m128i *lanes = (const __m128i *)(const void *)at, wanted = _mm_set1_epi8(c);
    for (int i = 0; i < 4; i++) {
        __m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128(lanes + i), wanted);
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(equal) << (16 * i);
    }
#else
    for (int i = 0; i < 64; i++)
        mask |= (uint64_t)(at[i] == c) << i;
#endif
    return mask;
}

/* Whether two texts of the same length are equal; for short ones, without a call. */
static inline bool bytes_same(const char *a, const char *b, size_t length)
{
    size_t i = 0;
    if (length < 8) {
        while (i < length && a[i] == b[i])
            i++;
        return i == length;
    }
    for (; i + 8 < length; i += 8)
        if (bytes_load8(a + i) != bytes_load8(b + i))
            return false;
    return bytes_load8(a + length - 8) == bytes_load8(b + length - 8);
}

/* Eight digits, each as its value in a byte, the first one lowest; false when one is none. */
static inline bool bytes_join_digits(uint64_t *out, uint64_t digits)
{
    if ((digits | (digits + bytes_repeat(0x76))) & bytes_repeat((char)0x80))
        return false;
    digits = digits * 10 + (digits >> 8); /* pairs, in every other byte */
    *out = ((digits & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
            (digits >> 16 & UINT64_C(0xff000000ff)) * UINT64_C(0x271000000001)) >>
           32;
    return true;
}

/* 1 to 16 digits and nothing else. Eight bytes from `at` on may be read, whatever the length.
 */
static inline bool bytes_number(uint64_t *out, const char *at, size_t length)
{
    uint64_t high = 0;
    if (length - 1 > 15)
        return false;
    if (length > 8) {
        size_t front = length - 8;
        if (!bytes_join_digits(&high, (bytes_load8(at) ^ bytes_repeat('0'))
                                          << (64 - 8 * front)))
            return false;
        high *= 100000000;
        at += front;
        length = 8;
    }
    if (!bytes_join_digits(out, (bytes_load8(at) ^ bytes_repeat('0')) << (64 - 8 * length)))
        return false;
    *out += high;
    return true;
}

/* Of the ends and the middle: enough for a table that compares and forgets on collision. */
static inline uint32_t bytes_hash(const char *text, size_t length)
{
    uint64_t h = length;
    if (length < 8) {
        for (size_t i = 0; i < length; i++)
            h = h * 31 + (unsigned char)text[i];
    } else {
        h = (h ^ bytes_load8(text)) * 0x9e3779b97f4a7c15u;
        h = (h ^ (h >> 29) ^ bytes_load8(text + (length - 8) / 2)) * 0xbf58476d1ce4e5b9u;
        h = (h ^ (h >> 32) ^ bytes_load8(text + length - 8)) * 0x9e3779b97f4a7c15u;
    }
    return (uint32_t)(h >> 32) ^ (uint32_t)(h >> 54); /* the top bits depend on all others */
}

#endif
