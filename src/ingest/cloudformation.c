#include <string.h>

#include "cfn.h"
#include "ingest/change.h"
#include "io/doc.h"
#include "io/files.h"
#include "terraform.h"

static uint32_t add_resource(struct estate *estate, const char *id, const char *type,
                             const struct node *properties, const char *path, unsigned line,
                             const char *region)
{
    uint32_t i = estate_resource(estate, id);
    struct resource *r = &estate->resources.at[i];
    r->type = intern(estate->symbols, cfn_terraform_type(&estate->arena, type));
    r->address = r->key;
    r->attrs = cfn_attributes(&estate->arena, type, properties);
    r->source = arena_strdup(&estate->arena, path);
    r->line = line;
    if (region)
        r->region = intern(estate->symbols, region);
    terraform_describe(estate, i, NULL);
    r = &estate->resources.at[i];
    r->tags = cfn_tags(&estate->arena, properties);
    return i;
}

static void read_resource(struct estate *estate, struct cfn_template *t,
                          const struct node *resource, const char *path);
static void read_nested(struct estate *estate, struct cfn_template *t, const char *key,
                        const struct node *properties, const char *path);

/* Loops are unrolled here; what any other macro makes of the template only AWS knows. */
static void note_macros(struct estate *estate, const struct node *transform, const char *path)
{
    size_t count = node_is(transform, NODE_LIST) ? transform->count : transform != NULL;
    for (size_t i = 0; i < count; i++) {
        const struct node *n = node_is(transform, NODE_LIST) ? transform->items[i] : transform;
        const char *name = node_text(n, node_text(node_get(n, "Name"), NULL));
        if (name && strcmp(name, "AWS::LanguageExtensions") != 0)
            estate_note(estate, NOTE_UNREAD, path,
                        "macro %s is not expanded: what it adds is not in the figures", name);
    }
}

/* "Fn::ForEach::Name": [variable, list, resources]: the resources once for every item. */
static void read_loop(struct estate *estate, struct cfn_template *t, const struct node *loop,
                      const char *path)
{
    enum { ITEMS_MAX = 1000 };
    bool whole = node_is(loop, NODE_LIST) && loop->count == 3 && t->depth < 5;
    const char *variable = whole ? node_text(loop->items[0], NULL) : NULL;
    const struct node *items = whole ? cfn_resolve(t, loop->items[1]) : NULL;
    const struct node *outer = t->locals;
    if (!variable || !node_is(items, NODE_LIST) || !node_is(loop->items[2], NODE_MAP)) {
        estate_note(estate, NOTE_UNREAD, path,
                    "%s: its items are not known before it is deployed", loop->key);
        return;
    }
    t->depth++;
    for (size_t i = 0; i < items->count && i < ITEMS_MAX; i++) {
        struct node *locals =
            outer ? node_copy(t->arena, outer) : node_new(t->arena, NODE_MAP);
        node_add(t->arena, locals, variable, node_copy(t->arena, items->items[i]));
        t->locals = locals;
        for (size_t k = 0; k < loop->items[2]->count; k++)
            read_resource(estate, t, loop->items[2]->items[k], path);
    }
    t->locals = outer;
    t->depth--;
}

static void read_resource(struct estate *estate, struct cfn_template *t,
                          const struct node *resource, const char *path)
{
    if (!strncmp(resource->key, "Fn::ForEach::", 13)) {
        read_loop(estate, t, resource, path);
        return;
    }
    const char *type = node_text(node_get(resource, "Type"), NULL);
    const char *condition = node_text(node_get(resource, "Condition"), NULL);
    int created = condition ? cfn_condition(t, condition) : 1;
    if (!type) {
        estate_note(estate, NOTE_UNREAD, path, "resource %s has no Type", resource->key);
        return;
    }
    if (!created) {
        estate_note(estate, NOTE_INFO, path,
                    "%s is left out: its condition %s does not hold by the defaults",
                    resource->key, condition);
        return;
    }
    if (created < 0)
        estate_note(estate, NOTE_WARNING, path, "%s is made only if %s holds; it is counted",
                    resource->key, condition);
    const struct node *properties = cfn_resolve(t, node_get(resource, "Properties"));
    const char *key = cfn_key(t, cfn_filled(t, resource->key));
    add_resource(estate, key, type, properties, path, resource->line, t->region);
    if (!strcmp(type, "AWS::CloudFormation::Stack"))
        read_nested(estate, t, key, properties, path);
}

static void read_resources(struct estate *estate, struct cfn_template *t,
                           const struct node *document, const char *path)
{
    t->parameters = node_get(document, "Parameters");
    t->mappings = node_get(document, "Mappings");
    t->conditions = node_get(document, "Conditions");
    t->resources = node_get(document, "Resources");
    note_macros(estate, node_get(document, "Transform"), path);
    for (size_t i = 0; node_is(t->resources, NODE_MAP) && i < t->resources->count; i++)
        read_resource(estate, t, t->resources->items[i], path);
}

