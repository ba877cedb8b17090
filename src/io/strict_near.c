#include "strict_near.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters to change, add, drop or swap to get from one word to the other. */
static size_t distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            int x = tolower((unsigned char)a[i - 1]), y = tolower((unsigned char)b[j - 1]);
            now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x != y));
            if (i > 1 && j > 1 && x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

/* How far a guess may be; a word inside the other counts as near ("gb" in "size_gb"). */
static size_t closeness(const char *written, size_t n, const char *key, size_t m)
{
    if (n > LONGEST || m > LONGEST || !n || !m)
        return LONGEST;
    size_t d = distance(written, n, key, m), longest = n > m ? n : m;
    if (d <= 1 + longest / 4)
        return d;
    bool inside = (n >= 2 && m > n && memmem(key, m, written, n)) ||
                  (m >= 2 && n > m && memmem(written, n, key, m));
    return inside ? 20 + d : LONGEST;
}

const char *near_key(const struct strict_field *fields, const char *written)
{
    const char *best = NULL;
    size_t best_distance = LONGEST;
    for (const struct strict_field *f = fields; f->key; f++) {
        size_t d = closeness(written, strlen(written), f->key, strlen(f->key));
        if (d < best_distance) {
            best_distance = d;
            best = f->key;
        }
    }
    return best;
}

bool near_choice(char *out, size_t size, const char *choices, const char *written)
{
    size_t best_distance = LONGEST;
    for (const char *at = choices; *at;) {
        size_t n = strcspn(at, "|");
        size_t d = closeness(written, strlen(written), at, n);
        if (d < best_distance) {
            best_distance = d;
            snprintf(out, size, "%.*s", (int)n, at);
        }
        at += n + (at[n] == '|');
    }
    return best_distance < LONGEST;
}
