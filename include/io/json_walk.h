#ifndef IO_JSON_WALK_H
#define IO_JSON_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* How nested values are skipped; the best that this machine can is chosen for each walk. */
enum json_kernel { JSON_PORTABLE, JSON_SSE2, JSON_AVX2 };

/*
 * A pull walker over one JSON text in memory, for logs of millions of lines of
 * which a few values matter. It checks what it walks over and trusts what it
 * skips: of a skipped value only the strings and the balance of brackets are
 * seen. Nothing is read before `at` or from `end` on.
 *
 *     struct json_walk w = json_walk_over(line, length);
 *     for (struct json_span key; json_enter(&w, '{') ... json_key(&w, &key);)
 *         if (json_span_is(key, "Job ID")) json_integer(&w, &id); else json_skip(&w);
 *
 * Once something is wrong `bad` is set and everything answers false.
 */
struct json_walk {
    const char *at, *end;
    bool bad;
    bool first; /* the next item of the container needs no comma */
    enum json_kernel kernel;
};

/* A string as it stands in the text, without its quotes. */
struct json_span {
    const char *at;
    size_t length;
    bool escaped; /* holds backslashes */
};

struct json_walk json_walk_over(const char *text, size_t length);

/* Goes into an object ('{') or list ('['); false, and nothing taken, when the value is
 * another. */
bool json_enter(struct json_walk *w, char open);
bool json_key(struct json_walk *w, struct json_span *key); /* false at the object's end */
bool json_item(struct json_walk *w);                       /* false at the list's end */

/*
 * Each takes one value. The readers skip a value of another kind (null, mostly)
 * and give false with *out as it was.
 */
bool json_skip(struct json_walk *w);
bool json_integer(struct json_walk *w,
                  int64_t *out); /* fractions are cut, too large is a failure */
bool json_number(struct json_walk *w, double *out);
bool json_string(struct json_walk *w, struct json_span *out);
bool json_truth(struct json_walk *w, bool *out);

/* True when only blanks are left: the text was one whole value. */
bool json_done(struct json_walk *w);

bool json_span_is(struct json_span s,
                  const char *text); /* as it stands; keys hold no escapes */
void json_span_text(struct buf *out, struct json_span s); /* appends it, escapes resolved */

enum json_kernel json_kernel_best(void);
bool json_kernel_runs(enum json_kernel kernel);
/*
 * Behind the bracket that closes the one before `at`; NULL when `end` comes first.
 */
const char *json_skip_nested(const char *at, const char *end, enum json_kernel kernel);

#endif
