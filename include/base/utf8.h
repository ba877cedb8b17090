#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Length of the UTF-8 sequence at the front of `left` bytes; 0 when there is none: cut off,
   overlong, a surrogate, or beyond U+10FFFF. */
size_t utf8_length(const char *bytes, size_t left);

#endif
