#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stdbool.h>

#include "base/err.h"

/*
 * A regular expression that a user wrote: POSIX extended (with \w, \s and \b), found
 * anywhere in a text. `.` ends at a line, ^ and $ are those of lines. "(?i)" in front
 * ignores case. Without what could take time or memory beyond the text's length: no
 * references back, no counts that multiply beyond 1,000.
 */
struct pattern;

/* Fails with what is wrong with it; the caller says where it stands. */
bool pattern_open(struct pattern **out, const char *text, struct err *err);
void pattern_free(struct pattern *pattern); /* NULL is fine */

enum { PATTERN_REACH = 4096 }; /* bytes of a text that are looked at */
bool pattern_finds(const struct pattern *pattern, const char *text);

#endif
