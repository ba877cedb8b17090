#include "s3.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_text.h"

/* The names of one tree in Terraform and in the API; `list` blocks may repeat. */
static const struct name {
    const char *terraform, *api;
    bool list;
} names[] = {
    {"id", "ID", false},
    {"status", "Status", false},
    {"prefix", "Prefix", false},
    {"filter", "Filter", false},
    {"and", "And", false},
    {"tag", "Tag", false},
    {"tags", "Tags", false},
    {"key", "Key", false},
    {"value", "Value", false},
    {"object_size_greater_than", "ObjectSizeGreaterThan", false},
    {"object_size_less_than", "ObjectSizeLessThan", false},
    {"transition", "Transitions", true},
    {"days", "Days", false},
    {"date", "Date", false},
    {"storage_class", "StorageClass", false},
    {"expiration", "Expiration", false},
    {"expired_object_delete_marker", "ExpiredObjectDeleteMarker", false},
    {"noncurrent_version_transition", "NoncurrentVersionTransitions", true},
    {"noncurrent_version_expiration", "NoncurrentVersionExpiration", false},
    {"noncurrent_days", "NoncurrentDays", false},
    {"newer_noncurrent_versions", "NewerNoncurrentVersions", false},
    {"abort_incomplete_multipart_upload", "AbortIncompleteMultipartUpload", false},
    {"days_after_initiation", "DaysAfterInitiation", false},
};

static const struct name *by_terraform(const char *key)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].terraform, key) == 0)
            return &names[i];
    return NULL;
}

static const struct name *by_api(const char *key)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i].api, key) == 0)
            return &names[i];
    return NULL;
}

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

static struct node *from_terraform(struct arena *arena, const struct node *n, bool transition);

static struct node *list_from_terraform(struct arena *arena, const struct node *n)
{
    struct node *list = node_new(arena, NODE_LIST);
    if (n->kind == NODE_MAP)
        node_add(arena, list, NULL, from_terraform(arena, n, true));
    for (size_t i = 0; n->kind == NODE_LIST && i < n->count; i++)
        node_add(arena, list, NULL, from_terraform(arena, n->items[i], true));
    return list;
}

static struct node *from_terraform(struct arena *arena, const struct node *n, bool transition)
{
    struct node *map = node_new(arena, NODE_MAP);
    if (n->kind == NODE_LIST)
        return n->count > 0 ? from_terraform(arena, n->items[0], transition) : map;
    if (n->kind != NODE_MAP)
        return node_copy(arena, n);
    bool dated = node_text(node_get(n, "date"), "")[0] != '\0';
    for (size_t i = 0; i < n->count; i++) {
        const struct node *item = n->items[i];
        const struct name *name = by_terraform(item->key);
        if (!name || says_nothing(item->key, item, transition && !dated))
            continue;
        if (strcmp(item->key, "tags") == 0 && item->kind == NODE_MAP)
            node_add(arena, map, name->api, tags_from_map(arena, item));
        else if (name->list)
            node_add(arena, map, name->api, list_from_terraform(arena, item));
        else
            node_add(arena, map, name->api, from_terraform(arena, item, transition));
    }
    return map;
}

static struct node *rule_from_terraform(struct arena *arena, const struct node *block)
{
    struct node *rule = from_terraform(arena, block, false);
    if (!node_get(rule, "Filter") && !node_get(rule, "Prefix"))
        node_add(arena, rule, "Filter", node_new(arena, NODE_MAP));
    return rule;
}

static bool names_bucket(const struct resource *r, const struct resource *bucket)
{
    const char *name = node_text(node_get(r->attrs, "bucket"), "");
    return r->type && strcmp(r->type, "aws_s3_bucket_lifecycle_configuration") == 0 &&
           ((bucket->id && strcmp(name, bucket->id) == 0) ||
            (bucket->name && strcmp(name, bucket->name) == 0) ||
            strcmp(name, bucket->key) == 0);
}

struct node *s3_existing_rules(struct arena *arena, const struct estate *estate,
                               uint32_t bucket, bool *known)
{
    struct node *rules = node_new(arena, NODE_LIST);
    *known = false;
    for (size_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!names_bucket(r, &estate->resources.at[bucket]))
            continue;
        const struct node *list = node_get(r->attrs, "rule");
        *known = true;
        for (size_t k = 0; node_is(list, NODE_LIST) && k < list->count; k++)
            node_add(arena, rules, NULL, rule_from_terraform(arena, list->items[k]));
    }
    return rules;
}

