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

static void add_inline(struct iam_set *out, const struct resource *role, uint32_t index)
{
    const struct node *blocks = node_get(role->attrs, "inline_policy");
    for (size_t i = 0; node_is(blocks, NODE_LIST) && i < blocks->count; i++)
        if (!node_absent(node_get(blocks->items[i], "policy")))
            iam_add(out, node_get(blocks->items[i], "policy"), index);
}

static void add_attached(struct iam_set *out, const struct names *names,
                         const struct resource *from, const struct node *policy_arn)
{
    const struct resource *policy = named_resource(names, "aws_iam_policy", from, policy_arn);
    if (policy)
        iam_add(out, node_get(policy->attrs, "policy"),
                (uint32_t)(policy - names->estate->resources.at));
    else
        out->incomplete = node_text(policy_arn, "a policy that is known only after apply");
}

static void add_boundary(struct iam_set *out, const struct names *names,
                         const struct resource *role)
{
    const struct node *boundary = node_get(role->attrs, "permissions_boundary");
    struct iam_set set = {0};
    if (node_absent(boundary))
        return;
    add_attached(&set, names, role, boundary);
    out->boundary.at = set.statements.at;
    out->boundary.count = set.statements.count;
    out->boundary.room = set.statements.room;
    out->bounded = !set.incomplete;
}

/* A policy with its text, and what attaches one that stands elsewhere, to roles or to others. */
static const struct holder {
    const char *type;
    bool attaches;
} holders[] = {
    {"aws_iam_role_policy", false},
    {"aws_iam_policy", false},
    {"aws_iam_role_policy_attachment", true},
    {"aws_iam_policy_attachment", true},
};

static const struct holder *holder_of(const struct resource *r)
{
    for (size_t i = 0; r->type && i < sizeof holders / sizeof *holders; i++)
        if (!strcmp(r->type, holders[i].type))
            return &holders[i];
    return NULL;
}

static void grant_to(struct iam_grants *grants, const struct node *role, uint32_t holder)
{
    const struct estate *estate = grants->names->estate;
    struct named named;
    names_find(&named, grants->names, role, &estate->resources.at[holder]);
    for (size_t i = 0; i < named.all.count; i++) {
        const char *key = estate->resources.at[named.all.at[i]].key;
        multimap_put(&grants->by_role, key, strlen(key), holder);
    }
    VEC_FREE(&named.all);
}

/* By `role`, or by one of `roles` as policies of templates and aws_iam_policy_attachment have.
 */
void iam_grants_open(struct iam_grants *out, const struct names *names)
{
    *out = (struct iam_grants){names, MULTIMAP_INIT};
    for (uint32_t i = 0; names->estate && i < names->estate->resources.count; i++) {
        const struct resource *r = &names->estate->resources.at[i];
        const struct node *roles = node_get(r->attrs, "roles");
        if (!holder_of(r))
            continue;
        grant_to(out, node_get(r->attrs, "role"), i);
        for (size_t k = 0; node_is(roles, NODE_LIST) && k < roles->count; k++)
            grant_to(out, roles->items[k], i);
    }
}

void iam_grants_release(struct iam_grants *grants)
{
    multimap_release(&grants->by_role);
}

void iam_of_role(struct iam_set *out, const struct iam_grants *grants, uint32_t role)
{
    const struct names *names = grants->names;
    const struct resource *own = &names->estate->resources.at[role];
    add_inline(out, own, role);
    add_boundary(out, names, own);
    struct multimap_walk w = multimap_find(&grants->by_role, own->key, strlen(own->key));
    for (size_t before = SIZE_MAX; multimap_next(&w); before = w.value) {
        const struct resource *r = &names->estate->resources.at[w.value];
        if (w.value == before)
            continue; /* it names the role twice */
        if (holder_of(r)->attaches)
            add_attached(out, names, r, node_get(r->attrs, "policy_arn"));
        else
            iam_add(out, node_get(r->attrs, "policy"), (uint32_t)w.value);
    }
}
