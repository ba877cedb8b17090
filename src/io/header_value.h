#ifndef IO_HEADER_VALUE_H
#define IO_HEADER_VALUE_H

#include <stddef.h>

/*
 * The value of a header line named `name` ("retry-after:"), its blanks in front left
 * out; NULL for another header. *left is its length, the line's end included.
 */
const char *header_value(const char *line, size_t length, const char *name, size_t *left);

#endif