static const struct node *filter_part(const struct node *rule, const char *key)
{
    const struct node *filter = node_get(rule, "Filter");
    const struct node *part = node_get(node_get(filter, "And"), key);
    return part ? part : node_get(filter, key);
}

static bool has_tags(const struct node *rule)
{
    return filter_part(rule, "Tag") || filter_part(rule, "Tags");
}

bool s3_rule_policy(struct lifecycle_policy *out, const char **prefix, const struct node *rule)
{
    const struct node *steps = node_get(rule, "Transitions");
    *out = (struct lifecycle_policy){0};
    *prefix = node_text(filter_part(rule, "Prefix"), node_text(node_get(rule, "Prefix"), ""));
    if (has_tags(rule) || filter_part(rule, "ObjectSizeLessThan") ||
        strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") != 0)
        return false;
    out->larger_than_bytes =
        node_number(filter_part(rule, "ObjectSizeGreaterThan"), S3_SMALL_BYTES - 1);
    out->expire_day = (int)node_number(node_at(rule, "Expiration.Days"), 0);
    for (size_t i = 0; steps && i < steps->count; i++) {
        struct lifecycle_step *step = &out->step[out->steps];
        const struct node *days = node_get(steps->items[i], "Days");
        if (out->steps == LIFECYCLE_STEPS_MAX || !days ||
            !lifecycle_class_named(&step->to,
                                   node_text(node_get(steps->items[i], "StorageClass"), "")))
            return false;
        step->day = (int)node_number(days, 0);
        out->steps++;
    }
    return lifecycle_policy_check(out, NULL);
}

static void add_filter(struct arena *arena, struct node *rule, const char *prefix,
                       double larger)
{
    struct node *filter = node_new(arena, NODE_MAP), *into = filter;
    if (larger > 0 && prefix[0] != '\0')
        into = node_add(arena, filter, "And", node_new(arena, NODE_MAP));
    if (prefix[0] != '\0')
        node_add(arena, into, "Prefix", node_string(arena, prefix));
    if (larger > 0)
        node_add(arena, into, "ObjectSizeGreaterThan", node_number_new(arena, larger));
    node_add(arena, rule, "Filter", filter);
}

struct node *s3_rule_node(struct arena *arena, const char *prefix,
                          const struct lifecycle_policy *policy)
{
    struct node *rule = node_new(arena, NODE_MAP), *steps = node_new(arena, NODE_LIST);
    const char *id = arena_printf(arena, "advisor-tiers-%.200s", prefix[0] ? prefix : "all");
    node_add(arena, rule, "ID", node_string(arena, id));
    node_add(arena, rule, "Status", node_string(arena, "Enabled"));
    add_filter(arena, rule, prefix, policy->larger_than_bytes);
    for (size_t i = 0; i < policy->steps; i++) {
        struct node *step = node_new(arena, NODE_MAP);
        const char *class = lifecycle_rules(policy->step[i].to)->name;
        node_add(arena, step, "Days", node_number_new(arena, policy->step[i].day));
        node_add(arena, step, "StorageClass", node_string(arena, class));
        node_add(arena, steps, NULL, step);
    }
    node_add(arena, rule, "Transitions", steps);
    return rule;
}

const char *s3_configuration_json(struct arena *arena, const struct node *configuration)
{
    struct buf text = BUF_INIT;
    json_write(&text, configuration, true);
    buf_add(&text, "\n");
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

/* A Terraform string: quoted as JSON is, with template marks taken apart. */
static void add_string(struct buf *out, const char *text)
{
    struct buf quoted = BUF_INIT;
    json_write_string(&quoted, text, strlen(text));
    for (const char *c = buf_text(&quoted); *c; c++) {
        buf_add_char(out, *c);
        if ((*c == '$' || *c == '%') && c[1] == '{')
            buf_add_char(out, *c);
    }
    buf_release(&quoted);
}

static void add_scalar(struct buf *out, const struct node *n)
{
    if (n->kind == NODE_BOOL)
        buf_add(out, n->truth ? "true" : "false");
    else if (n->kind == NODE_NUMBER)
        buf_printf(out, "%.0f", n->number);
    else
        add_string(out, node_text(n, ""));
}

static void add_tags(struct buf *out, const struct node *tags, size_t indent)
{
    buf_fill(out, ' ', indent);
    buf_add(out, "tags = {\n");
    for (size_t i = 0; i < tags->count; i++) {
        buf_fill(out, ' ', indent + 2);
        add_string(out, node_text(node_get(tags->items[i], "Key"), ""));
        buf_add(out, " = ");
        add_string(out, node_text(node_get(tags->items[i], "Value"), ""));
        buf_add(out, "\n");
    }
    buf_fill(out, ' ', indent);
    buf_add(out, "}\n");
}

static void add_block(struct buf *out, const char *name, const struct node *map, size_t indent)
{
    buf_fill(out, ' ', indent);
    buf_printf(out, "%s {\n", name);
    for (size_t i = 0; i < map->count; i++) {
        const struct node *item = map->items[i];
        const struct name *known = by_api(item->key);
        if (!known)
            continue;
        if (strcmp(item->key, "Tags") == 0)
            add_tags(out, item, indent + 2);
        else if (item->kind == NODE_MAP)
            add_block(out, known->terraform, item, indent + 2);
        for (size_t k = 0; known->list && item->kind == NODE_LIST && k < item->count; k++)
            add_block(out, known->terraform, item->items[k], indent + 2);
        if (item->kind == NODE_MAP || item->kind == NODE_LIST)
            continue;
        buf_fill(out, ' ', indent + 2);
        buf_printf(out, "%s = ", known->terraform);
        add_scalar(out, item);
        buf_add(out, "\n");
    }
    buf_fill(out, ' ', indent);
    buf_add(out, "}\n");
}

const char *s3_configuration_terraform(struct arena *arena, const char *bucket,
                                       const struct node *configuration)
{
    struct buf text = BUF_INIT;
    const struct node *rules = node_get(configuration, "Rules");
    buf_add(&text,
            "resource \"aws_s3_bucket_lifecycle_configuration\" \"tiers\" {\n  bucket = ");
    add_string(&text, bucket);
    buf_add(&text, "\n");
    for (size_t i = 0; i < rules->count; i++) {
        buf_add(&text, "\n");
        add_block(&text, "rule", rules->items[i], 2);
    }
    buf_add(&text, "}\n");
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

struct node *s3_abort_rule(struct arena *arena)
{
    struct node *rule = node_new(arena, NODE_MAP), *abort = node_new(arena, NODE_MAP);
    node_add(arena, rule, "ID", node_string(arena, "advisor-abort-incomplete-uploads"));
    node_add(arena, rule, "Status", node_string(arena, "Enabled"));
    node_add(arena, rule, "Filter", node_new(arena, NODE_MAP));
    node_add(arena, abort, "DaysAfterInitiation", node_number_new(arena, 7));
    node_add(arena, rule, "AbortIncompleteMultipartUpload", abort);
    return rule;
}

bool s3_add_configuration(struct advice *advice, struct recommendation *r,
                          const struct s3_bucket *bucket, struct node *rules, bool known,
                          struct err *err)
{
    struct arena *arena = &advice->arena;
    struct node *configuration = node_new(arena, NODE_MAP);
    node_add(arena, configuration, "Rules", rules);
    if (!s3_configuration_check(configuration, err))
        return err_within(err, "the lifecycle configuration for bucket %s", bucket->name);
    const char *fetch = arena_printf(
        arena,
        "# the next command replaces every rule of the bucket: merge what it has\n"
        "aws s3api get-bucket-lifecycle-configuration --bucket %s\n",
        bucket->name);
    artefact_add(advice, r, "json", "lifecycle.json",
                 s3_configuration_json(arena, configuration));
    artefact_add(advice, r, "terraform", "lifecycle.tf",
                 s3_configuration_terraform(arena, bucket->name, configuration));
    artefact_add(advice, r, "cli", "lifecycle.sh",
                 arena_printf(arena,
                              "%saws s3api put-bucket-lifecycle-configuration --bucket %s "
                              "--lifecycle-configuration file://lifecycle.json\n",
                              known ? "" : fetch, bucket->name));
    return true;
}
