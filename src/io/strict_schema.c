#include <string.h>

#include "base/json_text.h"
#include "io/strict.h"

static struct node *schema_of_map(struct arena *arena, const struct strict_field *fields);

static struct node *put(struct arena *arena, struct node *map, const char *key,
                        struct node *value)
{
    return node_add(arena, map, key, value);
}

static void put_text(struct arena *arena, struct node *map, const char *key, const char *text)
{
    put(arena, map, key, node_string(arena, text));
}

static struct node *of_type(struct arena *arena, const char *type)
{
    struct node *n = node_new(arena, NODE_MAP);
    put_text(arena, n, "type", type);
    return n;
}

static struct node *number(struct arena *arena, const struct strict_field *f)
{
    struct node *n = of_type(arena, "number");
    put(arena, n, "minimum", node_number_new(arena, f->least));
    if (f->most > 0)
        put(arena, n, "maximum", node_number_new(arena, f->most));
    return n;
}

static struct node *either(struct arena *arena, struct node *a, struct node *b)
{
    struct node *n = node_new(arena, NODE_MAP), *list = node_new(arena, NODE_LIST);
    node_add(arena, list, NULL, a);
    node_add(arena, list, NULL, b);
    put(arena, n, "anyOf", list);
    return n;
}

static struct node *text(struct arena *arena, const struct strict_field *f)
{
    struct node *n = node_new(arena, NODE_MAP), *list = node_new(arena, NODE_LIST);
    if (!f->choices) {
        node_add(arena, list, NULL, node_string(arena, "string"));
        node_add(arena, list, NULL, node_string(arena, "number"));
        put(arena, n, "type", list);
        return n;
    }
    for (const char *at = f->choices; *at;) {
        size_t length = strcspn(at, "|");
        node_add(arena, list, NULL, node_string(arena, arena_strndup(arena, at, length)));
        at += length + (at[length] == '|');
    }
    put(arena, n, "enum", list);
    return n;
}

static struct node *id(struct arena *arena, const struct strict_field *f)
{
    (void)f;
    struct node *n = of_type(arena, "string");
    put_text(arena, n, "pattern", "^[a-z0-9_-]{1,64}$");
    return n;
}

static struct node *truth(struct arena *arena, const struct strict_field *f)
{
    (void)f;
    return of_type(arena, "boolean");
}

static struct node *quantity(struct arena *arena, const struct strict_field *f)
{
    struct node *range = of_type(arena, "object"), *parts = node_new(arena, NODE_MAP);
    static const char *const names[] = {"min", "typ", "max"};
    for (size_t i = 0; i < 3; i++)
        put(arena, parts, names[i], number(arena, f));
    put(arena, range, "properties", parts);
    put(arena, range, "additionalProperties", node_bool_new(arena, false));
    put(arena, range, "minProperties", node_number_new(arena, 1));
    return either(arena, number(arena, f), range);
}

static struct node *date(struct arena *arena, const struct strict_field *f)
{
    (void)f;
    struct node *n = of_type(arena, "string");
    put_text(arena, n, "format", "date");
    return n;
}

static struct node *list_of(struct arena *arena, struct node *items)
{
    struct node *n = of_type(arena, "array");
    put(arena, n, "items", items);
    return n;
}

static struct node *map_of(struct arena *arena, struct node *values)
{
    struct node *n = of_type(arena, "object");
    put(arena, n, "additionalProperties", values);
    return n;
}

static struct node *texts(struct arena *arena, const struct strict_field *f)
{
    return either(arena, text(arena, f), list_of(arena, text(arena, f)));
}

