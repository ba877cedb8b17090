#include "io/strict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "strict_near.h"

/* One pass over one document: the first failures are told, the others are counted. */
struct check {
    const char *file;
    struct err told;
    size_t failures, untold;
};

enum { ROOM_FOR_COUNT = 48 };

static void check_map(struct check *c, const struct node *n, const struct strict_field *fields,
                      const char *where);

static void fail(struct check *c, const struct node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void fail_key(struct check *c, const struct node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Behind the first, each on what is left of the line: 46:9: what is wrong there. */
static void keep(struct check *c, unsigned line, unsigned column, const char *format,
                 va_list args)
{
    char text[768];
    size_t used = strlen(c->told.text);
    vsnprintf(text, sizeof text, format, args);
    if (!c->failures++) {
        err_at(&c->told, c->file, line, column, "%s", text);
        c->told.code = ERR_USAGE;
    } else if (!c->untold && used + strlen(text) + 2 * ROOM_FOR_COUNT < sizeof c->told.text) {
        snprintf(c->told.text + used, sizeof c->told.text - used, "; %u:%u: %s", line, column,
                 text);
    } else {
        c->untold++;
    }
}

static void fail(struct check *c, const struct node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(c, at->line, at->column, format, args);
    va_end(args);
}

static void fail_key(struct check *c, const struct node *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    keep(c, at->key_line, at->key_column, format, args);
    va_end(args);
}

const struct strict_field *strict_find(const struct strict_field *fields, const char *key)
{
    for (const struct strict_field *f = fields; f->key; f++)
        if (!strcmp(f->key, key))
            return f;
    return NULL;
}

static const char *kind_text(const struct node *n)
{
    static const char *const names[] = {"nothing", "true or false", "a number", "a text",
                                        "a list",  "a map",         "nothing"};
    return names[n->kind];
}

static void wrong_type(struct check *c, const struct node *n, const struct strict_field *f,
                       const char *wanted)
{
    fail(c, n, "'%s' takes %s, not %s", f->key, wanted, kind_text(n));
}

static bool chosen(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = choices; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (strcspn(at, "|") == length && !strncmp(at, text, length))
            return true;
    return false;
}

static void check_text(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_STRING && n->kind != NODE_NUMBER) {
        wrong_type(c, n, f, "a text");
        return;
    }
    if (!f->choices || chosen(f->choices, n->text))
        return;
    char near[128];
    if (near_choice(near, sizeof near, f->choices, n->text))
        fail(c, n, "'%s' cannot be '%.80s': did you mean '%s'?", f->key, n->text, near);
    else
        fail(c, n, "'%s' cannot be '%.80s': it is one of %s", f->key, n->text, f->choices);
}

static void check_id(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_STRING && n->kind != NODE_NUMBER) {
        wrong_type(c, n, f, "a text");
        return;
    }
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    if (!n->length || n->length > 64 || strspn(n->text, allowed) != n->length)
        fail(c, n, "'%s' is '%.80s': an id has 1 to 64 of a-z, 0-9, '_' and '-'", f->key,
             n->text);
}

static void check_bool(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_BOOL)
        wrong_type(c, n, f, "true or false");
}

static void check_number(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind == NODE_STRING)
        fail(c, n, "'%s' takes a number, not '%.60s': the unit is in the key", f->key,
             n->text);
    else if (n->kind != NODE_NUMBER)
        wrong_type(c, n, f, "a number");
    else if (n->number < f->least)
        fail(c, n, "'%s' is %s: the least is %g", f->key, n->text, f->least);
    else if (f->most > 0 && n->number > f->most)
        fail(c, n,
             f->most <= 1 && f->least <= 0 ? "'%s' is %s: a share goes from %g to %g"
                                           : "'%s' is %s: it goes from %g to %g",
             f->key, n->text, f->least, f->most);
}

static void check_quantity(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_MAP) {
        check_number(c, n, f);
        return;
    }
    static const char *const names[] = {"min", "typ", "max"};
    double last = f->least;
    for (size_t i = 0; i < n->count; i++)
        if (!chosen("min|typ|max", n->items[i]->key))
            fail_key(c, n->items[i],
                     "'%s' is not part of '%s': a quantity has min, typ and max",
                     n->items[i]->key, f->key);
    for (size_t i = 0; i < 3; i++) {
        const struct node *part = node_get(n, names[i]);
        if (!part)
            continue;
        check_number(c, part, f);
        if (part->kind == NODE_NUMBER && part->number < last)
            fail(c, part, "'%s' of '%s' is %s: min, typ and max may not fall", names[i],
                 f->key, part->text);
        last = part->kind == NODE_NUMBER ? part->number : last;
    }
    if (!n->count)
        fail(c, n, "'%s' is empty: a quantity has min, typ and max", f->key);
}

