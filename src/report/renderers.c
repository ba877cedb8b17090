#include <string.h>

#include "report/report.h"

/* Every output format; each is `render_<name>` in its file. */
#define RENDERERS(X)                                                                          \
    X(text)                                                                                   \
    X(json)                                                                                   \
    X(markdown)                                                                               \
    X(html)                                                                                   \
    X(csv)                                                                                    \
    X(sarif)

#define DECLARE(name) extern const struct renderer render_##name;
#define LIST(name) &render_##name,

RENDERERS(DECLARE)

const struct renderer *const renderers[] = {RENDERERS(LIST) NULL};

const struct renderer *renderer_named(const char *name)
{
    for (size_t i = 0; renderers[i]; i++)
        if (!strcmp(renderers[i]->name, name))
            return renderers[i];
    return NULL;
}
