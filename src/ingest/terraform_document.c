#include <stdlib.h>
#include <string.h>

#include "io/doc.h"
#include "io/stream.h"
#include "terraform.h"

enum { PLAN_LIMIT = 256 * 1024 * 1024 };

/* The first line that begins with "{": what a wrapper printed before it is not ours. */
static const char *first_object(const char *text, size_t length)
{
    const char *end = text + length;
    for (const char *at = text; at < end;) {
        if (*at == '{')
            return at;
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at)
            return NULL;
        at++;
    }
    return NULL;
}

/* The end of the object at `at`: its last brace, strings and escapes seen. */
static const char *object_end(const char *at, const char *end)
{
    int depth = 0;
    bool quoted = false;
    for (; at < end; at++) {
        if (quoted) {
            if (*at == '\\')
                at++;
            else if (*at == '"')
                quoted = false;
        } else if (*at == '"') {
            quoted = true;
        } else if (*at == '{') {
            depth++;
        } else if (*at == '}' && --depth == 0) {
            return at + 1;
        }
    }
    return NULL;
}

static bool parse(const struct node **out, struct arena *arena, const char *path,
                  const char *text, size_t length, struct err *err)
{
    const char *from = first_object(text, length);
    bool wrapped = from && from != text;
    const char *to = wrapped ? object_end(from, text + length) : NULL;
    return !to ? doc_parse_json(out, arena, path, text, length, err)
               : doc_parse_json(out, arena, path, from, (size_t)(to - from), err);
}

bool terraform_document(const struct node **out, struct arena *arena, const char *path,
                        struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, PLAN_LIMIT, err))
        return false;
    bool ok = parse(out, arena, path, text, length, err);
    free(text);
    if (ok && !node_is(*out, NODE_MAP))
        return err_set(err, "%s: not an object; a plan comes from terraform show -json", path);
    return ok;
}

bool infrastructure_document(const struct node **out, struct arena *arena, const char *path,
                             struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, PLAN_LIMIT, err))
        return false;
    bool utf16 = length > 1 && (!memcmp(text, "\xff\xfe", 2) || !memcmp(text, "\xfe\xff", 2));
    bool ok = utf16 || first_object(text, length)
                  ? parse(out, arena, path, text, length, err)
                  : doc_parse_yaml(out, arena, path, text, length, err);
    free(text);
    return ok;
}
