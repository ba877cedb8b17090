#include "utf16.h"

#include <stdint.h>

enum utf16_order utf16_order_of(const char *text, size_t length)
{
    if (length < 2)
        return UTF16_NONE;
    unsigned char a = (unsigned char)text[0], b = (unsigned char)text[1];
    if ((a == 0xff && b == 0xfe) || (a && !b))
        return UTF16_LITTLE;
    if ((a == 0xfe && b == 0xff) || (!a && b))
        return UTF16_BIG;
    return UTF16_NONE;
}

static uint32_t unit_at(const char *text, enum utf16_order order)
{
    unsigned char a = (unsigned char)text[0], b = (unsigned char)text[1];
    return order == UTF16_LITTLE ? (uint32_t)(a | b << 8) : (uint32_t)(a << 8 | b);
}

static void add_utf8(struct buf *out, uint32_t c)
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    char bytes[4];
    for (size_t i = n; i-- > 1; c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3f));
    bytes[0] = (char)(n == 1 ? c : lead[n] | c);
    buf_add_n(out, bytes, n);
}

bool utf16_to_utf8(struct buf *out, const char *text, size_t length, enum utf16_order order,
                   size_t *bad_at)
{
    size_t i = length >= 2 && unit_at(text, order) == 0xfeff ? 2 : 0;
    while (i < length) {
        *bad_at = i;
        if (length - i < 2)
            return false;
        uint32_t c = unit_at(text + i, order);
        i += 2;
        if (c >= 0xdc00 && c < 0xe000)
            return false;
        if (c >= 0xd800 && c < 0xdc00) {
            uint32_t low = length - i >= 2 ? unit_at(text + i, order) : 0;
            if (low < 0xdc00 || low >= 0xe000)
                return false;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        add_utf8(out, c);
    }
    return true;
}
