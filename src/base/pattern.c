#include "base/pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { LONGEST = 1000, MOST_COPIES = 1000 };

struct pattern {
    regex_t compiled;
};

/* The upper end of a count such as {2,5}; what is no count is regcomp's to refuse. */
static unsigned long copies(const char *brace)
{
    char *end;
    unsigned long least = strtoul(brace + 1, &end, 10), most = least;
    if (*end == ',' && isdigit((unsigned char)end[1]))
        most = strtoul(end + 1, NULL, 10);
    return most > least ? most : least;
}

static bool check_escape(char c, struct err *err)
{
    if (isdigit((unsigned char)c))
        return err_set(err, "a reference back (\\%c) is not supported", c);
    if (c == 'd' || c == 'D')
        return err_set(err, "\\%c is not known: write %s", c, c == 'd' ? "[0-9]" : "[^0-9]");
    return true;
}

/* What POSIX does not know would else mean something its writer did not mean. */
static bool check_text(const char *text, struct err *err)
{
    unsigned long all = 1;
    if (!*text)
        return err_set(err, "an empty expression would match everything");
    if (strlen(text) > LONGEST)
        return err_set(err, "an expression may have %d characters at most", LONGEST);
    for (const char *at = text; *at; at++) {
        if (*at == '\\' && at[1]) {
            if (!check_escape(*++at, err))
                return false;
        } else if (*at == '(' && at[1] == '?') {
            return err_set(err, "groups with (? are not supported, but for (?i) in front");
        } else if (*at == '{') {
            unsigned long n = copies(at);
            all *= n > MOST_COPIES ? MOST_COPIES + 1 : n > 1 ? n : 1;
            if (all > MOST_COPIES)
                return err_set(err, "its counts multiply to more than %d", MOST_COPIES);
        }
    }
    return true;
}

bool pattern_open(struct pattern **out, const char *text, struct err *err)
{
    int flags = REG_EXTENDED | REG_NOSUB | REG_NEWLINE;
    if (!strncmp(text, "(?i)", 4)) {
        flags |= REG_ICASE;
        text += 4;
    }
    if (!check_text(text, err))
        return false;
    struct pattern *pattern = mem_alloc(sizeof *pattern);
    int status = regcomp(&pattern->compiled, text, flags);
    if (status) {
        char why[128];
        regerror(status, &pattern->compiled, why, sizeof why);
        free(pattern);
        return err_set(err, "%s", why);
    }
    *out = pattern;
    return true;
}

void pattern_free(struct pattern *pattern)
{
    if (pattern)
        regfree(&pattern->compiled);
    free(pattern);
}

bool pattern_finds(const struct pattern *pattern, const char *text)
{
    char front[PATTERN_REACH + 1];
    size_t length = strnlen(text, PATTERN_REACH);
    if (text[length]) {
        memcpy(front, text, length);
        front[length] = '\0';
        text = front;
    }
    return regexec(&pattern->compiled, text, 0, NULL, 0) == 0;
}
