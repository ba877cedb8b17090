#include "markdown.h"

#include <string.h>

#include "terminal.h"

#define JOINER "\xe2\x81\xa0"

/* Before a digit `#` and `!` are references to issues and merge requests. */
static bool is_reference(const char *bytes, size_t at, size_t length)
{
    return (bytes[at] == '#' || bytes[at] == '!') && at + 1 < length && bytes[at + 1] >= '0' &&
           bytes[at + 1] <= '9';
}

/* A word joiner behind `@` keeps a forge from making a mention. */
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
        buf_add(out, "@" JOINER);
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
        if (is_reference(safe.text, i, safe.length))
            buf_add(out, JOINER);
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
