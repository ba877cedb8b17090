#include "components.h"

#include <ctype.h>
#include <string.h>

/* The table is part of the program: pricing/data/components.table, byte for byte. */
extern const char components_table[], components_table_end[];
__asm__(".section .rodata\n"
        ".global components_table\n"
        ".global components_table_end\n"
        "components_table:\n"
        ".incbin \"pricing/data/components.table\"\n"
        "components_table_end:\n"
        ".byte 0\n"
        ".previous\n");

/* The first "[" from there on that begins a line, or the table's end. */
static const char *next_heading(const char *from)
{
    const char *at = from;
    while ((at = memchr(at, '[', (size_t)(components_table_end - at))) && at[-1] != '\n')
        at++;
    return at ? at : components_table_end;
}

/* From behind the heading's line to the next heading. */
static struct table_text lines_behind(const char *close)
{
    const char *text = close + 2; /* "]" and the end of its line */
    return (struct table_text){text, (size_t)(next_heading(text) - text)};
}

void components_open(struct components *out)
{
    struct table_text name;
    size_t cursor = 0;
    *out = (struct components){.by_name = MAP_INIT};
    while (components_next_section(&name, &cursor)) {
        const char *close = name.text + name.length;
        if (close[1] != '\n')
            continue;
        map_put(&out->by_name, name.text, name.length, out->sections.count);
        VEC_ADD(&out->sections, lines_behind(close));
    }
}

void components_close(struct components *components)
{
    map_release(&components->by_name);
    VEC_FREE(&components->sections);
}

bool components_section(struct table_text *out, const struct components *components,
                        const char *name)
{
    size_t at;
    if (!map_get(&components->by_name, name, strlen(name), &at))
        return false;
    *out = components->sections.at[at];
    return true;
}

static void trim(struct table_text *t)
{
    while (t->length && isspace((unsigned char)*t->text)) {
        t->text++;
        t->length--;
    }
    while (t->length && isspace((unsigned char)t->text[t->length - 1]))
        t->length--;
}

bool components_line(struct table_text *line, struct table_text *rest)
{
    while (rest->length) {
        const char *newline = memchr(rest->text, '\n', rest->length);
        size_t n = newline ? (size_t)(newline - rest->text) + 1 : rest->length;
        *line = (struct table_text){rest->text, n};
        rest->text += n;
        rest->length -= n;
        trim(line);
        if (line->length && *line->text != '#')
            return true;
    }
    return false;
}

bool components_next_section(struct table_text *name, size_t *cursor)
{
    const char *at = next_heading(components_table + 1 + *cursor); /* a comment is first */
    if (at == components_table_end)
        return false;
    name->text = at + 1;
    const char *close = memchr(name->text, ']', (size_t)(components_table_end - name->text));
    if (!close)
        return false;
    name->length = (size_t)(close - name->text);
    *cursor = (size_t)(close - components_table);
    return true;
}
