#include "base/json_text.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

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
        size_t n = utf8_length(bytes + i, length - i);
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
