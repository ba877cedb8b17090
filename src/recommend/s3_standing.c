#include "s3_rules.h"

#include <string.h>

/* Where in a rule a block stands; it decides what 0 days and a tag mean. */
enum place { IN_RULE, IN_LIST, IN_AND };

/* State writes absent numbers as 0, absent texts as "": only a transition's 0 days mean it. */
static bool says_nothing(const char *key, const struct node *n, bool in_transition)
{
    if (node_absent(n) || (n->kind == NODE_STRING && n->length == 0) ||
        (n->kind == NODE_BOOL && !n->truth))
        return true;
    if (n->kind == NODE_LIST || n->kind == NODE_MAP)
        return n->count == 0 && strcmp(key, "filter") != 0;
    return node_is(n, NODE_NUMBER) && n->number == 0 &&
           !(in_transition && strcmp(key, "days") == 0);
}

static struct node *tags_from_map(struct arena *arena, const struct node *map)
{
    struct node *list = node_new(arena, NODE_LIST);
    for (size_t i = 0; i < map->count; i++) {
        struct node *tag = node_new(arena, NODE_MAP);
        node_add(arena, tag, "Key", node_string(arena, map->items[i]->key));
        node_add(arena, tag, "Value", node_string(arena, node_text(map->items[i], "")));
        node_add(arena, list, NULL, tag);
    }
    return list;
}

static struct node *from_terraform(struct arena *arena, const struct node *n,
                                   enum place place);

/* A block, or the blocks of a list. */
static struct node *list_from_terraform(struct arena *arena, const struct node *n)
{
    struct node *list = node_new(arena, NODE_LIST);
    if (n->kind == NODE_MAP)
        node_add(arena, list, NULL, from_terraform(arena, n, IN_LIST));
    for (size_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
        node_add(arena, list, NULL, from_terraform(arena, n->items[i], IN_LIST));
    return list;
}

static void add_item(struct arena *arena, struct node *map, const struct node *item,
                     const struct s3_rule_name *name, enum place place)
{
    if (strcmp(item->key, "tags") == 0 && item->kind == NODE_MAP)
        node_add(arena, map, name->api, tags_from_map(arena, item));
    else if (strcmp(item->key, "tag") == 0 && place == IN_AND)
        node_add(arena, map, "Tags", list_from_terraform(arena, item));
    else if (name->list)
        node_add(arena, map, name->api, list_from_terraform(arena, item));
    else
        node_add(
            arena, map, name->api,
            from_terraform(arena, item, strcmp(item->key, "and") == 0 ? IN_AND : IN_RULE));
}

static struct node *from_terraform(struct arena *arena, const struct node *n, enum place place)
{
    struct node *map = node_new(arena, NODE_MAP);
    if (n->kind == NODE_LIST)
        return n->count > 0 ? from_terraform(arena, n->items[0], place) : map;
    if (n->kind != NODE_MAP)
        return node_copy(arena, n);
    bool dated = node_text(node_get(n, "date"), "")[0] != '\0';
    for (size_t i = 0; i < n->count; i++) {
        const struct node *item = n->items[i];
        const struct s3_rule_name *name = s3_name_of_terraform(item->key);
        if (name && !says_nothing(item->key, item, place == IN_LIST && !dated))
            add_item(arena, map, item, name, place);
    }
    return map;
}

static struct node *rule_from_terraform(struct arena *arena, const struct node *block)
{
    struct node *rule = from_terraform(arena, block, IN_RULE);
    if (!node_get(rule, "Filter") && !node_get(rule, "Prefix"))
        node_add(arena, rule, "Filter", node_new(arena, NODE_MAP));
    return rule;
}

struct s3_rules s3_standing_rules(struct arena *arena, const struct s3_bucket *bucket)
{
    static const char type[] = "aws_s3_bucket_lifecycle_configuration";
    struct s3_rules rules = {.list = node_new(arena, NODE_LIST),
                             .touched = node_new(arena, NODE_LIST)};
    const struct resource *r;
    for (size_t at = 0; (r = s3_companion(bucket, type, &at)); rules.known = true) {
        const struct node *list = node_get(r->attrs, "rule");
        rules.least_size =
            node_text(node_get(r->attrs, "transition_default_minimum_object_size"), NULL);
        for (size_t k = 0; node_is(list, NODE_LIST) && k < list->count; k++)
            node_add(arena, rules.list, NULL, rule_from_terraform(arena, list->items[k]));
    }
    return rules;
}

static const char *id_of(const struct node *rule)
{
    return node_text(node_get(rule, "ID"), "");
}

static bool has_id(const struct node *rules, const char *id)
{
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(id_of(rules->items[i]), id) == 0)
            return true;
    return false;
}

