#include "iam.h"

#include <string.h>

#include "glob.h"

static void add_statement(struct iam_set *set, const struct node *node, uint32_t resource)
{
    const char *effect = node_text(node_get(node, "Effect"), "");
    if (node_is(node, NODE_UNKNOWN))
        set->incomplete = "a statement that is known only after apply";
    if (!strcmp(effect, "Allow") || !strcmp(effect, "Deny"))
        VEC_ADD(&set->statements,
                ((struct iam_statement){node, !strcmp(effect, "Allow"), resource}));
}

void iam_add(struct iam_set *set, const struct node *document, uint32_t resource)
{
    const struct node *statements = node_get(document, "Statement");
    if (node_is(statements, NODE_MAP))
        add_statement(set, statements, resource);
    for (size_t i = 0; node_is(statements, NODE_LIST) && i < statements->count; i++)
        add_statement(set, statements->items[i], resource);
    if (!statements)
        set->incomplete = "a policy that is known only after apply";
}

void iam_release(struct iam_set *set)
{
    VEC_FREE(&set->statements);
    VEC_FREE(&set->boundary);
}

bool iam_names_action(const struct iam_statement *s, const char *action)
{
    const struct node *not_actions = node_get(s->node, "NotAction");
    if (not_actions)
        return !glob_any(not_actions, action, true);
    return glob_any(node_get(s->node, "Action"), action, true);
}

bool iam_names_resource(const struct iam_statement *s, const char *resource)
{
    const struct node *not_resources = node_get(s->node, "NotResource");
    if (not_resources)
        return !glob_any(not_resources, resource, false);
    return glob_any(node_get(s->node, "Resource"), resource, false);
}

bool iam_is_unconditional(const struct iam_statement *s)
{
    const struct node *condition = node_get(s->node, "Condition");
    return !condition || !condition->count;
}

const char *iam_condition_text(struct arena *arena, const struct iam_statement *s)
{
    const struct node *condition = node_get(s->node, "Condition");
    if (!condition || !condition->count)
        return "";
    const struct node *operator= condition->items[0];
    const char *key = operator->count ? operator->items[0]->key : "";
    return arena_printf(arena, "%s %s", operator->key, key ? key : "");
}

const struct iam_statement *iam_allowing(const struct iam_set *set, const char *action,
                                         const char *resource)
{
    const struct iam_statement *found = NULL;
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        if (!s->allow || !iam_names_action(s, action) || !iam_names_resource(s, resource))
            continue;
        if (iam_is_unconditional(s))
            return s;
        found = found ? found : s;
    }
    return found;
}

static bool is_everybody(const struct node *principal)
{
    if (node_is(principal, NODE_STRING))
        return !strcmp(principal->text, "*");
    for (size_t i = 0; node_is(principal, NODE_LIST) && i < principal->count; i++)
        if (is_everybody(principal->items[i]))
            return true;
    return node_is(principal, NODE_MAP) && is_everybody(node_get(principal, "AWS"));
}

bool iam_admits_everybody(const struct iam_statement *s)
{
    return s->allow &&
           (node_get(s->node, "NotPrincipal") || is_everybody(node_get(s->node, "Principal")));
}

static enum iam_decision decide(const struct iam_statement *statements, size_t count,
                                const char *action, const char *resource)
{
    enum iam_decision decision = IAM_NOTHING;
    for (size_t i = 0; i < count; i++) {
        const struct iam_statement *s = &statements[i];
        if (!iam_names_action(s, action) || !iam_names_resource(s, resource))
            continue;
        if (!s->allow && iam_is_unconditional(s))
            return IAM_DENY;
        if (s->allow && iam_is_unconditional(s))
            decision = IAM_ALLOW;
        else if (s->allow && decision == IAM_NOTHING)
            decision = IAM_CONDITIONAL;
    }
    return decision;
}

/* A boundary gives nothing; it takes what it does not allow. */
enum iam_decision iam_decide(const struct iam_set *set, const char *action,
                             const char *resource)
{
    enum iam_decision own =
        decide(set->statements.at, set->statements.count, action, resource);
    if (!set->bounded || own == IAM_NOTHING || own == IAM_DENY)
        return own;
    enum iam_decision bound = decide(set->boundary.at, set->boundary.count, action, resource);
    return bound == IAM_ALLOW ? own : bound;
}

