#include "io/json_walk.h"

#include <stdlib.h>
#include <string.h>

struct json_walk json_walk_over(const char *text, size_t length)
{
    return (struct json_walk){.at = text, .end = text + length, .kernel = json_kernel_best()};
}

static bool fail(struct json_walk *w)
{
    w->bad = true;
    w->at = w->end;
    return false;
}

static inline void skip_blanks(struct json_walk *w)
{
    while (w->at < w->end && (unsigned char)*w->at <= ' ' &&
           (*w->at == ' ' || (*w->at >= '\t' && *w->at <= '\r')))
        w->at++;
}

static inline char peek(struct json_walk *w)
{
    skip_blanks(w);
    return w->at < w->end ? *w->at : '\0';
}

static inline bool take(struct json_walk *w, char c)
{
    if (peek(w) != c)
        return false;
    w->at++;
    return true;
}

bool json_enter(struct json_walk *w, char open)
{
    if (w->bad || !take(w, open))
        return false;
    w->first = true;
    return true;
}

/* To the next item; false at the closing bracket, which is taken. */
static inline bool next_item(struct json_walk *w, char close)
{
    if (w->bad)
        return false;
    bool first = w->first;
    w->first = false;
    if (take(w, close))
        return false;
    if (!first && !take(w, ','))
        return fail(w);
    return w->at < w->end || fail(w);
}

/* Eight bytes, the first in the lowest place. */
static inline uint64_t eight_bytes(const char *p)
{
    uint64_t bytes;
    memcpy(&bytes, p, sizeof bytes);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    bytes = __builtin_bswap64(bytes);
#endif
    return bytes;
}

#define EACH(byte) ((uint64_t)0x0101010101010101 * (unsigned char)(byte))

/* The top bit of each byte that is c; of the bytes behind the first one it may err. */
static inline uint64_t equal_to(uint64_t bytes, char c)
{
    uint64_t x = bytes ^ EACH(c);
    return (x - EACH(1)) & ~x & EACH(0x80);
}

static inline size_t first_of(uint64_t top_bits)
{
    return (size_t)__builtin_ctzll(top_bits) / 8;
}

/* To the next quote or backslash, or less than eight bytes before the end. */
static inline const char *plain_text(const char *p, const char *end)
{
    for (; end - p >= 8; p += 8) {
        uint64_t bytes = eight_bytes(p);
        uint64_t found = equal_to(bytes, '"') | equal_to(bytes, '\\');
        if (found)
            return p + first_of(found);
    }
    return p;
}

/* `at` stands behind the opening quote. */
static inline bool string_body(struct json_walk *w, struct json_span *out)
{
    const char *from = w->at;
    *out = (struct json_span){.at = from};
    for (const char *p = plain_text(from, w->end); p < w->end; p++) {
        if (*p == '"') {
            out->length = (size_t)(p - from);
            w->at = p + 1;
            return true;
        }
        if (*p == '\\') {
            out->escaped = true;
            p++;
        }
    }
    return fail(w);
}

bool json_key(struct json_walk *w, struct json_span *key)
{
    if (!next_item(w, '}'))
        return false;
    if (!take(w, '"'))
        return fail(w);
    return string_body(w, key) && (take(w, ':') || fail(w));
}

bool json_item(struct json_walk *w)
{
    return next_item(w, ']');
}

/* Up to eight digits in three multiplications; how many there are. */
static inline size_t eight_digits(uint64_t *value, const char *p)
{
    uint64_t d = eight_bytes(p) ^ EACH('0');
    uint64_t others = ((d + EACH(0x76)) | d) & EACH(0x80);
    size_t count = others ? first_of(others) : 8;
    if (!count)
        return 0;
    d <<= 64 - 8 * count;
    d = d * 10 + (d >> 8);
    *value = ((d & 0x000000ff000000ff) * 0x000f424000000064 +
              (d >> 16 & 0x000000ff000000ff) * 0x0000271000000001) >>
             32;
    return count;
}

/* Where the digits at p end. Of more than 19 the value is meaningless. */
static inline const char *read_digits(uint64_t *value, const char *p, const char *end)
{
    static const uint32_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    uint64_t sum = 0, part = 0;
    for (size_t count = 8; count == 8 && end - p >= 8; p += count) {
        count = eight_digits(&part, p);
        sum = count ? sum * powers[count] + part : sum;
    }
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        sum = sum * 10 + (uint64_t)(*p - '0');
    *value = sum;
    return p;
}

/* Nearly every integer: up to eight digits, and at once what stands behind a value. */
static inline bool take_short_integer(struct json_walk *w, int64_t *out)
{
    uint64_t value;
    if (w->end - w->at <= 8)
        return false;
    size_t count = eight_digits(&value, w->at);
    if (!count || (w->at[count] != ',' && w->at[count] != '}'))
        return false;
    w->at += count;
    *out = (int64_t)value;
    return true;
}

