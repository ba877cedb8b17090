#include "iam_condition.h"

#include <stdlib.h>
#include <string.h>

#include "glob.h"

/* The first pattern that matches decides. */
static const struct {
    const char *key;
    enum condition_effect effect;
} effects[] = {
    {"aws:Principal*", CONDITION_WHO},
    {"aws:Source*", CONDITION_WHO},
    {"aws:VpcSourceIp", CONDITION_WHO},
    {"aws:userid", CONDITION_WHO},
    {"aws:username", CONDITION_WHO},
    {"aws:FederatedProvider", CONDITION_WHO},
    {"kms:CallerAccount", CONDITION_WHO},
    {"sts:ExternalId", CONDITION_NONE}, /* no secret: it tells customers of one apart */
    {"elasticfilesystem:AccessedViaMountTarget", CONDITION_WHO},
    {"saml:*", CONDITION_WHO},
    {"*:sub", CONDITION_WHO},
    {"*:amr", CONDITION_WHO},
    {"s3:DataAccessPoint*", CONDITION_WHO},
    {"s3:AccessPointNetworkOrigin", CONDITION_WHO},
    {"s3:prefix", CONDITION_WHAT},
    {"s3:ExistingObjectTag/*", CONDITION_WHAT},
    {"aws:ResourceTag/*", CONDITION_WHAT},
    {"aws:Resource*", CONDITION_WHAT},
    {"iam:PassedToService", CONDITION_WHAT},
    {"iam:ResourceTag/*", CONDITION_WHAT},
    {"kms:EncryptionContext*", CONDITION_WHAT},
    {"aws:SecureTransport", CONDITION_NONE},
    {"aws:MultiFactorAuth*", CONDITION_NONE},
    {"aws:CurrentTime", CONDITION_NONE},
    {"aws:EpochTime", CONDITION_NONE},
    {"aws:RequestedRegion", CONDITION_NONE},
    {"aws:ViaAWSService", CONDITION_NONE},
    {"aws:CalledVia*", CONDITION_NONE},
    {"aws:TokenIssueTime", CONDITION_NONE},
    {"aws:UserAgent", CONDITION_NONE},
    {"aws:Referer", CONDITION_NONE},
    {"aws:RequestTag/*", CONDITION_NONE},
    {"aws:TagKeys", CONDITION_NONE},
    {"kms:ViaService", CONDITION_NONE},
    {"kms:GrantIsForAWSResource", CONDITION_NONE},
    {"s3:x-amz-*", CONDITION_NONE},
    {"s3:TlsVersion", CONDITION_NONE},
    {"s3:signature*", CONDITION_NONE},
    {"s3:authType", CONDITION_NONE},
    {"s3:delimiter", CONDITION_NONE},
    {"s3:max-keys", CONDITION_NONE},
    {"sns:Protocol", CONDITION_NONE},
    {"*:aud", CONDITION_NONE},
};

static bool limits(const char *operator)
{
    static const char *const limiting[] = {"StringEquals",
                                           "StringEqualsIgnoreCase",
                                           "StringLike",
                                           "ArnEquals",
                                           "ArnLike",
                                           "IpAddress",
                                           "ForAnyValue:StringEquals",
                                           "ForAnyValue:StringLike",
                                           "ForAnyValue:ArnLike"};
    for (size_t i = 0; i < sizeof limiting / sizeof *limiting; i++)
        if (glob_matches(limiting[i], operator, true))
            return true;
    return false;
}

/* Keys that are true or false by themselves, where true keeps strangers out. */
static bool is_limiting_flag(const char *operator, const struct node * item)
{
    static const char *const flags[] = {"aws:PrincipalIsAWSService",
                                        "elasticfilesystem:AccessedViaMountTarget"};
    const struct node *value = node_is(item, NODE_LIST) && item->count ? item->items[0] : item;
    for (size_t i = 0;
         glob_matches("Bool", operator, true) && i < sizeof flags / sizeof *flags; i++)
        if (glob_matches(flags[i], item->key, true))
            return node_bool(value, false);
    return false;
}

static bool is_wild(const char *text, size_t length)
{
    return strspn(text, "*?") >= length;
}

/* The account is a wildcard; of things without one in their ARN, buckets, the name is. */
static bool is_open_arn(const char *text)
{
    enum { ACCOUNT = 4 };
    if (strncmp(text, "arn:", 4) != 0)
        return false;
    for (int field = 0; field < ACCOUNT; field++) {
        const char *colon = strchr(text, ':');
        if (!colon)
            return true;
        text = colon + 1;
    }
    size_t account = strcspn(text, ":");
    if (text[account] && !account)
        return is_wild(text + 1, strcspn(text + 1, "/"));
    return is_wild(text, account);
}

/*
 * Ranges that AWS itself calls public: broader than /8, of IPv6 than /32
 * (S3 user guide, "The meaning of public").
 */
static bool is_open_range(const char *text)
{
    const char *slash = strchr(text, '/');
    bool v6 = strchr(text, ':') != NULL;
    return slash && strspn(text, "0123456789abcdefABCDEF.:") == (size_t)(slash - text) &&
           atoi(slash + 1) < (v6 ? 32 : 8);
}

/* Of a token's subject "repo:*": nothing is named before the first wildcard but its kind. */
static bool is_open_subject(const char *text)
{
    const char *wild = strpbrk(text, "*?");
    return wild && (size_t)(wild - text) <= strcspn(text, ":") + 1;
}

static bool is_open(const char *key, const struct node *values)
{
    const char *text = node_text(values, NULL);
    if (text)
        return (*text && is_wild(text, strlen(text))) || is_open_arn(text) ||
               (glob_matches("*SourceIp", key, true) && is_open_range(text)) ||
               (glob_matches("*:sub", key, true) && is_open_subject(text));
    for (size_t i = 0; node_is(values, NODE_LIST) && i < values->count; i++)
        if (is_open(key, values->items[i]))
            return true;
    return false;
}

/* Does the item of an operator's map keep anybody or anything out? */
static bool item_limits(const char *operator, const struct node * item)
{
    return is_limiting_flag(operator, item) || (limits(operator) && !is_open(item->key, item));
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
            if (one != CONDITION_UNKNOWN && !item_limits(keys->key, keys->items[k]))
                continue;
            if (one == CONDITION_NONE || (whole != CONDITION_NONE && one == CONDITION_UNKNOWN))
                continue;
            whole = one;
            *key = keys->items[k]->key;
        }
    }
    return whole;
}

const struct node *iam_condition_values(const struct iam_statement *s, const char *key)
{
    const struct node *condition = node_get(s->node, "Condition");
    for (size_t i = 0; node_is(condition, NODE_MAP) && i < condition->count; i++) {
        const struct node *keys = condition->items[i];
        for (size_t k = 0; node_is(keys, NODE_MAP) && k < keys->count; k++)
            if (glob_matches(key, keys->items[k]->key, true) &&
                item_limits(keys->key, keys->items[k]))
                return keys->items[k];
    }
    return NULL;
}
