#include "map_text.h"

#include <string.h>

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static unsigned hex4(const char *p, const char *end)
{
    unsigned n = 0;
    for (int i = 0; i < 4; i++, p++) {
        static const char digits[] = "0123456789abcdef";
        const char *at = p < end ? memchr(digits, *p | (*p >= 'A' ? 0x20 : 0), 16) : NULL;
        n = at ? n * 16 + (unsigned)(at - digits) : 0xfffd;
    }
    return n;
}

static void add_utf8(struct buf *out, unsigned c)
{
    if (c < 0x80) {
        buf_add_char(out, (char)c);
    } else if (c < 0x800) {
        buf_add_char(out, (char)(0xc0 | c >> 6));
        buf_add_char(out, (char)(0x80 | (c & 0x3f)));
    } else if (c < 0x10000) {
        buf_add_char(out, (char)(0xe0 | c >> 12));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_add_char(out, (char)(0xf0 | c >> 18));
        buf_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(out, (char)(0x80 | (c & 0x3f)));
    }
}

static const char *read_escape(struct buf *out, const char *p, const char *end)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *at = memchr(from, *p, 5);
    if (*p != 'u') {
        buf_add_char(out, at ? to[at - from] : *p);
        return p + 1;
    }
    unsigned c = hex4(p + 1, end);
    p = end - p < 5 ? end : p + 5;
    if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        unsigned low = hex4(p + 2, end);
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            p += 6;
        }
    }
    add_utf8(out, c);
    return p;
}

/* Behind the closing quote, or NULL. */
static const char *read_string(struct buf *out, const char *p, const char *end)
{
    buf_clear(out);
    for (p++; p < end && *p != '"';) {
        if (*p == '\\' && p + 1 < end)
            p = read_escape(out, p + 1, end);
        else
            buf_add_char(out, *p++);
    }
    return p < end ? p + 1 : NULL;
}

/* A number, a word or a nested value, up to the comma or brace that ends it. */
static const char *read_bare(struct buf *out, const char *p, const char *end, const char *ends)
{
    buf_clear(out);
    int depth = 0;
    bool quoted = false;
    for (; p < end; p++) {
        if (*p == '"' && p[-1] != '\\')
            quoted = !quoted;
        if (!quoted && !depth && strchr(ends, *p))
            break;
        depth += !quoted && (*p == '{' || *p == '[');
        depth -= !quoted && (*p == '}' || *p == ']');
        buf_add_char(out, *p);
    }
    while (out->length && out->text[out->length - 1] == ' ')
        out->text[--out->length] = '\0';
    return p;
}

static bool find(struct buf *out, const char *text, size_t length, const char *key)
{
    const char *end = text + length, *p = skip_space(text, end);
    if (p == end || *p++ != '{')
        return false;
    while ((p = skip_space(p, end)) < end && *p != '}') {
        p = *p == '"' ? read_string(out, p, end) : read_bare(out, p, end, "=,}");
        if (!p || (p = skip_space(p, end)) == end || (*p != ':' && *p != '='))
            return false;
        bool json = *p == ':', found = !strcmp(buf_text(out), key);
        p = skip_space(p + 1, end);
        bool string = p < end && *p == '"';
        p = string ? read_string(out, p, end) : read_bare(out, p, end, ",}");
        if (!p)
            return false;
        if (found)
            return string || !json || strcmp(buf_text(out), "null") != 0;
        p = skip_space(p, end);
        if (p < end && *p == ',')
            p++;
    }
    return false;
}

bool map_text_get(struct buf *out, const char *text, size_t length, const char *key)
{
    bool found = find(out, text, length, key);
    if (!found)
        buf_clear(out);
    return found;
}
