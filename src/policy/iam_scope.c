#include <string.h>

#include "checks.h"
#include "glob.h"
#include "iam.h"
#include "iam_condition.h"

/* Requests that no narrow policy should allow: the wildcard shows by what it lets through. */
static const struct probe {
    const char *action, *what;
} object_probes[] = {
    {"s3:DeleteObject", "deleting objects of every bucket"},
    {"s3:PutObject", "writing to every bucket"},
    {"s3:GetObject", "reading every bucket"},
};

static const char *const partitions[] = {"aws", "aws-us-gov", "aws-cn"};
enum { PARTITIONS = sizeof partitions / sizeof *partitions };

static bool has_type(const struct resource *r, const char *const *types)
{
    for (; r->type && *types; types++)
        if (!strcmp(r->type, *types))
            return true;
    return false;
}

typedef void judge_set(struct findings *out, const struct policy *self,
                       const struct estate *estate, const struct iam_set *set);

/* A boundary gives nothing by itself: only what it leaves of a role's own policies counts. */
static void mark_boundaries(bool *seen, const struct names *names)
{
    const struct estate *estate = names->estate;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        struct named named;
        names_find(&named, names, node_get(r->attrs, "permissions_boundary"), r);
        for (size_t k = 0; k < named.all.count; k++)
            seen[named.all.at[k]] = true;
        VEC_FREE(&named.all);
    }
}

/* Every role with all that is attached to it, then every document that no role here has. */
static void each_set(struct findings *out, const struct policy *self,
                     const struct inspection *in, judge_set *judge)
{
    static const char *const roles[] = {"aws_iam_role", NULL};
    static const char *const documents[] = {"aws_iam_policy", "aws_iam_user_policy",
                                            "aws_iam_group_policy", "aws_iam_role_policy",
                                            NULL};
    const struct estate *estate = in->judged;
    bool *seen = ARENA_ARRAY(&out->arena, bool, estate->resources.count);
    mark_boundaries(seen, &in->names);
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        struct iam_set set = {0};
        if (!has_type(&estate->resources.at[i], roles))
            continue;
        iam_of_role(&set, &in->grants, i);
        for (size_t k = 0; k < set.statements.count; k++)
            seen[set.statements.at[k].resource] = true;
        judge(out, self, estate, &set);
        iam_release(&set);
    }
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        struct iam_set set = {0};
        const struct resource *r = &estate->resources.at[i];
        if (seen[i] || !has_type(r, documents))
            continue;
        iam_add(&set, node_get(r->attrs, "policy"), i);
        judge(out, self, estate, &set);
        iam_release(&set);
    }
}

/* Of this statement, if its condition holds; nothing that a deny or boundary takes away. */
static bool lets_through(const struct iam_set *set, const struct iam_statement *s,
                         const char *action, const char *resource)
{
    enum iam_decision decision = iam_decide(set, action, resource);
    return iam_names_action(s, action) && iam_names_resource(s, resource) &&
           (decision == IAM_ALLOW || decision == IAM_CONDITIONAL);
}

/* What a wide statement lets through; NULL: nothing that is wide. */
typedef const char *widest(struct findings *out, const struct iam_set *set,
                           const struct iam_statement *s);

static const char *every_action(struct findings *out, const struct iam_set *set,
                                const struct iam_statement *s)
{
    static const char anything[] = "arn:aws:advisor:::probe";
    struct iam_set boundary = {.statements.at = set->boundary.at,
                               .statements.count = set->boundary.count};
    (void)out;
    bool all = iam_names_action(s, "advisor:Probe") && !node_get(s->node, "NotAction");
    return all && (!set->bounded ||
                   iam_decide(&boundary, "advisor:Probe", anything) == IAM_ALLOW)
               ? "every action, by *"
               : NULL;
}

/* An object of a bucket that nobody named, which the pattern lets through; NULL: none. */
static const char *unnamed_object(struct arena *arena, const struct iam_set *set,
                                  const struct iam_statement *s, const char *action,
                                  const struct node *pattern)
{
    const char *found = NULL;
    for (size_t i = 0; node_is(pattern, NODE_LIST) && i < pattern->count && !found; i++)
        found = unnamed_object(arena, set, s, action, pattern->items[i]);
    for (size_t k = 0; node_is(pattern, NODE_STRING) && k < PARTITIONS && !found; k++) {
        const char *any =
            arena_printf(arena, "arn:%s:s3:::advisor-probe-bucket/*", partitions[k]);
        const char *object = glob_witness(arena, pattern->text, any, "advisor-probe-key");
        found = object && lets_through(set, s, action, object) ? object : NULL;
    }
    return found;
}

