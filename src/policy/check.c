#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attribute_rule.h"
#include "glob.h"
#include "policy/policy.h"

struct finding *finding_add(struct findings *out, const struct policy *policy,
                            const struct estate *of, uint32_t resource, const char *fix,
                            const char *reason_format, ...)
{
    char reason[1024];
    va_list args;
    va_start(args, reason_format);
    vsnprintf(reason, sizeof reason, reason_format, args);
    va_end(args);
    struct finding *f = VEC_PUSH(&out->all);
    f->policy = arena_strdup(&out->arena, policy->id);
    f->severity = policy->severity;
    f->resource = resource;
    f->reason = arena_strdup(&out->arena, reason);
    f->fix = arena_strdup(&out->arena, fix);
    if (resource != NOTHING) {
        const struct resource *r = &of->resources.at[resource];
        f->subject = arena_strdup(&out->arena, r->address ? r->address : resource_label(r));
        f->source = r->source ? arena_strdup(&out->arena, r->source) : NULL;
        f->line = r->line;
    }
    return f;
}

static void add_note(struct findings *out, const char *policy, const char *subject,
                     const char *why)
{
    const char *text = arena_printf(&out->arena, "%s, %s: %s", policy, subject, why);
    for (size_t i = 0; i < out->notes.count; i++)
        if (!strcmp(out->notes.at[i].text, text))
            return;
    struct note *n = VEC_PUSH(&out->notes);
    *n = (struct note){.kind = NOTE_UNKNOWN, .text = text, .count = 1};
}

void finding_note(struct findings *out, const struct policy *policy, const struct resource *r,
                  const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    add_note(out, policy->id, r->address ? r->address : resource_label(r), why);
}

static bool is_off(const struct policy_input *in, const char *id)
{
    return glob_any(node_get(in->parameters, "off"), id, false);
}

static bool is_expired(const struct policy_input *in, const struct node *waiver)
{
    const struct node *until = node_get(waiver, "until");
    day last;
    return until && in->reporting_day && day_parse(&last, until->text, until->length) &&
           last < in->reporting_day;
}

static void waive(struct findings *out, const struct policy_input *in,
                  const struct node *waivers, struct finding *f)
{
    for (size_t i = 0; node_is(waivers, NODE_LIST) && i < waivers->count; i++) {
        const struct node *w = waivers->items[i];
        if (!glob_matches(node_text(node_get(w, "id"), ""), f->policy, false) ||
            !glob_matches(node_text(node_get(w, "resource"), "*"),
                          f->subject ? f->subject : "", false))
            continue;
        if (is_expired(in, w)) {
            add_note(out, f->policy, f->subject ? f->subject : "(all)",
                     arena_printf(&out->arena, "its waiver ended on %s",
                                  node_text(node_get(w, "until"), "")));
            continue;
        }
        f->waived_by = arena_printf(&out->arena, "%s: %s, until %s",
                                    node_text(node_get(w, "owner"), "nobody"),
                                    node_text(node_get(w, "reason"), "no reason"),
                                    node_text(node_get(w, "until"), "-"));
        return;
    }
}

static bool read_severity(enum severity *out, const struct node *n, struct err *err)
{
    const char *name = node_text(n, "");
    for (int s = SEVERITY_LOW; s <= SEVERITY_HIGH; s++)
        if (!strcmp(severity_name((enum severity)s), name)) {
            *out = (enum severity)s;
            return true;
        }
    return err_usage(err, "checks.params: a severity is high, medium or low, not '%s'", name);
}

/* "severities: {DBX-004: high}" under checks.params. */
static bool set_severity(const struct policy_input *in, struct finding *f, struct err *err)
{
    const struct node *n = node_get(node_at(in->parameters, "params.severities"), f->policy);
    return !n || read_severity(&f->severity, n, err);
}

static int order(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    int by = strcmp(x->policy, y->policy);
    by = by ? by : strcmp(x->subject ? x->subject : "", y->subject ? y->subject : "");
    return by ? by : strcmp(x->reason, y->reason);
}

static int note_order(const void *a, const void *b)
{
    return strcmp(((const struct note *)a)->text, ((const struct note *)b)->text);
}

static void sort_unique(struct findings *out)
{
    size_t kept = 0;
    if (out->all.count)
        qsort(out->all.at, out->all.count, sizeof *out->all.at, order);
    for (size_t i = 0; i < out->all.count; i++)
        if (!kept || order(&out->all.at[kept - 1], &out->all.at[i]) != 0)
            out->all.at[kept++] = out->all.at[i];
    out->all.count = kept;
    if (out->notes.count)
        qsort(out->notes.at, out->notes.count, sizeof *out->notes.at, note_order);
}

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

bool policy_run_custom(struct findings *out, const struct policy_input *in, struct err *err)
{
    const struct node *custom = node_at(in->parameters, "params.custom");
    for (size_t i = 0; node_is(custom, NODE_LIST) && i < custom->count; i++) {
        struct attribute_rule rules[2] = {0};
        const struct node *n = custom->items[i], *severity = node_get(n, "severity");
        struct policy policy = {.severity = SEVERITY_MEDIUM, .data = rules};
        if (!custom_rule(&rules[0], n, err) ||
            (severity && !read_severity(&policy.severity, severity, err)))
            return false;
        policy.id = node_text(node_get(n, "id"), "");
        policy.title = rules[0].reason;
        if (!is_off(in, policy.id) && !run_attribute_rules(out, &policy, in, err))
            return false;
    }
    return true;
}

bool policy_check(struct findings *out, const struct policy_input *in, struct err *err)
{
    for (size_t i = 0; policies[i]; i++)
        if (!is_off(in, policies[i]->id) && !policies[i]->run(out, policies[i], in, err))
            return err_within(err, "policy %s", policies[i]->id);
    if (!policy_run_custom(out, in, err))
        return false;
    for (size_t i = 0; i < out->all.count; i++) {
        if (!set_severity(in, &out->all.at[i], err))
            return false;
        waive(out, in, node_get(in->parameters, "waivers"), &out->all.at[i]);
    }
    sort_unique(out);
    return true;
}
