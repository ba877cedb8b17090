#include "glob.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/mem.h"

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

/* Two patterns walked side by side; what failed once from a pair of places fails again. */
struct walk {
    const char *a, *b, *filler;
    size_t a_length, b_length;
    bool *failed;
    struct buf text;
};

static bool walk(struct walk *w, size_t i, size_t j);

static bool step(struct walk *w, const char *emitted, size_t n, size_t i, size_t j)
{
    size_t before = w->text.length;
    buf_add_n(&w->text, emitted, n);
    if (walk(w, i, j))
        return true;
    if (w->text.text)
        w->text.text[w->text.length = before] = '\0';
    return false;
}

/* A star of one side takes what the other side has next, or ends. */
static bool walk_star(struct walk *w, size_t i, size_t j, bool star_of_a)
{
    size_t past = star_of_a ? i + 1 : i, past_other = star_of_a ? j : j + 1;
    char other = star_of_a ? w->b[j] : w->a[i];
    size_t taken_i = star_of_a ? i : i + 1, taken_j = star_of_a ? j + 1 : j;
    if (other == '*')
        return step(w, w->filler, strlen(w->filler), i + 1, j) || walk(w, i, j + 1);
    if (step(w, "", 0, past, past_other))
        return true;
    return other && step(w, other == '?' ? "x" : &other, 1, taken_i, taken_j);
}

static bool walk(struct walk *w, size_t i, size_t j)
{
    char x = w->a[i], y = w->b[j];
    bool *failed = &w->failed[i * (w->b_length + 1) + j];
    if (!x && !y)
        return true;
    if (*failed)
        return false;
    bool ok = false;
    if (x == '*' || y == '*')
        ok = walk_star(w, i, j, x == '*');
    else if (x && y && (x == y || x == '?' || y == '?'))
        ok = step(w, x != '?' ? &x : y != '?' ? &y : "x", 1, i + 1, j + 1);
    *failed = !ok;
    return ok;
}

const char *glob_witness(struct arena *arena, const char *a, const char *b, const char *filler)
{
    enum { LONGEST = 2048 };
    struct walk w = {a, b, filler, strlen(a), strlen(b), NULL, BUF_INIT};
    if (w.a_length > LONGEST || w.b_length > LONGEST)
        return NULL;
    w.failed = mem_alloc((w.a_length + 1) * (w.b_length + 1) * sizeof *w.failed);
    const char *found = walk(&w, 0, 0) ? arena_strdup(arena, buf_text(&w.text)) : NULL;
    buf_release(&w.text);
    free(w.failed);
    return found;
}
