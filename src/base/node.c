#include "base/node.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/shortest.h"

const struct node *node_get(const struct node *map, const char *key)
{
    if (!map || map->kind != NODE_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (*map->items[i]->key == *key && !strcmp(map->items[i]->key, key))
            return map->items[i];
    return NULL;
}

static const struct node *get_n(const struct node *from, const char *name, size_t n)
{
    if (!from)
        return NULL;
    if (from->kind == NODE_LIST) {
        char *end;
        unsigned long i = strtoul(name, &end, 10);
        if (end == name + n && n > 0)
            return i < from->count ? from->items[i] : NULL;
        return from->count ? get_n(from->items[0], name, n) : NULL;
    }
    if (from->kind == NODE_MAP)
        for (size_t i = 0; i < from->count; i++)
            if (!strncmp(from->items[i]->key, name, n) && !from->items[i]->key[n])
                return from->items[i];
    return NULL;
}

const struct node *node_at(const struct node *from, const char *path)
{
    while (from && *path) {
        size_t n = strcspn(path, ".");
        from = get_n(from, path, n);
        path += n + (path[n] == '.');
    }
    return from;
}

const char *node_text(const struct node *n, const char *otherwise)
{
    return n && (n->kind == NODE_STRING || n->kind == NODE_NUMBER) ? n->text : otherwise;
}

double node_number(const struct node *n, double otherwise)
{
    if (!n)
        return otherwise;
    if (n->kind == NODE_NUMBER)
        return n->number;
    if (n->kind != NODE_STRING || !n->length)
        return otherwise;
    char *end;
    double number = strtod(n->text, &end);
    return end == n->text + n->length ? number : otherwise;
}

bool node_bool(const struct node *n, bool otherwise)
{
    if (!n)
        return otherwise;
    if (n->kind == NODE_BOOL)
        return n->truth;
    if (n->kind == NODE_STRING && !strcmp(n->text, "true"))
        return true;
    if (n->kind == NODE_STRING && !strcmp(n->text, "false"))
        return false;
    return otherwise;
}

bool node_is(const struct node *n, enum node_kind kind)
{
    return n && n->kind == kind;
}

bool node_absent(const struct node *n)
{
    return !n || n->kind == NODE_NULL;
}

static bool items_equal(const struct node *a, const struct node *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct node *other =
            a->kind == NODE_MAP ? node_get(b, a->items[i]->key) : b->items[i];
        if (!other || !node_equal(a->items[i], other))
            return false;
    }
    return true;
}

bool node_equal(const struct node *a, const struct node *b)
{
    if (node_absent(a) || node_absent(b))
        return node_absent(a) && node_absent(b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case NODE_BOOL:
        return a->truth == b->truth;
    case NODE_NUMBER:
        return a->number >= b->number && a->number <= b->number;
    case NODE_STRING:
        return a->length == b->length && !memcmp(a->text, b->text, a->length);
    case NODE_LIST:
    case NODE_MAP:
        return items_equal(a, b);
    case NODE_NULL:
    case NODE_UNKNOWN:
        return true;
    }
    return false;
}

const char *number_digits(struct arena *arena, double number)
{
    char text[40];
    struct shortest s;
    shortest_decimal(&s, number);
    snprintf(text, sizeof text, "%.*g", s.precision, number);
    return arena_strdup(arena, text);
}

struct node *node_new(struct arena *arena, enum node_kind kind)
{
    struct node *n = ARENA_NEW(arena, struct node);
    n->kind = kind;
    n->text = "";
    return n;
}

struct node *node_string(struct arena *arena, const char *text)
{
    struct node *n = node_new(arena, NODE_STRING);
    n->text = arena_strdup(arena, text);
    n->length = strlen(text);
    return n;
}

struct node *node_number_new(struct arena *arena, double number)
{
    struct node *n = node_new(arena, NODE_NUMBER);
    n->number = number;
    bool whole = number > -1e9 && number < 1e9 && number != 0 &&
                 number == (double)(int32_t)number;
    n->text = whole ? arena_printf(arena, "%" PRId32, (int32_t)number) /* the same, sooner */
                    : arena_printf(arena, "%.15g", number);
    n->length = strlen(n->text);
    return n;
}

struct node *node_bool_new(struct arena *arena, bool truth)
{
    struct node *n = node_new(arena, NODE_BOOL);
    n->truth = truth;
    return n;
}

/* A node with n items has room for the next power of two, so no room field is needed. */
static size_t room_for(size_t n)
{
    size_t room = 4;
    while (room < n)
        room *= 2;
    return room;
}

struct node *node_add(struct arena *arena, struct node *parent, const char *key,
                      struct node *item)
{
    size_t n = parent->count;
    if (n == 0 || n == room_for(n)) {
        struct node **items = ARENA_ARRAY(arena, struct node *, room_for(n + 1));
        if (n)
            memcpy(items, parent->items, n * sizeof *items);
        parent->items = items;
    }
    item->key = key ? arena_strdup(arena, key) : NULL;
    parent->items[parent->count++] = item;
    return item;
}

struct node *node_copy(struct arena *arena, const struct node *from)
{
    struct node *copy = ARENA_NEW(arena, struct node);
    *copy = *from;
    copy->text = from->text ? arena_strndup(arena, from->text, from->length) : "";
    copy->key = from->key ? arena_strdup(arena, from->key) : NULL;
    copy->items = ARENA_ARRAY(arena, struct node *, room_for(from->count));
    copy->count = 0;
    for (size_t i = 0; i < from->count; i++)
        copy->items[copy->count++] = node_copy(arena, from->items[i]);
    return copy;
}
