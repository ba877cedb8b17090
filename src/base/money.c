#include "base/money.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { DECIMALS = 18, LIMIT_EXPONENT = 17 };

#define WIDE_MAX ((((wide)1 << 126) - 1) * 2 + 1)

static const uint64_t powers[DECIMALS + 1] = {1,
                                              10,
                                              100,
                                              1000,
                                              10000,
                                              100000,
                                              1000000,
                                              10000000,
                                              100000000,
                                              1000000000,
                                              10000000000,
                                              100000000000,
                                              1000000000000,
                                              10000000000000,
                                              100000000000000,
                                              1000000000000000,
                                              10000000000000000,
                                              100000000000000000,
                                              1000000000000000000};

static wide power_of_ten(int exponent)
{
    return exponent <= DECIMALS ? (wide)powers[exponent]
                                : (wide)powers[DECIMALS] * power_of_ten(exponent - DECIMALS);
}

/* n / 10^digits, half to even. */
static wide shift_right(wide n, int digits, bool *lost)
{
    if (digits > 37) {
        *lost = *lost || n != 0;
        return 0;
    }
    wide divisor = power_of_ten(digits), quotient = n / divisor, rest = n % divisor;
    *lost = *lost || rest != 0;
    wide twice = rest * 2;
    if (twice > divisor || (twice == divisor && quotient % 2))
        quotient++;
    return quotient;
}

struct decimal {
    wide digits;
    int exponent; /* value = digits x 10^exponent */
    bool inexact; /* digits behind the 30th were dropped */
};

/* Reads digits and at most one point; the end is returned, NULL when there was no digit. */
static const char *read_digits(struct decimal *d, const char *p, const char *end)
{
    bool any = false, point = false;
    int kept = 0;
    for (; p < end; p++) {
        if (*p == '.' && !point) {
            point = true;
            continue;
        }
        if (*p < '0' || *p > '9')
            break;
        any = true;
        if (kept < 30) {
            d->digits = d->digits * 10 + (*p - '0');
            kept += d->digits != 0;
            d->exponent -= point;
        } else {
            d->inexact = d->inexact || *p != '0';
            d->exponent += !point;
        }
    }
    return any ? p : NULL;
}

static const char *read_exponent(struct decimal *d, const char *p, const char *end)
{
    if (p == end || (*p != 'e' && *p != 'E'))
        return p;
    p++;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return NULL;
    int exponent = 0;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        exponent = exponent < 10000 ? exponent * 10 + (*p - '0') : exponent;
    d->exponent += negative ? -exponent : exponent;
    return p;
}

static bool scale_to_atto(wide *out, const struct decimal *d, bool *rounded)
{
    int shift = d->exponent + DECIMALS;
    bool lost = d->inexact;
    wide n = d->digits;
    if (shift < 0) {
        n = shift_right(n, -shift, &lost);
    } else {
        for (; shift > 0 && n; shift--) {
            if (n > WIDE_MAX / 10)
                return false;
            n *= 10;
        }
    }
    if (n >= power_of_ten(LIMIT_EXPONENT + DECIMALS))
        return false;
    if (lost && rounded)
        *rounded = true;
    *out = n;
    return true;
}

