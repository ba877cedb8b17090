#include "hcl.h"

#include <string.h>

void hcl_write_string(struct buf *out, const char *text)
{
    static const struct {
        char byte;
        const char *escape;
    } escapes[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}};
    buf_add_char(out, '"');
    for (; *text; text++) {
        const char *escape = NULL;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
            if (escapes[i].byte == *text)
                escape = escapes[i].escape;
        if (escape)
            buf_add(out, escape);
        else if ((unsigned char)*text < 0x20)
            buf_printf(out, "\\u%04x", (unsigned)*text);
        else
            buf_add_char(out, *text);
        if ((*text == '$' || *text == '%') && text[1] == '{')
            buf_add_char(out, *text); /* "$${" is a plain "${" */
    }
    buf_add_char(out, '"');
}

/* Maps whose keys are the user's are values; all others are blocks. */
static bool is_block(const struct node *n)
{
    return node_is(n, NODE_MAP) && strcmp(n->key, "custom_tags") != 0 &&
           strcmp(n->key, "spark_conf") != 0;
}

static void write_value(struct buf *out, const struct node *n, size_t indent)
{
    if (node_is(n, NODE_MAP)) {
        buf_add(out, "{\n");
        for (size_t i = 0; i < n->count; i++) {
            buf_fill(out, ' ', indent + 2);
            hcl_write_string(out, n->items[i]->key);
            buf_add(out, " = ");
            write_value(out, n->items[i], indent + 2);
            buf_add_char(out, '\n');
        }
        buf_fill(out, ' ', indent);
        buf_add_char(out, '}');
    } else if (node_is(n, NODE_STRING)) {
        hcl_write_string(out, n->text);
    } else if (node_is(n, NODE_BOOL)) {
        buf_add(out, n->truth ? "true" : "false");
    } else {
        buf_add(out, node_text(n, "null"));
    }
}

void hcl_write_body(struct buf *out, const struct node *map, size_t indent)
{
    size_t widest = 0, written = 0;
    for (size_t i = 0; i < map->count; i++)
        if (!node_is(map->items[i], NODE_MAP) && strlen(map->items[i]->key) > widest)
            widest = strlen(map->items[i]->key);
    for (int blocks = 0; blocks < 2; blocks++)
        for (size_t i = 0; i < map->count; i++) {
            const struct node *n = map->items[i];
            if (is_block(n) != blocks)
                continue;
            if (blocks && written)
                buf_add_char(out, '\n');
            written++;
            buf_fill(out, ' ', indent);
            buf_add(out, n->key);
            if (blocks) {
                buf_add(out, " {\n");
                hcl_write_body(out, n, indent + 2);
                buf_fill(out, ' ', indent);
                buf_add(out, "}\n");
                continue;
            }
            if (!node_is(n, NODE_MAP))
                buf_fill(out, ' ', widest - strlen(n->key));
            buf_add(out, " = ");
            write_value(out, n, indent);
            buf_add_char(out, '\n');
        }
}
