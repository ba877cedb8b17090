#include "cost_walk.h"

#include <string.h>

enum { WALK_DEPTH_MAX = 16, EACH_MAX = 10000, FIELDS_MAX = 8 };

static bool walk_lines(struct walk *w, struct table_text text);

static void bind(struct walk *w, const char *name, size_t length, struct value value)
{
    struct binding *b = ARENA_NEW(w->scope.arena, struct binding);
    b->name = arena_strndup(w->scope.arena, name, length);
    b->value = value;
    b->next = (struct binding *)w->scope.bindings;
    w->scope.bindings = b;
}

static bool starts(struct table_text t, const char *word)
{
    size_t n = strlen(word);
    return t.length >= n && !memcmp(t.text, word, n);
}

static struct table_text behind(struct table_text t, const char *word)
{
    size_t n = strlen(word);
    return (struct table_text){t.text + n, t.length - n};
}

static const char *find_in(struct table_text t, const char *what)
{
    return memmem(t.text, t.length, what, strlen(what));
}

/* The text before `mark`, which `t` then loses together with the mark. */
static struct table_text cut(struct table_text *t, const char *mark)
{
    const char *at = find_in(*t, mark);
    struct table_text head = *t;
    if (!at) {
        *t = (struct table_text){t->text + t->length, 0};
        return head;
    }
    head.length = (size_t)(at - t->text);
    size_t used = head.length + strlen(mark);
    *t = (struct table_text){t->text + used, t->length - used};
    return head;
}

/* "let name = expr" */
static bool line_let(struct walk *w, struct table_text line)
{
    struct value v;
    struct table_text name = cut(&line, " = ");
    if (!walk_eval(w, &v, line.text, line.length))
        return false;
    bind(w, name.text, name.length, v);
    return true;
}

static const char *group_below(struct walk *w, const char *group)
{
    if (!group || !*group)
        return w->group;
    return w->group ? arena_printf(w->scope.arena, "%s > %s", w->group, group) : group;
}

static bool filled_group(struct walk *w, const char **out, struct table_text text)
{
    const char *missing, *group;
    if (!expr_fill(&group, &missing, &w->scope, text.text, text.length, w->err))
        return false;
    *out = group_below(w, group);
    return true;
}

/* "include section [with a = expr; b = expr] [as group]" */
static bool line_include(struct walk *w, struct table_text line)
{
    const struct binding *bindings = w->scope.bindings;
    const char *group = w->group;
    struct table_text call = cut(&line, " as "), as = line;
    struct table_text name = cut(&call, " with ");
    while (call.length) {
        struct table_text one = cut(&call, "; ");
        if (!line_let(w, one))
            return false;
    }
    if (as.length && !filled_group(w, &w->group, as))
        return false;
    bool ok = walk_section(w, arena_strndup(w->scope.arena, name.text, name.length));
    w->scope.bindings = bindings;
    w->group = group;
    return ok;
}

/* "child expr times expr section name as group": another resource, as many times. */
static bool line_child(struct walk *w, struct table_text line)
{
    struct walk saved = *w;
    struct value child, times;
    struct range n;
    struct table_text which = cut(&line, " times "), count = cut(&line, " section "),
                      section = cut(&line, " as "), as = line;
    if (!walk_eval(w, &child, which.text, which.length) ||
        !walk_eval(w, &times, count.text, count.length))
        return false;
    if (child.kind != VALUE_RESOURCE)
        return true;
    if (as.length && !filled_group(w, &w->group, as))
        return false;
    if (!value_as_number(&n, times))
        n = (struct range){0, 0, 0};
    w->factor = (struct range){w->factor.low * n.low, w->factor.expected * n.expected,
                               w->factor.high * n.high};
    w->scope.resource = child.resource;
    bool ok = walk_section(w, arena_strndup(w->scope.arena, section.text, section.length));
    w->scope.resource = saved.scope.resource;
    w->scope.bindings = saved.scope.bindings;
    w->factor = saved.factor;
    w->group = saved.group;
    return ok;
}

/* The lines up to the "end" that closes a block, and those of its "else". */
static bool block(struct table_text *body, struct table_text *otherwise,
                  struct table_text *rest)
{
    struct table_text line, *part = body;
    int depth = 0;
    *body = (struct table_text){rest->text, 0};
    *otherwise = (struct table_text){rest->text, 0};
    while (components_line(&line, rest)) {
        if (starts(line, "each ") || starts(line, "if "))
            depth++;
        if (!depth && line.length == 4 && starts(line, "else")) {
            part->length = (size_t)(line.text - part->text);
            part = otherwise;
            part->text = line.text + 4;
        }
        if (line.length == 3 && starts(line, "end") && !depth--) {
            part->length = (size_t)(line.text - part->text);
            return true;
        }
    }
    return false;
}

/* "if expr ... else ... end"; what is not known yet takes both for possible: the first counts.
 */
