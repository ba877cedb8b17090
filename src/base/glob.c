#include "base/glob.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static bool same(char pattern, char text, bool nocase)
{
    if (pattern == '?')
        return true;
    return nocase ? tolower((unsigned char)pattern) == tolower((unsigned char)text)
                  : pattern == text;
}

/* Only the last star needs to be gone back to: what an earlier one took stays taken. */
static bool match(const char *pattern, const char *text, bool nocase)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = text;
        } else if (*pattern && same(*pattern, *text, nocase)) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool glob_match(const char *pattern, const char *text)
{
    return match(pattern, text, false);
}

bool glob_match_nocase(const char *pattern, const char *text)
{
    return match(pattern, text, true);
}

bool glob_has_wildcard(const char *pattern)
{
    return pattern[strcspn(pattern, "*?")] != '\0';
}
