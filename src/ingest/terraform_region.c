#include <string.h>

#include "terraform.h"

enum { DEPTH_MAX = 64 };

/* The one region that all agree on; NULL in `at` where two differ. */
struct agreed {
    const char *at;
    bool disagreed;
};

static void agree(struct agreed *a, const char *region)
{
    if (!region || !*region)
        return;
    if (a->at && strcmp(a->at, region) != 0)
        a->disagreed = true;
    a->at = region;
}

static void ask_data_sources(struct agreed *a, const struct node *module, int depth)
{
    const struct node *resources = node_get(module, "resources");
    const struct node *children = node_get(module, "child_modules");
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const struct node *values = node_get(resources->items[i], "values");
        if (strcmp(node_text(node_get(resources->items[i], "type"), ""), "aws_region") != 0)
            continue;
        agree(a, node_text(node_get(values, "region"),
                           node_text(node_get(values, "name"),
                                     node_text(node_get(values, "id"), NULL))));
    }
    for (size_t i = 0;
         node_is(children, NODE_LIST) && i < children->count && depth < DEPTH_MAX; i++)
        ask_data_sources(a, children->items[i], depth + 1);
}

static void ask_arns(struct agreed *a, struct arena *arena, const struct node *changes)
{
    for (size_t i = 0; node_is(changes, NODE_LIST) && i < changes->count; i++) {
        const struct node *before = node_at(changes->items[i], "change.before");
        const char *part = node_text(node_get(before, "arn"), "");
        for (int colon = 0; colon < 3 && part; colon++) {
            part = strchr(part, ':');
            part = part ? part + 1 : NULL;
        }
        if (part)
            agree(a, arena_strndup(arena, part, strcspn(part, ":")));
    }
}

const char *terraform_plan_region(struct arena *arena, const struct node *plan)
{
    struct agreed a = {NULL, false};
    ask_data_sources(&a, node_at(plan, "prior_state.values.root_module"), 0);
    if (!a.at)
        ask_arns(&a, arena, node_get(plan, "resource_changes"));
    return a.disagreed ? NULL : a.at;
}
