#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_TEXT = 65 };

void sha256(uint8_t out[SHA256_BYTES], const void *bytes, size_t length); /* FIPS 180-4 */
/* The keyed hash of RFC 2104 with SHA-256. */
void hmac_sha256(uint8_t out[SHA256_BYTES], const void *key, size_t key_length,
                 const void *bytes, size_t length);
/* A digest as 64 lower-case hexadecimal digits; returns out. */
char *sha256_hex(char out[SHA256_TEXT], const uint8_t digest[SHA256_BYTES]);

/* The digest of the bytes as text; returns out. */
char *sha256_text(char out[SHA256_TEXT], const void *bytes, size_t length);

#endif
