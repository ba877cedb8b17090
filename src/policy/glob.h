#ifndef POLICY_GLOB_H
#define POLICY_GLOB_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/node.h"

/* IAM's wildcards: * is any text, ? one character. */
bool glob_matches(const char *pattern, const char *text, bool ignore_case);
/* A pattern, or a list of patterns of which one matches. */
bool glob_any(const struct node *patterns, const char *text, bool ignore_case);
/*
 * A text that both patterns match, with `filler` where both are a star, so that it looks
 * like a thing that exists; NULL when no text matches both.
 */
const char *glob_witness(struct arena *arena, const char *a, const char *b,
                         const char *filler);

#endif
