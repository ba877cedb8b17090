#include <string.h>

#include "base/json_text.h"
#include "layer_map_read.h"

bool finish_function(struct map_reader *r, struct entry *e)
{
    const struct node *ready = node_get(e->node, "provisioned");
    entry_put(r, e, "function_name", node_string(r->arena, entry_resource(r, e)->name));
    if (ready)
        map_put_path(r->arena, e->usage, "provisioned", ready);
    return true;
}

bool finish_alarm(struct map_reader *r, struct entry *e)
{
    if (node_bool(node_get(e->node, "composite"), false))
        entry_resource(r, e)->type =
            intern(r->estate->symbols, "aws_cloudwatch_composite_alarm");
    bool high = !strcmp(node_text(node_get(e->node, "resolution"), ""), "high");
    entry_put(r, e, "period", node_number_new(r->arena, high ? 10 : 60));
    return true;
}

bool finish_traffic(struct map_reader *r, struct entry *e)
{
    static const char *const keys[] = {"flows", "traffic"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (node_get(e->node, keys[i]))
            map_put_path(r->arena, e->usage, keys[i], node_get(e->node, keys[i]));
    return true;
}

/* By kind of target for application load balancers, one figure for the others. */
bool finish_load_balancer(struct map_reader *r, struct entry *e)
{
    struct resource *resource = entry_resource(r, e);
    const struct node *bytes = node_get(e->node, "gb_per_h");
    double hours = r->estate->hours_per_month;
    bool classic = !strcmp(node_text(node_get(e->node, "kind"), ""), "classic");
    if (classic)
        resource->type = intern(r->estate->symbols, "aws_elb");
    entry_put(r, e, "name", node_string(r->arena, resource->name));
    bool internal = !strcmp(node_text(node_get(e->node, "scheme"), ""), "internal");
    entry_put(r, e, "internal", node_bool_new(r->arena, internal));
    if (!node_get(e->attrs, "load_balancer_type"))
        entry_put(r, e, "load_balancer_type", node_string(r->arena, "application"));
    if (bytes) {
        struct range ec2 = map_range(node_get(bytes, "ec2"));
        struct range lambda = map_range(node_get(bytes, "lambda"));
        usage_put(r, e->usage, "processed_gb_per_hour", ec2);
        usage_put(r, e->usage, "processed_lambda_gb_per_hour", lambda);
        usage_put(r, e->usage, "monthly_data_processed_gb",
                  (struct range){(ec2.low + lambda.low) * hours,
                                 (ec2.expected + lambda.expected) * hours,
                                 (ec2.high + lambda.high) * hours});
    }
    if (node_get(e->node, "protocols"))
        map_put_path(r->arena, e->usage, "protocols", node_get(e->node, "protocols"));
    return true;
}

static struct node *statement(struct arena *arena, const struct node *policy)
{
    static const struct {
        const char *key, *to;
    } keys[] = {{"actions", "Action"}, {"resources", "Resource"}, {"conditions", "Condition"}};
    struct node *n = node_new(arena, NODE_MAP);
    node_add(arena, n, "Effect",
             node_string(arena, node_text(node_get(policy, "effect"), "Allow")));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (node_get(policy, keys[i].key))
            node_add(arena, n, keys[i].to, node_copy(arena, node_get(policy, keys[i].key)));
    return n;
}

static struct node *document_of(struct arena *arena, struct node *statements)
{
    struct node *doc = node_new(arena, NODE_MAP);
    node_add(arena, doc, "Version", node_string(arena, "2012-10-17"));
    node_add(arena, doc, "Statement", statements);
    return doc;
}

static struct node *as_text(struct arena *arena, const struct node *n)
{
    struct buf text = BUF_INIT;
    json_write(&text, n, false);
    struct node *out = node_string(arena, buf_text(&text));
    buf_release(&text);
    return out;
}

/* Principals are written short ("arn:...", "lambda.amazonaws.com") or as IAM statements. */
static struct node *trust_statements(struct arena *arena, const struct node *trust)
{
    struct node *list = node_new(arena, NODE_LIST);
    size_t count = trust->kind == NODE_LIST ? trust->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct node *one = trust->kind == NODE_LIST ? trust->items[i] : trust;
        if (one->kind == NODE_MAP) {
            node_add(arena, list, NULL, node_copy(arena, one));
            continue;
        }
        struct node *s = node_new(arena, NODE_MAP), *who = node_new(arena, NODE_MAP);
        const char *name = node_text(one, "");
        bool service = strstr(name, ".amazonaws.com") && strncmp(name, "arn:", 4) != 0;
        node_add(arena, who, service ? "Service" : "AWS", node_string(arena, name));
        node_add(arena, s, "Effect", node_string(arena, "Allow"));
        node_add(arena, s, "Principal", who);
        node_add(arena, s, "Action", node_string(arena, "sts:AssumeRole"));
        node_add(arena, list, NULL, s);
    }
    return list;
}

bool finish_role(struct map_reader *r, struct entry *e)
{
    const struct node *policies = node_get(e->node, "policies"),
                      *trust = node_get(e->node, "trust");
    struct arena *arena = r->arena;
    entry_put(r, e, "name", node_string(arena, entry_resource(r, e)->name));
    if (policies) {
        struct node *statements = node_new(arena, NODE_LIST),
                    *policy = node_new(arena, NODE_MAP);
        for (size_t i = 0; i < policies->count; i++)
            node_add(arena, statements, NULL, statement(arena, policies->items[i]));
        node_add(arena, policy, "name", node_string(arena, "map"));
        node_add(arena, policy, "policy", as_text(arena, document_of(arena, statements)));
        struct node *blocks =
            node_add(arena, e->attrs, "inline_policy", node_new(arena, NODE_LIST));
        node_add(arena, blocks, NULL, policy);
    }
    if (!node_absent(trust))
        entry_put(r, e, "assume_role_policy",
                  as_text(arena, document_of(arena, trust_statements(arena, trust))));
    return true;
}
