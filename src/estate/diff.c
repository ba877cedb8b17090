#include "estate/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 24 };

void change_init(struct change *change)
{
    *change = (struct change){.before = estate_open(), .after = estate_open()};
}

void change_release(struct change *change)
{
    estate_free(change->before);
    estate_free(change->after);
    VEC_FREE(&change->actions);
}

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[] = {"unchanged", "added",    "removed",
                                        "updated",   "replaced", "forgotten"};
    return kind < CHANGE_KINDS ? names[kind] : "unchanged";
}

static void compare(struct estate_diff *out, struct resource_change *change, const char *path,
                    const struct node *a, const struct node *b, int depth);

static const char *below(struct estate_diff *out, const char *path, const char *name)
{
    return *path ? arena_printf(&out->arena, "%s.%s", path, name)
                 : arena_strdup(&out->arena, name);
}

static void compare_maps(struct estate_diff *out, struct resource_change *change,
                         const char *path, const struct node *a, const struct node *b,
                         int depth)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct node *other = node_get(b, a->items[i]->key);
        if (!node_equal(a->items[i], other))
            compare(out, change, below(out, path, a->items[i]->key), a->items[i], other,
                    depth);
    }
    for (size_t i = 0; i < b->count; i++)
        if (!node_get(a, b->items[i]->key) && !node_absent(b->items[i]))
            compare(out, change, below(out, path, b->items[i]->key), NULL, b->items[i], depth);
}

static void compare_lists(struct estate_diff *out, struct resource_change *change,
                          const char *path, const struct node *a, const struct node *b,
                          int depth)
{
    char index[24];
    for (size_t i = 0; i < a->count || i < b->count; i++) {
        const struct node *x = i < a->count ? a->items[i] : NULL;
        const struct node *y = i < b->count ? b->items[i] : NULL;
        snprintf(index, sizeof index, "%zu", i);
        if (!node_equal(x, y))
            compare(out, change, below(out, path, index), x, y, depth);
    }
}

static void compare(struct estate_diff *out, struct resource_change *change, const char *path,
                    const struct node *a, const struct node *b, int depth)
{
    bool deeper = depth < DEPTH_MAX;
    if (deeper && node_is(a, NODE_MAP) && node_is(b, NODE_MAP))
        compare_maps(out, change, path, a, b, depth + 1);
    else if (deeper && node_is(a, NODE_LIST) && node_is(b, NODE_LIST))
        compare_lists(out, change, path, a, b, depth + 1);
    else
        VEC_ADD(&change->attributes, ((struct attribute_change){path, a, b}));
}

static const struct planned_action *planned(const struct change *change, const char *key)
{
    for (size_t i = 0; i < change->actions.count; i++)
        if (!strcmp(change->actions.at[i].key, key))
            return &change->actions.at[i];
    return NULL;
}

static void compare_resources(struct estate_diff *out, struct resource_change *change,
                              const struct resource *a, const struct resource *b)
{
    if (!node_equal(a->attrs, b->attrs))
        compare(out, change, "", a->attrs, b->attrs, 0);
    /* Tags are usually attributes as well; then they are named once. */
    if (!node_get(a->attrs, "tags") && !node_get(b->attrs, "tags") &&
        !node_equal(a->tags, b->tags))
        compare(out, change, "tags", a->tags, b->tags, 0);
    if (change->attributes.count)
        change->kind = CHANGE_UPDATED;
}

static void add_change(struct estate_diff *out, const struct change *change, uint32_t before,
                       uint32_t after)
{
    struct resource_change *c = VEC_PUSH(&out->all);
    const struct resource *a =
        before == NOTHING ? NULL : &change->before->resources.at[before];
    const struct resource *b = after == NOTHING ? NULL : &change->after->resources.at[after];
    const struct planned_action *action = planned(change, a ? a->key : b->key);
    c->before = before;
    c->after = after;
    c->kind = !a ? CHANGE_ADDED : !b ? CHANGE_REMOVED : CHANGE_NONE;
    if (a && b)
        compare_resources(out, c, a, b);
    if (action) {
        c->previous = action->previous;
        if (action->kind != CHANGE_NONE)
            c->kind = action->kind;
    }
}

/* qsort_r needs both estates: keys are what the order is by. */
static int by_key(const void *a, const void *b, void *context)
{
    const struct change *change = context;
    const struct resource_change *c[2] = {a, b};
    const char *key[2];
    for (int i = 0; i < 2; i++)
        key[i] = c[i]->after != NOTHING ? change->after->resources.at[c[i]->after].key
                                        : change->before->resources.at[c[i]->before].key;
    return strcmp(key[0], key[1]);
}

void estate_diff(struct estate_diff *out, const struct change *change)
{
    *out = (struct estate_diff){0};
    for (uint32_t i = 0; i < change->after->resources.count; i++)
        add_change(out, change,
                   estate_find(change->before, change->after->resources.at[i].key), i);
    for (uint32_t i = 0; i < change->before->resources.count; i++)
        if (estate_find(change->after, change->before->resources.at[i].key) == NOTHING)
            add_change(out, change, i, NOTHING);
    if (out->all.count)
        qsort_r(out->all.at, out->all.count, sizeof *out->all.at, by_key, (void *)change);
    for (size_t i = 0; i < out->all.count; i++)
        out->by_kind[out->all.at[i].kind]++;
}

void estate_diff_release(struct estate_diff *diff)
{
    for (size_t i = 0; i < diff->all.count; i++)
        VEC_FREE(&diff->all.at[i].attributes);
    VEC_FREE(&diff->all);
    arena_release(&diff->arena);
}
