#include "base/sha256.h"

#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t rounds[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static void mix(uint32_t h[8], const uint8_t block[BLOCK])
{
    uint32_t w[ROUNDS], s[8];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
               (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (size_t i = 16; i < ROUNDS; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] +
               (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    memcpy(s, h, sizeof s);
    for (size_t i = 0; i < ROUNDS; i++) {
        uint32_t one = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
                       ((s[4] & s[5]) ^ (~s[4] & s[6])) + rounds[i] + w[i];
        uint32_t two = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                       ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(&s[1], &s[0], 7 * sizeof *s);
        s[4] += one;
        s[0] = one + two;
    }
    for (size_t i = 0; i < 8; i++)
        h[i] += s[i];
}

/* The end of the message: its last bytes, a one bit, zeros, and its length in bits. */
static void mix_end(uint32_t h[8], const uint8_t *left, size_t left_length, uint64_t length)
{
    uint8_t last[2 * BLOCK] = {0};
    size_t blocks = left_length < BLOCK - 8 ? 1 : 2;
    if (left_length)
        memcpy(last, left, left_length);
    last[left_length] = 0x80;
    for (size_t i = 0; i < 8; i++)
        last[blocks * BLOCK - 1 - i] = (uint8_t)(length * 8 >> (8 * i));
    for (size_t i = 0; i < blocks; i++)
        mix(h, last + i * BLOCK);
}

/* The digest of one block, where there is one, and the bytes behind it. */
static void digest(uint8_t out[SHA256_BYTES], const uint8_t *front, const uint8_t *bytes,
                   size_t length)
{
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                     0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    size_t whole = length / BLOCK;
    if (front)
        mix(h, front);
    for (size_t i = 0; i < whole; i++)
        mix(h, bytes + i * BLOCK);
    mix_end(h, bytes + whole * BLOCK, length % BLOCK, (front ? BLOCK : 0) + (uint64_t)length);
    for (size_t i = 0; i < SHA256_BYTES; i++)
        out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256(uint8_t out[SHA256_BYTES], const void *bytes, size_t length)
{
    digest(out, NULL, bytes, length);
}

void hmac_sha256(uint8_t out[SHA256_BYTES], const void *key, size_t key_length,
                 const void *bytes, size_t length)
{
    uint8_t inner[BLOCK] = {0}, outer[BLOCK], within[SHA256_BYTES];
    if (key_length > BLOCK)
        sha256(inner, key, key_length);
    else if (key_length)
        memcpy(inner, key, key_length);
    for (size_t i = 0; i < BLOCK; i++) {
        outer[i] = inner[i] ^ 0x5c;
        inner[i] ^= 0x36;
    }
    digest(within, inner, bytes, length);
    digest(out, outer, within, sizeof within);
}

char *sha256_hex(char out[SHA256_TEXT], const uint8_t bytes[SHA256_BYTES])
{
    for (size_t i = 0; i < SHA256_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return out;
}

char *sha256_text(char out[SHA256_TEXT], const void *bytes, size_t length)
{
    uint8_t hash[SHA256_BYTES];
    sha256(hash, bytes, length);
    return sha256_hex(out, hash);
}
