#ifndef BILL_MAP_TEXT_H
#define BILL_MAP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * One value of a map that stands in a field: a JSON object or {key=value, k2=v2}.
 * Strings come unescaped, numbers and nested values as they are written. False,
 * with *out empty, when the key is not there, is null, or the text is no map.
 */
bool map_text_get(struct buf *out, const char *text, size_t length, const char *key);

#endif
