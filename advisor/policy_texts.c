#include "policy_texts.h"

#include <string.h>

#include "policy/policy.h"

static bool has(const struct policy_text *texts, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(texts[i].id, id))
            return true;
    return false;
}

static size_t built_in(void)
{
    size_t count = 0;
    while (policies[count])
        count++;
    return count;
}

const struct policy_text *policy_texts(size_t *count, struct arena *arena,
                                       const struct node *checks)
{
    const struct node *custom = node_at(checks, "params.custom");
    size_t own = node_is(custom, NODE_LIST) ? custom->count : 0, n = built_in();
    struct policy_text *texts = ARENA_ARRAY(arena, struct policy_text, n + own);
    for (size_t i = 0; i < n; i++)
        texts[i] = (struct policy_text){policies[i]->id, policies[i]->title,
                                        policies[i]->severity};
    for (size_t i = 0; i < own; i++) {
        const struct node *c = custom->items[i];
        const char *id = node_text(node_get(c, "id"), "custom");
        if (!has(texts, n, id))
            texts[n++] = (struct policy_text){id, node_text(node_get(c, "reason"), id),
                                              SEVERITY_MEDIUM};
    }
    *count = n;
    return texts;
}
