#include "cost_expr.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64, ARGS_MAX = 48 };

struct reader {
    struct scope *scope;
    const char *at, *end;
    int depth;
    struct err *err;
    bool failed;
};

static struct value expression(struct reader *r);

static struct value fail(struct reader *r, const char *what)
{
    if (!r->failed)
        err_set(r->err, "component table: %s at '%.*s'", what, (int)(r->end - r->at), r->at);
    r->failed = true;
    r->at = r->end;
    return value_absent();
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && isspace((unsigned char)*r->at))
        r->at++;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/*
 * A sign ("==") or a word ("and"); a word must end where it ends. Of the dozen that may
 * follow a value most begin with another letter, which is soon seen.
 */
static inline bool take(struct reader *r, const char *token)
{
    if (r->at < r->end && (unsigned char)*r->at <= ' ')
        skip_space(r);
    if (r->at >= r->end || *r->at != *token)
        return false;
    size_t n = strlen(token);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, token, n))
        return false;
    if (is_name_char(*token) && r->at + n < r->end && is_name_char(r->at[n]))
        return false;
    r->at += n;
    return true;
}

static struct value tainted(struct value v, struct value a, struct value b)
{
    v.from_usage = a.from_usage || b.from_usage;
    return v;
}

/* Absent wins over unknown: a component without its quantity has none at all. */
static bool has_operands(struct value *out, struct value a, struct value b, struct range *x,
                         struct range *y)
{
    bool numbers = value_as_number(x, a);
    numbers = value_as_number(y, b) && numbers;
    if (numbers)
        return true;
    struct value missing = a.kind == VALUE_ABSENT    ? a
                           : b.kind == VALUE_ABSENT  ? b
                           : a.kind == VALUE_UNKNOWN ? a
                           : b.kind == VALUE_UNKNOWN ? b
                                                     : value_absent();
    *out = tainted(missing, a, b);
    return false;
}

static struct value arithmetic(char op, struct value a, struct value b)
{
    struct range x, y;
    struct value out;
    if (!has_operands(&out, a, b, &x, &y))
        return out;
    out = value_number(0);
    switch (op) {
    case '+':
        out.number = (struct range){x.low + y.low, x.expected + y.expected, x.high + y.high};
        break;
    case '-':
        out.number = (struct range){x.low - y.high, x.expected - y.expected, x.high - y.low};
        break;
    case '*':
        out.number = (struct range){x.low * y.low, x.expected * y.expected, x.high * y.high};
        break;
    default:
        if (y.low <= 0 && y.high >= 0 && y.expected >= 0 && y.expected <= 0)
            return value_absent();
        out.number = (struct range){x.low / y.high, x.expected / y.expected, x.high / y.low};
    }
    return tainted(out, a, b);
}

static struct value truth_value(int truth)
{
    struct value v = value_number(truth);
    if (truth < 0)
        v.kind = VALUE_UNKNOWN;
    return v;
}

static int order_of(struct scope *scope, struct value a, struct value b, bool *comparable)
{
    struct range x, y;
    *comparable = true;
    if (value_as_number(&x, a) && value_as_number(&y, b))
        return x.expected < y.expected ? -1 : x.expected > y.expected;
    const char *s = value_as_text(scope->arena, a), *t = value_as_text(scope->arena, b);
    if (s && t)
        return strcmp(s, t);
    *comparable = false;
    return 1;
}

static struct value compare(struct reader *r, int op, struct value a, struct value b)
{
    bool comparable;
    int order = order_of(r->scope, a, b, &comparable);
    if (a.kind == VALUE_UNKNOWN || b.kind == VALUE_UNKNOWN)
        return tainted(truth_value(-1), a, b);
    bool results[] = {order == 0,
                      order != 0,
                      comparable && order <= 0,
                      comparable && order >= 0,
                      comparable && order < 0,
                      comparable && order > 0};
    return tainted(truth_value(results[op]), a, b);
}

static struct value literal_number(struct reader *r)
{
    char text[40];
    size_t n = 0;
    while (r->at < r->end && n + 1 < sizeof text &&
           (isalnum((unsigned char)*r->at) || *r->at == '.' ||
            (n && (*r->at == '-' || *r->at == '+') && text[n - 1] == 'e')))
        text[n++] = *r->at++;
    text[n] = '\0';
    char *end;
    double number = strtod(text, &end);
    return *end ? fail(r, "not a number") : value_number(number);
}

