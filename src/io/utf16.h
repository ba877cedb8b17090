#ifndef IO_UTF16_H
#define IO_UTF16_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum utf16_order { UTF16_NONE, UTF16_LITTLE, UTF16_BIG };

/* By byte order mark, or by a NUL beside the first character, which is ASCII in JSON. */
enum utf16_order utf16_order_of(const char *text, size_t length);

/* Without the byte order mark. False for a lone surrogate or half a unit, at *bad_at. */
bool utf16_to_utf8(struct buf *out, const char *text, size_t length, enum utf16_order order,
                   size_t *bad_at);

#endif
