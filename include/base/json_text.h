#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/node.h"

/*
 * The one place where JSON is written. Strings are escaped so that the text is
 * plain ASCII apart from valid UTF-8; bytes that are not UTF-8 become U+FFFD.
 * NODE_UNKNOWN and sensitive values are written as null.
 */
void json_write(struct buf *out, const struct node *n, bool indented);
void json_write_string(struct buf *out, const char *bytes, size_t length); /* with quotes */

#endif
