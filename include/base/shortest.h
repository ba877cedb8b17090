#ifndef BASE_SHORTEST_H
#define BASE_SHORTEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The decimal with the fewest digits, 15 or more only where fewer would be another
 * number, that reads as a given double: what a person wrote before it became one.
 */
struct shortest {
    uint64_t digits; /* without trailing zeros; 0 for zero */
    int exponent;    /* value = digits x 10^exponent */
    int precision;   /* significant digits that were tried: 15, 16 or 17 */
    bool negative;
};

/* False for infinities and what is not a number. */
bool shortest_decimal(struct shortest *out, double number);

enum { SHORTEST_TEXT = 32 };
/*
 * The same as text: "-0.00012", "1250"; with an exponent where the plain form would
 * be longer than SHORTEST_TEXT. "nan" and "inf" for what has no decimal. Not
 * terminated; returns its length.
 */
size_t shortest_text(char out[SHORTEST_TEXT], double number);

#endif
