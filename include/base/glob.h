#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>

/* '*' is any run of characters, '?' any one; all else, '[' too, is itself. Linear time. */
bool glob_match(const char *pattern, const char *text);
bool glob_match_nocase(const char *pattern, const char *text);
bool glob_has_wildcard(const char *pattern);

#endif
