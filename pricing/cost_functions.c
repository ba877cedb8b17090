#include <ctype.h>
#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "cost_expr.h"

static struct value pick(const struct value *args, int count, bool largest)
{
    struct value best = value_absent();
    for (int i = 0; i < count; i++) {
        struct range n;
        if (args[i].kind == VALUE_UNKNOWN)
            return args[i];
        if (!value_as_number(&n, args[i]))
            continue;
        if (best.kind == VALUE_ABSENT) {
            best = value_number(0);
            best.number = n;
            continue;
        }
        double (*choose)(double, double) = largest ? fmax : fmin;
        best.number = (struct range){choose(best.number.low, n.low),
                                     choose(best.number.expected, n.expected),
                                     choose(best.number.high, n.high)};
    }
    return best;
}

static struct value run_max(struct scope *scope, const struct value *args, int count)
{
    (void)scope;
    return pick(args, count, true);
}

static struct value run_min(struct scope *scope, const struct value *args, int count)
{
    (void)scope;
    return pick(args, count, false);
}

/* over(x, free): what goes beyond an amount that is free; not set where x is not. */
static struct value run_over(struct scope *scope, const struct value *args, int count)
{
    (void)scope, (void)count;
    struct range x, free_of;
    if (!value_as_number(&x, args[0]) || !value_as_number(&free_of, args[1]))
        return args[0];
    struct value v = value_number(0);
    v.number = (struct range){fmax(x.low - free_of.high, 0),
                              fmax(x.expected - free_of.expected, 0),
                              fmax(x.high - free_of.low, 0)};
    return v;
}

/* Rounding forgives the last bits of a product: 0.1 x 30 is 3, not 3.0000000000000004. */
static double ceil_near(double x)
{
    double near = nearbyint(x);
    return fabs(x - near) < 1e-9 * fmax(1, fabs(x)) ? near : ceil(x);
}

static struct value run_ceil(struct scope *scope, const struct value *args, int count)
{
    (void)scope, (void)count;
    struct range n;
    if (!value_as_number(&n, args[0]))
        return args[0];
    struct value v = value_number(0);
    v.number = (struct range){ceil_near(n.low), ceil_near(n.expected), ceil_near(n.high)};
    return v;
}

/*
 * between(x, low, expected, high): x where it is known, `expected` where it is not set,
 * the range while it is not known; without a high bound it stays unknown.
 */
static struct value run_between(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    struct range low, expected, high;
    if (args[0].kind == VALUE_ABSENT)
        return args[2];
    if (args[0].kind != VALUE_UNKNOWN)
        return args[0];
    if (!value_as_number(&expected, args[2]) || !value_as_number(&high, args[3]))
        return args[0];
    struct value v = value_number(expected.expected);
    v.number.low = value_as_number(&low, args[1]) ? low.expected : 0;
    v.number.high = fmax(high.expected, expected.expected);
    scope->assumed =
        arena_printf(scope->arena, "%s is known only after apply: %.15g to %.15g",
                     args[0].what ? args[0].what : "a value", v.number.low, v.number.high);
    return v;
}

static struct value run_count(struct scope *scope, const struct value *args, int count)
{
    (void)scope, (void)count;
    if (args[0].kind == VALUE_UNKNOWN)
        return args[0];
    if (args[0].kind == VALUE_NODE)
        return value_number(args[0].node->kind == NODE_LIST ? (double)args[0].node->count : 1);
    return value_number(args[0].kind == VALUE_ABSENT ? 0 : 1);
}

static struct value run_has(struct scope *scope, const struct value *args, int count)
{
    (void)scope, (void)count;
    bool empty = args[0].kind == VALUE_TEXT && !*args[0].text;
    return value_number(args[0].kind != VALUE_ABSENT && !empty);
}

static struct value mapped(struct scope *scope, struct value v, size_t letters,
                           int (*change)(int))
{
    const char *text = value_as_text(scope->arena, v);
    if (!text)
        return v;
    char *copy = arena_strdup(scope->arena, text);
    for (size_t i = 0; i < letters && copy[i]; i++)
        copy[i] = (char)change((unsigned char)copy[i]);
    return value_text(copy);
}

static struct value run_lower(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    return mapped(scope, args[0], SIZE_MAX, tolower);
}

static struct value run_upper(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    return mapped(scope, args[0], SIZE_MAX, toupper);
}

static struct value run_capital(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    return mapped(scope, args[0], 1, toupper);
}

/* span(low, expected, high): something that varies by itself between two bounds. */
static struct value run_span(struct scope *scope, const struct value *args, int count)
{
    (void)scope, (void)count;
    struct range low, expected, high;
    if (!value_as_number(&low, args[0]) || !value_as_number(&expected, args[1]) ||
        !value_as_number(&high, args[2]))
        return args[1];
    struct value v = value_number(expected.expected);
    v.number.low = fmin(low.low, expected.expected);
    v.number.high = fmax(high.high, expected.expected);
    return v;
}

/* setting_of(list, 'namespace', 'name'): an Elastic Beanstalk setting. */
static struct value run_setting(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *space = value_as_text(scope->arena, args[1]);
    const char *name = value_as_text(scope->arena, args[2]);
    if (args[0].kind != VALUE_NODE || !space || !name)
        return value_absent();
    for (size_t i = 0; i < args[0].node->count; i++) {
        const struct node *n = args[0].node->items[i];
        if (!strcmp(node_text(node_get(n, "namespace"), ""), space) &&
            !strcmp(node_text(node_get(n, "name"), ""), name))
            return value_of_node(node_get(n, "value"));
    }
    return value_absent();
}

