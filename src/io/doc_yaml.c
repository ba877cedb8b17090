#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/map.h"
#include "base/vec.h"
#include "io/doc.h"

enum {
    DEPTH_LIMIT = 200,
    ALIAS_NODES_LIMIT = 1000 * 1000, /* what all aliases of a document may stand for */
};

struct anchor {
    const char *name;
    struct node *node; /* NULL while it is being read */
    size_t nodes;      /* itself and all below it */
};

struct reader {
    yaml_parser_t yaml;
    yaml_event_t event; /* the current one */
    bool has_event;
    struct arena *arena;
    const char *name;
    VEC(struct anchor) anchors;
    size_t nodes, alias_nodes;
    int depth;
    struct err *err;
};

static bool read_value(struct node **out, struct reader *r);

static bool fail_at(struct reader *r, yaml_mark_t mark, const char *what)
{
    return err_at(r->err, r->name, mark.line + 1, mark.column + 1, "%s", what);
}

static bool next(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->yaml, &r->event);
    if (r->has_event)
        return true;
    const char *problem = r->yaml.problem ? r->yaml.problem : "unreadable";
    const yaml_mark_t *mark = &r->yaml.problem_mark;
    if (r->yaml.error == YAML_READER_ERROR)
        return err_set(r->err, "%s: byte %zu: not valid YAML: %s", r->name,
                       r->yaml.problem_offset, problem);
    return err_at(r->err, r->name, mark->line + 1, mark->column + 1, "not valid YAML: %s%s%s",
                  problem, r->yaml.context ? ", " : "",
                  r->yaml.context ? r->yaml.context : "");
}

static struct node *new_at(struct reader *r, enum node_kind kind, yaml_mark_t mark)
{
    struct node *n = node_new(r->arena, kind);
    n->line = (unsigned)mark.line + 1;
    n->column = (unsigned)mark.column + 1;
    r->nodes++;
    return n;
}

static bool one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strcmp(text, *words))
            return true;
    return false;
}

/*
 * Decimal as in the YAML 1.2 core schema, but for a leading zero before other
 * digits: such a text is an account or a code, not a quantity.
 */
static bool is_number(const char *t)
{
    const char *p = t + (*t == '-' || *t == '+');
    size_t whole = strspn(p, "0123456789");
    if (whole > 1 && *p == '0')
        return false;
    p += whole;
    size_t fraction = 0;
    if (*p == '.')
        fraction = strspn(++p, "0123456789"), p += fraction;
    if (!whole && !fraction)
        return false;
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '-' || p[1] == '+');
        size_t exponent = strspn(p, "0123456789");
        if (!exponent)
            return false;
        p += exponent;
    }
    return !*p;
}

/* The text as it is when JSON would take it, else in JSON's form: "+.5" is 0.5. */
static void set_number(struct arena *arena, struct node *n)
{
    const char *t = n->text, *digits = t + (*t == '-'), *dot = strchr(t, '.');
    n->kind = NODE_NUMBER;
    n->number = strtod(t, NULL);
    if (*t == '+' || *digits == '.' || (dot && !strchr("0123456789", dot[1])) ||
        (dot && !dot[1])) {
        n->text = arena_printf(arena, "%.15g", n->number);
        n->length = strlen(n->text);
    }
}

static bool is_hex(const char *t)
{
    return t[0] == '0' && t[1] == 'x' && t[2] && strlen(t) <= 2 + 13 &&
           strspn(t + 2, "0123456789abcdefABCDEF") == strlen(t + 2);
}

static bool type_plain(struct reader *r, struct node *n, yaml_mark_t mark)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const truths[] = {"true", "True", "TRUE", NULL};
    static const char *const lies[] = {"false", "False", "FALSE", NULL};
    static const char *const not_finite[] = {".nan",  ".NaN",  ".NAN",  ".inf",  ".Inf",
                                             ".INF",  "-.inf", "-.Inf", "-.INF", "+.inf",
                                             "+.Inf", "+.INF", NULL};
    if (strlen(n->text) != n->length)
        return true;
    if (one_of(n->text, nulls)) {
        n->kind = NODE_NULL;
    } else if (one_of(n->text, truths) || one_of(n->text, lies)) {
        n->kind = NODE_BOOL;
        n->truth = one_of(n->text, truths);
    } else if (is_hex(n->text)) {
        n->kind = NODE_NUMBER;
        n->number = (double)strtoull(n->text, NULL, 16);
        n->text = arena_printf(r->arena, "%llu", strtoull(n->text, NULL, 16));
        n->length = strlen(n->text);
    } else if (is_number(n->text)) {
        set_number(r->arena, n);
    }
    if (one_of(n->text, not_finite) || (n->kind == NODE_NUMBER && !isfinite(n->number)))
        return fail_at(r, mark, "a number must be finite; quote it if it is a text");
    return true;
}

