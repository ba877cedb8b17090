#include "ingest/embedded_json.h"

#include <string.h>

#include "io/doc.h"

static const char *const document_keys[] = {
    "policy",     "assume_role_policy", "definition",    "key_policy",
    "access_policies", "trust_policy",  "inline_policy",
};

enum { DEPTH_MAX = 6 };

static bool is_document_key(const char *key)
{
    for (size_t i = 0; key && i < sizeof document_keys / sizeof *document_keys; i++)
        if (!strcmp(key, document_keys[i]))
            return true;
    return false;
}

static bool looks_like_json(const struct node *n)
{
    if (!node_is(n, NODE_STRING))
        return false;
    static const char blank[] = " \t\r\n\xef\xbb\xbf"; /* and a byte order mark */
    const char *text = n->text + strspn(n->text, blank);
    return *text == '{' || *text == '[';
}

static const struct node *decoded(struct estate *estate, const struct resource *r,
                                  const struct node *n)
{
    const struct node *tree;
    struct err err = ERR_INIT;
    if (!doc_parse_json(&tree, &estate->arena, n->key, n->text, n->length, &err)) {
        estate_note(estate, NOTE_WARNING, r->source, "%s: %s is not read: %s", resource_label(r),
                    n->key, err.text);
        return n;
    }
    struct node *copy = ARENA_NEW(&estate->arena, struct node);
    *copy = *tree;
    copy->key = n->key;
    copy->sensitive = n->sensitive;
    return copy;
}

/* The same tree with its documents decoded; untouched parts are shared, not copied. */
static const struct node *walk(struct estate *estate, const struct resource *r,
                               const struct node *n, int depth)
{
    if (looks_like_json(n) && is_document_key(n->key))
        return decoded(estate, r, n);
    if ((n->kind != NODE_MAP && n->kind != NODE_LIST) || depth == DEPTH_MAX)
        return n;
    struct node *copy = NULL;
    for (size_t i = 0; i < n->count; i++) {
        const struct node *item = walk(estate, r, n->items[i], depth + 1);
        if (item == n->items[i])
            continue;
        if (!copy) {
            copy = ARENA_NEW(&estate->arena, struct node);
            *copy = *n;
            copy->items = ARENA_ARRAY(&estate->arena, struct node *, n->count);
            memcpy(copy->items, n->items, n->count * sizeof *n->items);
        }
        copy->items[i] = (struct node *)item;
    }
    return copy ? copy : n;
}

void embedded_json_decode(struct estate *estate)
{
    for (size_t i = 0; i < estate->resources.count; i++) {
        struct resource *r = &estate->resources.at[i];
        if (r->attrs)
            r->attrs = walk(estate, r, r->attrs, 0);
    }
}
