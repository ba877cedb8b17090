#include "header_value.h"

#include <string.h>
#include <strings.h>

const char *header_value(const char *line, size_t length, const char *name, size_t *left)
{
    size_t n = strlen(name);
    if (length <= n || strncasecmp(line, name, n) != 0)
        return NULL;
    const char *p = line + n;
    while (p < line + length && *p == ' ')
        p++;
    *left = length - (size_t)(p - line);
    return p;
}