static bool read_scalar(struct node **out, struct reader *r)
{
    yaml_mark_t mark = r->event.start_mark;
    struct node *n = new_at(r, NODE_STRING, mark);
    n->length = r->event.data.scalar.length;
    n->text = arena_strndup(r->arena, (const char *)r->event.data.scalar.value, n->length);
    *out = n;
    return r->event.data.scalar.plain_implicit ? type_plain(r, n, mark) : true;
}

static bool read_list(struct node **out, struct reader *r)
{
    struct node *list = new_at(r, NODE_LIST, r->event.start_mark);
    while (next(r)) {
        if (r->event.type == YAML_SEQUENCE_END_EVENT) {
            *out = list;
            return true;
        }
        struct node *item = NULL;
        if (!read_value(&item, r))
            return false;
        node_add(r->arena, list, NULL, item);
    }
    return false;
}

/* A node has one key, so a value used twice is a second node over the same items. */
static struct node *shared(struct arena *arena, const struct node *from)
{
    struct node *n = ARENA_NEW(arena, struct node);
    *n = *from;
    return n;
}

/* The keys of a "<<" value that the map does not have itself. */
static bool merge(struct reader *r, struct node *into, const struct node *from)
{
    if (from->kind == NODE_LIST) {
        for (size_t i = 0; i < from->count; i++)
            if (from->items[i]->kind != NODE_MAP || !merge(r, into, from->items[i]))
                return err_at(r->err, r->name, from->items[i]->line, from->items[i]->column,
                              "'<<' takes a map or a list of maps");
        return true;
    }
    if (from->kind != NODE_MAP)
        return err_at(r->err, r->name, from->line, from->column,
                      "'<<' takes a map or a list of maps");
    for (size_t i = 0; i < from->count; i++)
        if (!node_get(into, from->items[i]->key))
            node_add(r->arena, into, from->items[i]->key, shared(r->arena, from->items[i]));
    return true;
}

static bool read_key(const char **out, struct reader *r, struct map *seen)
{
    yaml_mark_t mark = r->event.start_mark;
    if (r->event.type != YAML_SCALAR_EVENT)
        return fail_at(r, mark, "a key must be a plain text");
    size_t length = r->event.data.scalar.length;
    const char *key = arena_strndup(r->arena, (char *)r->event.data.scalar.value, length);
    if (strlen(key) != length)
        return fail_at(r, mark, "a key holds a NUL byte");
    size_t first_line;
    if (map_get(seen, key, length, &first_line))
        return err_at(r->err, r->name, mark.line + 1, mark.column + 1,
                      "the key '%.100s' is here twice, first on line %zu", key, first_line);
    map_put(seen, key, length, mark.line + 1);
    *out = key;
    return true;
}

static void place_key(struct node *item, yaml_mark_t mark)
{
    item->key_line = (unsigned)mark.line + 1;
    item->key_column = (unsigned)mark.column + 1;
}

static bool read_items(struct reader *r, struct node *into, struct node **merged,
                       struct map *seen)
{
    while (next(r)) {
        if (r->event.type == YAML_MAPPING_END_EVENT)
            return true;
        const char *key = NULL;
        struct node *value = NULL;
        yaml_mark_t mark = r->event.start_mark;
        bool quoted =
            r->event.type == YAML_SCALAR_EVENT && !r->event.data.scalar.plain_implicit;
        if (!read_key(&key, r, seen) || !next(r) || !read_value(&value, r))
            return false;
        if (!quoted && !strcmp(key, "<<"))
            *merged = value;
        else
            place_key(node_add(r->arena, into, key, value), mark);
    }
    return false;
}

static bool read_map(struct node **out, struct reader *r)
{
    struct node *n = new_at(r, NODE_MAP, r->event.start_mark), *merged = NULL;
    struct map seen = MAP_INIT;
    bool ok = read_items(r, n, &merged, &seen) && (!merged || merge(r, n, merged));
    map_release(&seen);
    *out = n;
    return ok;
}

static struct anchor *anchor_named(struct reader *r, const char *name)
{
    for (size_t i = r->anchors.count; i-- > 0;)
        if (!strcmp(r->anchors.at[i].name, name))
            return &r->anchors.at[i];
    return NULL;
}

