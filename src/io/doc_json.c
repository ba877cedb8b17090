#include <string.h>

#include <jansson.h>

#include "base/buf.h"
#include "io/doc.h"
#include "json_nodes.h"
#include "utf16.h"

static struct node *number_from(struct arena *arena, const json_t *value)
{
    struct node *n = node_new(arena, NODE_NUMBER);
    n->number = json_number_value(value);
    n->text = json_is_integer(value)
                  ? arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value))
                  : number_digits(arena, n->number);
    n->length = strlen(n->text);
    return n;
}

static struct node *string_from(struct arena *arena, const json_t *value)
{
    struct node *n = node_new(arena, NODE_STRING);
    n->length = json_string_length(value);
    n->text = arena_strndup(arena, json_string_value(value), n->length);
    return n;
}

/* As deep as jansson lets a text nest (2048), so the recursion is bounded. */
static struct node *node_from(struct arena *arena, json_t *value)
{
    struct node *n;
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        n = node_new(arena, NODE_MAP);
        for (void *at = json_object_iter(value); at; at = json_object_iter_next(value, at))
            node_add(arena, n, json_object_iter_key(at),
                     node_from(arena, json_object_iter_value(at)));
        return n;
    case JSON_ARRAY:
        n = node_new(arena, NODE_LIST);
        for (size_t i = 0; i < json_array_size(value); i++)
            node_add(arena, n, NULL, node_from(arena, json_array_get(value, i)));
        return n;
    case JSON_STRING:
        return string_from(arena, value);
    case JSON_INTEGER:
    case JSON_REAL:
        return number_from(arena, value);
    case JSON_TRUE:
    case JSON_FALSE:
        return node_bool_new(arena, json_is_true(value));
    case JSON_NULL:
        break;
    }
    return node_new(arena, NODE_NULL);
}

static json_t *load(const char *text, size_t length, json_error_t *error)
{
    size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    json_t *root = json_loadb(text, length, flags, error);
    if (!root && json_error_code(error) == json_error_numeric_overflow)
        root = json_loadb(text, length, flags | JSON_DECODE_INT_AS_REAL, error);
    return root;
}

static bool parse_utf8(const struct node **out, struct arena *arena, const char *name,
                       const char *text, size_t length, struct err *err)
{
    if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        text += 3;
        length -= 3;
    }
    if (json_nodes(out, arena, text, length))
        return true;
    json_error_t error;
    json_t *root = load(text, length, &error);
    if (!root)
        return err_at(err, name, error.line > 0 ? (size_t)error.line : 0,
                      error.column > 0 ? (size_t)error.column : 0, "not valid JSON: %s",
                      error.text);
    *out = node_from(arena, root);
    json_decref(root);
    return true;
}

bool doc_parse_json(const struct node **out, struct arena *arena, const char *name,
                    const char *text, size_t length, struct err *err)
{
    enum utf16_order order = utf16_order_of(text, length);
    if (order == UTF16_NONE)
        return parse_utf8(out, arena, name, text, length, err);
    struct buf utf8 = BUF_INIT;
    size_t bad_at;
    bool ok = utf16_to_utf8(&utf8, text, length, order, &bad_at)
                  ? parse_utf8(out, arena, name, buf_text(&utf8), utf8.length, err)
                  : err_set(err, "%s: not valid UTF-16 at byte %zu", name, bad_at);
    buf_release(&utf8);
    return ok;
}