static struct value literal_text(struct reader *r)
{
    const char *from = ++r->at;
    const char *close = memchr(from, '\'', (size_t)(r->end - from));
    if (!close)
        return fail(r, "a text that does not end");
    r->at = close + 1;
    return value_text(arena_strndup(r->scope->arena, from, (size_t)(close - from)));
}

static size_t name_length(const struct reader *r)
{
    size_t n = 0;
    while (r->at + n < r->end && is_name_char(r->at[n]))
        n++;
    return n;
}

static struct value call(struct reader *r, const char *name, size_t length)
{
    const struct expr_function *function = expr_function_find(name, length);
    struct value args[ARGS_MAX];
    int count = 0;
    if (!function)
        return fail(r, "no such function");
    while (!take(r, ")")) {
        if (r->failed || count == ARGS_MAX || (count && !take(r, ",")))
            return fail(r, "bad arguments");
        args[count++] = expression(r);
    }
    if (count < function->least || count > function->most)
        return fail(r, "wrong number of arguments");
    struct value v = function->run(r->scope, args, count);
    for (int i = 0; i < count; i++)
        v.from_usage = v.from_usage || args[i].from_usage;
    return v;
}

static const struct binding *bound(const struct reader *r, const char *name, size_t length)
{
    const struct binding *b = r->scope->bindings;
    while (b && (*b->name != *name || strncmp(b->name, name, length) || b->name[length]))
        b = b->next;
    return b;
}

/* ".a.0.b" behind a name: the path into a node or another resource's attributes. */
static struct value follow(struct reader *r, struct value v)
{
    if (r->at >= r->end || *r->at != '.')
        return v;
    const char *from = r->at + 1;
    while (r->at < r->end && (*r->at == '.' || is_name_char(*r->at)))
        r->at++;
    char *path = arena_strndup(r->scope->arena, from, (size_t)(r->at - from));
    bool usage = v.from_usage;
    v = value_attribute(r->scope, v, path);
    v.from_usage = v.from_usage || usage;
    return v;
}

static struct value plain_name(struct reader *r, const char *name, size_t length)
{
    struct scope *scope = r->scope;
    struct value self = {.kind = VALUE_RESOURCE, .resource = scope->resource};
    if (length == 5 && !memcmp(name, "usage", 5)) {
        struct value usage = value_of_node(scope->usage);
        usage.from_usage = true;
        return follow(r, usage);
    }
    if (length == 4 && !memcmp(name, "self", 4))
        return follow(r, self);
    const struct binding *b = bound(r, name, length);
    if (b)
        return follow(r, b->value);
    return follow(r, value_attribute(scope, self, arena_strndup(scope->arena, name, length)));
}

static struct value primary(struct reader *r)
{
    skip_space(r);
    if (r->at >= r->end)
        return fail(r, "an expression is missing");
    if (isdigit((unsigned char)*r->at))
        return literal_number(r);
    if (*r->at == '\'')
        return literal_text(r);
    if (take(r, "(")) {
        struct value v = expression(r);
        return take(r, ")") ? v : fail(r, "')' is missing");
    }
    size_t n = name_length(r);
    if (!n)
        return fail(r, "not an expression");
    const char *name = r->at;
    r->at += n;
    if (r->at < r->end && *r->at == '(') {
        r->at++;
        return follow(r, call(r, name, n));
    }
    return plain_name(r, name, n);
}

/* "a ?? b": b where a is not set. What is set but not known yet stays unknown. */
static struct value coalesce(struct reader *r)
{
    struct value v = primary(r);
    while (take(r, "??")) {
        struct value other = primary(r);
        if (v.kind == VALUE_ABSENT)
            v = other;
    }
    return v;
}

static struct value unary(struct reader *r)
{
    if (take(r, "not")) {
        int truth = value_truth(unary(r));
        return truth_value(truth < 0 ? -1 : !truth);
    }
    if (take(r, "-"))
        return arithmetic('-', value_number(0), unary(r));
    return coalesce(r);
}