static bool read_alias(struct node **out, struct reader *r)
{
    yaml_mark_t mark = r->event.start_mark;
    const char *name = (const char *)r->event.data.alias.anchor;
    const struct anchor *a = anchor_named(r, name);
    if (!a || !a->node)
        return err_at(r->err, r->name, mark.line + 1, mark.column + 1,
                      a ? "'*%.100s' stands inside what it refers to"
                        : "'*%.100s' refers to an anchor that is not defined before it",
                      name);
    r->alias_nodes += a->nodes;
    r->nodes += a->nodes;
    if (r->alias_nodes > ALIAS_NODES_LIMIT)
        return fail_at(r, mark, "aliases stand for too many values");
    *out = shared(r->arena, a->node);
    return true;
}

/* CloudFormation's short forms: !Sub x is {"Fn::Sub": x}, !Ref x is {"Ref": x}. */
static struct node *untagged(struct reader *r, const char *tag, struct node *value)
{
    static const char *const functions[] = {
        "And",   "Base64",      "Cidr",         "Equals",    "FindInMap", "GetAtt", "GetAZs",
        "If",    "ImportValue", "Join",         "Length",    "Not",       "Or",     "Select",
        "Split", "Sub",         "ToJsonString", "Transform", NULL};
    static const char *const bare[] = {"Ref", "Condition", NULL};
    const char *key = tag + 1;
    if (one_of(key, functions))
        key = arena_printf(r->arena, "Fn::%s", key);
    else if (!one_of(key, bare))
        return value;
    struct node *call = node_new(r->arena, NODE_MAP);
    call->line = value->line;
    call->column = value->column;
    const char *dot = value->kind == NODE_STRING ? strchr(value->text, '.') : NULL;
    if (!strcmp(key, "Fn::GetAtt") && dot) {
        struct node *pair = node_new(r->arena, NODE_LIST);
        char *name = arena_strndup(r->arena, value->text, (size_t)(dot - value->text));
        node_add(r->arena, pair, NULL, node_string(r->arena, name));
        node_add(r->arena, pair, NULL, node_string(r->arena, dot + 1));
        value = pair;
    }
    node_add(r->arena, call, key, value);
    return call;
}

static bool read_content(struct node **out, struct reader *r)
{
    switch (r->event.type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(out, r);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(out, r);
    case YAML_MAPPING_START_EVENT:
        return read_map(out, r);
    case YAML_ALIAS_EVENT:
        return read_alias(out, r);
    default:
        return fail_at(r, r->event.start_mark, "a value is missing here");
    }
}

static const char *copied(struct reader *r, const yaml_char_t *text)
{
    return text ? arena_strdup(r->arena, (const char *)text) : NULL;
}

static bool read_value(struct node **out, struct reader *r)
{
    const char *anchor = NULL, *tag = NULL;
    const yaml_event_t *e = &r->event;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = copied(r, e->data.scalar.anchor);
        tag = copied(r, e->data.scalar.tag);
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = copied(r, e->data.sequence_start.anchor);
        tag = copied(r, e->data.sequence_start.tag);
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = copied(r, e->data.mapping_start.anchor);
        tag = copied(r, e->data.mapping_start.tag);
    }
    if (r->depth >= DEPTH_LIMIT)
        return fail_at(r, e->start_mark, "nested too deeply");
    size_t index = r->anchors.count, before = r->nodes;
    if (anchor)
        VEC_ADD(&r->anchors, ((struct anchor){.name = anchor}));
    r->depth++;
    bool ok = read_content(out, r);
    r->depth--;
    if (ok && tag && tag[0] == '!')
        *out = untagged(r, tag, *out);
    if (ok && anchor) {
        r->anchors.at[index].node = *out;
        r->anchors.at[index].nodes = r->nodes - before;
    }
    return ok;
}

/* A stream of one document; an empty one is null. */
static bool read_document(struct node **out, struct reader *r)
{
    if (!next(r) || !next(r)) /* stream start, document start */
        return false;
    if (r->event.type == YAML_STREAM_END_EVENT) {
        *out = new_at(r, NODE_NULL, r->event.start_mark);
        return true;
    }
    if (!next(r) || !read_value(out, r) || !next(r) || !next(r))
        return false;
    return r->event.type == YAML_STREAM_END_EVENT ||
           fail_at(r, r->event.start_mark, "a second document in one file is not read");
}

bool doc_parse_yaml(const struct node **out, struct arena *arena, const char *name,
                    const char *text, size_t length, struct err *err)
{
    struct reader r = {.arena = arena, .name = name, .err = err};
    if (!yaml_parser_initialize(&r.yaml))
        return err_set(err, "%s: the YAML reader cannot start", name);
    yaml_parser_set_input_string(&r.yaml, (const unsigned char *)text, length);
    struct node *root = NULL;
    bool ok = read_document(&root, &r);
    if (r.has_event)
        yaml_event_delete(&r.event);
    yaml_parser_delete(&r.yaml);
    VEC_FREE(&r.anchors);
    *out = root;
    return ok;
}