static const char *every_bucket(struct findings *out, const struct iam_set *set,
                                const struct iam_statement *s)
{
    static const char object[] = "arn:aws:s3:::advisor-probe-bucket/advisor-probe-key";
    for (size_t k = 0; k < PARTITIONS; k++)
        if (lets_through(set, s, "iam:CreateUser",
                         arena_printf(&out->arena,
                                      "arn:%s:iam::000000000000:user/advisor-probe",
                                      partitions[k])))
            return "every action of IAM: iam:CreateUser on any user";
    for (size_t p = 0; p < sizeof object_probes / sizeof *object_probes; p++) {
        const struct probe *probe = &object_probes[p];
        const char *found = lets_through(set, s, probe->action, object)
                                ? object
                                : unnamed_object(&out->arena, set, s, probe->action,
                                                 node_get(s->node, "Resource"));
        if (found)
            return arena_printf(&out->arena, "%s: %s on %s", probe->what, probe->action,
                                found);
    }
    return NULL;
}

static const char *whole_service(struct findings *out, const struct iam_set *set,
                                 const struct iam_statement *s, const struct node *action)
{
    const char *text = node_text(action, "");
    size_t name = strcspn(text, ":*?");
    if (node_is(action, NODE_LIST)) {
        const char *found = NULL;
        for (size_t i = 0; i < action->count && !found; i++)
            found = whole_service(out, set, s, action->items[i]);
        return found;
    }
    if (!name || strcmp(text + name, ":*") != 0)
        return NULL;
    const char *service = arena_strndup(&out->arena, text, name);
    const char *probe = arena_printf(&out->arena, "%s:AdvisorProbe", service);
    const char *arn =
        arena_printf(&out->arena, "arn:aws:%s:us-east-1:000000000000:probe", service);
    return lets_through(set, s, probe, arn)
               ? arena_printf(&out->arena, "every action of %s on everything, by %s", service,
                              text)
               : NULL;
}

static const char *every_action_of_a_service(struct findings *out, const struct iam_set *set,
                                             const struct iam_statement *s)
{
    return whole_service(out, set, s, node_get(s->node, "Action"));
}

static bool is_told(const struct findings *out, const struct policy *self,
                    const struct resource *r)
{
    const char *subject = r->address ? r->address : resource_label(r);
    for (size_t i = 0; i < out->all.count; i++)
        if (!strcmp(out->all.at[i].policy, self->id) && out->all.at[i].subject &&
            !strcmp(out->all.at[i].subject, subject))
            return true;
    return false;
}

/* A condition on who calls or from where leaves what is reached as wide as it is. */
static void tell_wide(struct findings *out, const struct policy *self,
                      const struct estate *estate, const struct iam_statement *s,
                      const char *what, enum severity severity)
{
    const char *key, *condition = iam_condition_text(&out->arena, s);
    enum condition_effect effect = iam_condition_effect(s, &key);
    if (effect == CONDITION_UNKNOWN)
        finding_note(out, self, &estate->resources.at[s->resource],
                     "it allows %s, under the condition %s, which is not understood", what,
                     key);
    else if (effect != CONDITION_WHAT)
        finding_add(out, self, estate, s->resource,
                    "Name the actions and the resources that the role needs.",
                    "it allows %s%s%s", what, *condition ? ", under the condition " : "",
                    condition)
            ->severity = severity;
}

/* Once for each document, by the widest that it lets through. */
static void judge_wide(struct findings *out, const struct policy *self,
                       const struct estate *estate, const struct iam_set *set)
{
    static const struct {
        widest *look;
        enum severity severity;
    } kinds[] = {{every_action, SEVERITY_HIGH},
                 {every_bucket, SEVERITY_HIGH},
                 {every_action_of_a_service, SEVERITY_MEDIUM}};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        for (size_t i = 0; i < set->statements.count; i++) {
            const struct iam_statement *s = &set->statements.at[i];
            const struct resource *r = &estate->resources.at[s->resource];
            const char *what =
                s->allow && !is_told(out, self, r) ? kinds[k].look(out, set, s) : NULL;
            if (what)
                tell_wide(out, self, estate, s, what, kinds[k].severity);
        }
}

/* AWS's own policies that reach everything of a kind, by what their published text allows. */
static const struct {
    const char *arn, *what;
} managed[] = {
    {"arn:aws*:iam::aws:policy/AdministratorAccess", "everything"},
    {"arn:aws*:iam::aws:policy/PowerUserAccess", "everything but IAM"},
    {"arn:aws*:iam::aws:policy/IAMFullAccess", "every action of IAM"},
    {"arn:aws*:iam::aws:policy/AmazonS3FullAccess", "every action on every bucket"},
    {"arn:aws*:iam::aws:policy/AmazonS3ReadOnlyAccess", "reading every bucket"},
    {"arn:aws*:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
     "reading and writing every bucket"},
};

