#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

/* A growing text, always NUL-terminated once anything was added. */
struct buf {
    char *text;
    size_t length, room;
};

#define BUF_INIT {NULL, 0, 0}

void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);
void buf_add(struct buf *buf, const char *text);
void buf_add_n(struct buf *buf, const char *bytes, size_t n);
void buf_add_char(struct buf *buf, char c);
void buf_fill(struct buf *buf, char c, size_t times);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *buf, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
const char *buf_text(const struct buf *buf); /* "" when empty; never NULL */

#endif
