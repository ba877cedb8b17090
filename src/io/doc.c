#include "io/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io/stream.h"

enum { DOCUMENT_LIMIT = 256 * 1024 * 1024 };

/* The name decides when it says yaml or json, whatever compression follows it. */
static int named(const char *path)
{
    static const struct {
        const char *suffix;
        int yaml;
    } suffixes[] = {{".yaml", 1}, {".yml", 1}, {".json", 0}, {".tfstate", 0}};
    const char *base = strrchr(path, '/');
    base = base ? base + 1 : path;
    for (const char *dot = strchr(base, '.'); dot; dot = strchr(dot + 1, '.')) {
        size_t n = 1 + strcspn(dot + 1, ".");
        for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
            if (strlen(suffixes[i].suffix) == n && !strncasecmp(dot, suffixes[i].suffix, n))
                return suffixes[i].yaml;
    }
    return -1;
}

static bool looks_like_json(const char *text, size_t length)
{
    static const char skipped[] = " \t\r\n\xef\xbb\xbf\xff\xfe";
    for (size_t i = 0; i < length; i++)
        if (text[i] && !memchr(skipped, text[i], sizeof skipped - 1))
            return text[i] == '{' || text[i] == '[' || text[i] == '"';
    return false;
}

bool doc_read(const struct node **out, struct arena *arena, const char *path, struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, DOCUMENT_LIMIT, err))
        return false;
    int yaml = named(path);
    if (yaml < 0)
        yaml = !looks_like_json(text, length);
    bool ok = yaml ? doc_parse_yaml(out, arena, path, text, length, err)
                   : doc_parse_json(out, arena, path, text, length, err);
    free(text);
    return ok;
}
