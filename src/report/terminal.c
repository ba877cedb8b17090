#include "terminal.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* C1 controls (U+0080..9F) and the bidirectional overrides can rewrite a screen. */
static bool is_harmful(const unsigned char *p, size_t n)
{
    if (n == 1)
        return p[0] < 0x20 || p[0] == 0x7f;
    if (n == 2)
        return p[0] == 0xc2 && p[1] < 0xa0;
    return n == 3 && p[0] == 0xe2 &&
           ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
            (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9));
}

void terminal_escape(struct buf *out, const char *bytes, size_t length)
{
    const unsigned char *p = (const unsigned char *)bytes;
    for (size_t i = 0; i < length;) {
        size_t n = utf8_length(bytes + i, length - i);
        if (n && !is_harmful(p + i, n)) {
            buf_add_n(out, bytes + i, n);
        } else {
            for (size_t k = 0; k < (n ? n : 1); k++)
                buf_printf(out, "\\x%02x", p[i + k]);
        }
        i += n ? n : 1;
    }
}

size_t terminal_width(const char *text)
{
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

void terminal_style(struct buf *out, const struct render_options *options, enum style style)
{
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m"};
    if (options->color)
        buf_add(out, codes[style]);
}

char *terminal_take_line(const char **rest, size_t width)
{
    const char *p = *rest;
    size_t columns = 0, at = 0, space = 0;
    width = width ? width : 1;
    while (p[at] && p[at] != '\n' && columns < width) {
        if (p[at] == ' ' && at)
            space = at;
        at++;
        while (((unsigned char)p[at] & 0xc0) == 0x80)
            at++;
        columns++;
    }
    size_t cut = !p[at] || p[at] == ' ' || p[at] == '\n' || !space ? at : space;
    char *line = mem_strndup(p, cut);
    p += cut;
    while (*p == ' ' || *p == '\n')
        p++;
    *rest = p;
    return line;
}

void terminal_paragraph(struct buf *out, const char *text, size_t width, const char *indent)
{
    struct buf safe = BUF_INIT;
    terminal_escape(&safe, text, strlen(text));
    const char *rest = buf_text(&safe);
    for (bool first = true; first || *rest; first = false) {
        size_t used = first ? 0 : strlen(indent);
        char *line = terminal_take_line(&rest, width > used ? width - used : 1);
        buf_printf(out, "%s%s\n", first ? "" : indent, line);
        vec_free(line);
    }
    buf_release(&safe);
}
