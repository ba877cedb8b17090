#ifndef IO_STRICT_NEAR_H
#define IO_STRICT_NEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "io/strict.h"

/* The key that was probably meant; NULL when none is near. */
const char *near_key(const struct strict_field *fields, const char *written);

/* The same among "a|b|c". */
bool near_choice(char *out, size_t size, const char *choices, const char *written);

#endif
