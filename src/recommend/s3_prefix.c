#include <string.h>

#include "s3.h"

bool s3_is_below(const char *prefix, const char *of)
{
    return strncmp(prefix, of, strlen(of)) == 0;
}

bool s3_overlap(const char *a, const char *b)
{
    return s3_is_below(a, b) || s3_is_below(b, a);
}
