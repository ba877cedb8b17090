#include <string.h>

#include "cfn.h"

/* Policy documents: "Statement" must stay "Statement", so they are not put into snake case. */
static const struct {
    const char *type, *property, *attribute;
} documents[] = {
    {"AWS::IAM::Role", "AssumeRolePolicyDocument", "assume_role_policy"},
    {"AWS::IAM::Policy", "PolicyDocument", "policy"},
    {"AWS::IAM::ManagedPolicy", "PolicyDocument", "policy"},
    {"AWS::S3::BucketPolicy", "PolicyDocument", "policy"},
    {"AWS::S3::AccessPoint", "Policy", "policy"},
    {"AWS::KMS::Key", "KeyPolicy", "policy"},
    {"AWS::SNS::TopicPolicy", "PolicyDocument", "policy"},
    {"AWS::SQS::QueuePolicy", "PolicyDocument", "policy"},
    {"AWS::SecretsManager::ResourcePolicy", "ResourcePolicy", "policy"},
    {"AWS::EFS::FileSystem", "FileSystemPolicy", "policy"},
    {"AWS::OpenSearchService::Domain", "AccessPolicies", "access_policies"},
    {"AWS::Elasticsearch::Domain", "AccessPolicies", "access_policies"},
};

static void replace(struct arena *arena, struct node *attrs, const char *key,
                    const struct node *value)
{
    for (size_t i = 0; i < attrs->count; i++)
        if (!strcmp(attrs->items[i]->key, key)) {
            attrs->items[i] = node_copy(arena, value);
            attrs->items[i]->key = arena_strdup(arena, key);
            return;
        }
    node_add(arena, attrs, key, node_copy(arena, value));
}

/* A role's own Policies are its inline_policy blocks. */
static void add_inline(struct arena *arena, struct node *attrs, const struct node *policies)
{
    struct node *blocks = NULL;
    for (size_t i = 0; node_is(policies, NODE_LIST) && i < policies->count; i++) {
        const struct node *document = node_get(policies->items[i], "PolicyDocument");
        if (!document)
            continue;
        if (!blocks)
            blocks = node_add(arena, attrs, "inline_policy", node_new(arena, NODE_LIST));
        struct node *block = node_add(arena, blocks, NULL, node_new(arena, NODE_MAP));
        node_add(arena, block, "policy", node_copy(arena, document));
    }
}

/* LoadBalancerAttributes is a list of keys and values. */
static void add_balancer_attributes(struct arena *arena, struct node *attrs,
                                    const struct node *list)
{
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++) {
        const char *key = node_text(node_get(list->items[i], "Key"), "");
        const struct node *value = node_get(list->items[i], "Value");
        if (value && !strcmp(key, "deletion_protection.enabled"))
            replace(arena, attrs, "enable_deletion_protection", value);
        if (value && !strcmp(key, "access_logs.s3.enabled")) {
            struct node *logs = node_new(arena, NODE_MAP);
            node_add(arena, logs, "enabled", node_copy(arena, value));
            replace(arena, attrs, "access_logs", logs);
        }
    }
}

void cfn_add_documents(struct arena *arena, struct node *attrs, const char *type,
                       const struct node *properties)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const struct node *document = node_get(properties, documents[i].property);
        if (document && !strcmp(type, documents[i].type))
            replace(arena, attrs, documents[i].attribute, document);
    }
    if (!strcmp(type, "AWS::IAM::Role"))
        add_inline(arena, attrs, node_get(properties, "Policies"));
    if (!strcmp(type, "AWS::ElasticLoadBalancingV2::LoadBalancer"))
        add_balancer_attributes(arena, attrs, node_get(properties, "LoadBalancerAttributes"));
}
