#include "glob.h"

#include <ctype.h>

static bool same(char a, char b, bool ignore_case)
{
    if (ignore_case)
        return tolower((unsigned char)a) == tolower((unsigned char)b);
    return a == b;
}

/* Greedy with one point to return to, so that no pattern takes more than n x m steps. */
bool glob_matches(const char *pattern, const char *text, bool ignore_case)
{
    const char *star = NULL, *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern && (*pattern == '?' || same(*pattern, *text, ignore_case))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return !*pattern;
}

bool glob_any(const struct node *patterns, const char *text, bool ignore_case)
{
    if (node_is(patterns, NODE_STRING))
        return glob_matches(patterns->text, text, ignore_case);
    for (size_t i = 0; node_is(patterns, NODE_LIST) && i < patterns->count; i++)
        if (node_is(patterns->items[i], NODE_STRING) &&
            glob_matches(patterns->items[i]->text, text, ignore_case))
            return true;
    return false;
}
