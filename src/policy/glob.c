#include "glob.h"

#include "base/glob.h"

bool glob_matches(const char *pattern, const char *text, bool ignore_case)
{
    return ignore_case ? glob_match_nocase(pattern, text) : glob_match(pattern, text);
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
