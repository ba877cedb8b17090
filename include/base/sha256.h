#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>

enum { SHA256_TEXT = 65 };

/* The digest (FIPS 180-4) as 64 lower-case hexadecimal digits; returns out. */
char *sha256_text(char out[SHA256_TEXT], const void *bytes, size_t length);

#endif