static void judge_managed(struct findings *out, const struct policy *self,
                          const struct estate *estate, uint32_t resource,
                          const struct node *arn)
{
    const char *text = node_text(arn, "");
    for (size_t i = 0; i < sizeof managed / sizeof *managed; i++)
        if (glob_matches(managed[i].arn, text, false))
            finding_add(
                out, self, estate, resource,
                "Attach a policy that names the actions and resources that are needed.",
                "%s allows %s", text, managed[i].what);
    for (size_t i = 0; node_is(arn, NODE_LIST) && i < arn->count; i++)
        judge_managed(out, self, estate, resource, arn->items[i]);
}

/* What roles and attachments name of AWS's own. */
static void judge_attachments(struct findings *out, const struct policy *self,
                              const struct estate *estate)
{
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strncmp(r->type, "aws_iam_", 8) != 0)
            continue;
        judge_managed(out, self, estate, i, node_get(r->attrs, "policy_arn"));
        judge_managed(out, self, estate, i, node_get(r->attrs, "managed_policy_arns"));
    }
}

/* What is attached from elsewhere is not judged: said once for a role, not by every policy. */
static void note_incomplete(struct findings *out, const struct policy *self,
                            const struct inspection *in)
{
    for (uint32_t i = 0; i < in->judged->resources.count; i++) {
        struct iam_set set = {0};
        const struct resource *r = &in->judged->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        iam_of_role(&set, &in->grants, i);
        if (set.incomplete)
            finding_note(out, self, r, "what %s allows it is not judged: its text is not here",
                         set.incomplete);
        iam_release(&set);
    }
}

static bool run_wide(struct findings *out, const struct policy *self,
                     const struct inspection *in, struct err *err)
{
    (void)err;
    each_set(out, self, in, judge_wide);
    judge_attachments(out, self, in->judged);
    note_incomplete(out, self, in);
    return true;
}

static void judge_inverted(struct findings *out, const struct policy *self,
                           const struct estate *estate, const struct iam_set *set)
{
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        const char *key = node_get(s->node, "NotAction")     ? "NotAction"
                          : node_get(s->node, "NotResource") ? "NotResource"
                                                             : NULL;
        if (s->allow && key)
            finding_add(out, self, estate, s->resource,
                        "State what is allowed, not what is not: new services and buckets are "
                        "allowed the day they appear.",
                        "it allows everything but a list, by %s", key);
    }
}

static bool run_inverted(struct findings *out, const struct policy *self,
                         const struct inspection *in, struct err *err)
{
    (void)err;
    each_set(out, self, in, judge_inverted);
    return true;
}

/* By a role that nobody named, in whichever account the pattern states. */
static bool passes_any_role(struct findings *out, const struct iam_set *set,
                            const struct iam_statement *s, const struct node *resource)
{
    for (size_t i = 0; node_is(resource, NODE_LIST) && i < resource->count; i++)
        if (passes_any_role(out, set, s, resource->items[i]))
            return true;
    if (!resource) /* NotResource */
        return lets_through(set, s, "iam:PassRole",
                            "arn:aws:iam::000000000000:role/advisor-probe");
    for (size_t k = 0; node_is(resource, NODE_STRING) && k < PARTITIONS; k++) {
        const char *any = arena_printf(
            &out->arena, "arn:%s:iam::????????????:role/advisor-probe", partitions[k]);
        const char *role = glob_witness(&out->arena, resource->text, any, "0");
        if (role && lets_through(set, s, "iam:PassRole", role))
            return true;
    }
    return false;
}

static void judge_pass_role(struct findings *out, const struct policy *self,
                            const struct estate *estate, const struct iam_set *set)
{
    for (size_t i = 0; i < set->statements.count; i++) {
        const struct iam_statement *s = &set->statements.at[i];
        const char *key;
        if (s->allow && iam_names_action(s, "iam:PassRole") &&
            iam_condition_effect(s, &key) != CONDITION_WHAT &&
            passes_any_role(out, set, s, node_get(s->node, "Resource")))
            finding_add(out, self, estate, s->resource,
                        "Allow iam:PassRole on the instance profiles' roles only, with "
                        "iam:PassedToService.",
                        "it may pass every role of the account to a service");
    }
}

static bool run_pass_role(struct findings *out, const struct policy *self,
                          const struct inspection *in, struct err *err)
{
    (void)err;
    each_set(out, self, in, judge_pass_role);
    return true;
}

extern const struct policy policy_iam_wide, policy_iam_inverted, policy_iam_pass_role;
const struct policy policy_iam_wide = {
    "IAM-001", SEVERITY_HIGH, "no role reaches every bucket or every action", NULL, run_wide};
const struct policy policy_iam_inverted = {
    "IAM-004", SEVERITY_MEDIUM, "allow statements name what they allow", NULL, run_inverted};
const struct policy policy_iam_pass_role = {"IAM-006", SEVERITY_MEDIUM,
                                            "roles are passed by name", NULL, run_pass_role};
