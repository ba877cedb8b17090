#include <string.h>

#include "base/buf.h"
#include "cfn.h"

enum { DEPTH_MAX = 64 };

static const struct node *unknown(struct cfn_template *t, const char *reference)
{
    struct node *n = node_new(t->arena, NODE_UNKNOWN);
    n->text = reference ? arena_strdup(t->arena, reference) : "";
    n->length = strlen(n->text);
    return n;
}

static bool is_unknown(const struct node *n)
{
    return node_is(n, NODE_UNKNOWN);
}

/* Values that the deployment looks up by itself do not stand in the default. */
static bool is_looked_up(const struct node *parameter)
{
    return !strncmp(node_text(node_get(parameter, "Type"), ""), "AWS::SSM::Parameter", 19);
}

static const struct node *list_of(struct cfn_template *t, const char *text)
{
    struct node *list = node_new(t->arena, NODE_LIST);
    for (const char *at = text; *at;) {
        size_t n = strcspn(at, ",");
        node_add(t->arena, list, NULL, node_string(t->arena, arena_strndup(t->arena, at, n)));
        at += n + (at[n] == ',');
        at += strspn(at, " ");
    }
    return list;
}

static const struct node *parameter_value(struct cfn_template *t, const struct node *parameter)
{
    const struct node *value = node_get(parameter, "Default");
    const char *type = node_text(node_get(parameter, "Type"), "String");
    bool list = strstr(type, "List") != NULL;
    if (node_absent(value) || is_looked_up(parameter))
        return unknown(t, NULL);
    return list && node_is(value, NODE_STRING) ? list_of(t, value->text) : value;
}

const char *cfn_key(struct cfn_template *t, const char *logical_id)
{
    return t->prefix ? arena_printf(t->arena, "%s%s", t->prefix, logical_id) : logical_id;
}

static const struct node *ref(struct cfn_template *t, const char *name)
{
    const struct node *parameter = node_get(t->parameters, name);
    if (parameter && node_get(t->given, name))
        return node_get(t->given, name);
    if (!strcmp(name, "AWS::NoValue"))
        return node_new(t->arena, NODE_NULL);
    if (!strcmp(name, "AWS::Region") && t->region)
        return node_string(t->arena, t->region);
    if (!strcmp(name, "AWS::Partition"))
        return node_string(t->arena, "aws");
    if (node_get(t->locals, name))
        return node_get(t->locals, name);
    if (parameter)
        return parameter_value(t, parameter);
    return unknown(t, node_get(t->resources, name) ? cfn_key(t, name) : NULL);
}

static const struct node *get_att(struct cfn_template *t, const struct node *arg)
{
    const struct node *first = node_is(arg, NODE_LIST) && arg->count ? arg->items[0] : arg;
    const char *name = node_text(first, "");
    return unknown(t, cfn_key(t, arena_strndup(t->arena, name, strcspn(name, "."))));
}

static const struct node *find_in_map(struct cfn_template *t, const struct node *arg)
{
    const struct node *at = t->mappings;
    if (!node_is(arg, NODE_LIST) || arg->count < 3)
        return unknown(t, NULL);
    for (size_t i = 0; i < 3; i++) {
        const char *key = node_text(cfn_resolve(t, arg->items[i]), NULL);
        at = key ? node_get(at, key) : NULL;
    }
    return at ? at : unknown(t, NULL);
}

/* Two numbers, one of which it will be: the range, the first of them expected. */
static const struct node *either(struct cfn_template *t, const struct node *a,
                                 const struct node *b)
{
    double x = node_number(a, -1), y = node_number(b, -1);
    if (x < 0 || y < 0)
        return node_equal(a, b) ? a : unknown(t, NULL);
    struct node *range = node_new(t->arena, NODE_MAP);
    node_add(t->arena, range, "min", node_number_new(t->arena, x < y ? x : y));
    node_add(t->arena, range, "typ", node_number_new(t->arena, x));
    node_add(t->arena, range, "max", node_number_new(t->arena, x < y ? y : x));
    return range;
}

static const struct node *choose(struct cfn_template *t, const struct node *arg)
{
    if (!node_is(arg, NODE_LIST) || arg->count < 3)
        return unknown(t, NULL);
    int truth = cfn_condition(t, node_text(arg->items[0], ""));
    if (truth >= 0)
        return cfn_resolve(t, arg->items[truth ? 1 : 2]);
    return either(t, cfn_resolve(t, arg->items[1]), cfn_resolve(t, arg->items[2]));
}

