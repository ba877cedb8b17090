#include "html.h"

#include <string.h>

#include "terminal.h"

static const char *entity(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void html_escape(struct buf *out, const char *bytes, size_t length)
{
    struct buf safe = BUF_INIT;
    terminal_escape(&safe, bytes, length);
    for (size_t i = 0; i < safe.length; i++) {
        const char *name = entity(safe.text[i]);
        if (name)
            buf_add(out, name);
        else
            buf_add_char(out, safe.text[i]);
    }
    buf_release(&safe);
}

void html_text(struct buf *out, const char *text)
{
    html_escape(out, text, strlen(text));
}