/* A nested stack whose template is a file beside this one; others are named as not read. */
static void read_nested(struct estate *estate, struct cfn_template *t, const char *key,
                        const struct node *properties, const char *path)
{
    struct err err = ERR_INIT;
    const char *url = node_text(node_get(properties, "TemplateURL"), NULL);
    bool local = url && *url != '/' && !strstr(url, "://") && *t->templates_left;
    const char *file = local ? path_join(t->arena, path_folder(t->arena, path), url) : NULL;
    const struct node *document;
    if (!file || !files_exists(file) || !doc_read(&document, t->arena, file, &err)) {
        estate_note(estate, NOTE_UNREAD, path,
                    "nested stack %s: its template %s is not read, so what it makes is not "
                    "in the figures%s%s",
                    key, url ? url : "is known only when deployed", *err.text ? ": " : "",
                    err.text);
        return;
    }
    struct cfn_template below = {
        .arena = t->arena,
        .given = node_get(properties, "Parameters"),
        .prefix = arena_printf(t->arena, "%s.", key),
        .region = t->region,
        .templates_left = t->templates_left,
    };
    --*t->templates_left;
    read_resources(estate, &below, document, file);
}

bool cfn_template_read(struct estate *estate, const struct node *document, const char *path,
                       const char *region, struct err *err)
{
    size_t templates_left = 100;
    struct cfn_template t = {
        .arena = &estate->arena, .region = region, .templates_left = &templates_left};
    if (!node_is(node_get(document, "Resources"), NODE_MAP))
        return err_set(err, "%s: no Resources: not a CloudFormation template", path);
    read_resources(estate, &t, document, path);
    return true;
}

/* The properties before or after, which a change set holds as a text of JSON. */
static const struct node *context_of(struct arena *arena, const struct node *change,
                                     const char *name)
{
    const char *text = node_text(node_get(change, name), NULL);
    const struct node *context;
    struct err ignored = ERR_INIT;
    if (!text || !doc_parse_json(&context, arena, name, text, strlen(text), &ignored))
        return NULL;
    return node_get(context, "Properties");
}

static void read_change(struct change *into, const struct node *change, const char *path,
                        const char *region, size_t *without_values)
{
    struct arena *arena = &into->after->arena;
    const char *action = node_text(node_get(change, "Action"), "Modify");
    const char *id = node_text(node_get(change, "LogicalResourceId"), NULL);
    const char *type = node_text(node_get(change, "ResourceType"), NULL);
    const char *replacement = node_text(node_get(change, "Replacement"), "False");
    if (!id || !type)
        return;
    bool added = !strcmp(action, "Add") || !strcmp(action, "Import");
    bool removed = !strcmp(action, "Remove");
    const struct node *before = context_of(arena, change, "BeforeContext");
    const struct node *after = context_of(arena, change, "AfterContext");
    *without_values += !before && !after;
    if (!added)
        add_resource(into->before, id, type, before, path, 0, region);
    if (!removed)
        add_resource(into->after, id, type, after, path, 0, region);
    if (!strcmp(replacement, "True"))
        VEC_ADD(&into->actions, ((struct planned_action){intern(into->after->symbols, id),
                                                         CHANGE_REPLACED, NULL}));
}

bool cfn_change_set_read(struct change *change, const struct node *document, const char *path,
                         const char *region, struct err *err)
{
    const struct node *changes = node_get(document, "Changes");
    size_t without_values = 0;
    if (!node_is(changes, NODE_LIST))
        return err_set(err, "%s: no Changes: not a CloudFormation change set", path);
    change->has_before = true;
    for (size_t i = 0; i < changes->count; i++)
        read_change(change, node_get(changes->items[i], "ResourceChange"), path, region,
                    &without_values);
    if (without_values)
        estate_note(change->after, NOTE_UNKNOWN, path,
                    "%zu changes come without property values; aws cloudformation "
                    "describe-change-set --include-property-values gives them",
                    without_values);
    return true;
}

static int matches_template(const struct probe *probe)
{
    if (probe_holds(probe, "AWSTemplateFormatVersion") && probe_holds(probe, "Resources"))
        return 2;
    return probe_holds(probe, "Resources") && probe_holds(probe, "AWS::") &&
           probe_holds(probe, "Type") && !probe_holds(probe, "\"planned_values\"");
}

static int matches_change_set(const struct probe *probe)
{
    return probe_holds(probe, "\"Changes\"") && probe_holds(probe, "\"ResourceChange\"") ? 2 : 0;
}

static bool read_template(struct estate *into, const char *path,
                          const struct ingest_options *options, struct err *err)
{
    (void)options;
    const struct node *document;
    return doc_read(&document, &into->arena, path, err) &&
           cfn_template_read(into, document, path, NULL, err);
}

static bool read_change_set(struct estate *into, const char *path,
                            const struct ingest_options *options, struct err *err)
{
    (void)options;
    struct change change = {.before = estate_open(), .after = into};
    const struct node *document;
    bool ok = doc_read(&document, &into->arena, path, err) &&
              cfn_change_set_read(&change, document, path, NULL, err);
    estate_free(change.before);
    VEC_FREE(&change.actions);
    return ok;
}

extern const struct ingest_format ingest_cloudformation, ingest_cloudformation_change_set;

const struct ingest_format ingest_cloudformation = {
    .name = "cloudformation template",
    .summary = "CloudFormation template, YAML or JSON",
    .matches = matches_template,
    .read = read_template,
};

const struct ingest_format ingest_cloudformation_change_set = {
    .name = "cloudformation change set",
    .summary = "aws cloudformation describe-change-set --include-property-values",
    .matches = matches_change_set,
    .read = read_change_set,
};