static const struct node *join(struct cfn_template *t, const struct node *arg)
{
    const struct node *parts =
        node_is(arg, NODE_LIST) && arg->count > 1 ? cfn_resolve(t, arg->items[1]) : NULL;
    struct buf text = BUF_INIT;
    const struct node *result = NULL;
    for (size_t i = 0; node_is(parts, NODE_LIST) && i < parts->count && !result; i++) {
        const char *part = node_text(parts->items[i], NULL);
        if (!part)
            result = unknown(t, is_unknown(parts->items[i]) ? parts->items[i]->text : NULL);
        else
            buf_printf(&text, "%s%s", i ? node_text(arg->items[0], "") : "", part);
    }
    if (!result)
        result = node_is(parts, NODE_LIST) ? node_string(t->arena, buf_text(&text))
                                           : unknown(t, NULL);
    buf_release(&text);
    return result;
}

static const struct node *selected(struct cfn_template *t, const struct node *arg)
{
    if (!node_is(arg, NODE_LIST) || arg->count < 2)
        return unknown(t, NULL);
    double index = node_number(cfn_resolve(t, arg->items[0]), -1);
    const struct node *list = cfn_resolve(t, arg->items[1]);
    if (!node_is(list, NODE_LIST) || index < 0 || index >= (double)list->count)
        return unknown(t, NULL);
    return list->items[(size_t)index];
}

/* "${Name}" and "${Name.Attr}"; "${!x}" is the text "${x}". The second argument has local names. */
static const struct node *sub(struct cfn_template *t, const struct node *arg)
{
    const struct node *own = node_is(arg, NODE_LIST) && arg->count > 1 ? arg->items[1] : NULL;
    const char *at =
        node_text(node_is(arg, NODE_LIST) && arg->count ? arg->items[0] : arg, "");
    struct buf text = BUF_INIT;
    const struct node *result = NULL;
    while (*at && !result) {
        const char *open = strstr(at, "${"), *close = open ? strchr(open, '}') : NULL;
        if (!close) {
            buf_add(&text, at);
            break;
        }
        buf_add_n(&text, at, (size_t)(open - at));
        at = close + 1;
        if (open[2] == '!') {
            buf_printf(&text, "${%.*s", (int)(at - open - 3), open + 3);
            continue;
        }
        char *name = arena_strndup(t->arena, open + 2, (size_t)(close - open - 2));
        const struct node *local = node_get(own, name);
        char *dot = strchr(name, '.');
        if (dot && !local)
            *dot = '\0';
        const struct node *value = local ? cfn_resolve(t, local) : ref(t, name);
        if (node_text(value, NULL))
            buf_add(&text, value->text);
        else
            result = unknown(t, is_unknown(value) ? value->text : NULL);
    }
    if (!result)
        result = node_string(t->arena, buf_text(&text));
    buf_release(&text);
    return result;
}

const char *cfn_filled(struct cfn_template *t, const char *text)
{
    return node_text(sub(t, node_string(t->arena, text)), text);
}

static const struct node *split(struct cfn_template *t, const struct node *arg)
{
    bool whole = node_is(arg, NODE_LIST) && arg->count == 2;
    const char *separator = whole ? node_text(arg->items[0], NULL) : NULL;
    const char *text = whole ? node_text(cfn_resolve(t, arg->items[1]), NULL) : NULL;
    if (!separator || !*separator || !text)
        return unknown(t, NULL);
    struct node *list = node_new(t->arena, NODE_LIST);
    for (;;) {
        const char *next = strstr(text, separator);
        size_t n = next ? (size_t)(next - text) : strlen(text);
        node_add(t->arena, list, NULL,
                 node_string(t->arena, arena_strndup(t->arena, text, n)));
        if (!next)
            return list;
        text = next + strlen(separator);
    }
}

static const struct node *length_of(struct cfn_template *t, const struct node *arg)
{
    const struct node *list = cfn_resolve(t, arg);
    return node_is(list, NODE_LIST) ? node_number_new(t->arena, (double)list->count)
                                    : unknown(t, NULL);
}

