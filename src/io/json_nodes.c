#include "json_nodes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"

enum { DEPTH_MAX = 500, FEW_KEYS = 16, INTEGER_DIGITS = 15, NUMBER_MAX = 32 };

struct parser {
    struct arena *arena;
    const char *at, *end;
    struct buf scratch;         /* the string at hand where it has escapes, these resolved */
    struct map keys;            /* texts of the keys so far: documents have few */
    VEC(struct node *) pending; /* items of the containers that are still open */
    int depth;
};

static bool value(struct parser *p, struct node **out);

static void skip_space(struct parser *p)
{
    while (p->at < p->end &&
           (*p->at == ' ' || *p->at == '\n' || *p->at == '\r' || *p->at == '\t'))
        p->at++;
}

static bool take(struct parser *p, char c)
{
    skip_space(p);
    if (p->at >= p->end || *p->at != c)
        return false;
    p->at++;
    return true;
}

static bool take_word(struct parser *p, const char *word, size_t n)
{
    if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n))
        return false;
    p->at += n;
    return true;
}

static void add_point(struct buf *b, unsigned c)
{
    if (c < 0x80) {
        buf_add_char(b, (char)c);
    } else if (c < 0x800) {
        buf_add_char(b, (char)(0xc0 | c >> 6));
        buf_add_char(b, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_add_char(b, (char)(0xe0 | c >> 12));
        buf_add_char(b, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_add_char(b, (char)(0x80 | (c & 0x3f)));
    }
}

/* \uXXXX of one character; pairs of surrogates and NUL are left to jansson. */
static bool escape_point(struct parser *p)
{
    char digits[5] = "";
    if (p->end - p->at < 4)
        return false;
    memcpy(digits, p->at, 4);
    if (strspn(digits, "0123456789abcdefABCDEF") != 4)
        return false;
    unsigned c = (unsigned)strtoul(digits, NULL, 16);
    if (!c || (c >= 0xd800 && c < 0xe000))
        return false;
    p->at += 4;
    add_point(&p->scratch, c);
    return true;
}

static bool escape(struct parser *p)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (p->at >= p->end)
        return false;
    char c = *p->at++;
    if (c == 'u')
        return escape_point(p);
    const char *known = memchr(from, c, sizeof from - 1);
    if (!known)
        return false;
    buf_add_char(&p->scratch, to[known - from]);
    return true;
}

/* To the next quote or backslash; false where a string may not be as it is. */
static bool plain_text(struct parser *p)
{
    while (p->at < p->end && *p->at != '"' && *p->at != '\\') {
        unsigned char c = (unsigned char)*p->at;
        size_t n = c < 0x20 ? 0 : utf8_length(p->at, (size_t)(p->end - p->at));
        if (!n)
            return false;
        p->at += n;
    }
    return p->at < p->end;
}

struct span {
    const char *at; /* in the document, or in p->scratch */
    size_t length;
};

/* Behind the opening quote. */
static bool string(struct parser *p, struct span *out)
{
    const char *from = p->at;
    if (!plain_text(p))
        return false;
    *out = (struct span){from, (size_t)(p->at - from)};
    if (*p->at == '"') {
        p->at++;
        return true;
    }
    buf_clear(&p->scratch);
    for (;;) {
        buf_add_n(&p->scratch, from, (size_t)(p->at - from));
        if (*p->at++ == '"')
            break;
        if (!escape(p))
            return false;
        from = p->at;
        if (!plain_text(p))
            return false;
    }
    *out = (struct span){p->scratch.text, p->scratch.length};
    return true;
}

static bool is_plain_integer(const char *text)
{
    const char *digits = text + (*text == '-');
    size_t n = strlen(digits);
    return n > 0 && n <= INTEGER_DIGITS && strspn(digits, "0123456789") == n &&
           (*digits != '0' || (n == 1 && digits == text));
}

/* "1.5", "-0.25", "1e9": what follows JSON's grammar; integers that are long are not taken. */
static bool is_plain_real(const char *text)
{
    const char *c = text + (*text == '-');
    size_t whole = strspn(c, "0123456789"), fraction = 0;
    if (!whole || (*c == '0' && whole > 1))
        return false;
    c += whole;
    if (*c == '.') {
        fraction = strspn(++c, "0123456789");
        if (!fraction)
            return false;
        c += fraction;
    }
    if (*c == 'e' || *c == 'E') {
        c++;
        c += *c == '+' || *c == '-';
        size_t exponent = strspn(c, "0123456789");
        return exponent && !c[exponent];
    }
    return !*c && fraction;
}

static bool number(struct parser *p, struct node **out)
{
    char text[NUMBER_MAX + 1];
    size_t n = 0;
    while (p->at + n < p->end && n < NUMBER_MAX && strchr("0123456789+-.eE", p->at[n]) &&
           p->at[n])
        n++;
    memcpy(text, p->at, n);
    text[n] = '\0';
    bool integer = is_plain_integer(text);
    if (n == NUMBER_MAX || (!integer && !is_plain_real(text)))
        return false;
    struct node *node = node_new(p->arena, NODE_NUMBER);
    node->number = strtod(text, NULL);
    if (!isfinite(node->number))
        return false;
    node->text =
        integer ? arena_strndup(p->arena, text, n) : number_digits(p->arena, node->number);
    node->length = strlen(node->text);
    p->at += n;
    *out = node;
    return true;
}

/* Items from `first` on become those of the container: one array, sized as node_add() does. */
static void close_container(struct parser *p, struct node *container, size_t first)
{
    size_t count = p->pending.count - first, room = 4;
    while (room < count)
        room *= 2;
    if (count) {
        container->items = ARENA_ARRAY(p->arena, struct node *, room);
        memcpy(container->items, p->pending.at + first, count * sizeof *container->items);
    }
    container->count = count;
    p->pending.count = first;
}

static const char *key_text(struct parser *p, struct span span)
{
    size_t known;
    if (map_get(&p->keys, span.at, span.length, &known))
        return (const char *)known;
    const char *key = arena_strndup(p->arena, span.at, span.length);
    map_put(&p->keys, key, span.length, (size_t)key);
    return key;
}

/* Few keys are compared one by one, many by a map. */
static bool has_key(const struct parser *p, size_t first, struct map *many, const char *key)
{
    size_t count = p->pending.count - first, i;
    if (count <= FEW_KEYS) {
        for (i = first; i < p->pending.count; i++)
            if (p->pending.at[i]->key == key)
                return true;
        return false;
    }
    for (i = many->count; i < count; i++) {
        const char *known = p->pending.at[first + i]->key;
        map_put(many, known, strlen(known), i);
    }
    return map_get(many, key, strlen(key), &i);
}

static bool member(struct parser *p, size_t first, struct map *many)
{
    struct node *item;
    struct span span;
    if (!take(p, '"') || !string(p, &span))
        return false;
    const char *key = key_text(p, span);
    if (has_key(p, first, many, key) || !take(p, ':') || !value(p, &item))
        return false;
    item->key = key;
    VEC_ADD(&p->pending, item);
    return true;
}

static bool object(struct parser *p, struct node **out)
{
    struct map many = MAP_INIT;
    size_t first = p->pending.count;
    bool ok = true, more = !take(p, '}');
    while (ok && more) {
        ok = member(p, first, &many);
        more = ok && take(p, ',');
        if (ok && !more)
            ok = take(p, '}');
    }
    map_release(&many);
    *out = node_new(p->arena, NODE_MAP);
    close_container(p, *out, first);
    return ok;
}

static bool array(struct parser *p, struct node **out)
{
    size_t first = p->pending.count;
    bool ok = true, more = !take(p, ']');
    while (ok && more) {
        struct node *item = NULL;
        ok = value(p, &item);
        if (!ok)
            break;
        VEC_ADD(&p->pending, item);
        more = take(p, ',');
        if (!more)
            ok = take(p, ']');
    }
    *out = node_new(p->arena, NODE_LIST);
    close_container(p, *out, first);
    return ok;
}

static bool text_value(struct parser *p, struct node **out)
{
    struct span span;
    if (!string(p, &span))
        return false;
    struct node *node = node_new(p->arena, NODE_STRING);
    node->length = span.length;
    node->text = arena_strndup(p->arena, span.at, span.length);
    *out = node;
    return true;
}

static bool constant(struct parser *p, struct node **out)
{
    *out = NULL;
    if (take_word(p, "true", 4))
        *out = node_bool_new(p->arena, true);
    else if (take_word(p, "false", 5))
        *out = node_bool_new(p->arena, false);
    else if (take_word(p, "null", 4))
        *out = node_new(p->arena, NODE_NULL);
    return *out != NULL;
}

static bool value(struct parser *p, struct node **out)
{
    skip_space(p);
    if (p->at >= p->end || p->depth >= DEPTH_MAX)
        return false;
    bool ok;
    p->depth++;
    switch (*p->at) {
    case '{':
        p->at++;
        ok = object(p, out);
        break;
    case '[':
        p->at++;
        ok = array(p, out);
        break;
    case '"':
        p->at++;
        ok = text_value(p, out);
        break;
    case 't':
    case 'f':
    case 'n':
        ok = constant(p, out);
        break;
    default:
        ok = number(p, out);
    }
    p->depth--;
    return ok;
}

bool json_nodes(const struct node **out, struct arena *arena, const char *text, size_t length)
{
    struct parser p = {.arena = arena, .at = text, .end = text + length};
    struct node *root;
    bool ok = value(&p, &root);
    skip_space(&p);
    ok = ok && p.at == p.end;
    buf_release(&p.scratch);
    map_release(&p.keys);
    VEC_FREE(&p.pending);
    if (ok)
        *out = root;
    return ok;
}
