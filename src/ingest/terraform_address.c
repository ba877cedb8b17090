#include <string.h>

#include "terraform.h"

/* Where in an address one stands: keys in brackets may hold dots and brackets of their own. */
struct place {
    int brackets;
    bool quoted;
};

/* Passes one character, or a quoted one with its backslash; returns how many bytes. */
static size_t pass(struct place *p, const char *at)
{
    if (p->quoted) {
        p->quoted = *at != '"';
        return *at == '\\' && at[1] ? 2 : 1;
    }
    p->brackets += (*at == '[') - (*at == ']' && p->brackets > 0);
    p->quoted = p->brackets > 0 && *at == '"';
    return 1;
}

char *address_bare(struct arena *arena, const char *address)
{
    char *bare = arena_strdup(arena, address), *to = bare;
    struct place place = {0};
    for (const char *at = address; *at;) {
        bool outside = place.brackets == 0;
        const char *here = at;
        at += pass(&place, at);
        if (outside && *here != '[')
            *to++ = *here;
    }
    *to = '\0';
    return bare;
}

size_t address_segment(const char *address)
{
    struct place place = {0};
    size_t n = 0;
    while (address[n] && (address[n] != '.' || place.brackets > 0))
        n += pass(&place, address + n);
    return n;
}

char *address_module(struct arena *arena, const char *address)
{
    const char *at = address, *end = address;
    while (!strncmp(at, "module.", 7)) {
        at += 7;
        at += address_segment(at);
        end = at;
        at += *at == '.';
    }
    return arena_strndup(arena, address, (size_t)(end - address));
}