static const struct node *ref_node(struct cfn_template *t, const struct node *arg)
{
    return ref(t, node_text(arg, ""));
}

static const struct node *not_known(struct cfn_template *t, const struct node *arg)
{
    (void)arg;
    return unknown(t, NULL);
}

static const struct node *call(struct cfn_template *t, const struct node *function,
                               bool *known)
{
    static const struct {
        const char *name;
        const struct node *(*run)(struct cfn_template *, const struct node *);
    } functions[] = {
        {"Ref", ref_node},
        {"Fn::GetAtt", get_att},
        {"Fn::FindInMap", find_in_map},
        {"Fn::If", choose},
        {"Fn::Join", join},
        {"Fn::Select", selected},
        {"Fn::Sub", sub},
        {"Fn::ImportValue", not_known},
        {"Fn::Base64", not_known},
        {"Fn::Cidr", not_known},
        {"Fn::GetAZs", not_known},
        {"Fn::Split", split},
        {"Fn::Transform", not_known},
        {"Fn::ToJsonString", not_known},
        {"Fn::Length", length_of},
        {"Condition", not_known},
    };
    *known = true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!strcmp(functions[i].name, function->key))
            return functions[i].run(t, function);
    *known = false;
    return NULL;
}

static const struct node *resolve_items(struct cfn_template *t, const struct node *value)
{
    struct node *out = node_new(t->arena, value->kind);
    out->line = value->line;
    out->column = value->column;
    for (size_t i = 0; i < value->count; i++) {
        const struct node *item = cfn_resolve(t, value->items[i]);
        if (node_is(item, NODE_NULL))
            continue;
        struct node *copy = ARENA_NEW(t->arena, struct node);
        *copy = *item;
        node_add(t->arena, out, value->items[i]->key, copy);
    }
    return out;
}

const struct node *cfn_resolve(struct cfn_template *t, const struct node *value)
{
    const struct node *result = value;
    bool known = false;
    if (!value || t->depth > DEPTH_MAX)
        return t->depth > DEPTH_MAX ? unknown(t, NULL) : value;
    t->depth++;
    if (value->kind == NODE_MAP && value->count == 1)
        result = call(t, value->items[0], &known);
    if (!known)
        result = value->kind == NODE_MAP || value->kind == NODE_LIST ? resolve_items(t, value)
                                                                     : value;
    t->depth--;
    return result;
}

static int truth_of(struct cfn_template *t, const struct node *expression);

static int truth_equals(struct cfn_template *t, const struct node *arg)
{
    if (!node_is(arg, NODE_LIST) || arg->count != 2)
        return -1;
    const char *a = node_text(cfn_resolve(t, arg->items[0]), NULL);
    const char *b = node_text(cfn_resolve(t, arg->items[1]), NULL);
    return a && b ? !strcmp(a, b) : -1;
}

static int truth_many(struct cfn_template *t, const struct node *arg, int deciding)
{
    int result = !deciding;
    for (size_t i = 0; node_is(arg, NODE_LIST) && i < arg->count; i++) {
        int truth = truth_of(t, arg->items[i]);
        if (truth == deciding)
            return deciding;
        if (truth < 0)
            result = -1;
    }
    return result;
}

static int truth_of(struct cfn_template *t, const struct node *expression)
{
    if (!node_is(expression, NODE_MAP) || expression->count != 1 || t->depth > DEPTH_MAX)
        return -1;
    const struct node *arg = expression->items[0];
    int truth = -1;
    t->depth++;
    if (!strcmp(arg->key, "Fn::Equals"))
        truth = truth_equals(t, arg);
    else if (!strcmp(arg->key, "Fn::And"))
        truth = truth_many(t, arg, 0);
    else if (!strcmp(arg->key, "Fn::Or"))
        truth = truth_many(t, arg, 1);
    else if (!strcmp(arg->key, "Condition"))
        truth = cfn_condition(t, node_text(arg, ""));
    else if (!strcmp(arg->key, "Fn::Not") && node_is(arg, NODE_LIST) && arg->count == 1) {
        truth = truth_of(t, arg->items[0]);
        truth = truth < 0 ? -1 : !truth;
    }
    t->depth--;
    return truth;
}

int cfn_condition(struct cfn_template *t, const char *name)
{
    return truth_of(t, node_get(t->conditions, name));
}