/* A number or a word: as far as the next byte that cannot belong to it. */
static struct json_span bare(struct json_walk *w)
{
    const char *from = w->at;
    while (w->at < w->end && (*w->at > ' ' && *w->at != ',' && *w->at != '}' && *w->at != ']'))
        w->at++;
    return (struct json_span){.at = from, .length = (size_t)(w->at - from)};
}

bool json_skip(struct json_walk *w)
{
    int64_t ignored;
    if (w->bad)
        return false;
    if (take_short_integer(w, &ignored))
        return true;
    char c = peek(w);
    if (c == '{' || c == '[') {
        const char *behind = json_skip_nested(w->at + 1, w->end, w->kernel);
        if (!behind)
            return fail(w);
        w->at = behind;
        w->first = false;
        return true;
    }
    struct json_span s;
    if (take(w, '"'))
        return string_body(w, &s);
    return bare(w).length > 0 || fail(w);
}

static bool is_number_start(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

bool json_integer(struct json_walk *w, int64_t *out)
{
    if (w->bad)
        return false;
    if (take_short_integer(w, out))
        return true;
    if (!is_number_start(peek(w)))
        return json_skip(w) && false;
    bool negative = *w->at == '-';
    uint64_t value;
    const char *digits = w->at + negative, *p = read_digits(&value, digits, w->end);
    if (p == digits || p - digits > 18)
        return fail(w);
    w->at = p;
    if (p < w->end && (*p == '.' || *p == 'e' || *p == 'E')) {
        double number = 0;
        w->at = digits - negative;
        if (!json_number(w, &number) || number < -1e18 || number > 1e18)
            return fail(w);
        *out = (int64_t)number;
        return true;
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

bool json_number(struct json_walk *w, double *out)
{
    if (w->bad)
        return false;
    if (!is_number_start(peek(w)))
        return json_skip(w) && false;
    struct json_span s = bare(w);
    char digits[64], *end;
    if (s.length >= sizeof digits)
        return fail(w);
    memcpy(digits, s.at, s.length);
    digits[s.length] = '\0';
    double value = strtod(digits, &end);
    if (*end || value - value != 0)
        return fail(w);
    *out = value;
    return true;
}

bool json_string(struct json_walk *w, struct json_span *out)
{
    if (w->bad)
        return false;
    if (!take(w, '"'))
        return json_skip(w) && false;
    return string_body(w, out);
}

bool json_truth(struct json_walk *w, bool *out)
{
    char c = w->bad ? '\0' : peek(w);
    if (c != 't' && c != 'f')
        return json_skip(w) && false;
    struct json_span word = bare(w);
    bool truth = json_span_is(word, "true");
    if (!truth && !json_span_is(word, "false"))
        return fail(w);
    *out = truth;
    return true;
}

bool json_done(struct json_walk *w)
{
    skip_blanks(w);
    return !w->bad && w->at == w->end;
}

bool json_span_is(struct json_span s, const char *text)
{
    size_t n = strlen(text); /* the span may hold NUL bytes */
    return n == s.length && (!n || !memcmp(text, s.at, n));
}

static bool hex4(const char *p, const char *end, unsigned *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        if (p + i >= end)
            return false;
        const char *digits = "0123456789abcdef", *at = strchr(digits, p[i] | 0x20);
        if (p[i] == '\0' || !at || !*at)
            return false;
        *out = *out << 4 | (unsigned)(at - digits);
    }
    return true;
}

static void add_utf8(struct buf *out, unsigned c)
{
    if (c < 0x80) {
        buf_add_char(out, (char)c);
        return;
    }
    if (c < 0x800) {
        buf_add_char(out, (char)(0xc0 | c >> 6));
    } else {
        buf_add_char(out, (char)(c < 0x10000 ? 0xe0 | c >> 12 : 0xf0 | c >> 18));
        if (c >= 0x10000)
            buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
    }
    buf_add_char(out, (char)(0x80 | (c & 0x3f)));
}

/* The escape behind a backslash at p; returns what follows it. Half a pair becomes U+FFFD. */
static const char *unescape(struct buf *out, const char *p, const char *end)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = *p ? strchr(from, *p) : NULL;
    unsigned c, low;
    if (at) {
        buf_add_char(out, to[at - from]);
        return p + 1;
    }
    if (*p != 'u' || !hex4(p + 1, end, &c)) {
        buf_add_char(out, *p);
        return p + 1;
    }
    p += 5;
    if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' &&
        hex4(p + 2, end, &low) && low >= 0xdc00 && low < 0xe000) {
        add_utf8(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
        return p + 6;
    }
    add_utf8(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return p;
}

void json_span_text(struct buf *out, struct json_span s)
{
    const char *p = s.at, *end = s.at + s.length;
    while (p < end) {
        const char *slash = s.escaped ? memchr(p, '\\', (size_t)(end - p)) : NULL;
        const char *stop = slash ? slash : end;
        buf_add_n(out, p, (size_t)(stop - p));
        p = slash && slash + 1 < end ? unescape(out, slash + 1, end) : end;
    }
}