/* like(x, 'db.t*', ...): a shell pattern fits. */
static struct value run_like(struct scope *scope, const struct value *args, int count)
{
    const char *text = value_as_text(scope->arena, args[0]);
    if (args[0].kind == VALUE_UNKNOWN)
        return args[0];
    for (int i = 1; text && i < count; i++) {
        const char *pattern = value_as_text(scope->arena, args[i]);
        if (pattern && !fnmatch(pattern, text, 0))
            return value_number(1);
    }
    return value_number(0);
}

/* map(x, 'a', 1, 'b', 2, otherwise): keys are shell patterns; without `otherwise`, absent. */
static struct value run_map(struct scope *scope, const struct value *args, int count)
{
    const char *text = value_as_text(scope->arena, args[0]);
    if (args[0].kind == VALUE_UNKNOWN)
        return args[0];
    for (int i = 1; i + 1 < count; i += 2) {
        const char *pattern = value_as_text(scope->arena, args[i]);
        if (text && pattern && !fnmatch(pattern, text, 0))
            return args[i + 1];
    }
    return count % 2 == 0 ? args[count - 1] : value_absent();
}

/* part('db.t3.large', '.', 1) is 't3'. */
static struct value run_part(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    struct range wanted;
    const char *text = value_as_text(scope->arena, args[0]);
    const char *separator = value_as_text(scope->arena, args[1]);
    if (!text || !separator || !value_as_number(&wanted, args[2]))
        return args[0];
    for (int i = 0; i < (int)wanted.expected && text; i++) {
        text = strstr(text, separator);
        text = text ? text + strlen(separator) : NULL;
    }
    if (!text)
        return value_absent();
    const char *end = strstr(text, separator);
    return value_text(end ? arena_strndup(scope->arena, text, (size_t)(end - text)) : text);
}

/* total(list, 'a.b'): the sum of a path over the items; 1 each without a path. */
static struct value run_total(struct scope *scope, const struct value *args, int count)
{
    const char *path = count > 1 ? value_as_text(scope->arena, args[1]) : NULL;
    struct value sum = value_number(0);
    if (args[0].kind != VALUE_NODE)
        return args[0].kind == VALUE_UNKNOWN ? args[0] : sum;
    for (size_t i = 0; i < args[0].node->count; i++) {
        struct value item = value_of_node(args[0].node->items[i]);
        struct range n;
        if (path)
            item = value_attribute(scope, item, path);
        if (item.kind == VALUE_UNKNOWN)
            return item;
        if (value_as_number(&n, item)) {
            sum.number.low += n.low;
            sum.number.expected += n.expected;
            sum.number.high += n.high;
        }
    }
    return sum;
}

/* holding(list, 'a.b'): how many items have something at the path. */
static struct value run_holding(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *path = value_as_text(scope->arena, args[1]);
    double found = 0;
    if (args[0].kind != VALUE_NODE)
        return args[0].kind == VALUE_UNKNOWN ? args[0] : value_number(0);
    for (size_t i = 0; path && i < args[0].node->count; i++) {
        struct value item = value_of_node(args[0].node->items[i]);
        found += value_attribute(scope, item, path).kind != VALUE_ABSENT;
    }
    return value_number(found);
}

static bool mentions(const struct node *n, const char *text, int depth)
{
    if (!n || depth > 16)
        return false;
    if (n->kind == NODE_STRING)
        return !strcmp(n->text, text);
    for (size_t i = 0; i < n->count; i++)
        if (mentions(n->items[i], text, depth + 1))
            return true;
    return false;
}

/* mentions(rules, 'GLACIER'): the text stands somewhere in the list or map. */
static struct value run_mentions(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *text = value_as_text(scope->arena, args[1]);
    return value_number(args[0].kind == VALUE_NODE && text && mentions(args[0].node, text, 0));
}

static const struct expr_function plain[] = {
    {"max", 1, 9, run_max},
    {"min", 1, 9, run_min},
    {"over", 2, 2, run_over},
    {"ceil", 1, 1, run_ceil},
    {"between", 4, 4, run_between},
    {"count", 1, 1, run_count},
    {"has", 1, 1, run_has},
    {"lower", 1, 1, run_lower},
    {"like", 2, 20, run_like},
    {"capital", 1, 1, run_capital},
    {"map", 3, 48, run_map},
    {"part", 3, 3, run_part},
    {"total", 1, 2, run_total},
    {"holding", 2, 2, run_holding},
    {"upper", 1, 1, run_upper},
    {"span", 3, 3, run_span},
    {"setting_of", 3, 3, run_setting},
    {"mentions", 2, 2, run_mentions},
    {NULL, 0, 0, NULL},
};

const struct expr_function *expr_function_find(const char *name, size_t length)
{
    const struct expr_function *const tables[] = {plain, expr_lookups};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct expr_function *f = tables[t]; f->name; f++)
            if (!strncmp(f->name, name, length) && !f->name[length])
                return f;
    return NULL;
}