/* Eight digits as a number, in three multiplications; false when one is none. */
static inline bool eight_digits(uint64_t *out, const char *at)
{
    uint64_t v;
    memcpy(&v, at, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    v = __builtin_bswap64(v);
#endif
    v ^= 0x3030303030303030u;
    if (((v + 0x7676767676767676u) | v) & 0x8080808080808080u)
        return false;
    v = v * 10 + (v >> 8);
    *out = ((v & 0x000000ff000000ffu) * 0x000f424000000064u +
            (v >> 16 & 0x000000ff000000ffu) * 0x0000271000000001u) >>
           32;
    return true;
}

/* Digits from p on, appended to *digits; where they end. */
static inline const char *plain_digits(uint64_t *digits, const char *p, const char *end)
{
    uint64_t eight;
    while (end - p >= 8 && eight_digits(&eight, p)) {
        *digits = *digits * 100000000 + eight;
        p += 8;
    }
    for (; p < end && (unsigned char)(*p - '0') <= 9; p++)
        *digits = *digits * 10 + (unsigned char)(*p - '0');
    return p;
}

/* "E-6" or "E-06" to the end of the text: that many more decimals. */
static bool plain_exponent(ptrdiff_t *decimals, const char *p, const char *end)
{
    bool two = end - p == 4;
    if ((end - p != 3 && !two) || (*p != 'E' && *p != 'e') || p[1] != '-')
        return false;
    unsigned tens = two ? (unsigned char)(p[2] - '0') : 0,
             ones = (unsigned char)(end[-1] - '0');
    *decimals += tens * 10 + ones;
    return tens <= 9 && ones <= 9;
}

/* Nearly every amount of a bill: at most 18 digits in all, no more of them behind the point.
 */
static bool parse_plain(struct money *out, const char *p, const char *end)
{
    bool negative = p < end && *p == '-';
    const char *first = p + negative;
    uint64_t whole = 0;
    if (end == first || end - first > DECIMALS + 5)
        return false;
    p = plain_digits(&whole, first, end);
    ptrdiff_t count = p - first, decimals = 0;
    if (p < end && *p == '.') {
        const char *point = p++;
        p = plain_digits(&whole, p, end);
        decimals = p - point - 1;
        count += decimals;
    }
    if (!count || count > DECIMALS || (p < end && !plain_exponent(&decimals, p, end)) ||
        count - decimals > LIMIT_EXPONENT || decimals > DECIMALS)
        return false;
    wide n = (wide)whole * (wide)powers[DECIMALS - decimals];
    out->atto = negative ? -n : n;
    return true;
}

bool money_parse(struct money *out, const char *text, size_t length, bool *rounded)
{
    if (parse_plain(out, text, text + length))
        return true;
    const char *p = text, *end = text + length;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    struct decimal d = {0, 0, false};
    if (!(p = read_digits(&d, p, end)) || !(p = read_exponent(&d, p, end)) || p != end)
        return false;
    wide n;
    if (!scale_to_atto(&n, &d, rounded))
        return false;
    out->atto = negative ? -n : n;
    return true;
}

bool money_exact(struct money *out, uint64_t digits, int exponent)
{
    if (exponent < -DECIMALS || exponent > LIMIT_EXPONENT ||
        (wide)digits >= power_of_ten(LIMIT_EXPONENT - exponent))
        return false;
    out->atto = (wide)digits * power_of_ten(DECIMALS + exponent);
    return true;
}

struct money money_of(double amount)
{
    if (isnan(amount))
        return MONEY_ZERO;
    double atto = nearbyint(amount * 1e18);
    if (atto >= 1.7e38)
        return (struct money){WIDE_MAX};
    if (atto <= -1.7e38)
        return (struct money){-WIDE_MAX};
    return (struct money){(wide)atto};
}

/* Whole numbers come out whole: 100000 x 1e18 is no double, 100000 is. */
double money_double(struct money m)
{
    wide one = powers[DECIMALS], whole = m.atto / one;
    return (double)whole + (double)(m.atto - whole * one) / 1e18;
}

struct money money_add(struct money a, struct money b)
{
    wide sum;
    if (__builtin_add_overflow(a.atto, b.atto, &sum))
        sum = a.atto > 0 ? WIDE_MAX : -WIDE_MAX;
    return (struct money){sum};
}

struct money money_neg(struct money m)
{
    return (struct money){-m.atto};
}

struct money money_sub(struct money a, struct money b)
{
    return money_add(a, money_neg(b));
}

/* Whole factors stay exact; others go through long double, rounded once. */
struct money money_times(struct money m, double factor)
{
    if (factor == trunc(factor) && fabs(factor) < 1e15) {
        wide product;
        if (!__builtin_mul_overflow(m.atto, (wide)factor, &product))
            return (struct money){product};
    }
    long double product = (long double)m.atto * (long double)factor;
    if (isnan(product))
        return MONEY_ZERO;
    if (fabsl(product) >= 1.7e38L)
        return (struct money){product > 0 ? WIDE_MAX : -WIDE_MAX};
    return (struct money){(wide)rintl(product)};
}

__extension__ typedef unsigned __int128 unsigned_wide;

/* The whole product in two halves: by 64 bits, as on paper. */
static void multiply(unsigned_wide *high, unsigned_wide *low, unsigned_wide a, unsigned_wide b)
{
    const uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64);
    const uint64_t b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    unsigned_wide cross = (unsigned_wide)a0 * b1, other = (unsigned_wide)a1 * b0;
    unsigned_wide lowest = (unsigned_wide)a0 * b0;
    unsigned_wide middle = (lowest >> 64) + (uint64_t)cross + (uint64_t)other;
    *low = middle << 64 | (uint64_t)lowest;
    *high = (unsigned_wide)a1 * b1 + (cross >> 64) + (other >> 64) + (middle >> 64);
}