void s3_rules_add(struct arena *arena, struct s3_rules *rules, const char *id,
                  struct node *rule)
{
    const char *own = id;
    for (int n = 2; has_id(rules->list, own); n++)
        own = arena_printf(arena, "%s-%d", id, n);
    struct node *named = node_new(arena, NODE_MAP);
    node_add(arena, named, "ID", node_string(arena, own));
    for (size_t i = 0; i < rule->count; i++)
        node_add(arena, named, rule->items[i]->key, rule->items[i]);
    node_add(arena, rules->list, NULL, named);
    node_add(arena, rules->touched, NULL, node_string(arena, own));
}

void s3_rules_replace(struct arena *arena, struct s3_rules *rules, size_t at,
                      struct node *rule)
{
    struct node *list = node_new(arena, NODE_LIST);
    const char *id = id_of(rules->list->items[at]);
    if (id[0])
        node_add(arena, rules->touched, NULL, node_string(arena, id));
    for (size_t i = 0; i < rules->list->count; i++)
        if (i != at || rule)
            node_add(arena, list, NULL, i == at ? rule : rules->list->items[i]);
    rules->list = list;
}

bool s3_rules_abort_uploads(const struct s3_rules *rules)
{
    for (size_t i = 0; i < rules->list->count; i++) {
        const struct node *rule = rules->list->items[i];
        struct lifecycle_policy policy;
        const char *at;
        s3_rule_policy(&policy, &at, rule);
        if (node_get(rule, "AbortIncompleteMultipartUpload") && at[0] == '\0' &&
            strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") == 0)
            return true;
    }
    return false;
}

static const struct node *filter_part(const struct node *rule, const char *key)
{
    const struct node *filter = node_get(rule, "Filter");
    const struct node *part = node_get(node_get(filter, "And"), key);
    return part ? part : node_get(filter, key);
}

bool s3_rule_has_tags(const struct node *rule)
{
    return filter_part(rule, "Tag") || filter_part(rule, "Tags");
}

bool s3_rule_policy(struct lifecycle_policy *out, const char **prefix, const struct node *rule)
{
    const struct node *steps = node_get(rule, "Transitions");
    *out = (struct lifecycle_policy){0};
    *prefix = node_text(filter_part(rule, "Prefix"), node_text(node_get(rule, "Prefix"), ""));
    if (s3_rule_has_tags(rule) || filter_part(rule, "ObjectSizeLessThan") ||
        strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") != 0)
        return false;
    out->larger_than_bytes =
        node_number(filter_part(rule, "ObjectSizeGreaterThan"), S3_SMALL_BYTES - 1);
    out->expire_day = (int)node_number(node_at(rule, "Expiration.Days"), 0);
    for (size_t i = 0; steps && i < steps->count; i++) {
        struct lifecycle_step step = {0};
        const struct node *days = node_get(steps->items[i], "Days");
        if (out->steps == LIFECYCLE_STEPS_MAX || !days ||
            !lifecycle_class_named(&step.to,
                                   node_text(node_get(steps->items[i], "StorageClass"), "")))
            return false;
        step.day = (int)node_number(days, 0);
        lifecycle_policy_add(out, step);
    }
    return lifecycle_policy_check(out, NULL);
}
