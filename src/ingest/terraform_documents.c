#include <string.h>

#include "io/doc.h"
#include "terraform.h"

/*
 * A data source aws_iam_policy_document whose JSON waits for apply, because one ARN in it
 * does, still has its statements in the plan: they are put together here as the JSON will be.
 */

static const char data_type[] = "data.aws_iam_policy_document.";

void terraform_documents_open(struct config *config, const struct node *plan)
{
    const struct node *changes = node_get(plan, "resource_changes");
    for (size_t i = 0; node_is(changes, NODE_LIST) && i < changes->count; i++) {
        const char *address = node_text(node_get(changes->items[i], "address"), "");
        if (!strstr(address, data_type))
            continue;
        map_put(&config->documents, address, strlen(address), config->document_changes.count);
        VEC_ADD(&config->document_changes, node_get(changes->items[i], "change"));
    }
}

static void put(struct arena *arena, struct node *map, const char *key,
                const struct node *value)
{
    if (value && (value->kind != NODE_LIST || value->count) && value->kind != NODE_NULL)
        node_add(arena, map, key, node_copy(arena, value));
}

/* [{type, identifiers}] is {"AWS": [...]}; the type "*" is everybody. */
static void put_principals(struct arena *arena, struct node *statement, const char *key,
                           const struct node *principals)
{
    struct node *map = node_new(arena, NODE_MAP);
    for (size_t i = 0; node_is(principals, NODE_LIST) && i < principals->count; i++) {
        const char *type = node_text(node_get(principals->items[i], "type"), "");
        if (!strcmp(type, "*")) {
            node_add(arena, statement, key, node_string(arena, "*"));
            return;
        }
        put(arena, map, type, node_get(principals->items[i], "identifiers"));
    }
    if (map->count)
        node_add(arena, statement, key, map);
}

static void put_conditions(struct arena *arena, struct node *statement,
                           const struct node *conditions)
{
    struct node *map = node_new(arena, NODE_MAP);
    for (size_t i = 0; node_is(conditions, NODE_LIST) && i < conditions->count; i++) {
        const char *test = node_text(node_get(conditions->items[i], "test"), "");
        const char *variable = node_text(node_get(conditions->items[i], "variable"), "");
        struct node *keys = (struct node *)node_get(map, test);
        if (!keys)
            keys = node_add(arena, map, test, node_new(arena, NODE_MAP));
        put(arena, keys, variable, node_get(conditions->items[i], "values"));
    }
    if (map->count)
        node_add(arena, statement, "Condition", map);
}

static struct node *statement_of(struct arena *arena, const struct node *block)
{
    static const char *const names[][2] = {{"sid", "Sid"},
                                           {"actions", "Action"},
                                           {"not_actions", "NotAction"},
                                           {"resources", "Resource"},
                                           {"not_resources", "NotResource"}};
    struct node *statement = node_new(arena, NODE_MAP);
    node_add(arena, statement, "Effect",
             node_string(arena, node_text(node_get(block, "effect"), "Allow")));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put(arena, statement, names[i][1], node_get(block, names[i][0]));
    put_principals(arena, statement, "Principal", node_get(block, "principals"));
    put_principals(arena, statement, "NotPrincipal", node_get(block, "not_principals"));
    put_conditions(arena, statement, node_get(block, "condition"));
    return statement;
}

/* Documents that go into this one, each as JSON in a string or, unknown too, as it was put
 * together. */
static void add_documents(struct arena *arena, struct node *statements,
                          const struct node *from)
{
    const struct node *document = from, *inner;
    struct err ignored = ERR_INIT;
    for (size_t i = 0; node_is(from, NODE_LIST) && i < from->count; i++)
        add_documents(arena, statements, from->items[i]);
    if (node_absent(from) || node_is(from, NODE_LIST))
        return;
    if (node_is(from, NODE_STRING) &&
        !doc_parse_json(&document, arena, "document", from->text, from->length, &ignored))
        document = NULL;
    inner = node_get(document, "Statement");
    if (!inner)
        node_add(arena, statements, NULL, node_new(arena, NODE_UNKNOWN))->text = "";
    if (node_is(inner, NODE_MAP))
        node_add(arena, statements, NULL, node_copy(arena, inner));
    for (size_t i = 0; node_is(inner, NODE_LIST) && i < inner->count; i++)
        node_add(arena, statements, NULL, node_copy(arena, inner->items[i]));
}

static const struct node *document_of(const struct value_context *context, const char *address,
                                      const struct node *change)
{
    static const char *const sources[] = {"source_policy_documents",
                                          "override_policy_documents", "source_json",
                                          "override_json"};
    struct arena *arena = context->arena;
    struct value_context own = *context;
    const struct node *configured = config_resource(context->config, address, &own.home);
    own.instance = address_module(arena, address);
    own.documents++;
    const struct node *values =
        values_merge(&own, node_get(change, "after"), node_get(change, "after_unknown"), NULL,
                     node_get(configured, "expressions"));
    const struct node *blocks = node_get(values, "statement");
    struct node *document = node_new(arena, NODE_MAP);
    struct node *statements =
        node_add(arena, document, "Statement", node_new(arena, NODE_LIST));
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        add_documents(arena, statements, node_get(values, sources[i]));
    for (size_t i = 0; node_is(blocks, NODE_LIST) && i < blocks->count; i++)
        node_add(arena, statements, NULL, statement_of(arena, blocks->items[i]));
    return document;
}

/* The call that a module instance is made by stands in the one around it. */
static const char *instance_around(struct arena *arena, const char *instance)
{
    const char *last = NULL;
    for (const char *at = instance; (at = strstr(at, "module.")); at++)
        last = at;
    return last && last > instance
               ? arena_strndup(arena, instance, (size_t)(last - instance) - 1)
               : "";
}

static const struct node *follow(const struct value_context *context, const char *reference)
{
    const struct config_module *home = context->home;
    static const char tail[] = ".json";
    size_t n = strlen(reference), i;
    if (!strncmp(reference, "var.", 4) && home->parent) {
        struct value_context outside = *context;
        outside.home = home->parent;
        outside.instance = instance_around(context->arena, context->instance);
        outside.documents++;
        return terraform_policy_document(&outside, node_get(home->call, reference + 4));
    }
    if (strncmp(reference, data_type, sizeof data_type - 1) != 0 || n < sizeof tail ||
        strcmp(reference + n - sizeof tail + 1, tail) != 0)
        return NULL;
    const char *local = arena_strndup(context->arena, reference, n - sizeof tail + 1);
    const char *address = *context->instance
                              ? arena_printf(context->arena, "%s.%s", context->instance, local)
                              : local;
    return map_get(&context->config->documents, address, strlen(address), &i)
               ? document_of(context, address, context->config->document_changes.at[i])
               : NULL;
}

const struct node *terraform_policy_document(const struct value_context *context,
                                             const struct node *expression)
{
    enum { DEEPEST = 8 };
    const struct node *references = node_get(expression, "references");
    return context->home && context->documents < DEEPEST && node_is(references, NODE_LIST) &&
                   references->count
               ? follow(context, node_text(references->items[0], ""))
               : NULL;
}
