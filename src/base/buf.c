#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static char *room_for(struct buf *buf, size_t n)
{
    size_t needed = buf->length + n + 1;
    if (needed > buf->room) {
        size_t grown = buf->room ? buf->room * 2 : 128;
        buf->room = grown < needed ? needed : grown;
        buf->text = mem_resize(buf->text, buf->room);
    }
    return buf->text + buf->length;
}

void buf_release(struct buf *buf)
{
    free(buf->text);
    *buf = (struct buf)BUF_INIT;
}

void buf_clear(struct buf *buf)
{
    buf->length = 0;
    if (buf->text)
        buf->text[0] = '\0';
}

void buf_add_n(struct buf *buf, const char *bytes, size_t n)
{
    char *to = room_for(buf, n);
    if (n)
        memcpy(to, bytes, n);
    to[n] = '\0';
    buf->length += n;
}

void buf_add(struct buf *buf, const char *text)
{
    buf_add_n(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add_n(buf, &c, 1);
}

void buf_fill(struct buf *buf, char c, size_t times)
{
    char *to = room_for(buf, times);
    memset(to, c, times);
    to[times] = '\0';
    buf->length += times;
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    if (n >= 0) {
        vsnprintf(room_for(buf, (size_t)n), (size_t)n + 1, format, again);
        buf->length += (size_t)n;
    }
    va_end(again);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

const char *buf_text(const struct buf *buf)
{
    return buf->text ? buf->text : "";
}
