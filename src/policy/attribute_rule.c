#include "attribute_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "glob.h"

static const char *const operator_names[] = {
    "present",  "absent",  "equals", "not_equals", "matches",  "not_matches",
    "at_least", "at_most", "true",   "false",      "companion"}; /* OP_ELSEWHERE has none */

bool rule_operator_named(enum rule_operator *out, const char *name)
{
    for (size_t i = 0; i < sizeof operator_names / sizeof *operator_names; i++)
        if (!strcmp(operator_names[i], name)) {
            *out = (enum rule_operator)i;
            return true;
        }
    return false;
}

bool glob_list_matches(const char *patterns, const char *text)
{
    char pattern[256];
    while (*patterns) {
        size_t n = strcspn(patterns, "|");
        if (n < sizeof pattern) {
            memcpy(pattern, patterns, n);
            pattern[n] = '\0';
            if (glob_matches(pattern, text, false))
                return true;
        }
        patterns += n + (patterns[n] == '|');
    }
    return false;
}

static bool is_present(const struct node *n)
{
    if (node_absent(n))
        return false;
    if (n->kind == NODE_STRING)
        return n->length > 0;
    return (n->kind != NODE_LIST && n->kind != NODE_MAP) || n->count > 0;
}

static bool text_matches(const struct node *n, const struct rule_test *test)
{
    const char *text =
        n && n->kind == NODE_BOOL ? (n->truth ? "true" : "false") : node_text(n, "");
    return test->op == OP_EQUALS || test->op == OP_NOT_EQUALS
               ? !strcmp(text, test->value)
               : glob_list_matches(test->value, text);
}

static bool is_elsewhere(const struct names *names, const struct rule_test *test)
{
    struct multimap_walk w = multimap_find(&names->by_type, test->value, strlen(test->value));
    while (multimap_next(&w))
        if (node_bool(node_at(names->estate->resources.at[w.value].attrs, test->path), false))
            return true;
    return false;
}

/* What a rule's tests look at: a resource, or one block of it. */
struct place {
    const struct inspection *in;
    uint32_t index;
    const struct resource *resource;
    const struct node *block;
};

/* "usage:monthly_gb" is declared or measured load; all else is configuration. */
static const struct node *attribute_of(const struct place *place, const char *path)
{
    static const char usage[] = "usage:";
    size_t n = sizeof usage - 1;
    return strncmp(path, usage, n) ? node_at(place->block, path)
                                   : node_at(place->resource->usage, path + n);
}

/* The id of another resource is there, though what it will be is not known yet. */
static enum verdict judge_unknown(const struct node *n, enum rule_operator op)
{
    if (!*n->text || (op != OP_PRESENT && op != OP_ABSENT))
        return CANNOT_TELL;
    return op == OP_PRESENT ? HOLDS : FAILS;
}

/* A bill tells of what is paid for, not of all that is set; Databricks' own tables tell all.
 */
static bool tells_all(const struct resource *r)
{
    return r->address || node_get(r->attrs, "cluster_source");
}

static enum verdict judge(const struct place *place, const struct rule_test *test)
{
    if (test->op == OP_COMPANION && !tells_all(place->resource))
        return CANNOT_TELL;
    if (test->op == OP_COMPANION)
        return has_companion(place->in->companions, &place->in->names, place->index,
                             test->value, test->path);
    if (test->op == OP_ELSEWHERE)
        return is_elsewhere(&place->in->names, test) ? HOLDS : FAILS;
    const struct node *n = attribute_of(place, test->path);
    if (node_is(n, NODE_UNKNOWN))
        return judge_unknown(n, test->op);
    if (!n && !tells_all(place->resource))
        return CANNOT_TELL;
    double number = node_number(n, NAN);
    switch (test->op) {
    case OP_PRESENT:
        return is_present(n) ? HOLDS : FAILS;
    case OP_ABSENT:
        return is_present(n) ? FAILS : HOLDS;
    case OP_EQUALS:
    case OP_MATCHES:
        return text_matches(n, test) ? HOLDS : FAILS;
    case OP_NOT_EQUALS:
    case OP_NOT_MATCHES:
        return text_matches(n, test) ? FAILS : HOLDS;
    case OP_AT_LEAST:
        return number >= atof(test->value) ? HOLDS : FAILS;
    case OP_AT_MOST:
        return number <= atof(test->value) ? HOLDS : FAILS;
    case OP_TRUE:
        return node_bool(n, false) ? HOLDS : FAILS;
    case OP_FALSE:
        return node_bool(n, false) ? FAILS : HOLDS;
    case OP_COMPANION:
    case OP_ELSEWHERE:
        break;
    }
    return CANNOT_TELL;
}

static void apply(struct findings *out, const struct policy *self, const struct place *place,
                  const struct attribute_rule *rule)
{
    const struct resource *r = place->resource;
    if ((rule->when.path && judge(place, &rule->when) != HOLDS) ||
        (rule->unless.path && judge(place, &rule->unless) == HOLDS))
        return;
    enum verdict verdict = judge(place, &rule->must);
    if (verdict == CANNOT_TELL && tells_all(r))
        finding_note(out, self, r, "%s is known only after apply",
                     rule->must.op == OP_COMPANION ? "what names it" : rule->must.path);
    if (verdict != FAILS)
        return;
    const struct node *at = attribute_of(place, rule->must.path);
    struct finding *f = finding_add(out, self, place->in->judged, place->index, rule->fix, "%s",
                                    rule->reason);
    if (at && at->line)
        f->line = at->line;
}

/* Follows one path of `each`: a name applied to a list goes on in its first item, * in all. */
static void apply_to_blocks(struct findings *out, const struct policy *self,
                            struct place place, const struct attribute_rule *rule,
                            const char *path)
{
    size_t n = strcspn(path, ".|");
    char name[64];
    if (!place.block || n >= sizeof name)
        return;
    if (!n) {
        apply(out, self, &place, rule);
        return;
    }
    const struct node *block = place.block;
    memcpy(name, path, n);
    name[n] = '\0';
    path += n + (path[n] == '.');
    if (strcmp(name, "*") != 0) {
        place.block = node_at(block, name);
        apply_to_blocks(out, self, place, rule, path);
        return;
    }
    for (size_t i = 0; node_is(block, NODE_LIST) && i < block->count; i++) {
        place.block = block->items[i];
        apply_to_blocks(out, self, place, rule, path);
    }
}

static void apply_to(struct findings *out, const struct policy *self,
                     const struct place *place, const struct attribute_rule *rule)
{
    if (!rule->each)
        apply(out, self, place, rule);
    for (const char *path = rule->each; path;
         path = strchr(path, '|') ? strchr(path, '|') + 1 : NULL)
        apply_to_blocks(out, self, *place, rule, path);
}

bool run_attribute_rules(struct findings *out, const struct policy *self,
                         const struct inspection *in, struct err *err)
{
    (void)err;
    for (const struct attribute_rule *rule = self->data; rule->types; rule++)
        for (uint32_t i = 0; i < in->judged->resources.count; i++) {
            const struct resource *r = &in->judged->resources.at[i];
            struct place place = {in, i, r, r->attrs};
            if (r->type && r->attrs && glob_list_matches(rule->types, r->type))
                apply_to(out, self, &place, rule);
        }
    return true;
}
