#include "base/near.h"

#include <ctype.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int lower(char c)
{
    return tolower((unsigned char)c);
}

size_t near_distance_of(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][NEAR_LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + change);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

size_t near_distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    if (n > NEAR_LONGEST || m > NEAR_LONGEST)
        return strcmp(a, b) ? n + m : 0;
    return near_distance_of(a, n, b, m);
}

void near_try(struct near *near, const char *candidate)
{
    size_t distance = near_distance(near->word, candidate);
    size_t limit = strlen(near->word) / 3 + 1;
    if (distance > limit || (near->best && distance >= near->distance))
        return;
    near->best = candidate;
    near->distance = distance;
}
