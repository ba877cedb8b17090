#include "markdown.h"

#include <string.h>

#include "terminal.h"

/* Behind `@` and `#` a word joiner keeps a forge from making a mention or a reference. */
static void put_char(struct buf *out, char c)
{
    switch (c) {
    case '<':
        buf_add(out, "&lt;");
        return;
    case '>':
        buf_add(out, "&gt;");
        return;
    case '&':
        buf_add(out, "&amp;");
        return;
    case '@':
        buf_add(out, "@\xe2\x81\xa0");
        return;
    default:
        if (strchr("\\`*_[]|~#!", c))
            buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
}

/* "http://" in a name would become a link on a forge; the colon is written as an entity. */
static bool is_scheme(const char *bytes, size_t at, size_t length)
{
    return bytes[at] == ':' && at + 2 < length && bytes[at + 1] == '/' && bytes[at + 2] == '/';
}

void markdown_escape(struct buf *out, const char *bytes, size_t length)
{
    struct buf safe = BUF_INIT;
    terminal_escape(&safe, bytes, length);
    for (size_t i = 0; i < safe.length; i++) {
        if (is_scheme(safe.text, i, safe.length))
            buf_add(out, "&#58;");
        else if (safe.text[i])
            put_char(out, safe.text[i]);
    }
    buf_release(&safe);
}

size_t markdown_fence(const char *text)
{
    size_t longest = 2, run = 0;
    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest + 1;
}
