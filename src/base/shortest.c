#include "base/shortest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide_unsigned;

enum {
    FEWEST = 15, /* digits that every double keeps */
    MOST = 17,   /* digits that tell every double apart */
    MANTISSA_BITS = 52,
    EXPONENT_BIAS = 1075,
    /* Decimals for which mantissa x 5^decimals fits 128 bits and is cut by 1 bit or more. */
    LEAST_DECIMALS = 2,
    MOST_DECIMALS = 32,
};

static wide_unsigned power_of_five(int exponent)
{
    static const uint32_t low[] = {1,    5,     25,    125,    625,     3125,
                                   15625, 78125, 390625, 1953125, 9765625};
    enum { TENTH = sizeof low / sizeof *low - 1 };
    wide_unsigned p = low[exponent % TENTH];
    for (; exponent >= TENTH; exponent -= TENTH)
        p *= low[TENTH];
    return p;
}

/* A positive double as an exact fraction: its value x 10^decimals = scaled / 2^shift. */
struct exact {
    wide_unsigned scaled, half_gap; /* half the distance to the next double, in the same unit */
    int decimals, shift;
    uint64_t whole; /* of 17 digits: what stands before the point */
};

static bool exact_of(struct exact *out, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    const uint64_t hidden = (uint64_t)1 << MANTISSA_BITS;
    uint64_t mantissa = (bits & (hidden - 1)) | hidden;
    int exponent = (int)(bits >> MANTISSA_BITS & 0x7ff) - EXPONENT_BIAS;
    /* A power of two has neighbours at two distances; the slow way knows both. */
    if (mantissa == (uint64_t)1 << MANTISSA_BITS)
        return false;
    int magnitude = (exponent + MANTISSA_BITS) * 1233 >> 12; /* log10, at most 1 too small */
    static const uint64_t limit = 100000000000000000u;
    for (out->decimals = MOST - 1 - magnitude;; out->decimals--) {
        if (out->decimals < LEAST_DECIMALS || out->decimals > MOST_DECIMALS)
            return false;
        out->half_gap = power_of_five(out->decimals);
        out->scaled = mantissa * out->half_gap;
        out->shift = -(exponent + out->decimals);
        if (out->shift < 1)
            return false;
        out->whole = (uint64_t)(out->scaled >> out->shift);
        if (out->whole < limit)
            return true;
    }
}

/* Rounded to fewer digits, is it still nearer to this double than to its neighbours? */
static inline bool rounds_back(uint64_t *digits, const struct exact *e, uint64_t unit)
{
    wide_unsigned half = (wide_unsigned)unit << (e->shift - 1);
    *digits = (uint64_t)(((e->scaled + half) >> e->shift) / unit);
    wide_unsigned rounded = (wide_unsigned)(*digits * unit) << e->shift;
    wide_unsigned away = rounded > e->scaled ? rounded - e->scaled : e->scaled - rounded;
    return 2 * away < e->half_gap;
}

/*
 * Most amounts have ten decimals or fewer. Two whole numbers that doubles hold exactly
 * are divided with one rounding, as a text with these digits would be read.
 */
static bool ten_decimals(struct shortest *out, double number)
{
    static const double scale = 1e10, limit = 1e15;
    if (!(number * scale < limit))
        return false;
    out->digits = (uint64_t)(number * scale + 0.5);
    double back = (double)out->digits / scale;
    out->exponent = -10;
    out->precision = FEWEST;
    return back >= number && back <= number;
}

static bool fast_decimal(struct shortest *out, double number)
{
    struct exact e;
    if (ten_decimals(out, number))
        return true;
    if (!exact_of(&e, number))
        return false;
    /* Constants, so that nothing is divided by what the compiler does not know. */
    out->precision = rounds_back(&out->digits, &e, 100)  ? MOST - 2
                     : rounds_back(&out->digits, &e, 10) ? MOST - 1
                     : rounds_back(&out->digits, &e, 1)  ? MOST
                                                         : 0;
    out->exponent = MOST - out->precision - e.decimals;
    return out->precision > 0;
}

static void slow_decimal(struct shortest *out, double number)
{
    char text[40];
    for (int precision = FEWEST; precision <= MOST; precision++) {
        snprintf(text, sizeof text, "%.*e", precision - 1, number);
        double back = strtod(text, NULL);
        out->precision = precision;
        if (back >= number && back <= number)
            break;
    }
    out->digits = 0;
    char *p = text;
    for (; *p != 'e'; p++)
        if (*p != '.')
            out->digits = out->digits * 10 + (uint64_t)(*p - '0');
    out->exponent = (int)strtol(p + 1, NULL, 10) - out->precision + 1;
}

static inline void strip(struct shortest *s, uint64_t power, int zeros)
{
    if (s->digits % power == 0) {
        s->digits /= power;
        s->exponent += zeros;
    }
}

/* At most 16 of them. */
static void strip_zeros(struct shortest *s)
{
    strip(s, 100000000, 8);
    strip(s, 100000000, 8);
    strip(s, 10000, 4);
    strip(s, 100, 2);
    strip(s, 10, 1);
}

bool shortest_decimal(struct shortest *out, double number)
{
    *out = (struct shortest){.precision = FEWEST, .negative = signbit(number) != 0};
    if (!isfinite(number))
        return false;
    number = fabs(number);
    if (!(number > 0))
        return true;
    if (!fast_decimal(out, number))
        slow_decimal(out, number);
    strip_zeros(out);
    return true;
}

static size_t write_digits(char *out, uint64_t digits)
{
    char reversed[20];
    size_t n = 0;
    do
        reversed[n++] = (char)('0' + digits % 10);
    while (digits /= 10);
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return n;
}

/* "1250" for 125 x 10^1, "0.0125" for 125 x 10^-4. */
static size_t write_plain(char *out, const char *digits, size_t count, int exponent)
{
    size_t at = 0;
    int whole = (int)count + exponent; /* digits before the point */
    for (int i = 0; i < (whole > 0 ? whole : 1); i++)
        out[at++] = whole > 0 && (size_t)i < count ? digits[i] : '0';
    if (exponent >= 0)
        return at;
    out[at++] = '.';
    for (int i = whole; i < 0; i++)
        out[at++] = '0';
    for (size_t i = whole > 0 ? (size_t)whole : 0; i < count; i++)
        out[at++] = digits[i];
    return at;
}

size_t shortest_text(char out[SHORTEST_TEXT], double number)
{
    struct shortest s;
    if (!shortest_decimal(&s, number)) {
        memcpy(out, isnan(number) ? "nan" : "inf", 3);
        return 3;
    }
    char digits[20];
    size_t count = write_digits(digits, s.digits), sign = s.negative && s.digits;
    out[0] = '-';
    if (s.exponent <= SHORTEST_TEXT - 2 - (int)count && s.exponent >= 3 - SHORTEST_TEXT)
        return sign + write_plain(out + sign, digits, count, s.exponent);
    memcpy(out + sign, digits, count);
    char power[8];
    int length = snprintf(power, sizeof power, "e%d", s.exponent);
    memcpy(out + sign + count, power, (size_t)length);
    return sign + count + (size_t)length;
}