static struct value product(struct reader *r)
{
    struct value v = unary(r);
    for (;;) {
        if (take(r, "*"))
            v = arithmetic('*', v, unary(r));
        else if (take(r, "/"))
            v = arithmetic('/', v, unary(r));
        else
            return v;
    }
}

static struct value sum(struct reader *r)
{
    struct value v = product(r);
    for (;;) {
        if (take(r, "+"))
            v = arithmetic('+', v, product(r));
        else if (take(r, "-"))
            v = arithmetic('-', v, product(r));
        else
            return v;
    }
}

static struct value comparison(struct reader *r)
{
    static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
    struct value v = sum(r);
    for (int i = 0; i < 6; i++)
        if (take(r, signs[i]))
            return compare(r, i, v, sum(r));
    return v;
}

static struct value conjunction(struct reader *r)
{
    struct value v = comparison(r);
    while (take(r, "and")) {
        struct value w = comparison(r);
        int a = value_truth(v), b = value_truth(w);
        v = tainted(truth_value(a == 0 || b == 0 ? 0 : a < 0 || b < 0 ? -1 : 1), v, w);
    }
    return v;
}

static struct value disjunction(struct reader *r)
{
    struct value v = conjunction(r);
    while (take(r, "or")) {
        struct value w = conjunction(r);
        int a = value_truth(v), b = value_truth(w);
        v = tainted(truth_value(a == 1 || b == 1 ? 1 : a < 0 || b < 0 ? -1 : 0), v, w);
    }
    return v;
}

/* A choice that is not known yet between two numbers is the range over both. */
static struct value either(struct value a, struct value b)
{
    struct range x, y;
    if (!value_as_number(&x, a) || !value_as_number(&y, b))
        return truth_value(-1);
    struct value v = value_number(x.expected);
    v.number.low = fmin(x.low, y.low);
    v.number.high = fmax(x.high, y.high);
    return v;
}

static struct value expression(struct reader *r)
{
    if (++r->depth > DEPTH_MAX)
        return fail(r, "too deep");
    struct value v = disjunction(r);
    if (take(r, "?")) {
        struct value yes = expression(r);
        if (!take(r, ":"))
            return fail(r, "':' is missing");
        struct value no = expression(r);
        int truth = value_truth(v);
        v = tainted(truth < 0 ? either(yes, no) : truth ? yes : no, v, truth ? yes : no);
    }
    r->depth--;
    return v;
}

bool expr_eval(struct value *out, struct scope *scope, const char *text, size_t length,
               struct err *err)
{
    struct reader r = {scope, text, text + length, 0, err, false};
    *out = expression(&r);
    skip_space(&r);
    if (!r.failed && r.at != r.end)
        fail(&r, "too much");
    return !r.failed;
}

static bool fill_one(struct buf *into, const char **missing, struct scope *scope,
                     const char *text, size_t length, struct err *err)
{
    struct value v;
    if (!expr_eval(&v, scope, text, length, err))
        return false;
    const char *filled = value_as_text(scope->arena, v);
    if (filled)
        buf_add(into, filled);
    else
        buf_add_char(into, '?');
    if (!filled && !*missing)
        *missing =
            arena_printf(scope->arena, "%s is %s", v.what ? v.what : "an attribute",
                         v.kind == VALUE_UNKNOWN ? "known only after apply" : "not set");
    return true;
}

bool expr_fill(const char **out, const char **missing, struct scope *scope, const char *text,
               size_t length, struct err *err)
{
    struct buf filled = BUF_INIT;
    const char *end = text + length;
    bool ok = true;
    *missing = NULL;
    while (ok && text < end) {
        const char *open = memchr(text, '{', (size_t)(end - text));
        const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
        if (!close) {
            buf_add_n(&filled, text, (size_t)(end - text));
            break;
        }
        buf_add_n(&filled, text, (size_t)(open - text));
        ok = fill_one(&filled, missing, scope, open + 1, (size_t)(close - open - 1), err);
        text = close + 1;
    }
    *out = arena_strdup(scope->arena, buf_text(&filled));
    buf_release(&filled);
    return ok;
}