/* What stands in the last brackets of an address, with them; "" when it has no index. */
static const char *index_of(const char *address)
{
    size_t n = strlen(address);
    const char *at = n && address[n - 1] == ']' ? strrchr(address, '[') : NULL;
    return at ? at : "";
}

/* "aws_iam_role.etl.arn" names aws_iam_role.etl, "aws_iam_role.etl2" does not. */
static bool references(const char *reference, const char *from, const char *address)
{
    size_t n = address ? strlen(address) : 0;
    if (n && !strncmp(reference, address, n) && (!reference[n] || reference[n] == '.'))
        return true;
    const char *own = n ? index_of(address) : "", *other = from ? index_of(from) : "";
    return *own && (!*other || !strcmp(own, other)) &&
           strlen(reference) == (size_t)(own - address) &&
           !strncmp(reference, address, (size_t)(own - address));
}

bool refers_to(const struct node *attribute, const struct resource *from,
               const struct resource *r)
{
    if (node_is(attribute, NODE_UNKNOWN))
        return references(attribute->text, from ? from->address : NULL, r->address);
    const char *text = node_text(attribute, NULL);
    if (!text || !*text)
        return false;
    const char *arn = node_text(node_get(r->attrs, "arn"), NULL);
    const char *own_name = node_text(node_get(r->attrs, "name"), NULL);
    const char *names[] = {r->id, r->name, r->key, r->address, arn, own_name};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] && !strcmp(text, names[i]))
            return true;
    return false;
}

static void add_inline(struct iam_set *out, const struct resource *role, uint32_t index)
{
    const struct node *blocks = node_get(role->attrs, "inline_policy");
    for (size_t i = 0; node_is(blocks, NODE_LIST) && i < blocks->count; i++)
        if (!node_absent(node_get(blocks->items[i], "policy")))
            iam_add(out, node_get(blocks->items[i], "policy"), index);
}

static void add_attached(struct iam_set *out, const struct estate *estate,
                         const struct resource *from, const struct node *policy_arn)
{
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (r->type && !strcmp(r->type, "aws_iam_policy") && refers_to(policy_arn, from, r)) {
            iam_add(out, node_get(r->attrs, "policy"), i);
            return;
        }
    }
    out->incomplete = node_text(policy_arn, "a policy that is known only after apply");
}

static void add_boundary(struct iam_set *out, const struct estate *estate,
                         const struct resource *role)
{
    const struct node *boundary = node_get(role->attrs, "permissions_boundary");
    struct iam_set set = {0};
    if (node_absent(boundary))
        return;
    add_attached(&set, estate, role, boundary);
    out->boundary.at = set.statements.at;
    out->boundary.count = set.statements.count;
    out->boundary.room = set.statements.room;
    out->bounded = !set.incomplete;
}

/* By `role`, or by one of `roles` as policies of templates and aws_iam_policy_attachment have.
 */
static bool is_for(const struct resource *r, const struct resource *role)
{
    const struct node *roles = node_get(r->attrs, "roles");
    bool any = refers_to(node_get(r->attrs, "role"), r, role);
    for (size_t i = 0; node_is(roles, NODE_LIST) && i < roles->count; i++)
        any = any || refers_to(roles->items[i], r, role);
    return any;
}

void iam_of_role(struct iam_set *out, const struct estate *estate, uint32_t role)
{
    static const char *const holders[] = {"aws_iam_role_policy", "aws_iam_policy"};
    static const char *const attachments[] = {"aws_iam_role_policy_attachment",
                                              "aws_iam_policy_attachment"};
    const struct resource *own = &estate->resources.at[role];
    add_inline(out, own, role);
    add_boundary(out, estate, own);
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        bool attachment = false, has_text = false;
        for (size_t k = 0; r->type && k < 2; k++) {
            attachment = attachment || !strcmp(r->type, attachments[k]);
            has_text = has_text || !strcmp(r->type, holders[k]);
        }
        if ((!attachment && !has_text) || !is_for(r, own))
            continue;
        if (attachment)
            add_attached(out, estate, r, node_get(r->attrs, "policy_arn"));
        else
            iam_add(out, node_get(r->attrs, "policy"), i);
    }
}