static struct node *tags(struct arena *arena, const struct strict_field *f)
{
    (void)f;
    struct node *value = node_new(arena, NODE_MAP), *types = node_new(arena, NODE_LIST);
    static const char *const names[] = {"string", "number", "boolean", "null"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        node_add(arena, types, NULL, node_string(arena, names[i]));
    put(arena, value, "type", types);
    return map_of(arena, value);
}

static struct node *numbers(struct arena *arena, const struct strict_field *f)
{
    return map_of(arena, number(arena, f));
}

static struct node *map(struct arena *arena, const struct strict_field *f)
{
    return schema_of_map(arena, f->inner);
}

static struct node *list(struct arena *arena, const struct strict_field *f)
{
    return list_of(arena, schema_of_map(arena, f->inner));
}

static struct node *named(struct arena *arena, const struct strict_field *f)
{
    return map_of(arena, schema_of_map(arena, f->inner));
}

static struct node *any(struct arena *arena, const struct strict_field *f)
{
    (void)f;
    return node_new(arena, NODE_MAP);
}

static struct node *(*const schemas[])(struct arena *, const struct strict_field *) = {
    [STRICT_TEXT] = text,         [STRICT_ID] = id,
    [STRICT_BOOL] = truth,        [STRICT_NUMBER] = number,
    [STRICT_QUANTITY] = quantity, [STRICT_DATE] = date,
    [STRICT_TEXTS] = texts,       [STRICT_TAGS] = tags,
    [STRICT_NUMBERS] = numbers,   [STRICT_MAP] = map,
    [STRICT_LIST] = list,         [STRICT_NAMED] = named,
    [STRICT_ANY] = any,
};

static struct node *schema_of_map(struct arena *arena, const struct strict_field *fields)
{
    struct node *n = of_type(arena, "object"), *keys = node_new(arena, NODE_MAP);
    struct node *own = node_new(arena, NODE_MAP), *required = node_new(arena, NODE_LIST);
    for (const struct strict_field *f = fields; f->key; f++) {
        struct node *schema = put(arena, keys, f->key, schemas[f->type](arena, f));
        if (f->about)
            put_text(arena, schema, "description", f->about);
        if (f->required)
            node_add(arena, required, NULL, node_string(arena, f->key));
    }
    put(arena, n, "properties", keys);
    put(arena, own, "^x_", node_new(arena, NODE_MAP));
    put(arena, n, "patternProperties", own);
    put(arena, n, "additionalProperties", node_bool_new(arena, false));
    if (required->count)
        put(arena, n, "required", required);
    return n;
}

void strict_schema(struct buf *out, const struct strict_field *fields, const char *title)
{
    struct arena arena = ARENA_INIT;
    struct node *root = node_new(&arena, NODE_MAP);
    put_text(&arena, root, "$schema", "https://json-schema.org/draft/2020-12/schema");
    put_text(&arena, root, "title", title);
    struct node *body = schema_of_map(&arena, fields);
    for (size_t i = 0; i < body->count; i++)
        put(&arena, root, body->items[i]->key, body->items[i]);
    json_write(out, root, true);
    buf_add_char(out, '\n');
    arena_release(&arena);
}

static const char *type_text(const struct strict_field *f)
{
    static const char *const names[] = {
        [STRICT_TEXT] = "text",
        [STRICT_ID] = "id",
        [STRICT_BOOL] = "true/false",
        [STRICT_NUMBER] = "number",
        [STRICT_QUANTITY] = "quantity",
        [STRICT_DATE] = "date",
        [STRICT_TEXTS] = "texts",
        [STRICT_TAGS] = "map of texts",
        [STRICT_NUMBERS] = "map of numbers",
        [STRICT_MAP] = "map",
        [STRICT_LIST] = "list",
        [STRICT_NAMED] = "map by name",
        [STRICT_ANY] = "anything",
    };
    return names[f->type];
}

static void reference(struct buf *out, const struct strict_field *fields, int depth)
{
    for (const struct strict_field *f = fields; f->key; f++) {
        buf_fill(out, ' ', (size_t)depth * 2);
        buf_printf(out, "- `%s` (%s", f->key, type_text(f));
        if (f->required)
            buf_add(out, ", required");
        if (f->choices)
            buf_printf(out, ": %s", f->choices);
        if (f->most > 0)
            buf_printf(out, ", %g to %g", f->least, f->most);
        else if (f->least > 0)
            buf_printf(out, ", at least %g", f->least);
        buf_printf(out, ")%s%s\n", f->about ? ": " : "", f->about ? f->about : "");
        if (f->inner)
            reference(out, f->inner, depth + 1);
    }
}

void strict_reference(struct buf *out, const struct strict_field *fields)
{
    reference(out, fields, 0);
}
