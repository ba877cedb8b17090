#include "iam_condition.h"

#include <string.h>

#include "glob.h"

/* The first pattern that matches decides. */
static const struct {
    const char *key;
    enum condition_effect effect;
} effects[] = {
    {"aws:Principal*", CONDITION_WHO},       {"aws:Source*", CONDITION_WHO},
    {"aws:VpcSourceIp", CONDITION_WHO},      {"aws:userid", CONDITION_WHO},
    {"aws:username", CONDITION_WHO},         {"aws:FederatedProvider", CONDITION_WHO},
    {"kms:CallerAccount", CONDITION_WHO},    {"sts:ExternalId", CONDITION_WHO},
    {"saml:*", CONDITION_WHO},               {"*:sub", CONDITION_WHO},
    {"*:amr", CONDITION_WHO},                {"s3:DataAccessPoint*", CONDITION_WHO},
    {"s3:AccessPointNetworkOrigin", CONDITION_WHO},
    {"s3:prefix", CONDITION_WHAT},           {"s3:ExistingObjectTag/*", CONDITION_WHAT},
    {"aws:ResourceTag/*", CONDITION_WHAT},   {"aws:Resource*", CONDITION_WHAT},
    {"iam:PassedToService", CONDITION_WHAT}, {"iam:ResourceTag/*", CONDITION_WHAT},
    {"kms:EncryptionContext*", CONDITION_WHAT},
    {"aws:SecureTransport", CONDITION_NONE}, {"aws:MultiFactorAuth*", CONDITION_NONE},
    {"aws:CurrentTime", CONDITION_NONE},     {"aws:EpochTime", CONDITION_NONE},
    {"aws:RequestedRegion", CONDITION_NONE}, {"aws:ViaAWSService", CONDITION_NONE},
    {"aws:CalledVia*", CONDITION_NONE},      {"aws:TokenIssueTime", CONDITION_NONE},
    {"aws:UserAgent", CONDITION_NONE},       {"aws:Referer", CONDITION_NONE},
    {"aws:RequestTag/*", CONDITION_NONE},    {"aws:TagKeys", CONDITION_NONE},
    {"kms:ViaService", CONDITION_NONE},      {"kms:GrantIsForAWSResource", CONDITION_NONE},
    {"s3:x-amz-*", CONDITION_NONE},          {"s3:TlsVersion", CONDITION_NONE},
    {"s3:signature*", CONDITION_NONE},       {"s3:authType", CONDITION_NONE},
    {"s3:delimiter", CONDITION_NONE},        {"s3:max-keys", CONDITION_NONE},
    {"sns:Protocol", CONDITION_NONE},        {"*:aud", CONDITION_NONE},
};

static bool limits(const char *operator)
{
    static const char *const limiting[] = {"StringEquals",    "StringEqualsIgnoreCase",
                                           "StringLike",      "ArnEquals",
                                           "ArnLike",         "IpAddress",
                                           "ForAnyValue:StringEquals",
                                           "ForAnyValue:StringLike",
                                           "ForAnyValue:ArnLike"};
    for (size_t i = 0; i < sizeof limiting / sizeof *limiting; i++)
        if (glob_matches(limiting[i], operator, true))
            return true;
    return false;
}

static bool is_open(const struct node *values)
{
    static const char *const open[] = {"*", "**", "0.0.0.0/0", "::/0", "repo:*"};
    const char *text = node_text(values, NULL);
    for (size_t i = 0; text && i < sizeof open / sizeof *open; i++)
        if (!strcmp(text, open[i]))
            return true;
    for (size_t i = 0; node_is(values, NODE_LIST) && i < values->count; i++)
        if (is_open(values->items[i]))
            return true;
    return false;
}

static enum condition_effect effect_of(const char *key)
{
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (glob_matches(effects[i].key, key, true))
            return effects[i].effect;
    return CONDITION_UNKNOWN;
}

enum condition_effect iam_condition_effect(const struct iam_statement *s, const char **key)
{
    const struct node *condition = node_get(s->node, "Condition");
    enum condition_effect whole = CONDITION_NONE;
    *key = "";
    for (size_t i = 0; node_is(condition, NODE_MAP) && i < condition->count; i++) {
        const struct node *keys = condition->items[i];
        for (size_t k = 0; node_is(keys, NODE_MAP) && k < keys->count; k++) {
            enum condition_effect one = effect_of(keys->items[k]->key);
            if (one != CONDITION_UNKNOWN && (!limits(keys->key) || is_open(keys->items[k])))
                continue;
            if (one == CONDITION_NONE || (whole != CONDITION_NONE && one == CONDITION_UNKNOWN))
                continue;
            whole = one;
            *key = keys->items[k]->key;
        }
    }
    return whole;
}

static const struct node *find(const struct iam_statement *s, const char *key, bool limiting)
{
    const struct node *condition = node_get(s->node, "Condition");
    for (size_t i = 0; node_is(condition, NODE_MAP) && i < condition->count; i++) {
        const struct node *keys = condition->items[i];
        for (size_t k = 0; node_is(keys, NODE_MAP) && k < keys->count; k++)
            if (glob_matches(key, keys->items[k]->key, true) &&
                (!limiting || (limits(keys->key) && !is_open(keys->items[k]))))
                return keys->items[k];
    }
    return NULL;
}

const struct node *iam_condition_values(const struct iam_statement *s, const char *key)
{
    return find(s, key, true);
}

bool iam_condition_has(const struct iam_statement *s, const char *key)
{
    return find(s, key, false) != NULL;
}
