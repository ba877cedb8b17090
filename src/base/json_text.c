#include "base/json_text.h"

#include <math.h>
#include <string.h>

/* Length of the valid UTF-8 sequence at p, 0 when there is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char mask, lead, least, most; /* bounds of the second byte are checked below */
    } forms[] = {{0x80, 0x00, 1, 1}, {0xe0, 0xc0, 2, 2}, {0xf0, 0xe0, 3, 3}, {0xf8, 0xf0, 4, 4}};
    for (size_t i = 0; i < 4; i++) {
        size_t n = forms[i].most;
        if ((p[0] & forms[i].mask) != forms[i].lead || n > left)
            continue;
        for (size_t k = 1; k < n; k++)
            if ((p[k] & 0xc0) != 0x80)
                return 0;
        bool overlong = (n == 2 && p[0] < 0xc2) || (n == 3 && p[0] == 0xe0 && p[1] < 0xa0) ||
                        (n == 4 && p[0] == 0xf0 && p[1] < 0x90);
        bool outside = (n == 3 && p[0] == 0xed && p[1] > 0x9f) ||
                       (n == 4 && (p[0] > 0xf4 || (p[0] == 0xf4 && p[1] > 0x8f)));
        return overlong || outside ? 0 : n;
    }
    return 0;
}

static void write_ascii(struct buf *out, unsigned char c)
{
    static const char from[] = "\"\\\n\r\t\b\f", to[] = "\"\\nrtbf";
    const char *at = c ? strchr(from, c) : NULL;
    if (at) {
        buf_add_char(out, '\\');
        buf_add_char(out, to[at - from]);
    } else if (c < 0x20 || c == 0x7f) {
        buf_printf(out, "\\u%04x", c);
    } else {
        buf_add_char(out, (char)c);
    }
}

void json_write_string(struct buf *out, const char *bytes, size_t length)
{
    const unsigned char *p = (const unsigned char *)bytes;
    buf_add_char(out, '"');
    for (size_t i = 0; i < length;) {
        size_t n = utf8_length(p + i, length - i);
        if (n == 1)
            write_ascii(out, p[i]);
        else if (n > 1)
            buf_add_n(out, bytes + i, n);
        else
            buf_add(out, "\\ufffd");
        i += n ? n : 1;
    }
    buf_add_char(out, '"');
}

static void newline(struct buf *out, bool indented, int depth)
{
    if (!indented)
        return;
    buf_add_char(out, '\n');
    buf_fill(out, ' ', (size_t)depth * 2);
}

static void write(struct buf *out, const struct node *n, bool indented, int depth)
{
    bool is_map = n->kind == NODE_MAP;
    if (n->sensitive) {
        buf_add(out, "null");
        return;
    }
    switch (n->kind) {
    case NODE_BOOL:
        buf_add(out, n->truth ? "true" : "false");
        return;
    case NODE_NUMBER:
        buf_add(out, isfinite(n->number) ? n->text : "null");
        return;
    case NODE_STRING:
        json_write_string(out, n->text, n->length);
        return;
    case NODE_NULL:
    case NODE_UNKNOWN:
        buf_add(out, "null");
        return;
    case NODE_LIST:
    case NODE_MAP:
        break;
    }
    buf_add_char(out, is_map ? '{' : '[');
    for (size_t i = 0; i < n->count; i++) {
        if (i)
            buf_add_char(out, ',');
        newline(out, indented, depth + 1);
        if (is_map) {
            json_write_string(out, n->items[i]->key, strlen(n->items[i]->key));
            buf_add(out, indented ? ": " : ":");
        }
        write(out, n->items[i], indented, depth + 1);
    }
    if (n->count)
        newline(out, indented, depth);
    buf_add_char(out, is_map ? '}' : ']');
}

void json_write(struct buf *out, const struct node *n, bool indented)
{
    write(out, n, indented, 0);
    if (indented)
        buf_add_char(out, '\n');
}
