#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stddef.h>

/*
 * The known word that a misspelt one was probably meant to be, for messages.
 * `struct near near = {.word = typed}; near_try(&near, each candidate)...`
 * Candidates are borrowed; of two equally near ones the first stays.
 */
struct near {
    const char *word;
    const char *best; /* NULL while nothing comes near */
    size_t distance;
};

void near_try(struct near *near, const char *candidate);

/* Letters to change, add, drop or swap with their neighbour; case does not count. */
size_t near_distance(const char *a, const char *b);
/* The same of the first n characters of a and the first m of b; both are at most NEAR_LONGEST. */
enum { NEAR_LONGEST = 64 };
size_t near_distance_of(const char *a, size_t n, const char *b, size_t m);

#endif
