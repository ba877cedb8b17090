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
    while (w->at < w->end && (*w->at == ' ' || (*w->at >= '\t' && *w->at <= '\r')))
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

/* `at` stands behind the opening quote. */
static inline bool string_body(struct json_walk *w, struct json_span *out)
{
    const char *from = w->at;
    *out = (struct json_span){.at = from};
    for (const char *p = from; p < w->end; p++) {
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
    if (w->bad)
        return false;
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
    if (!is_number_start(peek(w)))
        return json_skip(w) && false;
    bool negative = *w->at == '-';
    uint64_t value = 0;
    const char *p = w->at + negative, *digits = p;
    for (; p < w->end && *p >= '0' && *p <= '9'; p++) {
        if (p - digits >= 18)
            return fail(w);
        value = value * 10 + (uint64_t)(*p - '0');
    }
    if (p == digits)
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
