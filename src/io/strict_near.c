#include "strict_near.h"

#include <stdio.h>
#include <string.h>

#include "base/near.h"

enum { FAR = 1000 };

/* Word by word, one begins like the other: "new_connections_per_s" is "new_conn_per_s". */
static bool abbreviates(const char *a, size_t n, const char *b, size_t m)
{
    const char *a_end = a + n, *b_end = b + m;
    for (;;) {
        const char *x = memchr(a, '_', (size_t)(a_end - a));
        const char *y = memchr(b, '_', (size_t)(b_end - b));
        size_t p = (size_t)((x ? x : a_end) - a), q = (size_t)((y ? y : b_end) - b);
        if (!p || !q || memcmp(a, b, p < q ? p : q) || !x != !y)
            return false;
        if (!x)
            return true;
        a = x + 1;
        b = y + 1;
    }
}

/* How far a guess may be; a word inside the other counts as near ("gb" in "size_gb"). */
static size_t closeness(const char *written, size_t n, const char *key, size_t m)
{
    if (n > NEAR_LONGEST || m > NEAR_LONGEST || !n || !m)
        return FAR;
    size_t d = near_distance_of(written, n, key, m), longest = n > m ? n : m;
    if (d <= 1 + longest / 4)
        return d;
    bool inside = (n >= 2 && m > n && memmem(key, m, written, n)) ||
                  (m >= 2 && n > m && memmem(written, n, key, m));
    return inside || abbreviates(written, n, key, m) ? 20 + d : FAR;
}

const char *near_key(const struct strict_field *fields, const char *written)
{
    const char *best = NULL;
    size_t best_distance = FAR;
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
    size_t best_distance = FAR;
    for (const char *at = choices; *at;) {
        size_t n = strcspn(at, "|");
        size_t d = closeness(written, strlen(written), at, n);
        if (d < best_distance) {
            best_distance = d;
            snprintf(out, size, "%.*s", (int)n, at);
        }
        at += n + (at[n] == '|');
    }
    return best_distance < FAR;
}
