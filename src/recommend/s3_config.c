#include "s3_rules.h"

#include <string.h>

#include "base/buf.h"
#include "base/json_text.h"
#include "base/sha256.h"

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

enum { PREFIX_IN_ID = 180 };

/* An ID has 255 characters at most: of a longer prefix the beginning and a hash of it all. */
static const char *tiers_id(struct arena *arena, const char *prefix)
{
    char hash[SHA256_TEXT];
    size_t length = strlen(prefix), kept = PREFIX_IN_ID;
    if (length <= PREFIX_IN_ID)
        return arena_printf(arena, "advisor-tiers-%s", length > 0 ? prefix : "all");
    while (((unsigned char)prefix[kept] & 0xc0) == 0x80)
        kept--;
    sha256_text(hash, prefix, length);
    return arena_printf(arena, "advisor-tiers-%.*s-%.16s", (int)kept, prefix, hash);
}

static struct node *new_rule(struct arena *arena, const char *prefix, double larger)
{
    struct node *rule = node_new(arena, NODE_MAP);
    node_add(arena, rule, "Status", node_string(arena, "Enabled"));
    add_filter(arena, rule, prefix, larger);
    return rule;
}

void s3_rules_add_tiers(struct arena *arena, struct s3_rules *rules, const char *prefix,
                        const struct lifecycle_policy *policy)
{
    struct node *rule = new_rule(arena, prefix, policy->larger_than_bytes);
    struct node *steps = node_new(arena, NODE_LIST);
    if (policy->steps == 0)
        return;
    for (size_t i = 0; i < policy->steps; i++) {
        struct node *step = node_new(arena, NODE_MAP);
        const char *class = lifecycle_rules(policy->step[i].to)->name;
        node_add(arena, step, "Days", node_number_new(arena, policy->step[i].day));
        node_add(arena, step, "StorageClass", node_string(arena, class));
        node_add(arena, steps, NULL, step);
    }
    node_add(arena, rule, "Transitions", steps);
    s3_rules_add(arena, rules, tiers_id(arena, prefix), rule);
}

