#include <stdlib.h>

#include "io/doc.h"
#include "io/stream.h"
#include "io/strict.h"

enum { STRICT_LIMIT = 64 * 1024 * 1024 };

static bool begins_like_json(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            return text[i] == '{' || text[i] == '[';
    return false;
}

/* JSON is also YAML, and the YAML reader knows the lines; what it cannot read stays without.
 */
static bool read_json(const struct node **out, struct arena *arena, const char *path,
                      const char *text, size_t length, struct err *err)
{
    const struct node *plain, *placed;
    if (!doc_parse_json(&plain, arena, path, text, length, err))
        return false;
    bool ok = doc_parse_yaml(&placed, arena, path, text, length, NULL);
    *out = ok ? placed : plain;
    return true;
}

bool strict_read(const struct node **out, struct arena *arena, const char *path,
                 struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, STRICT_LIMIT, err))
        return false;
    bool ok = begins_like_json(text, length)
                  ? read_json(out, arena, path, text, length, err)
                  : doc_parse_yaml(out, arena, path, text, length, err);
    free(text);
    return ok;
}