static bool line_if(struct walk *w, struct table_text line, struct table_text *rest)
{
    struct table_text body, otherwise;
    struct value v;
    if (!block(&body, &otherwise, rest))
        return err_set(w->err, "component table: no end of 'if %.*s'", (int)line.length,
                       line.text);
    if (!walk_eval(w, &v, line.text, line.length))
        return false;
    return walk_lines(w, value_truth(v) ? body : otherwise);
}

static bool each_item(struct walk *w, struct table_text name, struct table_text as,
                      struct table_text body, struct value item, size_t index)
{
    const struct binding *bindings = w->scope.bindings;
    const char *group = w->group;
    bind(w, name.text, name.length, item);
    bind(w, "i", 1, value_number((double)index));
    bool ok = (!as.length || filled_group(w, &w->group, as)) && walk_lines(w, body);
    w->scope.bindings = bindings;
    w->group = group;
    return ok;
}

/* "each name in expr [as group] ... end" */
static bool line_each(struct walk *w, struct table_text line, struct table_text *rest)
{
    struct table_text name = cut(&line, " in "), list = cut(&line, " as "), as = line, body,
                      none;
    struct value v;
    if (!block(&body, &none, rest))
        return err_set(w->err, "component table: no end of 'each %.*s'", (int)name.length,
                       name.text);
    if (!walk_eval(w, &v, list.text, list.length))
        return false;
    if (v.kind == VALUE_ABSENT)
        return true;
    if (v.kind != VALUE_NODE || v.node->kind != NODE_LIST)
        return each_item(w, name, as, body, v, 0);
    for (size_t i = 0; i < v.node->count && i < EACH_MAX; i++)
        if (!each_item(w, name, as, body, value_of_node(v.node->items[i]), i))
            return false;
    return true;
}

/* "times expr" and what else a row may say of itself; *counts is false where an `if` fails. */
static bool row_option(struct walk *w, struct row *row, struct table_text option, bool *counts)
{
    const struct {
        const char *word;
        struct table_text *into;
    } words[] = {{"times ", &row->times},
                 {"per ", &row->per},
                 {"most ", &row->most},
                 {"region ", &row->region}};
    struct value v;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts(option, words[i].word)) {
            *words[i].into = behind(option, words[i].word);
            return true;
        }
    if (option.length == 5 && starts(option, "plain"))
        return row->plain = true;
    if (!starts(option, "if "))
        return err_set(w->err, "component table: unknown option '%.*s'", (int)option.length,
                       option.text);
    option = behind(option, "if ");
    if (!walk_eval(w, &v, option.text, option.length))
        return false;
    *counts = value_truth(v);
    return true;
}

/* "name | unit | quantity | price" and options: if, times, per, most, region, plain. */
static bool line_component(struct walk *w, struct table_text line)
{
    struct row row = {0};
    struct table_text *const fields[] = {&row.name, &row.unit, &row.quantity, &row.price};
    struct table_text all = line;
    bool counts = true;
    for (int i = 0; i < 4; i++)
        *fields[i] = cut(&line, " | ");
    while (line.length && counts)
        if (!row_option(w, &row, cut(&line, " | "), &counts))
            return false;
    if (!counts)
        return true;
    if (!row.price.length)
        return err_set(w->err, "component table: not a row: '%.*s'", (int)all.length,
                       all.text);
    return row_price(w, &row);
}

static bool line_word(struct walk *w, struct table_text line, bool *known)
{
    *known = true;
    if (starts(line, "let "))
        return line_let(w, behind(line, "let "));
    if (starts(line, "include "))
        return line_include(w, behind(line, "include "));
    if (starts(line, "child "))
        return line_child(w, behind(line, "child "));
    if (line.length == 6 && starts(line, "parent"))
        return w->parent = true;
    if (line.length == 4 && starts(line, "free"))
        return w->free = true;
    *known = false;
    return true;
}

static bool walk_lines(struct walk *w, struct table_text text)
{
    struct table_text line;
    while (components_line(&line, &text)) {
        bool known, ok;
        if (starts(line, "each "))
            ok = line_each(w, behind(line, "each "), &text);
        else if (starts(line, "if "))
            ok = line_if(w, behind(line, "if "), &text);
        else
            ok = line_word(w, line, &known) && (known || line_component(w, line));
        if (!ok)
            return false;
    }
    return true;
}

bool walk_section(struct walk *w, const char *name)
{
    struct table_text text;
    if (!components_section(&text, &w->scope.index->components, name))
        return err_set(w->err, "component table: no section [%s]", name);
    if (++w->depth > WALK_DEPTH_MAX)
        return err_set(w->err, "component table: section [%s] includes itself", name);
    bool ok = walk_lines(w, text);
    w->depth--;
    return ok || err_within(w->err, "section [%s]", name);
}