void s3_rules_add_abort(struct arena *arena, struct s3_rules *rules)
{
    struct node *rule = new_rule(arena, "", 0), *abort = node_new(arena, NODE_MAP);
    node_add(arena, abort, "DaysAfterInitiation", node_number_new(arena, 7));
    node_add(arena, rule, "AbortIncompleteMultipartUpload", abort);
    s3_rules_add(arena, rules, "advisor-abort-incomplete-uploads", rule);
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

static bool is_scalar(const struct node *n)
{
    return n->kind != NODE_MAP && n->kind != NODE_LIST;
}

/* Arguments of a block before its blocks, their signs in one column, as terraform fmt does. */
static void add_scalars(struct buf *out, const struct node *map, size_t indent)
{
    int widest = 0;
    for (size_t i = 0; i < map->count; i++) {
        const struct s3_rule_name *known = s3_name_of_api(map->items[i]->key);
        int width = known && is_scalar(map->items[i]) ? (int)strlen(known->terraform) : 0;
        widest = width > widest ? width : widest;
    }
    for (size_t i = 0; i < map->count; i++) {
        const struct s3_rule_name *known = s3_name_of_api(map->items[i]->key);
        if (!known || !is_scalar(map->items[i]))
            continue;
        buf_fill(out, ' ', indent);
        buf_printf(out, "%-*s = ", widest, known->terraform);
        add_scalar(out, map->items[i]);
        buf_add(out, "\n");
    }
}

static void add_block(struct buf *out, const char *name, const struct node *map, size_t indent)
{
    buf_fill(out, ' ', indent);
    buf_printf(out, "%s {\n", name);
    add_scalars(out, map, indent + 2);
    for (size_t i = 0; i < map->count; i++) {
        const struct node *item = map->items[i];
        const struct s3_rule_name *known = s3_name_of_api(item->key);
        if (!known)
            continue;
        if (strcmp(item->key, "Tags") == 0)
            add_tags(out, item, indent + 2);
        else if (item->kind == NODE_MAP)
            add_block(out, known->terraform, item, indent + 2);
        for (size_t k = 0; known->list && item->kind == NODE_LIST && k < item->count; k++)
            add_block(out, known->terraform, item->items[k], indent + 2);
    }
    buf_fill(out, ' ', indent);
    buf_add(out, "}\n");
}

const char *s3_configuration_terraform(struct arena *arena, const char *bucket,
                                       const struct s3_rules *rules)
{
    struct buf text = BUF_INIT;
    buf_add(&text,
            rules->known
                ? "# instead of the one that stands: its other rules are carried along\n"
                : "# a bucket has one of these, for all its rules: add what stands\n");
    buf_add(&text,
            "resource \"aws_s3_bucket_lifecycle_configuration\" \"tiers\" {\n  bucket = ");
    add_string(&text, bucket);
    if (rules->least_size) {
        buf_add(&text, "\n\n  transition_default_minimum_object_size = ");
        add_string(&text, rules->least_size);
    }
    buf_add(&text, "\n");
    for (size_t i = 0; i < rules->list->count; i++) {
        buf_add(&text, "\n");
        add_block(&text, "rule", rules->list->items[i], 2);
    }
    buf_add(&text, "}\n");
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

static const char *compact_json(struct arena *arena, const struct node *n)
{
    struct buf text = BUF_INIT;
    json_write(&text, n, false);
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

/*
 * A put replaces every rule, so what stands is fetched when the script runs, and
 * only touched rules are taken from lifecycle.json: scripts of several pieces of
 * advice on one bucket do not undo each other. A failed fetch stops it; no
 * configuration at all is no failure.
 */
static const char script[] =
    "# keeps the rules that stand on the bucket; of lifecycle.json it takes those named here\n"
    "(set -eu\n"
    "bucket=%s\n"
    "touched=%s\n"
    "if ! aws s3api get-bucket-lifecycle-configuration --bucket \"$bucket\" \\\n"
    "    >standing.json 2>standing.err; then\n"
    "  grep -q NoSuchLifecycleConfiguration standing.err || { cat standing.err >&2; exit 1; "
    "}\n"
    "  echo '{\"Rules\": []}' >standing.json\n"
    "fi\n"
    "jq -s --argjson touched \"$touched\" 'def named: .ID as $id | $touched | index([$id]);\n"
    "  {Rules: ([.[0].Rules[] | select(named | not)] + [.[1].Rules[] | select(named)])}' \\\n"
    "  standing.json lifecycle.json >merged.json\n"
    "least=$(jq -r '.TransitionDefaultMinimumObjectSize // \"all_storage_classes_128K\"' \\\n"
    "  standing.json)\n"
    "aws s3api put-bucket-lifecycle-configuration --bucket \"$bucket\" \\\n"
    "  --transition-default-minimum-object-size \"$least\" \\\n"
    "  --lifecycle-configuration file://merged.json)\n";

void s3_add_configuration(struct advice *advice, struct recommendation *r,
                          const struct s3_bucket *bucket, const struct s3_rules *rules)
{
    struct arena *arena = &advice->arena;
    struct node *configuration = node_new(arena, NODE_MAP);
    struct err why = ERR_INIT;
    node_add(arena, configuration, "Rules", rules->list);
    if (!s3_configuration_check(configuration, &why)) {
        advice_note(advice, NOTE_WARNING,
                    "no lifecycle configuration is written for bucket %s, since S3 would "
                    "refuse it with the rules that stand: %s",
                    bucket->name, why.text);
        return;
    }
    artefact_add(advice, r, "json", "lifecycle.json",
                 s3_configuration_json(arena, configuration));
    artefact_add(advice, r, "terraform", "lifecycle.tf",
                 s3_configuration_terraform(arena, bucket->name, rules));
    artefact_add(advice, r, "cli", "lifecycle.sh",
                 arena_printf(arena, script, shell_word(arena, bucket->name),
                              shell_word(arena, compact_json(arena, rules->touched))));
}