static void check_date(struct check *c, const struct node *n, const struct strict_field *f)
{
    day d;
    if (n->kind != NODE_STRING || n->length != 10 || !day_parse(&d, n->text, n->length))
        fail(c, n, "'%s' takes a date such as 2027-01-31", f->key);
}

static void check_texts(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_LIST) {
        check_text(c, n, f);
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        check_text(c, n->items[i], f);
}

static void check_tags(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_MAP) {
        wrong_type(c, n, f, "a map of texts");
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        if (n->items[i]->kind == NODE_MAP || n->items[i]->kind == NODE_LIST)
            fail(c, n->items[i], "'%s' in '%s' takes a text, not %s", n->items[i]->key, f->key,
                 kind_text(n->items[i]));
}

static void check_numbers(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_MAP) {
        wrong_type(c, n, f, "a map of numbers");
        return;
    }
    for (size_t i = 0; i < n->count; i++) {
        struct strict_field one = *f;
        one.key = n->items[i]->key;
        check_number(c, n->items[i], &one);
    }
}

static void check_inner(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_MAP)
        wrong_type(c, n, f, "a map");
    else
        check_map(c, n, f->inner, f->key);
}

static void check_list(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_LIST) {
        wrong_type(c, n, f, "a list");
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        check_inner(c, n->items[i], f);
}

static void check_named(struct check *c, const struct node *n, const struct strict_field *f)
{
    if (n->kind != NODE_MAP) {
        wrong_type(c, n, f, "a map");
        return;
    }
    for (size_t i = 0; i < n->count; i++)
        check_inner(c, n->items[i], f);
}

static void check_any(struct check *c, const struct node *n, const struct strict_field *f)
{
    (void)c, (void)n, (void)f;
}

static void (*const checks[])(struct check *, const struct node *,
                              const struct strict_field *) = {
    [STRICT_TEXT] = check_text,         [STRICT_ID] = check_id,
    [STRICT_BOOL] = check_bool,         [STRICT_NUMBER] = check_number,
    [STRICT_QUANTITY] = check_quantity, [STRICT_DATE] = check_date,
    [STRICT_TEXTS] = check_texts,       [STRICT_TAGS] = check_tags,
    [STRICT_NUMBERS] = check_numbers,   [STRICT_MAP] = check_inner,
    [STRICT_LIST] = check_list,         [STRICT_NAMED] = check_named,
    [STRICT_ANY] = check_any,
};

static void unknown_key(struct check *c, const struct node *n,
                        const struct strict_field *fields, const char *where)
{
    const char *near = near_key(fields, n->key);
    if (near)
        fail_key(c, n, "'%.80s' is not a key of %s: did you mean '%s'?", n->key, where, near);
    else
        fail_key(c, n, "'%.80s' is not a key of %s (a key of your own begins with 'x_')",
                 n->key, where);
}

static void check_map(struct check *c, const struct node *n, const struct strict_field *fields,
                      const char *where)
{
    for (size_t i = 0; i < n->count; i++) {
        const struct node *item = n->items[i];
        const struct strict_field *f = strict_find(fields, item->key);
        if (f && item->kind != NODE_NULL)
            checks[f->type](c, item, f);
        else if (!f && strncmp(item->key, "x_", 2))
            unknown_key(c, item, fields, where);
    }
    for (const struct strict_field *f = fields; f->key; f++)
        if (f->required && node_absent(node_get(n, f->key)))
            fail(c, n, "%s has no '%s': %s", where, f->key, f->about);
}

bool strict_check(const struct node *root, const struct strict_field *fields, const char *file,
                  struct err *err)
{
    struct check c = {.file = file, .told = ERR_INIT};
    if (node_absent(root)) {
        err_at(err, file, 0, 0, "the document is empty");
        if (err)
            err->code = ERR_USAGE;
        return false;
    }
    if (root->kind != NODE_MAP)
        fail(&c, root, "the document must be a map, not %s", kind_text(root));
    else
        check_map(&c, root, fields, "the document");
    if (!c.failures)
        return true;
    if (c.untold) {
        size_t used = strlen(c.told.text);
        snprintf(c.told.text + used, sizeof c.told.text - used, " (and %zu more mistake%s)",
                 c.untold, c.untold == 1 ? "" : "s");
    }
    if (err)
        *err = c.told;
    return false;
}
