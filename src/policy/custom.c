#include "attribute_rule.h"
#include "checks.h"

static bool custom_test(struct rule_test *test, const struct node *n, struct err *err)
{
    const struct node *value = node_get(n, "value");
    const char *op = node_text(node_get(n, "operator"), "");
    *test = (struct rule_test){.path = node_text(node_get(n, "attribute"), NULL)};
    test->value =
        node_is(value, NODE_BOOL) ? (value->truth ? "true" : "false") : node_text(value, "");
    if (test->path && rule_operator_named(&test->op, op))
        return true;
    return err_usage(err,
                     "checks.params.custom: a test needs an attribute and an operator that "
                     "exists, not '%s'",
                     op);
}

static bool custom_rule(struct attribute_rule *rule, const struct node *n, struct err *err)
{
    const struct node *when = node_get(n, "when");
    *rule = (struct attribute_rule){
        .types = node_text(node_get(n, "type"), NULL),
        .reason = node_text(node_get(n, "reason"), "it breaks a policy of the team"),
        .fix = node_text(node_get(n, "fix"), ""),
    };
    if (!rule->types || !node_text(node_get(n, "id"), NULL))
        return err_usage(err, "checks.params.custom: a policy needs an id and a type");
    return custom_test(&rule->must, n, err) && (!when || custom_test(&rule->when, when, err));
}

bool policy_run_custom(struct findings *out, const struct inspection *in, struct err *err)
{
    const struct node *custom = node_at(in->parameters, "params.custom");
    for (size_t i = 0; node_is(custom, NODE_LIST) && i < custom->count; i++) {
        struct attribute_rule rules[2] = {0};
        const struct node *n = custom->items[i], *severity = node_get(n, "severity");
        struct policy policy = {.severity = SEVERITY_MEDIUM, .data = rules};
        if (!custom_rule(&rules[0], n, err) ||
            (severity && !severity_read(&policy.severity, severity, err)))
            return false;
        policy.id = node_text(node_get(n, "id"), "");
        policy.title = rules[0].reason;
        if (!policy_is_off(in, policy.id) && !run_attribute_rules(out, &policy, in, err))
            return false;
    }
    return true;
}