/* Both halves by a divisor of 127 bits, bit by bit, half to even. */
static unsigned_wide divide(unsigned_wide high, unsigned_wide low, unsigned_wide divisor)
{
    unsigned_wide quotient = 0;
    if (high >= divisor)
        return (unsigned_wide)WIDE_MAX;
    for (int bit = 127; bit >= 0; bit--) {
        high = high << 1 | (low >> bit & 1);
        quotient <<= 1;
        if (high >= divisor) {
            high -= divisor;
            quotient |= 1;
        }
    }
    high *= 2;
    quotient += high > divisor || (high == divisor && quotient % 2);
    return quotient < (unsigned_wide)WIDE_MAX ? quotient : (unsigned_wide)WIDE_MAX;
}

static unsigned_wide magnitude(wide n)
{
    return n < 0 ? -(unsigned_wide)n : (unsigned_wide)n;
}

struct money money_share(struct money m, struct money part, struct money whole)
{
    unsigned_wide high, low;
    multiply(&high, &low, magnitude(m.atto), magnitude(part.atto));
    wide share = (wide)divide(high, low, magnitude(whole.atto));
    bool negative = (m.atto < 0) ^ (part.atto < 0) ^ (whole.atto < 0);
    return (struct money){negative ? -share : share};
}

struct money money_round(struct money m, int decimals)
{
    bool lost = false;
    wide unit = power_of_ten(DECIMALS - decimals);
    wide n = shift_right(m.atto < 0 ? -m.atto : m.atto, DECIMALS - decimals, &lost);
    if (__builtin_mul_overflow(n, unit, &n)) /* up from the end of the range */
        n = WIDE_MAX;
    return (struct money){m.atto < 0 ? -n : n};
}

int money_cmp(struct money a, struct money b)
{
    return (a.atto > b.atto) - (a.atto < b.atto);
}

bool money_is_zero(struct money m)
{
    return m.atto == 0;
}

struct money money_max(struct money a, struct money b)
{
    return a.atto >= b.atto ? a : b;
}

struct money money_min(struct money a, struct money b)
{
    return a.atto <= b.atto ? a : b;
}

/* Takes it off; most amounts fit into 64 bits, which divide far faster. */
static int last_digit(wide *n)
{
    int digit = *n <= UINT64_MAX ? (int)((uint64_t)*n % 10) : (int)(*n % 10);
    *n = *n <= UINT64_MAX ? (wide)((uint64_t)*n / 10) : *n / 10;
    return digit;
}

static void put_digits(struct buf *out, wide n, int decimals)
{
    char digits[48];
    int at = (int)sizeof digits;
    for (int i = 0; n > 0 || i <= decimals; i++) {
        if (i == decimals && decimals > 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + last_digit(&n));
    }
    buf_add_n(out, digits + at, sizeof digits - (size_t)at);
}

void money_format(struct buf *out, struct money m, int decimals)
{
    bool lost = false;
    wide n = shift_right(m.atto < 0 ? -m.atto : m.atto, DECIMALS - decimals, &lost);
    if (m.atto < 0 && n > 0)
        buf_add_char(out, '-');
    put_digits(out, n, decimals);
}

void money_format_exact(struct buf *out, struct money m)
{
    wide n = m.atto < 0 ? -m.atto : m.atto;
    uint64_t fraction = (uint64_t)(n % powers[DECIMALS]);
    int decimals = DECIMALS;
    for (; decimals > 2 && fraction % 10 == 0; decimals--)
        fraction /= 10;
    if (m.atto < 0)
        buf_add_char(out, '-');
    put_digits(out, n / powers[DECIMALS - decimals], decimals);
}

struct money_range money_range_of(struct money m)
{
    return (struct money_range){m, m, m};
}

struct money_range money_range_add(struct money_range a, struct money_range b)
{
    return (struct money_range){money_add(a.low, b.low), money_add(a.expected, b.expected),
                                money_add(a.high, b.high)};
}

struct money_range money_range_sub(struct money_range a, struct money_range b)
{
    return (struct money_range){money_sub(a.low, b.high), money_sub(a.expected, b.expected),
                                money_sub(a.high, b.low)};
}

struct money_range money_range_times(struct money_range a, double factor)
{
    struct money low = money_times(a.low, factor), high = money_times(a.high, factor);
    return (struct money_range){money_min(low, high), money_times(a.expected, factor),
                                money_max(low, high)};
}
