#include "components.h"

#include <ctype.h>
#include <stdio.h>
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

static size_t table_length(void)
{
    return (size_t)(components_table_end - components_table);
}

/* From behind a heading to the next one. */
static void section_from(struct table_text *out, const char *text)
{
    size_t left = (size_t)(components_table_end - text);
    const char *end = memmem(text - 1, left + 1, "\n[", 2);
    out->text = text;
    out->length = end ? (size_t)(end + 1 - text) : left;
}

bool components_section(struct table_text *out, const char *name)
{
    char heading[96];
    int n = snprintf(heading, sizeof heading, "\n[%s]\n", name);
    if (n < 0 || (size_t)n >= sizeof heading)
        return false;
    const char *at = memmem(components_table, table_length(), heading, (size_t)n);
    if (!at)
        return false;
    section_from(out, at + n);
    return true;
}

static void index_free_types(struct map *out)
{
    struct table_text list, line;
    if (!components_section(&list, "free"))
        return;
    while (components_line(&line, &list))
        for (size_t at = 0; at < line.length;) {
            size_t n = 0;
            while (at + n < line.length && line.text[at + n] != ' ')
                n++;
            map_put(out, line.text + at, n, 0);
            at += n + 1;
        }
}

void components_index_open(struct components_index *index)
{
    struct table_text name;
    size_t cursor = 0;
    *index = (struct components_index){MAP_INIT, MAP_INIT};
    while (components_next_section(&name, &cursor))
        map_put(&index->sections, name.text, name.length,
                (size_t)(name.text - components_table));
    index_free_types(&index->free_types);
}

void components_index_release(struct components_index *index)
{
    map_release(&index->sections);
    map_release(&index->free_types);
}

bool components_section_by(struct table_text *out, const struct components_index *index,
                           const char *name)
{
    size_t at, n = strlen(name);
    if (!map_get(&index->sections, name, n, &at))
        return false;
    const char *behind = components_table + at + n; /* at "]" */
    if (behind[1] != '\n')
        return false;
    section_from(out, behind + 2);
    return true;
}

bool components_free(const struct components_index *index, const char *type)
{
    size_t unused;
    return map_get(&index->free_types, type, strlen(type), &unused);
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
    const char *at = memmem(components_table + *cursor, table_length() - *cursor, "\n[", 2);
    if (!at)
        return false;
    name->text = at + 2;
    const char *close = memchr(name->text, ']', (size_t)(components_table_end - name->text));
    if (!close)
        return false;
    name->length = (size_t)(close - name->text);
    *cursor = (size_t)(close - components_table);
    return true;
}
